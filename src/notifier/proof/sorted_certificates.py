"""An authority's answer (RFC 3161) with the certificates in it in the order that DER asks of a set (X.690 §11.6).

Many authorities, `openssl ts` among them, put their chain there as it comes, and strict readers refuse the whole
answer for it. The certificates are no part of what is signed: an answer in order says what it said before.
"""

from __future__ import annotations

from collections.abc import Iterator

WAY = (0, 1, 1, 0)
"""From the answer to its signed data: the token, its content, what is in there."""
CERTIFICATES = 0xA0
"""Their tag within the signed data; each with its tag and length is one element of the set."""


def sorted_certificates(answer: bytes) -> bytes:
    """The same answer in order; what is none that is understood here comes back as it is."""
    try:
        place = 0, len(answer)
        for step in WAY:
            place = list(_inside(answer, *place))[step][1]
        within = (one for tag, one, _ in _inside(answer, *place) if tag == CERTIFICATES)
        start, end = next(within)
        certificates = sorted(answer[first:last] for _, (_, last), first in _inside(answer, start, end))
    except (IndexError, ValueError, StopIteration):
        return answer
    return answer[:start] + b"".join(certificates) + answer[end:]


def _inside(raw: bytes, start: int, end: int) -> Iterator[tuple[int, tuple[int, int], int]]:
    """Of each element between these: its tag, where its content begins and ends, and where it begins itself."""
    while start < end:
        tag, size, content = raw[start], raw[start + 1], start + 2
        if size & 0x80:
            content += size & 0x7F
            size = int.from_bytes(raw[start + 2 : content])
        if (content == start + 2 and raw[start + 1] == 0x80) or content + size > end:
            raise ValueError("no element of a known length")
        yield tag, (content, content + size), start
        start = content + size

"""Offsets in bytes, as the parser counts, → offsets in characters, as everybody else does."""

from __future__ import annotations

from collections.abc import Callable


def offsets_in(body: str, skipped: int) -> Callable[[int], int]:
    """What says of an offset in the UTF-8 bytes of the body which character of the text stands there.

    Fast where it is asked from one place to the next: it counts on from where it was asked last.
    """
    if body.isascii():
        return skipped.__add__
    marks = body.encode().translate(_CONTINUATION)
    at, within = 0, 0

    def char_at(offset: int) -> int:
        nonlocal at, within
        if offset >= at:
            within += marks.count(1, at, offset)
        else:
            within -= marks.count(1, offset, at)
        at = offset
        return skipped + offset - within

    return char_at


_CONTINUATION = bytes(0x80 <= byte < 0xC0 for byte in range(256))
"""1 for a byte that goes on with the character before."""

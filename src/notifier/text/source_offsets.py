"""Offsets in bytes, as the parser counts, → offsets in characters, as everybody else does; and where lines end."""

from __future__ import annotations

import re
from collections.abc import Callable

_TO_LINE_END = re.compile(r"[^\r\n]*")


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


def breaks_in(text: str) -> int:
    """How many lines end in it, by any of the three line endings."""
    ends = text.count("\n")
    return ends + text.count("\r") - text.count("\r\n") if "\r" in text else ends


def line_end(text: str, offset: int) -> int:
    """Where the line of an offset ends."""
    found = _TO_LINE_END.match(text, offset)
    return found.end() if found else offset

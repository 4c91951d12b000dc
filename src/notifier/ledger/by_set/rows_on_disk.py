"""Which rows of a list came first, in a file that the system takes away by itself: memory stays flat, however many.

A Bloom filter says of nearly all rows that they are new. Those are kept until there are some thousands, and then laid
down sorted, one run of them behind the other: what a row costs does not grow with those before it.
"""

from __future__ import annotations

import mmap
import tempfile
from array import array
from bisect import bisect_left
from collections.abc import Sequence

from notifier.notice.delivery import Customer

PLACES = 0xFFFFFF
"""Of the filter, eight bits each: of ten million rows it takes one in a hundred for one that came before."""
SAID = 0xFFFFFFFF
"""Of a hash as much as is kept, below the line."""
AT_ONCE = 100_000


class RowsOnDisk:
    """By hashes of their ids (64 bits) and of all that they say (32), another key in each process."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._filter = bytearray(PLACES + 1)
        self._new: dict[int, int] = {}
        self._at_once = at_once
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # until `close`
        self._laid_down = memoryview(b"").cast("q")
        self._runs: list[tuple[int, int]] = []
        """Of each where it begins and how many rows it has: their keys, then what is noted of them."""

    def before(self, rows: Sequence[tuple[int, Customer]]) -> dict[int, tuple[int, bool]]:
        """Note some rows; by line, of each whose id came before, the line of that and whether it says the same."""
        found, new = {}, self._new
        for line, one in rows:
            key, noted = hash(one.customer_id), line << 32 | hash(one) & SAID
            first = new.get(key) or (self._laid_down_as(key) if self._runs else None)
            if first:
                found[line] = first >> 32, first & SAID == noted & SAID
            else:
                new[key] = noted
        if len(new) >= self._at_once:
            self._lay_down()
        return found

    def _laid_down_as(self, key: int) -> int | None:
        bits, rows = self._filter, self._laid_down
        if not bits[key >> 40 & PLACES] & 1 << (key & 7) or not bits[key >> 16 & PLACES] & 1 << (key >> 3 & 7):
            return None
        for start, size in self._runs:
            at = bisect_left(rows, key, start, start + size)
            if at < start + size and rows[at] == key:
                return rows[at + size]
        return None

    def _lay_down(self) -> None:
        keys, bits = sorted(self._new), self._filter
        for key in keys:
            bits[key >> 40 & PLACES] |= 1 << (key & 7)
            bits[key >> 16 & PLACES] |= 1 << (key >> 3 & 7)
        for column in (keys, [self._new[key] for key in keys]):
            array("q", column).tofile(self._file)
        self._file.flush()
        self._runs.append((len(self._laid_down), len(keys)))
        self._laid_down = memoryview(mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)).cast("q")
        self._new.clear()

    def close(self) -> None:
        """Let the system take the file away."""
        self._file.close()

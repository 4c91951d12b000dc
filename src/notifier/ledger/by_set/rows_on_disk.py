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
AT_ONCE = 100_000


class RowsOnDisk:
    """By hashes of 64 bits of their ids and of all that they say, another key in each process."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._filter = bytearray(PLACES + 1)
        self._new: dict[int, tuple[int, int]] = {}
        self._at_once = at_once
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # until `close`
        self._laid_down = memoryview(b"").cast("q")
        self._runs: list[tuple[int, int]] = []
        """Of each where it begins and how many rows it has: their keys, then their lines, then what they say."""

    def before(self, rows: Sequence[tuple[int, Customer]]) -> dict[int, tuple[int, bool]]:
        """Note some rows; by line, of each whose id came before, the line of that and whether it says the same."""
        found, bits, new = {}, self._filter, self._new
        for line, one in rows:
            key = hash(one.customer_id)
            here, there, bit, other = key & PLACES, key >> 24 & PLACES, 1 << (key >> 48 & 7), 1 << (key >> 51 & 7)
            if bits[here] & bit and bits[there] & other and (first := self._first(key)) is not None:
                found[line] = first[0], first[1] == hash(one)
                continue
            bits[here] |= bit
            bits[there] |= other
            new[key] = line, hash(one)
        if len(new) >= self._at_once:
            self._lay_down()
        return found

    def _first(self, key: int) -> tuple[int, int] | None:
        if key in self._new:
            return self._new[key]
        rows = self._laid_down
        for start, size in self._runs:
            at = bisect_left(rows, key, start, start + size)
            if at < start + size and rows[at] == key:
                return rows[at + size], rows[at + 2 * size]
        return None

    def _lay_down(self) -> None:
        keys = sorted(self._new)
        said = [self._new[key] for key in keys]
        for column in (keys, [line for line, _ in said], [what for _, what in said]):
            array("q", column).tofile(self._file)
        self._file.flush()
        self._runs.append((len(self._laid_down), len(keys)))
        self._laid_down = memoryview(mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)).cast("q")
        self._new.clear()

    def close(self) -> None:
        """Let the system take the file away."""
        self._file.close()

"""Which rows of a list came first, in a file that the system takes away by itself: memory stays flat, however many.

As long as each id comes after the one before it, as where a list was sorted by them, nothing is looked for. After that
a Bloom filter says of nearly all rows that they are new. Those are kept until there are some thousands, and then laid
down sorted, one run of them behind the other: what a row costs does not grow with those before it.
"""

from __future__ import annotations

import mmap
import tempfile
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from operator import lt

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
        self._unsorted: list[tuple[int, int]] = []
        self._is_in_order = True
        self._last = (-1, "")
        """The last id, longer ones after shorter ones, while each comes after the one before it."""

    def before(self, rows: Sequence[tuple[int, Customer]]) -> dict[int, tuple[int, bool]]:
        """Note some rows; by line, of each whose id came before, the line of that and whether it says the same."""
        found = dict[int, tuple[int, bool]]()
        keys = [hash(one.customer_id) for _, one in rows]
        noted = [line << 32 | hash(one) & SAID for line, one in rows]
        if self._is_in_order and not self._goes_on([one.customer_id for _, one in rows]):
            self._sort()
        new = self._new
        if self._is_in_order:
            new.update(zip(keys, noted, strict=True))
        else:
            for key, note in zip(keys, noted, strict=True):
                first = new.get(key) or (self._laid_down_as(key) if self._runs else None)
                if first:
                    found[note >> 32] = first >> 32, first & SAID == note & SAID
                else:
                    new[key] = note
        if len(new) >= self._at_once:
            self._lay_down()
        return found

    def _goes_on(self, ids: Sequence[str]) -> bool:
        ranks = [self._last, *zip(map(len, ids), ids, strict=True)]
        self._last = ranks[-1]
        return all(map(lt, ranks, ranks[1:]))

    def _sort(self) -> None:
        """As if nothing had been in order."""
        self._is_in_order = False
        open_ones, self._new = self._new, {}
        for start, size in self._unsorted:
            noted = self._laid_down[start + size : start + 2 * size]
            self._new.update(zip(self._laid_down[start : start + size], noted, strict=True))
            self._lay_down()
        self._new.update(open_ones)

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
        keys, bits, runs = list(self._new), self._filter, self._unsorted
        if not self._is_in_order:
            keys.sort()
            runs = self._runs
            for key in keys:
                bits[key >> 40 & PLACES] |= 1 << (key & 7)
                bits[key >> 16 & PLACES] |= 1 << (key >> 3 & 7)
        for column in (keys, [self._new[key] for key in keys]):
            array("q", column).tofile(self._file)
        self._file.flush()
        runs.append((len(self._laid_down), len(keys)))
        self._laid_down = memoryview(mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)).cast("q")
        self._new.clear()

    def close(self) -> None:
        """Let the system take the file away."""
        self._file.close()

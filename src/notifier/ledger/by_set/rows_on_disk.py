"""Which rows of a list came first, in a file that the system takes away by itself: memory stays flat, however many."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from notifier.notice.delivery import Customer

SCRIPT = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16384;
CREATE TABLE row (key INTEGER PRIMARY KEY, line INT NOT NULL, said INT NOT NULL);
"""


class RowsOnDisk:
    """By hashes of 64 bits of their ids and of all that they say, another key in each process."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._file.executescript(SCRIPT)
        self._file.execute("BEGIN")

    def before(self, rows: Sequence[tuple[int, Customer]]) -> dict[int, tuple[int, bool]]:
        """Note some rows; by line, of each whose id came before, the line of that and whether it says the same."""
        hashed = [(hash(one.customer_id), line, hash(one)) for line, one in rows]
        if self._file.executemany("INSERT OR IGNORE INTO row VALUES (?, ?, ?)", hashed).rowcount == len(hashed):
            return {}
        found = {}
        for key, line, said in hashed:
            first = self._file.execute("SELECT line, said FROM row WHERE key = ?", (key,)).fetchone()
            if first[0] != line:
                found[line] = first[0], first[1] == said
        return found

    def close(self) -> None:
        self._file.close()

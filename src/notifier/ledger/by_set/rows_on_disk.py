"""Which rows of a list came first, in a file that the system takes away by itself: memory stays flat, however many."""

from __future__ import annotations

import sqlite3

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

    def before(self, line: int, customer: Customer) -> tuple[int, bool] | None:
        """Note a row; of one with the same id that came before, its line and whether it says the same."""
        key, said = hash(customer.customer_id), hash(customer)
        added = self._file.execute("INSERT OR IGNORE INTO row VALUES (?, ?, ?)", (key, line, said)).rowcount
        if added:
            return None
        first: tuple[int, int] = self._file.execute("SELECT line, said FROM row WHERE key = ?", (key,)).fetchone()
        return first[0], first[1] == said

    def close(self) -> None:
        self._file.close()

"""What time it is for everybody who shares a ledger: machines disagree, and one database has one clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import LedgerError

READ_EVERY_S = 10.0
"""In between, the machine's own clock that only goes forward tells how much later it is."""


@dataclass
class LedgerClock:
    """On PostgreSQL the server's; on SQLite this machine's, as there is one."""

    _connection: Callable[[], AbstractContextManager[Connection]]
    is_shared: bool
    _read_at: float | None = None
    _then: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        """An aware instant; of a server that is away as it was when last heard of."""
        if not self.is_shared:
            return datetime.now(UTC)
        passed = time.monotonic() - (self._read_at or 0.0)
        if self._read_at is None or passed > READ_EVERY_S:
            with suppress(LedgerError):
                self._read()
            passed = time.monotonic() - (self._read_at or time.monotonic())
        return self._then + timedelta(seconds=passed)

    def _read(self) -> None:
        with self._connection() as connection:
            asked_at = time.monotonic()
            self._then = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one().astimezone(UTC)
            self._read_at = asked_at

"""Which alarms stand and who was told, where several machines share the ledger: else each would tell of the same."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Column, Integer, Table, Text

from notifier.ledger.cluster.locks import LedgerLocks
from notifier.ledger.cluster.processes import Transaction
from notifier.ledger.schema import metadata

told_alarms = Table(
    "told_alarms",
    metadata,
    Column("line", Integer, primary_key=True, autoincrement=False),  # there is one
    Column("memory", Text, nullable=False),
)


@dataclass(frozen=True)
class ToldAlarms:
    """One text, which the ledger does not read."""

    _read: Transaction
    _write: Transaction
    _locks: LedgerLocks

    def alone(self) -> AbstractContextManager[None]:
        """Hold back every other machine that tells alarms; raises `Busy` while one does."""
        return self._locks.telling()

    def read(self) -> str | None:
        """What was written last."""
        with self._read() as connection:
            return connection.execute(sa.select(told_alarms.c.memory)).scalar()

    def write(self, memory: str) -> None:
        """In place of what was there."""
        with self._write() as connection:
            if not connection.execute(sa.update(told_alarms).values(memory=memory)).rowcount:
                connection.execute(sa.insert(told_alarms).values(line=1, memory=memory))

"""Heads of the journal that an authority has stamped with its time, each with the authority's answer as it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Column, Integer, LargeBinary, String, Table

from notifier.ledger.database import LedgerPart
from notifier.ledger.schema import UtcDateTime, metadata
from notifier.proof.entry import Head

anchor = Table(
    "anchor",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("entry_no", Integer, nullable=False),
    Column("entry_hash", String, nullable=False),
    Column("authority", String, nullable=False),
    Column("stamped_at", UtcDateTime, nullable=False),
    Column("token", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class StampedHead:
    """One head, when an authority saw it, and its word for that: a response of RFC 3161."""

    head: Head
    authority: str
    stamped_at: datetime
    token: bytes = field(repr=False)


class HeadStamps(LedgerPart):
    """Appended; the journal says so of each."""

    def add(self, one: StampedHead) -> None:
        """Keep one, whole."""
        values = {
            "entry_no": one.head.number,
            "entry_hash": one.head.hash,
            "authority": one.authority,
            "stamped_at": one.stamped_at,
            "token": one.token,
        }
        with self._db.write() as connection:
            connection.execute(anchor.insert().values(values))

    def all(self) -> tuple[StampedHead, ...]:
        """Oldest first."""
        with self._db.read() as connection:
            rows = connection.execute(sa.select(anchor).order_by(anchor.c.number)).all()
        return tuple(
            StampedHead(Head(row.entry_no, row.entry_hash), row.authority, row.stamped_at, row.token) for row in rows
        )

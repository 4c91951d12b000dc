"""The only door to SQL: the record of postings, notices, deliveries, attempts and events.

Git is the record of what was posted; this is the record of who was told. Every write is one short transaction that
leaves the truth behind, also when the process dies on the next line. Threads and processes share a ledger freely; only
one process sends (`sending`).
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from notifier.ledger.counts import Counts
from notifier.ledger.database import Database
from notifier.ledger.doubts import Doubts
from notifier.ledger.events import Events
from notifier.ledger.judgements import Judgements
from notifier.ledger.limits import RateLimits
from notifier.ledger.notices import Notices
from notifier.ledger.outcomes import Outcomes
from notifier.ledger.postings import Postings
from notifier.ledger.recipients import Recipients
from notifier.ledger.records import (
    AuditEntry,
    Claim,
    CloseCall,
    Decision,
    DoubtfulBatch,
    EventCounts,
    Fate,
    ImportCounts,
    LastRun,
    NoticeCounts,
    NotReached,
    Outcome,
    PlannedPosting,
    StoredNotice,
)
from notifier.ledger.roster import Roster
from notifier.ledger.runs import Runs
from notifier.ledger.sending import Sending
from notifier.ledger.watch import Watch

__all__ = [
    "AuditEntry",
    "Claim",
    "CloseCall",
    "Decision",
    "DoubtfulBatch",
    "EventCounts",
    "Fate",
    "ImportCounts",
    "LastRun",
    "Ledger",
    "NotReached",
    "NoticeCounts",
    "Outcome",
    "PlannedPosting",
    "StoredNotice",
]


class Ledger(
    Roster,
    Postings,
    Judgements,
    Runs,
    Notices,
    Recipients,
    Sending,
    Outcomes,
    Doubts,
    Events,
    RateLimits,
    Watch,
    Counts,
):
    """One ledger, open. Its methods stand in a module for each meaning."""

    @classmethod
    def open(cls, url: str) -> Self:
        """Open, making or migrating it as needed. `sqlite:///path` or `postgresql+psycopg://…`.

        Raises `LedgerError` for a ledger that is newer, damaged, unreachable, unwritable or on a network filesystem.
        """
        return cls(Database(url))

    @property
    def place(self) -> str:
        """Its URL without a password."""
        return self._db.place

    def close(self) -> None:
        """Give back every connection."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

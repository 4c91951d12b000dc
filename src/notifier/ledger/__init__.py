"""The only door to SQL: the record of postings, notices, deliveries, attempts and events.

Git is the record of what was posted; this is the record of who was told. Every write is one short transaction that
leaves the truth behind, also when the process dies on the next line. Threads and processes share a ledger freely; on
SQLite only one process sends, on PostgreSQL as many as there are (`sending`).
"""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from notifier.errors import LedgerError
from notifier.ledger.asked.journal_proof import JournalProofs
from notifier.ledger.asked.told import ToldPeople
from notifier.ledger.audit import AuditTrail
from notifier.ledger.by_set.departures import Departures
from notifier.ledger.cluster.clock import LedgerClock
from notifier.ledger.cluster.jobs import Jobs
from notifier.ledger.cluster.processes import Processes
from notifier.ledger.cluster.told_alarms import ToldAlarms
from notifier.ledger.database import Database
from notifier.ledger.deliveries import Deliveries
from notifier.ledger.delivery_events import Events
from notifier.ledger.evidence.frozen_rows import FrozenRows
from notifier.ledger.evidence.head_stamps import HeadStamps
from notifier.ledger.evidence.held_rows import HeldRows
from notifier.ledger.evidence.high_water import HighWater
from notifier.ledger.evidence.retention import Retention
from notifier.ledger.journal import Journal
from notifier.ledger.notices import Notices
from notifier.ledger.people.acceptances import Acceptances
from notifier.ledger.people.api_keys import ApiKeys, ReceiptKeys
from notifier.ledger.postings import Postings
from notifier.ledger.reviews import Reviews
from notifier.ledger.roster import Roster
from notifier.ledger.runs import Runs
from notifier.ledger.sending.attempts import Attempts
from notifier.ledger.sending.batches import Batches
from notifier.ledger.sending.extensions import Extensions
from notifier.ledger.sending.in_doubt import InDoubtBatches
from notifier.ledger.sending.letterheads import Letterheads
from notifier.ledger.sending.rate_limits import Breakers, RateLimits
from notifier.ledger.sending.recipient_lists import Readers
from notifier.ledger.sending.recipients import Recipients
from notifier.ledger.sending.recovered import RecoveredNotices
from notifier.ledger.sending.watch import Canaries


class Ledger:
    """One ledger, open: a part for each thing it keeps."""

    def __init__(self, database: Database, mark: Path | None = None) -> None:
        self.database = database
        self.jobs = Jobs(database.url, database.write)
        self._clock = LedgerClock(database.read, is_shared=not database.is_sqlite)
        self.high_water = HighWater(database, mark)
        self.roster = Roster(database)
        self.postings = Postings(database)
        self.reviews = Reviews(database)
        self.notices = Notices(database)
        self.deliveries = Deliveries(database)
        self.events = Events(database)
        self.runs = Runs(database)
        self.processes = Processes(database.read, database.write)
        self.told_alarms = ToldAlarms(database.read, database.write, database.locks)
        self.audit = AuditTrail(database)
        self.head_stamps = HeadStamps(database)
        self.retention = Retention(database)
        self.held_rows = HeldRows(database)
        self.frozen_rows = FrozenRows(database)
        self.journal = Journal(database.read, database.write)
        self.recipients = Recipients(database)
        self.readers = Readers(database)
        self.batches = Batches(database)
        self.told = ToldPeople(database)
        self.journal_proofs = JournalProofs(database)
        self.letterheads = Letterheads(database)
        self.attempts = Attempts(database)
        self.in_doubt = InDoubtBatches(database)
        self.canaries = Canaries(database)
        self.breakers = Breakers(database)
        self.recovered = RecoveredNotices(database)
        self.departures = Departures(database)
        self.extensions = Extensions(database)
        self.rate_limits = RateLimits(database)
        self.acceptances = Acceptances(database)
        self.api_keys = ApiKeys(database)
        self.receipt_keys = ReceiptKeys(database)

    @classmethod
    def open(cls, url: str, mark: Path | None = None, *, migrates: bool = True, waits: bool = False) -> Self:
        """Open, making or migrating it as needed. `sqlite:///path` or `postgresql+psycopg://…`.

        `mark`: the file that keeps how far it has come. Unless it `migrates`, an older schema is a `LedgerBehind`.
        Where it `waits`, a server that is away is no error: whatever is asked of it is one, until it is back.
        Raises `LedgerError` for a ledger that is newer, damaged, unreachable, unwritable or on a network filesystem.
        """
        return cls(Database(url, migrates=migrates, waits=waits), mark)

    @property
    def place(self) -> str:
        """Its URL without a password."""
        return self.database.place

    def now(self) -> datetime:
        """The one time of everybody who shares this ledger."""
        return self._clock.now()

    def sending(self) -> AbstractContextManager[None]:
        """Be one of those who send: on SQLite the only one. Raises `Busy`."""
        return self.database.locks.sending()

    def sender_lock(self) -> AbstractContextManager[None]:
        """Be the one process that sends, or keep all from it; raises `Busy`. The lock goes with the process."""
        return self.database.locks.sender_lock()

    def run_lock(self) -> AbstractContextManager[None]:
        """Be the one run that posts into this ledger, on whatever machine; raises `Busy`."""
        return self.database.locks.run_lock()

    def check_run_lock(self) -> None:
        """Raise `LedgerError` where the server has freed our lock: another run may have begun."""
        self.database.locks.check_run_lock()

    def close(self) -> None:
        """Give back every connection."""
        if self.database.away is None:
            with suppress(LedgerError):
                self.high_water.keep()
        self.held_rows.close()
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

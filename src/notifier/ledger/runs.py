"""When Notifier ran, and whether it still does: what alarms about a stopped schedule are made from."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from notifier.ledger.audit import SYSTEM, write_audit
from notifier.ledger.database import LedgerPart
from notifier.ledger.rows import inserted_number
from notifier.ledger.schema import audit, run
from notifier.ledger.states import AuditAction, RunOutcome
from notifier.ledger.types import LastRun


class Runs(LedgerPart):
    """One row for each run."""

    def begin(self, at: datetime) -> int:
        """A run starts; its number."""
        with self._db.write() as connection:
            return inserted_number(connection, run.insert().values(started_at=at))

    def finish(self, run_no: int, at: datetime, *, outcome: RunOutcome, detail: str = "") -> None:
        """The run ended: `detail` is a line for people."""
        values = {"finished_at": at, "outcome": outcome, "detail": detail}
        with self._db.write() as connection:
            connection.execute(sa.update(run).where(run.c.number == run_no).values(values))

    def branch(self) -> str:
        """The branch that they post; empty where none has said."""
        query = sa.select(audit.c.detail).where(audit.c.what == AuditAction.PUBLISHED_FROM)
        with self._db.read() as connection:
            return connection.execute(query.order_by(audit.c.number.desc()).limit(1)).scalar() or ""

    def keep_branch(self, branch: str, at: datetime, by: str = SYSTEM) -> None:
        """From now on they post this one, on every machine."""
        if branch != self.branch():
            with self._db.write() as connection:
                write_audit(connection, AuditAction.PUBLISHED_FROM, at=at, who=by, detail=branch)

    def has_succeeded(self) -> bool:
        """Has any run come to its end?"""
        query = sa.select(sa.func.count()).where(run.c.outcome == RunOutcome.DONE)
        with self._db.read() as connection:
            return bool(connection.execute(query).scalar_one())

    def last(self) -> LastRun | None:
        """The latest run, finished or not."""
        with self._db.read() as connection:
            row = connection.execute(sa.select(run).order_by(run.c.number.desc()).limit(1)).first()
        if row is None:
            return None
        return LastRun(row.started_at, row.finished_at, RunOutcome(row.outcome) if row.outcome else None, row.detail)

"""When Notifier ran, and whether it still does: what alarms about a stopped schedule are made from."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from notifier.ledger.part import Part, inserted_number
from notifier.ledger.records import AuditEntry, LastRun
from notifier.ledger.schema import audit, notice, run


class Runs(Part):
    """The log of runs and the audit trail."""

    def begin_run(self, at: datetime) -> int:
        """A run starts; its number."""
        with self._db.write() as connection:
            return inserted_number(connection, run.insert().values(started_at=at))

    def finish_run(self, run_no: int, at: datetime, *, outcome: str, detail: str = "") -> None:
        """The run ended: `outcome` is one word for machines, `detail` a line for people."""
        values = {"finished_at": at, "outcome": outcome, "detail": detail}
        with self._db.write() as connection:
            connection.execute(sa.update(run).where(run.c.number == run_no).values(values))

    def last_run(self) -> LastRun | None:
        """The latest run, finished or not."""
        with self._db.read() as connection:
            row = connection.execute(sa.select(run).order_by(run.c.number.desc()).limit(1)).first()
        if row is None:
            return None
        return LastRun(row.started_at, row.finished_at, row.outcome, row.detail)

    def audit_trail(self, notice_id: str | None = None) -> tuple[AuditEntry, ...]:
        """Who did what, oldest first; of one notice, or all."""
        query = (
            sa.select(audit, notice.c.notice_id)
            .select_from(audit.outerjoin(notice, audit.c.notice_no == notice.c.number))
            .order_by(audit.c.number)
        )
        if notice_id is not None:
            query = query.where(notice.c.notice_id == notice_id)
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return tuple(AuditEntry(row.at, row.who, row.what, row.notice_id, row.detail) for row in rows)

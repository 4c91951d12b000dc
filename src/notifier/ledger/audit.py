"""The audit trail: who did what to a notice, a customer or a revision, when."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.database import LedgerPart
from notifier.ledger.schema import audit, notice
from notifier.ledger.states import AuditAction
from notifier.ledger.types import AuditEntry

SYSTEM = "notifier"
"""Who acted, where no person did."""


class AuditTrail(LedgerPart):
    """Read here; written by each part of the ledger, in the transaction of what it tells of."""

    def entries(self, notice_id: str | None = None) -> tuple[AuditEntry, ...]:
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

    def resumed_at(self, notice_id: str, why: str) -> datetime | None:
        """See `resumed_at`."""
        number = sa.select(notice.c.number).where(notice.c.notice_id == notice_id)
        with self._db.read() as connection:
            return resumed_at(connection, connection.execute(number).scalar_one(), why)


def resumed_at(connection: Connection, notice_no: int, why: str) -> datetime | None:
    """When somebody had a notice go on last, after it was held for this."""
    mine, is_so = audit.c.notice_no == notice_no, audit.c.detail.endswith(why)
    held = sa.select(sa.func.min(audit.c.number)).where(mine, audit.c.what == AuditAction.HELD, is_so)
    after = (audit.c.what == AuditAction.RESUMED, audit.c.number > held.scalar_subquery())
    at: datetime | None = connection.execute(sa.select(sa.func.max(audit.c.at)).where(mine, *after)).scalar()
    return at


def write_audit(
    connection: Connection,
    action: AuditAction,
    *,
    at: datetime,
    who: str,
    notice_no: int | None = None,
    detail: str = "",
) -> None:
    """Append to the trail, in the same transaction as what it tells of."""
    connection.execute(audit.insert().values(at=at, who=who, what=action, notice_no=notice_no, detail=detail))

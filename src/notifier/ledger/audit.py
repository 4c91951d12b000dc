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

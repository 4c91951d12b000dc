"""Notices that this ledger lost, or has as they once were: what git or a person says became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from notifier.ledger.audit import write_audit
from notifier.ledger.database import LedgerPart
from notifier.ledger.rows import inserted_number, notice_number, of_its_batch
from notifier.ledger.schema import audit, batch, customer, delivery, notice
from notifier.ledger.sending.notice_rows import link_postings, notice_columns
from notifier.ledger.states import OPEN_BATCHES, AuditAction, BatchState
from notifier.notice.delivery import NoticeState
from notifier.notice.message import Notice
from notifier.policy.posting import Posting

IN_OPEN_BATCH = of_its_batch("state").in_(OPEN_BATCHES)


class RecoveredNotices(LedgerPart):
    """Written down again, with who says so."""

    def add(
        self, notice_id: str, told: Sequence[Posting], state: NoticeState, by: str, at: datetime, why: str = ""
    ) -> None:
        """A notice that this ledger does not know: it was sent, or it was not and will not be. Without recipients."""
        added = Notice(notice_id, tuple(told), at)
        said = why or f"{by} says so"
        with self._db.write() as connection:
            audiences = {one.policy_id: frozenset[str]() for one in told}
            values = notice_columns(added, audiences, "", at, at, state)
            values |= {"started_at": at, "frozen_at": at, "finished_at": at, "why": said}
            number = inserted_number(connection, notice.insert().values(values))
            link_postings(connection, number, added)
            detail = f"as {state}; {said}"
            write_audit(connection, AuditAction.RECOVERED, at=at, who=by, notice_no=number, detail=detail)

    def end(self, notice_id: str, state: NoticeState, by: str, at: datetime, why: str) -> None:
        """A notice that this ledger has as it was before it ended: nobody more is written to."""
        with self._db.write() as connection:
            number = notice_number(connection, notice_id)
            row = connection.execute(sa.select(notice).where(notice.c.number == number)).one()
            everybody = sa.select(sa.func.coalesce(sa.func.max(customer.c.number), 0)).scalar_subquery()
            values = {
                "state": state,
                "started_at": row.started_at or at,
                "frozen_at": row.frozen_at or at,
                "frozen_up_to": row.frozen_up_to or everybody,
                "finished_at": at,
                "why": why,
            }
            connection.execute(sa.update(notice).where(notice.c.number == number).values(values))
            is_told = state is NoticeState.FINISHED
            left = sa.update(batch).where(batch.c.notice_no == number, batch.c.state.in_(OPEN_BATCHES))
            connection.execute(left.values(state=BatchState.ACCEPTED if is_told else BatchState.CANCELLED))
            write_audit(connection, AuditAction.RECOVERED, at=at, who=by, notice_no=number, detail=f"as {state}; {why}")

    def send_again(self, notice_id: str, by: str, at: datetime) -> None:
        """A person lets it go out, or go on, although it had begun: whoever is left may get it twice."""
        with self._db.write() as connection:
            number = notice_number(connection, notice_id)
            left = (delivery.c.notice_no == number, delivery.c.status.is_(None), IN_OPEN_BATCH)
            connection.execute(sa.update(delivery).where(*left).values(is_possible_duplicate=True))
            detail = "to be sent, though git says that it had begun: some may get it twice"
            write_audit(connection, AuditAction.RECOVERED, at=at, who=by, notice_no=number, detail=detail)

    def settled(self) -> frozenset[str]:
        """Notices that have ended once, or of which a person has said what became of them."""
        words = (AuditAction.FINISHED, AuditAction.CANCELLED, AuditAction.GIVEN_UP, AuditAction.RECOVERED)
        return self._of_which(audit.c.what.in_(words))

    def accepted(self) -> frozenset[str]:
        """Notices of which a person has said that whoever was not told need not be, or what became of them."""
        is_ended = (audit.c.what == AuditAction.RECOVERED) & audit.c.detail.startswith("as ")
        return self._of_which((audit.c.what == AuditAction.GIVEN_UP) | is_ended)

    def _of_which(self, was_said: sa.ColumnElement[bool]) -> frozenset[str]:
        query = sa.select(notice.c.notice_id).join(audit, audit.c.notice_no == notice.c.number)
        with self._db.read() as connection:
            return frozenset(connection.execute(query.where(was_said)).scalars())

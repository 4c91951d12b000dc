"""Doubt and second tries: what a dead sender left, what nobody can tell, and whom to write to again.

A second attempt happens only after proof that the first was not accepted, or by policy or a person's word; then its
people are marked as possible duplicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.audit import write_audit
from notifier.ledger.database import Database
from notifier.ledger.rows import AnyRow, cancel_queued, inside_batch, reopen
from notifier.ledger.schema import attempt, batch, delivery, notice
from notifier.ledger.states import AttemptOutcome, AuditAction, BatchState
from notifier.ledger.types import BatchInDoubt
from notifier.notice.delivery import NoticeState


@dataclass(frozen=True)
class InDoubtBatches:
    """What a dead sender left, and what a person or the policy says of it."""

    _db: Database

    def mark_unfinished(self, at: datetime, *, safe_at: str | None = None) -> int:
        """At the start of a sender: batches that a dead one left `sending` are in doubt; how many there were.

        `safe_at`: the destination where sending again writes to nobody twice. What was on its way there simply goes
        back; what was on its way anywhere else does not.
        """
        stale = sa.select(attempt.c.attempt_id, attempt.c.destination).join(batch, _last_attempt())
        with self._db.write() as connection:
            rows = connection.execute(stale.where(batch.c.state == BatchState.SENDING)).all()
            safe = [row.attempt_id for row in rows if safe_at is not None and row.destination == safe_at]
            back = sa.update(batch).where(sa.exists().where(attempt.c.attempt_id.in_(safe), _last_attempt()))
            connection.execute(back.where(batch.c.state == BatchState.SENDING).values(state=BatchState.PENDING))
            _end(connection, safe, at, AttemptOutcome.NOT_SENT)
            rest = sa.update(batch).where(batch.c.state == BatchState.SENDING)
            connection.execute(rest.values(state=BatchState.IN_DOUBT))
            _end(connection, [row.attempt_id for row in rows], at, AttemptOutcome.IN_DOUBT)
            _cancel_leftovers(connection)
        return len(rows)

    def batches(self) -> tuple[BatchInDoubt, ...]:
        """Every batch in doubt with its last attempt, oldest first."""
        query = (
            sa.select(attempt, notice.c.notice_id, notice.c.state)
            .join(batch, _last_attempt())
            .join(notice, notice.c.number == batch.c.notice_no)
            .where(batch.c.state == BatchState.IN_DOUBT)
            .order_by(attempt.c.created_at)
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return tuple(_doubtful(row) for row in rows)

    def resend(self, doubtful: BatchInDoubt, at: datetime, *, who: str, why: str) -> int:
        """Give a batch in doubt back to be sent again and mark its people as possible duplicates; how many."""
        with self._db.write() as connection:
            mine = (batch.c.notice_no == doubtful.notice_no, batch.c.batch_no == doubtful.batch_no)
            row = connection.execute(sa.select(batch).where(*mine, batch.c.state == BatchState.IN_DOUBT)).first()
            if row is None:
                return 0
            marked = connection.execute(
                sa.update(delivery)
                .where(*inside_batch(row), delivery.c.status.is_(None))
                .values(is_possible_duplicate=True)
            ).rowcount
            connection.execute(sa.update(batch).where(*mine).values(state=BatchState.PENDING, not_before=None))
            reopen(connection, doubtful.notice_no)
            detail = f"batch {doubtful.batch_no}, {marked} possible duplicates: {why}"
            write_audit(connection, AuditAction.RESENT, at=at, who=who, notice_no=doubtful.notice_no, detail=detail)
        return marked

    def resend_all(self, notice_id: str, by: str, at: datetime) -> int:
        """A person says: write again to everybody in doubt, marked as possible duplicates; how many they are."""
        why = f"{by} said so"
        mine = [one for one in self.batches() if one.notice_id == notice_id]
        return sum(self.resend(one, at, who=by, why=why) for one in mine)

    def settle(self, notice_id: str, by: str, at: datetime, *, were_accepted: bool, because: str) -> int:
        """A person found out what became of those in doubt: accepted, or never (then they are queued); how many."""
        mine = [one for one in self.batches() if one.notice_id == notice_id]
        for doubtful in mine:
            self._settle(doubtful, by, at, were_accepted=were_accepted, because=because)
        return sum(one.recipients for one in mine)

    def _settle(self, doubtful: BatchInDoubt, by: str, at: datetime, *, were_accepted: bool, because: str) -> None:
        outcome = AttemptOutcome.ACCEPTED if were_accepted else AttemptOutcome.NOT_SENT
        state = BatchState.ACCEPTED if were_accepted else BatchState.PENDING
        with self._db.write() as connection:
            mine = (batch.c.notice_no == doubtful.notice_no, batch.c.batch_no == doubtful.batch_no)
            query = sa.update(batch).where(*mine, batch.c.state == BatchState.IN_DOUBT)
            connection.execute(query.values(state=state, not_before=None))
            ended = sa.update(attempt).where(attempt.c.attempt_id == doubtful.attempt_id)
            connection.execute(ended.values(outcome=outcome, finished_at=at))
            detail = f"batch {doubtful.batch_no} as {outcome}: {because}"
            write_audit(connection, AuditAction.SETTLED, at=at, who=by, notice_no=doubtful.notice_no, detail=detail)


def _last_attempt() -> sa.ColumnElement[bool]:
    return sa.and_(
        attempt.c.notice_no == batch.c.notice_no,
        attempt.c.batch_no == batch.c.batch_no,
        attempt.c.n == batch.c.attempts,
    )


def _end(connection: Connection, attempt_ids: Sequence[str], at: datetime, outcome: AttemptOutcome) -> None:
    ended = sa.update(attempt).where(attempt.c.attempt_id.in_(attempt_ids), attempt.c.outcome == AttemptOutcome.INTENT)
    connection.execute(ended.values(outcome=outcome, finished_at=at, error="the sender died"))


def _cancel_leftovers(connection: Connection) -> None:
    cancelled = sa.select(batch.c.notice_no).join(notice, notice.c.number == batch.c.notice_no)
    cancelled = cancelled.where(notice.c.state == NoticeState.CANCELLED, batch.c.state == BatchState.PENDING).distinct()
    for number in connection.execute(cancelled).scalars().all():
        cancel_queued(connection, number)


def _doubtful(row: AnyRow) -> BatchInDoubt:
    since = row.finished_at or row.created_at
    return BatchInDoubt(
        row.notice_id,
        NoticeState(row.state),
        row.notice_no,
        row.batch_no,
        row.attempt_id,
        row.mailer,
        row.recipients,
        since,
        row.destination,
    )

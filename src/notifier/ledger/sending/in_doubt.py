"""Doubt and second tries: what a dead sender left, what nobody can tell, and whom to write to again.

A second attempt happens only after proof that the first was not accepted, or by policy or a person's word; then its
people are marked as possible duplicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.audit import write_audit
from notifier.ledger.database import LedgerPart
from notifier.ledger.rows import AnyRow, cancel_queued, inside_batch, notice_number, reopen
from notifier.ledger.schema import attempt, batch, delivery, notice
from notifier.ledger.sending.batches import FIRST_WENT_OUT
from notifier.ledger.states import AttemptOutcome, AuditAction, BatchState
from notifier.ledger.types import BatchInDoubt
from notifier.notice.delivery import NoticeState


class InDoubtBatches(LedgerPart):
    """What a dead sender left, and what a person or the policy says of it."""

    def mark_unfinished(self, at: datetime, *, safe_at: str | None = None, is_run: bool = False) -> int:
        """Batches that a dead sender left `sending` are in doubt; how many there were.

        Where many send, those whose lease has ended by the database's clock: who is only slow may still write down how
        it ended. `safe_at`: the destination where sending again writes to nobody twice. What was on its way there
        simply goes back; what was on its way anywhere else does not. What is known as accepted is no doubt.
        `is_run`: we are the only one that begins notices, so that whoever was at a first batch is gone.
        """
        with self._db.write() as connection:
            left = connection.execute(_left_behind(connection, is_run=is_run)).all()
            taken = [row for row in left if row.outcome == AttemptOutcome.ACCEPTED]
            safe = [row for row in left if safe_at is not None and row.destination == safe_at and row not in taken]
            for rows, state, outcome in (
                (taken, BatchState.ACCEPTED, AttemptOutcome.ACCEPTED),
                (safe, BatchState.PENDING, AttemptOutcome.NOT_SENT),
                ([row for row in left if row not in (*safe, *taken)], BatchState.IN_DOUBT, AttemptOutcome.IN_DOUBT),
            ):
                _free(connection, rows, state)
                _end(connection, [row.attempt_id for row in rows], at, outcome)
            _cancel_leftovers(connection)
        return len(left)

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
            query = sa.select(batch).where(*mine, batch.c.state == BatchState.IN_DOUBT)
            row = connection.execute(query.with_for_update()).first()
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
        why, mine = f"{by} said so", self._of(notice_id)
        if mine[0].state is NoticeState.CANCELLED:
            known = f"what became of those in doubt you can say: notifier notice settle {notice_id} accepted|absent"
            raise Refused(f"notice {notice_id} is cancelled: nobody is written to again; {known}")
        return sum(self.resend(one, at, who=by, why=why) for one in mine)

    def settle(self, notice_id: str, by: str, at: datetime, *, were_accepted: bool, because: str) -> int:
        """A person found out what became of those in doubt: accepted, or never (then they are queued); how many."""
        mine = self._of(notice_id)
        for doubtful in mine:
            self._settle(doubtful, by, at, were_accepted=were_accepted, because=because)
        return sum(one.recipients for one in mine)

    def _of(self, notice_id: str) -> list[BatchInDoubt]:
        """A person speaks of these. Raises `Refused` where there are none."""
        mine = [one for one in self.batches() if one.notice_id == notice_id]
        if not mine:
            with self._db.read() as connection:
                notice_number(connection, notice_id)
            raise Refused(f"notice {notice_id}: nobody of it is in doubt; notifier notice show {notice_id}")
        return mine

    def _settle(self, doubtful: BatchInDoubt, by: str, at: datetime, *, were_accepted: bool, because: str) -> None:
        outcome = AttemptOutcome.ACCEPTED if were_accepted else AttemptOutcome.NOT_SENT
        state = BatchState.ACCEPTED if were_accepted else BatchState.PENDING
        with self._db.write() as connection:
            mine = (batch.c.notice_no == doubtful.notice_no, batch.c.batch_no == doubtful.batch_no)
            query = sa.update(batch).where(*mine, batch.c.state == BatchState.IN_DOUBT)
            if not connection.execute(query.values(state=state, not_before=None)).rowcount:
                return
            _cancel_leftovers(connection)
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


def _left_behind(connection: Connection, *, is_run: bool) -> sa.Select[Any]:
    """Batches whose sender is gone, each with its last attempt."""
    query = sa.select(
        attempt.c.attempt_id, attempt.c.outcome, attempt.c.destination, batch.c.notice_no, batch.c.batch_no
    )
    query = query.join(batch, _last_attempt()).where(batch.c.state == BatchState.SENDING)
    if connection.dialect.name == "sqlite":
        return query
    has_ended = batch.c.lease_until.is_(None) | (batch.c.lease_until < sa.func.clock_timestamp())
    if is_run:
        has_ended |= batch.c.notice_no.in_(sa.select(notice.c.number).where(~FIRST_WENT_OUT))
    return query.where(has_ended).with_for_update(of=batch, skip_locked=True)


def _free(connection: Connection, rows: Sequence[AnyRow], state: BatchState) -> None:
    mine = (batch.c.notice_no == sa.bindparam("of_notice"), batch.c.batch_no == sa.bindparam("of_batch"))
    query = sa.update(batch).where(*mine).values(state=state, owner=None, lease_until=None)
    if rows:
        connection.execute(query, [{"of_notice": row.notice_no, "of_batch": row.batch_no} for row in rows])


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
        row.error or "no answer came",
    )

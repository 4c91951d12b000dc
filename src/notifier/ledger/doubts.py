"""Doubt and second tries: what a dead sender left, what nobody can tell, and whom to write to again.

A second attempt happens only after proof that the first was not accepted, or by policy or a person's word; then its
people are marked as possible duplicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.notices import cancel_queued
from notifier.ledger.part import AnyRow, Part, notice_number, write_audit
from notifier.ledger.records import DoubtfulBatch, Outcome
from notifier.ledger.schema import attempt, batch, delivery, notice
from notifier.ledger.sending import inside_batch
from notifier.notice.delivery import DeliveryStatus, NoticeState

RETRIED = frozenset({DeliveryStatus.DROPPED, DeliveryStatus.BOUNCED})


class Doubts(Part):
    """Settling what is in doubt, and writing again to whom was not reached."""

    def adopt_stale(self, at: datetime, *, is_idempotent: bool) -> int:
        """At the start of a sender: batches that a dead one left `sending` are in doubt; how many there were.

        Where sending twice writes to nobody twice, they simply go back.
        """
        stale = sa.select(attempt.c.attempt_id).join(batch, _last_attempt()).where(batch.c.state == "sending")
        with self._db.write() as connection:
            ids = list(connection.execute(stale).scalars())
            outcome = Outcome.NOT_SENT if is_idempotent else Outcome.IN_DOUBT
            ended = sa.update(attempt).where(attempt.c.attempt_id.in_(ids), attempt.c.outcome == Outcome.INTENT)
            connection.execute(ended.values(outcome=outcome, finished_at=at, error="the sender died"))
            state = "pending" if is_idempotent else "in_doubt"
            connection.execute(sa.update(batch).where(batch.c.state == "sending").values(state=state))
            _cancel_leftovers(connection)
        return len(ids)

    def doubtful_batches(self) -> tuple[DoubtfulBatch, ...]:
        """Every batch in doubt with its last attempt, oldest first."""
        query = (
            sa.select(attempt, notice.c.notice_id, notice.c.state)
            .join(batch, _last_attempt())
            .join(notice, notice.c.number == batch.c.notice_no)
            .where(batch.c.state == "in_doubt")
            .order_by(attempt.c.created_at)
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return tuple(_doubtful(row) for row in rows)

    def resend_doubtful(self, doubtful: DoubtfulBatch, at: datetime, *, who: str, why: str) -> int:
        """Give a batch in doubt back to be sent again and mark its people as possible duplicates; how many."""
        with self._db.write() as connection:
            mine = (batch.c.notice_no == doubtful.notice_no, batch.c.batch_no == doubtful.batch_no)
            row = connection.execute(sa.select(batch).where(*mine, batch.c.state == "in_doubt")).first()
            if row is None:
                return 0
            marked = connection.execute(
                sa.update(delivery)
                .where(*inside_batch(row), delivery.c.status.is_(None))
                .values(is_possible_duplicate=True)
            ).rowcount
            connection.execute(sa.update(batch).where(*mine).values(state="pending", not_before=None))
            _reopen(connection, doubtful.notice_no)
            detail = f"batch {doubtful.batch_no}, {marked} possible duplicates: {why}"
            write_audit(connection, at=at, who=who, what="resent", notice_no=doubtful.notice_no, detail=detail)
        return marked

    def retry_doubtful(self, notice_id: str, by: str, at: datetime) -> int:
        """A person says: write again to everybody in doubt, marked as possible duplicates; how many they are."""
        why = f"{by} said so"
        mine = [one for one in self.doubtful_batches() if one.notice_id == notice_id]
        return sum(self.resend_doubtful(one, at, who=by, why=why) for one in mine)

    def settle_doubtful(self, notice_id: str, by: str, at: datetime, *, were_accepted: bool, because: str) -> int:
        """A person found out what became of those in doubt: accepted, or never (then they are queued); how many."""
        mine = [one for one in self.doubtful_batches() if one.notice_id == notice_id]
        for doubtful in mine:
            self._settle(doubtful, by, at, were_accepted=were_accepted, because=because)
        return sum(one.recipients for one in mine)

    def _settle(self, doubtful: DoubtfulBatch, by: str, at: datetime, *, were_accepted: bool, because: str) -> None:
        outcome = Outcome.ACCEPTED if were_accepted else Outcome.NOT_SENT
        state = "accepted" if were_accepted else "pending"
        with self._db.write() as connection:
            mine = (batch.c.notice_no == doubtful.notice_no, batch.c.batch_no == doubtful.batch_no)
            query = sa.update(batch).where(*mine, batch.c.state == "in_doubt")
            connection.execute(query.values(state=state, not_before=None))
            ended = sa.update(attempt).where(attempt.c.attempt_id == doubtful.attempt_id)
            connection.execute(ended.values(outcome=outcome, finished_at=at))
            detail = f"batch {doubtful.batch_no} as {outcome}: {because}"
            write_audit(connection, at=at, who=by, what="settled", notice_no=doubtful.notice_no, detail=detail)

    def retry_not_reached(self, notice_id: str, by: str, at: datetime) -> int:
        """Queue the bounced and dropped again, and nobody else; how many they are.

        Everyone else in their batches first gets a status of their own, so that the batch speaks only for these.
        """
        with self._db.write() as connection:
            number = notice_number(connection, notice_id)
            state = connection.execute(sa.select(notice.c.state).where(notice.c.number == number)).scalar_one()
            if state not in (NoticeState.FINISHED, NoticeState.SENDING):
                raise Refused(f"notice {notice_id} is {state}; retry is for one that is finished or being sent")
            queued = sum(_requeue(connection, row) for row in _batches_with(connection, number))
            if queued:
                _reopen(connection, number)
            write_audit(connection, at=at, who=by, what="retried", notice_no=number, detail=f"{queued} recipients")
        return queued


def _last_attempt() -> sa.ColumnElement[bool]:
    return sa.and_(
        attempt.c.notice_no == batch.c.notice_no,
        attempt.c.batch_no == batch.c.batch_no,
        attempt.c.n == batch.c.attempts,
    )


def _cancel_leftovers(connection: Connection) -> None:
    cancelled = sa.select(batch.c.notice_no).join(notice, notice.c.number == batch.c.notice_no)
    cancelled = cancelled.where(notice.c.state == NoticeState.CANCELLED, batch.c.state == "pending").distinct()
    for number in connection.execute(cancelled).scalars().all():
        cancel_queued(connection, number)


def _reopen(connection: Connection, number: int) -> None:
    query = sa.update(notice).where(notice.c.number == number, notice.c.state == NoticeState.FINISHED)
    connection.execute(query.values(state=NoticeState.SENDING, finished_at=None))


def _doubtful(row: AnyRow) -> DoubtfulBatch:
    since = row.finished_at or row.created_at
    return DoubtfulBatch(
        row.notice_id,
        NoticeState(row.state),
        row.notice_no,
        row.batch_no,
        row.attempt_id,
        row.mailer,
        row.recipients,
        since,
    )


def _batches_with(connection: Connection, number: int) -> Sequence[AnyRow]:
    """Accepted batches in which somebody can be written to again."""
    somebody = sa.exists().where(
        delivery.c.notice_no == batch.c.notice_no,
        delivery.c.message_no == batch.c.message_no,
        delivery.c.seq.between(batch.c.first_seq, batch.c.last_seq),
        delivery.c.status.in_(RETRIED),
        delivery.c.email != "",
    )
    query = sa.select(batch).where(batch.c.notice_no == number, batch.c.state == "accepted", somebody)
    return connection.execute(query).all()


def _requeue(connection: Connection, row: AnyRow) -> int:
    inside = inside_batch(row)
    connection.execute(
        sa.update(delivery).where(*inside, delivery.c.status.is_(None)).values(status=DeliveryStatus.ACCEPTED)
    )
    again = sa.update(delivery).where(*inside, delivery.c.status.in_(RETRIED), delivery.c.email != "")
    queued = connection.execute(again.values(status=None, reason=None)).rowcount
    mine = (batch.c.notice_no == row.notice_no, batch.c.batch_no == row.batch_no)
    fresh = {"state": "pending", "not_before": None, "setbacks": 0, "counts_from": row.attempts + 1}
    connection.execute(sa.update(batch).where(*mine).values(fresh))
    return queued

"""Outcomes: how each attempt ended, and what that makes of its batch and the people in it.

Whose claim on the batch is no longer the newest writes down how the attempt ended, and nothing else. In each
transaction the batches come first, by number, and their attempts second, so that two of them never wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.by_set.prepared import Prepared
from notifier.ledger.cluster.failover import memory_of
from notifier.ledger.cluster.jobs import defer_jobs
from notifier.ledger.database import LedgerPart
from notifier.ledger.delivery_events import without_addresses
from notifier.ledger.rows import cancel_queued, notice_number, stop
from notifier.ledger.schema import UtcDateTime, attempt, batch, delivery, notice
from notifier.ledger.states import OPEN_BATCHES, AttemptOutcome, BatchState
from notifier.ledger.types import Claim
from notifier.notice.delivery import DeliveryStatus, NoticeState

OPEN_ATTEMPTS = (AttemptOutcome.INTENT, AttemptOutcome.IN_DOUBT)
UNDER_WAY = (BatchState.SENDING, BatchState.IN_DOUBT)
"""Claimed, and no outcome written: its lease may have ended meanwhile."""
FREED = {"owner": None, "lease_until": None}
ACCEPT_BATCH = Prepared(
    sa.update(batch)
    .where(
        batch.c.notice_no == sa.bindparam("of_notice"),
        batch.c.batch_no == sa.bindparam("of_batch"),
        batch.c.fence == sa.bindparam("of_fence"),
        sa.or_(*(batch.c.state == state for state in OPEN_BATCHES)),
    )
    .values(state=BatchState.ACCEPTED, not_before=None, setbacks=0, **FREED)
)
ACCEPT = Prepared(
    sa.update(attempt)
    .where(
        attempt.c.attempt_id == sa.bindparam("of_attempt"),
        sa.or_(*(attempt.c.outcome == open_one for open_one in OPEN_ATTEMPTS)),
    )
    .values(
        outcome=AttemptOutcome.ACCEPTED,
        finished_at=sa.bindparam("at", type_=UtcDateTime),
        error=None,
        provider_request_id=sa.bindparam("said"),
    )
)


class Attempts(LedgerPart):
    """What the sender writes down after each request."""

    def record_accepted(
        self, claim: Claim, at: datetime, provider_request_id: str | None = None, *also: tuple[Claim, str | None]
    ) -> None:
        """The provider took the whole request, and `also` others at that moment; with its name for each."""
        taken = sorted(((claim, provider_request_id), *also), key=lambda each: (each[0].notice_no, each[0].batch_no))
        with self._db.write() as connection:
            _accept(connection, taken, at)
        for one, _ in taken:
            memory_of(self._db.place).note_accepted(one.attempt_id)

    def record_not_sent(self, claim: Claim, at: datetime, error: str, *, not_before: datetime) -> None:
        """Provably not accepted: the batch goes back, to be tried again from `not_before`."""
        with self._db.write() as connection:
            _give_back(connection, claim, not_before=not_before, setbacks=batch.c.setbacks + 1)
            _finish(connection, claim, AttemptOutcome.NOT_SENT, at, error=error)

    def record_in_doubt(self, claim: Claim, at: datetime, error: str) -> None:
        """Nobody can tell: an event, a lookup or the configured policy settles it later."""
        with self._db.write() as connection:
            _set_batch(connection, claim, (BatchState.SENDING,), state=BatchState.IN_DOUBT)
            _finish(connection, claim, AttemptOutcome.IN_DOUBT, at, error=error)

    def record_rejected_items(self, claim: Claim, at: datetime, error: str, indexes: Collection[int]) -> None:
        """Refused because of these positions in the claim: they are dropped, the others go back at once.

        Without a position the batch is cut in two, down to the one that is meant.
        """
        with self._db.write() as connection:
            is_newest = _holds(connection, claim, UNDER_WAY)
            _finish(connection, claim, AttemptOutcome.REJECTED_ITEMS, at, error=error)
            if not is_newest:
                return
            meant = {claim.recipients[index][0] for index in indexes if 0 <= index < len(claim.recipients)}
            if not meant and len(claim.recipients) == 1:
                meant = {claim.recipients[0][0]}
            if meant:
                _drop(connection, claim, meant, error)
            else:
                _halve(connection, claim)
            _give_back(connection, claim)

    def record_refused(self, claim: Claim, at: datetime, error: str, *, not_before: datetime) -> None:
        """Its one recipient was refused, and it does not show yet whether that means the mailbox: nobody is marked."""
        with self._db.write() as connection:
            _give_back(connection, claim, not_before=not_before)
            _finish(connection, claim, AttemptOutcome.REJECTED_ITEMS, at, error=error)

    def drop_refused(self, claim: Claim, error: str) -> None:
        """It meant the mailbox: the recipient of an attempt that was recorded as refused is not reached."""
        with self._db.write() as connection:
            if _set_batch(connection, claim, (BatchState.PENDING,), state=BatchState.ACCEPTED, not_before=None):
                _drop(connection, claim, {seq for seq, *_ in claim.recipients}, error)

    def record_rejected_request(self, claim: Claim, at: datetime, error: str, too_large: bool) -> None:
        """Refused as a whole: halved where it was too large, else the notice is held."""
        with self._db.write() as connection:
            halves = too_large and len(claim.recipients) > 1
            if not halves:
                stop(connection, claim.notice_no, at, f"the provider refused the request: {error}")
            if _holds(connection, claim, UNDER_WAY):
                if halves:
                    _halve(connection, claim)
                _give_back(connection, claim)
            _finish(connection, claim, AttemptOutcome.REJECTED_REQUEST, at, error=error)

    def take_back(self, claim: Claim, at: datetime, *, is_last: bool = False) -> None:
        """Nothing left, or nothing of it was looked at: the batch is as it was, and the attempt leaves no row.

        `is_last`: all others go first from now on. An attempt that an event has proven to be accepted stays.
        """
        states = (*UNDER_WAY, BatchState.PENDING)
        memory_of(self._db.place).forget(claim.attempt_id)
        with self._db.write() as connection:
            if not _holds(connection, claim, states):
                _finish(connection, claim, AttemptOutcome.NOT_SENT, at, error="nothing left")
                return
            mine = (attempt.c.attempt_id == claim.attempt_id, attempt.c.outcome != AttemptOutcome.ACCEPTED)
            if connection.execute(sa.delete(attempt).where(*mine)).rowcount:
                _give_back(connection, claim, states, not_before=None, attempts=batch.c.attempts - 1)
                if is_last:
                    _queue_last(connection, claim)

    def last_at(self, notice_id: str) -> datetime | None:
        """When anybody last began to send anything of this notice."""
        with self._db.read() as connection:
            number = notice_number(connection, notice_id)
            query = sa.select(sa.func.max(attempt.c.created_at)).where(attempt.c.notice_no == number)
            return connection.execute(query).scalar()

    def has_accepted_since(self, mailer: str, since: datetime) -> bool:
        """Has this transport taken anything that its events would have told of by now?"""
        query = sa.exists().where(
            attempt.c.mailer == mailer, attempt.c.outcome == AttemptOutcome.ACCEPTED, attempt.c.finished_at >= since
        )
        with self._db.read() as connection:
            return bool(connection.execute(sa.select(query)).scalar())


def _accept(connection: Connection, taken: Sequence[tuple[Claim, str | None]], at: datetime) -> None:
    """Batches and attempts, by a statement each."""
    batches = [{"of_notice": one.notice_no, "of_batch": one.batch_no, "of_fence": one.fence} for one, _ in taken]
    ACCEPT_BATCH.run(connection, *batches)
    named = [{"of_attempt": one.attempt_id, "at": at, "said": request_id} for one, request_id in taken]
    ACCEPT.run(connection, *named)


def _finish(connection: Connection, claim: Claim, outcome: AttemptOutcome, at: datetime, *, error: str) -> None:
    """Record the outcome of an attempt; a proof of acceptance that an event brought earlier stays."""
    query = sa.update(attempt).where(attempt.c.attempt_id == claim.attempt_id, attempt.c.outcome.in_(OPEN_ATTEMPTS))
    connection.execute(query.values(outcome=outcome, finished_at=at, error=without_addresses(error)))


def _claimed(claim: Claim, states: Sequence[BatchState]) -> tuple[sa.ColumnElement[bool], ...]:
    """The batch as this claim left it, unless another has overtaken it."""
    return (
        batch.c.notice_no == claim.notice_no,
        batch.c.batch_no == claim.batch_no,
        batch.c.fence == claim.fence,
        batch.c.state.in_(states),
    )


def _holds(connection: Connection, claim: Claim, states: Sequence[BatchState]) -> bool:
    """Is it still the newest claim? Nobody changes that until this transaction has ended."""
    query = sa.select(batch.c.fence).where(*_claimed(claim, states))
    return connection.execute(query.with_for_update()).first() is not None


def _set_batch(connection: Connection, claim: Claim, states: Sequence[BatchState], **values: Any) -> bool:
    """False where another claim has overtaken this one: nothing is changed then."""
    freed = sa.update(batch).where(*_claimed(claim, states)).values({**values, **FREED})
    return bool(connection.execute(freed).rowcount)


def _give_back(connection: Connection, claim: Claim, states: Sequence[BatchState] = UNDER_WAY, **values: Any) -> None:
    """Pending again; where the notice was cancelled while the request was under way, cancelled."""
    if not _set_batch(connection, claim, states, state=BatchState.PENDING, **values):
        return
    state = connection.execute(sa.select(notice.c.state).where(notice.c.number == claim.notice_no)).scalar_one()
    if state == NoticeState.CANCELLED:
        cancel_queued(connection, claim.notice_no)


def _queue_last(connection: Connection, claim: Claim) -> None:
    """Batches are claimed in the order of their numbers."""
    number = _next_batch_no(connection, claim.notice_no)
    for table in (batch, attempt):
        mine = (table.c.notice_no == claim.notice_no, table.c.batch_no == claim.batch_no)
        connection.execute(sa.update(table).where(*mine).values(batch_no=number))


def _next_batch_no(connection: Connection, notice_no: int) -> int:
    highest = sa.select(sa.func.max(batch.c.batch_no)).where(batch.c.notice_no == notice_no)
    return int(connection.execute(highest).scalar_one()) + 1


def _drop(connection: Connection, claim: Claim, seqs: Collection[int], error: str) -> None:
    query = sa.update(delivery).where(
        delivery.c.notice_no == claim.notice_no,
        delivery.c.message_no == claim.message_no,
        delivery.c.seq.in_(seqs),
        delivery.c.status.is_(None),
    )
    reason = f"refused by the provider: {without_addresses(error)}"
    connection.execute(query.values(status=DeliveryStatus.DROPPED, reason=reason))


def _halve(connection: Connection, claim: Claim) -> None:
    """Cut the batch in the middle of those who are still to be written to; the second half is a new batch."""
    middle = claim.recipients[len(claim.recipients) // 2][0]
    mine = (batch.c.notice_no == claim.notice_no, batch.c.batch_no == claim.batch_no)
    row = connection.execute(sa.select(batch).where(*mine)).one()
    second = {
        "notice_no": claim.notice_no,
        "batch_no": _next_batch_no(connection, claim.notice_no),
        "message_no": row.message_no,
        "first_seq": middle,
        "last_seq": row.last_seq,
        "state": BatchState.PENDING,
        "counts_from": 0,
    }
    connection.execute(batch.insert().values(second))
    defer_jobs(connection, claim.notice_no, (second["batch_no"],))
    connection.execute(sa.update(batch).where(*mine).values(last_seq=middle - 1))

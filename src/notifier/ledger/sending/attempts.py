"""Outcomes: how each attempt ended, and what that makes of its batch and the people in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.database import Database
from notifier.ledger.notices import cancel_queued, stop
from notifier.ledger.schema import attempt, batch, delivery, notice
from notifier.ledger.states import AttemptOutcome, BatchState
from notifier.ledger.types import Claim
from notifier.notice.delivery import DeliveryStatus, NoticeState


@dataclass(frozen=True)
class Attempts:
    """What the sender writes down after each request."""

    _db: Database

    def record_accepted(self, claim: Claim, at: datetime, provider_request_id: str | None = None) -> None:
        """The provider took the whole request."""
        with self._db.write() as connection:
            _finish(connection, claim, AttemptOutcome.ACCEPTED, at, provider_request_id=provider_request_id)
            _set_batch(
                connection,
                claim,
                (BatchState.SENDING, BatchState.IN_DOUBT),
                state=BatchState.ACCEPTED,
                not_before=None,
                setbacks=0,
            )

    def record_not_sent(self, claim: Claim, at: datetime, *, error: str, not_before: datetime) -> None:
        """Provably not accepted: the batch goes back, to be tried again from `not_before`."""
        with self._db.write() as connection:
            _finish(connection, claim, AttemptOutcome.NOT_SENT, at, error=error)
            _give_back(connection, claim, not_before=not_before, setbacks=batch.c.setbacks + 1)

    def record_in_doubt(self, claim: Claim, at: datetime, *, error: str) -> None:
        """Nobody can tell: an event, a lookup or the configured policy settles it later."""
        with self._db.write() as connection:
            _finish(connection, claim, AttemptOutcome.IN_DOUBT, at, error=error)
            _set_batch(connection, claim, (BatchState.SENDING,), state=BatchState.IN_DOUBT)

    def record_rejected_items(self, claim: Claim, at: datetime, *, error: str, indexes: Collection[int]) -> None:
        """Refused because of these positions in the claim: they are dropped, the others go back at once.

        Without a position the batch is cut in two, down to the one that is meant.
        """
        with self._db.write() as connection:
            _finish(connection, claim, AttemptOutcome.REJECTED_ITEMS, at, error=error)
            meant = {claim.recipients[index][0] for index in indexes if 0 <= index < len(claim.recipients)}
            if not meant and len(claim.recipients) == 1:
                meant = {claim.recipients[0][0]}
            if meant:
                _mark(connection, claim, meant, DeliveryStatus.DROPPED, f"refused by the provider: {error}")
            else:
                _halve(connection, claim)
            _give_back(connection, claim)

    def record_rejected_request(self, claim: Claim, at: datetime, *, error: str, too_large: bool) -> bool:
        """Refused as a whole: halved where it was too large, else the notice is held. Whether sending may go on."""
        with self._db.write() as connection:
            _finish(connection, claim, AttemptOutcome.REJECTED_REQUEST, at, error=error)
            may_go_on = too_large and len(claim.recipients) > 1
            if may_go_on:
                _halve(connection, claim)
            else:
                stop(connection, claim.notice_no, at, f"the provider refused the request: {error}")
            _give_back(connection, claim)
        return may_go_on

    def record_account_blocked(self, claim: Claim, at: datetime, *, error: str) -> None:
        """The account cannot send: the batch goes back untouched."""
        with self._db.write() as connection:
            _finish(connection, claim, AttemptOutcome.ACCOUNT_BLOCKED, at, error=error)
            _give_back(connection, claim)


def _finish(
    connection: Connection,
    claim: Claim,
    outcome: AttemptOutcome,
    at: datetime,
    *,
    error: str | None = None,
    provider_request_id: str | None = None,
) -> None:
    """Record the outcome of an attempt; a proof of acceptance that an event brought earlier stays."""
    open_ones = (AttemptOutcome.INTENT, AttemptOutcome.IN_DOUBT)
    query = sa.update(attempt).where(attempt.c.attempt_id == claim.attempt_id, attempt.c.outcome.in_(open_ones))
    values = {"outcome": outcome, "finished_at": at, "error": error, "provider_request_id": provider_request_id}
    connection.execute(query.values(values))


def _set_batch(connection: Connection, claim: Claim, states: Sequence[str], **values: Any) -> None:
    query = sa.update(batch).where(
        batch.c.notice_no == claim.notice_no, batch.c.batch_no == claim.batch_no, batch.c.state.in_(states)
    )
    connection.execute(query.values(values))


def _give_back(connection: Connection, claim: Claim, **values: Any) -> None:
    """Pending again; where the notice was cancelled while the request was under way, cancelled."""
    _set_batch(connection, claim, (BatchState.SENDING,), state=BatchState.PENDING, **values)
    state = connection.execute(sa.select(notice.c.state).where(notice.c.number == claim.notice_no)).scalar_one()
    if state == NoticeState.CANCELLED:
        cancel_queued(connection, claim.notice_no)


def _mark(connection: Connection, claim: Claim, seqs: Collection[int], status: DeliveryStatus, reason: str) -> None:
    query = sa.update(delivery).where(
        delivery.c.notice_no == claim.notice_no,
        delivery.c.message_no == claim.message_no,
        delivery.c.seq.in_(seqs),
        delivery.c.status.is_(None),
    )
    connection.execute(query.values(status=status, reason=reason))


def _halve(connection: Connection, claim: Claim) -> None:
    """Cut the batch in the middle of those who are still to be written to; the second half is a new batch."""
    middle = claim.recipients[len(claim.recipients) // 2][0]
    mine = (batch.c.notice_no == claim.notice_no, batch.c.batch_no == claim.batch_no)
    row = connection.execute(sa.select(batch).where(*mine)).one()
    highest = sa.select(sa.func.max(batch.c.batch_no)).where(batch.c.notice_no == claim.notice_no)
    second = {
        "notice_no": claim.notice_no,
        "batch_no": connection.execute(highest).scalar_one() + 1,
        "message_no": row.message_no,
        "first_seq": middle,
        "last_seq": row.last_seq,
        "state": BatchState.PENDING,
        "counts_from": 0,
    }
    connection.execute(batch.insert().values(second))
    connection.execute(sa.update(batch).where(*mine).values(last_seq=middle - 1))

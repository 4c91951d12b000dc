"""Whom a notice did not reach and may reach now: queued once more."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.rows import COUNTS_FOR_THEM, HAS_LEFT, AnyRow, inside_batch, of_its_batch
from notifier.ledger.schema import batch, customer, delivery
from notifier.ledger.states import LEFT_ROSTER, BatchState
from notifier.ledger.suppressions import barred
from notifier.notice.delivery import DeliveryStatus, SuppressionReason

RETRIED = (DeliveryStatus.DROPPED, DeliveryStatus.BOUNCED)
IS_GONE = sa.exists().where(customer.c.customer_id == delivery.c.customer_id, HAS_LEFT)
THERE = (delivery.c.email != "", COUNTS_FOR_THEM, ~IS_GONE)
MAY_BE_RETRIED = (delivery.c.status.in_(RETRIED), *THERE)


def requeue(connection: Connection, number: int) -> int:
    """How many they are. Everyone else in their batches gets a status of their own first, so that the batch speaks only
    for these."""
    _take_up_lifted(connection, number)
    return sum(_requeue(connection, row) for row in _batches_with(connection, number))


def _batches_with(connection: Connection, number: int) -> Sequence[AnyRow]:
    """Accepted batches in which somebody can be written to again."""
    theirs = sa.select(of_its_batch("batch_no")).where(delivery.c.notice_no == number, *MAY_BE_RETRIED)
    query = sa.select(batch).where(batch.c.notice_no == number, batch.c.state == BatchState.ACCEPTED)
    return connection.execute(query.where(batch.c.batch_no.in_(theirs))).all()


def _take_up_lifted(connection: Connection, number: int) -> None:
    """Who was suppressed by hand when it went out, and is so no longer, or had left, is one whom it can reach now."""
    lifted = delivery.c.reason.in_((SuppressionReason.MANUAL, LEFT_ROSTER))
    query = sa.select(delivery.c.message_no, delivery.c.seq, delivery.c.email)
    held_back = (delivery.c.notice_no == number, delivery.c.status == DeliveryStatus.SUPPRESSED, lifted)
    found = connection.execute(query.where(*held_back, *THERE)).all()
    still = barred(connection, ((index, row.email) for index, row in enumerate(found)))
    for row in (row for index, row in enumerate(found) if index not in still):
        one = (delivery.c.notice_no == number, delivery.c.message_no == row.message_no, delivery.c.seq == row.seq)
        connection.execute(sa.update(delivery).where(*one).values(status=DeliveryStatus.DROPPED))


def _requeue(connection: Connection, row: AnyRow) -> int:
    inside = inside_batch(row)
    connection.execute(
        sa.update(delivery).where(*inside, delivery.c.status.is_(None)).values(status=DeliveryStatus.ACCEPTED)
    )
    again = sa.update(delivery).where(*inside, *MAY_BE_RETRIED)
    queued = connection.execute(again.values(status=None, reason=None)).rowcount
    mine = (batch.c.notice_no == row.notice_no, batch.c.batch_no == row.batch_no)
    fresh = {
        "state": BatchState.PENDING,
        "not_before": None,
        "setbacks": 0,
        "counts_from": row.attempts + 1,
        "fence": row.fence + 1,  # who slept over all this has nothing to say of the second try
    }
    connection.execute(sa.update(batch).where(*mine).values(fresh))
    return queued

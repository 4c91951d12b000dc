"""The two ends of freezing: where it begins, and how those who were frozen are cut into batches."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.cluster.jobs import MOST_IN_A_JOB, defer_jobs
from notifier.ledger.journal.recipient_trees import frozen_before
from notifier.ledger.schema import batch, customer, delivery, message, notice
from notifier.ledger.states import BatchState


def begin(connection: Connection, number: int) -> int:
    """After whose number on the roster it begins; whom a run had frozen that was cut short is taken out again."""
    mine = sa.select(notice).where(notice.c.number == number)
    row = connection.execute(mine.with_for_update(key_share=True)).one()  # who lost the lock of freezing may go on
    cut, sizes = frozen_before(connection, number), sizes_of(connection, number)
    unseen = {message_no: cut.get(message_no, 0) for message_no, size in sizes.items() if size > cut.get(message_no, 0)}
    if row.frozen_at is not None or not unseen:
        return int(row.frozen_up_to)
    for message_no, seen in unseen.items():
        here = (delivery.c.notice_no == number, delivery.c.message_no == message_no)
        connection.execute(sa.delete(delivery).where(*here, delivery.c.seq > seen))
        one = sa.update(message).where(message.c.notice_no == number, message.c.message_no == message_no)
        connection.execute(one.values(recipients=seen))
    told = sa.select(sa.func.coalesce(sa.func.max(customer.c.number), 0)).where(
        customer.c.customer_id == delivery.c.customer_id, delivery.c.notice_no == number,
        customer.c.left_before.is_(None),  # who is back has a number behind others whom nobody has told
    )  # fmt: skip
    up_to = int(connection.execute(told).scalar_one())
    connection.execute(sa.update(notice).where(notice.c.number == number).values(frozen_up_to=up_to))
    return up_to


def sizes_of(connection: Connection, number: int) -> dict[int, int]:
    """How many recipients each message has."""
    query = sa.select(message.c.message_no, message.c.recipients).where(message.c.notice_no == number)
    return {row.message_no: row.recipients for row in connection.execute(query.order_by(message.c.message_no))}


def cut_batches(connection: Connection, number: int, batch_size: int) -> None:
    """Of all who are in none yet."""
    cut = frozen_before(connection, number)
    cuts = (
        (message_no, first, size)
        for message_no, size in sizes_of(connection, number).items()
        for first in range(cut.get(message_no, 0) + 1, size + 1, batch_size)
    )
    last = sa.select(sa.func.coalesce(sa.func.max(batch.c.batch_no), 0)).where(batch.c.notice_no == number)
    following = connection.execute(last).scalar_one() + 1
    rows = [
        {
            "notice_no": number,
            "batch_no": batch_no,
            "message_no": message_no,
            "first_seq": first,
            "last_seq": min(first + batch_size - 1, end),
            "state": BatchState.PENDING,
        }
        for batch_no, (message_no, first, end) in enumerate(cuts, following)
    ]
    if rows:
        connection.execute(batch.insert(), rows)
        defer_jobs(connection, number, range(following, following + len(rows), max(1, MOST_IN_A_JOB // batch_size)))

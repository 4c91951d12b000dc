"""What several parts of the ledger need of SQL, and the moves of a notice that more than one of them makes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.audit import SYSTEM, write_audit
from notifier.ledger.schema import attempt, batch, customer, delivery, notice
from notifier.ledger.states import FROZEN_ANEW, AuditAction, BatchState
from notifier.notice.delivery import DeliveryStatus, NoticeState

AnyRow = Any
"""A row of whatever columns were selected."""


def email_key(email: str) -> str:
    """What addresses are compared by."""
    return email.strip().lower()


def tags_key(tags: Iterable[str]) -> str:
    """Tags as kept in a row: equal sets are equal texts."""
    return json.dumps(sorted(tags), ensure_ascii=False)


def insert_into(connection: Connection, table: sa.Table) -> Any:
    """The dialect's own INSERT, which knows ON CONFLICT; both dialects spell it alike.

    Only the one in use is loaded: that of PostgreSQL takes as long as a short verb.
    """
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def inserted_number(connection: Connection, statement: Any) -> int:
    """Insert one row and give back the number the database chose for it."""
    key: Any = connection.execute(statement).inserted_primary_key
    return int(key[0])


def notice_number(connection: Connection, notice_id: str) -> int:
    """The row of a notice. Raises `Refused` where there is none."""
    number = connection.execute(sa.select(notice.c.number).where(notice.c.notice_id == notice_id)).scalar()
    if number is None:
        raise Refused(f"there is no notice {notice_id!r}; `notifier notice list` shows them")
    return int(number)


def inside_batch(row: AnyRow) -> tuple[sa.ColumnElement[bool], ...]:
    """The deliveries of the batch in `row`; with the table itself for `row`, of each batch of a query."""
    return (
        delivery.c.notice_no == row.notice_no,
        delivery.c.message_no == row.message_no,
        delivery.c.seq.between(row.first_seq, row.last_seq),
    )


IN_ITS_BATCH = inside_batch(batch.c)
"""What lies in the batch of the query around: one range of an index. Never the other way, nor to join the two: where
each has a batch of their own, as by SMTP, a database lays every recipient beside every batch; see `of_its_batch`."""


def of_its_batch(column: str) -> sa.ColumnElement[Any]:
    """Of a delivery: what its batch, the last that begins before it, has there; null where it was not cut yet."""
    home = batch.alias("home")
    found = sa.case((home.c.last_seq >= delivery.c.seq, home.c[column]))
    around = (home.c.notice_no == delivery.c.notice_no, home.c.message_no == delivery.c.message_no)
    query = sa.select(found).where(*around, home.c.first_seq <= delivery.c.seq).order_by(home.c.first_seq.desc())
    return query.limit(1).correlate(delivery).scalar_subquery()


def home_of(connection: Connection, row: AnyRow) -> AnyRow | None:
    """The batch that a delivery lies in: the last that begins before it; None where it was frozen and not cut yet."""
    around = (batch.c.notice_no == row.notice_no, batch.c.message_no == row.message_no, batch.c.first_seq <= row.seq)
    query = sa.select(batch).where(*around).order_by(batch.c.first_seq.desc()).limit(1)
    found = connection.execute(query).first()
    return found if found is not None and found.last_seq >= row.seq else None


def may_have_asked(row: AnyRow, home: AnyRow) -> tuple[sa.ColumnElement[bool], ...]:
    """Attempts of a delivery's batch, and of larger ones that it was cut out of since."""
    within = (attempt.c.message_no == row.message_no, attempt.c.first_seq <= row.seq, attempt.c.last_seq >= row.seq)
    return (attempt.c.notice_no == row.notice_no, *within, (attempt.c.batch_no == home.batch_no) | IS_OF_SEVERAL)


IS_OF_SEVERAL = attempt.c.last_seq > attempt.c.first_seq
"""Of an attempt: its batch may have been cut in two since."""
HAS_LEFT = customer.c.left_at.is_not(None)
HAS_MOVED = HAS_LEFT | (sa.func.lower(customer.c.email) != sa.func.lower(delivery.c.email))
IS_ELSEWHERE = sa.exists().where(customer.c.customer_id == delivery.c.customer_id, HAS_MOVED)
"""Of a delivery: the roster has another address for that person now, or they left it."""
COUNTS_FOR_THEM = delivery.c.reason.is_distinct_from(FROZEN_ANEW)
"""Of a delivery: no other one of the notice has taken its place since. One of each person does; another only where it
tells them of a policy that the first did not."""


def number_and_state(connection: Connection, notice_id: str) -> tuple[int, NoticeState]:
    """The row of a notice, and where it stands, which nobody else changes until a transaction that writes has ended.

    Raises `Refused` where there is none.
    """
    number = notice_number(connection, notice_id)
    query = sa.select(notice.c.state).where(notice.c.number == number)
    is_writing = connection.get_execution_options().get("is_writing", False)
    state = connection.execute(query.with_for_update(key_share=True) if is_writing else query).scalar_one()
    return number, NoticeState(state)


def stop(connection: Connection, number: int, at: datetime, why: str) -> None:
    """Hold a notice that is being sent; nothing is held where somebody has done so, or cancelled it."""
    query = sa.update(notice).where(notice.c.number == number, notice.c.state == NoticeState.SENDING)
    if connection.execute(query.values(state=NoticeState.HELD, why=why)).rowcount:
        write_audit(connection, AuditAction.HELD, at=at, who=SYSTEM, notice_no=number, detail=why)


def reopen(connection: Connection, number: int) -> None:
    """A finished notice is being sent again."""
    query = sa.update(notice).where(notice.c.number == number, notice.c.state == NoticeState.FINISHED)
    connection.execute(query.values(state=NoticeState.SENDING, finished_at=None))


def cancel_queued(connection: Connection, number: int) -> int:
    """Give every delivery that was never sent the status `cancelled`, and close its batch; how many there were.

    The batches are locked first: what somebody claims at this moment is sent, and not cancelled too.
    """
    waiting = sa.select(batch.c.batch_no).where(batch.c.notice_no == number, batch.c.state == BatchState.PENDING)
    connection.execute(waiting.order_by(batch.c.batch_no).with_for_update()).all()
    in_pending = of_its_batch("state") == BatchState.PENDING
    queued = sa.update(delivery).where(delivery.c.notice_no == number, delivery.c.status.is_(None), in_pending)
    spared = connection.execute(queued.values(status=DeliveryStatus.CANCELLED, reason="notice cancelled")).rowcount
    pending = sa.update(batch).where(batch.c.notice_no == number, batch.c.state == BatchState.PENDING)
    connection.execute(pending.values(state=BatchState.CANCELLED))
    return spared

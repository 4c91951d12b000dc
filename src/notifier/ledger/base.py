"""What several parts of the ledger need of SQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.schema import batch, delivery, notice

AnyRow = Any
"""A row of whatever columns were selected."""


def insert_into(connection: Connection, table: sa.Table) -> Any:
    """The dialect's own INSERT, which knows ON CONFLICT; both dialects spell it alike."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


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
"""Joins each delivery with the batch it lies in."""

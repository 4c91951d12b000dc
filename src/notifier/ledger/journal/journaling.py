"""The end of every transaction that writes: one entry with the images of all rows that it has touched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.journal.covered_tables import COVERED, CoveredTable
from notifier.ledger.journal.entries import NOTED, append
from notifier.ledger.journal.row_images import image_of, plain, raw_columns
from notifier.ledger.journal.runs_of_rows import batch_runs, delivery_runs
from notifier.ledger.journal.touched_rows import TOUCHED
from notifier.ledger.schema import batch, delivery
from notifier.proof.canonical_json import Facts
from notifier.proof.entry import EntryKind

SOURCES = sa.select(TOUCHED.c.source).distinct()


def end_journaling(connection: Connection, at: datetime) -> None:
    """Write down what this transaction did; nothing where it did nothing that the journal speaks of."""
    touched = frozenset(connection.execute(SOURCES).scalars())
    kind, facts = connection.info.pop(NOTED, (None, {}))
    if not touched and kind is None:
        return
    kinds = (covered.kind for name, covered in COVERED.items() if name in touched)
    append(connection, kind or next(kinds, EntryKind.CHANGED), {**facts, **_rows(connection, touched)}, at)
    if touched:
        connection.execute(sa.delete(TOUCHED))


def _rows(connection: Connection, touched: frozenset[str]) -> Facts:
    rows: dict[str, Any] = {}
    gone: dict[str, Any] = {}
    for name, covered in COVERED.items():
        if name not in touched:
            continue
        images = (image_of(covered, row) for row in _written(connection, covered.table, covered.key))
        if found := list(batch_runs(images) if covered.table is batch else images):
            rows[name] = found
        if lost := list(_gone(connection, covered)):
            gone[name] = lost
    if delivery.name in touched:
        rows[delivery.name] = list(delivery_runs(_deliveries(connection)))
        if erased := list(_erased(connection)):
            rows["erased"] = erased
    return {name: value for name, value in (("rows", rows), ("gone", gone)) if value}


def _written(connection: Connection, table: sa.Table, key: tuple[str, ...]) -> Iterator[Any]:
    """What stands now in the rows of this table that were touched."""
    columns = [table.c[name] for name in key]
    query = sa.select(*raw_columns(table)).select_from(TOUCHED.join(table, _same_place(columns)))
    yield from connection.execute(query.where(TOUCHED.c.source == table.name).order_by(*columns)).mappings()


def _gone(connection: Connection, covered: CoveredTable) -> Iterator[dict[str, Any]]:
    columns = [covered.table.c[name] for name in covered.key]
    places = [sa.cast(place, column.type) for place, column in zip(_places(), columns, strict=False)]
    query = sa.select(*places).where(TOUCHED.c.source == covered.table.name)
    for row in connection.execute(query.where(sa.not_(sa.exists().where(_same_place(columns))))):
        yield {column.name: plain(column.type, value) for column, value in zip(columns, row, strict=True)}


def _deliveries(connection: Connection) -> Iterator[Any]:
    columns = (delivery.c.notice_no, delivery.c.message_no, delivery.c.seq)
    said = (*columns, delivery.c.status, delivery.c.reason, delivery.c.is_possible_duplicate)
    query = sa.select(*said).select_from(TOUCHED.join(delivery, _same_place(columns)))
    ordered = query.where(TOUCHED.c.source == delivery.name).order_by(*columns)
    yield from connection.execute(ordered.execution_options(yield_per=1_000))


def _erased(connection: Connection) -> Iterator[list[Any]]:
    """[notice, message, number, key, pseudonym, leaf] of those whose salt is gone."""
    columns = (delivery.c.notice_no, delivery.c.message_no, delivery.c.seq)
    said = (*columns, delivery.c.delivery_key, delivery.c.customer_id, delivery.c.leaf)
    query = sa.select(*said).select_from(TOUCHED.join(delivery, _same_place(columns)))
    for row in connection.execute(query.where(TOUCHED.c.source == delivery.name, delivery.c.salt.is_(None))):
        yield [*row[:-1], row.leaf.hex() if row.leaf else None]


def _places() -> tuple[sa.ColumnElement[Any], ...]:
    return (TOUCHED.c.a, TOUCHED.c.b, TOUCHED.c.c)


def _same_place(columns: Any) -> sa.ColumnElement[bool]:
    pairs = zip(columns, _places(), strict=False)
    return sa.and_(*(column == sa.cast(place, column.type) for column, place in pairs))

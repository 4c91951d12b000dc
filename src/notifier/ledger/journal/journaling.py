"""The end of every transaction that writes: one entry with the images of all rows that it has touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.journal.covered_tables import COVERED, HELD, CoveredTable
from notifier.ledger.journal.entries import NOTED, append_written, by_driver, written_out
from notifier.ledger.journal.roster_sum import HAS_MOVED, roster_facts
from notifier.ledger.journal.row_images import forget_columns, image_of, plain
from notifier.ledger.journal.runs_of_rows import batch_runs, delivery_runs
from notifier.ledger.journal.touched_rows import TOUCHED
from notifier.ledger.schema import batch, customer, delivery, metadata
from notifier.proof.canonical_json import Facts, canonical_row
from notifier.proof.entry import EntryKind

DELIVERIES = ("notice_no", "message_no", "seq")
COUNTS = f"SELECT source, count(*) FROM touched GROUP BY source UNION ALL {HAS_MOVED}"  # noqa: S608  # names of ours
AT_ONCE = 1_000
STATE = ("status", "reason", "is_possible_duplicate")
LEFT = ("delivery_key", "customer_id", "leaf")
"""What is left of somebody who was erased."""


def end_journaling(connection: Connection, at: datetime) -> None:
    """Write down what this transaction did; nothing where it did nothing that the journal speaks of."""
    touched = dict(tuple(row) for row in by_driver(connection, COUNTS))
    kind, facts = connection.info.pop(NOTED, (None, {}))
    if not touched and kind is None:
        return
    if kind is EntryKind.EVENTS and not touched.keys().isdisjoint(HELD):
        kind = None  # else nobody who looks for these tables alone would find it
    if touched.pop(customer.name, 0):
        facts, kind = {**facts, **roster_facts(connection)}, kind or EntryKind.CHANGED
    kinds = (covered.kind for name, covered in COVERED.items() if name in touched)
    written = canonical_row({**facts, **_rows(connection, touched)})
    append_written(connection, kind or next(kinds, EntryKind.CHANGED), written, at)
    if touched:
        by_driver(connection, "DELETE FROM touched")


def _rows(connection: Connection, touched: Mapping[str, int]) -> Facts:
    rows: dict[str, Any] = {}
    gone: dict[str, Any] = {}
    for name, covered in COVERED.items():
        if name not in touched:
            continue
        images = [image_of(covered, row) for row in _run(connection, _written(name), touched[name])]
        if len(images) < touched[name]:
            gone[name] = list(_gone(connection, covered))
        if images:
            rows[name] = list(batch_runs(images)) if name == batch.name else images
    if delivery.name in touched:
        written, many = _written(delivery.name, *DELIVERIES, *STATE), touched[delivery.name]
        rows[delivery.name] = list(delivery_runs(_run(connection, written, many)))
        erased = _run(connection, _written(delivery.name, *DELIVERIES, *LEFT, lacking="salt"), many)
        if left := [[*row[:-1], row[-1].hex() if row[-1] else None] for row in erased]:
            rows["erased"] = left
    return {name: value for name, value in (("rows", rows), ("gone", gone)) if value}


def _run(connection: Connection, query: sa.Select[Any], many: int) -> Iterator[Any]:
    """As the driver gives it: nothing reads what stands there on the way, and nothing is compiled again.

    Of many a thousand at a time are in memory, which costs two more ways to PostgreSQL, and two after them.
    """
    sql = _compiled(query, connection.dialect.name)
    yield from by_driver(connection, sql, yield_per=AT_ONCE) if many > AT_ONCE else by_driver(connection, sql)


_compiled = cache(written_out)


@cache
def _written(name: str, *said: str, lacking: str = "") -> sa.Select[Any]:
    """What stands now in the rows of this table that were touched."""
    table = metadata.tables[name]
    columns = [table.c[one] for one in _key(name)]
    query = sa.select(*(table.c[one] for one in said or table.c.keys())).select_from(
        TOUCHED.join(table, _same_place(columns))
    )
    query = query.where(TOUCHED.c.source == name).order_by(*columns)
    return query.where(table.c[lacking].is_(None)) if lacking else query


def forget_written() -> None:
    """A table has got columns since, which its images need."""
    _written.cache_clear()
    forget_columns()


def _gone(connection: Connection, covered: CoveredTable) -> Iterator[dict[str, Any]]:
    columns = [covered.table.c[name] for name in covered.key]
    places = [sa.cast(place, column.type) for place, column in zip(_places(), columns, strict=False)]
    query = sa.select(*places).where(TOUCHED.c.source == covered.name)
    for row in connection.execute(query.where(sa.not_(sa.exists().where(_same_place(columns))))):
        yield {column.name: plain(column.type, value) for column, value in zip(columns, row, strict=True)}


def _key(name: str) -> tuple[str, ...]:
    return COVERED[name].key if name in COVERED else DELIVERIES


def _places() -> tuple[sa.ColumnElement[Any], ...]:
    return (TOUCHED.c.a, TOUCHED.c.b, TOUCHED.c.c)


def _same_place(columns: Any) -> sa.ColumnElement[bool]:
    pairs = zip(columns, _places(), strict=False)
    return sa.and_(*(column == sa.cast(place, column.type) for column, place in pairs))

"""One statement for many rows, on PostgreSQL, where the way to the server costs more than a row; on SQLite as many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.engine import Connection

from notifier.ledger.by_set.prepared import Prepared

PAGE = 1_000
PLAINLY = (
    "SET LOCAL jit = off",
    "SET LOCAL enable_hashjoin = off",
    "SET LOCAL enable_mergejoin = off",
)


def look_each_up(connection: Connection) -> None:
    """Let PostgreSQL look up each of a few thousand rows: joined otherwise, it would read a table of millions whole."""
    if connection.dialect.name == "postgresql":
        for statement in PLAINLY:
            connection.exec_driver_sql(statement)


def among(
    connection: Connection, column: sa.ColumnElement[str], values: Sequence[str]
) -> Iterator[sa.ColumnElement[bool]]:
    """Is the column one of these? All of them in one condition, or in several where a statement takes not so many."""
    if connection.dialect.name == "postgresql":
        if values:
            yield column == sa.any_(sa.bindparam(None, list(values), sa.ARRAY(sa.String)))
        return
    for start in range(0, len(values), PAGE):
        yield column.in_(values[start : start + PAGE])


def insert_new(connection: Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> int:
    """These rows, but those that are there already; all have the same columns. How many were not there.

    On SQLite, where nobody else writes meanwhile, as many as were asked for.
    """
    if not rows:
        return 0
    names = list(rows[0])
    if connection.dialect.name == "sqlite":
        _insert(table, *names).run(connection, *rows)
        return len(rows)
    columns = ", ".join(f'"{name}"' for name in names)
    inserted = connection.exec_driver_sql(
        f'INSERT INTO "{table.name}" ({columns}) SELECT * FROM {unnested(table, names)} ON CONFLICT DO NOTHING',  # noqa: S608
        tuple([row[name] for row in rows] for name in names),
    )
    return inserted.rowcount


@cache
def _insert(table: sa.Table, *names: str) -> Prepared:
    """On SQLite, of these columns, leaving out what is there."""
    from sqlalchemy.dialects import sqlite

    values: dict[str, Any] = {name: sa.bindparam(name) for name in names}
    return Prepared(sqlite.insert(table).values(values).on_conflict_do_nothing())


def unnested(table: sa.Table, names: Sequence[str]) -> str:
    """Where PostgreSQL takes rows from: a list for each of these columns, as parameters in their order."""
    of: Any = registry.load("postgresql")
    dialect = of()
    return f"unnest({', '.join(f'%s::{table.c[name].type.compile(dialect)}[]' for name in names)})"

"""All rows of one ledger into another, whatever each is in, and what shows that they are the same on both sides.

PostgreSQL takes them in by COPY. A table's digest is the sum of the hashes of its rows: the two databases sort texts
differently, and it needs no order. What a ledger says of its own schema stays its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import LedgerError
from notifier.ledger.by_set.partitions import index_room, make_room
from notifier.ledger.migrations.schema_marks import COMPATIBLE_SINCE, MOVED_TO
from notifier.ledger.schema import delivery, metadata, secret

ROWS_AT_ONCE = 2_000
OnTable = Callable[[str, int], None]
"""Called with a table's name and how many more of its rows are done."""
Digests = Mapping[str, "TableDigest"]


class TableDigest(NamedTuple):
    """How many rows there are, and the sum of their hashes."""

    rows: int = 0
    total: int = 0

    def plus(self, rows: Iterable[tuple[Any, ...]]) -> TableDigest:
        hashes = [hashlib.blake2b(repr(row).encode(), digest_size=24).digest() for row in rows]
        return TableDigest(self.rows + len(hashes), self.total + sum(map(int.from_bytes, hashes)))

    @property
    def hex(self) -> str:
        return f"{self.total % 2**192:048x}"


def count_rows(connection: Connection) -> int:
    """Of all tables."""
    queries = (sa.select(sa.func.count()).select_from(table) for table in metadata.sorted_tables)
    return sum(int(connection.execute(query).scalar_one()) for query in queries)


def copy_rows(source: Connection, target: Connection, on_table: OnTable = lambda *_: None) -> Digests:
    """Into tables that are empty, with the numbers that come next; what was read."""
    notices = source.execute(sa.select(delivery.c.notice_no).distinct()).scalars().all()
    for number in notices:
        make_room(target, number)
    take = _copied_in if target.dialect.name == "postgresql" else _inserted
    found = digests_of(source, on_table, partial(take, target))
    for number in notices:
        index_room(target, number)
    _move_numbers(source, target)
    return found


def replace_rows(source: Connection, target: Connection, on_table: OnTable = lambda *_: None) -> Digests:
    """The same in place of what is in a ledger on PostgreSQL."""
    for table in reversed(metadata.sorted_tables):
        target.execute(sa.delete(table).where(*_not_its_own(table)))
    return copy_rows(source, target, on_table)


def digests_of(
    connection: Connection, on_table: OnTable = lambda *_: None, take: Callable[..., None] = lambda *_: None
) -> Digests:
    """Of every table, as its rows are read; `take` gets them with it."""
    found = {}
    for table in metadata.sorted_tables:
        digest = TableDigest()
        for rows in _pages(connection, table):
            take(table, rows)
            digest = digest.plus(rows)
            on_table(table.name, len(rows))
        found[table.name] = digest
    return found


def _not_its_own(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    return (secret.c.name.not_in((COMPATIBLE_SINCE, MOVED_TO)),) if table is secret else ()


def _pages(connection: Connection, table: sa.Table) -> Iterator[list[tuple[Any, ...]]]:
    query = sa.select(table).where(*_not_its_own(table)).execution_options(yield_per=ROWS_AT_ONCE)
    for rows in connection.execute(query).partitions():
        yield list(map(tuple, rows))


def _inserted(target: Connection, table: sa.Table, rows: list[tuple[Any, ...]]) -> None:
    names = table.c.keys()
    target.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in rows])


def _copied_in(target: Connection, table: sa.Table, rows: list[tuple[Any, ...]]) -> None:
    import psycopg

    names = psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, table.c.keys()))
    into = psycopg.sql.SQL("COPY {} ({}) FROM STDIN").format(psycopg.sql.Identifier(table.name), names)
    raw = cast("psycopg.Connection", target.connection.driver_connection)
    try:
        with raw.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        said = error.diag.message_primary or str(error)  # without the row, which may name somebody
        raise LedgerError(f"{table.name}: PostgreSQL does not take a row of it: {said}") from None


def _move_numbers(source: Connection, target: Connection) -> None:
    """The next number of each table is the one after the last that was ever given, though its row is gone."""
    for table in metadata.sorted_tables:
        (key, *more) = table.primary_key
        if not more and isinstance(key.type, sa.Integer) and key.autoincrement is not False:
            largest = int(target.execute(sa.select(sa.func.coalesce(sa.func.max(key), 0))).scalar_one())
            _set_next(target, table, key.name, max(largest, _last_given(source, table, key.name)))


def _last_given(source: Connection, table: sa.Table, key: str) -> int:
    if source.dialect.name == "postgresql":
        sequence = source.execute(sa.select(sa.func.pg_get_serial_sequence(table.name, key))).scalar()
        query = sa.text("SELECT pg_sequence_last_value(CAST(:name AS regclass))").bindparams(name=sequence)
    elif table.dialect_options["sqlite"]["autoincrement"]:
        query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name").bindparams(name=table.name)
    else:
        return 0
    return int(source.execute(query).scalar() or 0)


def _set_next(target: Connection, table: sa.Table, key: str, last: int) -> None:
    if target.dialect.name == "postgresql":
        sequence = target.execute(sa.select(sa.func.pg_get_serial_sequence(table.name, key))).scalar()
        target.execute(sa.select(sa.func.setval(sequence, last + 1, sa.false())))
    elif table.dialect_options["sqlite"]["autoincrement"] and last:
        target.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        values = {"name": table.name, "last": last}
        target.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), values)

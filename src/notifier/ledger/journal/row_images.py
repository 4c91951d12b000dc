"""A row as the journal writes it down, made from what the database itself holds: nothing is tidied on the way."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.journal.covered_tables import SALT, CoveredTable
from notifier.ledger.schema import UtcDateTime
from notifier.proof.entry import instant
from notifier.proof.salted_hash import SALT_BYTES, salted_hash

LENGTH_OF_INSTANT = len("2026-03-01 12:00:00.000000")
SEALED = "sealed"
Image = Mapping[str, Any]


@cache
def raw_columns(table: sa.Table) -> tuple[sa.ColumnElement[Any], ...]:
    """A table's columns, without SQLAlchemy's reading of what stands in them, which may fail."""
    return tuple(sa.type_coerce(column, sa.types.NullType()).label(column.name) for column in table.columns)


def raw_rows(connection: Connection, table: sa.Table, *among: sa.ColumnElement[bool]) -> Iterator[Any]:
    """Rows of a table in the order of its key, a thousand at a time in memory."""
    query = _all_of(table)
    yield from connection.execute(query.where(*among) if among else query)


@cache
def _all_of(table: sa.Table) -> sa.Select[Any]:
    """Said once: of a statement that is there SQLAlchemy knows its key, which takes it longer than to ask."""
    query = sa.select(*raw_columns(table)).order_by(*table.primary_key)
    return query.execution_options(yield_per=1_000)


def forget_columns() -> None:
    """A table has got columns since."""
    raw_columns.cache_clear()
    _all_of.cache_clear()
    _columns.cache_clear()


def image_of(covered: CoveredTable, row: Any) -> dict[str, Any]:
    """What the journal says of this row, which has all columns of its table, in their order."""
    key, sealed = covered.key, (*covered.sealed, SALT)
    values = dict(zip(covered.table.c.keys(), row, strict=True)) if covered.sealed else {}
    salt = _bytes(values.get(SALT))
    image: dict[str, Any] = {}
    for (name, kind, default, as_they_are), value in zip(_columns(covered.table), row, strict=True):
        if value is None and name not in key:  # as nearly half of them are
            continue
        said = value if value is None or type(value) in as_they_are else plain(kind, value)
        goes_without_saying = (said is None or said == default) and name not in key
        if not goes_without_saying and not (salt and name in sealed):
            image[name] = _digest(value) if name in covered.by_hash else said
    if salt:
        image[SEALED] = _seal(salt, [plain(covered.table.c[name].type, values[name]) for name in covered.sealed])
    return image


def plain_row(table: sa.Table, row: Any) -> list[Any]:
    """All columns of a row as JSON has them, in their order."""
    return [
        value if value is None or type(value) in as_they_are else plain(kind, value)
        for (_, kind, _, as_they_are), value in zip(_columns(table), row, strict=True)
    ]


def plain(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    """A value as JSON has it. What no program of ours wrote is left as it is, and will differ."""
    if value is None:
        return None
    if isinstance(kind, sa.Boolean) and value in (0, 1):
        return bool(value)
    if isinstance(kind, UtcDateTime) and isinstance(value, str) and len(value) == LENGTH_OF_INSTANT:
        return f"{value[:10]}T{value[11:]}Z" if value[10] == " " else value
    if isinstance(value, dt.datetime):
        return instant(value if value.tzinfo else value.replace(tzinfo=dt.UTC))
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value


@cache
def _columns(table: sa.Table) -> tuple[tuple[str, sa.types.TypeEngine[Any], Any, tuple[type, ...]], ...]:
    """Of each its name, type, value that goes without saying, and which values JSON has as they are."""
    return tuple((column.name, column.type, default_of(column), _as_they_are(column.type)) for column in table.columns)


def _as_they_are(kind: sa.types.TypeEngine[Any]) -> tuple[type, ...]:
    if isinstance(kind, sa.Boolean):
        return ()
    return (int,) if isinstance(kind, UtcDateTime) else (str, int)


def default_of(column: sa.Column[Any]) -> Any:
    """The value where nobody says anything; None where there is none, as None is never said."""
    said: Any = column.server_default
    if said is None:
        return None
    if isinstance(said.arg, sa.sql.elements.False_):
        return False
    return int(said.arg) if isinstance(column.type, sa.Integer) else said.arg


def _bytes(salt: Any) -> bytes:
    """A salt as it is, or as hex digits."""
    try:
        return bytes.fromhex(salt) if isinstance(salt, str) else bytes(salt or b"")
    except ValueError:
        return b""


def _seal(salt: bytes, values: list[Any]) -> str:
    return salted_hash(salt, values) if len(salt) >= SALT_BYTES else ""


def _digest(value: Any) -> str:
    return hashlib.sha256(value if isinstance(value, bytes) else str(value).encode()).hexdigest()

"""The company's own database, asked for its customers: one SELECT, read by a cursor on the server, and nothing written.

Whatever it says in anger names the place and the mend, and shows neither the password nor anybody's address.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError

from notifier.errors import CustomerError, RosterAway

CONNECT_SECONDS = 15
STAYS_SILENT = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""A server that is gone without a word is lost after a minute, and no run waits for it for hours; a slow one is not."""
ROWS_AT_ONCE = 5_000
ADDRESS = re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:=]+")
SERVERS_SAY_ONLY_READ: Mapping[str, str] = {
    "postgresql": "SET TRANSACTION READ ONLY",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "oracle": "SET TRANSACTION READ ONLY",
    "sqlite": "PRAGMA query_only = ON",
}
"""How each is told, before the query, that nothing may be written."""
IS_LOST = ("57P0", "08", "53")
"""Beginnings of SQLSTATE: the server is away, shuts down, or lets nobody in."""
Row = Sequence[str]


class _Source(NamedTuple):
    """Where it is, for words about it."""

    url: URL

    @contextmanager
    def translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            said = " ".join(str(error.orig).split())
            hidden = said.replace(str(self.url.password), "***") if self.url.password else said
            words = f"{self.url.render_as_string(hide_password=True)}: {ADDRESS.sub('<address>', hidden)}"
            if _is_away(error):
                raise RosterAway(words) from None
            raise CustomerError(f"customers.query: {words}") from None


@contextmanager
def company_rows(url: str, query: str) -> Iterator[tuple[tuple[str, ...], Iterator[Row]]]:
    """The names of the query's columns, and its rows as texts, while it is open.

    Raises `CustomerError` for what a person must mend, `RosterAway` where the database cannot be reached or is lost.
    """
    where = _checked(url)
    place = _Source(make_url(url))
    with place.translated():
        engine = _engine(where)
        try:
            with engine.connect() as connection:
                result = _ask(connection, query)
                yield tuple(result.keys()), _texts(result, place)
        finally:
            engine.dispose()


def _checked(url: str) -> URL:
    try:
        where = make_url(url)
    except ArgumentError as error:
        raise CustomerError("customers.url: not a URL; write it as in postgresql://reader@host/shop") from error
    backend = where.get_backend_name()
    if backend not in SERVERS_SAY_ONLY_READ:
        known = ", ".join(sorted(SERVERS_SAY_ONLY_READ))
        raise CustomerError(f"customers.url: {backend} knows no transaction that only reads; there are {known}")
    if backend == "postgresql":
        return where.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return where.set(database=f"file:{where.database}", query={"mode": "ro", "uri": "true"})
    return where


def _engine(where: URL) -> Engine:
    patience: dict[str, dict[str, Any]] = {
        "postgresql": {
            "connect_timeout": CONNECT_SECONDS,
            "options": "-c default_transaction_read_only=on",
            **STAYS_SILENT,
        },
        "mysql": {"connect_timeout": CONNECT_SECONDS},
        "mariadb": {"connect_timeout": CONNECT_SECONDS},
    }
    try:
        return sa.create_engine(where, hide_parameters=True, connect_args=patience.get(where.get_backend_name(), {}))
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise CustomerError(f"customers.url: {where.drivername} needs a driver that is not there: {error}") from error


def _ask(connection: Connection, query: str) -> sa.CursorResult[Any]:
    dialect = connection.dialect
    connection.exec_driver_sql(SERVERS_SAY_ONLY_READ[dialect.name])
    if dialect.name == "postgresql":
        _take_days_as_written(connection)
    written = query.replace("%", "%%") if dialect.paramstyle in ("format", "pyformat") else query
    return connection.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE).exec_driver_sql(written)


def _take_days_as_written(connection: Connection) -> None:
    """`infinity`, or a year that Python has not, is one row's and must not end the list of all."""
    from psycopg.types.string import TextLoader

    adapters: Any = getattr(connection.connection.driver_connection, "adapters")  # noqa: B009  # untyped by SQLAlchemy
    for kind in ("date", "timestamp", "timestamptz"):
        adapters.register_loader(kind, TextLoader)


def _texts(result: sa.CursorResult[Any], place: _Source) -> Iterator[Row]:
    with place.translated():
        for row in result:
            yield [text_of(value) for value in row]


def text_of(value: Any) -> str:
    """A value as a roster's file would have it; of several, as of tags, each with a space between."""
    if isinstance(value, str):
        return _listed(value) if value[:1] == "[" else value
    if value is None:
        return ""
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(map(text_of, value))
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode(errors="surrogateescape")
    isoformat: Callable[[], str] | None = getattr(value, "isoformat", None)
    return isoformat() if isoformat else str(value)


def _listed(value: str) -> str:
    """`["chat", "beta"]`, as databases without arrays keep them."""
    try:
        found = json.loads(value)
    except ValueError:
        return value
    return " ".join(map(text_of, found)) if isinstance(found, list) else value


def _is_away(error: DBAPIError) -> bool:
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state:
        return state.startswith(IS_LOST)
    has_answered = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR or "syntax" in str(error.orig)
    return error.connection_invalidated or (isinstance(error, OperationalError | InterfaceError) and not has_answered)

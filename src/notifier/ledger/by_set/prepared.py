"""Statements that are run for every batch or request: compiled once, then given to the driver as it takes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect


@dataclass(frozen=True, slots=True)
class Prepared:
    """Of a small statement what SQLAlchemy does to run it is the most. Rows come back as the driver has them."""

    statement: sa.Executable
    _written: dict[str, Written] = field(default_factory=dict)

    def run(self, connection: Connection, *given: Mapping[str, Any]) -> Any:
        """Once for each of these values by name; with one it gives rows to iterate over, `fetchone` and `fetchall`."""
        name = connection.dialect.name
        written = self._written.get(name)
        if written is None:
            written = self._written[name] = Written.of(self.statement, connection.dialect)
        rows = [written.values(each) for each in given]
        driver: Any = connection.connection.driver_connection
        if len(rows) == 1:
            return driver.execute(written.sql, rows[0])
        return (driver if name == "sqlite" else driver.cursor()).executemany(written.sql, rows)


@dataclass(frozen=True, slots=True)
class ByKeys:
    """Rows whose column is one of some texts, however many: one statement, which lists them in one value."""

    query: sa.Select[Any]
    column: sa.ColumnElement[Any]
    _prepared: dict[str, Prepared] = field(default_factory=dict)

    def run(self, connection: Connection, keys: Collection[str]) -> list[Any]:
        """As the driver has them."""
        is_sqlite = connection.dialect.name == "sqlite"
        prepared = self._prepared.get(connection.dialect.name)
        if prepared is None:
            prepared = self._prepared[connection.dialect.name] = self._listed(is_sqlite=is_sqlite)
        listed = json.dumps(list(keys)) if is_sqlite else list(keys)
        found: list[Any] = prepared.run(connection, {"keys": listed}).fetchall()
        return found

    def _listed(self, *, is_sqlite: bool) -> Prepared:
        keys = sa.bindparam("keys", type_=sa.String() if is_sqlite else sa.ARRAY(sa.String))
        each = sa.func.json_each(keys).table_valued("value")
        among = self.column.in_(sa.select(each.c.value)) if is_sqlite else self.column == sa.any_(keys)
        return Prepared(self.query.where(among))


def instant_of(value: Any) -> Any:
    """An instant as a driver has it; None stays."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value and value.astimezone(UTC)


class Written(NamedTuple):
    """A statement in one dialect, and how it wants its values."""

    sql: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    converted: Mapping[str, Callable[[Any], Any]]
    is_by_place: bool

    @classmethod
    def of(cls, statement: sa.Executable, dialect: Dialect) -> Written:
        compiled: Any = cast("Any", statement).compile(dialect=dialect)
        types = {name: one.type.dialect_impl(dialect) for name, one in compiled.binds.items()}
        convert = {name: made for name, kind in types.items() if (made := kind.bind_processor(dialect)) is not None}
        fixed = {name: convert[name](said) if name in convert else said for name, said in compiled.params.items()}
        names = tuple(compiled.positiontup or compiled.binds)
        return cls(compiled.string, names, fixed, convert, compiled.positiontup is not None)

    def values(self, given: Mapping[str, Any]) -> Any:
        """As the driver takes them."""
        said = {**self.fixed, **given}
        for name, convert in self.converted.items():
            if name in given:
                said[name] = convert(given[name])
        return tuple([said[name] for name in self.names]) if self.is_by_place else said

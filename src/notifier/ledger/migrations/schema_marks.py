"""What a ledger says of its own schema: which it has, whose processes may use it, and whether it was moved away.

Read before every write, as the schema may change under a process that runs: one of the version before goes on, and
writes no column that it does not know; one that is too old, or whose ledger was moved, is told so and must end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import LedgerError, LedgerOutgrown
from notifier.ledger.journal.covered_tables import COVERED
from notifier.ledger.journal.journaling import forget_written
from notifier.ledger.schema import UtcDateTime, metadata, secret

COMPATIBLE_SINCE, MOVED_TO = "compatible-since", "moved-to"
"""Rows of `secret`, which the journal leaves out; the first says of which schema it speaks, and since which one."""
VALUE = "(SELECT value FROM secret WHERE name = '{}')"
QUERY = (
    f"SELECT version_num, {VALUE.format(COMPATIBLE_SINCE)}, {VALUE.format(MOVED_TO)} "  # noqa: S608  # names of ours
    "FROM alembic_version"
)


@dataclass(frozen=True, slots=True)
class SchemaMarks:
    """As a transaction sees them."""

    version: str
    compatible_since: str | None
    moved_to: str | None

    def check(self, head: str, place: str) -> None:
        """Raise where a process that knows `head` may not use the ledger any more."""
        if self.moved_to:
            raise LedgerOutgrown(
                f"{place}: was moved to {self.moved_to}; set ledger.url to that, this one is kept as it was"
            )
        if self.version > head and not self._is_open_to(head):
            raise LedgerOutgrown(
                f"{place}: made by a newer Notifier (schema {self.version}, this one knows {head}); "
                "update Notifier to open it"
            )

    def _is_open_to(self, head: str) -> bool:
        speaks_of, _, oldest = (self.compatible_since or "").partition(" ")
        return speaks_of == self.version and oldest <= head


def since(version: str, compatible_since: str) -> str:
    """How the first of them is written: it speaks of this schema and no later one."""
    return f"{version} {compatible_since}"


def read_marks(connection: Connection) -> SchemaMarks:
    """Of a ledger that has the schema of 0004 or later."""
    return SchemaMarks(*the_only(connection, connection.exec_driver_sql(QUERY).all()))


def version_there(connection: Connection) -> str | None:
    """Which schema a database has; None where nothing is."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return str(the_only(connection, connection.exec_driver_sql("SELECT version_num FROM alembic_version").all())[0])


def the_only(connection: Connection, rows: Sequence[Any]) -> Any:
    """The one row by which a ledger says its schema: where it is gone, nobody can know what the tables mean."""
    if len(rows) == 1:
        return rows[0]
    place = connection.engine.url.render_as_string(hide_password=True)
    raise LedgerError(
        f"{place}: damaged: its table alembic_version has {len(rows)} rows in place of the one that says which schema "
        "it has; bring a copy back: notifier restore FILE"
    )


def mark(connection: Connection, name: str, value: str) -> None:
    """Set one of them."""
    if not connection.execute(sa.update(secret).where(secret.c.name == name).values(value=value)).rowcount:
        connection.execute(sa.insert(secret).values(name=name, value=value))


def learn_columns(connection: Connection) -> None:
    """Take up what a newer version has added to the tables of the journal: its images need every column of a row."""
    there = sa.inspect(connection)
    for name in COVERED:
        table = metadata.tables[name]
        for column in there.get_columns(name):
            if column["name"] not in table.c:
                table.append_column(_as_of_ours(column))
    forget_written()
    connection.engine.clear_compiled_cache()


def _as_of_ours(column: Any) -> sa.Column[Any]:
    """A column that was found, as the schema would have it."""
    kind, default = column["type"], column["default"]
    if isinstance(kind, sa.DateTime):
        return sa.Column(column["name"], UtcDateTime)
    constant = None if default is None else default.split("::")[0].strip("'")
    is_false = isinstance(kind, sa.Boolean) and constant in ("false", "0")
    return sa.Column(column["name"], kind, server_default=sa.false() if is_false else constant)

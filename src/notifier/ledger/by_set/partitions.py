"""On PostgreSQL each notice's recipients lie in a partition of their own, made when they are frozen and dropped whole.

A partition is made beside the table and attached, which no reader has to wait for. Its indexes are its own: a key is
looked up in each partition, which costs little, and those that nobody needs while recipients are frozen are built at
the end, in one go. On SQLite there is one table, and nothing of this happens.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateIndex

from notifier.ledger.schema import delivery

HAS_ROOM = sa.text(
    "SELECT EXISTS (SELECT 1 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = "
    "to_regclass('delivery') AND pg_get_expr(c.relpartbound, c.oid) ~ ('\\m' || CAST(:number AS text) || '\\M'))"
)
"""A partition of its own, or one with others from before there were any."""
PATIENCE = "2s"
"""So long may a partition's end keep new readers waiting behind one who still reads."""
PARTIAL = {"delivery_status": "status IS NOT NULL", "delivery_duplicate": "is_possible_duplicate"}
"""Of which rows an index is, where that is not all."""


def make_room(connection: Connection, number: int) -> None:
    """A partition for this notice's recipients, unless they have a place already."""
    if connection.dialect.name == "sqlite" or connection.execute(HAS_ROOM, {"number": number}).scalar():
        return
    name = _name(number)
    for statement in (
        f"CREATE TABLE {name} (LIKE {delivery.name} INCLUDING DEFAULTS, PRIMARY KEY (notice_no, message_no, seq), "
        f"CHECK (notice_no = {number}))",
        f"ALTER TABLE {delivery.name} ATTACH PARTITION {name} FOR VALUES IN ({number})",
    ):
        connection.exec_driver_sql(statement)


def index_room(connection: Connection, number: int) -> None:
    """The partition's own indexes, once everybody is in it."""
    name = _name(number)
    if connection.dialect.name == "sqlite" or not _exists(connection, name):
        return
    partition = delivery.to_metadata(sa.MetaData(), name=name)
    for index in partition.indexes:
        if rows := PARTIAL.get(str(index.name)):
            index.dialect_options["postgresql"]["where"] = sa.text(rows)
        index.name = sa.quoted_name(f"{name}_{str(index.name).removeprefix('delivery_')}", quote=None)
        connection.execute(CreateIndex(index, if_not_exists=True))
    connection.exec_driver_sql(f"ANALYZE {name}")


def clear_room(connection: Connection, number: int) -> None:
    """Take every recipient of this notice away: its own partition, where nobody is reading there, else the rows."""
    name = _name(number)
    if connection.dialect.name == "sqlite" or not _exists(connection, name):
        connection.execute(sa.delete(delivery).where(delivery.c.notice_no == number))
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            connection.exec_driver_sql(f"DROP TABLE {name}")
    except OperationalError:  # somebody reads, for longer than others should wait for them
        connection.execute(sa.delete(delivery).where(delivery.c.notice_no == number))


def _name(number: int) -> str:
    return f"{delivery.name}_{number}"


def _exists(connection: Connection, name: str) -> bool:
    return connection.execute(sa.select(sa.func.to_regclass(name))).scalar() is not None

"""Which rows a transaction has written, noted by triggers: no write of ours can forget to say so.

The triggers work in our own connections only: on SQLite they are temporary, on PostgreSQL they do nothing where the
session has no table to note rows in. What somebody else writes into the ledger is noted nowhere, and found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, String
from sqlalchemy.engine import Connection

from notifier.ledger.journal import roster_sum
from notifier.ledger.journal.covered_tables import COVERED
from notifier.ledger.journal.entries import NOTED
from notifier.ledger.schema import customer, delivery

TOUCHED = sa.Table("touched", sa.MetaData(), Column("source", String), *(Column(name, String) for name in "abc"))
CHANGES = ("INSERT", "UPDATE", "DELETE")
CHANGES_OF_DELIVERIES = ("UPDATE",)
"""Recipients are frozen by the million, and what freezes them says so itself; so does what takes them away."""
FUNCTION = """
CREATE OR REPLACE FUNCTION notifier_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_regclass('pg_temp.touched') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    EXECUTE 'INSERT INTO pg_temp.touched SELECT ' || TG_ARGV[0] || ' FROM rows_before ON CONFLICT DO NOTHING';
  END IF;
  IF TG_OP <> 'DELETE' THEN
    EXECUTE 'INSERT INTO pg_temp.touched SELECT ' || TG_ARGV[0] || ' FROM rows_after ON CONFLICT DO NOTHING';
  END IF;
  RETURN NULL;
END $$
"""
"""Called once a statement, however many rows that writes."""
FUNCTIONS = f"{FUNCTION};\n{roster_sum.FUNCTION}"
TRIGGERS_THERE = """
SELECT c.relname AS name, t.tgname AS trigger, pg_get_triggerdef(t.oid, true) AS definition
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname LIKE 'notifier\\_touch%%' AND c.relnamespace = to_regnamespace(current_schema()) AND t.tgparentid = 0
"""
SIDES = {
    "INSERT": "NEW TABLE AS rows_after",
    "UPDATE": "OLD TABLE AS rows_before NEW TABLE AS rows_after",
    "DELETE": "OLD TABLE AS rows_before",
}
SQLITE_TABLE = """
CREATE TEMP TABLE touched (source TEXT NOT NULL, a NOT NULL, b NOT NULL, c NOT NULL, PRIMARY KEY (source, a, b, c))
WITHOUT ROWID;
"""
POSTGRESQL_TABLE = """
CREATE TEMP TABLE touched (source text NOT NULL, a text NOT NULL, b text NOT NULL, c text NOT NULL,
PRIMARY KEY (source, a, b, c))
"""
"""Emptied by whoever reads it: by PostgreSQL at each commit, that took as long as to claim a batch. What is deleted
still takes room, until the table is new."""
GONE = f"DROP TABLE IF EXISTS pg_temp.touched, pg_temp.{roster_sum.MOVED}"
NOTE = "INSERT OR IGNORE INTO touched VALUES ({});"
WATCHED = "watched"
"""How many transactions of a connection were."""
NEW_EVERY = 1_000


def watch(connection: Connection) -> None:
    """Note from now on what this connection writes; before its transaction begins."""
    connection.info.pop(NOTED, None)  # of a transaction that was rolled back
    before = connection.info.get(WATCHED, 0)
    if before and (before % NEW_EVERY or connection.dialect.name == "sqlite"):
        connection.info[WATCHED] = before + 1
        return
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.driver_connection
        roster_sum.prepare(raw)
        raw.executescript(_sqlite_script())
    else:
        connection.exec_driver_sql(f"{GONE};\n{POSTGRESQL_TABLE};\n{roster_sum.POSTGRESQL_TABLE}")
        connection.commit()
    connection.info[WATCHED] = before + 1


def forget_watch(connection: Connection) -> None:
    """Note nothing of this connection's on PostgreSQL, until it is watched again."""
    if connection.dialect.name == "postgresql" and connection.info.pop(WATCHED, 0):
        connection.exec_driver_sql(GONE)


def trigger_statements(connection: Connection) -> Iterator[str]:
    """On PostgreSQL, after every migration: a trigger for each covered table, where it is not there as it should be.

    One that is there costs its table no lock, while others write to it.
    """
    if connection.dialect.name == "sqlite":
        return
    yield FUNCTIONS
    there = {(row.name, row.trigger): row.definition for row in connection.exec_driver_sql(TRIGGERS_THERE)}
    for name, key, changes in _watched():
        if (name, "notifier_touch") in there:  # once for each row, as it was
            yield f"DROP TRIGGER notifier_touch ON {name}"
        places = ", ".join([f"'{name}'", *(f"{column}::text" for column in key), *["''"] * (3 - len(key))])
        quoted = places.replace("'", "''")
        yield from _of_table(name, f"notifier_touch('{quoted}')", changes, there)
    yield from _of_table(customer.name, "notifier_roster()", roster_sum.CHANGES, there)


def _of_table(name: str, call: str, changes: tuple[str, ...], there: Mapping[tuple[str, str], str]) -> Iterator[str]:
    for change in changes:
        trigger = f"notifier_touch_{change.lower()}"
        definition = (
            f"CREATE TRIGGER {trigger} AFTER {change} ON {name} REFERENCING {SIDES[change]} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {call}"
        )
        if there.get((name, trigger)) != definition:
            yield f"DROP TRIGGER IF EXISTS {trigger} ON {name}"
            yield definition


def _watched() -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Each table, what its rows are known by, and which changes are noted."""
    for name, covered in COVERED.items():
        yield name, covered.key, CHANGES
    yield delivery.name, tuple(column.name for column in delivery.primary_key), CHANGES_OF_DELIVERIES


@cache
def _sqlite_script() -> str:
    lines = [SQLITE_TABLE]
    for name, key, changes in _watched():
        for change in changes:
            sides = [side for side in ("OLD", "NEW") if (side, change) not in (("OLD", "INSERT"), ("NEW", "DELETE"))]
            notes = " ".join(NOTE.format(_place(name, key, side)) for side in sides)
            lines.append(f"CREATE TEMP TRIGGER touch_{name}_{change} AFTER {change} ON main.{name} BEGIN {notes} END;")
    lines += roster_sum.sqlite_triggers()
    return "\n".join(lines)


def _place(name: str, key: tuple[str, ...], side: str) -> str:
    columns = [f"{side}.{column}" for column in key]
    return ", ".join([f"'{name}'", *columns, *["''"] * (3 - len(key))])

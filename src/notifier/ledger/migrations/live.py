"""A schema change that a ledger in use survives: step by step, each in a short transaction that waits for nobody long.

On PostgreSQL a change needs its tables for itself for a moment. Whoever waits for that has everybody else wait behind
it, so each statement gives up after `LOCK_TIMEOUT`, its step is rolled back, and tried again a little later.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from notifier.errors import LedgerError
from notifier.ledger.cluster.jobs import install_jobs
from notifier.ledger.journal.beginning import begin_journal, begin_roster
from notifier.ledger.journal.touched_rows import trigger_statements
from notifier.ledger.migrations.schema_marks import COMPATIBLE_SINCE, mark, since, version_there
from notifier.ledger.migrations.steps import SchemaStep, pending, sql_of, upgrade

LOCK_TIMEOUT = "2s"
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0
OTHERS_ARE_IN_THE_WAY = frozenset({"55P03", "40P01"})
"""A lock that was not to be had, a deadlock: SQLSTATE."""
MIGRATION_LOCK = 0x6E6F746D
"""So that two processes of a new version, started together, take turns ("notm")."""
ROWS_ARE_HASHED_BEFORE = "0009"
"""Steps up to this one compute hashes and salts, which SQL alone cannot."""

Write = Callable[[], AbstractContextManager[Connection]]
ALONE = f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"
TIMEOUT = f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"


def migrate(write: Write, steps: tuple[SchemaStep, ...], *, at_once: bool, patience_s: float) -> None:
    """Take these steps, in turns with whoever else does; `at_once`: where nobody can use the ledger meanwhile anyway.

    Raises LedgerError where the locks are not to be had.
    """
    for step in steps[-1:] if at_once else steps:
        _patiently(lambda step=step: _take(write, step, is_last=step is steps[-1]), patience_s)  # type: ignore[misc]


def script(dialect: str, version: str | None, triggers: Iterable[str]) -> Iterator[str]:
    """The SQL of what is pending, piece by piece, to be read before. Raises LedgerError where SQL is not enough."""
    if version is not None and version < ROWS_ARE_HASHED_BEFORE:
        raise LedgerError(
            f"schema {version}: its rows need hashes and salts that SQL alone cannot make: notifier migrate"
        )
    before, steps = version, pending(version)
    for step in steps:
        yield f"-- {step.version}: {step.says}\n-- beside it go on: processes from {step.compatible_since}\nBEGIN;"
        if dialect == "postgresql":
            yield f"{TIMEOUT};\n{ALONE};"
        yield sql_of(step, before, dialect)
        if step is steps[-1]:
            yield from (f"{statement.strip()};" for statement in triggers)
        yield f"{_mark_in_sql(step)}\nCOMMIT;\n" if step.version >= "0004" else "COMMIT;\n"
        before = step.version


def _since(step: SchemaStep) -> str:
    return since(step.version, step.compatible_since)


def _mark_in_sql(step: SchemaStep) -> str:
    return (
        f"DELETE FROM secret WHERE name = '{COMPATIBLE_SINCE}';\n"  # noqa: S608  # words of ours
        f"INSERT INTO secret (name, value) VALUES ('{COMPATIBLE_SINCE}', '{_since(step)}');"
    )


def _take(write: Write, step: SchemaStep, *, is_last: bool) -> None:
    with write() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(TIMEOUT)
            connection.exec_driver_sql(ALONE)
        if _has(connection, step.version):
            return
        upgrade(connection, step.version)
        if step.version >= "0004":
            mark(connection, COMPATIBLE_SINCE, _since(step))
        if is_last:
            for statement in trigger_statements(connection):
                connection.exec_driver_sql(statement)
            begin_journal(connection, datetime.now(UTC))
            begin_roster(connection, datetime.now(UTC))
            install_jobs(connection)


def _has(connection: Connection, version: str) -> bool:
    """Has another process taken this step meanwhile?"""
    there = version_there(connection)
    return there is not None and there >= version


def _patiently(act: Callable[[], None], patience_s: float) -> None:
    until, pause = time.monotonic() + patience_s, FIRST_PAUSE_S
    while True:
        try:
            return act()
        except LedgerError as error:
            if not _is_in_the_way(error):
                raise
            if time.monotonic() + pause > until:
                raise LedgerError(
                    f"{error}; the schema could not be changed within {patience_s:g} s, as somebody else's transaction "
                    "holds a table; nothing was changed by that step: notifier migrate once it is over"
                ) from error
        time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  # so that two do not meet again
        pause = min(pause * 2, LONGEST_PAUSE_S)


def _is_in_the_way(error: LedgerError) -> bool:
    cause = error.__cause__
    return isinstance(cause, DBAPIError) and getattr(cause.orig, "sqlstate", None) in OTHERS_ARE_IN_THE_WAY

"""A schema change while others use the ledger: it waits for nobody long, rewrites nothing, and tells who must end."""

from __future__ import annotations

import ast
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

import notifier.ledger.migrations.versions
from notifier.errors import LedgerBehind, LedgerError, LedgerOutgrown
from notifier.ledger import Ledger
from notifier.ledger.database import HEAD, Database
from notifier.ledger.journal.touched_rows import trigger_statements
from notifier.ledger.journal.verification import examine_journal
from notifier.ledger.migrations import live
from notifier.ledger.migrations.steps import SchemaStep, pending
from tests.databases import empty_database, empty_schema
from tests.ledger.test_database import as_released, differences
from tests.scenes import NOON

MIGRATIONS = Path(next(iter(notifier.ledger.migrations.versions.__path__)))
GROWING = ("customer", "delivery", "event", "batch", "attempt", "posting", "notice", "message")


@pytest.fixture
def released(postgres_url: str) -> Iterator[str]:
    """A ledger on PostgreSQL as the first version left it."""
    empty_schema(postgres_url)
    as_released(postgres_url)
    yield postgres_url
    empty_schema(postgres_url)
    Ledger.open(postgres_url).close()


def files_of(url: str, *tables: str) -> set[int]:
    """The files in which these tables, or all, keep their rows."""
    with connected(url) as connection:
        rows = connection.execute("SELECT relfilenode, relname FROM pg_class WHERE relkind = 'r'").fetchall()
    return {file for file, name in rows if not tables or name in tables}


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        yield connection


def schema_of(url: str) -> str | None:
    with closing(Database.unprepared(url)) as database:
        return database.schema()


def test_no_migration_writes_a_table_of_postgresql_anew(released: str) -> None:
    before = files_of(released, *GROWING)

    Ledger.open(released).close()

    assert len(before) == len(GROWING)
    assert before <= files_of(released)


def test_a_migration_lets_others_through_and_goes_on_once_its_tables_are_free(
    released: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "TIMEOUT", "SET LOCAL lock_timeout = '80ms'")
    opening = threading.Thread(target=lambda: Ledger.open(released).close())
    with connected(released) as report:
        report.execute("SELECT count(*) FROM delivery")  # a report that somebody left open
        opening.start()
        with connected(released) as other:
            began = time.monotonic()
            for _ in range(10):
                other.execute("SELECT count(*) FROM delivery")
                other.commit()
                time.sleep(0.05)
            slowest = time.monotonic() - began - 0.5
        assert opening.is_alive()
        assert slowest < 1
    opening.join(20)

    assert schema_of(released) == HEAD


def test_where_the_tables_are_not_to_be_had_the_error_says_so_and_the_ledger_is_whole(
    released: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "TIMEOUT", "SET LOCAL lock_timeout = '30ms'")
    with connected(released) as report, closing(Database.unprepared(released)) as database:
        report.execute("SELECT count(*) FROM delivery")
        with pytest.raises(LedgerError, match=r"could not be changed within 0\.3 s"):
            database.migrate("0001", 0.3)
        stopped_at = database.schema()

    assert "0001" < (stopped_at or "") < HEAD
    with Ledger.open(released) as ledger:
        assert examine_journal(ledger.database.read).misfits == ()


def test_processes_of_a_new_version_that_start_together_take_turns(released: str) -> None:
    errors: list[LedgerError] = []

    def start() -> None:
        try:
            Ledger.open(released).close()
        except LedgerError as error:
            errors.append(error)

    starting = [threading.Thread(target=start) for _ in range(3)]
    for one in starting:
        one.start()
    for one in starting:
        one.join(30)

    assert errors == []
    with Ledger.open(released) as ledger:
        assert ledger.journal.head().number > 0


def test_whoever_only_looks_changes_nothing(released: str) -> None:
    with pytest.raises(LedgerBehind, match="notifier migrate"):
        Ledger.open(released, migrates=False)

    assert schema_of(released) == "0001"


def by_hand(url: str) -> str:
    """The SQL that leads from nothing to the schema of today."""
    with closing(Database.unprepared(url)) as database, database.read() as connection:
        return "\n".join(live.script(database.dialect, None, trigger_statements(connection)))


def test_the_sql_that_was_printed_makes_the_same_ledger(postgres_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as file:
        file.executescript(by_hand(f"sqlite:///{tmp_path / 'other.db'}"))
    empty_schema(postgres_url)
    with connected(postgres_url) as connection:
        connection.execute(by_hand(postgres_url).encode())

    for url in (f"sqlite:///{tmp_path / 'ledger.db'}", postgres_url):
        with Ledger.open(url) as ledger:
            ledger.runs.begin(NOON)
            assert examine_journal(ledger.database.read).misfits == ()
            with ledger.database.read() as connection:
                assert differences(connection) == []
                assert list(trigger_statements(connection))[1:] == [], "triggers that are there are left alone"


NEXT = """
ALTER TABLE run ADD COLUMN machine VARCHAR DEFAULT '' NOT NULL;
ALTER TABLE run ADD COLUMN seen_at TIMESTAMP WITH TIME ZONE;
UPDATE alembic_version SET version_num = '9001';
DELETE FROM secret WHERE name = 'compatible-since';
INSERT INTO secret (name, value) VALUES ('compatible-since', '9001 {since}');
"""
"""What the version after this one might do."""


def as_next(url: str, since: str) -> None:
    with sa.create_engine(url).begin() as connection:
        for statement in NEXT.format(since=since).strip().split(";\n"):
            connection.exec_driver_sql(statement.removesuffix(";"))


BESIDE = """
import sys
import pytest
from datetime import datetime, UTC
from pathlib import Path
from notifier.errors import Refused
from notifier.ledger.evidence.ledger_copy import copy_ledger
from notifier.ledger import Ledger
from notifier.ledger.journal.verification import examine_journal
from notifier.ledger.states import RunOutcome
from tests.ledger.test_migrations import as_next
from notifier.ledger.database import HEAD
now, url = datetime(2026, 11, 1, tzinfo=UTC), sys.argv[1]
with Ledger.open(url) as ledger:
    number = ledger.runs.begin(now)
    as_next(url, HEAD)
    ledger.database._look_at = 0.0
    second = ledger.runs.begin(now)
    with ledger.database.write() as connection:  # as the newer one, which knows its columns, does
        said = f"machine = 'b', seen_at = '2026-11-01 12:00:00' WHERE number = {number}"
        connection.exec_driver_sql(f"UPDATE run SET {said}")
    ledger.runs.finish(number, now, outcome=RunOutcome.DONE)
    assert examine_journal(ledger.database.read).misfits == ()
with Ledger.open(url) as ledger:
    assert ledger.database.is_beside_newer
    if not ledger.database.is_sqlite:  # whose pages are copied whole
        with pytest.raises(Refused, match="copy it with that one"):
            copy_ledger(ledger.database, Path(sys.argv[2]))
    assert ledger.runs.begin(now)
    assert examine_journal(ledger.database.read).misfits == ()
    with ledger.database.read() as connection:
        facts = connection.exec_driver_sql("SELECT facts FROM journal ORDER BY number").scalars().all()
    assert any('"finished_at"' in one and '"machine":"b"' in one for one in facts), facts
"""


@pytest.mark.processes
def test_a_process_of_the_version_before_goes_on_beside_the_next_one_and_the_journal_holds(
    either_url: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", BESIDE, either_url, str(tmp_path / "copy")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)

    if "postgresql" in either_url:
        empty_schema(either_url)
        Ledger.open(either_url).close()
    assert done.returncode == 0, done.stderr


def test_one_that_is_too_old_is_told_so_at_its_next_write(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        ledger.runs.begin(NOON)
        as_next(sqlite_url, "9000")

        with pytest.raises(LedgerOutgrown, match=f"newer Notifier .schema 9001, this one knows {HEAD}"):
            ledger.runs.begin(NOON)
        assert ledger.database.outgrown


def test_who_still_has_a_ledger_open_that_was_moved_away_must_end(sqlite_url: str) -> None:
    """Else `serve` would answer 503 until somebody looks, and `worker` try again for ever."""
    with Ledger.open(sqlite_url) as ledger:
        ledger.runs.begin(NOON)
        with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as other:
            other.execute("INSERT INTO secret (name, value) VALUES ('moved-to', 'postgresql://there/notifier')")

        with pytest.raises(LedgerOutgrown, match="was moved to postgresql://there"):
            ledger.runs.begin(NOON)
        assert ledger.database.outgrown


BIG = {"customer", "delivery", "event", "journal", "acceptance", "attempt", "batch", "report", "suppression"}


def test_migrations_only_add_and_block_nobody() -> None:
    """What takes something away says so by its `compatible_since`, a version after the last one that used it."""
    steps = pending("0011")
    assert list(steps) == sorted(steps, key=lambda one: one.compatible_since), "it never goes down"
    for step in steps:
        _only_adds(step)


def _only_adds(step: SchemaStep) -> None:
    (path,) = MIGRATIONS.glob(f"{step.version}_*.py")
    calls = [one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.Call)]
    named = {ast.unparse(one.func).removeprefix("op."): one for one in calls}

    assert step.compatible_since <= step.version
    if step.compatible_since < step.version:
        assert named.keys().isdisjoint({"drop_column", "alter_column", "drop_table", "rename_table"}), path.name
    made = {ast.literal_eval(one.args[0]) for one in calls if ast.unparse(one.func) == "op.create_table"}
    for one in calls:
        if ast.unparse(one.func) == "op.create_index":
            assert ast.literal_eval(one.args[1]) not in BIG - made, f"{path.name}: CREATE INDEX blocks who writes there"
        if ast.unparse(one.func) == "sa.Column" and "nullable=False" in ast.unparse(one) and not made:
            assert "server_default" in ast.unparse(one), f"{path.name}: who does not know the column cannot fill it"


def test_a_fresh_database_is_left_as_the_others_expect_it(postgres_url: str) -> None:
    empty_database(postgres_url)

    assert schema_of(postgres_url) == HEAD

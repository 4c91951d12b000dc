"""Of every row that the journal speaks for, the last image is the row as it stands: whatever is changed is found."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import date, timedelta
from itertools import product, zip_longest
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from notifier.ledger import Ledger
from notifier.ledger.evidence.head_stamps import StampedHead
from notifier.ledger.journal import recipient_trees
from notifier.ledger.journal.covered_tables import COVERED, IN_TREES, LEFT_OUT
from notifier.ledger.journal.foreign_triggers import foreign_triggers
from notifier.ledger.journal.touched_rows import FUNCTION
from notifier.ledger.journal.verification import JournalExamined, examine_journal
from notifier.ledger.people.api_keys import Scope
from notifier.ledger.schema import metadata
from notifier.ledger.states import RunOutcome
from notifier.notice.delivery import Customer, DeliveryStatus, SignedRequest, SuppressionReason
from notifier.proof.entry import EntryKind
from notifier.significance import Significance
from notifier.usecases.deliver import deliver
from tests.ledger.test_acceptances import YES, record
from tests.mailers import MemoryMailer
from tests.scenes import NOON, RULES, Clock, announced, event, frozen, people

CHAIN = ("journal", "journal_head")
SIGNED = SignedRequest("1793534400", "c2lnbmVk", "a2V5", "5a" * 32)
LATER = NOON + timedelta(hours=1)


def lived_in(ledger: Ledger) -> None:
    """A ledger with a row in every table: sent, reported, decided, accepted, and one person forgotten."""
    run = ledger.runs.begin(NOON)
    ledger.reviews.see([("terms", "abc")], NOON)
    ledger.reviews.decide("abc", Significance.MINOR, "only a synonym", "anna", NOON)
    ledger.roster.suppress("person1@example.com", SuppressionReason.MANUAL, NOON)
    notice_id = announced(ledger, people(6))
    ledger.notices.approve(notice_id, "ben", NOON)
    deliver(ledger, MemoryMailer(batch_size=2), RULES, Clock(LATER).environment())
    with ledger.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT d.delivery_key, a.attempt_id FROM delivery d JOIN attempt a "
            "ON d.seq BETWEEN a.first_seq AND a.last_seq WHERE d.status IS NULL ORDER BY d.seq"
        ).all()
    reported = [replace(event(DeliveryStatus.DELIVERED, key, attempt_id=attempt), raw="{}") for key, attempt in rows]
    lost = replace(reported[0], status=DeliveryStatus.BOUNCED, suppression=SuppressionReason.HARD_BOUNCE, reason="gone")
    ledger.events.record([*reported[1:], lost], LATER, request=SIGNED)
    record(ledger, YES, YES._replace(person="c4"))
    ledger.api_keys.create("shop", [*Scope][:1], NOON)
    ledger.receipt_keys.add("k1", "public", NOON)
    ledger.head_stamps.add(StampedHead(ledger.journal.head(), "http://tsa.example", NOON, b"token"))
    ledger.roster.forget("c4", LATER, by="dora")
    ledger.runs.finish(run, LATER, outcome=RunOutcome.DONE, detail="posted privacy")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of such a ledger."""
    path = tmp_path_factory.mktemp("story") / "ledger.db"
    with Ledger.open(f"sqlite:///{path}") as ledger:
        lived_in(ledger)
    return path


def examined(ledger: Ledger) -> JournalExamined:
    return examine_journal(ledger.database.read)


def examined_file(path: Path) -> JournalExamined:
    """Read as it lies there."""
    engine = sa.create_engine(f"sqlite:///{path}")
    try:
        return examine_journal(engine.connect)
    finally:
        engine.dispose()


def test_a_ledger_that_was_lived_in_is_what_its_journal_says(ledger: Ledger) -> None:
    lived_in(ledger)

    found = examined(ledger)

    assert found.misfits == ()
    assert found.deliveries == 6
    assert found.head == ledger.journal.head()


@pytest.mark.parametrize("at_once", [500, 1])
def test_names_that_have_to_be_escaped_are_hashed_alike_by_database_and_verification(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(recipient_trees, "AT_ONCE", at_once)
    unusual = (
        '"',
        "\\",
        "/",
        "\x7f",
        "\x01\x1f\b\f\n\r\t",
        "\u2028",
        "é\u0301",
        "علی\u200cرضا",
        "👩\u200d🚀",
        "%s ? :a",
    )
    frozen(ledger, [Customer(f"c{name}", f"p{n}@example.com", name * 2, "en") for n, name in enumerate(unusual)])

    found = examined(ledger)

    assert found.misfits == ()
    assert found.deliveries == len(unusual)


@pytest.mark.parametrize("at_once", [500, 3, 1])
def test_who_is_held_back_is_one_run_however_few_are_read_at_once(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(recipient_trees, "AT_ONCE", at_once)
    for number in (2, 3, 4, 5, 7):
        ledger.roster.suppress(f"p{number}@example.com", SuppressionReason.MANUAL, NOON)
    frozen(ledger, [Customer(f"c{n}", f"p{n}@example.com", "", "en") for n in range(8)])

    (facts,) = [entry.facts for entry in ledger.journal.entries() if entry.kind is EntryKind.RECIPIENTS]
    assert [run[2:4] for run in facts["held_back"]] == [[3, 6], [8, 8]]
    assert examined(ledger).misfits == ()


def test_whatever_writes_along_in_the_database_is_named(ledger: Ledger) -> None:
    ours = {"sqlite": "CREATE TRIGGER quiet AFTER INSERT ON suppression BEGIN DELETE FROM suppression; END",
            "postgresql": "CREATE RULE quiet AS ON DELETE TO suppression DO INSTEAD NOTHING"}  # fmt: skip
    with ledger.database.bare() as connection:
        assert list(foreign_triggers(connection)) == []
        connection.exec_driver_sql(ours[connection.dialect.name])
        (line,) = foreign_triggers(connection)
        assert line.startswith("trigger quiet on suppression: is none of Notifier's")
        if connection.dialect.name == "postgresql":  # whose database is that of the tests to come
            connection.exec_driver_sql("DROP RULE quiet ON suppression")
            hushed = FUNCTION.replace("RETURN NULL;\nEND", "RETURN OLD;\nEND")
            connection.exec_driver_sql(hushed)
            assert len(list(foreign_triggers(connection))) > len(COVERED)
            connection.exec_driver_sql(FUNCTION)
            assert list(foreign_triggers(connection)) == []


def test_the_journal_speaks_for_every_table_or_says_why_not() -> None:
    assert {*COVERED, *IN_TREES, *LEFT_OUT} == set(metadata.tables)
    assert len(COVERED) + len(IN_TREES) + len(LEFT_OUT) == len(metadata.tables)


def test_every_edit_of_a_single_field_is_found(ledger: Ledger, ledger_url: str) -> None:
    """Each column of each covered table, in its first and in its last row; a column of every table at once."""
    lived_in(ledger)
    covered = [list(metadata.tables[table].columns) for table in (*COVERED, *IN_TREES)]
    walked, engine = 0, sa.create_engine(ledger_url)
    with engine.connect() as connection:
        for columns, which in product(zip_longest(*covered), ("ASC", "DESC")):
            if connection.dialect.name == "postgresql":  # no key of another table minds
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                connection.exec_driver_sql("CREATE TABLE elsewhere PARTITION OF delivery DEFAULT")
            edited = [column for column in columns if column is not None]
            for column in edited:
                _edit(connection, column, which)
            said = " ".join(one.says for one in examine_journal(lambda: nullcontext(connection)).misfits)
            connection.rollback()
            walked += len(edited)
            assert [column for column in edited if column.table.name not in said] == [], (which, said)
    engine.dispose()
    assert walked > 250


def test_an_edit_does_not_become_true_by_what_ours_writes_into_the_row_afterwards(
    ledger: Ledger, ledger_url: str
) -> None:
    notice_id = announced(ledger, people(3))
    engine = sa.create_engine(ledger_url)
    with engine.begin() as foreign:
        foreign.exec_driver_sql("UPDATE notice SET created_at = '2025-01-01 00:00:00.000000'")
        foreign.exec_driver_sql("UPDATE posting SET summary = 'Nothing of weight.'")
    engine.dispose()

    ledger.notices.hold(notice_id, "ben", LATER, "let me see")
    ledger.postings.delay_effect(ledger.postings.all()[0].tag, date(2027, 1, 1))

    found = [one.says for one in examined(ledger).misfits]
    assert [said.partition(" is not as entry")[0] for said in found] == [
        "notice [1]: created_at",
        "posting [1]: summary",
    ]


def test_every_edit_of_the_chain_is_found(story: Path, tmp_path: Path) -> None:
    shutil.copyfile(story, tmp_path / "ledger.db")
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    with engine.connect() as connection:
        for column, which in product([one for name in CHAIN for one in metadata.tables[name].columns], ("ASC", "DESC")):
            _edit(connection, column, which)
            misfits = examine_journal(lambda: nullcontext(connection)).misfits
            connection.rollback()
            assert misfits, (column, which)
    engine.dispose()


def _edit(connection: sa.Connection, column: sa.Column[Any], which: str) -> None:
    """Another value in one field, of the kind that stands there."""
    table = column.table.name
    key = [one.name for one in metadata.tables[table].primary_key]
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    order, where = ", ".join(f"{name} {which}" for name in key), " AND ".join(f"{name} = {mark}" for name in key)
    query = f"SELECT {', '.join(key)}, {column.name} FROM {table} ORDER BY {order}"  # noqa: S608  # names of ours
    update = f"UPDATE {table} SET {column.name} = {mark} WHERE {where}"  # noqa: S608  # the same
    row = connection.exec_driver_sql(query).first()
    assert row is not None, table
    *place, value = row
    assert connection.exec_driver_sql(update, (_other(column, value), *place)).rowcount == 1


def _other(column: sa.Column[Any], value: Any) -> Any:
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    if isinstance(column.type, sa.Boolean):
        return not value
    if isinstance(value, int):
        return value + 70
    if isinstance(column.type, sa.DateTime | sa.types.TypeDecorator):
        return "2031-01-01 00:00:00.000000"
    if isinstance(column.type, sa.Date):
        return "2031-01-01"
    if value is None:
        return b"0123456789abcdef" if isinstance(column.type, sa.LargeBinary) else 7
    return f"{value[:-1]}{'x' if value[-1:] != 'x' else 'y'}"


GONE = {
    "one entry": "DELETE FROM journal WHERE number = 9",
    "the last entry": "DELETE FROM journal WHERE number = (SELECT max(number) FROM journal)",
    "the head": "DELETE FROM journal_head",
    "an attempt": "DELETE FROM attempt WHERE rowid = (SELECT max(rowid) FROM attempt)",
    "a recipient": "DELETE FROM delivery WHERE seq = 3",
    "the last recipient": "DELETE FROM delivery WHERE seq = 6",
    "a report": "DELETE FROM event WHERE event_id = (SELECT min(event_id) FROM event)",
    "all reports": "DELETE FROM event",
    "a word on a revision": "DELETE FROM decision",
    "an acceptance": "DELETE FROM acceptance WHERE number = 1",
    "who did what": "DELETE FROM audit WHERE number = 2",
}
ADDED = {
    "a decision": "INSERT INTO decision SELECT 99, commit_id, significance, because, 'eve', decided_at FROM decision",
    "a recipient": (
        "INSERT INTO delivery SELECT notice_no, message_no, 99, 'k', 'c99', 'eve@example.com', '', NULL, NULL, 0, "
        "salt, NULL FROM delivery WHERE seq = 1"
    ),
    "an entry": (
        "INSERT INTO journal SELECT number + 1, kind, at, facts, hash, hash FROM journal ORDER BY 1 DESC LIMIT 1"
    ),
    "two entries in each other's place": (
        "UPDATE journal SET number = CASE number WHEN 8 THEN -9 WHEN 9 THEN 8 ELSE number END WHERE number IN (8, 9)"
    ),
}


@pytest.mark.parametrize(
    "statement", [*GONE.values(), *ADDED.values()], ids=[*GONE, *(f"more: {one}" for one in ADDED)]
)
def test_rows_that_went_or_came_behind_the_journals_back_are_found(story: Path, tmp_path: Path, statement: str) -> None:
    path = tmp_path / "ledger.db"
    shutil.copyfile(story, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(statement).rowcount > 0

    assert examined_file(path).misfits


def test_the_first_entry_that_does_not_fit_is_named(story: Path, tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    shutil.copyfile(story, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE attempt SET outcome = 'in_doubt' WHERE n = 1 AND first_seq = 3")
        connection.execute("UPDATE decision SET decided_by = 'eve'")

    decided, attempted = examined_file(path).misfits

    with Ledger.open(f"sqlite:///{path}") as ledger:
        entry = ledger.journal.entry(decided.entry or 0)
    assert entry is not None
    assert entry.kind == "decided"
    assert f"decided_by is not as entry {decided.entry} has it" in decided.says
    assert f"outcome is not as entry {attempted.entry} has it" in attempted.says
    assert (decided.entry or 0) < (attempted.entry or 0)


def test_what_was_forgotten_leaves_a_chain_that_holds_and_nobody_in_it(story: Path) -> None:
    assert examined_file(story).misfits == ()

    content = story.read_bytes()

    assert b"person3@example.com" in content
    assert b"person4@example.com" not in content
    assert b"Person 4" not in content

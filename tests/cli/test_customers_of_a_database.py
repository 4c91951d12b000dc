"""The company's list in its own database: read by a SELECT, with the same rules and guards as a file of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import CursorResult
from tests.cli.conftest import Editor, Notifier
from tests.databases import postgres_server

from notifier.errors import CustomerError, RosterAway
from notifier.ledger.by_set import company_database
from notifier.ledger.by_set.company_database import company_rows, text_of
from notifier.notice.customer_csv import read_roster
from notifier.notice.delivery import Customer
from notifier.usecases.roster_file import open_query

POLICY = "# Terms\n\nLast updated: March 1, 2026\n\nYou may use the service if you are at least {} years old.\n"
ACCOUNTS = (
    "CREATE TABLE account (id INTEGER PRIMARY KEY, mail TEXT, full_name TEXT, locale TEXT, tags TEXT, since TEXT)"
)
QUERY = "SELECT id, mail AS email, full_name AS name, locale AS language, tags, since FROM account"


def fill(root: Path, count: int = 10) -> None:
    (root / "shop.db").unlink(missing_ok=True)
    with closing(sqlite3.connect(root / "shop.db")) as shop, shop:
        shop.execute(ACCOUNTS)
        rows = [
            (n, f"person{n}@mail.example", f"Per Son {n}", "de-DE" if n % 2 else "en", '["chat", "eu"]', "2024-05-01")
            for n in range(1, count + 1)
        ]
        shop.executemany("INSERT INTO account VALUES (?, ?, ?, ?, ?, ?)", rows)


def change(root: Path, *statements: str) -> None:
    with closing(sqlite3.connect(root / "shop.db")) as shop, shop:
        for statement in statements:
            shop.execute(statement)


@pytest.fixture
def shop(editor: Editor) -> Editor:
    """An installation whose customers are the accounts of a shop."""
    fill(editor.root)
    config = editor.root / "config.toml"
    said = f'url = "sqlite:///shop.db"\nquery = """\n{QUERY}\n"""'
    config.write_text(f"{config.read_text()}\n[customers]\n{said}\n")
    return editor


@pytest.fixture
def told(notifier: Notifier, shop: Editor) -> Editor:
    """They were told of one notice."""
    shop.commit(POLICY.format(16), "Write it", name="policies/terms.md")
    notifier("run")
    shop.commit(POLICY.format(18), "Raise the age", name="policies/terms.md")
    assert notifier("run").code == 0
    return shop


def mails(editor: Editor) -> int:
    return len(list((editor.root / ".notifier" / "outbox").rglob("*.eml")))


def test_a_dry_run_shows_ten_rows_masked_and_how_many_there_are_of_each(notifier: Notifier, shop: Editor) -> None:
    fill(shop.root, 12)

    seen = notifier("customers", "import", "--dry-run")
    as_json = notifier("customers", "import", "--dry-run", "--json").json

    assert seen.code == 0
    assert "person" not in seen.out + seen.err
    assert "languages: de-DE 6, en 6\ntags: chat 12, eu 12\n" in seen.out
    assert "customers.query: 12 new" in seen.out
    assert (len(as_json["first"]), as_json["languages"], as_json["tags"]["eu"]) == (10, {"de-DE": 6, "en": 6}, 12)
    assert notifier("customers", "list", "--json").json == []


def test_each_run_reads_the_database_anew_and_tells_who_is_in_it(notifier: Notifier, told: Editor) -> None:
    assert mails(told) == 10
    (anna, *_) = notifier("customers", "list", "--json").json
    assert anna["tags"] == ["chat", "eu"]

    change(told.root, "DELETE FROM account WHERE id = 3")
    told.commit(POLICY.format(21), "Raise it again", name="policies/terms.md")
    assert notifier("run").code == 0

    assert mails(told) == 19


def test_a_list_that_lost_a_fifth_waits_for_a_person(notifier: Notifier, told: Editor) -> None:
    change(told.root, "DELETE FROM account WHERE id > 7")
    told.commit(POLICY.format(21), "Raise it again", name="policies/terms.md")

    assert "lost 3 of 10" in notifier("run", "--dry-run").out
    assert notifier("run").code == 1
    assert mails(told) == 10
    assert notifier("customers", "import").code in (0, 2)


def test_a_row_that_is_no_customer_is_named_by_its_id_and_nobody_is_let_go(notifier: Notifier, told: Editor) -> None:
    change(told.root, "UPDATE account SET mail = 'nobody' WHERE id = 4", "DELETE FROM account WHERE id = 5")

    ran = notifier("run")

    assert ran.code == 1
    assert "customers.query: id 4: email: " in ran.out + ran.err
    assert len(notifier("customers", "list", "--json").json) == 10


def test_a_database_that_is_away_is_an_alarm_and_the_roster_stays(notifier: Notifier, told: Editor) -> None:
    (told.root / "shop.db").rename(told.root / "moved.db")
    told.commit(POLICY.format(21), "Raise it again", name="policies/terms.md")

    ran = notifier("run", "--json")

    assert ran.code == 1
    assert "roster-away" in [one["code"] for one in ran.json["alarms"]]
    assert mails(told) == 20
    assert not (told.root / "shop.db").exists()


def test_a_database_that_was_never_read_is_no_list_of_nobody(notifier: Notifier, shop: Editor) -> None:
    (shop.root / "shop.db").unlink()
    shop.commit(POLICY.format(16), "Write it", name="policies/terms.md")

    ran = notifier("run")

    assert ran.code == 2
    assert "shop.db" in ran.err


def test_a_database_that_went_away_while_it_was_first_read_is_no_list_of_those_before(
    notifier: Notifier, shop: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(source: CursorResult[Any], place: Any) -> Iterator[Any]:
        for n, row in enumerate(texts(source, place)):
            if n == 7:
                raise RosterAway("the database went away")
            yield row

    shop.commit(POLICY.format(16), "Write it", name="policies/terms.md")
    texts = company_database._texts
    monkeypatch.setattr("notifier.ledger.roster.CHUNK", 3)
    monkeypatch.setattr("notifier.notice.customer_csv.AT_ONCE", 1)
    with monkeypatch.context() as mid_way:
        mid_way.setattr(company_database, "_texts", lost)
        assert notifier("run").code == 2
        shop.commit(POLICY.format(18), "Raise the age", name="policies/terms.md")
        assert notifier("run").code == 2
    assert 0 < len(notifier("customers", "list", "--json").json) < 10
    assert mails(shop) == 0

    assert notifier("run").code == 0
    shop.commit(POLICY.format(21), "Raise it again", name="policies/terms.md")
    assert notifier("run").code == 0
    assert mails(shop) == 10


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT id, mail FROM account", "was taken"),
        ("SELECT id, full_name FROM account", 'no column "email"; name the columns by AS'),
        ("SELECT no_such FROM account", "no such column"),
    ],
)
def test_the_columns_are_checked_as_those_of_a_file(notifier: Notifier, shop: Editor, query: str, words: str) -> None:
    config = shop.root / "config.toml"
    config.write_text(config.read_text().replace(QUERY, query))

    said = notifier("customers", "import", "--dry-run")

    if words == "was taken":
        assert (said.code, "person" in said.out) == (0, False)
    else:
        assert said.code == 2
        assert words in said.err


@pytest.mark.parametrize(
    ("customers", "words"),
    [
        ('file = "a.csv"\nurl = "postgresql://reader@db/shop"\nquery = "SELECT 1"', "only one list"),
        ('url = "postgresql://reader@db/shop"', "customers.query: required"),
        ('url = "postgresql://reader:s3cret@db/shop"\nquery = "SELECT 1"', "NOTIFIER_CUSTOMERS_URL"),
        ('url = "postgresql://reader@db/shop"\nquery = "DELETE FROM account"', "expected a SELECT"),
        ('url = "postgresql://reader@db/shop"\nquery = "SELECT 1; DROP TABLE account"', "several statements"),
    ],
)
def test_what_cannot_be_meant_is_said_by_its_key(
    notifier: Notifier, editor: Editor, customers: str, words: str
) -> None:
    config = editor.root / "config.toml"
    config.write_text(f"{config.read_text()}\n[customers]\n{customers}\n")

    said = notifier("status")

    assert said.code == 2
    assert words in said.err
    assert "s3cret" not in said.err


def test_values_are_read_as_a_file_would_have_them() -> None:
    assert [text_of(one) for one in (None, 7, True, ["a", "b"], '["a", "b"]', "[a]", b"x")] == [
        "", "7", "True", "a b", "a b", "[a]", "x",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A company's PostgreSQL, of which Notifier knows an account that could write."""
    with postgres_server() as socket:
        with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE TABLE account (id int, email text, tags text[], since date)")
            connection.execute("CREATE SEQUENCE n")
            connection.execute(
                "INSERT INTO account SELECT n, 'p' || n || '@mail.example', ARRAY['a', 'b'], date '2024-05-01' "
                "FROM generate_series(1, 12000) n"
            )
        yield f"postgresql://postgres:s3cret@/postgres?host={socket}"


@pytest.mark.postgresql
def test_a_server_is_read_by_a_cursor_in_a_transaction_that_can_only_read(server: str) -> None:
    with company_rows(server, "SELECT * FROM account WHERE email LIKE 'p%' ORDER BY id") as (names, rows):
        found = list(rows)
    assert names == ("id", "email", "tags", "since")
    assert len(found) == 12_000
    assert found[0] == ["1", "p1@mail.example", "a b", "2024-05-01"]

    with pytest.raises(CustomerError, match="read-only"), company_rows(server, "SELECT nextval('n')") as (_, rows):
        list(rows)


@pytest.mark.postgresql
def test_a_server_that_is_gone_without_a_word_is_noticed_in_a_minute(server: str) -> None:
    engine = company_database._engine(company_database._checked(server))
    with engine.connect() as connection:
        said = connection.connection.driver_connection.info.get_parameters()  # type: ignore[union-attr]
    engine.dispose()

    idle, interval, count = (int(said[f"keepalives_{name}"]) for name in ("idle", "interval", "count"))
    assert idle + interval * count <= 60


@pytest.mark.postgresql
def test_errors_show_neither_password_nor_address(server: str) -> None:
    broken = "SELECT email::int AS email FROM account"
    with pytest.raises(CustomerError) as refused, company_rows(server, broken) as (_, rows):
        list(rows)
    away = server.replace("/postgres?host=", "/postgres?host=/nowhere")
    with pytest.raises(RosterAway) as lost, company_rows(away, "SELECT 1") as (_, rows):
        list(rows)

    for error in (refused.value, lost.value):
        assert "s3cret" not in str(error)
        assert "@mail.example" not in str(error)


@pytest.mark.postgresql
@pytest.mark.parametrize("kind", ["date", "timestamp", "timestamptz"])
def test_a_day_that_no_calendar_of_ours_has_ends_no_list(server: str, kind: str) -> None:
    days = "(1, 'infinity'), (2, '-infinity'), (3, '0044-03-15 BC'), (4, '12000-01-01'), (5, '2024-05-01'), (6, NULL)"
    columns = f"id, 'p' || id || '@mail.example' AS email, day::{kind} AS since"
    query = f"SELECT {columns} FROM (VALUES {days}) one (id, day)"  # noqa: S608  # of this test alone

    with open_query(server, query) as reading:
        found = {one.customer_id: one.since for one in reading.customers()}

    assert reading.bad_rows == []
    assert (len(found), found["1"], found["2"], found["4"], found["5"], found["6"]) == (
        *(6, None, None, None),
        *(date(2024, 5, 1), None),
    )


def test_what_a_query_says_half_way_names_it_once(notifier: Notifier, shop: Editor) -> None:
    config = shop.root / "config.toml"
    query = "SELECT id, mail AS email, json(CASE WHEN id = 7 THEN '{' ELSE '[]' END) AS tags FROM account"
    config.write_text(config.read_text().replace(QUERY, query))

    seen = notifier("customers", "import", "--dry-run")

    assert seen.code == 2
    assert seen.err.count("customers.query") == 1


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("{chat,beta}", {"chat", "beta"}),
        ('{"chat",beta}', {"chat", "beta"}),
        ("{}", set()),
        ('["chat", "beta"]', {"chat", "beta"}),
    ],
)
def test_tags_are_read_as_a_database_writes_an_array_into_a_file(cell: str, tags: set[str]) -> None:
    quoted = cell.replace('"', '""')
    (one,) = read_roster(["email,tags\n", f'a@mail.example,"{quoted}"\n'])

    assert isinstance(one, Customer)
    assert one.tags == tags


def test_tags_that_say_yes_and_no_are_no_tags(notifier: Notifier, shop: Editor) -> None:
    change(shop.root, """UPDATE account SET tags = '{"chat": true, "eu": false}' WHERE id = 2""")

    seen = notifier("customers", "import", "--dry-run")

    assert seen.code == 1
    assert "customers.query: id 2: tags: expected words" in seen.err

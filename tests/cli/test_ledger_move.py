"""`notifier ledger move`: from SQLite to PostgreSQL, whole or not at all, and nobody goes on with the file."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from tests import databases
from tests.cli.conftest import Editor, Notifier
from tests.cli.test_restore import sent
from tests.cli.test_verify import POLICY, in_ledger, told
from tests.processes import Kill, in_child
from tests.scenes import NOON

from notifier.cli import exit_code
from notifier.config import load
from notifier.ledger import Ledger
from notifier.usecases.move_ledger import at_target, place_of

__all__ = ["told"]
MOVE = "notifier.ledger.evidence.ledger_move"
KILLS = (
    Kill("notifier.ledger.evidence.table_rows:_copied_in", "after", 9),
    Kill(f"{MOVE}:_hold_against"),
    Kill(f"{MOVE}:mark"),
)
"""In the middle of the rows; before anything was compared; when all is there, and the file does not say so yet."""


@pytest.fixture
def empty(postgres_url: str) -> str:
    databases.empty_database(postgres_url)
    return postgres_url


def at_new_place(root: Path, url: str) -> None:
    with (root / "config.toml").open("a") as config:
        config.write(f'[ledger]\nurl = "{url}"\n')


def evidence(notifier: Notifier, folder: Path) -> dict[str, bytes]:
    """What a customer would be given, but for when it was made, and the hashes that follow from that."""
    assert notifier("evidence", "customer", "ana@mail.example", "--out", folder).code == 0
    assert notifier("verify", folder).code == 0
    made_at = json.loads((folder / "facts.json").read_bytes())["made_at"].encode()
    files = {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}
    shutil.rmtree(folder)
    return {name: content.replace(made_at, b"") for name, content in files.items() if name not in OF_ITS_BYTES}


OF_ITS_BYTES = ("manifest.json", "index.html")


def test_a_ledger_moves_with_its_journal_also_after_kills(notifier: Notifier, told: Editor, empty: str) -> None:
    root = told.root
    before = evidence(notifier, root / "before")
    for kill in KILLS:
        assert in_child(lambda: exit_code(["ledger", "move", empty]), kills=[kill]) == -9
        assert notifier("status").code == 0, "the file is still the ledger"

    moved = notifier("ledger", "move", empty)

    assert moved.code == 0, moved.err
    assert "what an earlier move had left there was replaced" in moved.out
    assert f'    url = "{empty}"' in moved.out
    tiers = [line[:2] for line in moved.out.splitlines() if line[:2] in ("ok", "--", "!!")]
    assert tiers == ["ok", "ok", "ok", "ok", "--"]
    refused = notifier("run")
    assert refused.code == 2
    assert f"was moved to {empty}; set ledger.url to that" in refused.err
    at_new_place(root, empty)
    assert notifier("verify").code == 0
    assert evidence(notifier, root / "after") == before
    told.commit(POLICY.replace("30", "90"), "Keep much longer")
    assert notifier("run").code == 0
    assert sent(root) == 4
    assert notifier("verify").code == 0


def test_a_second_move_says_that_it_was_made_and_changes_nothing(notifier: Notifier, told: Editor, empty: str) -> None:
    first = notifier("ledger", "move", empty, "--json").json
    assert {one["table"]: one["rows"] for one in first["tables"]}["delivery"] == 2

    again = notifier("ledger", "move", empty, "--json").json

    assert (again["url"], again["tables"], again["holds"]) == (empty, [], True)


def test_a_database_that_holds_another_ledger_is_left_as_it_is(notifier: Notifier, told: Editor, empty: str) -> None:
    with Ledger.open(empty) as other:
        other.api_keys.create("shop", [], NOON)

    answer = notifier("ledger", "move", empty)

    assert answer.code == 2
    assert "holds another ledger (rows in api_key)" in answer.err
    with psycopg.connect(empty.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM delivery").fetchone() == (0,)
    assert notifier("run").code == 0


def test_a_ledger_that_is_not_as_its_journal_says_is_not_carried_on(
    notifier: Notifier, told: Editor, empty: str
) -> None:
    in_ledger(told.root, "UPDATE delivery SET email = 'eve@mail.example' WHERE seq = 2")

    answer = notifier("ledger", "move", empty)

    assert answer.code == 2
    assert "not as its journal says" in answer.err
    assert "eve@" not in answer.err
    assert notifier("status").code == 0


def test_numbers_that_were_given_once_are_not_given_again(notifier: Notifier, told: Editor, empty: str) -> None:
    """A notice that goes out knows by a customer's number whom it has frozen already."""
    notifier("customers", "forget", "ben@mail.example")
    with closing(sqlite3.connect(told.root / ".notifier" / "ledger.db")) as file:
        (last,) = file.execute("SELECT seq FROM sqlite_sequence WHERE name = 'customer'").fetchone()
    assert notifier("ledger", "move", empty).code == 0
    at_new_place(told.root, empty)
    (told.root / "more.csv").write_text("email\ncleo@mail.example\n")

    assert notifier("customers", "import", told.root / "more.csv").code == 0

    with psycopg.connect(empty.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT max(number) FROM customer").fetchone() == (last + 1,)
    assert notifier("backup", told.root / "copy").code == 0
    with closing(sqlite3.connect(told.root / "copy")) as file:
        assert file.execute("SELECT seq FROM sqlite_sequence WHERE name = 'customer'").fetchone() == (last + 1,)


@pytest.mark.parametrize("url", ["sqlite:///other.db", "mysql://host/x", "nonsense"])
def test_only_postgresql_is_moved_to(notifier: Notifier, root: Path, url: str) -> None:
    assert "must be a database of PostgreSQL" in notifier("ledger", "move", url).err


@pytest.mark.parametrize("url", ["postgresql://n:s3cret@db/l", "postgresql+psycopg://n@db/l?password=s3cret"])
def test_where_it_went_is_said_without_the_password_and_where_that_belongs(root: Path, url: str) -> None:
    config = load(root / "config.toml", {})

    place = place_of(config, at_target(config, url))

    assert place.url == "postgresql+psycopg://n@db/l"
    assert '    url = "postgresql+psycopg://n@db/l"' in place.lines
    assert "with its password into NOTIFIER_LEDGER_URL" in place.lines[-1]


def test_a_password_is_told_to_nobody(notifier: Notifier, told: Editor) -> None:
    answer = notifier("ledger", "move", "postgresql://notifier:s3cret@127.0.0.1:1/ledger")

    assert answer.code == 2
    assert "127.0.0.1" in answer.err
    assert "s3cret" not in answer.err + answer.out

"""Somebody with the database's password rewrites the record: a run, status and doctor say so, and nobody had to ask."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import Editor, Notifier
from tests.cli.test_verify import POLICY, told

from notifier.proof.canonical_json import canonical
from notifier.proof.entry import hash_of

__all__ = ["told"]
Attack = Callable[[sqlite3.Connection], None]


def cut_with_its_head(connection: sqlite3.Connection) -> None:
    """As far back as to an entry before the newest that git has seen."""
    connection.execute("DELETE FROM journal WHERE number > 10")
    connection.execute("UPDATE journal_head SET number = 10, hash = (SELECT hash FROM journal WHERE number = 10)")


def cut(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM journal WHERE number = (SELECT max(number) FROM journal)")


def edit_one(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE journal SET kind = 'changed' WHERE number = (SELECT max(number) - 3 FROM journal)")


def rewrite(connection: sqlite3.Connection) -> None:
    """All of it, with right hashes, and with the claim that a restored copy lost whatever git has seen."""
    rows = connection.execute("SELECT number, at, kind, facts, previous, hash FROM journal ORDER BY number").fetchall()
    previous = rows[0][4]
    lost = [{"number": row[0], "hash": row[5]} for row in rows]
    for number, at, kind, facts, *_ in rows:
        said, known_as = (facts, kind) if number > 1 else (canonical({**json.loads(facts), "lost": lost}), "restored")
        proof = hash_of(number, at, known_as, said, previous)
        connection.execute(
            "UPDATE journal SET kind = ?, facts = ?, previous = ?, hash = ? WHERE number = ?",
            (known_as, said, previous, proof, number),
        )
        previous = proof
    connection.execute("UPDATE journal_head SET hash = ?", (previous,))


@pytest.mark.parametrize("attack", [cut_with_its_head, cut, edit_one, rewrite])
def test_an_alarm_sounds_by_itself_where_the_journal_is_not_as_it_was(
    notifier: Notifier, told: Editor, attack: Attack
) -> None:
    assert notifier("status", "--json").json["alarms"] == []
    with closing(sqlite3.connect(told.root / ".notifier" / "ledger.db")) as connection, connection:
        attack(connection)

    status = notifier("status", "--json")

    assert status.code == 1
    assert "journal-differs" in {one["code"] for one in status.json["alarms"]}
    assert notifier("verify").code == 1
    assert "!!  journal" in notifier("doctor").out
    run = notifier("run", "--json")
    assert run.code == 1
    assert "journal-differs" in {one["code"] for one in run.json["alarms"]}
    assert "journal-differs" in {one["code"] for one in notifier("status", "--json").json["alarms"]}


def test_an_older_file_put_in_place_by_hand_goes_on_once_recover_has_said_so_in_git(
    notifier: Notifier, told: Editor, tmp_path: Path
) -> None:
    ledger = told.root / ".notifier" / "ledger.db"
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "old.db"),))
    told.commit(POLICY.replace("30", "90"), "Keep much longer", on="2026-03-02")
    assert notifier("run").code == 0
    for file in ledger.parent.glob("ledger.db-*"):
        file.unlink()
    shutil.copy(tmp_path / "old.db", ledger)
    assert notifier("run").code == 1

    notifier("recover")

    assert notifier("run").code == 0
    assert notifier("verify").code == 0
    assert "replaced by an older copy (restored/" in notifier("verify").out

"""`notifier migrate`: what is pending, in words and as SQL, and the ledger brought up to date."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Notifier
from tests.ledger.test_database import as_released

from notifier.ledger.database import HEAD


def test_an_older_ledger_is_looked_at_first_and_changed_when_asked(notifier: Notifier, root: Path) -> None:
    (root / ".notifier").mkdir()
    as_released(f"sqlite:///{root}/.notifier/ledger.db")

    pending = notifier("migrate", "--dry-run")
    assert pending.code == 1
    assert "0002  Breakers that grow" in pending.out
    assert f"steps from schema 0001 to {HEAD} pending" in pending.out
    parts = {one["part"]: one for one in notifier("doctor", "--json").json["parts"]}
    assert parts["ledger"]["health"] == "lacking"
    assert f"has schema 0001, this Notifier {HEAD}: notifier migrate" in parts["ledger"]["says"]
    assert "salts" in notifier("migrate", "--sql").err

    assert f"from schema 0001 to {HEAD}" in notifier("migrate").out
    again = notifier("migrate", "--json").json
    assert (again["schema"], again["was"], again["steps"]) == (HEAD, HEAD, [])


def test_to_look_makes_no_ledger_where_there_is_none(notifier: Notifier, root: Path) -> None:
    answer = notifier("migrate", "--dry-run", "--json")

    assert (answer.code, answer.json["schema"]) == (1, None)
    assert "CREATE TABLE delivery" in notifier("migrate", "--sql").out
    assert not (root / ".notifier" / "ledger.db").exists()

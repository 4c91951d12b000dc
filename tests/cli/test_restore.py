"""A copy made while the ledger is in use, and an older ledger that learns what it must not send again."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Editor, Notifier
from tests.cli.test_verify import POLICY, accepted, told

__all__ = ["told"]


def sent(root: Path) -> int:
    return sum(1 for _ in (root / ".notifier" / "outbox").rglob("*.eml"))


def test_an_older_ledger_learns_from_git_what_it_must_not_send_again(notifier: Notifier, told: Editor) -> None:
    copy = told.root / "monday.ledger"
    assert notifier("backup", copy).code == 0
    assert copy.stat().st_mode & 0o777 == 0o600
    assert notifier("backup", copy).code == 2
    told.commit(POLICY.replace("30", "90"), "Keep much longer", on="2026-03-02")
    assert notifier("run").code == 0
    before = sent(told.root)

    done = notifier("restore", copy, "--json")

    assert done.code == 1
    assert done.json["lost"] > 0
    assert done.json["differences"]
    assert Path(done.json["aside"]).stat().st_size > 0
    assert notifier("run").code == 1
    notifier("recover")
    assert notifier("run").code == 0
    assert sent(told.root) == before == 4
    tiers = notifier("verify").out.splitlines()
    assert [line[:2] for line in tiers] == ["ok", "ok", "ok", "ok", "--"], tiers
    assert "entries went with a ledger that was replaced by an older copy (restored/" in tiers[2]


def test_what_is_no_copy_of_a_ledger_is_refused_and_a_damaged_ledger_gives_way(
    notifier: Notifier, told: Editor
) -> None:
    copy, other = told.root / "copy.ledger", told.root / "other"
    notifier("backup", copy)
    other.write_bytes(b"SQLite format 3\0 and no more")
    assert notifier("restore", other).code == 2
    ledger = told.root / ".notifier" / "ledger.db"
    ledger.write_bytes(b"not a ledger" * 1000)
    assert notifier("status").code != 0

    assert notifier("restore", copy).code == 0
    assert notifier("verify").code == 0


def test_a_key_that_no_copy_holds_is_spoken_of_by_backup_restore_and_the_next_receipt(
    notifier: Notifier, told: Editor, caplog: pytest.LogCaptureFixture
) -> None:
    accepted(told, notifier)
    key, copy = told.root / ".notifier" / "receipts.key", told.root / "copy.ledger"
    assert f"not in it: {key}" in notifier("backup", copy).out
    key.unlink()

    lost = notifier("restore", copy)

    assert lost.code == 0
    assert f"not in any copy: {key} is not here: receipts were signed by " in lost.out
    accepted(told, notifier, "ben@mail.example")
    assert f"{key} is not here: receipts were signed by " in caplog.text
    for kept in key.parent.glob("ledger-before-restore-*"):
        kept.unlink()
    assert notifier("restore", copy, "--json").json["key"] is not None  # the copy knows nothing of the new one


def test_a_copy_from_before_somebody_was_forgotten_brings_them_not_back(notifier: Notifier, told: Editor) -> None:
    copy = told.root / "before.ledger"
    person = told_others(notifier)[0]
    assert notifier("backup", copy).code == 0
    notifier("customers", "forget", person)

    done = notifier("restore", copy, "--json")

    assert done.json["forgotten"] == 1
    assert "not on the roster" in notifier("customers", "show", person).out
    assert person.encode() not in (told.root / ".notifier" / "ledger.db").read_bytes()
    assert notifier("recover").code == 0
    assert notifier("verify").code == 0
    assert "restore kept of before still names them" in notifier("customers", "forget", told_others(notifier)[0]).err


def told_others(notifier: Notifier) -> list[str]:
    return [one["email"] for one in notifier("customers", "list", "--json").json]

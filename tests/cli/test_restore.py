"""A copy made while the ledger is in use, and an older ledger that learns what it must not send again."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Configure, Editor, Notifier
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
    assert (done.json["learnt"]["gone"]["posted"], done.json["learnt"]["gone"]["recipients"]) == (3, 1)
    assert done.json["differences"]
    assert Path(done.json["aside"]).stat().st_size > 0
    assert notifier("run").code == 1
    notifier("recover")
    again = notifier("run")
    assert (again.code, again.out) == (0, "nothing to do: every policy stands as posted, everybody has been told\n")
    assert sent(told.root) == before == 4
    tiers = notifier("verify").out.splitlines()
    assert [line[:2] for line in tiers] == ["ok", "ok", "ok", "ok", "--"], tiers
    assert "entries went with a ledger that was replaced by an older copy (restored/" in tiers[2]
    notifier("evidence", "customer", "ana@mail.example", "--out", told.root / "ana")
    assert (told.root / "ana" / "index.html").read_text().count("the record of it was lost") == 1


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


def test_what_was_said_since_of_whom_not_to_write_to_outlives_an_older_copy(
    notifier: Notifier, told: Editor, configure: Configure
) -> None:
    """No more mail to Ana, a key leaked, a notice was cancelled, Carl became a customer: and then a copy of before."""
    configure('[notice]\napproval = "manual"\n')
    told.commit(POLICY.replace("30", "90"), "Keep much longer", on="2026-03-02")
    notifier("run")
    waiting = notifier("notice", "list", "--json").json[-1]["notice_id"]
    key = notifier("keys", "create", "--name", "shop", "--json").json["id"]
    notifier("customers", "suppress", "ben@mail.example")
    copy = told.root / "before.ledger"
    assert notifier("backup", copy).code == 0
    notifier("customers", "suppress", "ben@mail.example", "--lift")
    notifier("customers", "suppress", "ana@mail.example")
    notifier("keys", "revoke", key)
    notifier("notice", "cancel", waiting, "--because", "wrong text")
    (told.root / "more.csv").write_text("email,name\ncarl@mail.example,Carl\n")
    notifier("customers", "import", told.root / "more.csv")

    said = notifier("restore", copy).out

    assert notifier("notice", "list", "--json").json[-1]["state"] == "cancelled"
    assert notifier("keys", "list", "--json").json[0]["revoked_at"]
    assert "still not written to: 1 suppression that came after the copy" in said
    assert "not written to again: 1 suppression lifted after the copy" in said
    assert f"notice {waiting} is cancelled again" in said
    assert notifier("customers", "suppress", "ana@mail.example", "--json").json["suppressed"] == ["manual"]
    came = next((told.root / ".notifier").glob("*.customers.csv"))
    assert f"notifier customers import {came}" in said
    assert ["carl@mail.example" in line for line in came.read_text().splitlines()] == [False, True]
    assert notifier("customers", "import", came).code == 0
    assert notifier("verify").out.splitlines()[1].startswith("ok  chained")


def test_recover_says_that_an_older_copy_goes_on_and_what_no_record_knows(notifier: Notifier, told: Editor) -> None:
    copy = told.root / "before.ledger"
    assert notifier("backup", copy).code == 0
    told.commit(POLICY.replace("30", "90"), "Keep much longer", on="2026-03-02")
    revision = told.git("rev-parse", "HEAD")
    assert notifier("decide", revision, "significant", "--because", "Three times as long").code == 0
    notifier("keys", "create", "--name", "shop")

    restored = notifier("restore", copy)

    assert (restored.code, "the copy lacks 2 entries of the journal: 1 decided, 1 key" in restored.out) == (1, True)
    assert notifier("run").code == 1
    said = notifier("recover")
    assert (said.code, said.out.count("is not; it goes on: git knows what was posted and told since")) == (0, 1)
    assert notifier("keys", "list", "--json").json == []
    assert "older copy" not in notifier("recover").out


def told_others(notifier: Notifier) -> list[str]:
    return [one["email"] for one in notifier("customers", "list", "--json").json]

"""`notifier notice show` and `recipients`: what is approved is what will go out, to whom, by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import LEAST_CONFIG, Editor, Notifier
from tests.mailers import MemoryMailer, refuse
from tests.scenes import RULES, Clock

from notifier.errors import RejectedItems, Unavailable
from notifier.ledger import Ledger
from notifier.ledger.states import LEFT_ROSTER
from notifier.notice.message import NAME_TAG_TEXT
from notifier.usecases.deliver import deliver

POLICY = "# Privacy\n\nUpdated March 1, 2026.\n\nWe keep chats for {days} days.\n"
ROSTER = "email,name,language,id\nana@mail.example,Ana Díaz,en,1\nben@mail.example,,en,2\neva@mail.example,Eva,de,3\n"


@pytest.fixture
def notice_id(editor: Editor, notifier: Notifier, root: Path) -> str:
    """A notice that waits for approval; nobody of it is frozen yet."""
    (root / "config.toml").write_text(f'{LEAST_CONFIG}[notice]\napproval = "manual"\n')
    editor.commit(POLICY.format(days=30), "Write")
    editor.commit(POLICY.format(days=30).replace("We keep", "Wir behalten"), "Write", name="policies/privacy.de.md")
    (root / "roster.csv").write_text(ROSTER)
    notifier("customers", "import", "roster.csv")
    notifier("run")
    editor.commit(POLICY.format(days=60), "Keep longer\n\nSignificance: significant", on="2026-03-02")
    notifier("run")
    return str(notifier("notice", "list", "--json").json[0]["id"])


def test_before_approval_recipients_are_counted_and_every_variant_bears_a_real_name(
    notifier: Notifier, notice_id: str
) -> None:
    shown = notifier("notice", "show", notice_id, "--json").json
    text = notifier("notice", "show", notice_id, "--text").out

    assert (shown["recipients"], shown["queued"]) == (3, 3)
    assert {one["language"]: one["recipients"] for one in shown["messages"]} == {"en": 2, "de": 1}
    assert "Ana Díaz" in text
    assert "Eva" in text
    assert NAME_TAG_TEXT not in text
    assert "recipients 3" in text
    assert notifier("status", "--json").json["notices"][0]["recipients"] == 3


def test_recipients_are_listed_before_it_begins_and_with_status_and_attempt_after(
    notifier: Notifier, notice_id: str, root: Path
) -> None:
    listed = notifier("notice", "recipients", notice_id, "--json").json
    assert [(one["email"], one["status"], one["attempt"]) for one in listed] == [
        ("ana@mail.example", "queued", None),
        ("ben@mail.example", "queued", None),
        ("eva@mail.example", "queued", None),
    ]

    notifier("notice", "approve", notice_id)
    with Ledger.open(f"sqlite:///{root}/.notifier/ledger.db") as ledger:
        mailer = MemoryMailer(batch_size=1, faults=[refuse(RejectedItems("no such mailbox", indexes=(0,)))])
        deliver(ledger, mailer, RULES, Clock(ledger.notices.get(notice_id).send_after).environment())

    listed = notifier("notice", "recipients", notice_id, "--json").json
    assert sorted(one["status"] for one in listed) == ["accepted", "accepted", "dropped"]
    assert all(one["attempt_id"] and one["attempted_at"] for one in listed)
    (dropped,) = (one for one in listed if one["status"] == "dropped")
    assert "no such mailbox" in dropped["reason"]
    assert "ana@mail.example" in notifier("notice", "recipients", notice_id).out
    (cause,) = notifier("notice", "show", notice_id, "--json").json["causes"]
    assert (cause["status"], cause["customers"], "no such mailbox" in cause["reason"]) == ("dropped", 1, True)
    assert "not reached   customers   because" in notifier("notice", "show", notice_id).out
    assert notifier("notice", "recipients", "no-such").code == 2


def test_who_moves_before_their_letter_leaves_is_listed_once_at_the_new_address(
    notifier: Notifier, notice_id: str, root: Path
) -> None:
    notifier("notice", "approve", notice_id)
    with Ledger.open(f"sqlite:///{root}/.notifier/ledger.db") as ledger:
        clock = Clock(ledger.notices.get(notice_id).send_after)
        away = MemoryMailer(batch_size=1, faults=[refuse(Unavailable("no route to host"))] * 20)
        deliver(ledger, away, RULES, clock.environment())
    moved = ROSTER.replace("ana@mail", "ana@new").replace("eva@mail.example,Eva,de,3\n", "")
    (root / "roster.csv").write_text(moved)
    notifier("customers", "import", "roster.csv", "--replace", "--yes")

    listed = {one["email"]: one["moved"] for one in notifier("notice", "recipients", notice_id, "--json").json}
    assert listed == {"ana@mail.example": True, "ben@mail.example": False, "eva@mail.example": True}

    with Ledger.open(f"sqlite:///{root}/.notifier/ledger.db") as ledger:
        clock.sleep(3600)
        deliver(ledger, MemoryMailer(), RULES, clock.environment())
    assert "1 of its 3 recipients left the roster" in notifier("notice", "show", notice_id).out
    notifier("notice", "resume", notice_id)

    with Ledger.open(f"sqlite:///{root}/.notifier/ledger.db") as ledger:
        deliver(ledger, MemoryMailer(), RULES, clock.environment())
    listed = {one["email"]: one["reason"] for one in notifier("notice", "recipients", notice_id, "--json").json}
    assert listed == {"ana@new.example": None, "ben@mail.example": None, "eva@mail.example": LEFT_ROSTER}
    shown = notifier("notice", "show", notice_id)
    assert "anew, as the roster has them now: 1; 1 left it" in shown.out
    assert notifier("notice", "show", notice_id, "--json").json["recipients"] == 3
    assert notifier("status").code == 0


def test_who_was_held_back_by_hand_is_told_once_that_is_lifted(notifier: Notifier, notice_id: str) -> None:
    notifier("customers", "suppress", "ben@mail.example")
    assert [one["status"] for one in notifier("notice", "recipients", notice_id, "--json").json] == [
        "queued", "suppressed", "queued",
    ]  # fmt: skip
    notifier("notice", "approve", notice_id)
    assert "did not reach 1 customer (suppressed by hand: notifier customers suppress" in notifier("run").out
    assert "held back by hand" in notifier("notice", "retry", notice_id).err

    notifier("customers", "suppress", "ben@mail.example", "--lift")
    assert "1 customer queued again" in notifier("notice", "retry", notice_id).out
    assert "alarm" not in notifier("run").out
    assert {one["status"] for one in notifier("notice", "recipients", notice_id, "--json").json} == {"accepted"}
    assert notifier("verify").code == 0

"""A notice that waits for a person, or is held, beyond its day: no letter and no page names a day that is not true."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from notifier.mail import Accepted, Envelope
from notifier.mail.outbox import OutboxMailer
from tests.acceptance.run_as_of import run_as_of
from tests.acceptance.stage import Stage
from tests.processes import in_child

POSTED, LATE = "2026-12-02T09:00:00+00:00", "2027-01-20T09:00:00+00:00"
NOTICE = "2026-12-02-terms"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = Stage(tmp_path / "chat").set_up()
    stage.run_as_of("2026-12-01T09:00:00+00:00")
    stage.change("terms.md", "at least 16 years", "at least 18 years")
    stage.commit("Raise the age")
    return stage


def letters(stage: Stage) -> list[str]:
    people = [str(letter["To"].addresses[0].addr_spec) for letter in stage.messages()]
    return [" ".join(stage.last_letter_to(person)) for person in people]


def days_in(found: list[str]) -> set[str]:
    return {day for text in found for day in re.findall(r"\d{1,2}\.? \w+ 20\d\d", text)}


def page(stage: Stage) -> str:
    return (stage.root / "site" / "terms" / "index.html").read_text(encoding="utf-8")


def test_who_approves_weeks_later_has_letters_with_the_day_that_holds_by_then(stage: Stage) -> None:
    stage.configure("notice", 'approval = "manual"')
    stage.run_as_of(POSTED)
    waiting = stage.run_as_of("2027-01-05T09:00:00+00:00")  # the day that was named has gone by, and nobody was told

    assert "4 February 2027" in page(stage)
    assert "at least 16 years" in page(stage)
    assert [one["code"] for one in waiting.json["alarms"]] == ["awaiting-approval", "overdue"]
    stage.notifier("notice", "approve", NOTICE)
    sent = stage.run_as_of(LATE)

    assert [one["code"] for one in sent.json["alarms"]] == ["ended-late"]
    assert days_in(letters(stage)) == {"19 February 2027", "19. Februar 2027", "19 février 2027"}
    assert len(letters(stage)) == 3
    assert "19 February 2027" in page(stage)
    listed = {one["id"]: one for one in stage.notifier("notice", "list", "--json").json}
    assert listed[NOTICE]["state"] == "cancelled"
    assert "written anew" in listed[NOTICE]["why"]
    assert listed[f"{NOTICE}-2"]["state"] == "finished"
    assert stage.notifier("verify").code == 0


def test_an_older_copy_of_the_ledger_sends_no_letter_again_that_was_written_anew(stage: Stage) -> None:
    stage.configure("notice", 'approval = "manual"')
    stage.run_as_of(POSTED)
    ledger = stage.root / ".notifier" / "ledger.db"
    before = ledger.read_bytes()
    stage.notifier("notice", "approve", NOTICE)
    stage.run_as_of(LATE)

    ledger.write_bytes(before)  # brought back as files are, without a word to Notifier
    assert stage.run_as_of(LATE).code == 1
    assert stage.notifier("recover").code == 0
    stage.notifier("notice", "approve", NOTICE)
    stage.run_as_of("2027-01-21T09:00:00+00:00")

    assert len(letters(stage)) == 3
    states = {one["id"]: one["state"] for one in stage.notifier("notice", "list", "--json").json}
    assert states[NOTICE] == "cancelled"
    assert stage.notifier("verify").code == 0


def test_what_was_not_approved_is_not_let_go_by_its_being_late(stage: Stage) -> None:
    stage.configure("notice", 'approval = "manual"')
    stage.run_as_of(POSTED)
    for _ in range(2):
        stage.run_as_of(LATE)

    assert letters(stage) == []
    assert [one["id"] for one in stage.notifier("notice", "list", "--json").json] == [NOTICE]


def test_a_period_begins_once_the_hold_is_over(stage: Stage) -> None:
    stage.configure("notice", 'hold_hours = 24\naction = "Object at https://chat.example/terms/object"')
    stage.run_as_of(POSTED)
    sent = stage.run_as_of("2026-12-03T09:00:01+00:00")

    assert (sent.code, sent.json["alarms"]) == (0, [])
    assert {"2 January 2027", "2. Januar 2027"} <= days_in(letters(stage))
    assert [one["id"] for one in stage.notifier("notice", "list", "--json").json] == [NOTICE]  # that link is no page


@pytest.mark.parametrize(
    "moved_to", ["https://policies.chat.example", "https://chat.example", "https://chat.example/terms"]
)
def test_a_letter_that_waits_while_the_pages_move_leads_to_where_they_are(stage: Stage, moved_to: str) -> None:
    stage.configure("notice", "hold_hours = 24")
    stage.run_as_of(POSTED)
    config = stage.root / "config.toml"
    config.write_text(re.sub(r'(?m)^url = ".*"', f'url = "{moved_to}"', config.read_text(), count=1))

    sent = stage.run_as_of("2026-12-03T10:00:00+00:00")

    assert (sent.code, sent.json["alarms"]) == (0, [])
    links = {link for text in letters(stage) for link in re.findall(r"https://\S+", text)}
    assert links
    assert all(re.match(rf"{moved_to}/((de|fr)/)?terms/", link) for link in links), links
    assert [one["id"] for one in stage.notifier("notice", "list", "--json").json] == [NOTICE, f"{NOTICE}-2"]
    again = stage.run_as_of("2026-12-03T11:00:00+00:00")
    assert (again.code, len(letters(stage))) == (0, 3)


@pytest.mark.parametrize("has_stood", [False, True])
def test_letters_of_a_notice_that_stood_beyond_the_day_that_they_name_go_out_by_a_word_alone(
    stage: Stage, has_stood: bool
) -> None:
    """One of three has theirs, so they cannot be written anew; and their text will apply later."""
    write = OutboxMailer.send

    def one_only(mailer: OutboxMailer, envelope: Envelope) -> Accepted:
        if letters(stage):
            os.kill(os.getpid(), signal.SIGKILL)
        return write(mailer, envelope)

    def live() -> None:
        os.chdir(stage.root)
        OutboxMailer.send = one_only  # type: ignore[method-assign, assignment]  # in a process that does not outlive it
        run_as_of(POSTED)

    in_child(live)
    assert len(letters(stage)) == 1

    went_on = stage.run_as_of(LATE if has_stood else "2026-12-05T09:00:00+00:00")

    assert len(letters(stage)) == (1 if has_stood else 3)
    codes = [one["code"] for one in went_on.json["alarms"]]
    assert codes == (["held", "overdue"] if has_stood else ["ended-late"])
    if has_stood:
        why = "its letters name 2027-01-01, and that day came before all had them"
        assert why in went_on.json["alarms"][0]["text"]
        stage.notifier("notice", "resume", NOTICE)
        assert [one["code"] for one in stage.run_as_of(LATE).json["alarms"]] == ["ended-late"]
        assert len(letters(stage)) == 3

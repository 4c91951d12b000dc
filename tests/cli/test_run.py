"""`notifier run`: its last line is true, and its exit code tells of everybody who was not reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path

import pytest
from tests.cli.conftest import LEAST_CONFIG, Editor, Notifier
from tests.standins.returned import DELIVERY_REPORT
from tests.standins.smtp import Desk, Smtp

POLICY = "# Privacy\n\nUpdated March 1, 2026.\n\nWe keep chats for {days} days.\n"
SMTP = """\
[mail]
from = "Harbour Chat <privacy@harbour.example>"
transport = "smtp"
[mail.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
[page]
url = "https://harbour.example/legal"
"""
TOLD = "everybody has been told"
Tell = Callable[[str], str]


@pytest.fixture
def change(editor: Editor, notifier: Notifier, root: Path) -> Tell:
    """A significant change that no run has seen yet, for three customers, under a config; the notice's id."""

    def make(config: str) -> str:
        editor.commit(POLICY.format(days=30), "Write")
        (root / "roster.csv").write_text("email\n" + "".join(f"p{n}@mail.example\n" for n in range(3)))
        notifier("customers", "import", "roster.csv")
        notifier("run")
        editor.commit(POLICY.format(days=60), "Keep longer\n\nSignificance: significant", on="2026-03-02")
        (root / "config.toml").write_text(config)
        notifier("run")
        return str(notifier("notice", "list", "--json").json[0]["id"])

    return make


@pytest.fixture
def server() -> Iterator[Smtp]:
    with Smtp(Desk()) as server:
        yield server


def test_a_policy_that_was_deleted_is_never_called_told(editor: Editor, notifier: Notifier) -> None:
    editor.commit("# Privacy\n\nUpdated March 1, 2026.\n\nWe keep chats for 30 days.\n", "Write")
    editor.commit("# Terms\n\nUpdated March 1, 2026.\n\nBe kind.\n", "Write", name="policies/terms.md")
    notifier("run")
    editor.git("rm", "-q", "policies/terms.md")
    editor.git("commit", "-q", "-m", "Drop the terms")

    answer = notifier("run")

    assert "Must customers be told?" in answer.out
    assert TOLD not in answer.out


def test_when_all_were_written_to_it_says_so(change: Tell, notifier: Notifier) -> None:
    change(LEAST_CONFIG)

    answer = notifier("run")

    assert (answer.code, answer.out) == (0, f"nothing to do: every policy stands as posted, {TOLD}\n")


@pytest.mark.parametrize("key", ['approval = "manual"', "hold_hours = 5"])
def test_a_notice_that_waits_is_not_called_told(change: Tell, notifier: Notifier, key: str) -> None:
    notice_id = change(f"{LEAST_CONFIG}[notice]\n{key}\n")

    for arguments in (["run"], ["run", "--dry-run"]):
        answer = notifier(*arguments)
        assert notice_id in answer.out
        assert TOLD not in answer.out


def test_a_cancelled_notice_told_nobody_and_no_run_says_otherwise(change: Tell, notifier: Notifier) -> None:
    notice_id = change(f"{LEAST_CONFIG}[notice]\nhold_hours = 5\n")
    assert "3 customers not written to" in notifier("notice", "cancel", notice_id).out

    for answer in (notifier("run"), notifier("status")):
        assert answer.code == 1
        assert "before it told 3 customers of posted/privacy/2" in answer.out
        assert TOLD not in answer.out
    notifier("notice", "accept-unreached", notice_id, "--because", "a mistake of ours", "--by", "Olga")

    answer = notifier("run")

    assert (answer.code, "not everybody was told of privacy of 2" in answer.out) == (0, True)
    assert "customers were not told" in notifier("status").out


def test_what_a_cancelled_notice_left_untold_is_told_with_the_next_change(
    change: Tell, notifier: Notifier, editor: Editor, root: Path
) -> None:
    notice_id = change(f"{LEAST_CONFIG}[notice]\nhold_hours = 5\n")
    notifier("notice", "cancel", notice_id, "--by", "Olga")
    (root / "config.toml").write_text(LEAST_CONFIG, encoding="utf-8")
    editor.commit(POLICY.format(days=90), "Keep even longer", on="2026-03-03")

    notifier("run")

    assert "was cancelled" not in notifier("status").out


def test_whom_a_person_gave_up_is_not_called_told(change: Tell, notifier: Notifier, editor: Editor) -> None:
    notifier("customers", "suppress", "p1@mail.example", "--yes")
    notice_id = change(LEAST_CONFIG)
    assert notifier("run").code == 1
    notifier("notice", "accept-unreached", notice_id, "--because", "they left", "--by", "Olga")

    answer = notifier("run")

    assert answer.code == 0
    assert f"{TOLD} but 1 whom a person gave up" in answer.out


def test_a_letter_that_comes_back_is_an_alarm_of_the_next_run(
    change: Tell, notifier: Notifier, server: Smtp, root: Path
) -> None:
    for part in ("new", "cur"):
        (root / "Maildir" / part).mkdir(parents=True)
    notice_id = change(SMTP.format(port=server.port).replace("[mail.smtp]", 'bounces = "Maildir"\n[mail.smtp]'))
    assert TOLD in notifier("run").out
    letter = message_from_bytes(server.desk.taken[0].content)
    (root / "Maildir" / "new" / "1").write_text(
        DELIVERY_REPORT.format(
            recipient=letter["To"].strip("<>"),
            action="failed",
            status="5.1.1",
            returned="message/rfc822",
            headers=f"Message-ID: {letter['Message-ID']}",
        )
    )

    answer = notifier("run", "--json")

    assert answer.code == 1
    assert [(one["code"], one["notice_id"], one["count"]) for one in answer.json["alarms"]] == [
        ("not-reached", notice_id, 1)
    ]
    assert notifier("status", "--json").json["notices"][0]["bounced"] == 1


def test_a_mailbox_that_cannot_be_read_is_an_alarm_until_it_can(
    change: Tell, notifier: Notifier, server: Smtp, root: Path
) -> None:
    change(SMTP.format(port=server.port).replace("[mail.smtp]", 'bounces = "Maildir"\n[mail.smtp]'))

    for verb in ("run", "status"):
        answer = notifier(verb, "--json")
        assert (answer.code, [one["code"] for one in answer.json["alarms"]]) == (1, ["bounces-unread"])
    for part in ("new", "cur"):
        (root / "Maildir" / part).mkdir(parents=True)
    assert notifier("run").code == 0
    assert notifier("status").code == 0


def test_a_yearly_review_is_a_reminder_and_no_exit_code(editor: Editor, notifier: Notifier) -> None:
    """Both verbs by one rule: who looks at the exit code is not woken for it, who reads the list sees it."""
    editor.commit(POLICY.format(days=30).replace("2026", "2019"), "Write")

    assert notifier("run").code == 0
    answer = notifier("status", "--json")

    assert (answer.code, [one["code"] for one in answer.json["alarms"]]) == (0, ["review-due"])


def test_a_server_that_refuses_all_is_an_alarm_with_its_words_in_run_status_and_doctor(
    change: Tell, notifier: Notifier, server: Smtp
) -> None:
    server.desk.replies["RCPT"] = ["554 5.7.1 Relay access denied"] * 50
    notice_id = change(SMTP.format(port=server.port))

    for verb in ("run", "status"):
        answer = notifier(verb, "--json")
        alarm = next(one for one in answer.json["alarms"] if one["code"] == "no-mail-taken")
        assert answer.code == 1
        assert (alarm["transport"], alarm["count"]) == ("smtp", 3)
        assert "554 5.7.1 Relay access denied; 3 customers are still to be told" in alarm["text"]
        assert [one["code"] for one in answer.json["alarms"]] == ["no-mail-taken"]
    doctor = notifier("doctor")
    assert doctor.code == 1
    assert "took no mail when something was last sent" in doctor.out
    assert notifier("notice", "show", notice_id, "--json").json["queued"] == 3

    server.desk.replies["RCPT"] = []
    assert notifier("run").code == 0
    assert TOLD in notifier("run").out

"""Each way out with the real thing: signed requests that the reference library takes, programs, time that runs out."""

from __future__ import annotations

import base64
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError
from tests.standins.hooks import STALL, HookReceiver, hook_receiver

from notifier.alarms import Alarm, AlarmCode
from notifier.alarms.command_channel import CommandChannel, CommandFailed
from notifier.alarms.dispatch import AlarmEvent, Occasion
from notifier.alarms.mail_channel import MailChannel
from notifier.alarms.memory import StandingAlarm
from notifier.alarms.webhook_channel import WebhookChannel, WebhookFailed, signed_headers, signing_key
from notifier.errors import Refused

RAISED_AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
HELD = StandingAlarm(Alarm(AlarmCode.HELD, "notice n1 is held (bounces): …", notice="n1", count=75), RAISED_AT)
RAISED, OVER = AlarmEvent(Occasion.RAISED, HELD), AlarmEvent(Occasion.OVER, HELD)
SECRETS = tuple("whsec_" + base64.b64encode(bytes([seed]) * 32).decode() for seed in (1, 2, 3))


@pytest.fixture
def hooks() -> Iterator[HookReceiver]:
    with hook_receiver() as desk:
        yield desk


def test_the_reference_library_takes_what_is_sent_and_refuses_what_was_touched(hooks: HookReceiver) -> None:
    now = datetime.now(UTC)
    WebhookChannel(hooks.url, SECRETS[:2], "Example Chat").send([RAISED, OVER], now)
    (body, _), (headers, after) = hooks.bodies, hooks.headers

    for secret in SECRETS[:2]:  # both, while one replaces the other
        assert Webhook(secret).verify(body, headers) == {
            "type": "alarm.raised",
            "timestamp": "2026-11-01T09:00:00+00:00",
            "data": {
                "alarm_id": HELD.alarm_id,
                "installation": "Example Chat",
                "raised_at": "2026-11-01T09:00:00+00:00",
                "code": "held",
                "text": "notice n1 is held (bounces): …",
                "notice_id": "n1",
                "count": 75,
            },
        }
    assert after["webhook-id"] != headers["webhook-id"]
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRETS[2]).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRETS[0]).verify(body.replace(b"75", b"74"), headers)


def test_a_signature_is_the_reference_librarys_own() -> None:
    at, body = datetime(2026, 11, 1, tzinfo=UTC), '{"a": "ü"}'
    ours = signed_headers([signing_key(SECRETS[0])], "msg_1", int(at.timestamp()), body.encode())

    assert ours["webhook-signature"] == Webhook(SECRETS[0]).sign("msg_1", at, body)


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_short", "whsec_not base64!", base64.b64encode(b"x" * 32).decode()]
)
def test_a_secret_that_is_none_is_named_and_not_shown(hooks: HookReceiver, secret: str) -> None:
    with pytest.raises(Refused, match="NOTIFIER_ALARMS_WEBHOOK_SECRET") as caught:
        WebhookChannel(hooks.url, (secret,), "Example").send([RAISED], RAISED_AT)

    assert not secret or secret not in str(caught.value) or secret == "whsec_"
    assert hooks.bodies == []


@pytest.mark.parametrize(
    ("status", "says"),
    [(500, "it answered 500"), (410, "it answered 410"), (302, "it answered 302"), (STALL, "no answer")],
)
def test_whatever_is_no_plain_yes_is_a_failure_that_does_not_show_the_address(
    hooks: HookReceiver, status: int, says: str
) -> None:
    hooks.answers = [status]
    begun = time.monotonic()
    with pytest.raises(WebhookFailed, match=says) as caught:
        WebhookChannel(hooks.url, SECRETS[:1], "Example", timeout_s=0.3).send([RAISED], RAISED_AT)

    assert time.monotonic() - begun < 1.5
    assert "t0k3n" not in str(caught.value)
    assert hooks.bodies == []


def test_where_nobody_listens_the_reason_is_told() -> None:
    with pytest.raises(WebhookFailed, match="it cannot be reached: connection refused"):
        WebhookChannel("http://127.0.0.1:9/", SECRETS[:1], "Example").send([RAISED], RAISED_AT)


def script(folder: Path, source: str) -> tuple[str, ...]:
    (folder / "page_me.py").write_text(source, encoding="utf-8")
    return (sys.executable, "page_me.py", "$(touch shell); *")


@pytest.mark.processes
def test_a_command_gets_the_alarm_on_its_input_and_none_of_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.s3cr3t")
    monkeypatch.setenv("NOTIFIER_SMTP_PASSWORD", "s3cr3t")
    source = "import os, sys\nopen('got', 'w').write(sys.argv[1] + chr(10) + sys.stdin.read() + str(dict(os.environ)))"
    CommandChannel(script(tmp_path, source), tmp_path, "Example").send([RAISED], RAISED_AT)
    argument, told = (tmp_path / "got").read_text(encoding="utf-8").split("\n", 1)

    assert argument == "$(touch shell); *"
    assert json.JSONDecoder().raw_decode(told)[0]["data"]["code"] == "held"
    assert "s3cr3t" not in told
    assert not (tmp_path / "shell").exists()


@pytest.mark.processes
def test_a_command_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    command = script(tmp_path, "import sys\nprint('no network', file=sys.stderr)\nsys.exit(3)")
    with pytest.raises(CommandFailed, match="ended with 3: no network"):
        CommandChannel(command, tmp_path, "Example").send([RAISED], RAISED_AT)


@pytest.mark.processes
def test_a_command_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match=r"\./nothing: no such file"):
        CommandChannel(("./nothing",), tmp_path, "Example").send([RAISED], RAISED_AT)


@pytest.mark.processes
def test_a_command_that_does_not_end_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    source = "import subprocess, sys, time\nsubprocess.Popen(['sleep', '30'])\ntime.sleep(30)"
    begun = time.monotonic()
    with pytest.raises(CommandFailed, match=r"did not end within 0\.5 s"):
        CommandChannel(script(tmp_path, source), tmp_path, "Example", timeout_s=0.5).send([RAISED], RAISED_AT)

    assert time.monotonic() - begun < 3


def test_a_mail_says_all_that_is_new_in_one_message_an_address() -> None:
    sent: list[tuple[str, str, str]] = []
    channel = MailChannel("a@example.com", "Example Chat", lambda *letter: sent.append(letter))
    close = StandingAlarm(Alarm(AlarmCode.CLOSE_CALL, "privacy waits", policy="privacy"), RAISED_AT)
    channel.send([AlarmEvent(Occasion.RAISED, close), OVER], RAISED_AT)

    assert [(address, subject) for address, subject, _ in sent] == [
        ("a@example.com", "Example Chat: alarm: privacy waits (and 1 more)"),
    ]
    assert "Needs a person:\n\n  privacy waits\n  [close-call]\n\nOver:\n\n  notice n1 is held" in sent[0][2]

"""An alarm reaches the operator: by webhook, by mail, by a command; once when it is raised, once when it is over."""

from __future__ import annotations

import json
import sqlite3
import sys

import pytest
from standardwebhooks import Webhook
from tests.cli.conftest import ALARMS_SECRET, TERMS, Configure, Editor, Notifier
from tests.standins.hooks import HookReceiver
from tests.standins.smtp import Desk, Smtp

from notifier.bootstrap import make_look
from notifier.config import load

PAGE = '[page]\nurl = "https://chat.example/legal"\n'


def alarms_webhook(hooks: HookReceiver) -> str:
    return f'[alarms]\nwebhook = "{hooks.url}"\n'


def test_a_waiting_policy_is_told_by_webhook_once_and_once_more_when_it_is_settled(
    waiting: Editor, notifier: Notifier, configure: Configure, hooks: HookReceiver
) -> None:
    configure(alarms_webhook(hooks))
    codes = [notifier("run").code for _ in range(3)]
    (event,) = hooks.events
    Webhook(ALARMS_SECRET).verify(hooks.bodies[0], hooks.headers[0])

    assert codes == [1, 1, 1]
    assert (event["data"]["code"], event["data"]["policy"]) == ("not-posted", "terms")
    waiting.commit(f"---\nannounce: false\n---\n{TERMS}", "Say so", name="policies/terms.md", on="2026-03-03")
    assert notifier("run").code == 0
    notifier("run")
    assert hooks.told.count(("over", "not-posted")) == 1
    assert hooks.told.count(("raised", "not-posted")) == 1


def test_the_alarms_of_run_and_status_are_codes_with_fields_and_a_line(waiting: Editor, notifier: Notifier) -> None:
    for verb in ("run", "status"):
        answer = notifier(verb, "--json")
        (alarm,) = answer.json["alarms"]

        assert answer.code == 1
        assert (alarm["code"], alarm["policy"]) == ("not-posted", "terms")
        assert alarm["text"].startswith("terms is not posted")


def test_a_channel_that_fails_stops_no_run_and_is_named_until_it_works(
    waiting: Editor, notifier: Notifier, configure: Configure, hooks: HookReceiver
) -> None:
    configure(alarms_webhook(hooks))
    hooks.answers = [503]
    first = notifier("run", "--json")

    assert [alarm["code"] for alarm in first.json["alarms"]] == ["not-posted", "alarm-not-sent"]
    assert first.json["alarms"][1]["channel"] == "webhook"
    assert "it answered 503" in notifier("status").out
    notifier("run")
    assert hooks.told[0] == ("raised", "not-posted")
    assert [alarm["code"] for alarm in notifier("status", "--json").json["alarms"]] == ["not-posted"]


def test_without_a_secret_nothing_goes_out_and_the_mend_is_told(
    waiting: Editor,
    notifier: Notifier,
    configure: Configure,
    hooks: HookReceiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NOTIFIER_ALARMS_WEBHOOK_SECRET")
    configure(alarms_webhook(hooks))

    assert "NOTIFIER_ALARMS_WEBHOOK_SECRET is not in the environment" in notifier("run").out
    assert notifier("doctor").code == 1
    assert hooks.bodies == []


def test_a_config_that_broke_under_cron_is_told_by_the_channels_it_had(
    adopted: Editor, notifier: Notifier, configure: Configure, hooks: HookReceiver
) -> None:
    configure(alarms_webhook(hooks))
    notifier("run")
    configure("[notice]\nperiode_days = 30\n")

    codes = [notifier("run").code for _ in range(2)]

    assert codes == [2, 2]
    (event,) = hooks.events
    assert event["data"]["code"] == "config-broken"
    assert "notice.periode_days: unknown key" in event["data"]["text"]
    assert "no run is made until it is mended" in event["data"]["text"]
    configure(alarms_webhook(hooks))
    notifier("run")
    assert hooks.told == [("raised", "config-broken"), ("over", "config-broken")]


def test_a_mail_goes_out_by_the_configured_transport_and_leaves_the_ledger_alone(
    waiting: Editor, notifier: Notifier, configure: Configure
) -> None:
    with Smtp(Desk()) as server:
        smtp = f'transport = "smtp"\n[mail.smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
        configure(smtp, PAGE, '[alarms]\nmail = ["Ops <ops@chat.example>", "night@chat.example"]\n')
        notifier("run")
        notifier("run")

    assert [letter.recipients for letter in server.desk.taken] == [("ops@chat.example",), ("night@chat.example",)]
    assert b"terms is not posted" in server.desk.taken[0].content
    with sqlite3.connect(waiting.root / ".notifier" / "ledger.db") as ledger:
        assert ledger.execute("SELECT (SELECT count(*) FROM notice), (SELECT count(*) FROM attempt)").fetchall() == [
            (0, 0)
        ]


def test_what_comes_and_goes_between_the_runs_is_told_without_one(
    waiting: Editor, notifier: Notifier, configure: Configure, hooks: HookReceiver
) -> None:
    config = ("[notice]\nhold_hours = 5\n", alarms_webhook(hooks))
    configure(*config)
    (waiting.root / "roster.csv").write_text("email\nana@mail.example\n")
    notifier("customers", "import", "roster.csv")
    waiting.commit("# Privacy\n\nUpdated March 1, 2026.\n\nWe keep chats for 60 days.\n", "Keep longer")
    (notice,) = notifier("run", "--json").json["notices"] or notifier("notice", "list", "--json").json
    before = len(hooks.told)
    for word in ("hold", "resume"):
        notifier("notice", word, notice["notice_id"])
        for _ in range(2):
            make_look(load(waiting.root / "config.toml"))

    assert hooks.told[before:] == [("raised", "held"), ("over", "held")]
    assert ("raised", "not-posted") in hooks.told
    assert ("over", "not-posted") not in hooks.told


@pytest.mark.parametrize("verb", ["run", "schedule"])
def test_a_ledger_that_is_broken_is_told_without_it(
    adopted: Editor, notifier: Notifier, configure: Configure, hooks: HookReceiver, verb: str
) -> None:
    configure(alarms_webhook(hooks))
    (adopted.root / ".notifier" / "ledger.db").write_bytes(b"no database at all" * 200)

    assert notifier(verb).code == 2
    assert notifier(verb).code == 2
    assert hooks.told == [("raised", "run-failed")]


def test_a_run_that_fails_is_an_alarm_until_one_succeeds(
    adopted: Editor, notifier: Notifier, configure: Configure
) -> None:
    keep = "import sys; open('told', 'a').write(sys.stdin.read() + chr(10))"
    configure('[policies]\npath = "gone"\n[alarms]', f"command = {json.dumps([sys.executable, '-c', keep])}\n")
    assert notifier("run").code == 2
    alarms = {one["code"]: one["text"] for one in notifier("status", "--json").json["alarms"]}
    assert alarms.keys() >= {"run-failed"}
    assert alarms["run-failed"].startswith("the run failed: ")
    assert all("gone" in text for text in alarms.values())

    config = adopted.root / "config.toml"
    config.write_text(config.read_text().replace("gone", "policies"))
    assert notifier("run").code == 0
    assert notifier("status").code == 0
    told = [json.loads(line) for line in (adopted.root / "told").read_text().splitlines()]
    assert [event["type"] for event in told] == ["alarm.raised", "alarm.over"]

"""`notifier schedule` and `notifier serve` as processes: a config read again, and alarms while nobody is there."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import sqlite3
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.cli.conftest import Configure, Editor, Notifier
from tests.ledger.test_migrations import as_next
from tests.processes import started
from tests.standins.hooks import HookReceiver

from notifier.cli import schedule
from notifier.config import load
from notifier.config.live import LiveConfig
from notifier.ledger.cluster import processes
from notifier.ledger.cluster.processes import Pulse


def alarms_webhook(hooks: HookReceiver) -> str:
    return f'[alarms]\nwebhook = "{hooks.url}"\n'


@contextmanager
def going(root: Path, verb: str) -> Iterator[tuple[subprocess.Popen[str], Callable[[str], str]]]:
    """The verb as a process, and a way to wait for a line on its stderr."""
    process = started(verb, cwd=root, stderr=subprocess.PIPE)
    guard = threading.Timer(60, process.kill)
    guard.start()

    def wait_for(words: str) -> str:
        told = []
        assert process.stderr is not None
        for line in process.stderr:
            told.append(line)
            if words in line:
                return line
        pytest.fail(f"{verb} never said {words!r}: {told}")

    try:
        yield process, wait_for
    finally:
        guard.cancel()
        process.kill()
        process.communicate()


def until(condition: Callable[[], bool]) -> None:
    for _ in range(400):
        if condition():
            return
        time.sleep(0.02)
    pytest.fail("it never came to be")


def test_a_schedule_that_was_down_tells_what_was_missed_and_that_it_is_made_up_for(
    adopted: Editor, configure: Configure, hooks: HookReceiver
) -> None:
    configure(alarms_webhook(hooks))
    with closing(sqlite3.connect(adopted.root / ".notifier" / "ledger.db")) as ledger, ledger:
        ledger.execute("UPDATE run SET started_at = '2026-03-01 00:00:00'")
    with going(adopted.root, "schedule") as (_, wait_for):
        wait_for("run done")

    assert hooks.told == [("raised", "run-missed"), ("over", "run-missed")]


def test_a_schedule_that_died_is_seen_by_those_who_look(adopted: Editor, notifier: Notifier) -> None:
    with going(adopted.root, "schedule") as (_, wait_for):
        wait_for("next run")
        memory = adopted.root / ".notifier" / "alarms.json"
        until(memory.exists)
    kept = json.loads(memory.read_text())
    assert kept["next_run_at"]
    memory.write_text(json.dumps(kept | {"next_run_at": "2999-01-01T00:00:00+00:00"}))
    assert notifier("status").code == 0
    with closing(sqlite3.connect(adopted.root / ".notifier" / "ledger.db")) as ledger, ledger:
        ledger.execute("UPDATE run SET started_at = '2026-03-01 00:00:00'")
    memory.write_text(json.dumps(kept | {"next_run_at": "2026-03-02T09:00:00+00:00"}))
    (alarm,) = notifier("status", "--json").json["alarms"]
    assert alarm["code"] == "run-missed"
    assert "a run was due 2026-03-02 09:00 UTC" in alarm["text"]


def test_a_schedule_says_that_it_lives_until_it_stops_and_its_silence_is_an_alarm(
    adopted: Editor, notifier: Notifier
) -> None:
    assert notifier("schedule", "--is-alive").code == 1
    with going(adopted.root, "schedule") as (process, wait_for):
        wait_for("next run")
        assert notifier("schedule", "--is-alive").code == 0
        assert "schedule" in notifier("status").out
        (seen,) = notifier("status", "--json").json["processes"]
        assert (seen["role"], seen["pid"]) == ("schedule", process.pid)
        with sqlite3.connect(adopted.root / ".notifier" / "ledger.db") as ledger:
            earlier = datetime.now(UTC) - timedelta(hours=3)
            ledger.execute("UPDATE process SET seen_at = ?", [f"{earlier:%Y-%m-%d %H:%M:%S}"])

        assert notifier("schedule", "--is-alive").code == 1
        (alarm,) = notifier("status", "--json").json["alarms"]
        assert alarm["code"] == "process-silent"
        assert f"(process {process.pid}) has said nothing since {earlier:%Y-%m-%d %H:%M} UTC" in alarm["text"]

        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    answer = notifier("status", "--json")
    assert (answer.code, answer.json["processes"]) == (0, [])


def test_of_one_that_was_killed_and_never_comes_back_a_person_says_so_by_the_word_that_the_alarm_names(
    adopted: Editor, notifier: Notifier
) -> None:
    host = os.uname().nodename
    with going(adopted.root, "schedule") as (process, wait_for):
        wait_for("next run")
        process.kill()
        process.wait(20)
    assert notifier("schedule", "--gone", host).code == 1  # it lived a moment ago
    with sqlite3.connect(adopted.root / ".notifier" / "ledger.db") as ledger:
        ledger.execute("UPDATE process SET seen_at = datetime('now', '-1 hours')")
    (alarm,) = notifier("status", "--json").json["alarms"]
    assert alarm["text"].endswith(f"or, if it never comes back: notifier schedule --gone {host}")
    answer = notifier("schedule", "--gone", "elsewhere")
    assert (answer.code, f"on record: {host}" in answer.out) == (1, True)

    answer = notifier("schedule", "--gone", host)

    assert (answer.code, f"(process {process.pid})" in answer.out) == (0, True)
    answer = notifier("status", "--json")
    assert (answer.code, answer.json["processes"]) == (0, [])


def test_a_schedule_gives_signs_of_life_while_it_reads_a_long_list_of_customers(
    adopted: Editor, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"reader{n}@mail.example\n" for n in range(20_000))
    (adopted.root / "customers.csv").write_text(f"email\n{rows}", encoding="utf-8")
    configure('[customers]\nfile = "customers.csv"\n')
    monkeypatch.setattr(processes, "SIGN_EVERY_S", 0.0)
    signs: list[bool] = []

    schedule._one_run(LiveConfig(load(adopted.root / "config.toml")), lambda: False, Pulse(signs.append))

    assert len(signs) >= 20  # a sign for each thousand rows could be given


def test_a_broken_config_leaves_the_schedule_as_it_was_and_is_told_until_mended(
    adopted: Editor, notifier: Notifier, configure: Configure, hooks: HookReceiver
) -> None:
    configure(alarms_webhook(hooks))
    with going(adopted.root, "schedule") as (process, wait_for):
        wait_for("next run")
        (adopted.root / "config.toml").write_text("[mail\n", encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        assert "what the file said before holds until it is mended" in wait_for("config.toml:1: not TOML")
        until(lambda: hooks.told == [("raised", "config-broken")])

        configure(alarms_webhook(hooks), '[schedule]\ncron = "0 0 1 1 *"\n')
        process.send_signal(signal.SIGHUP)
        wait_for("config.toml can be used again")
        assert "-01-01 00:00 UTC" in wait_for("next run")
        until(lambda: hooks.told[1:] == [("over", "config-broken")])
        assert process.poll() is None


@pytest.mark.parametrize("verb", ["schedule", "serve"])
def test_it_ends_with_the_terminal_that_it_was_started_in(adopted: Editor, configure: Configure, verb: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        configure(f"[web]\nport = {probe.getsockname()[1]}\n")
    ours, theirs = os.openpty()

    def on_the_terminal() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # who runs this suite by nohup hands down that it is ignored
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = started(
        verb, cwd=adopted.root, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        first=on_the_terminal,
    )  # fmt: skip
    try:
        os.close(theirs)
        assert os.read(ours, 4096)
        os.close(ours)
        process.wait(20)
    finally:
        process.kill()
        process.wait()


def test_serve_reads_its_config_again_and_says_which_alarms_stand(
    waiting: Editor, notifier: Notifier, configure: Configure, hooks: HookReceiver
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        config = (f"[web]\nport = {probe.getsockname()[1]}\n", alarms_webhook(hooks))
    configure(*config)
    notifier("run")

    with going(waiting.root, "serve") as (process, wait_for):
        url = json.loads(wait_for("serving on"))["url"].rstrip("/")

        def fetch(path: str) -> str:
            with urlopen(url + path, timeout=10) as answer:
                return str(answer.read().decode())

        assert json.loads(fetch("/healthz"))["alarms"] == ["not-posted"]
        metrics = fetch("/metrics")
        assert 'notifier_alarms{code="not-posted"} 1\n' in metrics
        assert 'notifier_alarms{code="held"} 0\n' in metrics

        configure("[page]\nurl = 7\n")
        process.send_signal(signal.SIGHUP)
        wait_for("what the file said before holds")
        until(lambda: "config-broken" in json.loads(fetch("/healthz"))["alarms"])
        configure(*config, '[company]\nname = "Harbour Chat"\n')
        process.send_signal(signal.SIGHUP)
        wait_for("config.toml was read again")
        until(lambda: json.loads(fetch("/healthz"))["alarms"] == ["not-posted"])
        until(lambda: hooks.told[1:] == [("raised", "config-broken"), ("over", "config-broken")])


@pytest.mark.parametrize("verb", ["schedule", "serve"])
def test_it_ends_by_itself_and_says_why_where_a_newer_version_has_changed_the_ledger(
    adopted: Editor, configure: Configure, verb: str
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    configure(f"[web]\nport = {port}\n")
    with going(adopted.root, verb) as (process, wait_for):
        wait_for("next run" if verb == "schedule" else "serving on")
        as_next(f"sqlite:///{adopted.root}/.notifier/ledger.db", since="9000")
        if verb == "schedule":
            process.send_signal(signal.SIGHUP)
        else:
            time.sleep(1)
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10):
                pass

        assert "made by a newer Notifier (schema 9001" in wait_for("newer Notifier")
        assert process.wait(20) in (1, 2)

"""`notifier serve` as a process: starts, takes events in, survives being killed, stops when told."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.called import called
from tests.processes import started
from tests.standins.events import Signer, as_body, event, post
from tests.standins.sendgrid import SendGrid, Taken
from tests.web.test_events import NOTICE, PEOPLE, send_notice

from notifier.cli import exit_code
from notifier.ledger import Ledger
from notifier.web.app import EVENTS_PATH
from notifier.web.server import _listening

CONFIG = """
[mail]
from = "Example <privacy@example.com>"
transport = "sendgrid"
[page]
url = "https://example.com/legal/"
[web]
port = {port}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        (tmp_path / "config.toml").write_text(CONFIG.format(port=probe.getsockname()[1]))
    return tmp_path


@pytest.fixture
def signer() -> Signer:
    return Signer.new()


def ledger_at(home: Path) -> Ledger:
    return Ledger.open(f"sqlite:///{home}/.notifier/ledger.db")


@contextmanager
def served(home: Path, **environ: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its address."""
    process = started(
        "serve", "--config", str(home / "config.toml"), env={**os.environ, **environ}, stderr=subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        began = json.loads(process.stderr.readline())
        assert began["action"] == "serve.began", began
        yield process, began["url"].rstrip("/")
    finally:
        process.kill()
        process.communicate(timeout=10)


def wait_for(url: str) -> dict[str, object]:
    for _ in range(200):
        try:
            with urlopen(f"{url}/healthz", timeout=5) as answer:
                found: dict[str, object] = json.load(answer)
                return found
        except OSError:
            time.sleep(0.05)
    raise AssertionError("nobody answers")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop_and_then_ends_well(home: Path, how: signal.Signals) -> None:
    with served(home) as (process, url):
        assert wait_for(url) == {"status": "ok", "last_run_at": None, "alarms": []}

        process.send_signal(how)

        assert process.wait(10) == 0


def test_the_second_half_of_an_answer_does_not_wait_until_the_first_was_acknowledged() -> None:
    with _listening("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        taken, _ = listener.accept()
        with taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_without_a_key_events_are_put_off_and_the_operator_is_told(home: Path, signer: Signer) -> None:
    with served(home) as (_, url):
        wait_for(url)
        assert post(url + EVENTS_PATH, b"[]", signer.headers(b"[]")) == 503


def test_its_log_says_how_many_events_came_and_of_nobody(home: Path, signer: Signer) -> None:
    body = as_body([event("delivered", Taken("d1", "a1", "anna@example.org", "r1"))])
    with served(home, SENDGRID_WEBHOOK_KEY=signer.public_key) as (process, url):
        wait_for(url)
        post(url + EVENTS_PATH, body, signer.headers(body))
        post(url + EVENTS_PATH, body, {})
        process.terminate()
        _, log = process.communicate(timeout=20)

    taken, unsigned = map(json.loads, log.splitlines())
    assert taken["text"] == "events: 0 new, 0 repeated, 1 of no delivery of ours"
    assert (taken["action"], taken["level"], taken["unknown"]) == ("events.taken", "info", 1)
    assert (unsigned["action"], unsigned["level"]) == ("events.unsigned", "warning")
    assert "example.org" not in log


def test_a_key_that_is_none_ends_it_at_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDGRID_WEBHOOK_KEY", "no key")
    ended = called(lambda: exit_code(["serve", "--config", str(home / "config.toml")]), home)

    assert ended.code == 2
    said = json.loads(ended.err)["text"]
    assert said == "SENDGRID_WEBHOOK_KEY: not a public key as SendGrid's settings page shows it"


def test_a_port_that_is_taken_is_an_error_of_the_config(home: Path) -> None:
    with served(home) as (_, url):
        wait_for(url)
        ended = called(lambda: exit_code(["serve", "--config", str(home / "config.toml")]), home)

    assert ended.code == 2
    assert "cannot listen on 127.0.0.1:" in ended.err


def test_hundreds_who_never_finish_their_request_block_neither_readers_nor_events(home: Path, signer: Signer) -> None:
    body = as_body([event("delivered", Taken("d1", "a1", "anna@example.org", "r1"))])
    with served(home, SENDGRID_WEBHOOK_KEY=signer.public_key) as (_, url), ExitStack() as stalled:
        wait_for(url)
        host, _, port = url.removeprefix("http://").partition(":")
        for _ in range(600):
            half = stalled.enter_context(socket.create_connection((host, int(port)), timeout=5))
            half.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")

        assert wait_for(url)["status"] == "ok"
        assert post(url + EVENTS_PATH, body, signer.headers(body)) == 204


@pytest.mark.parametrize("kill_after", [1, 7, 23])
def test_killed_at_any_time_it_has_kept_what_it_answered_for_and_takes_the_rest_again(
    home: Path, signer: Signer, kill_after: int
) -> None:
    with ledger_at(home) as ledger, SendGrid() as provider:
        taken = send_notice(ledger, provider)
    names = [f"event-{n}" for n in range(40)]
    environ = {"SENDGRID_WEBHOOK_KEY": signer.public_key}

    def tell(url: str, name: str) -> tuple[str, int]:
        body = as_body([event("delivered", taken[int(name[6:]) % PEOPLE], sg_event_id=name)])
        return name, post(url + EVENTS_PATH, body, signer.headers(body))

    with served(home, **environ) as (process, url), ThreadPoolExecutor(4) as pool:
        wait_for(url)
        answers = {}
        for name, answer in pool.map(partial(tell, url), names):
            answers[name] = answer
            if len(answers) == kill_after:
                process.kill()

    answered_for = {name for name, answer in answers.items() if answer == 204}
    assert len(answered_for) >= kill_after
    assert answered_for <= recorded(home)

    with served(home, **environ) as (_, url):
        wait_for(url)
        assert {tell(url, name)[1] for name in names} == {204}

    assert recorded(home) == set(names)
    with ledger_at(home) as ledger:
        assert ledger.deliveries.counts(NOTICE).delivered == PEOPLE
        assert ledger.deliveries.check_counts() == ()


def recorded(home: Path) -> set[str]:
    """The events in the ledger's file."""
    with closing(sqlite3.connect(home / ".notifier" / "ledger.db")) as connection:
        return {name for (name,) in connection.execute("SELECT event_id FROM event")}

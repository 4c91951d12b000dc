"""`notifier schedule` twice and `notifier worker` twice over one ledger, as an operator starts them."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from notifier.ledger import Ledger
from notifier.notice.delivery import NoticeState
from tests.acceptance.stage import CONFIG, PRIVACY, Stage
from tests.cluster.processes import until
from tests.databases import PostgresServer, empty_database

COUNT = 400


@contextmanager
def started(verb: str, root: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-m", "notifier", verb], cwd=root, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_what_is_approved_on_one_machine_goes_out_from_all_within_moments(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty_database(postgres_url)
    monkeypatch.setenv("NOTIFIER_LEDGER_URL", postgres_url)
    monkeypatch.setenv("NOTIFIER_LOG", "text")
    stage, outbox = Stage(tmp_path / "chat"), tmp_path / "outbox"
    stage.root.mkdir()
    stage.git("init", "-q", "-b", "main")
    approval = '[notice]\napproval = "manual"\n'
    (stage.root / "config.toml").write_text(f'{CONFIG}\n{approval}\n[mail.outbox]\npath = "{outbox}"\n')
    stage.write("privacy.md", PRIVACY)
    stage.commit("Write it")
    (stage.root / "roster.csv").write_text(
        "id,email\n" + "".join(f"c{n},reader{n}@mail.example\n" for n in range(COUNT))
    )
    stage.notifier("customers", "import", "roster.csv")
    stage.notifier("run")
    stage.write("privacy.md", PRIVACY.replace("30 days", "90 days"))
    stage.commit("Keep chats longer", "Significance: significant")
    stage.notifier("run")
    with Ledger.open(postgres_url) as ledger:
        (notice,) = ledger.notices.all()
        assert notice.state is NoticeState.AWAITING_APPROVAL
        with started("worker", stage.root) as worker, started("schedule", stage.root) as schedule:
            assert worker.stderr is not None
            assert "sending what has begun" in worker.stderr.readline()
            assert schedule.stderr is not None
            assert "next run" in schedule.stderr.readline()

            stage.notifier("notice", "approve", notice.notice_id)
            begins = lambda: ledger.notices.get(notice.notice_id).state is not NoticeState.SCHEDULED  # noqa: E731
            until(begins, 20)  # a minute is between two looks at what has begun; this machine may be busy
            until(lambda: ledger.notices.get(notice.notice_id).state is NoticeState.FINISHED)

            for one in (worker, schedule):
                one.send_signal(signal.SIGTERM)
                said = one.communicate(timeout=10)[1]
                assert (one.returncode, said.splitlines()[-1][-7:]) == (0, "stopped")
    told = Counter(path.read_text().split("\nTo: ")[1].splitlines()[0] for path in outbox.glob("*/*.eml"))
    assert len(told) == COUNT
    assert set(told.values()) == {1}


def test_a_worker_takes_up_a_changed_config_and_a_broken_one_leaves_it_as_it_was(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty_database(postgres_url)
    monkeypatch.setenv("NOTIFIER_LEDGER_URL", postgres_url)
    monkeypatch.setenv("NOTIFIER_LOG", "text")
    config = tmp_path / "config.toml"
    config.write_text(CONFIG)
    with started("worker", tmp_path) as worker, Ledger.open(postgres_url) as ledger:
        assert worker.stderr is not None
        said = iter(worker.stderr.readline, "")
        assert any("sending what has begun" in line for line in said)
        for text, words in (
            ("[mail\n", "what the file said before holds"),
            (CONFIG, "config.toml can be used again"),
            (CONFIG.replace("[mail]", '[mail]\ntransport = "sendgrid"'), "SENDGRID_API_KEY is not in the environment"),
            (CONFIG.replace("[mail]", "[mail]\nrate_per_second = 5"), "config.toml was read again"),
        ):
            config.write_text(text)
            worker.send_signal(signal.SIGHUP)
            assert any(words in line for line in said)
        until(lambda: [one.role for one in ledger.processes.all(ledger.now())] == ["worker"])

        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=10)
        assert (worker.returncode, ledger.processes.all(ledger.now())) == (0, ())


def test_a_worker_that_was_stopped_and_wakes_up_goes_on(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFIER_LEDGER_URL", postgres_url)
    (tmp_path / "config.toml").write_text(CONFIG)
    with started("worker", tmp_path) as worker:
        assert worker.stderr is not None
        assert "sending what has begun" in worker.stderr.readline()
        time.sleep(0.5)
        worker.send_signal(signal.SIGSTOP)
        time.sleep(1.5)
        worker.send_signal(signal.SIGCONT)

        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(1)  # nobody has asked it to end


def test_a_worker_on_sqlite_says_who_sends_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(tmp_path)
    monkeypatch.delenv("NOTIFIER_LEDGER_URL", raising=False)
    (tmp_path / "config.toml").write_text(CONFIG)

    said = stage.notifier("worker")

    assert (said.code, "on SQLite `notifier run` and `schedule` send" in said.err) == (2, True)
    assert [one.name for one in tmp_path.iterdir()] == ["config.toml"]


def answer_of(url: str) -> int:
    """Its status; 0 where nobody listens yet."""
    try:
        with urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except URLError:
        return 0


def test_what_is_started_while_the_database_is_away_waits_for_it_and_says_so(
    tmp_path: Path, mortal: tuple[PostgresServer, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A supervisor that starts anew what ends would count crashes until it gives up."""
    server, url = mortal
    monkeypatch.setenv("NOTIFIER_LEDGER_URL", url)
    monkeypatch.setenv("NOTIFIER_LOG", "text")
    Ledger.open(url).close()
    server.die()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    stage = Stage(tmp_path / "chat")
    stage.root.mkdir()
    stage.git("init", "-q", "-b", "main")
    (stage.root / "config.toml").write_text(f"{CONFIG}\n[web]\nport = {port}\n")
    stage.write("privacy.md", PRIVACY)
    stage.commit("Write it")
    with ExitStack() as running:
        worker, schedule, serve, impatient = (
            running.enter_context(started(verb, stage.root)) for verb in ("worker", "schedule", "serve", "schedule")
        )
        lines = {one: iter(one.stderr.readline, "") for one in (worker, schedule, serve, impatient) if one.stderr}
        assert all(any("connection" in line for line in said) for said in lines.values())
        impatient.send_signal(signal.SIGTERM)
        assert impatient.wait(5) == 0
        assert answer_of(f"http://127.0.0.1:{port}/healthz") == 503
        assert answer_of(f"http://127.0.0.1:{port}/v1/people/c1/standing") == 401

        server.start()
        assert any("going on" in line for line in lines[worker])
        assert any("next run" in line for line in lines[schedule])
        until(lambda: answer_of(f"http://127.0.0.1:{port}/healthz") == 200)
        for one in (worker, schedule, serve):
            one.send_signal(signal.SIGTERM)
            assert one.wait(10) == 0


def test_a_database_that_answers_no_is_a_mistake_to_mend_and_nothing_to_wait_for(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFIER_LEDGER_URL", re.sub(r"@/\w+", "@/nobodys", postgres_url))
    (tmp_path / "config.toml").write_text(CONFIG)
    with ExitStack() as running:
        for process in [running.enter_context(started(verb, tmp_path)) for verb in ("worker", "schedule", "serve")]:
            said = process.communicate(timeout=30)[1]
            assert (process.returncode, "does not exist" in said) == (2, True)

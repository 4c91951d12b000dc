"""Who works on the ledger says so; one that hangs is an alarm, which the others tell of."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta

import pytest

from notifier.ledger import Ledger
from notifier.ledger.cluster import processes
from notifier.ledger.cluster.processes import ProcessRole
from notifier.usecases import worker
from notifier.usecases.alarms import process_alarms
from notifier.usecases.worker import Worker
from tests.cluster.processes import SHORT, cluster, until
from tests.processes import sendgrid_at
from tests.standins.sendgrid import SendGridProcess


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "SIGN_EVERY_S", 0.2)
    monkeypatch.setattr(processes, "SILENT_AFTER", timedelta(seconds=2))
    monkeypatch.setattr(worker, "OTHERS_EVERY_S", 0.3)


def silent(url: str) -> list[str]:
    with Ledger.open(url) as ledger:
        return [one.text for one in process_alarms(ledger, ledger.now())]


def pids(url: str) -> list[int]:
    with Ledger.open(url) as ledger:
        return [one.pid for one in ledger.processes.all(ledger.now())]


def test_a_worker_that_hangs_is_told_of_by_another_until_it_goes_on(url: str, provider: SendGridProcess) -> None:
    told: list[tuple[str, ...]] = []
    with cluster(url, provider) as running, Ledger.open(url) as ledger:
        hung = running.worker()
        until(lambda: pids(url) == [hung])
        other = Worker(
            ledger, sendgrid_at(provider.url), SHORT, threading.Event(), lambda *_, **__: None,
            lambda alarms, _: told.append(tuple(one.text for one in alarms)),
        )  # fmt: skip

        def has_told(times: int) -> bool:
            other.look()
            return len(told) == times

        assert not has_told(1)
        os.kill(hung, signal.SIGSTOP)
        until(lambda: has_told(1))
        os.kill(hung, signal.SIGCONT)
        until(lambda: has_told(2))
        other.close()

    assert f"notifier worker on {os.uname().nodename} (process {hung}) has said nothing since" in told[0][0]
    assert told[1] == ()


def test_who_stops_takes_its_row_along_and_who_was_killed_leaves_it_to_the_next_on_that_host(
    url: str, provider: SendGridProcess
) -> None:
    with cluster(url, provider) as running:
        stopped, killed = running.worker(), running.worker()
        until(lambda: sorted(pids(url)) == sorted([stopped, killed]))
        os.kill(stopped, signal.SIGTERM)
        os.waitpid(stopped, 0)
        running.pids.remove(stopped)
        running.kill(killed)
        assert pids(url) == [killed]
        until(lambda: len(silent(url)) == 1)

        another = running.worker()
        until(lambda: pids(url) == [another])
        assert silent(url) == []


def test_one_whose_machine_is_gone_for_good_is_forgotten_after_a_day(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(url) as ledger:
        now = ledger.now()
        monkeypatch.setattr(processes, "gethostname", lambda: "burnt")
        ledger.processes.sign(ProcessRole.WORKER, now - timedelta(hours=23), is_first=True)
        monkeypatch.setattr(processes, "gethostname", lambda: "here")
        ledger.processes.sign(ProcessRole.SCHEDULE, now, is_first=True)
        assert [one.host for one in ledger.processes.all(now)] == ["here", "burnt"]
        assert len(silent(url)) == 1

        later = now + timedelta(hours=2)
        assert [one.host for one in ledger.processes.all(later)] == ["here"]
        ledger.processes.sign(ProcessRole.SCHEDULE, later)
        assert [(one.host, one.began_at) for one in ledger.processes.all(now)] == [("here", now)]

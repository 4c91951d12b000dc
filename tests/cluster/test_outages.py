"""Machines die, freeze and lose their database: nobody is lost, and nobody is written to twice unless marked."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from notifier.ledger import Ledger
from notifier.usecases.deliver import NoticeReport, SystemEnvironment, deliver
from tests.cluster.processes import (
    SHORT,
    cluster,
    cut_off,
    event_of,
    everybody_answered,
    is_finished,
    looked_into,
    the_truth,
    until,
)
from tests.databases import PostgresServer
from tests.processes import Kill, sendgrid_at, standings
from tests.scenes import NOTICE, announced, people
from tests.standins.sendgrid import SendGridProcess

LEAVES = "http.client:HTTPConnection.send"
CHECKED = "notifier.usecases.deliver.sender:NoticeSender._check_claim"
HOLDS_HEAD = "notifier.ledger.journal.entries:_locked_head"
COUNT = 160


def stop_me() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(0.2)  # the signal goes to another thread of the process first: this one must not go on meanwhile


def ready(url: str, count: int = COUNT) -> None:
    with Ledger.open(url) as ledger:
        announced(ledger, people(count))


def begun(url: str, provider: SendGridProcess) -> None:
    """A run has sent the first batch, and was stopped then: the rest is for whoever comes."""
    ready(url)
    with Ledger.open(url) as ledger:
        stopped = SystemEnvironment(now=ledger.now, should_stop=lambda: provider.counts()["accepted"] > 0)
        deliver(ledger, sendgrid_at(provider.url), SHORT, stopped)
    assert provider.counts()["accepted"] < COUNT / 2


def finished(url: str, provider: SendGridProcess) -> Counter[str]:
    """How often each was written to, once nobody is left."""
    until(lambda: is_finished(url), 60)
    everybody_answered(url)
    times = the_truth(url, provider.accepted())
    assert len(times) == COUNT
    return times


def marked(url: str) -> int:
    return looked_into(url).deliveries.counts(NOTICE).possible_duplicates


def test_workers_and_two_schedules_share_a_notice_and_everybody_is_told_once(
    url: str, provider: SendGridProcess
) -> None:
    ready(url)
    with cluster(url, provider) as running:
        running.rules, running.timeout_s = SHORT._replace(lease=timedelta(minutes=1)), 30.0  # slow is not dead here
        for start in (running.scheduler, running.worker, running.taker):
            start()
            start()
        times = finished(url, provider)

        assert set(times.values()) == {1}
        assert marked(url) == 0
        until(lambda: _delivered(url) == COUNT)


def _delivered(url: str) -> int:
    return looked_into(url).deliveries.counts(NOTICE).delivered


@pytest.mark.parametrize("where", [LEAVES, "notifier.ledger.sending.attempts:Attempts.record_accepted"])
def test_a_worker_killed_in_the_middle_of_a_batch_leaves_doubt_that_the_others_settle(
    url: str, provider: SendGridProcess, where: str
) -> None:
    begun(url, provider)
    with cluster(url, provider) as running:
        killed = running.worker(Kill(where, nth=3))
        os.waitpid(killed, 0)
        running.pids.remove(killed)
        running.worker()
        running.scheduler()
        times = finished(url, provider)

    assert marked(url) in (10, 20)  # one batch on each of its two connections
    assert sum(count > 1 for count in times.values()) <= marked(url)


def test_a_worker_that_froze_before_its_message_left_sends_nothing_when_it_wakes_too_late(
    url: str, provider: SendGridProcess
) -> None:
    begun(url, provider)
    with cluster(url, provider, connections=1) as running:  # on a second one a message may be leaving as it freezes
        frozen = running.worker(Kill(CHECKED, act=stop_me))
        _wait_until_stopped(frozen)
        running.worker()
        until(lambda: is_finished(url), 60)
        before = provider.counts()["accepted"]
        os.kill(frozen, signal.SIGCONT)
        time.sleep(1)

        assert provider.counts()["accepted"] == before
    assert set(finished(url, provider).values()) == {1}


def test_a_worker_that_froze_past_its_lease_and_sends_when_it_wakes_doubles_only_who_is_marked(
    url: str, provider: SendGridProcess
) -> None:
    begun(url, provider)
    with cluster(url, provider) as running:
        frozen = running.worker(Kill(LEAVES, act=stop_me))
        _wait_until_stopped(frozen)
        running.worker()
        until(lambda: is_finished(url), 60)
        os.kill(frozen, signal.SIGCONT)
        until(lambda: provider.counts()["repeated"] > 0)
        time.sleep(0.5)
        times = finished(url, provider)

    twice = {key for key, count in times.items() if count > 1}
    with Ledger.open(url) as ledger:
        assert twice <= {key for key, one in standings(ledger).items() if one.is_possible_duplicate}


def test_a_worker_that_froze_in_the_middle_of_a_transaction_keeps_nobody_from_the_ledger_for_long(
    url: str, provider: SendGridProcess
) -> None:
    """It holds the journal's head, for which everybody waits who writes."""
    begun(url, provider)
    with cluster(url, provider) as running:
        frozen = running.worker(Kill(HOLDS_HEAD, "after", nth=3, act=stop_me))
        _wait_until_stopped(frozen)
        with Ledger.open(url) as ledger:
            ledger.events.record([event_of(one) for one in provider.accepted()], ledger.now())
        running.worker()
        until(lambda: is_finished(url), 60)
        os.kill(frozen, signal.SIGCONT)
        times = finished(url, provider)

    assert sum(count > 1 for count in times.values()) <= marked(url)


def _wait_until_stopped(pid: int) -> None:
    def is_stopped() -> bool:
        found, status = os.waitpid(pid, os.WUNTRACED | os.WNOHANG)
        return found == pid and os.WIFSTOPPED(status)

    until(is_stopped)


def test_a_connection_cut_between_intent_and_message_loses_no_outcome(url: str, provider: SendGridProcess) -> None:
    begun(url, provider)
    with cluster(url, provider) as running:
        running.worker(Kill(LEAVES, nth=2, act=lambda: cut_off(url)))
        times = finished(url, provider)

    assert set(times.values()) == {1}
    assert marked(url) == 0


def test_a_database_that_dies_in_mid_batch_and_comes_back_loses_nobody(
    mortal: tuple[PostgresServer, str], provider: SendGridProcess
) -> None:
    server, url = mortal
    ready(url)
    with cluster(url, provider) as running:
        for start in (running.scheduler, running.worker, running.worker):
            start()
        for _ in range(2):
            so_far = provider.counts()["requests"]
            until(lambda so_far=so_far: provider.counts()["requests"] > so_far + 3 or is_finished(url))  # type: ignore[misc]
            server.die()
            time.sleep(0.3)
            server.start()
        finished(url, provider)


def test_events_that_come_before_a_batch_is_written_down_prove_it(url: str, provider: SendGridProcess) -> None:
    """The worker dies before it writes down what it sent, and the provider's events tell."""
    ready(url)
    with cluster(url, provider) as running:
        scheduler = running.scheduler()
        until(lambda: provider.counts()["requests"] > 3)
        os.kill(scheduler, signal.SIGSTOP)
        with Ledger.open(url) as ledger:
            ledger.events.record([event_of(one) for one in provider.accepted()], ledger.now())
        running.kill(scheduler)
        running.worker()
        times = finished(url, provider)

    assert set(times.values()) <= {1, 2}


def test_a_run_killed_in_its_first_batch_is_taken_over_by_the_next_run_without_waiting_for_its_lease(
    url: str, provider: SendGridProcess
) -> None:
    """Who has the run lock knows that nobody else begins a notice any more."""
    ready(url)
    unhurried = SHORT._replace(lease=timedelta(minutes=5))
    with cluster(url, provider, rules=unhurried) as running:
        killed = running.scheduler(Kill(LEAVES))
        os.waitpid(killed, 0)
        running.pids.remove(killed)
    with Ledger.open(url) as ledger:
        until(lambda: _runs(ledger, provider).counts.accepted == COUNT)

    assert set(finished(url, provider).values()) == {1}
    assert marked(url) == 10


def test_what_another_begins_is_named_and_not_waited_for(url: str, provider: SendGridProcess) -> None:
    ready(url)
    with (
        Ledger.open(url) as ledger,
        cluster(url, provider, rules=SHORT._replace(lease=timedelta(minutes=5))) as running,
    ):
        frozen = running.scheduler(Kill(LEAVES, act=stop_me))
        _wait_until_stopped(frozen)
        report = deliver(
            ledger, sendgrid_at(provider.url), SHORT, SystemEnvironment(now=ledger.now, should_stop=after(5))
        )

    assert report.notices[0].waiting_for == "the first batch, which another process is sending"


def _runs(ledger: Ledger, provider: SendGridProcess) -> NoticeReport:
    """One pass of a run's."""
    environment = SystemEnvironment(now=ledger.now, should_stop=after(10))
    rules = SHORT._replace(lease=timedelta(minutes=5))
    with ledger.run_lock():
        return deliver(ledger, sendgrid_at(provider.url), rules, environment).notices[0]


def after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end

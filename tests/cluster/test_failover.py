"""A replica takes over that lacks the last moments: who is still there says what it had sent in them."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from notifier.ledger import Ledger
from notifier.ledger.by_set.departures import Leaving
from notifier.notice.delivery import DeliveryStatus, NoticeState
from notifier.usecases.deliver import SystemEnvironment, deliver
from tests.cluster.processes import SHORT, cluster, everybody_answered, is_finished, looked_into, the_truth, until
from tests.databases import PostgresServer
from tests.processes import sendgrid_at, standings
from tests.scenes import NOTICE, announced, frozen, people
from tests.standins.sendgrid import SendGridProcess

COUNT = 120


@pytest.fixture
def replica(mortal: tuple[PostgresServer, str], provider: SendGridProcess) -> Path:
    """As it is when the first batch was sent."""
    server, url = mortal
    with Ledger.open(url) as ledger:
        announced(ledger, people(COUNT))
        stopped = SystemEnvironment(now=ledger.now, should_stop=lambda: provider.counts()["accepted"] > 0)
        deliver(ledger, sendgrid_at(provider.url), SHORT, stopped)
    server.die()
    copy = server.keep()
    server.start()
    return copy


def test_senders_that_live_write_again_what_the_replica_lacks_and_nobody_is_written_to_twice(
    mortal: tuple[PostgresServer, str], replica: Path, provider: SendGridProcess
) -> None:
    server, url = mortal
    with cluster(url, provider) as running:
        running.worker()
        running.worker()
        until(lambda: is_finished(url), 60)
        server.die()
        server.fail_over(replica)
        with Ledger.open(url) as ledger:
            assert ledger.deliveries.counts(NOTICE).queued > COUNT / 4, "it went on from an earlier moment"

        running.scheduler()
        until(lambda: is_finished(url), 60)
    everybody_answered(url)
    assert set(the_truth(url, provider.accepted()).values()) == {1}
    with Ledger.open(url) as ledger:
        assert ledger.deliveries.counts(NOTICE).possible_duplicates == 0


def test_a_sender_that_comes_back_too_late_marks_whom_it_had_written_to(
    mortal: tuple[PostgresServer, str], replica: Path, provider: SendGridProcess
) -> None:
    server, url = mortal
    with cluster(url, provider) as running:
        late = running.worker()
        until(lambda: is_finished(url), 60)
        os.kill(late, signal.SIGSTOP)
        server.die()
        server.fail_over(replica)
        running.scheduler()
        until(lambda: is_finished(url), 60)
        os.kill(late, signal.SIGCONT)
        twice = {key for key, times in Counter(one.delivery_key for one in provider.accepted()).items() if times > 1}
        assert twice
        until(lambda: twice <= _marked(url))
        time.sleep(0.2)
    the_truth(url, provider.accepted())


def test_who_was_frozen_anew_in_the_moments_that_are_lost_gets_nothing_twice_unmarked(
    mortal: tuple[PostgresServer, str], provider: SendGridProcess
) -> None:
    """One had moved, one had left: the replica has the roster that says so, and the batch with both in it."""
    server, url = mortal
    *others, mover, leaver = people(40)
    moved = mover._replace(email="moved@example.com")
    with Ledger.open(url) as ledger:
        frozen(ledger, [*others, mover, leaver])
        ledger.roster.import_customers([*others, moved], whole_at=ledger.now(), whose=Leaving.ANYBODY)
    server.die()
    copy = server.keep()
    server.start()
    _send(url, provider)
    once = Counter(one.email for one in provider.accepted())
    assert once == dict.fromkeys([moved.email, *(one.email for one in others)], 1)

    server.die()
    server.fail_over(copy)
    until(lambda: _send(url, provider))

    twice = Counter(one.email for one in provider.accepted())
    assert twice - once == {moved.email: 1}
    with Ledger.open(url) as ledger:
        (again,) = ledger.deliveries.of_customer(mover.customer_id)
        assert again.is_possible_duplicate
        assert ledger.deliveries.counts(NOTICE).possible_duplicates == 1
        (gone,) = ledger.deliveries.of_customer(leaver.customer_id)
        assert gone.status is DeliveryStatus.SUPPRESSED
    everybody_answered(url)


def _send(url: str, provider: SendGridProcess) -> bool:
    with Ledger.open(url) as ledger:
        deliver(ledger, sendgrid_at(provider.url), SHORT, SystemEnvironment(now=ledger.now))
        return ledger.notices.get(NOTICE).state is NoticeState.FINISHED


def _marked(url: str) -> set[str]:
    return {key for key, one in standings(looked_into(url)).items() if one.is_possible_duplicate}

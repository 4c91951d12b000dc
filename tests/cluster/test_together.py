"""What holds for all senders together: one pause, one rate, one hold, one first batch, one limit of bounces."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
import sqlalchemy as sa

from notifier.ledger import Ledger
from notifier.ledger.cluster.jobs import SCHEMA
from notifier.ledger.schema import delivery
from notifier.notice.delivery import DeliveryStatus, NoticeState
from tests.cluster.processes import SHORT, Cluster, cluster, event_of, is_finished, the_truth, until
from tests.scenes import NOTICE, announced, people
from tests.standins import faults
from tests.standins.sendgrid import SendGridProcess

WITHIN_S = 2.0
"""As the guide promises."""


@pytest.fixture
def four(url: str, provider: SendGridProcess) -> Iterator[Cluster]:
    """Four workers and a schedule, with more to send than they can in a few seconds."""
    with Ledger.open(url) as ledger:
        announced(ledger, people(3_000))
    with cluster(url, provider) as running:
        running.scheduler()
        for _ in range(4):
            running.worker()
        until(lambda: provider.counts()["accepted"] > 100)
        yield running


def settled_after(provider: SendGridProcess, quiet_s: float = 1.5) -> float:
    """How long from now on the provider still got requests."""
    began = changed = time.monotonic()
    seen = provider.counts()["requests"]
    while time.monotonic() - changed < quiet_s:
        now = provider.counts()["requests"]
        if now != seen:
            seen, changed = now, time.monotonic()
        time.sleep(0.05)
    return changed - began


def test_hold_and_resume_and_cancel_are_felt_by_all_within_two_seconds(
    url: str, provider: SendGridProcess, four: Cluster
) -> None:
    with Ledger.open(url) as ledger:
        ledger.notices.hold(NOTICE, "anna", ledger.now())
        assert settled_after(provider) < WITHIN_S
        assert ledger.notices.get(NOTICE).state is NoticeState.HELD

        ledger.notices.resume(NOTICE, "anna", ledger.now())
        so_far = provider.counts()["requests"]
        until(lambda: provider.counts()["requests"] > so_far)

        ledger.notices.cancel(NOTICE, "anna", ledger.now())
        assert settled_after(provider) < WITHIN_S
        counts = ledger.deliveries.counts(NOTICE)
        assert counts.cancelled + counts.accepted == counts.recipients
    assert set(the_truth(url, provider.accepted()).values()) == {1}


def test_who_moves_while_four_send_gets_one_letter_at_one_address(
    url: str, provider: SendGridProcess, four: Cluster
) -> None:
    """Each batch that is claimed after a list came in is for addresses of that list."""
    with Ledger.open(url) as ledger:
        for number, step in enumerate((2, 3), 1):
            moved = [one._replace(email=f"{number}-{one.email}") for one in people(3_000)[::step]]
            ledger.roster.import_customers(moved)
        last = len(provider.accepted()) + 2 * 10 * 4 * 2  # what was claimed by then
        until(lambda: is_finished(url), 120)
        rows = sa.select(delivery.c.delivery_key, delivery.c.customer_id, delivery.c.email)
        with ledger.database.read() as connection:
            known = {row.delivery_key: row for row in connection.execute(rows)}
        now = {one.customer_id: one.email for one in ledger.roster.customers()}
        assert ledger.deliveries.counts(NOTICE).recipients == len(now) == 3_000
    taken = provider.accepted()
    assert Counter(known[one.delivery_key].customer_id for one in taken) == dict.fromkeys(now, 1)
    assert [one for one in taken[last:] if known[one.delivery_key].email not in now.values()] == []
    assert set(the_truth(url, taken).values()) == {1}


def test_a_pause_that_the_provider_asks_of_one_is_kept_by_all(provider: SendGridProcess, four: Cluster) -> None:
    provider.script(faults.rate_limited(str(int(time.time()) + 3)))
    until(lambda: provider.counts()["too_early"] > 0 or settled_after(provider, 0.5) < 0.4)
    in_flight = provider.counts()["too_early"]
    time.sleep(1.5)

    assert provider.counts()["too_early"] == in_flight
    assert in_flight <= 4 * 2
    so_far = provider.counts()["accepted"]
    until(lambda: provider.counts()["accepted"] > so_far + 100, 20)


def test_four_workers_keep_one_rate(url: str, provider: SendGridProcess) -> None:
    with Ledger.open(url) as ledger:
        announced(ledger, people(600))
    with cluster(url, provider, rules=SHORT._replace(rate_per_second=50.0)) as running:
        running.scheduler()
        for _ in range(4):
            running.worker()
        until(lambda: provider.counts()["accepted"] >= 50)
        began, first = time.monotonic(), provider.counts()["accepted"]
        until(lambda: provider.counts()["accepted"] >= first + 150)
        sent, took = provider.counts()["accepted"] - first, time.monotonic() - began

    assert sent <= 50 * took + 50 + 10, "a second's worth may be saved up"


def test_too_many_bounces_stop_all(url: str, provider: SendGridProcess) -> None:
    with Ledger.open(url) as ledger:
        announced(ledger, people(3_000))
    with cluster(url, provider, rules=SHORT._replace(max_bounce_rate=0.05)) as running:
        for start in (running.scheduler, running.worker, running.worker):
            start()
        until(lambda: provider.counts()["accepted"] > 200)
        with Ledger.open(url) as ledger:
            bounced = [event_of(one, DeliveryStatus.BOUNCED) for one in provider.accepted()[:190]]
            ledger.events.record(bounced, ledger.now())
            until(lambda: ledger.notices.get(NOTICE).state is NoticeState.HELD, 10)
            assert settled_after(provider) < WITHIN_S
            assert "bounced" in (ledger.notices.get(NOTICE).why or "")


def test_the_first_batch_goes_alone_however_many_there_are(url: str, provider: SendGridProcess) -> None:
    rules = SHORT._replace(canary_wait=timedelta(hours=1))
    with Ledger.open(url) as ledger:
        announced(ledger, people(100))
    with cluster(url, provider, rules=rules) as running:
        for start in (running.scheduler, running.scheduler, running.worker, running.worker):
            start()
        until(lambda: provider.counts()["accepted"] > 0)
        time.sleep(1.5)
        first = provider.accepted()
        assert len(first) == 10

        with Ledger.open(url) as ledger:
            ledger.events.record([event_of(one) for one in first], ledger.now())
        until(lambda: is_finished(url))
    assert set(the_truth(url, provider.accepted()).values()) == {1}


HARMS = {
    "lost": "DELETE FROM procrastinate_jobs",
    "doubled": "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args) "
    "SELECT queue_name, task_name, priority, args FROM procrastinate_jobs",
    "stalled": "UPDATE procrastinate_jobs SET status = 'doing'",
    "late": "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'",
}
LEFT = "SELECT count(*) FROM procrastinate_jobs"


@pytest.mark.parametrize("harm", HARMS)
def test_jobs_only_wake_so_whatever_becomes_of_them_everybody_is_told_once(
    url: str, provider: SendGridProcess, harm: str
) -> None:
    with Ledger.open(url) as ledger:
        announced(ledger, people(100))
        ledger.notices.start(NOTICE, ledger.now())
        ledger.recipients.freeze(NOTICE, ledger.now(), batch_size=10)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"SET search_path = {SCHEMA}, public")
        assert connection.execute(LEFT).fetchone() == (1,), "ten batches of ten, one job"
        connection.execute(HARMS[harm])
        with cluster(url, provider) as running:
            for start in (running.scheduler, running.worker, running.worker):
                start()
            until(lambda: is_finished(url))
            if harm in ("lost", "doubled"):
                until(lambda: connection.execute(LEFT).fetchone() == (0,))
    assert set(the_truth(url, provider.accepted()).values()) == {1}

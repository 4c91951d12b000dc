"""Canary, bounce limit and rate limit: a mistake reaches a few people, not everybody."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from notifier.errors import InDoubt, NotSent
from notifier.ledger import Ledger
from notifier.ledger.sending.attempts import Attempts
from notifier.ledger.types import Claim, NoticeCounts
from notifier.notice.delivery import DeliveryStatus, NoticeState
from notifier.notice.sending_rules import BadOutcomes, bounces_too_often, pause_after
from notifier.usecases.deliver import deliver, sender
from tests.mailers import MemoryMailer, refuse
from tests.scenes import NOON, NOTICE, RULES, Clock, announced, event, people


def provider(**more: object) -> MemoryMailer:
    """One that reports back."""
    return MemoryMailer(batch_size=10, has_events=True, **more)  # type: ignore[arg-type]  # passed through


def report(ledger: Ledger, mailer: MemoryMailer, bounced: int, *, of: int = 10) -> None:
    """Events for the first batch: so many bounced, the others delivered."""
    keys = [addressee.delivery_key for addressee in mailer.envelopes[0].addressees[:of]]
    events = [
        event(DeliveryStatus.BOUNCED if n < bounced else DeliveryStatus.DELIVERED, key) for n, key in enumerate(keys)
    ]
    ledger.events.record(events, NOON, mailer="memory")


def test_the_first_batch_goes_alone_and_the_rest_waits_for_its_events(ledger: Ledger) -> None:
    announced(ledger, people(50))
    mailer, clock = provider(), Clock()

    (first,) = deliver(ledger, mailer, RULES, clock.environment()).notices

    assert first.counts == NoticeCounts(recipients=50, accepted=10, queued=40)
    assert first.waiting_for == "events of the first batch"
    assert first.until == NOON + RULES.canary_wait


def test_once_the_first_batch_is_reported_on_the_rest_follows(ledger: Ledger) -> None:
    announced(ledger, people(50))
    mailer, clock = provider(), Clock()
    deliver(ledger, mailer, RULES, clock.environment())
    report(ledger, mailer, bounced=0)

    (second,) = deliver(ledger, mailer, RULES, clock.environment()).notices

    assert second.counts == NoticeCounts(recipients=50, accepted=40, delivered=10)


def test_the_rest_follows_after_a_set_time_even_without_events(ledger: Ledger) -> None:
    announced(ledger, people(50))
    mailer, clock = provider(), Clock()
    deliver(ledger, mailer, RULES, clock.environment())
    clock.time += RULES.canary_wait

    deliver(ledger, mailer, RULES, clock.environment())

    assert ledger.deliveries.counts(NOTICE).accepted == 50


def test_a_first_batch_that_bounces_stops_the_notice(ledger: Ledger) -> None:
    announced(ledger, people(50))
    mailer, clock = provider(), Clock()
    deliver(ledger, mailer, RULES, clock.environment())
    report(ledger, mailer, bounced=6)

    (second,) = deliver(ledger, mailer, RULES, clock.environment()).notices

    assert second.notice.state is NoticeState.HELD
    assert "6 of 10 bounced" in (second.notice.why or "")
    assert second.counts.queued == 40


def test_a_person_who_has_seen_the_bounces_can_resume_and_the_limit_counts_anew(ledger: Ledger) -> None:
    announced(ledger, people(50))
    mailer, clock = provider(), Clock()
    deliver(ledger, mailer, RULES, clock.environment())
    report(ledger, mailer, bounced=7)
    deliver(ledger, mailer, RULES, clock.environment())
    ledger.notices.resume(NOTICE, "anna", clock.now())

    deliver(ledger, mailer, RULES, clock.environment())

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=50, accepted=40, delivered=3, bounced=7)


def test_bounces_that_come_in_while_sending_stop_it(ledger: Ledger, ledger_url: str) -> None:
    announced(ledger, people(200))
    mailer, clock = provider(connections=1), Clock()
    deliver(ledger, mailer, RULES, clock.environment())
    report(ledger, mailer, bounced=0)
    with Ledger.open(ledger_url) as webhook:
        mailer.faults = [lambda sender, _envelope: _all_bounce(webhook, sender, clock)]
        (second,) = deliver(ledger, mailer, RULES, clock.environment()).notices

    assert second.notice.state is NoticeState.HELD
    assert second.counts.queued >= 150


def _all_bounce(webhook: Ledger, mailer: MemoryMailer, clock: Clock) -> None:
    report(webhook, mailer, bounced=10)
    clock.time += timedelta(seconds=2)


def test_a_first_batch_in_doubt_keeps_everybody_else_waiting(ledger: Ledger) -> None:
    announced(ledger, people(50))
    mailer = provider(faults=[refuse(InDoubt("no answer"))])

    (first,) = deliver(ledger, mailer, RULES, Clock().environment()).notices

    assert first.counts == NoticeCounts(recipients=50, in_doubt=10, queued=40)
    assert first.waiting_for == "the first batch is in doubt"


def test_a_patient_pass_sees_the_events_come_in_and_goes_on(ledger: Ledger) -> None:
    announced(ledger, people(50))
    mailer, clock = provider(), Clock()
    around = clock.environment()

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        if clock.now() > NOON + timedelta(seconds=5):
            report(ledger, mailer, bounced=0)

    patient = RULES._replace(patience=timedelta(seconds=60))
    (whole,) = deliver(ledger, mailer, patient, replace(around, sleep=sleep)).notices

    assert whole.notice.state is NoticeState.FINISHED


def test_a_rate_limit_is_kept_over_the_whole_sending(ledger: Ledger) -> None:
    announced(ledger, people(100))
    mailer, clock = MemoryMailer(batch_size=1000), Clock()
    slow = RULES._replace(rate_per_second=10, patience=timedelta(minutes=1))

    deliver(ledger, mailer, slow, clock.environment())

    assert max(len(envelope.addressees) for envelope in mailer.envelopes) == 10
    assert timedelta(seconds=9) <= clock.now() - NOON <= timedelta(seconds=12)
    assert len(mailer.accepted) == 100


def test_a_provider_that_refused_is_tried_with_one_request_at_a_time(ledger: Ledger) -> None:
    announced(ledger, people(100))
    mailer = MemoryMailer(batch_size=10, connections=8, faults=[refuse(NotSent("refused"))] * 3)

    (first,) = deliver(ledger, mailer, RULES, Clock().environment()).notices

    assert len(mailer.envelopes) >= 1
    assert first.counts.queued + first.counts.accepted == 100


def test_outcomes_that_come_shortly_after_each_other_are_written_down_together(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced(ledger, people(170))
    pauses = [lambda *_, after=0.01 * (n % 8): time.sleep(after) for n in range(17)]
    real, written = Attempts.record_accepted, list[int]()

    def count(mine: Attempts, claim: Claim, at: datetime, name: str, *also: tuple[Claim, str]) -> None:
        written.append(1 + len(also))
        real(mine, claim, at, name, *also)

    monkeypatch.setattr(Attempts, "record_accepted", count)
    monkeypatch.setattr(sender, "GATHER_S", 10.0)
    rules = RULES._replace(canary_wait=timedelta(0))
    deliver(ledger, MemoryMailer(batch_size=10, connections=8, faults=[*pauses]), rules, Clock().environment())

    assert (sum(written), written[0]) == (17, 1)
    assert min(written[1:-1]) >= 2


def test_pauses_grow_and_end_at_ten_minutes() -> None:
    longest = [pause_after(setbacks, 1.0).total_seconds() for setbacks in (0, 1, 2, 5, 9, 10, 1000)]

    assert longest == [1, 2, 4, 32, 512, 600, 600]
    assert pause_after(9, 0.0).total_seconds() == 1


def test_the_bounce_limit_is_a_share_of_a_sample_that_says_something() -> None:
    def holds(bad: int, accepted: int, *, dropped: int = 0, forgiven: int = 0, limit: float = 0.05) -> bool:
        return bounces_too_often(BadOutcomes(bad, dropped, forgiven), accepted, limit)

    assert not holds(5, 100)
    assert holds(6, 100)
    assert not holds(50, 1000)
    assert holds(51, 1000)
    assert not holds(6, 100, forgiven=6, limit=0.0)
    assert not holds(1, 2)  # one of two is chance
    assert not holds(1, 0, dropped=1)
    assert holds(6, 0, dropped=6)

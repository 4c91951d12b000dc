"""Claims and outcomes: whatever an attempt ended in, the ledger says so and everybody is still there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifier.errors import Refused
from notifier.ledger import Ledger
from notifier.ledger.by_set.departures import Leaving
from notifier.ledger.types import Claim, NoticeCounts, OpenBreaker
from notifier.notice.delivery import DeliveryStatus, NoticeState, SuppressionReason
from tests.scenes import NOON, NOTICE, event, frozen, people

LATER = NOON + timedelta(minutes=10)


def claim(ledger: Ledger, *, at: timedelta = timedelta(0)) -> Claim:
    return ledger.batches.claim(NOTICE, NOON + at, mailer="memory", limit=1)[0]


def test_a_batch_under_way_is_not_given_out_again(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    claim(ledger)

    assert ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=5) == ()
    assert ledger.deliveries.counts(NOTICE).queued == 10


def test_what_a_dead_sender_left_is_in_doubt_and_not_sent_again(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    claim(ledger)

    assert ledger.in_doubt.mark_unfinished(NOON) == 1

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=10, in_doubt=10)
    assert ledger.batches.claim(NOTICE, LATER, mailer="memory", limit=5) == ()


def test_where_sending_twice_is_harmless_a_dead_senders_batch_just_goes_back(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    ledger.batches.claim(NOTICE, NOON, mailer="outbox", destination="outbox:/here", limit=1)
    ledger.in_doubt.mark_unfinished(NOON, safe_at="outbox:/here")

    assert len(claim(ledger).recipients) == 10
    assert ledger.deliveries.counts(NOTICE).possible_duplicates == 0


def test_a_refused_batch_waits_until_its_time(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    ledger.attempts.record_not_sent(claim(ledger), NOON, "connection refused", not_before=LATER)

    assert ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1) == ()
    assert ledger.batches.next_due(NOTICE) == LATER
    assert claim(ledger, at=timedelta(minutes=10)).setbacks == 1


@pytest.mark.parametrize("bad", [[0], [5], [9], list(range(10))])
def test_a_refused_recipient_costs_only_that_one(ledger: Ledger, bad: list[int]) -> None:
    frozen(ledger, people(10))
    ledger.attempts.record_rejected_items(claim(ledger), NOON, "invalid", bad)
    rest = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)

    assert sum(len(one.recipients) for one in rest) == 10 - len(bad)
    assert ledger.deliveries.counts(NOTICE).dropped == len(bad)
    assert ledger.deliveries.check_counts() == ()


def test_an_unnamed_refused_recipient_is_found_by_halving(ledger: Ledger) -> None:
    frozen(ledger, people(1000), batch_size=1000)
    requests = 0
    while claims := ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1):
        requests += 1
        if any(email == "person613@example.com" for _, _, email, _ in claims[0].recipients):
            ledger.attempts.record_rejected_items(claims[0], NOON, "invalid", [])
        else:
            ledger.attempts.record_accepted(claims[0], NOON)

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=1000, accepted=999, dropped=1)
    assert [left.customer_id for left in ledger.readers.all(NOTICE, only_missed=True)] == ["c613"]
    assert requests <= 2 * 10 + 1
    assert ledger.deliveries.check_counts() == ()


def test_a_request_too_large_is_halved(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    ledger.attempts.record_rejected_request(claim(ledger), NOON, "too large", True)

    halves = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=5)

    assert sorted(len(half.recipients) for half in halves) == [5, 5]
    assert ledger.deliveries.check_counts() == ()


def test_a_request_refused_for_good_holds_the_notice_for_a_person(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    ledger.attempts.record_rejected_request(claim(ledger), NOON, "bad template", False)

    assert ledger.notices.get(NOTICE).state is NoticeState.HELD
    assert "bad template" in (ledger.notices.get(NOTICE).why or "")
    ledger.notices.resume(NOTICE, "anna", NOON)
    assert len(claim(ledger).recipients) == 10


def test_somebody_suppressed_after_freezing_is_left_out_of_what_is_not_sent_yet(ledger: Ledger) -> None:
    frozen(ledger, people(20))
    ledger.attempts.record_accepted(claim(ledger), NOON)
    ledger.roster.suppress("person3@example.com", SuppressionReason.MANUAL, NOON)
    ledger.roster.suppress("Person15@example.com", SuppressionReason.MANUAL, NOON)

    assert len(claim(ledger).recipients) == 9
    assert [left.customer_id for left in ledger.readers.all(NOTICE, only_missed=True)] == ["c15"]


def test_a_batch_with_nobody_left_is_closed_without_a_request(ledger: Ledger) -> None:
    frozen(ledger, people(2))
    for n in range(2):
        ledger.roster.suppress(f"person{n}@example.com", SuppressionReason.MANUAL, NOON)

    assert ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1) == ()
    assert ledger.notices.finish(NOTICE, NOON)
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=2, suppressed=2)


def test_whoever_is_written_to_again_in_doubt_is_marked(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    ledger.attempts.record_in_doubt(claim(ledger), NOON, "no answer in 30 s")
    (doubtful,) = ledger.in_doubt.batches()

    assert ledger.in_doubt.resend(doubtful, LATER, who="notifier", why="policy") == 10
    assert ledger.in_doubt.resend(doubtful, LATER, who="notifier", why="policy") == 0

    ledger.attempts.record_accepted(claim(ledger), LATER)
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=10, accepted=10, possible_duplicates=10)


@pytest.mark.parametrize(("were_accepted", "queued"), [(True, 0), (False, 10)])
def test_a_person_who_found_out_settles_the_doubt(ledger: Ledger, were_accepted: bool, queued: int) -> None:
    frozen(ledger, people(10))
    ledger.attempts.record_in_doubt(claim(ledger), NOON, "no answer in 30 s")

    ledger.in_doubt.settle(NOTICE, "anna", LATER, were_accepted=were_accepted, because="looked at the provider's log")

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=10, queued=queued, accepted=10 - queued)
    assert [(entry.who, entry.what) for entry in ledger.audit.entries(NOTICE)][-1] == ("anna", "settled")


def test_retry_writes_only_to_those_not_reached(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    first = claim(ledger)
    ledger.attempts.record_accepted(first, NOON)
    keys = [key for _, key, _, _ in first.recipients]
    ledger.events.record(
        [
            event(DeliveryStatus.BOUNCED, keys[2], attempt_id=first.attempt_id),
            event(DeliveryStatus.DROPPED, keys[5], attempt_id=first.attempt_id),
            event(DeliveryStatus.DELIVERED, keys[6], attempt_id=first.attempt_id),
            event(DeliveryStatus.COMPLAINED, keys[7], attempt_id=first.attempt_id),
        ],
        NOON,
    )
    ledger.notices.finish(NOTICE, NOON)

    assert ledger.batches.retry_not_reached(NOTICE, "anna", NOON) == 2

    assert [key for _, key, _, _ in claim(ledger).recipients] == [keys[2], keys[5]]
    assert ledger.deliveries.counts(NOTICE).queued == 2
    assert ledger.deliveries.check_counts() == ()


def test_who_had_it_before_a_retry_that_was_too_large_had_it_by_an_attempt(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    first = claim(ledger)
    ledger.attempts.record_accepted(first, NOON)
    keys = [key for _, key, _, _ in first.recipients]
    bounces = [event(DeliveryStatus.BOUNCED, keys[n], attempt_id=first.attempt_id) for n in (2, 5)]
    ledger.events.record(bounces, NOON)
    ledger.notices.finish(NOTICE, NOON)
    ledger.batches.retry_not_reached(NOTICE, "anna", NOON)
    ledger.attempts.record_rejected_request(claim(ledger), NOON, "too large", True)

    assert ledger.deliveries.check_counts() == ()
    last = people(10)[9].customer_id
    assert ledger.deliveries.of_customer(last)[0].accepted_at == NOON

    for _ in range(2):
        ledger.attempts.record_accepted(claim(ledger), LATER)
    assert ledger.deliveries.check_counts() == ()
    assert ledger.notices.finish(NOTICE, LATER)


def test_a_retry_writes_to_where_people_are_now(ledger: Ledger) -> None:
    frozen(ledger, people(4))
    first = claim(ledger)
    ledger.attempts.record_accepted(first, NOON)
    keys = {customer_email: key for _, key, customer_email, _ in first.recipients}
    bounced = [keys[f"person{n}@example.com"] for n in range(3)]
    events = [event(DeliveryStatus.BOUNCED, key, attempt_id=first.attempt_id) for key in bounced]
    ledger.events.record(events, NOON)
    ledger.notices.finish(NOTICE, NOON)
    same, moved, _, _ = people(4)
    roster = [same._replace(email="Person0@EXAMPLE.com"), moved._replace(email="new@example.com"), people(4)[3]]
    ledger.roster.import_customers(roster, whole_at=NOON, whose=Leaving.ANYBODY)

    assert ledger.batches.retry_not_reached(NOTICE, "anna", NOON) == 2  # who left is written to no more

    assert [key for _, key, _, _ in claim(ledger).recipients] == [keys["person0@example.com"]]
    assert [email for _, _, email, _ in claim(ledger).recipients] == ["new@example.com"]
    assert ledger.deliveries.check_counts() == ()


def test_late_news_of_the_first_try_does_not_undo_the_second(ledger: Ledger) -> None:
    frozen(ledger, people(1))
    first = claim(ledger)
    key = first.recipients[0][1]
    ledger.attempts.record_accepted(first, NOON)
    ledger.events.record([event(DeliveryStatus.BOUNCED, key, attempt_id=first.attempt_id)], NOON)
    ledger.notices.finish(NOTICE, NOON)
    ledger.batches.retry_not_reached(NOTICE, "anna", NOON)
    second = claim(ledger)
    ledger.attempts.record_accepted(second, NOON)
    ledger.events.record([event(DeliveryStatus.DELIVERED, key, attempt_id=second.attempt_id)], NOON)

    ledger.events.record([event(DeliveryStatus.BOUNCED, key, attempt_id=first.attempt_id, event_id="again")], LATER)

    assert ledger.deliveries.counts(NOTICE).delivered == 1


def test_retry_is_refused_for_a_notice_that_is_held(ledger: Ledger) -> None:
    frozen(ledger, people(3))
    ledger.notices.hold(NOTICE, "anna", NOON)

    with pytest.raises(Refused, match="retry is for"):
        ledger.batches.retry_not_reached(NOTICE, "anna", NOON)


def test_a_retry_that_finds_nobody_says_nothing_on_the_trail(ledger: Ledger) -> None:
    frozen(ledger, people(3))
    before = ledger.audit.entries()

    assert ledger.batches.retry_not_reached(NOTICE, "anna", NOON) == 0

    assert ledger.audit.entries() == before


def test_a_word_on_nobody_in_doubt_is_refused_and_leaves_no_trace(ledger: Ledger) -> None:
    frozen(ledger, people(3))
    ledger.attempts.record_accepted(claim(ledger), NOON)
    ledger.notices.finish(NOTICE, NOON)
    before = ledger.audit.entries(NOTICE)

    with pytest.raises(Refused, match="nobody of it is in doubt"):
        ledger.in_doubt.resend_all(NOTICE, "anna", NOON)
    with pytest.raises(Refused, match="nobody of it is in doubt"):
        ledger.in_doubt.settle(NOTICE, "anna", NOON, were_accepted=True, because="asked the provider")
    with pytest.raises(Refused, match="no notice 'nothing'"):
        ledger.in_doubt.settle("nothing", "anna", NOON, were_accepted=True, because="asked the provider")

    assert ledger.audit.entries(NOTICE) == before


def test_the_auditor_learns_what_became_of_one_customer(ledger: Ledger) -> None:
    frozen(ledger, people(12))
    ledger.attempts.record_accepted(claim(ledger), LATER)

    (told,) = ledger.deliveries.of_customer("c3")
    (waiting,) = ledger.deliveries.of_customer("c11")

    assert (told.status, told.accepted_at, told.subject) == (DeliveryStatus.ACCEPTED, LATER, "Subject in en")
    assert (waiting.status, waiting.accepted_at) == (DeliveryStatus.QUEUED, None)
    assert ledger.deliveries.of_customer("nobody") == ()


def test_a_lost_delivery_would_be_found(ledger: Ledger) -> None:
    frozen(ledger, people(12))
    with ledger.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM delivery WHERE customer_id = 'c3'")

    assert any("12 recipients frozen, 11 deliveries" in line for line in ledger.deliveries.check_counts())
    ledger.notices.cancel(NOTICE, "anna", NOON)
    assert ledger.deliveries.check_counts(unfinished_only=True) == ()


def test_the_bucket_fills_by_the_clock_and_survives_its_jumps(ledger: Ledger) -> None:
    def take(seconds: float) -> float:
        now = NOON + timedelta(seconds=seconds)
        return ledger.rate_limits.take("memory", 10, now, per_second=10, burst=10)

    assert take(0) == 0
    assert take(0.5) == pytest.approx(0.5)
    assert take(1) == 0
    assert take(86_400) == 0
    assert take(2) == pytest.approx(1.0)
    assert take(3) == 0


def test_a_breaker_opens_for_longer_each_time_and_closes_at_once(ledger: Ledger) -> None:
    def trip() -> float:
        return (ledger.breakers.trip("memory", "refused", NOON, chance=1.0) - NOON).total_seconds()

    assert [trip() for _ in range(4)] == [1, 2, 4, 8]
    assert ledger.breakers.of("memory") == OpenBreaker("memory", NOON + timedelta(seconds=8), "refused")
    assert ledger.breakers.of("smtp") is None

    ledger.breakers.close("memory", LATER)

    assert ledger.breakers.all_open() == ()
    assert trip() == 1


def test_what_never_left_leaves_the_batch_as_it_was_and_no_row(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    before = claim(ledger)
    ledger.attempts.take_back(before, NOON)
    after = claim(ledger)

    assert (after.batch_no, after.recipients, after.setbacks) == (before.batch_no, before.recipients, 0)
    with ledger.database.read() as connection:
        assert connection.exec_driver_sql("SELECT attempt_id, n FROM attempt").all() == [(after.attempt_id, 1)]


def test_an_attempt_that_an_event_proved_is_not_taken_back(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    one = claim(ledger)
    ledger.events.record([event(DeliveryStatus.DELIVERED, one.recipients[0][1], attempt_id=one.attempt_id)], NOON)

    ledger.attempts.take_back(one, NOON)

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=10, accepted=9, delivered=1)

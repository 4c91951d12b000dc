"""Provider events: twice, late, early, out of order or unknown, the deliveries end up the same."""

from __future__ import annotations

import random
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.ledger import Ledger
from notifier.ledger.delivery_events import without_addresses
from notifier.ledger.schema import delivery
from notifier.ledger.types import Claim, EventCounts, NoticeCounts
from notifier.notice.delivery import RANK, DeliveryEvent, DeliveryStatus, SuppressionReason
from tests.scenes import NOON, NOTICE, event, frozen, people

LATER = NOON + timedelta(hours=1)
REPORTED = [
    DeliveryStatus.PROCESSED,
    DeliveryStatus.DEFERRED,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.DROPPED,
    DeliveryStatus.BOUNCED,
    DeliveryStatus.COMPLAINED,
]


def sent(ledger: Ledger, count: int = 3) -> Claim:
    frozen(ledger, people(count))
    (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="sendgrid", limit=1)
    ledger.attempts.record_accepted(claim, NOON)
    return claim


def test_an_event_posted_a_hundred_times_counts_once(ledger: Ledger) -> None:
    claim = sent(ledger)
    delivered = event(DeliveryStatus.DELIVERED, claim.recipients[0][1], attempt_id=claim.attempt_id)

    first = ledger.events.record([delivered] * 60, NOON)
    second = ledger.events.record([delivered] * 40, LATER)

    assert first == EventCounts(new=1, repeated=59, unknown=0)
    assert second == EventCounts(new=0, repeated=40, unknown=0)
    assert ledger.deliveries.counts(NOTICE).delivered == 1


def test_processed_after_delivered_takes_nothing_back(ledger: Ledger) -> None:
    key = sent(ledger).recipients[0][1]
    ledger.events.record([event(DeliveryStatus.DELIVERED, key)], NOON)
    ledger.events.record([event(DeliveryStatus.PROCESSED, key)], NOON)

    assert ledger.deliveries.counts(NOTICE).delivered == 1


def test_a_bounce_after_delivered_counts_and_says_why(ledger: Ledger) -> None:
    key = sent(ledger).recipients[0][1]
    ledger.events.record([event(DeliveryStatus.DELIVERED, key)], NOON)
    ledger.events.record([event(DeliveryStatus.BOUNCED, key, reason="550 mailbox gone")], NOON)

    (left,) = ledger.readers.all(NOTICE, only_missed=True)
    assert (left.status, left.reason) == (DeliveryStatus.BOUNCED, "550 mailbox gone")


def test_an_event_that_comes_before_our_202_is_recorded_proves_acceptance(ledger: Ledger) -> None:
    frozen(ledger, people(3))
    (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="sendgrid", limit=1)
    ledger.events.record([event(DeliveryStatus.PROCESSED, claim.recipients[0][1], attempt_id=claim.attempt_id)], NOON)
    assert ledger.deliveries.counts(NOTICE).accepted == 3

    ledger.attempts.record_in_doubt(claim, NOON, "reset by peer")

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=3, accepted=3)
    assert ledger.in_doubt.batches() == ()


def test_the_provider_s_word_on_one_message_of_a_batch_in_doubt_is_no_other_hand_s(ledger: Ledger) -> None:
    frozen(ledger, people(3))
    (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="sendgrid", limit=1)
    ledger.events.record([event(DeliveryStatus.DELIVERED, claim.recipients[0][1], attempt_id=None)], NOON)

    ledger.attempts.record_in_doubt(claim, NOON, "reset by peer")

    assert list(ledger.deliveries.check_counts()) == []
    with ledger.database.write() as connection:
        connection.execute(
            sa.update(delivery).where(delivery.c.delivery_key == claim.recipients[1][1]).values(status="delivered")
        )
    assert "1 is said to have been taken, and no attempt" in next(iter(ledger.deliveries.check_counts()))


def test_one_event_settles_a_whole_batch_in_doubt(ledger: Ledger) -> None:
    frozen(ledger, people(3))
    (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="sendgrid", limit=1)
    ledger.attempts.record_in_doubt(claim, NOON, "timeout")

    ledger.events.record([event(DeliveryStatus.DELIVERED, claim.recipients[1][1], attempt_id=claim.attempt_id)], LATER)

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=3, accepted=2, delivered=1)


def test_an_event_stops_a_resend_that_has_not_left_yet(ledger: Ledger) -> None:
    frozen(ledger, people(3))
    (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="sendgrid", limit=1)
    ledger.attempts.record_in_doubt(claim, NOON, "timeout")
    ledger.in_doubt.resend(ledger.in_doubt.batches()[0], LATER, who="notifier", why="policy")

    ledger.events.record([event(DeliveryStatus.DELIVERED, claim.recipients[1][1], attempt_id=claim.attempt_id)], LATER)

    assert ledger.batches.claim(NOTICE, LATER, mailer="sendgrid", limit=1) == ()


def test_events_of_other_mail_are_counted_and_nothing_of_them_is_kept(ledger: Ledger) -> None:
    """A newsletter's events come to the same place: thousands of strangers."""
    sent(ledger)
    complaint = SuppressionReason.COMPLAINT
    strangers = [event(DeliveryStatus.COMPLAINED, f"news-{n}", suppression=complaint) for n in range(50)]

    assert ledger.events.record(strangers, NOON) == EventCounts(new=0, repeated=0, unknown=50)
    assert ledger.events.record(strangers[:5], NOON).unknown == 5

    assert ledger.events.foreign("sendgrid") == 55
    with ledger.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM event").scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM suppression").scalar() == 0


def test_a_replay_of_other_mails_events_does_not_show_that_the_provider_reports_now(ledger: Ledger) -> None:
    ledger.events.record([event(DeliveryStatus.DELIVERED, "any")], NOON + timedelta(hours=20))

    assert ledger.events.feed_seen_at("sendgrid") is None


def test_unknown_deliveries_and_words_change_nothing(ledger: Ledger) -> None:
    claim = sent(ledger)
    strange = [
        event(DeliveryStatus.BOUNCED, "no-such-key"),
        event(None, claim.recipients[0][1]),
        event(DeliveryStatus.DELIVERED, None),
    ]

    assert ledger.events.record(strange, NOON) == EventCounts(new=1, repeated=0, unknown=2)
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=3, accepted=3)


def test_a_late_bounce_without_an_attempt_id_finds_its_delivery(ledger: Ledger) -> None:
    key = sent(ledger).recipients[0][1]

    ledger.events.record([event(DeliveryStatus.BOUNCED, key, attempt_id=None)], LATER)

    assert ledger.deliveries.counts(NOTICE).bounced == 1


@pytest.mark.parametrize("reason", [SuppressionReason.HARD_BOUNCE, SuppressionReason.COMPLAINT])
def test_hard_bounces_and_complaints_suppress_the_address(ledger: Ledger, reason: SuppressionReason) -> None:
    claim = sent(ledger)
    ledger.events.record([event(DeliveryStatus.BOUNCED, claim.recipients[1][1], suppression=reason)], LATER)

    assert ledger.roster.suppressed("Person1@example.com") == (reason,)


def test_events_of_a_forgotten_customer_bring_nothing_back(ledger: Ledger) -> None:
    claim = sent(ledger)
    ledger.roster.forget("c1", NOON)

    ledger.events.record(
        [event(DeliveryStatus.BOUNCED, claim.recipients[1][1], suppression=SuppressionReason.HARD_BOUNCE)], LATER
    )

    assert ledger.deliveries.counts(NOTICE).bounced == 1
    assert ledger.roster.suppressed("person1@example.com") == ()


def test_the_feed_is_known_to_live_by_what_it_reports(ledger: Ledger) -> None:
    assert ledger.events.feed_seen_at("sendgrid") is None
    ledger.events.record([event(DeliveryStatus.DELIVERED, "any")], LATER)
    assert ledger.events.feed_seen_at("sendgrid") == LATER


def test_nothing_of_a_request_is_kept_when_its_transaction_fails(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = sent(ledger)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("killed before commit")

    monkeypatch.setattr("notifier.ledger.delivery_events.add_suppressions", fail)
    with pytest.raises(RuntimeError):
        ledger.events.record([event(DeliveryStatus.DELIVERED, claim.recipients[0][1])], NOON)
    monkeypatch.undo()

    assert ledger.events.record([event(DeliveryStatus.DELIVERED, claim.recipients[0][1])], NOON).new == 1


def test_addresses_in_a_providers_words_are_not_kept() -> None:
    assert without_addresses("550 5.1.1 <bob@example.com>: unknown\r\n user") == "550 5.1.1 <<address>>: unknown user"


@settings(max_examples=30, deadline=None)
@given(reports=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(REPORTED)), max_size=12), seed=st.integers())
def test_order_and_repetition_make_no_difference(
    sqlite_template: Path, reports: list[tuple[int, DeliveryStatus]], seed: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        path.write_bytes(sqlite_template.read_bytes())
        with Ledger.open(f"sqlite:///{path}") as ledger:
            keys = [key for _, key, _, _ in sent(ledger).recipients]
            events = [event(status, keys[place]) for place, status in reports]
            _post_shuffled(ledger, events, random.Random(seed))  # noqa: S311  # repeatable on purpose

            highest = [
                max(
                    (status for place, status in reports if place == n),
                    key=RANK.__getitem__,
                    default=DeliveryStatus.ACCEPTED,
                )
                for n in range(3)
            ]
            assert [ledger.deliveries.of_customer(f"c{n}")[0].status for n in range(3)] == highest
            assert ledger.deliveries.check_counts() == ()


def _post_shuffled(ledger: Ledger, events: list[DeliveryEvent], chance: random.Random) -> None:
    mixed = events * 2
    chance.shuffle(mixed)
    cut = chance.randrange(len(mixed) + 1)
    ledger.events.record(mixed[:cut], NOON)
    ledger.events.record(mixed[cut:], NOON)


def test_to_take_in_a_report_costs_no_more_in_a_notice_of_thousands(tmp_path: Path) -> None:
    """SQLite once read the whole notice for each thousand keys; its own steps are counted, whatever else runs."""
    few, many = (_steps_of_a_report(tmp_path / f"{count}.db", count) for count in (300, 6_000))

    assert many < few * 1.1


def _steps_of_a_report(path: Path, recipients: int) -> int:
    steps: list[None] = []
    with Ledger.open(f"sqlite:///{path}") as ledger:
        frozen(ledger, people(recipients), batch_size=1_000)
        (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="sendgrid", limit=1)
        ledger.attempts.record_accepted(claim, NOON)
    with Ledger.open(f"sqlite:///{path}") as ledger:  # with one connection
        with ledger.database.read() as connection:
            driver: Any = connection.connection.driver_connection
            driver.set_progress_handler(lambda: steps.append(None), 100)
        keys = [key for _, key, *_ in claim.recipients[:300]]
        ledger.events.record([event(DeliveryStatus.DELIVERED, key, attempt_id=claim.attempt_id) for key in keys], NOON)
    assert steps
    return len(steps)

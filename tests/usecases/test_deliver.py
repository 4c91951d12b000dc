"""The sender and every way a provider can answer: nobody lost, nobody twice unless marked, and the counts add up."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest

from notifier.errors import (
    Busy,
    DeliveryError,
    InDoubt,
    LedgerError,
    NotSent,
    Overtaken,
    RecipientRefused,
    Refused,
    RejectedItems,
    RejectedRequest,
    SendingBlocked,
    Unavailable,
)
from notifier.ledger import Ledger
from notifier.ledger.sending.attempts import Attempts
from notifier.ledger.types import NoticeCounts
from notifier.notice.delivery import Customer, DeliveryStatus, NoticeState
from notifier.policy.timeline import Telling
from notifier.usecases.deliver import DeliveryReport, Progress, SystemEnvironment, deliver
from tests.databases import empty_database
from tests.mailers import MemoryMailer, accept_and_fail, addresses, refuse, then
from tests.scenes import NOON, NOTICE, RULES, Clock, announced, event, message, people

PATIENT = RULES._replace(patience=timedelta(hours=1))


def send(ledger: Ledger, mailer: MemoryMailer, clock: Clock, *, is_patient: bool = False) -> DeliveryReport:
    return deliver(ledger, mailer, PATIENT if is_patient else RULES, clock.environment())


def everybody_once(count: int) -> Counter[str]:
    return Counter(f"person{n}@example.com" for n in range(count))


def test_everybody_is_written_to_once_and_the_notice_is_finished(ledger: Ledger) -> None:
    announced(ledger, people(57))
    mailer = MemoryMailer(batch_size=10)

    (report,) = send(ledger, mailer, Clock()).notices

    assert mailer.accepted == everybody_once(57)
    assert report.notice.state is NoticeState.FINISHED
    assert (report.sent, report.counts) == (57, NoticeCounts(recipients=57, accepted=57))
    assert ledger.deliveries.check_counts() == ()


def test_a_second_pass_writes_to_nobody(ledger: Ledger) -> None:
    announced(ledger, people(5))
    mailer = MemoryMailer()
    send(ledger, mailer, Clock())

    assert send(ledger, mailer, Clock()) == DeliveryReport()
    assert mailer.accepted == everybody_once(5)


def test_each_reader_gets_the_message_in_their_language(ledger: Ledger) -> None:
    roster = [Customer("a", "a@x.org", language="de"), Customer("b", "b@x.org", language="en")]
    announced(ledger, roster, messages=[message("en"), message("de")])
    mailer = MemoryMailer()
    send(ledger, mailer, Clock())

    got = {envelope.message.language: addresses([envelope]) for envelope in mailer.envelopes}

    assert got == {"de": ["a@x.org"], "en": ["b@x.org"]}


def test_nobody_is_not_everybody_a_notice_without_an_audience_waits_for_a_person(ledger: Ledger) -> None:
    announced(ledger)

    (report,) = send(ledger, MemoryMailer(), Clock()).notices

    assert report.notice.state is NoticeState.NO_AUDIENCE
    assert report.waiting_for == "nobody on the roster is in its audience"
    assert [facts.telling for facts in ledger.postings.facts().values()] == [Telling.WAITING]
    assert send(ledger, MemoryMailer(), Clock()) == DeliveryReport()


def test_once_the_roster_is_there_the_notice_that_had_no_audience_reaches_it(ledger: Ledger) -> None:
    announced(ledger)
    mailer = MemoryMailer()
    send(ledger, mailer, Clock())
    ledger.roster.import_customers(people(5))
    ledger.notices.resume(NOTICE, "anna", NOON)

    (report,) = send(ledger, mailer, Clock()).notices

    assert report.counts == NoticeCounts(recipients=5, accepted=5)
    assert mailer.accepted == everybody_once(5)


def test_a_person_can_say_that_nobody_needs_to_be_told(ledger: Ledger) -> None:
    announced(ledger)
    send(ledger, MemoryMailer(), Clock())

    assert ledger.notices.give_up(NOTICE, "anna", NOON, "we have no customers yet") == 0

    assert ledger.notices.get(NOTICE).state is NoticeState.FINISHED
    assert ledger.audit.entries(NOTICE)[-1].detail == "0 not reached: we have no customers yet"


def test_a_mailer_that_cannot_send_freezes_nobody(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    announced(ledger, people(3))

    def unready(*_: object) -> None:
        raise Refused("no key")

    monkeypatch.setattr(MemoryMailer, "check", unready)
    with pytest.raises(Refused, match="no key"):
        send(ledger, MemoryMailer(), Clock())

    assert ledger.notices.get(NOTICE).state is NoticeState.SCHEDULED


def test_a_refused_connection_is_tried_again_until_it_works(ledger: Ledger) -> None:
    announced(ledger, people(25))
    mailer = MemoryMailer(batch_size=10, faults=[refuse(NotSent("connection refused"))] * 6)
    clock = Clock()

    (report,) = send(ledger, mailer, clock, is_patient=True).notices

    assert mailer.accepted == everybody_once(25)
    assert report.counts == NoticeCounts(recipients=25, accepted=25)
    assert clock.now() > NOON + timedelta(seconds=1)


def test_a_pass_without_patience_says_what_it_waits_for_and_the_next_goes_on(ledger: Ledger) -> None:
    announced(ledger, people(5))
    mailer = MemoryMailer(faults=[refuse(NotSent("452 mailbox full"))])
    clock = Clock()

    (report,) = send(ledger, mailer, clock).notices

    assert (report.sent, report.waiting_for) == (0, "the provider to take it again: 452 mailbox full")
    assert report.until is not None
    clock.time = report.until
    send(ledger, mailer, clock)
    assert mailer.accepted == everybody_once(5)


def test_a_rate_limit_stops_every_sender_until_the_time_it_names(ledger: Ledger) -> None:
    announced(ledger, people(50))
    mailer = MemoryMailer(batch_size=10, faults=then(None, refuse(Unavailable("429", retry_after_s=120))))
    clock = Clock()

    send(ledger, mailer, clock)
    sent_before = len(mailer.envelopes)
    clock.time = NOON + timedelta(seconds=119)
    (report,) = send(ledger, mailer, clock).notices
    assert len(mailer.envelopes) == sent_before
    assert (report.waiting_for, report.until) == ("429", NOON + timedelta(seconds=120))

    clock.time = NOON + timedelta(seconds=121)
    send(ledger, mailer, clock)
    assert mailer.accepted == everybody_once(50)


@pytest.mark.parametrize(("asked", "paused"), [(-5.0, 1.0), (0.0, 1.0), (30.0, 30.0), (1e9, 900.0)])
def test_a_pause_that_a_provider_asks_for_is_kept_within_reason(ledger: Ledger, asked: float, paused: float) -> None:
    announced(ledger, people(3))
    mailer = MemoryMailer(faults=[refuse(Unavailable("429", retry_after_s=asked))])

    (report,) = send(ledger, mailer, Clock()).notices

    assert report.until == NOON + timedelta(seconds=paused)


@pytest.mark.parametrize("bad", [(0,), (499,), (999,), tuple(range(0, 1000, 100))])
def test_bad_addresses_cost_only_themselves(ledger: Ledger, bad: tuple[int, ...]) -> None:
    announced(ledger, people(1000))
    mailer = MemoryMailer(faults=[refuse(RejectedItems("invalid", indexes=bad))])

    (report,) = send(ledger, mailer, Clock()).notices

    assert report.counts == NoticeCounts(recipients=1000, accepted=1000 - len(bad), dropped=len(bad))
    assert mailer.accepted == everybody_once(1000) - Counter(f"person{n}@example.com" for n in bad)


def test_a_batch_refused_for_its_size_is_halved(ledger: Ledger) -> None:
    announced(ledger, people(100))
    too_large = refuse(RejectedRequest("413", too_large=True))
    mailer = MemoryMailer(batch_size=100, faults=[too_large, too_large])

    send(ledger, mailer, Clock())

    assert mailer.accepted == everybody_once(100)
    assert max(len(envelope.addressees) for envelope in mailer.envelopes[2:]) == 50


def test_a_request_refused_for_good_stops_the_notice_and_waits_for_a_person(ledger: Ledger) -> None:
    announced(ledger, people(30))
    mailer = MemoryMailer(batch_size=10, faults=[refuse(RejectedRequest("bad template"))])

    (report,) = send(ledger, mailer, Clock()).notices

    assert report.notice.state is NoticeState.HELD
    assert report.counts == NoticeCounts(recipients=30, queued=30)
    ledger.notices.resume(NOTICE, "anna", NOON)
    send(ledger, mailer, Clock())
    assert mailer.accepted == everybody_once(30)


def test_a_blocked_account_stops_the_pass_and_an_alarm_says_why(ledger: Ledger) -> None:
    announced(ledger, people(80))
    mailer = MemoryMailer(batch_size=10, faults=then(None, *[refuse(SendingBlocked("Maximum credits exceeded"))] * 4))

    report = send(ledger, mailer, Clock())

    assert report.notices[0].counts.queued >= 30
    assert ledger.breakers.all_open()[0].why == "Maximum credits exceeded"
    mailer.faults.clear()
    send(ledger, mailer, Clock())
    assert mailer.accepted == everybody_once(80)
    assert ledger.breakers.all_open() == ()


@pytest.mark.parametrize("was_accepted", [True, False])
def test_a_lost_answer_leaves_the_batch_in_doubt_and_is_resent_only_by_policy(
    ledger: Ledger, was_accepted: bool
) -> None:
    announced(ledger, people(20))
    lost = InDoubt("no answer in 30 s")
    mailer = MemoryMailer(batch_size=10, faults=then(None, accept_and_fail(lost) if was_accepted else refuse(lost)))
    clock = Clock()
    send(ledger, mailer, clock)
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=20, accepted=10, in_doubt=10)

    clock.time += RULES.in_doubt_wait - timedelta(seconds=1)
    report = send(ledger, mailer, clock)
    assert "10 customers in doubt" in report.alarms[0].text
    assert len(mailer.envelopes) == 2

    clock.time += timedelta(seconds=1)
    send(ledger, mailer, clock)

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=20, accepted=20, possible_duplicates=10)
    assert len(mailer.accepted) == 20
    assert max(mailer.accepted.values()) == (2 if was_accepted else 1)


def test_with_hold_in_doubt_nothing_is_resent_before_a_person_says_so(ledger: Ledger) -> None:
    announced(ledger, people(5))
    mailer = MemoryMailer(faults=[accept_and_fail(InDoubt("no answer"))])
    clock, careful = Clock(), RULES._replace(resends_in_doubt=False)
    deliver(ledger, mailer, careful, clock.environment())
    clock.time += timedelta(days=3)

    report = deliver(ledger, mailer, careful, clock.environment())

    assert "a person must say" in report.alarms[0].text
    assert mailer.accepted == everybody_once(5)


def test_all_who_are_in_doubt_are_counted_in_one_alarm(ledger: Ledger) -> None:
    announced(ledger, people(20))
    lost = refuse(InDoubt("no answer"))
    mailer, clock = MemoryMailer(batch_size=5, faults=then(None, lost, lost)), Clock()
    send(ledger, mailer, clock)

    (said,) = send(ledger, mailer, clock).alarms

    assert said.count == ledger.deliveries.counts(NOTICE).in_doubt == 10


def test_an_event_settles_the_doubt_and_nothing_is_resent(ledger: Ledger) -> None:
    announced(ledger, people(5))
    mailer = MemoryMailer(has_events=True, faults=[accept_and_fail(InDoubt("no answer"))])
    clock = Clock()
    send(ledger, mailer, clock)
    envelope = mailer.envelopes[0]
    key = envelope.addressees[0].delivery_key
    ledger.events.record([event(DeliveryStatus.PROCESSED, key, attempt_id=envelope.attempt_id)], NOON, mailer="memory")
    clock.time += timedelta(days=3)

    send(ledger, mailer, clock)

    assert mailer.accepted == everybody_once(5)
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=5, accepted=5)
    assert ledger.notices.get(NOTICE).state is NoticeState.FINISHED


def test_while_the_provider_reports_on_nobody_silence_proves_nothing(ledger: Ledger) -> None:
    announced(ledger, people(10))
    ledger.canaries.mark_passed(NOTICE, NOON)
    mailer = MemoryMailer(batch_size=5, has_events=True, faults=[accept_and_fail(InDoubt("no answer"))])
    clock = Clock()
    send(ledger, mailer, clock)

    clock.time = NOON + timedelta(hours=23)
    send(ledger, mailer, clock)
    assert len(mailer.envelopes) == 2

    clock.time = NOON + timedelta(hours=24)
    send(ledger, mailer, clock)
    assert ledger.deliveries.counts(NOTICE).possible_duplicates == 5


def test_where_nothing_else_was_sent_there_is_nothing_to_report_on_and_no_day_to_wait(ledger: Ledger) -> None:
    announced(ledger, people(5))
    mailer = MemoryMailer(has_events=True, faults=[refuse(InDoubt("503"))])
    clock = Clock()
    send(ledger, mailer, clock)

    clock.time += RULES.in_doubt_wait
    send(ledger, mailer, clock)

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=5, accepted=5, possible_duplicates=5)


def test_a_provider_heard_reporting_on_others_would_have_reported_this_too(ledger: Ledger) -> None:
    announced(ledger, people(5))
    mailer = MemoryMailer(has_events=True, faults=[refuse(InDoubt("no answer"))])
    clock = Clock()
    send(ledger, mailer, clock)
    ledger.events.record([event(DeliveryStatus.DELIVERED, "of-another")], NOON + timedelta(minutes=20), mailer="memory")
    clock.time = NOON + timedelta(minutes=30)

    send(ledger, mailer, clock)

    assert mailer.accepted == everybody_once(5)
    assert ledger.deliveries.counts(NOTICE).possible_duplicates == 5


def test_a_storm_of_lost_answers_ends_the_pass_before_everybody_is_in_doubt(ledger: Ledger) -> None:
    announced(ledger, people(200))
    mailer = MemoryMailer(batch_size=10, faults=then(None, *[refuse(InDoubt("503"))] * 19))

    report = send(ledger, mailer, Clock())

    assert report.notices[0].counts.in_doubt <= 10 * (3 + mailer.connections)
    assert any("503" in alarm.text for alarm in report.alarms)


def test_where_sending_twice_is_harmless_nothing_is_ever_in_doubt(ledger: Ledger) -> None:
    announced(ledger, people(5))
    mailer = MemoryMailer(is_idempotent=True, faults=[refuse(InDoubt("disk full"))])

    send(ledger, mailer, Clock(), is_patient=True)

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=5, accepted=5)


def test_a_fault_in_a_transport_is_in_doubt_rather_than_lost(ledger: Ledger) -> None:
    announced(ledger, people(5))
    mailer = MemoryMailer(faults=[refuse(ZeroDivisionError("bug"))])  # type: ignore[arg-type]  # a bug raises anything

    send(ledger, mailer, Clock())

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=5, in_doubt=5)


def test_a_held_notice_stops_before_its_next_batch(ledger: Ledger, ledger_url: str) -> None:
    announced(ledger, people(50))
    mailer = MemoryMailer(batch_size=10, connections=1)
    with Ledger.open(ledger_url) as operator:
        mailer.faults = then(None, lambda _mailer, _envelope: operator.notices.hold(NOTICE, "anna", NOON, "wrong link"))
        (report,) = send(ledger, mailer, Clock()).notices

    assert report.counts == NoticeCounts(recipients=50, accepted=20, queued=30)
    assert report.waiting_for == "the notice is held"


def test_a_notice_cancelled_while_sending_leaves_exact_counts(ledger: Ledger, ledger_url: str) -> None:
    announced(ledger, people(50))
    mailer = MemoryMailer(batch_size=10, connections=1)
    with Ledger.open(ledger_url) as operator:
        mailer.faults = then(None, None, lambda _mailer, _envelope: _cancel(operator))
        (report,) = send(ledger, mailer, Clock()).notices

    assert report.counts == NoticeCounts(recipients=50, accepted=30, cancelled=20)
    assert ledger.deliveries.check_counts() == ()


def _cancel(operator: Ledger) -> None:
    operator.notices.cancel(NOTICE, "anna", NOON)


def test_resuming_twice_is_refused_and_sends_nothing_twice(ledger: Ledger) -> None:
    announced(ledger, people(20))
    ledger.notices.hold(NOTICE, "anna", NOON)
    ledger.notices.resume(NOTICE, "anna", NOON)
    with pytest.raises(Refused):
        ledger.notices.resume(NOTICE, "anna", NOON)
    mailer = MemoryMailer()
    send(ledger, mailer, Clock())

    assert mailer.accepted == everybody_once(20)


def test_told_to_stop_the_sender_leaves_the_rest_queued(ledger: Ledger) -> None:
    announced(ledger, people(50))
    mailer = MemoryMailer(batch_size=10, connections=1)
    clock = Clock()

    around = clock.environment(should_stop=lambda: len(mailer.envelopes) >= 2)
    (report,) = deliver(ledger, mailer, RULES, around).notices

    assert report.counts == NoticeCounts(recipients=50, accepted=20, queued=30)
    assert report.waiting_for == "told to stop"
    send(ledger, mailer, clock)
    assert mailer.accepted == everybody_once(50)


def test_two_senders_at_once_are_one_too_many(ledger: Ledger, ledger_url: str) -> None:
    announced(ledger, people(5))
    with Ledger.open(ledger_url) as other, other.sender_lock(), pytest.raises(Busy):
        send(ledger, MemoryMailer(), Clock())


def test_a_sending_that_ends_late_moves_the_effective_date_and_never_earlier(ledger: Ledger) -> None:
    announced(ledger, people(5))
    clock = Clock(NOON + timedelta(days=4))

    report = send(ledger, MemoryMailer(), clock)

    assert report.notices[0].notice.is_overdue(clock.now())
    assert ledger.postings.all()[0].effective_on == (NOON + timedelta(days=34)).date()
    assert "ended late" in report.alarms[0].text


def test_a_day_that_moves_leaves_the_whole_period_by_the_companys_calendar(ledger: Ledger) -> None:
    announced(ledger, people(5))
    late_in_the_evening = Clock(datetime(2026, 11, 5, 20, tzinfo=UTC))  # in Tokyo it is the 6th
    tokyo = RULES._replace(zone=ZoneInfo("Asia/Tokyo"))

    deliver(ledger, MemoryMailer(), tokyo, late_in_the_evening.environment())

    assert ledger.postings.all()[0].effective_on == date(2026, 12, 6)


def test_progress_is_told_while_freezing_and_sending(ledger: Ledger) -> None:
    announced(ledger, people(30))
    told: list[Progress] = []
    clock = Clock()
    around = SystemEnvironment(now=clock.now, sleep=clock.sleep, on_progress=told.append)

    deliver(ledger, MemoryMailer(batch_size=10), RULES, around)

    assert [(one.phase, one.done, one.total) for one in told] == [
        ("freezing", 30, 0),
        ("sending", 10, 30),
        ("sending", 20, 30),
        ("sending", 30, 30),
    ]


def test_an_outcome_that_cannot_be_written_is_kept_until_it_can(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced(ledger, people(20))
    mailer = MemoryMailer(batch_size=10, connections=1)
    real, failures = Attempts.record_accepted, iter([True, True, False, False])

    def full_disk(self: Attempts, *arguments: object) -> None:
        if next(failures):
            assert len(mailer.envelopes) == 1
            raise LedgerError("disk full")
        real(self, *arguments)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(Attempts, "record_accepted", full_disk)
    send(ledger, mailer, Clock())

    assert mailer.accepted == everybody_once(20)
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=20, accepted=20)


def test_an_outcome_that_can_never_be_written_is_in_doubt_at_the_next_start(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced(ledger, people(20))
    mailer = MemoryMailer(batch_size=10, connections=1)

    def full_disk(*_: object) -> None:
        raise LedgerError("disk full")

    monkeypatch.setattr(Attempts, "record_accepted", full_disk)
    with pytest.raises(LedgerError, match="disk full"):
        send(ledger, mailer, Clock())
    monkeypatch.undo()
    clock = Clock()
    send(ledger, mailer, clock)
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=20, in_doubt=10, queued=10)

    clock.time += RULES.in_doubt_wait
    send(ledger, mailer, clock)

    assert len(mailer.accepted) == 20
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=20, accepted=20, possible_duplicates=10)


def test_a_person_may_have_the_doubtful_written_to_again(ledger: Ledger) -> None:
    announced(ledger, people(5))
    mailer = MemoryMailer(faults=[accept_and_fail(InDoubt("no answer"))])
    clock, careful = Clock(), RULES._replace(resends_in_doubt=False)
    deliver(ledger, mailer, careful, clock.environment())

    assert ledger.in_doubt.resend_all(NOTICE, "anna", clock.now()) == 5
    deliver(ledger, mailer, careful, clock.environment())

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=5, accepted=5, possible_duplicates=5)
    assert ("anna", "resent") in [(entry.who, entry.what) for entry in ledger.audit.entries(NOTICE)]


def test_a_damaged_ledger_tells_nobody_anything(sqlite_url: str, tmp_path: Path) -> None:
    with Ledger.open(sqlite_url) as ledger:
        announced(ledger, people(2_000))
    path = tmp_path / "ledger.db"
    torn = bytearray(path.read_bytes())
    torn[len(torn) - 3 * 4096 : len(torn) - 4096] = b"\xff" * 8192
    path.write_bytes(bytes(torn))
    mailer = MemoryMailer()

    with pytest.raises(LedgerError, match="damaged"), Ledger.open(sqlite_url) as ledger:
        send(ledger, mailer, Clock())

    assert mailer.envelopes == []


def test_a_sender_whose_server_forgot_its_lock_stops_before_the_next_batch(postgres_url: str) -> None:
    empty_database(postgres_url)
    with Ledger.open(postgres_url) as ledger:
        announced(ledger, people(50))
        cut_off = lambda _mailer, _envelope: _cut_off_everybody(postgres_url)  # noqa: E731  # a fault is a function
        mailer = MemoryMailer(batch_size=10, connections=1, faults=then(None, cut_off))

        with pytest.raises(LedgerError):
            send(ledger, mailer, Clock())

        assert len(mailer.envelopes) == 2
        send(ledger, mailer, Clock())
        assert mailer.accepted == everybody_once(50)


def _cut_off_everybody(url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        connection.execute(f"{others} AND pid <> pg_backend_pid()")


def test_two_schedulers_that_wake_at_once_start_a_notice_once(ledger_url: str) -> None:
    with Ledger.open(ledger_url) as ledger:
        announced(ledger, people(40))
    mailer, ends = MemoryMailer(batch_size=10), []

    def wake() -> None:
        try:
            with Ledger.open(ledger_url) as ledger:
                send(ledger, mailer, Clock())
                ends.append("sent")
        except Busy:
            ends.append("busy")

    schedulers = [threading.Thread(target=wake) for _ in range(3)]
    for scheduler in schedulers:
        scheduler.start()
    for scheduler in schedulers:
        scheduler.join()

    assert len(ends) == 3
    assert mailer.accepted == everybody_once(40)


def test_a_clock_that_jumps_back_a_day_stops_nobody(ledger: Ledger) -> None:
    announced(ledger, people(30))
    mailer = MemoryMailer(batch_size=10, faults=then(None, refuse(NotSent("refused"))))
    clock = Clock(NOON + timedelta(days=1))
    send(ledger, mailer, clock)
    clock.time = NOON

    assert len(send(ledger, mailer, clock).notices) == 1
    clock.time = NOON + timedelta(days=1, minutes=1)
    send(ledger, mailer, clock)
    assert mailer.accepted == everybody_once(30)


def test_every_failure_of_a_provider_is_one_the_sender_knows() -> None:
    known = {NotSent, Overtaken, RejectedItems, RecipientRefused, RejectedRequest, SendingBlocked, InDoubt}

    assert set(DeliveryError.__subclasses__()) == known

"""A server that refuses everybody, or is away, is an obstacle and not everybody's dead mailbox."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from notifier.errors import Refused
from notifier.ledger import Ledger
from notifier.ledger.types import NoticeCounts
from notifier.mail.outbox import OutboxMailer
from notifier.mail.smtp import SmtpMailer
from notifier.notice.delivery import NoticeState
from notifier.usecases.deliver import NoticeReport, deliver
from tests.scenes import NOON, NOTICE, RULES, Clock, announced, people
from tests.standins import certificates
from tests.standins.smtp import Desk, Smtp

PATIENT = RULES._replace(patience=timedelta(seconds=60))
DAY = timedelta(days=1)


@pytest.fixture
def server() -> Iterator[Smtp]:
    with Smtp() as server:
        yield server


def a_pass(ledger: Ledger, port: int, clock: Clock, **options: Any) -> NoticeReport:
    settings: dict[str, Any] = {"security": "none", "timeout_s": 2.0, **options}
    with closing(SmtpMailer("127.0.0.1", port, **settings)) as mailer:
        (report,) = deliver(ledger, mailer, PATIENT, clock.environment()).notices
    return report


def times(server: Smtp) -> Counter[str]:
    return Counter(taken.recipients[0] for taken in server.desk.taken)


def attempts(ledger: Ledger) -> int:
    with ledger.database.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM attempt").scalar_one())


REFUSES_ALL = [
    ("RCPT", "554 5.7.1 relay access denied"),
    ("RCPT", "550 relaying is not allowed"),
    ("MAIL", "550 5.7.1 the sender is not verified"),
    (".", "554 5.7.1 this looks like spam"),
    (".", "552 5.3.4 message size exceeds the limit"),
    (".", "552 message too big"),
    (".", "550 5.7.26 not authenticated by SPF or DKIM"),
]


@pytest.mark.parametrize(("stage", "reply"), REFUSES_ALL)
@pytest.mark.parametrize("count", [2, 75])
def test_a_server_that_refuses_everybody_marks_nobody_and_goes_on_once_it_is_mended(
    ledger: Ledger, server: Smtp, stage: str, reply: str, count: int
) -> None:
    announced(ledger, people(count))
    clock = Clock()
    server.desk.replies[stage] = [reply] * 10_000

    for _ in range(3):
        report = a_pass(ledger, server.port, clock)
        assert report.counts == NoticeCounts(recipients=count, queued=count)
        assert report.notice.state is NoticeState.SENDING
        assert reply in (report.waiting_for or "")
        assert reply in ledger.breakers.all_open()[0].why
        assert attempts(ledger) == 0
        clock.time += DAY
    server.desk.replies.clear()

    report = a_pass(ledger, server.port, clock)

    assert report.counts == NoticeCounts(recipients=count, accepted=count)
    assert set(times(server).values()) == {1}
    assert ledger.breakers.all_open() == ()


@pytest.mark.parametrize("count", [3, 75])
def test_a_server_that_has_lost_its_list_of_users_does_not_make_everybody_unknown(
    ledger: Ledger, server: Smtp, count: int
) -> None:
    announced(ledger, people(count))
    server.desk.replies["RCPT"] = ["550 5.1.1 user unknown"] * 10_000

    report = a_pass(ledger, server.port, Clock())

    assert report.counts == NoticeCounts(recipients=count, queued=count)
    assert "user unknown" in ledger.breakers.all_open()[0].why


def test_one_mailbox_that_others_show_to_be_meant_is_dropped_with_the_servers_words(
    ledger: Ledger, server: Smtp
) -> None:
    announced(ledger, people(30))
    server.desk.replies["RCPT"] = ["250 OK", "550 5.7.1 not for you", "250 OK", "550 no such user", "250 OK"]

    report = a_pass(ledger, server.port, Clock())

    assert report.notice.state is NoticeState.FINISHED
    assert report.counts == NoticeCounts(recipients=30, accepted=28, dropped=2)
    reasons = " and ".join(str(one.reason) for one in ledger.readers.all(NOTICE, only_missed=True))
    assert "not for you" in reasons
    assert "no such user" in reasons


def test_dead_mailboxes_in_front_keep_nobody_behind_them_waiting(ledger: Ledger, server: Smtp) -> None:
    announced(ledger, people(100))
    clock = Clock()
    server.desk.dead = frozenset(f"person{n}@example.com" for n in range(5))

    a_pass(ledger, server.port, clock)
    clock.time += DAY
    report = a_pass(ledger, server.port, clock)

    assert report.notice.state is NoticeState.FINISHED
    assert report.counts == NoticeCounts(recipients=100, accepted=95, dropped=5)


def test_dead_mailboxes_at_the_end_do_not_hold_the_notice_open_for_ever(ledger: Ledger, server: Smtp) -> None:
    announced(ledger, people(100))
    """Which connection meets them first is chance: where three in a row look like a refusal of all, the next pass
    knows better."""
    clock = Clock()
    server.desk.dead = frozenset(f"person{n}@example.com" for n in range(96, 100))

    report = a_pass(ledger, server.port, clock)
    if report.notice.state is NoticeState.SENDING:
        clock.time += DAY
        report = a_pass(ledger, server.port, clock)

    assert report.notice.state is NoticeState.FINISHED
    assert report.counts == NoticeCounts(recipients=100, accepted=96, dropped=4)


def test_relaying_denied_in_the_middle_stops_there(ledger: Ledger, server: Smtp) -> None:
    announced(ledger, people(60))
    clock = Clock()
    server.desk.replies["RCPT"] = ["250 OK"] * 20 + ["554 5.7.1 relay access denied"] * 10_000

    report = a_pass(ledger, server.port, clock)
    assert report.counts == NoticeCounts(recipients=60, accepted=20, queued=40)

    server.desk.replies.clear()
    report = a_pass(ledger, server.port, clock)
    assert report.counts == NoticeCounts(recipients=60, accepted=60)
    assert set(times(server).values()) == {1}


# --- a server that is away


def test_a_server_that_is_away_costs_a_few_connections_and_no_row(ledger: Ledger) -> None:
    announced(ledger, people(75))
    clock = Clock()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        report = a_pass(ledger, closed.getsockname()[1], clock)

    assert NOON < clock.now() <= NOON + PATIENT.patience
    assert report.counts == NoticeCounts(recipients=75, queued=75)
    assert "Connection refused" in (report.waiting_for or "")
    assert "Connection refused" in ledger.breakers.all_open()[0].why
    assert attempts(ledger) == 0


def test_however_short_its_pauses_turn_out_a_pass_leaves_within_its_patience(ledger: Ledger) -> None:
    announced(ledger, people(5))
    clock = Clock()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        mailer = SmtpMailer("127.0.0.1", closed.getsockname()[1], "none")
        deliver(ledger, mailer, PATIENT, replace(clock.environment(), chance=lambda: 0.0))

    assert clock.now() <= NOON + PATIENT.patience + timedelta(seconds=2)


def test_passes_that_come_while_the_breaker_is_open_do_not_knock(ledger: Ledger, server: Smtp) -> None:
    announced(ledger, people(75))
    clock = Clock()
    server.desk.replies["greeting"] = ["421 4.3.2 too busy"] * 10_000
    for _ in range(20):
        a_pass(ledger, server.port, clock)
        clock.time += timedelta(minutes=1)

    assert server.desk.connections < 15
    assert attempts(ledger) == 0
    server.desk.replies.clear()
    clock.time += timedelta(minutes=10)
    assert a_pass(ledger, server.port, clock).counts.accepted == 75


def test_a_server_that_defers_everybody_says_why_it_waits(ledger: Ledger, server: Smtp) -> None:
    announced(ledger, people(75))
    server.desk.replies["RCPT"] = ["452 4.2.2 come again later"] * 10_000

    report = a_pass(ledger, server.port, Clock())

    assert "452 4.2.2 come again later" in (report.waiting_for or "")
    assert report.counts.queued == 75
    assert server.desk.verbs.count("RCPT") < 150  # some twenty, then longer and longer pauses


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_expired_certificate_is_an_obstacle_that_is_named(tmp_path: Path, ledger: Ledger, security: str) -> None:
    announced(ledger, people(20))
    clock = Clock()
    made = certificates.make(tmp_path, expired=True)
    with Smtp(Desk(tls=made.server), is_tls=security == "tls") as server:
        report = a_pass(ledger, server.port, clock, security=security, ssl_context=made.client)

    assert clock.now() <= NOON + PATIENT.patience
    assert "its certificate is not valid: certificate has expired" in (report.waiting_for or "")
    assert report.counts == NoticeCounts(recipients=20, queued=20)
    assert attempts(ledger) == 0


@pytest.mark.parametrize(
    ("options", "sender", "named"),
    [
        ({"username": "us", "password": "pässword"}, "p@example.com", "NOTIFIER_SMTP_PASSWORD"),
        ({"username": "üs", "password": "secret"}, "p@example.com", r"mail\.smtp\.username"),
        ({}, "dätenschutz@example.com", r"mail\.from"),
    ],
)
def test_what_a_transport_cannot_encode_is_refused_by_name_and_nobody_is_in_doubt(
    ledger: Ledger, server: Smtp, options: dict[str, Any], sender: str, named: str
) -> None:
    announced(ledger, people(3))
    mailer = SmtpMailer("127.0.0.1", server.port, "none", **options)

    with pytest.raises(Refused, match=named):
        deliver(ledger, mailer, RULES._replace(sender=sender), Clock().environment())

    assert ledger.notices.get(NOTICE).state is NoticeState.SCHEDULED
    assert server.desk.connections == 0


# --- a notice goes out where it began


def test_a_notice_that_has_begun_is_held_where_mail_goes_elsewhere_until_a_person_moves_it(
    ledger: Ledger, server: Smtp, tmp_path: Path
) -> None:
    announced(ledger, people(20))
    clock = Clock()
    server.desk.replies["RCPT"] = ["250 OK"] * 5 + ["452 4.2.2 later"] * 100
    a_pass(ledger, server.port, clock)
    outbox = OutboxMailer(tmp_path / "outbox")

    (held,) = deliver(ledger, outbox, PATIENT, clock.environment()).notices
    assert held.notice.state is NoticeState.HELD
    assert f"it began on smtp://127.0.0.1:{server.port}" in (held.notice.why or "")
    assert not list(tmp_path.rglob("*.eml"))

    ledger.notices.unbind(NOTICE, "anna", clock.now(), "the relay is gone for good")
    ledger.notices.resume(NOTICE, "anna", clock.now())
    clock.time += DAY
    (moved,) = deliver(ledger, outbox, PATIENT, clock.environment()).notices

    assert moved.counts == NoticeCounts(recipients=20, accepted=20)
    assert len(list(tmp_path.rglob("*.eml"))) == 20 - len(times(server))


def test_a_notice_of_which_nothing_left_goes_out_wherever_mail_goes_now(
    ledger: Ledger, server: Smtp, tmp_path: Path
) -> None:
    announced(ledger, people(20))
    clock = Clock()
    server.desk.replies["RCPT"] = ["554 5.7.1 relay access denied"] * 100
    a_pass(ledger, server.port, clock)

    (report,) = deliver(ledger, OutboxMailer(tmp_path / "outbox"), PATIENT, clock.environment()).notices

    assert report.counts == NoticeCounts(recipients=20, accepted=20)


@pytest.mark.parametrize("moved_to", ["another folder", "the same folder"])
def test_what_a_killed_sender_left_is_unmarked_only_where_the_files_are_the_same(
    ledger: Ledger, tmp_path: Path, moved_to: str
) -> None:
    announced(ledger, people(10))
    first = OutboxMailer(tmp_path / "first")
    second = first if moved_to == "the same folder" else OutboxMailer(tmp_path / "second")
    ledger.notices.start(NOTICE, NOON)
    ledger.notices.bind(NOTICE, first.destination, NOON)
    ledger.recipients.freeze(NOTICE, NOON, batch_size=10)
    ledger.batches.claim(NOTICE, NOON, mailer="outbox", destination=first.destination, limit=1)
    clock = Clock()

    for _ in range(3):
        for report in deliver(ledger, second, RULES, clock.environment()).notices:
            if report.notice.state is NoticeState.HELD:
                ledger.notices.unbind(NOTICE, "anna", clock.now(), "moved the outbox")
                ledger.notices.resume(NOTICE, "anna", clock.now())
        clock.time += DAY

    counts = ledger.deliveries.counts(NOTICE)
    assert counts.accepted == 10
    assert counts.possible_duplicates == (0 if second is first else 10)


# --- whoever is not reached


def test_a_notice_that_ends_with_people_not_reached_says_so_until_a_person_accepts_it(
    ledger: Ledger, server: Smtp
) -> None:
    announced(ledger, people(30))
    server.desk.dead = frozenset({"person3@example.com", "person4@example.com"})
    a_pass(ledger, server.port, Clock())
    assert ledger.deliveries.unreached(NOTICE) == 2

    assert ledger.notices.give_up(NOTICE, "anna", NOON, "both left years ago") == 2

    assert ledger.notices.get(NOTICE).given_up == 2
    ledger.batches.retry_not_reached(NOTICE, "anna", NOON)
    with pytest.raises(Refused, match="nothing to accept"):
        ledger.notices.give_up(NOTICE, "anna", NOON, "it is being sent again")

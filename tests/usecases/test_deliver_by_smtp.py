"""The real sender over SMTP to a server that misbehaves: what it truly took against the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes

import pytest

from notifier.ledger import Ledger
from notifier.ledger.types import NoticeCounts
from notifier.mail.smtp import SmtpMailer
from notifier.notice.delivery import NoticeState
from notifier.usecases.deliver import deliver
from tests.scenes import NOTICE, RULES, Clock, announced, people
from tests.standins.smtp import DROP, STALL, THE_DOT, Smtp

RULES_BY_SMTP = RULES._replace(max_bounce_rate=0.5)
COUNT = 12


@pytest.fixture
def server() -> Iterator[Smtp]:
    with Smtp() as server:
        yield server


def until_finished(ledger: Ledger, server: Smtp) -> None:
    """Passes, a day apart, until nothing is left to do."""
    clock, mailer = Clock(), SmtpMailer("127.0.0.1", server.port, "none", timeout_s=0.5)
    for _ in range(40):
        deliver(ledger, mailer, RULES_BY_SMTP, clock.environment())
        if ledger.notices.get(NOTICE).state is NoticeState.FINISHED:
            break
        clock.time += timedelta(days=1)
    mailer.close()
    assert ledger.deliveries.check_counts() == ()


def times(server: Smtp) -> Counter[str]:
    return Counter(recipient for taken in server.desk.taken for recipient in taken.recipients)


@pytest.mark.parametrize(
    ("verb", "reply"),
    [
        ("MAIL", "451 try later"),
        ("RCPT", "450 4.2.0 greylisted"),
        ("RCPT", "421 4.3.2 shutting down"),
        ("RCPT", DROP),
        ("DATA", STALL),
        (THE_DOT, "451 4.3.0 try later"),
    ],
)
def test_what_is_put_off_before_the_final_dot_reaches_everybody_once(
    ledger: Ledger, server: Smtp, verb: str, reply: str
) -> None:
    announced(ledger, people(COUNT))
    server.desk.replies[verb] = [reply, reply]

    until_finished(ledger, server)

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=COUNT, accepted=COUNT)
    assert set(times(server).values()) == {1}
    assert len(times(server)) == COUNT


def test_a_refused_recipient_is_not_reached_and_all_others_are(ledger: Ledger, server: Smtp) -> None:
    announced(ledger, people(COUNT))
    server.desk.replies["RCPT"] = ["250 OK", "550 5.1.1 no such user"]

    until_finished(ledger, server)

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=COUNT, accepted=COUNT - 1, dropped=1)
    (missed,) = ledger.readers.all(NOTICE, only_missed=True)
    assert "550 5.1.1 no such user" in str(missed.reason)
    assert set(times(server)) == {customer.email for customer in people(COUNT)} - {missed.email}


@pytest.mark.parametrize("silence", [DROP, STALL])
def test_a_reply_lost_after_the_final_dot_puts_one_person_in_doubt(ledger: Ledger, server: Smtp, silence: str) -> None:
    announced(ledger, people(COUNT))
    server.desk.replies[THE_DOT] = ["250 OK", silence]

    until_finished(ledger, server)

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=COUNT, accepted=COUNT, possible_duplicates=1)
    assert sorted(times(server).values()) == [1] * (COUNT - 1) + [2]
    twice = [taken for taken in server.desk.taken if times(server)[taken.recipients[0]] == 2]
    one, other = (message_from_bytes(taken.content) for taken in twice)
    assert one["Message-ID"] == other["Message-ID"]


def test_what_a_fault_of_ours_kept_from_leaving_is_not_in_doubt(ledger: Ledger) -> None:
    announced(ledger, people(2))
    mailer = SmtpMailer(f"{'x' * 300}.example", 25, "none")  # no name server can be asked for it: a UnicodeError

    (report,) = deliver(ledger, mailer, RULES_BY_SMTP, Clock().environment()).notices

    assert report.counts == NoticeCounts(recipients=2, queued=2)
    assert "UnicodeError in the smtp transport, before anything left" in (report.waiting_for or "")

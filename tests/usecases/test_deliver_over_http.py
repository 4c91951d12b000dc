"""The real sender over the real transport to a stand-in that misbehaves: what was truly accepted against the ledger."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from notifier.ledger import Ledger
from notifier.ledger.types import NoticeCounts
from notifier.mail.sendgrid import SendGridMailer
from notifier.mail.sendgrid.webhook import parse
from notifier.notice.delivery import Customer, NoticeState
from notifier.usecases.deliver import DeliveryReport, SystemEnvironment, deliver
from tests.scenes import NOTICE, RULES, Clock, announced, people
from tests.standins import faults
from tests.standins.events import as_body, event
from tests.standins.faults import Fault
from tests.standins.sendgrid import API_KEY, SendGrid, Taken

HASTY = RULES._replace(canary_wait=timedelta(0), max_bounce_rate=0.5)
CAREFUL = HASTY._replace(resends_in_doubt=False)
COUNT = 50


@pytest.fixture
def provider() -> Iterator[SendGrid]:
    with SendGrid() as provider:
        yield provider


@pytest.fixture
def mailer(provider: SendGrid) -> Iterator[SendGridMailer]:
    mailer = SendGridMailer(API_KEY, provider.url, timeout_s=1.0, batch_size=10, connections=4)
    yield mailer
    mailer.close()


def until_finished(ledger: Ledger, mailer: SendGridMailer, clock: Clock) -> list[DeliveryReport]:
    """Passes, a day apart, until nothing is left to do."""
    reports = []
    for _ in range(30):
        reports.append(deliver(ledger, mailer, HASTY, clock.environment()))
        if ledger.notices.get(NOTICE).state is NoticeState.FINISHED:
            return reports
        clock.time += timedelta(days=1)
    raise AssertionError(f"not finished: {ledger.deliveries.counts(NOTICE)}")


def report_on(ledger: Ledger, taken: list[Taken], at: datetime) -> None:
    """Every accepted recipient's event arrives."""
    ledger.events.record(parse(as_body(event("delivered", one) for one in taken), received_at=at), at)


def most_often(provider: SendGrid) -> int:
    return max(Counter(taken.email for taken in provider.accepted()).values())


PROVABLY_NOT_ACCEPTED = [
    faults.rate_limited(None),
    faults.rate_limited("soon"),
    faults.status(408),
    faults.too_large(),
    faults.out_of_credits(),
    faults.unverified_sender(),
]
UNKNOWN = [
    faults.status(500),
    faults.status(502, accepts=True),
    faults.status(503),
    faults.status(504, accepts=True),
    faults.status(200),
    faults.redirect("http://127.0.0.1:9/"),
    faults.reset_unread(),
    faults.reset_unaccepted(),
    faults.accept_and_reset(),
    faults.accept_and_close(),
    faults.hang(2),
    faults.accept_and_hang(2),
    faults.garbage(),
    faults.drip(0.1),
]


def named(fault: Fault) -> str:
    return f"{fault.do}-{fault.status}{'-accepted' * fault.accepts}"


@pytest.mark.parametrize("fault", PROVABLY_NOT_ACCEPTED, ids=named)
def test_what_is_provably_not_accepted_is_sent_again_and_reaches_everybody_once(
    ledger: Ledger, provider: SendGrid, mailer: SendGridMailer, fault: Fault
) -> None:
    announced(ledger, people(COUNT))
    provider.script(faults.NONE, fault, faults.NONE, fault)

    until_finished(ledger, mailer, Clock())

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=COUNT, accepted=COUNT)
    assert (len(provider.accepted()), most_often(provider)) == (COUNT, 1)
    assert ledger.deliveries.check_counts() == ()


@pytest.mark.parametrize("fault", UNKNOWN, ids=named)
def test_what_is_unknown_loses_nobody_and_whoever_may_get_two_is_marked(
    ledger: Ledger, provider: SendGrid, mailer: SendGridMailer, fault: Fault
) -> None:
    announced(ledger, people(COUNT))
    provider.script(faults.NONE, fault)

    until_finished(ledger, mailer, Clock())

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=COUNT, accepted=COUNT, possible_duplicates=10)
    times = Counter(taken.email for taken in provider.accepted())
    assert len(times) == COUNT
    assert sum(count == 2 for count in times.values()) == (10 if fault.accepts else 0)
    assert ledger.deliveries.check_counts() == ()


@pytest.mark.parametrize("fault", [fault for fault in UNKNOWN if fault.accepts], ids=named)
def test_a_lost_answer_that_an_event_makes_good_is_not_resent(
    ledger: Ledger, provider: SendGrid, mailer: SendGridMailer, fault: Fault
) -> None:
    announced(ledger, people(COUNT))
    provider.script(faults.NONE, fault)
    clock = Clock()
    deliver(ledger, mailer, HASTY, clock.environment())
    assert ledger.deliveries.counts(NOTICE).in_doubt == 10

    report_on(ledger, provider.accepted(), clock.now())
    until_finished(ledger, mailer, clock)

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=COUNT, delivered=COUNT)
    assert (len(provider.accepted()), most_often(provider)) == (COUNT, 1)


def test_with_the_webhook_dead_and_hold_in_doubt_nobody_is_written_to_twice(
    ledger: Ledger, provider: SendGrid, mailer: SendGridMailer
) -> None:
    announced(ledger, people(COUNT))
    provider.script(faults.NONE, faults.accept_and_reset())
    clock = Clock()
    for _ in range(5):
        deliver(ledger, mailer, CAREFUL, clock.environment())
        clock.time += timedelta(days=1)

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=COUNT, accepted=COUNT - 10, in_doubt=10)
    assert most_often(provider) == 1


@pytest.mark.parametrize("bad", [[0], [499], [999], [0, 7, 8, 123, 400, 401, 402, 777, 998, 999]], ids=len)
@pytest.mark.parametrize("names_refused", [True, False], ids=["named", "unnamed"])
def test_bad_addresses_in_a_thousand_cost_themselves_and_nobody_else(
    ledger: Ledger, provider: SendGrid, bad: list[int], names_refused: bool
) -> None:
    announced(ledger, people(1000))
    provider.desk.names_refused = names_refused
    provider.refuse(f"person{n}@example.com" for n in bad)
    mailer = SendGridMailer(API_KEY, provider.url)

    until_finished(ledger, mailer, Clock())
    mailer.close()

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=1000, accepted=1000 - len(bad), dropped=len(bad))
    assert (len(provider.accepted()), most_often(provider)) == (1000 - len(bad), 1)
    assert {each.email for each in ledger.readers.all(NOTICE, only_missed=True)} == {
        f"person{n}@example.com" for n in bad
    }
    if names_refused:
        assert provider.counts()["requests"] == 2


def test_odd_customers_cost_nobody_else_their_notice(
    ledger: Ledger, provider: SendGrid, mailer: SendGridMailer
) -> None:
    odd = [
        Customer("o1", "no address at all", "Nemo"),
        Customer("o2", f"{'a' * 320}@example.com", "Long"),
        Customer("o3", "anna@bücher.example", "Doe, Anna; Dr."),
        Customer("o4", "bo@example.org", "Bo\r\nBcc: eve@example.net"),
        Customer("o5", "BO@example.org", "Bo again"),
        Customer("o6", "eve@example.org\r\nBcc: x@example.net", "Eve"),
    ]
    announced(ledger, [*people(14), *odd])

    until_finished(ledger, mailer, Clock())

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=20, accepted=16, dropped=3, suppressed=1)
    assert most_often(provider) == 1
    assert {"anna@xn--bcher-kva.example", "bo@example.org"} <= {taken.email for taken in provider.accepted()}
    assert ledger.deliveries.check_counts() == ()


def test_a_rate_limit_stops_all_connections_until_the_reset_it_names(
    ledger: Ledger, provider: SendGrid, mailer: SendGridMailer
) -> None:
    announced(ledger, people(200), send_after=datetime.now(UTC))
    rules = HASTY._replace(patience=timedelta(seconds=20))
    limit_s = 2.0
    provider.script(*[faults.NONE] * 5, faults.rate_limited(str(int(time.time() + limit_s + 2)), for_s=limit_s))

    (report,) = deliver(ledger, mailer, rules, SystemEnvironment()).notices

    assert report.notice.state is NoticeState.FINISHED
    assert provider.counts()["too_early"] <= mailer.connections - 1  # those that were under way already
    assert (len(provider.accepted()), most_often(provider)) == (200, 1)


def test_out_of_credits_pauses_and_goes_on_where_it_stopped(
    ledger: Ledger, provider: SendGrid, mailer: SendGridMailer
) -> None:
    announced(ledger, people(COUNT))
    provider.script(faults.NONE, *[faults.out_of_credits()] * 4)
    clock = Clock()

    deliver(ledger, mailer, HASTY, clock.environment())
    assert "Maximum credits exceeded" in ledger.breakers.all_open()[0].why
    assert ledger.deliveries.counts(NOTICE).accepted == 10

    until_finished(ledger, mailer, clock)
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=COUNT, accepted=COUNT)
    assert most_often(provider) == 1


def test_a_provider_that_cannot_be_reached_keeps_everybody_queued(ledger: Ledger) -> None:
    announced(ledger, people(COUNT))
    mailer = SendGridMailer(API_KEY, "http://sendgrid.invalid", batch_size=10)

    deliver(ledger, mailer, HASTY, Clock().environment())

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=COUNT, queued=COUNT)


FLAWS: list[Callable[[], Fault]] = [faults.accept_and_reset, faults.reset_unaccepted, faults.garbage]


def test_a_long_bad_day_loses_nobody(ledger: Ledger, provider: SendGrid, mailer: SendGridMailer) -> None:
    announced(ledger, people(COUNT * 2))
    bad_day = [fault for n in range(8) for fault in (FLAWS[n % 3](), faults.rate_limited(None), faults.NONE)]
    provider.script(*bad_day)

    until_finished(ledger, mailer, Clock())

    times = Counter(taken.delivery_key for taken in provider.accepted())
    counts = ledger.deliveries.counts(NOTICE)
    assert (len(times), counts.accepted) == (COUNT * 2, COUNT * 2)
    assert sum(count > 1 for count in times.values()) <= counts.possible_duplicates
    assert ledger.deliveries.check_counts() == ()

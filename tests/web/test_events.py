"""The event webhook behind a real server, with a real ledger: what is committed before SendGrid is answered."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.standins.events import SIGNATURE, TIMESTAMP, Signer, as_body, bounce, dropped, event, post
from tests.standins.sendgrid import API_KEY, SendGrid, Taken
from tests.standins.web import serving

from notifier.ledger import Ledger
from notifier.ledger.states import RunOutcome
from notifier.mail import Addressee, Envelope
from notifier.mail.sendgrid import SendGridMailer
from notifier.mail.sendgrid.webhook import load_keys
from notifier.notice.delivery import Customer, DeliveryStatus
from notifier.notice.message import Message, Notice
from notifier.usecases.provider_events import EventRecorder
from notifier.web.app import EVENTS_PATH, make_app
from notifier.web.events import MOST_BYTES

NOTICE = "2026-11-22-privacy"
PEOPLE = 5


def now() -> datetime:
    return datetime.now(UTC)


def send_notice(ledger: Ledger, provider: SendGrid, *, record_outcome: bool = True) -> list[Taken]:
    """A notice to everybody, truly taken by the provider."""
    ledger.roster.import_customers(Customer(f"c{n}", f"customer{n}@example.org") for n in range(PEOPLE))
    message = Message("en", ("privacy",), "We are changing our policy", "Hello", "<p>Hello</p>")
    soon = now() + timedelta(days=1)
    ledger.notices.add(
        Notice(NOTICE, (), now()),
        [message],
        audiences={"privacy": frozenset()},
        language="en",
        send_after=now(),
        deadline=soon,
    )
    ledger.notices.start(NOTICE, soon)
    ledger.recipients.freeze(NOTICE, now(), batch_size=1000)
    (claim,) = ledger.batches.claim(NOTICE, now(), mailer="sendgrid", limit=1)
    people = tuple(Addressee(key, email, name) for _, key, email, name in claim.recipients)
    mailer = SendGridMailer(API_KEY, provider.url)
    accepted = mailer.send(Envelope(NOTICE, claim.attempt_id, "Ex <p@example.com>", None, message, people))
    mailer.close()
    if record_outcome:
        ledger.attempts.record_accepted(claim, now(), accepted.provider_request_id)
    return provider.accepted()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        yield ledger


@pytest.fixture
def provider() -> Iterator[SendGrid]:
    with SendGrid() as provider:
        yield provider


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer.new()


@pytest.fixture
def webhook(ledger: Ledger, signer: Signer) -> Iterator[str]:
    record = EventRecorder(ledger, load_keys([signer.public_key]), now)
    with serving(make_app(ledger, now=now, record=record)) as url:
        yield url + EVENTS_PATH


def tell(webhook: str, signer: Signer, *events: dict[str, object]) -> int:
    body = as_body(events)
    return post(webhook, body, signer.headers(body))


def standing(ledger: Ledger) -> dict[str, int]:
    assert ledger.deliveries.check_counts() == ()
    counts = ledger.deliveries.counts(NOTICE)
    names = ("accepted", "delivered", "deferred", "bounced", "dropped", "complained", "in_doubt", "queued")
    return {name: count for name in names if (count := getattr(counts, name))}


def test_what_sendgrid_reports_is_in_the_ledger_before_it_is_answered(
    ledger: Ledger, provider: SendGrid, webhook: str, signer: Signer
) -> None:
    one, two, three, four, _ = send_notice(ledger, provider)

    status = tell(
        webhook, signer, event("delivered", one), bounce(two), dropped(three, "Invalid"), event("deferred", four)
    )

    assert status == 204
    assert standing(ledger) == {"accepted": 1, "delivered": 1, "deferred": 1, "bounced": 1, "dropped": 1}


def test_a_post_repeated_a_hundred_times_counts_once(
    ledger: Ledger, provider: SendGrid, webhook: str, signer: Signer
) -> None:
    body = as_body([event("delivered", taken) for taken in send_notice(ledger, provider)])
    headers = signer.headers(body)

    assert {post(webhook, body, headers) for _ in range(100)} == {204}
    assert standing(ledger) == {"delivered": PEOPLE}


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_events_does_not_matter(
    ledger: Ledger, provider: SendGrid, webhook: str, signer: Signer, seed: int
) -> None:
    one, two, three, four, five = send_notice(ledger, provider)
    events = [
        *(event("processed", taken) for taken in (one, two, three, four)),
        *(event("deferred", taken) for taken in (one, two)),
        *(event("delivered", taken) for taken in (one, two, three)),
        bounce(two),
        event("spamreport", three),
        dropped(five),
    ]
    random.Random(seed).shuffle(events)  # noqa: S311  an order, not a secret

    for each in events * 2:
        tell(webhook, signer, each)

    assert standing(ledger) == {"delivered": 1, "bounced": 1, "complained": 1, "accepted": 1, "dropped": 1}


def test_an_event_before_our_own_commit_proves_the_whole_request(
    ledger: Ledger, provider: SendGrid, webhook: str, signer: Signer
) -> None:
    one, *_ = send_notice(ledger, provider, record_outcome=False)
    assert standing(ledger) == {"queued": PEOPLE}

    tell(webhook, signer, event("delivered", one))

    assert standing(ledger) == {"delivered": 1, "accepted": PEOPLE - 1}


def test_an_event_of_nobody_we_know_is_kept_and_harmless(
    ledger: Ledger, provider: SendGrid, webhook: str, signer: Signer
) -> None:
    one, *_ = send_notice(ledger, provider)
    stranger = Taken("somebody-else", "another-attempt", "eve@example.net", "r")

    assert tell(webhook, signer, bounce(stranger), event("delivered", one), event("a new word", one)) == 204
    assert standing(ledger) == {"accepted": PEOPLE - 1, "delivered": 1}


def test_an_event_of_another_attempt_raises_no_delivery_of_this_one(
    ledger: Ledger, provider: SendGrid, webhook: str, signer: Signer
) -> None:
    one, *_ = send_notice(ledger, provider)

    assert tell(webhook, signer, event("delivered", one, pn_d=None), event("delivered", one, pn_d="x")) == 204
    assert standing(ledger) == {"accepted": PEOPLE}


def test_a_broken_event_costs_none_of_its_neighbours(
    ledger: Ledger, provider: SendGrid, webhook: str, signer: Signer
) -> None:
    one, two, *_ = send_notice(ledger, provider)
    good = [event("delivered", one), bounce(two, reason="no\0such\ud800user")]
    body = json.dumps([good[0], 7, None, {"event": ["x"]}, {"timestamp": 10**30}, good[1]]).encode()

    assert post(webhook, body, signer.headers(body)) == 204
    assert standing(ledger) == {"accepted": PEOPLE - 2, "delivered": 1, "bounced": 1}


@pytest.mark.parametrize(
    "forgery", ["another key", "no signature", "no timestamp", "bad base64", "tampered", "moved digit"]
)
def test_a_forged_post_is_refused_and_changes_nothing(
    ledger: Ledger, provider: SendGrid, webhook: str, signer: Signer, forgery: str
) -> None:
    one, *_ = send_notice(ledger, provider)
    body = as_body([bounce(one)])
    headers = (Signer.new() if forgery == "another key" else signer).headers(body)
    if forgery == "no signature":
        del headers[SIGNATURE]
    if forgery == "no timestamp":
        del headers[TIMESTAMP]
    if forgery == "bad base64":
        headers[SIGNATURE] = "?" + headers[SIGNATURE]
    if forgery == "tampered":
        body = body.rstrip()
    if forgery == "moved digit":
        body, headers[TIMESTAMP] = headers[TIMESTAMP][-1:].encode() + body, headers[TIMESTAMP][:-1]

    assert post(webhook, body, headers) == 401
    assert standing(ledger) == {"accepted": PEOPLE}


def test_keys_are_rotated_without_losing_an_event(ledger: Ledger, provider: SendGrid, signer: Signer) -> None:
    one, two, *_ = send_notice(ledger, provider)
    new = Signer.new()
    record = EventRecorder(ledger, load_keys([signer.public_key, new.public_key]), now)
    with serving(make_app(ledger, now=now, record=record)) as url:
        assert tell(url + EVENTS_PATH, signer, event("delivered", one)) == 204
        assert tell(url + EVENTS_PATH, new, event("delivered", two)) == 204

    assert standing(ledger) == {"accepted": PEOPLE - 2, "delivered": 2}


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"[" + b" " * (MOST_BYTES + 1) + b"]", 413),
        (b"[" * 100_000, 400),
        (b"[\xff\xfe]", 400),
        (b"[1,", 400),
        (b"[]", 204),
    ],
    ids=["too large", "deep", "not utf-8", "cut", "empty list"],
)
def test_a_signed_body_that_cannot_be_read_is_refused(webhook: str, signer: Signer, body: bytes, answer: int) -> None:
    assert post(webhook, body, signer.headers(body)) == answer


def test_a_body_of_unknown_length_is_read_no_further_than_the_limit(webhook: str) -> None:
    host = webhook.removeprefix("http://").partition("/")[0]
    connection = HTTPConnection(host, timeout=10)
    pieces = (b" " * 65_536 for _ in range(10_000))
    try:
        connection.request(
            "POST", EVENTS_PATH, body=pieces, encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
        )
        status = connection.getresponse().status
    except ConnectionError:
        status = 413  # cut off while still talking
    finally:
        connection.close()

    assert status == 413


def test_ten_thousand_events_in_one_post_are_taken_in(
    ledger: Ledger, provider: SendGrid, webhook: str, signer: Signer
) -> None:
    taken = send_notice(ledger, provider)
    body = json.dumps(
        [{"event": "delivered", "sg_event_id": f"e{n}", "pn_d": taken[n % PEOPLE].delivery_key} for n in range(10_000)]
    ).encode()

    assert post(webhook, body, signer.headers(body)) == 204
    assert standing(ledger) == {"delivered": PEOPLE}


def test_many_posts_at_once_are_all_taken_in(ledger: Ledger, provider: SendGrid, webhook: str, signer: Signer) -> None:
    taken = send_notice(ledger, provider)
    answers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda n: answers.append(tell(webhook, signer, event("delivered", taken[n % PEOPLE]))), args=(n,)
        )
        for n in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [204] * 40
    assert standing(ledger) == {"delivered": PEOPLE}


def test_a_ledger_that_does_not_commit_makes_sendgrid_try_again(tmp_path: Path, signer: Signer) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path}/ledger.db")
    record = EventRecorder(ledger, load_keys([signer.public_key]), now)
    with serving(make_app(ledger, now=now, record=record)) as url:
        for path in tmp_path.iterdir():
            path.write_bytes(b"no database any more" * 1000)

        assert tell(url + EVENTS_PATH, signer, {"event": "delivered", "sg_event_id": "e1"}) == 503
    ledger.close()


def test_hard_bounces_and_complaints_bar_the_address_from_what_is_not_mandatory(
    ledger: Ledger, provider: SendGrid, webhook: str, signer: Signer
) -> None:
    one, two, *_ = send_notice(ledger, provider)

    tell(webhook, signer, bounce(one), event("spamreport", two))

    reached = {fate.status for n in range(PEOPLE) for fate in ledger.deliveries.of_customer(f"c{n}")}
    assert reached == {DeliveryStatus.BOUNCED, DeliveryStatus.COMPLAINED, DeliveryStatus.ACCEPTED}
    assert [(each.email, each.status) for each in ledger.readers.all(NOTICE, only_missed=True)] == [
        (one.email, DeliveryStatus.BOUNCED)
    ]


def test_other_methods_and_paths_are_not_there(webhook: str) -> None:
    base = webhook.removesuffix(EVENTS_PATH)

    assert post(f"{base}/events/other", b"[]", {}) == 404
    connection = HTTPConnection(base.removeprefix("http://"), timeout=10)
    connection.request("GET", EVENTS_PATH)
    assert connection.getresponse().status == 405
    connection.close()


# --- health and figures


def test_health_says_when_notifier_last_ran(ledger: Ledger, webhook: str) -> None:
    ledger.runs.finish(ledger.runs.begin(datetime(2026, 11, 22, 9, tzinfo=UTC)), now(), outcome=RunOutcome.DONE)

    with urlopen(webhook.replace(EVENTS_PATH, "/healthz")) as answer:
        assert json.load(answer) == {"status": "ok", "last_run_at": "2026-11-22T09:00:00+00:00", "alarms": []}


def test_the_figures_say_how_far_each_notice_has_come(
    ledger: Ledger, provider: SendGrid, webhook: str, signer: Signer
) -> None:
    one, two, *_ = send_notice(ledger, provider)
    tell(webhook, signer, event("delivered", one), bounce(two))

    with urlopen(webhook.replace(EVENTS_PATH, "/metrics")) as answer:
        text = answer.read().decode()

    assert f'notifier_deliveries{{notice="{NOTICE}",state="sending",status="delivered"}} 1\n' in text
    assert f'notifier_deliveries{{notice="{NOTICE}",state="sending",status="bounced"}} 1\n' in text
    assert f'notifier_notice_overdue{{notice="{NOTICE}"}} 0\n' in text
    assert 'notifier_last_event_seconds{mailer="sendgrid"} ' in text
    assert 'notifier_foreign_events{mailer="sendgrid"} 0' in text
    assert "example.org" not in text

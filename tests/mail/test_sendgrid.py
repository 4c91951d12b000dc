"""The SendGrid transport against a stand-in over real HTTP: what each answer, and each silence, proves."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from email.header import decode_header, make_header
from email.utils import formatdate
from typing import Any

import pytest
from tests.standins import faults
from tests.standins.faults import Fault
from tests.standins.sendgrid import API_KEY, SendGrid

from notifier.errors import (
    DeliveryError,
    InDoubt,
    NotSent,
    RecipientRefused,
    Refused,
    RejectedItems,
    RejectedRequest,
    SendingBlocked,
    Unavailable,
)
from notifier.mail import Accepted, Addressee, Envelope
from notifier.mail.sendgrid import SendGridMailer
from notifier.notice.message import NAME_TAG_HTML, NAME_TAG_TEXT, Message

MESSAGE = Message(
    language="en",
    policies=("privacy",),
    subject="We are changing our privacy policy",
    text=f"Dear customer{NAME_TAG_TEXT},\n\nwe are changing our privacy policy.\n",
    html=f"<p>Dear customer{NAME_TAG_HTML},</p>",
)


def people(count: int) -> tuple[Addressee, ...]:
    return tuple(Addressee(f"delivery{n:014d}", f"customer{n}@example.org", f"Customer {n}") for n in range(count))


def envelope(*addressees: Addressee, message: Message = MESSAGE, **more: Any) -> Envelope:
    return Envelope(
        notice_id="2026-11-22-privacy",
        attempt_id="attempt-1",
        sender=more.pop("sender", "Example <privacy@example.com>"),
        reply_to=more.pop("reply_to", "Legal <legal@example.com>"),
        message=message,
        addressees=addressees,
        **more,
    )


@pytest.fixture
def provider() -> Iterator[SendGrid]:
    with SendGrid() as provider:
        yield provider


@pytest.fixture
def mailer(provider: SendGrid) -> Iterator[SendGridMailer]:
    mailer = SendGridMailer(API_KEY, provider.url, timeout_s=1.0)
    yield mailer
    mailer.close()


def last_body(provider: SendGrid) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(provider.desk.bodies[-1][1])
    return body


def refused(mailer: SendGridMailer, sent: Envelope) -> DeliveryError:
    with pytest.raises(DeliveryError) as failure:
        mailer.send(sent)
    return failure.value


# --- what is sent


def test_a_thousand_people_are_told_in_one_request_each_in_a_message_of_their_own(
    provider: SendGrid, mailer: SendGridMailer
) -> None:
    accepted = mailer.send(envelope(*people(1000)))

    assert provider.counts()["requests"] == 1
    assert [taken.email for taken in provider.accepted()] == [each.email for each in people(1000)]
    assert {len(each["to"]) for each in last_body(provider)["personalizations"]} == {1}
    assert accepted == Accepted(provider.accepted()[0].request_id)


def test_the_exact_request() -> None:
    from notifier.mail.sendgrid.request import request_body

    written = request_body(envelope(Addressee("d1", "anna@example.org", "Anna <b>")), sandbox=False)
    assert json.loads(written) == {
        "personalizations": [
            {
                "to": [{"email": "anna@example.org", "name": "Anna <b>"}],
                "custom_args": {"pn_d": "d1", "pn_a": "attempt-1"},
                "substitutions": {NAME_TAG_TEXT: " Anna <b>", NAME_TAG_HTML: " Anna &lt;b&gt;"},
            }
        ],
        "from": {"email": "privacy@example.com", "name": "Example"},
        "reply_to": {"email": "legal@example.com", "name": "Legal"},
        "subject": "We are changing our privacy policy",
        "content": [
            {"type": "text/plain", "value": MESSAGE.text},
            {"type": "text/html", "value": MESSAGE.html},
        ],
        "headers": {
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": "en",
        },
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        },
    }


@pytest.mark.parametrize(
    ("bypass", "settings"),
    [
        ("unsubscribes", {"bypass_unsubscribe_management"}),
        ("complaints", {"bypass_unsubscribe_management", "bypass_spam_management"}),
        ("all", {"bypass_list_management"}),
    ],
)
def test_the_accounts_own_suppressions_are_passed_by_only_as_far_as_the_operator_says(
    provider: SendGrid, bypass: str, settings: set[str]
) -> None:
    mailer = SendGridMailer(API_KEY, host=provider.url, bypass=bypass)
    mailer.send(envelope(*people(1)))

    assert last_body(provider)["mail_settings"] == {one: {"enable": True} for one in settings}


def test_what_must_be_told_has_no_unsubscribe_group_and_no_bypass(provider: SendGrid, mailer: SendGridMailer) -> None:
    mailer.send(envelope(*people(1)))

    assert not last_body(provider).keys() & {"asm", "mail_settings", "categories", "template_id"}
    assert "List-Unsubscribe" not in provider.desk.bodies[-1][1].decode()


def test_the_provider_keeps_nothing_about_a_person_but_our_opaque_keys(
    provider: SendGrid, mailer: SendGridMailer
) -> None:
    mailer.send(envelope(*people(3)))

    kept = [each["custom_args"] for each in last_body(provider)["personalizations"]]
    assert kept == [{"pn_d": f"delivery{n:014d}", "pn_a": "attempt-1"} for n in range(3)]


def test_a_message_without_names_carries_no_substitutions(provider: SendGrid, mailer: SendGridMailer) -> None:
    mailer.send(envelope(*people(1), message=Message("en", ("privacy",), "S", "Dear customer", "<p>Dear</p>")))

    assert "substitutions" not in last_body(provider)["personalizations"][0]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Doe, Anna; Dr.", "Doe Anna Dr."),
        ("Anna\r\nBcc: eve@example.net", "Anna Bcc: eve@example.net"),
        ("Änne Ōe 明", "Änne Ōe 明"),
        (f"x{NAME_TAG_HTML}y", "x y"),
        ("a" * 500, "a" * 120),
    ],
)
def test_a_name_arrives_plain(provider: SendGrid, mailer: SendGridMailer, name: str, shown: str) -> None:
    mailer.send(envelope(Addressee("d1", "anna@example.org", name)))

    assert last_body(provider)["personalizations"][0]["to"][0]["name"] == shown


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Müller & Weiß AG <p@example.com>", "Müller & Weiß AG"),
        ('"Doe, Inc." <p@example.com>', "Doe, Inc."),
        ("Doe, Inc. <p@example.com>", "Doe, Inc."),
        ("明日, 隐私团队 (legal) <p@example.com>", "明日, 隐私团队 (legal)"),
        ("ΑΒΓ" * 40 + " <p@example.com>", "ΑΒΓ" * 40),
        ("p@example.com", ""),
    ],
)
def test_a_senders_name_reaches_the_reader_as_written_in_letters_that_sendgrid_takes(
    provider: SendGrid, mailer: SendGridMailer, sender: str, name: str
) -> None:
    mailer.send(envelope(*people(1), sender=sender, reply_to=sender))

    for field in ("from", "reply_to"):
        sent = last_body(provider)[field].get("name", "")
        assert sent.isascii()
        assert "," not in sent
        assert str(make_header(decode_header(sent))) == name


def test_in_the_sandbox_200_is_success_and_no_event_is_to_be_expected(provider: SendGrid) -> None:
    sandboxed = SendGridMailer(API_KEY, provider.url, sandbox=True)

    assert sandboxed.send(envelope(*people(2))) == Accepted("sandbox: checked, not sent")
    assert not sandboxed.has_events
    assert provider.accepted() == []
    sandboxed.close()


def test_in_the_sandbox_202_means_that_real_mail_may_have_left(provider: SendGrid) -> None:
    provider.script(faults.status(202, body=""))
    sandboxed = SendGridMailer(API_KEY, provider.url, sandbox=True)

    assert type(refused(sandboxed, envelope(*people(1)))) is InDoubt
    sandboxed.close()


def test_many_requests_share_few_connections(provider: SendGrid, mailer: SendGridMailer) -> None:
    for _ in range(20):
        mailer.send(envelope(*people(1)))

    assert provider.counts()["connections"] == 1


# --- one bad address


@pytest.mark.parametrize("places", [(0,), (499,), (999,), (0, 7, 998, 999)])
def test_a_refused_address_is_named_by_its_place(
    provider: SendGrid, mailer: SendGridMailer, places: tuple[int, ...]
) -> None:
    provider.refuse(people(1000)[place].email for place in places)

    failure = refused(mailer, envelope(*people(1000)))

    assert isinstance(failure, RejectedItems)
    assert failure.indexes == places
    assert provider.accepted() == []


@pytest.mark.parametrize("field", ["personalizations.1.subject", "personalizations.0.headers", "content", "from"])
def test_what_is_wrong_with_all_is_not_laid_at_anybodys_door(
    provider: SendGrid, mailer: SendGridMailer, field: str
) -> None:
    provider.script(faults.status(400, body=faults.errors("not so", field=field)))

    assert type(refused(mailer, envelope(*people(3)))) is RejectedRequest


def test_an_address_refused_without_its_place_leaves_the_place_open(provider: SendGrid, mailer: SendGridMailer) -> None:
    provider.desk.names_refused = False
    provider.refuse(["customer3@example.org"])

    failure = refused(mailer, envelope(*people(10)))

    assert isinstance(failure, RejectedItems)
    assert failure.indexes == ()


def test_a_place_beyond_the_batch_is_not_believed(provider: SendGrid, mailer: SendGridMailer) -> None:
    provider.script(faults.refuse(3))

    failure = refused(mailer, envelope(*people(2)))

    assert isinstance(failure, RejectedItems)
    assert failure.indexes == ()


def test_one_address_twice_in_a_batch_is_told_apart_by_halving(provider: SendGrid, mailer: SendGridMailer) -> None:
    failure = refused(mailer, envelope(*people(2), Addressee("d2", "CUSTOMER1@example.org")))

    assert isinstance(failure, RejectedItems)
    assert failure.indexes == ()
    assert provider.counts()["requests"] == 0


# --- what each answer proves


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (faults.status(400, body=faults.errors("The subject is required.", field="subject")), RejectedRequest),
        (faults.out_of_credits(), SendingBlocked),
        (faults.unverified_sender(), SendingBlocked),
        (faults.status(404), RejectedRequest),
        (faults.status(405), RejectedRequest),
        (faults.status(408), NotSent),
        (faults.status(429), Unavailable),
        (faults.status(500), InDoubt),
        (faults.status(502), InDoubt),
        (faults.status(503), InDoubt),
        (faults.status(504), InDoubt),
        (faults.status(500, accepts=True), InDoubt),
        (faults.status(200), InDoubt),
        (faults.status(201), InDoubt),
        (faults.status(204), InDoubt),
        (faults.redirect("http://127.0.0.1:9/"), InDoubt),
        (faults.redirect("/v3/mail/send", 307), InDoubt),
        (faults.reset_unread(), InDoubt),
        (faults.reset_unaccepted(), InDoubt),
        (faults.accept_and_reset(), InDoubt),
        (faults.accept_and_close(), InDoubt),
        (faults.accept_and_hang(3), InDoubt),
        (faults.hang(3), InDoubt),
        (faults.garbage(), InDoubt),
        (faults.drip(0.2), InDoubt),
        (faults.late(3), InDoubt),
    ],
    ids=lambda value: f"{value.do}-{value.status}" if isinstance(value, Fault) else value.__name__,
)
def test_what_an_answer_proves(
    provider: SendGrid, mailer: SendGridMailer, fault: Fault, meaning: type[DeliveryError]
) -> None:
    provider.script(fault)

    assert type(refused(mailer, envelope(*people(2)))) is meaning


def test_a_redirect_is_not_followed(provider: SendGrid, mailer: SendGridMailer) -> None:
    provider.script(faults.redirect(f"{provider.url}/v3/mail/send", 307))

    refused(mailer, envelope(*people(2)))

    assert (provider.counts()["requests"], provider.accepted()) == (1, [])


def test_a_request_too_large_says_so(provider: SendGrid, mailer: SendGridMailer) -> None:
    provider.script(faults.too_large())

    failure = refused(mailer, envelope(*people(2)))

    assert isinstance(failure, RejectedRequest)
    assert failure.too_large


def test_an_answer_that_drips_is_given_up_after_the_timeout_as_a_whole(
    provider: SendGrid, mailer: SendGridMailer
) -> None:
    provider.script(faults.drip(0.2))
    started = time.monotonic()

    refused(mailer, envelope(*people(1)))

    assert time.monotonic() - started < 5  # 13 s of dripping, no single pause longer than the timeout


def test_202_counts_even_where_the_rest_of_the_answer_breaks_off(provider: SendGrid, mailer: SendGridMailer) -> None:
    provider.script(faults.cut_short())

    assert mailer.send(envelope(*people(1))) == Accepted(None)
    assert mailer.send(envelope(*people(1))).provider_request_id


@pytest.mark.parametrize("code", [400, 401, 429, 500])
@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"errors": 3}', '{"errors": [3]}', "[" * 100_000])
def test_an_error_answer_of_any_shape_is_classed_by_its_status(
    provider: SendGrid, mailer: SendGridMailer, code: int, body: str
) -> None:
    provider.script(faults.status(code, body=body))

    expected = {400: RecipientRefused, 401: SendingBlocked, 429: Unavailable, 500: InDoubt}
    assert type(refused(mailer, envelope(*people(1)))) is expected[code]


def test_a_kept_connection_that_died_is_replaced_without_doubt(provider: SendGrid, mailer: SendGridMailer) -> None:
    mailer.send(envelope(*people(1)))
    kept = mailer._pool.pool.queue[-1]  # type: ignore[union-attr]
    kept.sock.shutdown(socket.SHUT_RDWR)

    assert mailer.send(envelope(*people(1))).provider_request_id
    assert provider.counts()["connections"] == 2


# --- no connection


def test_nobody_listening_is_provably_not_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        failure = refused(SendGridMailer(API_KEY, f"http://127.0.0.1:{taken.getsockname()[1]}"), envelope(*people(1)))

    assert type(failure) is Unavailable


def test_a_name_that_does_not_resolve_is_provably_not_sent() -> None:
    assert type(refused(SendGridMailer(API_KEY, "http://sendgrid.invalid"), envelope(*people(1)))) is Unavailable


def test_a_server_that_speaks_no_tls_is_provably_not_sent(provider: SendGrid) -> None:
    secure = SendGridMailer(API_KEY, provider.url.replace("http:", "https:"), timeout_s=2)

    assert type(refused(secure, envelope(*people(1)))) is Unavailable


def test_the_environments_proxies_are_not_used(provider: SendGrid, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)

    SendGridMailer(API_KEY, provider.url).send(envelope(*people(1)))

    assert len(provider.accepted()) == 1


# --- how long to wait


def reset_in(seconds: float) -> Callable[[], str]:
    return lambda: str(int(time.time() + seconds))


@pytest.mark.parametrize(
    ("reset", "low", "high"),
    [(reset_in(30), 25, 31), (reset_in(-60), 1, 1), (reset_in(10**6), 900, 900), (lambda: "9" * 14, 900, 900)],
    ids=["future", "past", "far", "absurd"],
)
def test_a_rate_limit_is_waited_out_for_as_long_as_it_says_within_reason(
    provider: SendGrid, mailer: SendGridMailer, reset: Callable[[], str], low: float, high: float
) -> None:
    provider.script(faults.rate_limited(reset()))

    failure = refused(mailer, envelope(*people(1)))

    assert isinstance(failure, Unavailable)
    assert failure.retry_after_s is not None
    assert low <= failure.retry_after_s <= high


@pytest.mark.parametrize("reset", [None, "soon", "", "-5", "1e9", "nan"])
def test_a_rate_limit_that_names_no_time_leaves_the_wait_to_the_sender(
    provider: SendGrid, mailer: SendGridMailer, reset: str | None
) -> None:
    provider.script(faults.rate_limited(reset))

    failure = refused(mailer, envelope(*people(1)))

    assert isinstance(failure, Unavailable)
    assert failure.retry_after_s is None


def test_a_reset_is_read_by_the_providers_clock_not_ours(provider: SendGrid, mailer: SendGridMailer) -> None:
    theirs = time.time() - 86_400
    headers = {"X-RateLimit-Reset": str(int(theirs + 20)), "Date": formatdate(theirs, usegmt=True)}
    provider.script(Fault(status=429, headers=headers))

    failure = refused(mailer, envelope(*people(1)))

    assert isinstance(failure, Unavailable)
    assert failure.retry_after_s is not None
    assert 18 <= failure.retry_after_s <= 21


# --- what stays secret


def test_neither_key_nor_addresses_reach_an_error(provider: SendGrid, mailer: SendGridMailer) -> None:
    provider.script(faults.status(400, body=faults.errors("customer0@example.org is\nno address", field="from")))

    failure = refused(mailer, envelope(*people(1)))

    assert str(failure) == "SendGrid answered 400: … is no address"
    assert API_KEY not in repr(mailer)


@pytest.mark.parametrize("key", ["", "SG.abc", "SG.with a space in it", "SG.with.a.line.break.in.it\n"])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(Refused, match="SENDGRID_API_KEY") as refusal:
        SendGridMailer(key).check("p@example.com", None)

    assert not key or key not in str(refusal.value)


@pytest.mark.parametrize("host", ["api.sendgrid.com", "ftp://x", "https://a b", "https://user:pw@x"])
def test_a_host_that_cannot_be_one_is_an_error_of_the_config(host: str) -> None:
    with pytest.raises(Refused, match=r"mail\.sendgrid\.host"):
        SendGridMailer(API_KEY, host).check("p@example.com", None)


def test_a_wrong_key_blocks_the_account(provider: SendGrid) -> None:
    assert type(refused(SendGridMailer("SG.some.other.key", provider.url), envelope(*people(1)))) is SendingBlocked


@pytest.mark.parametrize("size", [0, 1001])
def test_a_batch_is_at_most_a_thousand(size: int) -> None:
    with pytest.raises(Refused, match="batch_size"):
        SendGridMailer(API_KEY, batch_size=size).check("p@example.com", None)

"""What the sender needs of every transport: the same laws for all of them, each with its stand-in on loopback."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.mail.rigs import CANNOT_REFUSE, MESSAGE, PASSWORD, RIGS, Rig, envelope, people
from tests.standins.sendgrid import API_KEY

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
from notifier.mail import Accepted, Addressee, Envelope, Mailer
from notifier.notice.message import NAME_TAG_HTML, NAME_TAG_TEXT, Message

ANNA = Addressee("k1", "anna@example.org", "Anna")
PERSIAN = "می\u200cنا نیک\u200cپور"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with RIGS[request.param](tmp_path) as rig:
        yield rig
        rig.mailer.close()


@pytest.fixture(params=[name for name in RIGS if name not in CANNOT_REFUSE])
def server_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """Those with a server that has a will of its own."""
    with RIGS[request.param](tmp_path) as rig:
        yield rig
        rig.mailer.close()


def batches(rig: Rig, addressees: Sequence[Addressee]) -> list[Envelope]:
    size = rig.mailer.batch_size
    return [envelope(*addressees[start : start + size]) for start in range(0, len(addressees), size)]


def refused(mailer: Mailer, sent: Envelope) -> DeliveryError:
    with pytest.raises(DeliveryError) as failure:
        mailer.send(sent)
    return failure.value


# --- accepted


def test_it_is_a_mailer_that_says_where_it_sends_and_shows_no_secret(rig: Rig) -> None:
    assert isinstance(rig.mailer, Mailer)
    assert rig.mailer.destination == rig.mailer.destination
    for secret in (PASSWORD, API_KEY):
        assert secret not in rig.mailer.destination
        assert secret not in repr(rig.mailer)
    rig.mailer.check("Example <privacy@example.com>", "legal@example.com")


def test_a_message_reaches_its_reader_as_it_was_written(rig: Rig) -> None:
    assert isinstance(rig.mailer.send(envelope(ANNA)), Accepted)

    (one,) = rig.received()
    assert (one.email, one.key, one.subject) == (ANNA.email, "k1", MESSAGE.subject)
    assert one.text == "Guten Tag Anna,\n\n.\nwir ändern unsere Datenschutzerklärung.\n"
    assert "<p>Guten Tag Anna,</p>" in one.html


def test_what_must_be_told_says_that_a_machine_sent_it_and_cannot_be_unsubscribed_from(rig: Rig) -> None:
    rig.mailer.send(envelope(ANNA))

    (one,) = rig.received()
    assert {"Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language"} <= set(one.headers)
    assert not [name for name in one.headers if name.lower().startswith(("list-", "precedence"))]


def test_a_batch_as_large_as_it_may_be_reaches_each_of_its_people_once(rig: Rig) -> None:
    told = people(max(rig.mailer.batch_size, 100))
    for each in batches(rig, told):
        rig.mailer.send(each)

    assert Counter(rig.addresses()) == Counter(one.email for one in told)


def test_every_attempt_bears_the_same_key_so_that_a_duplicate_can_be_shown_to_be_one(rig: Rig) -> None:
    rig.mailer.send(envelope(ANNA))
    rig.mailer.send(envelope(ANNA, attempt_id="attempt-2"))

    assert {one.key for one in rig.received()} == {"k1"}
    assert len(rig.received()) == (1 if rig.mailer.is_idempotent else 2)


def test_a_test_message_says_so_in_its_subject(rig: Rig) -> None:
    rig.mailer.send(envelope(ANNA, is_test=True))

    assert rig.received()[0].subject == f"[TEST] {MESSAGE.subject}"


def test_it_can_be_tried_without_sending_anything(rig: Rig) -> None:
    rig.mailer.reach()

    assert rig.received() == []


# --- names, addresses, headers


@pytest.mark.parametrize(
    ("name", "text", "html"),
    [
        ("", "Guten Tag,", "Guten Tag,"),
        ("Anna <b>Öz</b>", "Guten Tag Anna <b>Öz</b>,", "Guten Tag Anna &lt;b&gt;Öz&lt;/b&gt;,"),
        ("Anna\r\nBcc: eve@example.net", "Guten Tag Anna Bcc: eve@example.net,", "Guten Tag Anna Bcc: eve"),
        (f"x{NAME_TAG_HTML}y", "Guten Tag x y,", "Guten Tag x y,"),
        (f"{NAME_TAG_TEXT}{NAME_TAG_HTML}", "Guten Tag,", "Guten Tag,"),
        ('"Doe", Anna; Dr.', 'Guten Tag "Doe", Anna; Dr.,', "Guten Tag &quot;Doe&quot;, Anna; Dr.,"),
        ("a" * 500, f"Guten Tag {'a' * 120},", f"Guten Tag {'a' * 120},"),
        (f"{PERSIAN} {FAMILY}", f"Guten Tag {PERSIAN} {FAMILY},", f"Guten Tag {PERSIAN} {FAMILY},"),
        ("Mül\u00adler\u202e", "Guten Tag Müller,", "Guten Tag Müller,"),
        ("\u200dAna\u200c \u200b Öz\u200c\u200d", "Guten Tag Ana Öz,", "Guten Tag Ana Öz,"),
        ("-notifier\u200b_name_t-", "Guten Tag,", "Guten Tag,"),
        ("Zoë \U0001fae8 \U0001fadf", "Guten Tag Zoë \U0001fae8 \U0001fadf,", "Guten Tag Zoë \U0001fae8 \U0001fadf,"),
    ],
)
def test_a_name_is_filled_in_escaped_for_where_it_goes(rig: Rig, name: str, text: str, html: str) -> None:
    rig.mailer.send(envelope(Addressee("k1", ANNA.email, name)))

    (one,) = rig.received()
    assert one.text.startswith(text)
    assert html in one.html
    assert one.email == ANNA.email
    assert not {"Bcc", "bcc"} & set(one.headers)


def test_a_subject_with_a_line_break_makes_no_header(rig: Rig) -> None:
    message = MESSAGE._replace(subject="Changes\r\nBcc: eve@example.net")
    try:
        rig.mailer.send(envelope(ANNA, message=message))
    except (RejectedRequest, RecipientRefused):
        return
    assert not {"Bcc", "bcc"} & set(rig.received()[0].headers)


@pytest.mark.parametrize(
    "email",
    ["", "anna", "@example.org", "anna@", "a b@example.org", "a@b\r\nBcc: c@d", "a@b\r\nRCPT TO:<eve@e.org>", "<a@b>",
     "a@[127.0.0.1]", "a@b>,<c@d", '"a"@b.org', "a" * 320, f"{'a' * 320}@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused_by_its_place_not_shown_and_costs_no_request(rig: Rig, email: str) -> None:
    before = people(rig.mailer.batch_size - 1)[:2]

    failure = refused(rig.mailer, envelope(*before, Addressee("k9", email)))

    assert isinstance(failure, RejectedItems)
    assert failure.indexes == (len(before),)
    assert not email or email not in str(failure)
    assert rig.received() == []


@pytest.mark.parametrize(
    ("written", "sent"),
    [("anna@bücher.example", "anna@xn--bcher-kva.example"), ("anna@STRASSE.example", "anna@STRASSE.example")],
)
def test_a_domain_is_sent_as_the_dns_knows_it(rig: Rig, written: str, sent: str) -> None:
    rig.mailer.send(envelope(Addressee("k1", written)))

    assert rig.received()[0].email == sent


@pytest.mark.parametrize("sender", ["privacy at example", "", "a@b, c@d", "dätenschutz@example.com"])
def test_a_sender_that_is_none_is_an_error_of_the_config_before_anything_leaves(rig: Rig, sender: str) -> None:
    with pytest.raises(Refused, match=r"config\.toml: mail\.from: "):
        rig.mailer.check(sender, None)
    with pytest.raises(Refused, match=r"config\.toml: mail\.from: "):
        rig.mailer.send(envelope(ANNA, sender=sender))
    with pytest.raises(Refused, match=r"config\.toml: mail\.reply_to: "):
        rig.mailer.check("p@example.com", "nobody")
    assert rig.received() == []


def test_a_message_that_cannot_be_encoded_is_never_in_doubt(rig: Rig) -> None:
    broken = Message("en", ("privacy",), "Subject \ud800", "Text \ud800", "<p>\ud800</p>")
    try:
        rig.mailer.send(envelope(ANNA, message=broken))
    except DeliveryError as failure:
        assert isinstance(failure, (RejectedRequest, RecipientRefused))  # noqa: PT017  # either, or plain acceptance


# --- refused


def test_one_recipient_that_the_server_refuses_is_the_one_that_is_named(server_rig: Rig) -> None:
    server_rig.refuse(ANNA.email)

    failure = refused(server_rig.mailer, envelope(ANNA))

    assert isinstance(failure, (RejectedItems, RecipientRefused))
    assert ANNA.email not in str(failure)
    assert server_rig.received() == []
    assert isinstance(server_rig.mailer.send(envelope(*people(1))), Accepted)


def test_a_server_that_refuses_all_we_send_says_nothing_of_the_recipient(server_rig: Rig) -> None:
    server_rig.refuse_all()

    assert type(refused(server_rig.mailer, envelope(ANNA))) is SendingBlocked
    assert server_rig.received() == []


# --- not sent, in doubt


def test_while_nobody_is_served_it_is_provably_not_sent_and_works_again_afterwards(rig: Rig) -> None:
    rig.be_away()

    failure = refused(rig.mailer, envelope(ANNA))

    assert isinstance(failure, Unavailable)
    assert isinstance(failure, NotSent)
    assert failure.retry_after_s is None or 1 <= failure.retry_after_s <= 900
    rig.come_back()
    assert rig.received() == []
    assert isinstance(rig.mailer.send(envelope(ANNA)), Accepted)


def test_an_answer_that_is_lost_leaves_it_in_doubt_and_the_next_message_none_the_worse(server_rig: Rig) -> None:
    server_rig.lose_the_answer()

    assert type(refused(server_rig.mailer, envelope(ANNA))) is InDoubt
    assert [one.key for one in server_rig.received()] == ["k1"]
    assert isinstance(server_rig.mailer.send(envelope(*people(1))), Accepted)


def test_whoever_closes_it_in_the_middle_still_learns_what_became_of_each_request(rig: Rig) -> None:
    told, outcomes = people(60), Counter[str]()
    each = [envelope(one) for one in told]
    begun = threading.Event()

    def send(mine: Sequence[Envelope]) -> None:
        for one in mine:
            begun.set()
            try:
                rig.mailer.send(one)
                outcomes["accepted"] += 1
            except DeliveryError as failure:
                outcomes[type(failure).__name__] += 1

    threads = [
        threading.Thread(target=send, args=(each[n :: rig.mailer.connections],)) for n in range(rig.mailer.connections)
    ]
    for thread in threads:
        thread.start()
    begun.wait(5)
    rig.mailer.close()
    for thread in threads:
        thread.join()

    assert outcomes.total() == len(told)
    assert outcomes["accepted"] <= len(rig.addresses()) <= len(told)


def test_closed_it_holds_no_connection_and_may_be_closed_twice(rig: Rig) -> None:
    rig.mailer.send(envelope(ANNA))
    rig.mailer.close()
    rig.mailer.close()

    assert rig.open_connections() == 0


def test_as_many_threads_as_it_has_connections_lose_nobody(rig: Rig) -> None:
    told = people(40)
    threads = [
        threading.Thread(target=lambda mine: [rig.mailer.send(envelope(one)) for one in mine], args=(told[n::4],))
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(rig.addresses()) == Counter(one.email for one in told)
    assert rig.open_connections() <= rig.mailer.connections


# --- what stays secret


def test_neither_secrets_nor_addresses_reach_a_log_even_at_debug(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("python_http_client", "python_http_client.client", "sendgrid", "urllib3"):
        caplog.set_level(logging.DEBUG, logger=name)
    rig.be_away()
    refused(rig.mailer, envelope(ANNA))
    rig.come_back()
    rig.mailer.send(envelope(*people(1)))

    for secret in (PASSWORD, API_KEY, "example.org"):
        assert secret not in caplog.text

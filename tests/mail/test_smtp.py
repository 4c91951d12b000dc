"""The SMTP transport against real servers: what each reply, and each silence, proves."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from tests.standins import certificates
from tests.standins.smtp import DRIP, DROP, GREETING, STALL, THE_DOT, Desk, Smtp

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
from notifier.mail import Addressee, Envelope
from notifier.mail.smtp import SmtpMailer
from notifier.mail.smtp.connection_pool import MOST_PER_CONNECTION
from notifier.notice.message import NAME_TAG_TEXT, Message

MESSAGE = Message(
    "en", ("privacy",), "We are changing our policy", f"Hello{NAME_TAG_TEXT},\n.\n..\n.hidden\n", "<p>Hi</p>"
)


def envelope(*addressees: Addressee, message: Message = MESSAGE) -> Envelope:
    to = addressees or (Addressee("d1", "anna@example.org", "Anna"),)
    return Envelope("2026-11-22-privacy", "a1", "Example <privacy@example.com>", None, message, to)


@pytest.fixture
def server() -> Iterator[Smtp]:
    with Smtp() as server:
        yield server


@contextmanager
def mailing(server: Smtp, **options: Any) -> Iterator[SmtpMailer]:
    settings = {"host": "127.0.0.1", "port": server.port, "security": "none", "timeout_s": 1.0, **options}
    mailer = SmtpMailer(**settings)
    try:
        yield mailer
    finally:
        mailer.close()


def refused(mailer: SmtpMailer, sent: Envelope) -> DeliveryError:
    with pytest.raises(DeliveryError) as failure:
        mailer.send(sent)
    return failure.value


def test_a_delivery_arrives_byte_for_byte_at_its_one_recipient(server: Smtp) -> None:
    with mailing(server) as mailer:
        accepted = mailer.send(envelope())

    (taken,) = server.desk.taken
    message = message_from_bytes(taken.content, policy=default)
    assert (taken.sender, taken.recipients) == ("privacy@example.com", ("anna@example.org",))
    assert message["Message-ID"] == "<pn.2026-11-22-privacy.d1@example.com>"
    text = next(message.iter_parts())
    assert text.get_content().replace("\r\n", "\n") == "Hello Anna,\n.\n..\n.hidden\n"
    assert accepted.provider_request_id == "2.0.0 Ok: queued as 4ABC"


def test_another_makers_server_takes_the_message() -> None:
    received: list[Any] = []

    class Keep(Sink):
        async def handle_DATA(self, server: Any, session: Any, sent: Any) -> str:  # noqa: N802  aiosmtpd's name
            received.append(sent)
            return "250 OK"

    controller = Controller(Keep(), hostname="127.0.0.1", port=0, ready_timeout=10)
    controller.port = free_port()
    controller.start()
    try:
        with SmtpMailerAt(controller.port) as mailer:
            mailer.send(envelope(Addressee("d1", "anna@example.org", "Änne")))
    finally:
        controller.stop()

    assert received[0].rcpt_tos == ["anna@example.org"]
    assert b"Subject: We are changing our policy\r\n" in received[0].original_content


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def SmtpMailerAt(port: int) -> Iterator[SmtpMailer]:  # noqa: N802  reads as the class it makes
    mailer = SmtpMailer("127.0.0.1", port, "none")
    yield mailer
    mailer.close()


# --- connections


def test_messages_share_a_connection(server: Smtp) -> None:
    with mailing(server) as mailer:
        for _ in range(10):
            mailer.send(envelope())

    assert (len(server.desk.taken), server.desk.connections) == (10, 1)


def test_a_connection_is_left_before_servers_tire_of_it(server: Smtp) -> None:
    with mailing(server) as mailer:
        for _ in range(MOST_PER_CONNECTION + 1):
            mailer.send(envelope())

    assert server.desk.connections == 2


def test_a_connection_that_the_server_closed_meanwhile_is_replaced_without_doubt(server: Smtp) -> None:
    with mailing(server) as mailer:
        mailer.send(envelope())
        server.desk.replies[THE_DOT] = ["250 2.0.0 OK"]
        kept = mailer._idle[-1].connection.sock
        assert kept is not None
        kept.shutdown(socket.SHUT_RD)
        mailer.send(envelope())

    assert (len(server.desk.taken), server.desk.connections) == (2, 2)


def test_a_refused_recipient_costs_no_connection(server: Smtp) -> None:
    server.desk.replies["RCPT"] = ["550 5.1.1 no such user"]
    with mailing(server) as mailer:
        refused(mailer, envelope())
        mailer.send(envelope())

    assert (len(server.desk.taken), server.desk.connections) == (1, 1)


def test_a_server_out_of_step_is_left_so_that_no_reply_is_taken_for_another(server: Smtp) -> None:
    server.desk.replies["RCPT"] = ["what is this\r\n250 a late reply", "550 5.1.1 no such user"]
    with mailing(server) as mailer:
        assert type(refused(mailer, envelope())) is NotSent
        assert type(refused(mailer, envelope())) is RecipientRefused

    assert (server.desk.taken, server.desk.connections) == ([], 2)


# --- what each reply proves

PROVES: list[tuple[str, str, type[DeliveryError]]] = [
    (GREETING, "421 too busy", Unavailable),
    (GREETING, "554 no service for you", SendingBlocked),
    (GREETING, DROP, Unavailable),
    (GREETING, STALL, Unavailable),
    (GREETING, DRIP, Unavailable),
    ("EHLO", DROP, Unavailable),
    ("MAIL", "451 try later", Unavailable),
    ("MAIL", "550 5.7.1 sender not allowed", SendingBlocked),
    ("MAIL", "530 5.7.0 log in first", SendingBlocked),
    ("MAIL", "552 message too big", SendingBlocked),
    ("MAIL", DROP, NotSent),
    ("RCPT", "450 4.2.0 greylisted", NotSent),
    ("RCPT", "452 4.2.2 mailbox full", NotSent),
    ("RCPT", "452 4.3.1 out of disk", Unavailable),
    ("RCPT", "421 4.3.2 shutting down", Unavailable),
    ("RCPT", "550 5.1.1 no such user", RecipientRefused),
    ("RCPT", "551 user not local", RecipientRefused),
    ("RCPT", "554 5.7.1 relay access denied", RecipientRefused),
    ("RCPT", "550 5.1.8 sender's domain unknown", SendingBlocked),
    ("RCPT", "530 5.7.0 log in first", SendingBlocked),
    ("RCPT", "what is this", NotSent),
    ("RCPT", DROP, NotSent),
    ("RCPT", STALL, NotSent),
    ("RCPT", DRIP, NotSent),
    ("DATA", "451 not now", NotSent),
    ("DATA", "554 no valid recipients", RecipientRefused),
    ("DATA", DROP, NotSent),
    ("DATA", STALL, NotSent),
    (THE_DOT, "451 4.3.0 try later", Unavailable),
    (THE_DOT, "451 try later", NotSent),
    (THE_DOT, "421 4.3.2 shutting down", Unavailable),
    (THE_DOT, "554 5.7.1 content refused", RecipientRefused),
    (THE_DOT, "552 5.3.4 too big", RecipientRefused),
    (THE_DOT, "354 go on", InDoubt),
    (THE_DOT, "what is this", InDoubt),
    (THE_DOT, DROP, InDoubt),
    (THE_DOT, STALL, InDoubt),
    (THE_DOT, DRIP, InDoubt),
]


@pytest.mark.parametrize(("verb", "reply", "meaning"), PROVES, ids=lambda value: str(value)[:24])
def test_what_a_reply_proves(server: Smtp, verb: str, reply: str, meaning: type[DeliveryError]) -> None:
    server.desk.replies[verb] = [reply]
    with mailing(server, timeout_s=0.5) as mailer:
        failure = refused(mailer, envelope())
        assert type(failure) is meaning
        assert bool(server.desk.taken) == (meaning is InDoubt)

        mailer.send(envelope())  # and the next message is none the worse for it

    assert len(server.desk.taken) == 1 + (meaning is InDoubt)


@pytest.mark.parametrize(
    ("verb", "reply", "names_mailbox"),
    [
        ("RCPT", "550 5.1.1 no such user", True),
        ("RCPT", "550 5.2.1 disabled", True),
        ("RCPT", "552 mailbox full", True),
        ("RCPT", "550 5.4.4 no way to that domain", True),
        ("RCPT", "550 no such user", False),
        ("RCPT", "554 5.7.1 relay access denied", False),
        ("DATA", "554 5.5.1 no valid recipients", False),
        (THE_DOT, "554 5.7.1 spam", False),
        (THE_DOT, "550 5.6.0 content refused", False),
    ],
)
def test_a_refusal_names_the_mailbox_only_where_the_server_does(
    server: Smtp, verb: str, reply: str, names_mailbox: bool
) -> None:
    server.desk.replies[verb] = [reply]
    with mailing(server) as mailer:
        failure = refused(mailer, envelope())

    assert isinstance(failure, RecipientRefused)
    assert failure.names_mailbox is names_mailbox


def test_a_refused_recipient_is_the_one_of_this_message(server: Smtp) -> None:
    server.desk.replies["RCPT"] = ["550 5.1.1 <anna@example.org>: no such user"]
    with mailing(server) as mailer:
        failure = refused(mailer, envelope())

    assert isinstance(failure, RecipientRefused)
    assert (failure.kind, failure.names_mailbox) == ("RCPT TO 550 5.1.1", True)
    assert str(failure) == f"127.0.0.1:{server.port} refused RCPT TO: 550 5.1.1 … no such user"


def test_nobody_listening_is_provably_not_sent() -> None:
    assert type(refused(SmtpMailer("127.0.0.1", free_port(), "none"), envelope())) is Unavailable


@pytest.mark.parametrize(("reply", "words"), [(DROP, "it closed the connection"), (DRIP, "no answer in time")])
@pytest.mark.parametrize("verb", [GREETING, "EHLO", "MAIL", THE_DOT])
def test_a_server_that_hangs_or_hangs_up_is_told_so(server: Smtp, verb: str, reply: str, words: str) -> None:
    server.desk.replies[verb] = [reply]
    with mailing(server, timeout_s=0.3) as mailer, pytest.raises(DeliveryError, match=words):
        mailer.send(envelope())


def test_a_name_that_does_not_resolve_is_provably_not_sent() -> None:
    assert type(refused(SmtpMailer("smtp.invalid", 25, "none"), envelope())) is Unavailable


def test_smtp_takes_one_recipient_at_a_time(server: Smtp) -> None:
    two = envelope(Addressee("d1", "a@example.org"), Addressee("d2", "b@example.org"))
    with mailing(server) as mailer:
        assert isinstance(refused(mailer, two), RejectedRequest)


# --- addresses outside ASCII


def test_an_address_outside_ascii_is_refused_where_the_server_cannot_take_it(server: Smtp) -> None:
    with mailing(server) as mailer:
        failure = refused(mailer, envelope(Addressee("d1", "änna@example.org")))

    assert isinstance(failure, RejectedItems)
    assert failure.indexes == (0,)


def test_an_address_outside_ascii_is_sent_where_the_server_can_take_it(server: Smtp) -> None:
    server.desk.extensions = ("SMTPUTF8", "8BITMIME", "SIZE 10000000")
    with mailing(server) as mailer:
        mailer.send(envelope(Addressee("d1", "änna@bücher.example")))

    assert server.desk.taken[0].recipients == ("änna@xn--bcher-kva.example",)


# --- secrecy of the line


def test_starttls_secures_the_line_before_the_login_and_the_message(tmp_path: Path) -> None:
    made = certificates.make(tmp_path)
    with Smtp(Desk(tls=made.server, login=("notifier", "s3cret"))) as server:
        options = {"security": "starttls", "username": "notifier", "password": "s3cret", "ssl_context": made.client}
        with mailing(server, **options) as mailer:
            mailer.send(envelope())

    assert (len(server.desk.taken), server.desk.secured) == (1, 1)
    assert server.desk.verbs.index("STARTTLS") < server.desk.verbs.index("AUTH")


def test_tls_secures_the_line_from_the_first_byte(tmp_path: Path) -> None:
    made = certificates.make(tmp_path)
    with (
        Smtp(Desk(tls=made.server), is_tls=True) as server,
        mailing(server, security="tls", ssl_context=made.client) as mailer,
    ):
        mailer.send(envelope())

    assert (len(server.desk.taken), server.desk.secured) == (1, 1)


def test_a_server_without_starttls_is_not_written_to_in_the_clear(server: Smtp) -> None:
    with mailing(server, security="starttls") as mailer:
        assert isinstance(refused(mailer, envelope()), SendingBlocked)

    assert "MAIL" not in server.desk.verbs


@pytest.mark.parametrize("flaw", ["unknown authority", "another host", "expired"])
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_does_not_prove_the_server_ends_the_attempt(
    tmp_path: Path, security: str, flaw: str
) -> None:
    made = certificates.make(
        tmp_path, host="other.example" if flaw == "another host" else "127.0.0.1", expired=flaw == "expired"
    )
    trusted = None if flaw == "unknown authority" else made.client
    with (
        Smtp(Desk(tls=made.server), is_tls=security == "tls") as server,
        mailing(server, security=security, ssl_context=trusted) as mailer,
    ):
        failure = refused(mailer, envelope())
        with pytest.raises(Unavailable, match="its certificate is not valid"):
            mailer.reach()

    assert type(failure) is Unavailable
    assert "its certificate is not valid" in str(failure)
    assert server.desk.taken == []


def test_a_wrong_login_blocks_the_account(tmp_path: Path) -> None:
    with (
        Smtp(Desk(login=("notifier", "s3cret"))) as server,
        mailing(server, username="notifier", password="no") as mailer,
    ):
        assert isinstance(refused(mailer, envelope()), SendingBlocked)


def test_a_server_without_logins_blocks_the_account(server: Smtp) -> None:
    with mailing(server, username="notifier", password="s3cret") as mailer:
        assert isinstance(refused(mailer, envelope()), SendingBlocked)


def test_a_login_that_is_deferred_is_tried_again() -> None:
    desk = Desk(login=("n", "p"), replies={"AUTH": ["454 4.7.0 try later", "454 4.7.0 try later"]})
    with Smtp(desk) as server, mailing(server, username="n", password="p") as mailer:
        assert type(refused(mailer, envelope())) is Unavailable


@pytest.mark.parametrize(
    ("options", "mend"),
    [
        ({"security": "ssl"}, "mail.smtp.security"),
        ({"username": "notifier"}, "NOTIFIER_SMTP_PASSWORD"),
        ({"username": "n", "password": "p", "security": "none", "host": "smtp.example.com"}, "unencrypted"),
    ],
)
def test_settings_that_cannot_send_safely_are_refused(options: dict[str, Any], mend: str) -> None:
    with pytest.raises(Refused, match=mend):
        SmtpMailer(**options).check("p@example.com", None)

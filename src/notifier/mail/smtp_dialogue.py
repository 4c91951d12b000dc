"""One SMTP conversation, and what each reply in it proves (RFC 5321).

Until the final dot has left, nothing can have been accepted; after it, only a reply tells. `smtplib` blurs that line
in `sendmail` and `data`, so the steps are taken one by one.
"""

from __future__ import annotations

import io
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from typing import Any, cast

from notifier.errors import AccountBlocked, DeliveryError, InDoubt, NotSent, RejectedItems, RejectedRequest
from notifier.mail import Accepted
from notifier.mail.deadline import restart, timely

ADDRESS = re.compile(r"\S+@\S+")
NEEDS_LOGIN = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to connect."""

    host: str
    port: int
    security: str
    username: str | None
    password: str | None = field(repr=False)
    timeout_s: float
    helo_name: str
    ssl_context: ssl.SSLContext


class _Plain(smtplib.SMTP):
    def getreply(self) -> tuple[int, bytes]:
        _begin_reply(self)
        return super().getreply()


class _Tls(smtplib.SMTP_SSL):
    def getreply(self) -> tuple[int, bytes]:
        _begin_reply(self)
        return super().getreply()


def _begin_reply(connection: smtplib.SMTP) -> None:
    """Give the next reply one deadline as a whole; TLS brings a new socket, and `smtplib` then forgets its reader."""
    if connection.sock is None:
        return
    if connection.file is None:
        connection.file = timely(connection.sock)
    restart(cast(io.BufferedReader, connection.file))


def connect(server: Server) -> smtplib.SMTP:
    """A connection that is greeted, secured and logged in. Raises `NotSent` and `AccountBlocked`."""
    try:
        connection = _greet(server)
    except smtplib.SMTPConnectError as error:
        raise _refusal(server, "the greeting", error.smtp_code, error.smtp_error, AccountBlocked) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"no connection to {server.host}:{server.port}: {_name(error)}") from error
    try:
        _secure_and_log_in(connection, server)
    except BaseException:
        connection.close()
        raise
    live_socket(connection).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def live_socket(connection: smtplib.SMTP) -> socket.socket:
    """The socket under a connection that has not been closed."""
    assert connection.sock is not None, "a closed connection is never kept"  # noqa: S101  for the type checker
    return connection.sock


def _greet(server: Server) -> smtplib.SMTP:
    options: dict[str, Any] = {"local_hostname": server.helo_name, "timeout": server.timeout_s}
    if server.security == "tls":
        return _Tls(server.host, server.port, context=server.ssl_context, **options)
    return _Plain(server.host, server.port, **options)


def _secure_and_log_in(connection: smtplib.SMTP, server: Server) -> None:
    try:
        connection.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            connection.starttls(context=server.ssl_context)
            connection.ehlo_or_helo_if_needed()
        if server.username:
            connection.login(server.username, server.password or "")
    except smtplib.SMTPNotSupportedError as error:
        raise AccountBlocked(f"{server.host}:{server.port}: {error}") from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(server, "the login", error.smtp_code, error.smtp_error, AccountBlocked) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"{server.host}:{server.port} broke off at the login: {_name(error)}") from error


def transmit(connection: smtplib.SMTP, server: Server, sender: Address, recipient: Address, content: bytes) -> Accepted:
    """Send one message to one recipient. Raises every kind of `DeliveryError`; the text never shows the address."""
    try:
        _open_transaction(connection, server, sender, recipient, len(content))
        connection.send(_stuffed(content))
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"{server.host}:{server.port} broke off before the message: {_name(error)}") from error
    return _after_the_dot(connection, server)


def _open_transaction(connection: smtplib.SMTP, server: Server, sender: Address, recipient: Address, size: int) -> None:
    options = _mail_options(connection, server, recipient, size)
    _expect(connection, server, "MAIL FROM", connection.mail(sender.addr_spec, options), (250,), AccountBlocked)
    _expect(connection, server, "RCPT TO", connection.rcpt(recipient.addr_spec), (250, 251, 252), RejectedItems)
    _expect(connection, server, "DATA", connection.docmd("DATA"), (354,), RejectedItems)


def _expect(
    connection: smtplib.SMTP,
    server: Server,
    step: str,
    reply: tuple[int, bytes],
    good: tuple[int, ...],
    if_final: type[DeliveryError],
) -> None:
    code, words = reply
    if code in good:
        return
    if not 400 <= code < 600:
        connection.close()  # out of step: a later reply might belong to an earlier command
    raise _refusal(server, step, code, words, if_final)


def _mail_options(connection: smtplib.SMTP, server: Server, recipient: Address, size: int) -> list[str]:
    options = [f"SIZE={size}"] if connection.has_extn("size") else []
    if recipient.username.isascii():
        return options
    if not connection.has_extn("smtputf8"):
        raise RejectedItems(f"{server.host} takes no address outside ASCII", indexes=(0,))
    return [*options, "SMTPUTF8"]


def _refusal(server: Server, step: str, code: int, words: bytes | str, if_final: type[DeliveryError]) -> DeliveryError:
    """A refusal: 5xx is final and of the kind this step gives it, everything else may be tried again."""
    text = f"{server.host}:{server.port} refused {step}: {code} {_plain(words)}".rstrip()
    if code in NEEDS_LOGIN:
        return AccountBlocked(text)
    if not 500 <= code < 600:
        return NotSent(text)
    if code == 552 and step == "MAIL FROM":
        return RejectedRequest(text, too_large=True)
    return RejectedItems(text, indexes=(0,)) if if_final is RejectedItems else if_final(text)


def _after_the_dot(connection: smtplib.SMTP, server: Server) -> Accepted:
    try:
        connection.send(b".\r\n")
        code, words = connection.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise InDoubt(f"no reply from {server.host}:{server.port} after the message: {_name(error)}") from error
    if code == 250:
        return Accepted(_plain(words)[:100] or None)
    if 400 <= code < 600:
        raise _refusal(server, "the message", code, words, RejectedItems)
    raise InDoubt(f"{server.host}:{server.port} answered the message with {code} {_plain(words)}")


def _stuffed(content: bytes) -> bytes:
    """Lines that begin with a dot get another (RFC 5321 §4.5.2); the content ends with CRLF."""
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


def _plain(words: bytes | str) -> str:
    """A server's words for logs and ledger: one line, no addresses, not too long."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    printable = "".join(letter if letter.isprintable() else " " for letter in ADDRESS.sub("…", text))
    return " ".join(printable.split())[:200]


def _name(error: Exception) -> str:
    """What went wrong, without what the server said: that may hold an address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__

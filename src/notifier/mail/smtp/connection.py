"""A connection to an SMTP server: greeted, secured, logged in, each reply bounded in time as a whole."""

from __future__ import annotations

import io
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

from notifier.errors import SendingBlocked, Unavailable
from notifier.mail.smtp.replies import Reply, Stage, refusal
from notifier.mail.sockets import restart, timely, trouble


class Security(StrEnum):
    """How the line is kept from others, as in `mail.smtp.security`."""

    STARTTLS = "starttls"  #: required, never merely tried
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to connect."""

    host: str
    port: int
    security: Security
    username: str | None
    password: str | None = field(repr=False)
    timeout_s: float
    helo_name: str
    ssl_context: ssl.SSLContext

    @property
    def name(self) -> str:
        """`host:port`, for people."""
        return f"{self.host}:{self.port}"


class _BoundedSmtp(smtplib.SMTP):
    def getreply(self) -> tuple[int, bytes]:
        _begin_reply(self)
        return super().getreply()


class _BoundedSmtps(smtplib.SMTP_SSL):
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
    """A connection ready for mail. Raises `Unavailable` and `SendingBlocked`: nothing was sent in either case."""
    try:
        connection = _greet(server)
    except smtplib.SMTPConnectError as error:
        raise refusal(Reply(server.name, Stage.GREETING, error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable(f"no connection to {server.name}: {trouble(error)}") from error
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
    if server.security is Security.TLS:
        return _BoundedSmtps(server.host, server.port, context=server.ssl_context, **options)
    return _BoundedSmtp(server.host, server.port, **options)


def _secure_and_log_in(connection: smtplib.SMTP, server: Server) -> None:
    try:
        connection.ehlo_or_helo_if_needed()
        if server.security is Security.STARTTLS:
            connection.starttls(context=server.ssl_context)
            connection.ehlo_or_helo_if_needed()
        if server.username:
            connection.login(server.username, server.password or "")
    except UnicodeError as error:
        raise SendingBlocked(f"{server.name}: name or password has letters that no login can carry") from error
    except smtplib.SMTPNotSupportedError as error:
        raise SendingBlocked(f"{server.name}: {error}") from error
    except smtplib.SMTPResponseException as error:
        raise refusal(Reply(server.name, Stage.LOGIN, error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable(f"{server.name} broke off at the login: {trouble(error)}") from error

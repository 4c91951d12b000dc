"""The transport over any SMTP server: one recipient a message, so that a lost reply leaves one delivery in doubt.

Connections are kept and shared between threads; one that was closed meanwhile is noticed before it is used.
"""

from __future__ import annotations

import select
import smtplib
import socket
import ssl
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from notifier.errors import DeliveryError, InDoubt, Refused, RejectedRequest
from notifier.mail import Accepted, Envelope
from notifier.mail.mime import build, recipient_address, sender_address
from notifier.mail.smtp_dialogue import Server, connect, live_socket, transmit

MOST_PER_CONNECTION = 100
"""Messages; many servers break off after as many."""
LONGEST_IDLE_S = 30.0
"""A connection kept longer is not worth trusting."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(slots=True)
class _Kept:
    connection: smtplib.SMTP
    sent: int = 0
    used_at: float = field(default_factory=time.monotonic)

    def is_fresh(self) -> bool:
        if self.sent >= MOST_PER_CONNECTION or time.monotonic() - self.used_at > LONGEST_IDLE_S:
            return False
        # Between messages a server says nothing, unless it says goodbye.
        return not select.select([live_socket(self.connection)], [], [], 0)[0]


@dataclass(frozen=True)
class SmtpMailer:
    """Sends by SMTP. `security`: `starttls` (required, never merely tried), `tls` or `none`."""

    host: str = "localhost"
    port: int = 587
    security: str = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    connections: int = 4
    timeout_s: float = 30.0
    ssl_context: ssl.SSLContext | None = None
    """None: the system's certificates, verified, with the host's name."""
    _idle: deque[_Kept] = field(default_factory=deque, repr=False, compare=False)

    name = "smtp"
    batch_size = 1
    is_idempotent = False
    has_events = False

    def check(self) -> None:
        """Raise `Refused` for settings that could not send, or would show the password to the network."""
        if self.security not in ("starttls", "tls", "none"):
            raise Refused(f"config.toml: mail.smtp.security: expected starttls, tls or none, got {self.security!r}")
        if self.username and not self.password:
            raise Refused("the environment has no NOTIFIER_SMTP_PASSWORD; mail.smtp.username needs one")
        if self.username and self.security == "none" and self.host not in LOOPBACK:
            raise Refused("config.toml: mail.smtp.security: 'none' would send the password unencrypted")

    def send(self, envelope: Envelope) -> Accepted:
        """Send one message to one recipient. Raises every kind of `DeliveryError`."""
        if len(envelope.addressees) != 1:
            raise RejectedRequest("SMTP sends to one recipient at a time", too_large=True)
        content = build(envelope, envelope.addressees[0])
        kept = self._take()
        try:
            accepted = transmit(
                kept.connection,
                self._server,
                sender_address(envelope.sender, "mail.from"),
                recipient_address(envelope.addressees[0]),
                content,
            )
        except DeliveryError as error:
            self._keep_after(kept, error)
            raise
        self._keep(kept)
        return accepted

    def close(self) -> None:
        """Say goodbye on every kept connection."""
        while self._idle:
            _quit(self._idle.pop().connection)

    def _take(self) -> _Kept:
        with suppress(IndexError):
            while True:
                kept = self._idle.pop()
                if kept.is_fresh():
                    return kept
                _quit(kept.connection)
        return _Kept(connect(self._server))

    def _keep(self, kept: _Kept) -> None:
        self._idle.append(_Kept(kept.connection, kept.sent + 1))

    def _keep_after(self, kept: _Kept, error: DeliveryError) -> None:
        """A refusal leaves a good connection, if the server agrees; one that broke off is closed already."""
        if not isinstance(error, InDoubt) and _reset(kept.connection):
            return self._keep(kept)
        return kept.connection.close()

    @cached_property
    def _server(self) -> Server:
        return Server(
            host=self.host,
            port=self.port,
            security=self.security,
            username=self.username,
            password=self.password,
            timeout_s=self.timeout_s,
            helo_name=_helo_name(),
            ssl_context=self.ssl_context or ssl.create_default_context(),
        )


def _helo_name() -> str:
    """This machine's name, if it has a whole one. Asking a name server for it, as `smtplib` does, can hang for long."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"


def _reset(connection: smtplib.SMTP) -> bool:
    try:
        return connection.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _quit(connection: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError):
        live_socket(connection).settimeout(1.0)
        connection.quit()
    connection.close()

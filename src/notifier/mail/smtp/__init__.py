"""The transport over any SMTP server: one recipient a message, so that a lost reply leaves one delivery in doubt."""

from __future__ import annotations

import socket
import ssl
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar

from notifier.errors import DeliveryError, InDoubt, Refused, RejectedRequest
from notifier.mail.base import Accepted, Envelope, Reached
from notifier.mail.mime import build, recipient_address, refuse_bad_senders, sender_address
from notifier.mail.returned.return_path import LONGEST_LOCAL, return_path
from notifier.mail.smtp.connection import Security, Server
from notifier.mail.smtp.connection_pool import ConnectionPool, Kept
from notifier.mail.smtp.dialogue import ask_sender, transmit
from notifier.mail.sockets import certificate_until

RETURN_PATH = "mail.smtp.return_path"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class SmtpMailer:
    """Sends by SMTP. `security` is a word of `Security`."""

    host: str = "localhost"
    port: int = 587
    security: str = Security.STARTTLS
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    connections: int = 4
    timeout_s: float = 30.0
    return_path: str | None = None
    """Where letters come back to, each to an address of its own below it; None: to the sender."""
    ssl_context: ssl.SSLContext | None = None
    """None: the system's certificates, verified, with the host's name."""
    _idle: deque[Kept] = field(default_factory=deque, repr=False, compare=False)

    name = "smtp"
    batch_size = 1
    is_idempotent = False
    has_events = False
    settings: ClassVar[Mapping[str, str | bool]] = MappingProxyType({})

    @property
    def destination(self) -> str:
        """`smtp://user@host:port`."""
        return f"smtp://{self.username}@{self.host}:{self.port}" if self.username else f"smtp://{self.host}:{self.port}"

    def check(self, sender: str, reply_to: str | None) -> None:
        """Raise `Refused` for settings that could not send, or would show the password to the network."""
        if self.security not in tuple(Security):
            raise Refused(f"config.toml: mail.smtp.security: expected starttls, tls or none, got {self.security!r}")
        if self.username and not self.password:
            raise Refused("the environment has no NOTIFIER_SMTP_PASSWORD; mail.smtp.username needs one")
        if self.username and self.security == Security.NONE and self.host not in LOOPBACK:
            raise Refused("config.toml: mail.smtp.security: 'none' would send the password unencrypted")
        if self.username and not self.username.isascii():
            raise Refused("config.toml: mail.smtp.username: a login takes no letters outside ASCII")
        if self.username and not (self.password or "").isascii():
            raise Refused("NOTIFIER_SMTP_PASSWORD: a login takes no letters outside ASCII; set another password")
        refuse_bad_senders(sender, reply_to)
        if self.return_path and len(sender_address(self.return_path, RETURN_PATH).username) > LONGEST_LOCAL:
            raise Refused(f"config.toml: {RETURN_PATH}: more than {LONGEST_LOCAL} characters before the @")

    def reach(self) -> Reached:
        """Connect, secure the line, log in. Raises `Unavailable` and `SendingBlocked`."""
        kept = self._pool.take()
        self._idle.append(kept)
        return Reached(certificate_until(kept.connection.sock), self.username)

    def try_sender(self, sender: str) -> str:
        """Say MAIL FROM, and take it back. Raises as `send`."""
        address, kept = sender_address(sender, "mail.from"), self._pool.take()
        try:
            words = ask_sender(kept.connection, self._pool.server.name, address)
        finally:
            self._pool.give_back_refused(kept)
        return words

    def send(self, envelope: Envelope) -> Accepted:
        """Send one message to one recipient. Raises every kind of `DeliveryError`."""
        if len(envelope.addressees) != 1:
            raise RejectedRequest("SMTP sends to one recipient at a time", too_large=True)
        content = build(envelope, envelope.addressees[0])
        comes_back_to = self._return_path(envelope)
        recipient = recipient_address(envelope.addressees[0])
        kept = self._pool.take()
        try:
            envelope.before_leaving()
            accepted = transmit(kept.connection, self._pool.server.name, comes_back_to, recipient, content)
        except InDoubt:
            kept.connection.close()
            raise
        except DeliveryError:
            self._pool.give_back_refused(kept)
            raise
        except BaseException:
            kept.connection.close()
            raise
        self._pool.give_back(kept)
        return accepted

    def _return_path(self, envelope: Envelope) -> Address:
        """The envelope's sender: an address of its own for each message, where one is configured."""
        if not self.return_path or not envelope.return_secret:
            return sender_address(envelope.sender, "mail.from")
        address = sender_address(self.return_path, RETURN_PATH)
        return return_path(address, envelope.return_secret, envelope.addressees[0].delivery_key)

    def close(self) -> None:
        """Say goodbye on every kept connection."""
        self._pool.close()

    @cached_property
    def _pool(self) -> ConnectionPool:
        server = Server(
            host=self.host,
            port=self.port,
            security=Security(self.security),
            username=self.username,
            password=self.password,
            timeout_s=self.timeout_s,
            helo_name=_helo_name(),
            ssl_context=self.ssl_context or ssl.create_default_context(),
        )
        return ConnectionPool(server, self._idle)


def _helo_name() -> str:
    """This machine's name, if it has a whole one. Asking a name server for it, as `smtplib` does, can hang for long."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"

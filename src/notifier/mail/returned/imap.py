"""A mailbox on an IMAP server: what is unseen in it, and how it is marked seen. Only over TLS, or on this machine."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from notifier.errors import SendingBlocked, Unavailable
from notifier.mail.returned.maildir import MOST_BYTES
from notifier.mail.sockets import trouble

TIMEOUT_S = 30.0
PORTS = {"imaps": 993, "imap": 143}


@dataclass(frozen=True, slots=True)
class ImapMail:
    """One message that nobody has seen yet."""

    connection: imaplib.IMAP4 = field(repr=False)
    number: str

    def content(self) -> bytes:
        """Its first bytes, without marking it seen."""
        _, found = self.connection.uid("FETCH", self.number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
        parts = (part[1] for part in found if isinstance(part, tuple))
        return next((part for part in parts if isinstance(part, bytes)), b"")

    def put_aside(self) -> None:
        """Mark it seen."""
        self.connection.uid("STORE", self.number, "+FLAGS", r"(\Seen)")


@contextmanager
def open_imap(url: str, password: str | None) -> Iterator[Iterator[ImapMail]]:
    """What is unseen in the mailbox at `imaps://user@host/INBOX`. Raises `Unavailable` and `SendingBlocked`."""
    place = urlsplit(url)
    name = f"{place.hostname}:{place.port or PORTS[place.scheme]}"
    try:
        connection = _connected(place.scheme, place.hostname or "", place.port or PORTS[place.scheme])
    except (imaplib.IMAP4.error, OSError) as error:
        raise Unavailable(f"no connection to {name}: {trouble(error)}") from error
    try:
        _enter(connection, name, unquote(place.username or ""), password or "", unquote(place.path.strip("/")))
        yield _unseen(connection)
    except (imaplib.IMAP4.error, OSError) as error:
        raise Unavailable(f"{name} broke off: {trouble(error)}") from error
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            connection.logout()


def _enter(connection: imaplib.IMAP4, name: str, user: str, password: str, mailbox: str) -> None:
    try:
        connection.login(user, password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise SendingBlocked(f"{name} refused the login") from error
    if connection.select(f'"{mailbox or "INBOX"}"')[0] != "OK":
        raise SendingBlocked(f"{name} has no mailbox {mailbox}")


def _connected(scheme: str, host: str, port: int) -> imaplib.IMAP4:
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT_S)
    return imaplib.IMAP4(host, port, timeout=TIMEOUT_S)


def _unseen(connection: imaplib.IMAP4) -> Iterator[ImapMail]:
    _, found = connection.uid("SEARCH", "UNSEEN")
    for number in (found[0] or b"").split():
        yield ImapMail(connection, number.decode())

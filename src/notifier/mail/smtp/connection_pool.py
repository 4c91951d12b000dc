"""Connections kept between messages and shared by threads; one that was closed meanwhile is noticed before its use."""

from __future__ import annotations

import select
import smtplib
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

from notifier.mail.smtp.connection import Server, connect, live_socket

MOST_PER_CONNECTION = 100
"""Messages; many servers break off after as many."""
LONGEST_IDLE_S = 30.0
"""A connection kept longer is not worth trusting."""
GOODBYE_S = 1.0
"""How long a server may take to say goodbye; nothing depends on it."""


@dataclass(slots=True)
class Kept:
    """An open connection, and how it was used."""

    connection: smtplib.SMTP
    sent: int = 0
    used_at: float = field(default_factory=time.monotonic)

    def is_fresh(self) -> bool:
        """May another message go over it?"""
        if self.sent >= MOST_PER_CONNECTION or time.monotonic() - self.used_at > LONGEST_IDLE_S:
            return False
        # Between messages a server says nothing, unless it says goodbye.
        return not select.select([live_socket(self.connection)], [], [], 0)[0]


@dataclass(frozen=True)
class ConnectionPool:
    """One server's connections, opened as they are needed."""

    server: Server
    idle: deque[Kept]

    def take(self) -> Kept:
        """A connection for one message, kept or new. Raises `Unavailable` and `SendingBlocked`."""
        with suppress(IndexError):
            while True:
                kept = self.idle.pop()
                if kept.is_fresh():
                    return kept
                _quit(kept.connection)
        return Kept(connect(self.server))

    def give_back(self, kept: Kept) -> None:
        """After a message that was taken."""
        self.idle.append(Kept(kept.connection, kept.sent + 1))

    def give_back_refused(self, kept: Kept) -> None:
        """After a refusal: it leaves a good connection, if the server agrees."""
        if _reset(kept.connection):
            return self.give_back(kept)
        return kept.connection.close()

    def close(self) -> None:
        """Say goodbye on every kept connection."""
        while self.idle:
            _quit(self.idle.pop().connection)


def _reset(connection: smtplib.SMTP) -> bool:
    try:
        return connection.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _quit(connection: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError):
        live_socket(connection).settimeout(GOODBYE_S)
        connection.quit()
    connection.close()

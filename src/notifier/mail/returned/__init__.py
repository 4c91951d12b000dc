"""What comes back by mail: reports on delivery (RFC 3464) and complaints (RFC 5965), from a Maildir or by IMAP.

Whoever can write to an address can send such a report, so nothing in it is believed but what only the receiver of a
message of ours can know: its Message-ID, with the delivery's key of 22 random characters, in the headers that the
report returns. It must name the notice and the address of that very delivery. Anything else there is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from notifier.errors import SendingBlocked
from notifier.mail.returned.maildir import unread, usable
from notifier.mail.returned.reports import MailReport, read_report

__all__ = ["MailReport", "Returned", "open_mailbox", "read_report"]


class Returned(Protocol):
    """One message that nobody has looked at yet."""

    def content(self) -> bytes:
        """Its first bytes; nothing where it went away meanwhile."""
        ...

    def put_aside(self) -> None:
        """Mark it seen. Where that fails it is read again, and counts once."""
        ...


@contextmanager
def open_mailbox(place: Path | str, password: str | None = None) -> Iterator[Iterable[Returned]]:
    """What is new in a Maildir, or in the mailbox at `imaps://user@host/INBOX`. Raises a `DeliveryError`."""
    if isinstance(place, str):
        from notifier.mail.returned.imap import open_imap

        with open_imap(place, password) as mails:
            yield mails
        return
    if not usable(place):
        raise SendingBlocked(f"{place}: no Maildir with new/ and cur/ that can be read and marked")
    yield unread(place)

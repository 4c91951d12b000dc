"""What every transport is: the `Mailer` protocol, the envelope it gets, and what it may say afterwards.

A mailer makes one attempt at one batch and says what is known afterwards: it returns `Accepted`, or raises the
`DeliveryError` whose class says what may be done next. It never retries, never sleeps and never reads the ledger.
Addresses and secrets stay out of logs and out of the texts of errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple, Protocol, runtime_checkable

from notifier.mail.plain_name import COMPOSITION
from notifier.notice.message import Message

TEST_MARK = "[TEST] "
"""Stands before the subject of a message sent by `notifier notice test`."""


class Addressee(NamedTuple):
    """One recipient as a transport sees them: our opaque key, the address as written, and a name or nothing.

    A tuple, since a million are made in a row; it shows neither address nor name.
    """

    delivery_key: str
    email: str
    name: str = ""

    def __repr__(self) -> str:
        return f"Addressee({self.delivery_key!r})"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One attempt at one batch: a frozen message and the people it goes to, each in a message of their own.

    `sender` and `reply_to` are as in a mail header (`Example GmbH <privacy@example.com>`). The keys of notice,
    attempt and deliveries are opaque; they are all that a provider keeps as metadata.
    """

    notice_id: str
    attempt_id: str
    sender: str
    reply_to: str | None
    message: Message
    addressees: tuple[Addressee, ...]
    is_test: bool = False
    composition: int = COMPOSITION
    """How its bytes are made: by which of the ways, where an older letter is made again."""
    return_secret: str = field(default="", repr=False)
    """Signs where each message comes back to, where the transport can tell."""
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """The messages' date: of one on the record, when its attempt was written down."""
    before_leaving: Callable[[], None] = field(default=lambda: None, repr=False, compare=False)
    """Called when all is written, just before the first byte leaves. Raises `Overtaken` where it may not any more."""

    @property
    def subject(self) -> str:
        """The message's subject, marked when this is a test."""
        return f"{TEST_MARK}{self.message.subject}" if self.is_test else self.message.subject


class Accepted(NamedTuple):
    """The provider took every message of the envelope. `provider_request_id` is its name for the request, if any."""

    provider_request_id: str | None = None


class Reached(NamedTuple):
    """What a connection showed: until when the server's certificate holds, and as whom it let us in."""

    certificate_until: datetime | None = None
    login: str | None = None


@runtime_checkable
class Mailer(Protocol):
    """A transport. Safe to call from `connections` threads at once."""

    @property
    def name(self) -> str:
        """As in `mail.transport`."""
        ...

    @property
    def destination(self) -> str:
        """Where it sends to, without secrets: two attempts with the same one reach the same server or folder."""
        ...

    @property
    def batch_size(self) -> int:
        """The most addressees one envelope may have."""
        ...

    @property
    def connections(self) -> int:
        """How many envelopes may be under way at once."""
        ...

    @property
    def is_idempotent(self) -> bool:
        """True where sending the same envelope again can never write to anybody twice."""
        ...

    @property
    def settings(self) -> Mapping[str, str | bool]:
        """What of the operator's settings shapes the bytes that leave, beside sender and Reply-To."""
        ...

    @property
    def has_events(self) -> bool:
        """True where what became of each delivery is reported later, and reaches us."""
        ...

    def check(self, sender: str, reply_to: str | None) -> None:
        """Raise `Refused` with the mend where nothing could be sent at all in this sender's name.

        Called before recipients are frozen, and by `doctor`; asks nobody.
        """
        ...

    def reach(self) -> Reached:
        """Connect as for a message, certificate and login included, and send nothing. Raises a `DeliveryError`."""
        ...

    def try_sender(self, sender: str) -> str:
        """Ask the provider whether it takes mail in this name, sending none; its answer in words.

        Raises a `DeliveryError`.
        """
        ...

    def send(self, envelope: Envelope) -> Accepted:
        """Make one attempt. Raises a `DeliveryError`; see each class for what it proves."""
        ...

    def close(self) -> None:
        """Give back connections; the mailer is not used again."""
        ...

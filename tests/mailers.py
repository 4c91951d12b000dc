"""A mailer in memory that keeps whom it truly wrote to and goes wrong on request."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from notifier.errors import DeliveryError
from notifier.mail import Accepted, Envelope, Reached

Fault = Callable[["MemoryMailer", Envelope], None]
"""Called before anything is accepted; raises what the transport would raise."""


@dataclass
class MemoryMailer:
    """`faults` are used up one a request; then everything is accepted."""

    batch_size: int = 1000
    connections: int = 4
    is_idempotent: bool = False
    has_events: bool = False
    name: str = "memory"
    place: str = "here"
    faults: list[Fault] = field(default_factory=list)
    accepted: Counter[str] = field(default_factory=Counter)
    envelopes: list[Envelope] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def destination(self) -> str:
        return f"memory:{self.place}"

    @property
    def settings(self) -> dict[str, str | bool]:
        return {}

    def check(self, sender: str, reply_to: str | None) -> None:
        """Always ready."""

    def reach(self) -> Reached:
        """Always there."""
        return Reached()

    def try_sender(self, sender: str) -> str:
        """Any."""
        return "taken"

    def send(self, envelope: Envelope) -> Accepted:
        with self._lock:
            self.envelopes.append(envelope)
            fault = self.faults.pop(0) if self.faults else None
        envelope.before_leaving()
        if fault is not None:
            fault(self, envelope)
        self.take(envelope)
        return Accepted(f"request-{len(self.envelopes)}")

    def take(self, envelope: Envelope) -> None:
        """Truly write to everybody in it."""
        with self._lock:
            self.accepted.update(addressee.email for addressee in envelope.addressees)

    def close(self) -> None:
        """Nothing to give back."""


def refuse(error: DeliveryError) -> Fault:
    """Nothing is accepted, and the transport says why."""

    def fault(_mailer: MemoryMailer, _envelope: Envelope) -> None:
        raise error

    return fault


def accept_and_fail(error: DeliveryError) -> Fault:
    """Everything is accepted, and the transport cannot know."""

    def fault(mailer: MemoryMailer, envelope: Envelope) -> None:
        mailer.take(envelope)
        raise error

    return fault


def then(*faults: Fault | None) -> list[Fault]:
    """A script: a fault for each request in turn, None for none."""
    return [fault or (lambda _mailer, _envelope: None) for fault in faults]


def addresses(envelopes: Iterable[Envelope]) -> list[str]:
    """Whom these envelopes were for."""
    return [addressee.email for envelope in envelopes for addressee in envelope.addressees]

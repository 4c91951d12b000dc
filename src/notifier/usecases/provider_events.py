"""What providers report → the ledger: verified, read, and committed before anybody is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from notifier.mail.sendgrid.webhook import parse, verify

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

    from notifier.ledger import Ledger
    from notifier.ledger.types import EventCounts


@dataclass(frozen=True, slots=True)
class EventRecorder:
    """Takes in one request of a provider at a time; safe to call from several threads, as the ledger is."""

    ledger: Ledger
    keys: tuple[EllipticCurvePublicKey, ...]
    now: Callable[[], datetime]

    def __call__(self, headers: Mapping[str, str], raw: bytes) -> EventCounts:
        """Record the request's events in one transaction.

        Raises `Unsigned` or `Unreadable` with nothing recorded, `LedgerError` where it could not be committed.
        """
        now = self.now()
        request = verify(headers, raw, self.keys, now=now)
        return self.ledger.events.record(parse(raw, received_at=now), now, request=request)

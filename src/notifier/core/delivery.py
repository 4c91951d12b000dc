"""`Customer`, `Recipient`, `Delivery`: who is told, and how far each delivery has come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Customer:
    """Someone on the roster. `customer_id` is the company's own key, else made from the address."""

    customer_id: str
    email: str
    name: str = ""
    language: str = ""
    tags: frozenset[str] = frozenset()


class Status(StrEnum):
    """How far one delivery has come. Events may come twice or out of order; a status only moves as `rank` allows."""

    QUEUED = "queued"  #: frozen, not sent yet
    SUPPRESSED = "suppressed"  #: never sent: the address must not be written to
    ATTEMPTED = "attempted"  #: a request went out; its outcome is not recorded yet
    IN_DOUBT = "in_doubt"  #: a request went out; nobody can tell whether it was accepted
    ACCEPTED = "accepted"  #: the provider took it
    PROCESSED = "processed"  #: the provider says it will deliver
    DEFERRED = "deferred"  #: the receiving server asked to come again
    DELIVERED = "delivered"  #: the receiving server took it
    DROPPED = "dropped"  #: the provider or the receiver refused it before delivery
    BOUNCED = "bounced"  #: the receiving server refused it
    COMPLAINED = "complained"  #: the reader reported it as spam
    CANCELLED = "cancelled"  #: the notice was cancelled before this one was sent

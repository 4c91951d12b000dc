"""`Customer`, `Recipient`, `Delivery`: who is told, and how far each delivery has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from notifier.notice.message import Message


class Customer(NamedTuple):
    """Someone on the roster. `customer_id` is the company's own key, else made from the address.

    A tuple, since millions are made in a row.
    """

    customer_id: str
    email: str
    name: str = ""
    language: str = ""
    tags: frozenset[str] = frozenset()
    since: date | None = None
    """Since when, where the company's list says so."""


class DeliveryStatus(StrEnum):
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


RANK: Mapping[DeliveryStatus, int] = MappingProxyType(
    {
        DeliveryStatus.QUEUED: 0,
        DeliveryStatus.SUPPRESSED: 1,
        DeliveryStatus.CANCELLED: 1,
        DeliveryStatus.ATTEMPTED: 2,
        DeliveryStatus.IN_DOUBT: 2,
        DeliveryStatus.ACCEPTED: 3,
        DeliveryStatus.PROCESSED: 4,
        DeliveryStatus.DEFERRED: 5,
        DeliveryStatus.DELIVERED: 6,
        DeliveryStatus.DROPPED: 7,
        DeliveryStatus.BOUNCED: 8,
        DeliveryStatus.COMPLAINED: 9,
    }
)
"""An event only ever raises a delivery's rank: bad news after "delivered" counts, "processed" after it does not."""

NOT_REACHED = frozenset(
    {DeliveryStatus.SUPPRESSED, DeliveryStatus.DROPPED, DeliveryStatus.BOUNCED, DeliveryStatus.CANCELLED}
)
"""Statuses of people the notice did not reach; `retry` writes again only to the dropped and bounced among them."""


def may_move(current: DeliveryStatus, new: DeliveryStatus) -> bool:
    """May an event move a delivery from `current` to `new`?"""
    return RANK[new] > RANK[current]


def lower_than(status: DeliveryStatus) -> tuple[DeliveryStatus, ...]:
    """Every status from which a delivery may move to `status`."""
    return tuple(current for current in DeliveryStatus if may_move(current, status))


class SuppressionReason(StrEnum):
    """Why an address is not written to. Only `MANUAL` and `FORGOTTEN` hold for mandatory notices too."""

    HARD_BOUNCE = "hard_bounce"  #: the receiving server says there is no such mailbox
    COMPLAINT = "complaint"  #: the reader reported a message as spam
    UNSUBSCRIBE = "unsubscribe"  #: the reader asked for no more mail that is not mandatory
    INVALID = "invalid"  #: the provider says this is no address
    MANUAL = "manual"  #: an operator said so
    FORGOTTEN = "forgotten"  #: the customer was erased on request


MANDATORY_SUPPRESSIONS = frozenset({SuppressionReason.MANUAL, SuppressionReason.FORGOTTEN})


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """What a provider reports about one delivery, in our words.

    `kind` is the provider's own word; `status` what it means for the delivery, None where the word is unknown or says
    nothing about arrival. `delivery_key` and `attempt_id` are ours, as sent along; either may be missing.
    """

    event_id: str
    kind: str
    at: datetime
    status: DeliveryStatus | None
    delivery_key: str | None = None
    attempt_id: str | None = None
    reason: str = ""
    suppression: SuppressionReason | None = None
    raw: str = field(default="", repr=False)
    """As it came: its part of a request's body, or of a mail."""


class SignedRequest(NamedTuple):
    """What shows that a provider made a request: its signature is over `timestamp` and the body, with `key`."""

    timestamp: str
    signature: str
    """Base64, as in the header."""
    key: str
    """The public key, base64 of its DER."""
    signed_sha256: str
    """Of the timestamp and the body: what the signature is made over."""


class NoticeState(StrEnum):
    """How far a notice has come. Being overdue is no state: it is the deadline lying behind an unfinished one."""

    AWAITING_APPROVAL = "awaiting_approval"  #: frozen in words, waits for a person (`notice.approval = "manual"`)
    SCHEDULED = "scheduled"  #: goes out once `send_after` has come
    SENDING = "sending"  #: recipients are being frozen or written to
    HELD = "held"  #: stopped between two batches, by a person or by the bounce limit
    NO_AUDIENCE = "no_audience"  #: nobody on the roster is in its audience: waits for a person
    FINISHED = "finished"  #: nothing is queued, under way or in doubt any more
    CANCELLED = "cancelled"  #: whoever was not written to will not be


WAITING_STATES = (
    NoticeState.AWAITING_APPROVAL,
    NoticeState.SCHEDULED,
    NoticeState.HELD,
    NoticeState.NO_AUDIENCE,
)
"""Nothing of it goes out before its time, or a person's word, has come."""
UNFINISHED = (*WAITING_STATES, NoticeState.SENDING)
"""Not everybody has been told yet who is to be told."""


def policies_for(tags: frozenset[str], audiences: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The policies whose audience a customer with these tags is in, by policy id; an empty audience is everyone.

    Tags are compared without regard to case: `Beta` in a policy means those whom another program calls `beta`.
    """
    own = _folded(tags)
    return tuple(sorted(policy for policy, audience in audiences.items() if not audience or _folded(audience) & own))


def _folded(tags: Iterable[str]) -> set[str]:
    return {tag.casefold() for tag in tags}


def language_for(wanted: str, offered: Iterable[str], otherwise: str) -> str:
    """The offered language for a reader of `wanted`: the same, else its base (`de-AT` → `de`), else `otherwise`."""
    by_key = {language.casefold(): language for language in offered}
    key = wanted.strip().replace("_", "-").casefold()
    while key:
        if key in by_key:
            return by_key[key]
        key = key.rpartition("-")[0]
    return otherwise


def message_for(
    language: str,
    tags: frozenset[str],
    messages: Sequence[Message],
    audiences: Mapping[str, frozenset[str]],
    controlling_language: str,
) -> int | None:
    """Which of `messages` such a customer gets; None where none of the policies concerns them.

    Their language comes first; then the message that covers their policies with the fewest others, so that nobody is
    left out where just their policies were not composed.
    """
    policies = policies_for(tags, audiences)
    return covering_message(language, policies, messages, controlling_language) if policies else None


def covering_message(language: str, policies: Iterable[str], messages: Sequence[Message], otherwise: str) -> int:
    """Which of `messages` a reader of `language` gets who is to be told of these policies; `otherwise`: see above."""
    policies = set(policies)
    covering = [index for index, message in enumerate(messages) if policies <= set(message.policies)]
    chosen = language_for(language, (messages[index].language for index in covering), otherwise)
    readable = [index for index in covering if messages[index].language == chosen]
    return min(readable, key=lambda index: (len(messages[index].policies), index))

"""One acceptance as it is kept, and what its receipt says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from notifier.policy.agreement import Agreement, AgreementMethod
from notifier.proof.canonical_json import Facts
from notifier.proof.entry import instant
from notifier.text.front_matter import Consent


class AcceptanceRefusal(StrEnum):
    """Why one was not written down."""

    UNKNOWN_PERSON = "unknown person"
    AMBIGUOUS_PERSON = "ambiguous person"  #: several customers have this address
    OTHER_REQUEST = "other request"  #: its idempotency key came before, with something else


class PersonOnRecord(NamedTuple):
    """A customer, and everything that they said, oldest first."""

    person: str
    language: str
    tags: frozenset[str]
    agreements: tuple[Agreement, ...]


class RequestMark(NamedTuple):
    """What makes a request the same: who asks, their idempotency key, and what they say."""

    asker: str
    key: str
    body: str


class NewAcceptance(NamedTuple):
    """What is to be written down. `person` is a customer's id, or their address; `context` canonical JSON."""

    person: str
    policy_id: str
    tag: str
    text_sha256: str
    language: str
    asked: Consent
    method: AgreementMethod
    at: datetime
    context: str | None = None
    request: RequestMark | None = None


@dataclass(frozen=True, slots=True)
class StoredAcceptance:
    """What was written down. `person`, `salt` and `context` are None once the person was forgotten."""

    receipt_id: str
    person: str | None
    salt: str | None
    person_hash: str
    policy_id: str
    tag: str
    text_sha256: str
    language: str
    asked: Consent
    method: AgreementMethod
    at: datetime
    recorded_at: datetime
    context: str | None
    context_hash: str | None
    signed_by: str = ""
    signature: str = ""
    is_new: bool = field(default=True, compare=False)
    """False where the same request had been answered before."""

    @property
    def agreement(self) -> Agreement:
        return Agreement(self.tag, self.method)


def receipt_facts(one: StoredAcceptance) -> Facts:
    """What a receipt says, as it is signed."""
    return {
        "receipt": one.receipt_id,
        "person": one.person,
        "salt": one.salt,
        "person_hash": one.person_hash,
        "policy": one.policy_id,
        "posting": one.tag,
        "text_sha256": one.text_sha256,
        "language": one.language,
        "asked": one.asked.value,
        "method": one.method.value,
        "at": instant(one.at),
        "recorded_at": instant(one.recorded_at),
        "context": None if one.context is None else json.loads(one.context),
        "context_hash": one.context_hash,
    }

"""What a person said of a posting → the ledger, with a signed receipt; or the one reason why it is not written down."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from notifier.errors import NotAccepted, RefusalCode
from notifier.ledger.people.receipt import (
    AcceptanceRefusal,
    NewAcceptance,
    RequestMark,
    StoredAcceptance,
)
from notifier.policy.agreement import AgreementMethod
from notifier.proof.canonical_json import canonical

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.people.receipt import PersonOnRecord
    from notifier.usecases.posted_texts import PostedTexts
    from notifier.usecases.receipt_key import ReceiptSigner

LONGEST_NAME = 200
"""Characters of a person's id, a policy's, a posting's."""
LONGEST_CONTEXT = 4_096
"""Bytes of canonical JSON."""
FAST_CLOCK = timedelta(minutes=5)
"""How far another machine's clock may be ahead."""
FIELDS = ("person", "policy", "posting", "text_sha256", "method", "at", "context")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_REFUSALS = {
    AcceptanceRefusal.UNKNOWN_PERSON: (RefusalCode.UNKNOWN_PERSON, "nobody on the roster has this id"),
    AcceptanceRefusal.AMBIGUOUS_PERSON: (
        RefusalCode.UNKNOWN_PERSON,
        "several customers have this address: name one by their id",
    ),
    AcceptanceRefusal.OTHER_REQUEST: (
        RefusalCode.OTHER_REQUEST,
        "this Idempotency-Key came before with something else: take a new key",
    ),
}


class Said(NamedTuple):
    """What somebody is to have said, each value by itself of its kind."""

    person: str
    policy: str
    posting: str
    text_sha256: str
    method: AgreementMethod
    at: datetime | None = None
    context: str | None = None
    """Canonical JSON."""

    def wanted(self, texts: PostedTexts, now: datetime, zone: tzinfo) -> NewAcceptance:
        """As it is written down. Raises NotAccepted where no such text was posted, or it was taken back."""
        policy = texts.policy(self.policy)
        index = policy.index(self.posting)
        posting = policy.postings[index]
        if policy.asking.is_withdrawn(index):
            raise NotAccepted(RefusalCode.WITHDRAWN, f"{posting.tag} was taken back before it applied")
        language = policy.language_of(index, self.text_sha256)
        at = now if self.at is None else self.at
        if at > now + FAST_CLOCK:
            raise NotAccepted(RefusalCode.BAD_VALUE, "at: lies in the future")
        if not posting.is_adoption and at.astimezone(zone).date() < posting.posted_on:
            raise NotAccepted(RefusalCode.BAD_VALUE, f"at: lies before {posting.posted_on}, when this was posted")
        sha256, tag = self.text_sha256.lower(), posting.tag
        return NewAcceptance(
            self.person, policy.policy_id, tag, sha256, language, posting.consent, self.method, at, self.context
        )


class AcceptanceRequest(NamedTuple):
    """What an application sent: whose key it bears, and its own key for it."""

    values: Mapping[str, Any]
    asker: str
    key: str


def read_said(values: Mapping[str, Any]) -> Said:
    """What a request or a row says. Raises NotAccepted with every mistake in it."""
    faults = [f"{name}: unknown" for name in values if name not in FIELDS]
    faults += [fault for name in ("person", "policy", "posting") if (fault := _name_fault(name, values.get(name)))]
    sha256 = values.get("text_sha256")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        faults.append("text_sha256: expected 64 hexadecimal digits")
    method = values.get("method")
    if not isinstance(method, str) or method not in list(AgreementMethod):
        faults.append(f"method: expected one of {', '.join(AgreementMethod)}")
    at, at_fault = _instant(values.get("at"))
    context, context_fault = _context(values.get("context"))
    faults += [fault for fault in (at_fault, context_fault) if fault]
    if faults:
        raise NotAccepted(RefusalCode.BAD_VALUE, "; ".join(faults))
    person, policy, posting = (str(values[name]) for name in ("person", "policy", "posting"))
    return Said(person, policy, posting, str(sha256), AgreementMethod(str(method)), at, context)


def _name_fault(name: str, value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_NAME:
        return f"{name}: expected a text of 1 to {LONGEST_NAME} characters"
    return f"{name}: holds a character that nobody sees" if _UNSEEN.search(value) else ""


def _instant(value: object) -> tuple[datetime | None, str]:
    fault = "at: expected an instant with its zone, as in 2026-11-22T09:30:00Z"
    if value is None:
        return None, ""
    try:
        at = datetime.fromisoformat(value if isinstance(value, str) else "")
        return (at.astimezone(UTC), "") if at.tzinfo else (None, fault)
    except (ValueError, OverflowError):
        return None, fault


def _context(value: object) -> tuple[str | None, str]:
    if value is None:
        return None, ""
    if not isinstance(value, dict):
        return None, "context: expected an object"
    try:
        text = canonical(value)
    except (ValueError, RecursionError):
        return None, "context: holds a number or a character that JSON cannot say alike everywhere"
    if len(text.encode()) > LONGEST_CONTEXT:
        return None, f"context: longer than {LONGEST_CONTEXT} bytes"
    return text, ""


class AcceptanceDesk:
    """Takes in what applications send."""

    def __init__(
        self,
        ledger: Ledger,
        texts: Callable[[], PostedTexts],
        sign: Callable[[], ReceiptSigner],
        now: Callable[[], datetime],
        zone: tzinfo,
    ) -> None:
        self._ledger, self._texts, self._sign, self._now, self._zone = ledger, texts, sign, now, zone
        self._has_signed = False

    def record(self, requests: Sequence[AcceptanceRequest]) -> list[StoredAcceptance | NotAccepted]:
        """Write all of these down with one commit; what each came to. The same one is answered as it was before."""
        texts = self._texts()
        looked_at = [self._looked_at(request, texts) for request in requests]
        wanted = [one for one in looked_at if isinstance(one, NewAcceptance)]
        written = iter(self._written(wanted) if wanted else ())
        return [_answer(next(written)) if isinstance(one, NewAcceptance) else one for one in looked_at]

    def people(self, keys: Collection[str]) -> dict[str, PersonOnRecord | NotAccepted]:
        """Who they are, and what they said."""
        found = self._ledger.acceptances.people(keys)
        return {key: refusal(one) if isinstance(one, AcceptanceRefusal) else one for key, one in found.items()}

    def _looked_at(
        self, request: AcceptanceRequest, texts: PostedTexts
    ) -> NewAcceptance | StoredAcceptance | NotAccepted:
        try:
            said = read_said(request.values)
        except NotAccepted as refused:
            return refused
        mark = RequestMark(request.asker, request.key, canonical(dict(request.values)))
        try:
            return said.wanted(texts, self._now(), self._zone)._replace(request=mark)
        except NotAccepted as refused:
            before = self._ledger.acceptances.answered(mark)  # what was right then is answered so for good
            return refused if before is None else _answer(before)

    def _written(self, wanted: Sequence[NewAcceptance]) -> list[StoredAcceptance | AcceptanceRefusal]:
        if not self._has_signed:
            unknown = self._ledger.acceptances.unknown([one.person for one in wanted])
            if all(one.person in unknown for one in wanted):
                return [unknown[one.person] for one in wanted]  # a key to sign with is made for somebody who is known
            self._sign()
            self._has_signed = True
        return self._ledger.acceptances.record(wanted, self._now(), self._sign())


def _answer(one: StoredAcceptance | AcceptanceRefusal) -> StoredAcceptance | NotAccepted:
    return refusal(one) if isinstance(one, AcceptanceRefusal) else one


def refusal(why: AcceptanceRefusal) -> NotAccepted:
    return NotAccepted(*_REFUSALS[why])

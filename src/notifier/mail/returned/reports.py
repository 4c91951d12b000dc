"""The bytes of one returned message → what it reports of one delivery of ours, in our words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import compat32
from types import MappingProxyType

from notifier.mail.returned.return_path import read_return_path
from notifier.notice.delivery import DeliveryEvent, DeliveryStatus, SuppressionReason

OUR_ID = re.compile(r"<pn\.([^<>\s]{1,200})\.([A-Za-z0-9_-]{1,64})@[A-Za-z0-9.-]+>")
"""As `mail.mime.message_id` makes it: the notice and the delivery's key."""
STATUS_OF_ACTION: Mapping[str, DeliveryStatus] = MappingProxyType(
    {
        "failed": DeliveryStatus.BOUNCED,
        "delayed": DeliveryStatus.DEFERRED,
        "delivered": DeliveryStatus.DELIVERED,
    }
)
"""RFC 3464 §2.3.3; relayed and expanded say nothing of arrival."""
NO_SUCH_MAILBOX = re.compile(r"5\.1\.[0-36]\b")
"""RFC 3463 §3.2: bad destination mailbox, system or syntax, or one that has moved without a word."""
FEEDBACK: Mapping[str, tuple[DeliveryStatus | None, SuppressionReason]] = MappingProxyType(
    {
        "abuse": (DeliveryStatus.COMPLAINED, SuppressionReason.COMPLAINT),
        "fraud": (DeliveryStatus.COMPLAINED, SuppressionReason.COMPLAINT),
        "opt-out": (None, SuppressionReason.UNSUBSCRIBE),
    }
)
"""RFC 5965 §7.3, by feedback type."""
RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"})
MOST_WORDS = 250
MOST_BOUNDARIES = 20
"""A report has its own and those of the letter that it returns. The parser looks for each at every line."""
MOST_KEPT = 8_000
"""Bytes of a report that are kept as they came; the longest real ones have a tenth of that."""


@dataclass(frozen=True, slots=True)
class MailReport:
    """What a message reports: an event of ours, on which notice, and the address that it names (empty: none)."""

    event: DeliveryEvent
    notice_id: str
    recipient: str = field(default="", repr=False)
    signature: str = ""
    """Of the return path that it came to, where that names the same delivery."""


def read_report(content: bytes, *, received_at: datetime) -> MailReport | None:
    """None where it is no report on a message of ours."""
    if content.lower().count(b"boundary") > MOST_BOUNDARIES:
        return None
    try:
        mail = message_from_bytes(content, policy=compat32)
        if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
            return None
        ours, signed = _our_id(mail), _our_return_path(mail)
        if ours is None and signed is None:
            return None
        notice_id, key = ours or ("", signed[0] if signed else "")
        report = _report(mail, notice_id, key, hashlib.sha256(content).hexdigest(), received_at)
        return replace(report, signature=signed[1]) if report and signed and signed[0] == key else report
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None  # whatever a stranger made of it: it is no report that we can read


def _our_id(mail: Mail) -> tuple[str, str] | None:
    """Notice and key, from the headers of the message that is returned; what stands in anybody's text is none."""
    for part in _parts(mail):
        if part.get_content_type() not in RETURNED:
            continue
        headers = next(_parts(part), None) or _as_headers(part)
        found = OUR_ID.fullmatch(str(headers.get("Message-ID", "")).strip())
        if found:
            return found[1], found[2]
    return None


def _our_return_path(mail: Mail) -> tuple[str, str] | None:
    """Key and signature, from where the report was sent to; the mailbox's own server writes most of these."""
    for name in ("Delivered-To", "X-Original-To", "Envelope-To", "To"):
        for value in mail.get_all(name, []):
            if found := read_return_path(str(value)):
                return found
    return None


def _as_headers(part: Mail) -> Mail:
    payload = part.get_payload(decode=True)
    return message_from_bytes(payload if isinstance(payload, bytes) else b"", policy=compat32)


def _parts(mail: Mail) -> Iterator[Mail]:
    """Its own parts, not those of what it returns."""
    payload = mail.get_payload()
    yield from (part for part in payload if isinstance(part, Mail)) if isinstance(payload, list) else ()


def _report(mail: Mail, notice_id: str, key: str, digest: str, received_at: datetime) -> MailReport | None:
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            return _of_delivery(part, notice_id, key, digest, received_at)
        if kind == "message/feedback-report":
            return _of_complaint(part, notice_id, key, digest, received_at)
    return None


def _of_delivery(part: Mail, notice_id: str, key: str, digest: str, received_at: datetime) -> MailReport | None:
    """The first recipient's block: each of our messages has one recipient."""
    block = next((one for one in _parts(part) if one.get("Action")), None)
    if block is None:
        return None
    action, code = _field(block, "Action").lower(), _field(block, "Status")
    words = " · ".join(word for word in (code, _typed(_field(block, "Diagnostic-Code"))) if word)
    is_dead = action == "failed" and NO_SUCH_MAILBOX.match(code) is not None
    event = DeliveryEvent(
        event_id=f"report:{digest}",
        kind=f"report {action}"[:60],
        at=received_at,
        status=STATUS_OF_ACTION.get(action),
        delivery_key=key,
        reason=words[:MOST_WORDS],
        suppression=SuppressionReason.HARD_BOUNCE if is_dead else None,
        raw=_as_written(part),
    )
    recipient = _field(block, "Original-Recipient") or _field(block, "Final-Recipient")
    return MailReport(event, notice_id, _typed(recipient))


def _of_complaint(part: Mail, notice_id: str, key: str, digest: str, received_at: datetime) -> MailReport | None:
    fields = next(_parts(part), None) or _as_headers(part)
    kind = _field(fields, "Feedback-Type").lower()
    if kind not in FEEDBACK:
        return None
    status, suppression = FEEDBACK[kind]
    event = DeliveryEvent(
        event_id=f"report:{digest}",
        kind=f"feedback {kind}"[:60],
        at=received_at,
        status=status,
        delivery_key=key,
        reason=f"reported as {kind}",
        suppression=suppression,
        raw=_as_written(part),
    )
    return MailReport(event, notice_id)  # the recipient is mostly left out there, to spare the complainant


def _as_written(part: Mail) -> str:
    return part.as_bytes()[:MOST_KEPT].decode("utf-8", "replace")


def _field(block: Mail, name: str) -> str:
    return " ".join(str(block.get(name, "")).split())


def _typed(value: str) -> str:
    """`rfc822; anna@example.org` → the address; `smtp; 550 no` → the words."""
    kind, semicolon, rest = value.partition(";")
    return rest.strip(" <>") if semicolon and "@" not in kind else value.strip(" <>")

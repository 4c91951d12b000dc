"""SendGrid's response to a request → what is known now: `Accepted`, or the `DeliveryError` that says what may be done.

Only 202 is success (200 in the sandbox). An answer from which nothing is certain leaves the request in doubt.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any

from notifier.errors import (
    DeliveryError,
    InDoubt,
    NotSent,
    RecipientRefused,
    RejectedItems,
    RejectedRequest,
    SendingBlocked,
    Unavailable,
)
from notifier.mail.base import Accepted
from notifier.policy.persons.mailbox import without_addresses

BAD_REQUEST, TOO_LARGE, TOO_MANY = 400, 413, 429
MEANING_OF_STATUS: Mapping[int, type[DeliveryError]] = MappingProxyType(
    {
        401: SendingBlocked,  # the key, or "Maximum credits exceeded"
        403: SendingBlocked,  # a sender that is not verified, a right that the key has not
        408: NotSent,
    }
)
"""Statuses that mean one thing whatever the body says. Any other 4xx refuses the request; all else proves nothing."""
SHORTEST_WAIT_S, LONGEST_WAIT_S = 1.0, 900.0
SANDBOX = "sandbox: checked, not sent"
"""What the ledger keeps in place of a request's id, so that nobody takes a rehearsal for a delivery."""
PLACE = re.compile(r"personalizations\.(\d{1,4})(?:\.to\b.*)?")
"""Whose address is refused; any other field of a personalization is ours, and the same for everybody."""
DIGITS = re.compile(r"\d{1,15}")


def read_response(status: int, headers: Mapping[str, str], body: bytes, *, recipients: int, sandbox: bool) -> Accepted:
    """Return for success, raise for everything else. `recipients` bounds the places an answer may name."""
    if sandbox and status == 200:
        return Accepted(SANDBOX)
    if status == 202 and not sandbox:
        return Accepted(_short(headers.get("X-Message-Id")))
    raise _error(status, headers, _findings(body), recipients)


def _error(status: int, headers: Mapping[str, str], findings: list[dict[str, Any]], recipients: int) -> DeliveryError:
    text = f"SendGrid answered {status}{_words(findings)}"
    if status == TOO_MANY:
        return Unavailable(text, retry_after_s=_wait_s(headers))
    if status == BAD_REQUEST:
        return _bad_request(text, findings, recipients)
    if status == TOO_LARGE:
        return RejectedRequest(text, too_large=True)
    otherwise = RejectedRequest if 400 <= status < 500 else InDoubt
    return MEANING_OF_STATUS.get(status, otherwise)(text)


def _bad_request(text: str, findings: list[dict[str, Any]], recipients: int) -> DeliveryError:
    """Which recipients, if it says so; the whole request, where it names another part; else some recipient unnamed."""
    fields = [str(finding.get("field") or "") for finding in findings]
    places = {int(match[1]) for field in fields if (match := PLACE.fullmatch(field))}
    if places and max(places) < recipients:
        return RejectedItems(text, indexes=tuple(sorted(places)))
    if any(field and field != "personalizations" and not PLACE.fullmatch(field) for field in fields):
        return RejectedRequest(text)
    return RejectedItems(text) if recipients > 1 else RecipientRefused(text, kind=f"answer {BAD_REQUEST}")


def _findings(body: bytes) -> list[dict[str, Any]]:
    try:
        found = json.loads(body)["errors"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _words(findings: list[dict[str, Any]]) -> str:
    """The first finding's words, without addresses and on one line: they end up in logs and in the ledger."""
    words = str(findings[0].get("message", "")) if findings else ""
    printable = without_addresses("".join(letter if letter.isprintable() else " " for letter in words))
    return f": {printable[:200]}" if printable else ""


def _wait_s(headers: Mapping[str, str]) -> float | None:
    """Until the reset that the answer names, by the answer's own clock where it shows one; None where it names none."""
    if DIGITS.fullmatch(after := headers.get("Retry-After", "")):
        return _clamped(float(after))
    if DIGITS.fullmatch(reset := headers.get("X-RateLimit-Reset", "")):
        return _clamped(int(reset) - _now(headers))
    return None


def _clamped(seconds: float) -> float:
    return min(max(seconds, SHORTEST_WAIT_S), LONGEST_WAIT_S)


def _now(headers: Mapping[str, str]) -> float:
    try:
        return parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        return time.time()


def _short(request_id: str | None) -> str | None:
    return request_id[:100] if request_id else None

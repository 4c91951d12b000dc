"""SendGrid's event webhook: who posted it, by the raw bytes, and what it says in our words.

Whoever can post here can say that mail arrived, so nothing is believed before the signature of the whole body is
checked. After that every single event is read on its own: what is unknown or broken is kept as unknown, and costs none
of its neighbours. Nothing is dated or identified by guesswork: an event without an id gets one made from its content.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from notifier.errors import ConfigError, Unreadable, Unsigned
from notifier.notice.delivery import DeliveryEvent, DeliveryStatus, SignedRequest, SuppressionReason

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

SIGNATURE_HEADER = "x-twilio-email-event-webhook-signature"
TIMESTAMP_HEADER = "x-twilio-email-event-webhook-timestamp"
TIMESTAMP = re.compile(r"[0-9]{10}")
"""Exactly so many digits: nothing divides timestamp and body, so a digit could be moved from one into the other."""
OLDEST_S = 25 * 3600
"""SendGrid tries to deliver an event for 24 hours; older posts are replays."""
MOST_EVENTS = 50_000
EVENT_ID = re.compile(r"[A-Za-z0-9_=.:/+-]{1,100}")
NOT_OF_A_KEY = re.compile(r"-----(?:BEGIN|END) PUBLIC KEY-----|\\[rn]|[\s'\"“”\u200b\ufeff]")
"""What env files and clipboards put around and into a key."""
OUR_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Meaning(NamedTuple):
    """What an event says, in our words: of the delivery (None: nothing about its arrival), and of the address."""

    status: DeliveryStatus | None = None
    suppression: SuppressionReason | None = None


MEANING: Mapping[tuple[str, str], Meaning] = MappingProxyType(
    {
        ("processed", ""): Meaning(DeliveryStatus.PROCESSED),
        ("deferred", ""): Meaning(DeliveryStatus.DEFERRED),
        ("delivered", ""): Meaning(DeliveryStatus.DELIVERED),
        ("bounce", ""): Meaning(DeliveryStatus.BOUNCED),
        ("bounce", "bounce"): Meaning(DeliveryStatus.BOUNCED, SuppressionReason.HARD_BOUNCE),
        ("dropped", ""): Meaning(DeliveryStatus.DROPPED),
        ("dropped", "bounced address"): Meaning(DeliveryStatus.DROPPED, SuppressionReason.HARD_BOUNCE),
        ("dropped", "invalid"): Meaning(DeliveryStatus.DROPPED, SuppressionReason.INVALID),
        ("dropped", "spam reporting address"): Meaning(DeliveryStatus.DROPPED, SuppressionReason.COMPLAINT),
        ("dropped", "unsubscribed address"): Meaning(DeliveryStatus.DROPPED, SuppressionReason.UNSUBSCRIBE),
        ("spamreport", ""): Meaning(DeliveryStatus.COMPLAINED, SuppressionReason.COMPLAINT),
        ("unsubscribe", ""): Meaning(None, SuppressionReason.UNSUBSCRIBE),
        ("group_unsubscribe", ""): Meaning(None, SuppressionReason.UNSUBSCRIBE),
    }
)
"""SendGrid's word, and its detail where that says more → what it means. Any other word, known or new, means nothing."""
DETAIL_IN = MappingProxyType({"bounce": "type", "dropped": "reason"})
"""Event → the field that holds its detail."""
ARRIVING = frozenset({"processed", "delivered"})
"""Events that need no reason."""


def load_keys(texts: Iterable[str]) -> tuple[EllipticCurvePublicKey, ...]:
    """The verification keys as SendGrid shows them, base64 of the DER; also in quotes or in a PEM's armour.

    Raises `ConfigError`.
    """
    return tuple(_load_key(NOT_OF_A_KEY.sub("", text)) for text in texts)


def _load_key(text: str) -> EllipticCurvePublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ConfigError("SENDGRID_WEBHOOK_KEY: not a public key as SendGrid's settings page shows it") from error
    if not isinstance(key, EllipticCurvePublicKey):
        raise ConfigError("SENDGRID_WEBHOOK_KEY: not an elliptic-curve key, which SendGrid's are")
    return key


def verify(
    headers: Mapping[str, str], raw: bytes, keys: Iterable[EllipticCurvePublicKey], *, now: datetime
) -> SignedRequest:
    """Raise `Unsigned` unless one of `keys` signed exactly these bytes lately. `headers` by lower-case name."""
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    if not TIMESTAMP.fullmatch(timestamp) or not raw.startswith(b"["):
        raise Unsigned("the request does not look like a signed list of events")
    if abs(now.timestamp() - int(timestamp)) > OLDEST_S:
        raise Unsigned("the signature's time is more than 25 hours from now")
    try:
        signature = base64.b64decode(headers.get(SIGNATURE_HEADER, ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unsigned("the signature is not base64") from error
    signed = timestamp.encode() + raw
    for key in keys:
        if _has_signed(key, signature, signed):
            written = headers[SIGNATURE_HEADER]
            return SignedRequest(timestamp, written, _key_text(key), hashlib.sha256(signed).hexdigest())
    raise Unsigned("none of our keys made this signature")


def _key_text(key: EllipticCurvePublicKey) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def _has_signed(key: EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        key.verify(signature, signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def parse(raw: bytes, *, received_at: datetime) -> tuple[DeliveryEvent, ...]:
    """Every event of a request, in its order. Raises `Unreadable` where the whole is no list of events."""
    try:
        found = tuple(_items(raw.decode()))
    except (ValueError, RecursionError) as error:
        raise Unreadable("the request is not JSON") from error
    if len(found) > MOST_EVENTS:
        raise Unreadable(f"the request is not a list of at most {MOST_EVENTS} events")
    return tuple(_read(each, written, received_at) for each, written in found)


def _items(text: str) -> Iterator[tuple[object, str]]:
    """Each item of a list in JSON, and the text that it stands as. Raises `ValueError`."""
    read = json.JSONDecoder().raw_decode
    place, between = _after_space(text, 0), "["
    while text[place : place + 1] == between:
        start = _after_space(text, place + 1)
        if between == "[" and text[start : start + 1] == "]":
            place = start
            break
        item, end = read(text, start)
        yield item, text[start:end]
        place, between = _after_space(text, end), ","
    if text[place : place + 1] != "]" or _after_space(text, place + 1) != len(text):
        raise ValueError("no list")


def _after_space(text: str, place: int) -> int:
    while text[place : place + 1] in (" ", "\t", "\r", "\n"):
        place += 1
    return place


def _read(found: object, raw: str, received_at: datetime) -> DeliveryEvent:
    if not isinstance(found, dict):
        return DeliveryEvent(_made_id(found), "unreadable", received_at, None)
    kind = _words(found.get("event"), 60) or "unknown"
    meaning = _meaning(kind, found)
    return DeliveryEvent(
        event_id=_event_id(found),
        kind=kind,
        at=_instant(found.get("timestamp"), received_at),
        status=meaning.status,
        delivery_key=_our_key(found.get("pn_d")),
        attempt_id=_our_key(found.get("pn_a")),
        reason="" if kind in ARRIVING else _reason(found),
        suppression=meaning.suppression,
        raw=raw,
    )


def _event_id(found: dict[str, Any]) -> str:
    given = found.get("sg_event_id")
    return given if isinstance(given, str) and EVENT_ID.fullmatch(given) else _made_id(found)


def _made_id(found: object) -> str:
    """The same content, the same id: SendGrid repeats itself, also where it gives no id. Nested values do not count."""
    flat = found if not isinstance(found, list) else "a list"
    if isinstance(found, dict):
        flat = {name: value for name, value in found.items() if not isinstance(value, (dict, list))}
    canonical = json.dumps(flat, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"


def _our_key(given: object) -> str | None:
    return given if isinstance(given, str) and OUR_KEY.fullmatch(given) else None


def _instant(given: object, otherwise: datetime) -> datetime:
    """The provider's time in seconds; when we received it, where that is no time of this century."""
    if isinstance(given, bool) or not isinstance(given, int) or not 10**9 <= given < 2**32:
        return otherwise
    return datetime.fromtimestamp(given, UTC)


def _reason(found: dict[str, Any]) -> str:
    """Why it did not arrive, as far as the provider says: its class, its code, its words."""
    parts = (found.get("bounce_classification"), found.get("status"), found.get("reason") or found.get("response"))
    return " · ".join(words for part in parts if (words := _words(part, 250)))


def _meaning(kind: str, found: dict[str, Any]) -> Meaning:
    detail = _words(found.get(DETAIL_IN.get(kind, "")), 60).lower()
    return MEANING.get((kind, detail)) or MEANING.get((kind, ""), Meaning())


def _words(given: object, longest: int) -> str:
    """Text on one line, without control characters or lone surrogates (which a database may refuse)."""
    if not isinstance(given, str):
        return ""
    given = given[: longest * 2]
    if not given.isprintable():
        given = " ".join("".join(letter if letter.isprintable() else " " for letter in given).split())
    return given[:longest]

"""What SendGrid posts to our webhook: events as it words them, signed as it signs them, and the ways to go wrong."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.standins.sendgrid import Taken

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


@dataclass(frozen=True, slots=True)
class Signer:
    """One webhook key pair."""

    private_key: ec.EllipticCurvePrivateKey

    @classmethod
    def new(cls) -> Signer:
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @property
    def public_key(self) -> str:
        """As SendGrid shows it: base64 of the DER, without armour."""
        der = self.private_key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(der).decode()

    def headers(self, body: bytes, *, timestamp: str | None = None) -> dict[str, str]:
        stamp = str(int(time.time())) if timestamp is None else timestamp
        signature = self.private_key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: stamp, "Content-Type": "application/json"}


def event(kind: str, taken: Taken, *, at: int | None = None, **more: Any) -> dict[str, Any]:
    """One event about one accepted recipient; `more` adds or, with None, takes away."""
    values = {
        "email": taken.email,
        "timestamp": int(time.time()) if at is None else at,
        "smtp-id": f"<{secrets.token_hex(8)}@geopod-ismtpd-1>",
        "event": kind,
        "sg_event_id": secrets.token_urlsafe(16),
        "sg_message_id": f"{taken.request_id}.recvd-6b8f7d5c9-abcde-1-65A1B2C3-1.0",
        "pn_d": taken.delivery_key,
        "pn_a": taken.attempt_id,
        **more,
    }
    return {name: value for name, value in values.items() if value is not None}


def bounce(taken: Taken, **more: Any) -> dict[str, Any]:
    """A hard bounce."""
    words = {"type": "bounce", "reason": "550 5.1.1 The email account does not exist.", "status": "5.1.1",
             "bounce_classification": "Invalid Address"}  # fmt: skip
    return event("bounce", taken, **{**words, **more})


def dropped(taken: Taken, reason: str = "Bounced Address", **more: Any) -> dict[str, Any]:
    return event("dropped", taken, **{"reason": reason, "status": "5.0.0", **more})


def as_body(events: Iterable[Mapping[str, Any]]) -> bytes:
    """SendGrid ends the array with CRLF; whoever re-serialises it breaks the signature."""
    return b"[" + b",\r\n".join(json.dumps(each, separators=(",", ":")).encode() for each in events) + b"]\r\n"


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The HTTP status answered; 0 where there was no answer."""
    try:
        with urlopen(Request(url, data=body, headers=dict(headers)), timeout=30) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code
    except (OSError, HTTPException):
        return 0

"""Alarms by webhook, signed as Standard Webhooks has it (https://www.standardwebhooks.com), one request an event."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from notifier.alarms.dispatch import AlarmEvent
from notifier.alarms.event_json import event_bytes
from notifier.errors import Refused

PREFIX = "whsec_"
LEAST_KEY = 24
"""Bytes of a secret; the specification wants no fewer."""
TIMEOUT_S = 10.0


class WebhookFailed(Exception):
    """Nobody was told; the text says why, without the address, which may hold a token."""


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """Posts to one address. `secrets`: several during a rotation, each signs."""

    url: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    installation: str
    timeout_s: float = TIMEOUT_S

    name = "webhook"
    takes_many = False

    @property
    def destination(self) -> str:
        """The address."""
        return self.url

    def send(self, events: Sequence[AlarmEvent], now: datetime) -> None:
        """One request an event. Raises `WebhookFailed`, `Refused` for a secret that is none."""
        keys = [signing_key(secret) for secret in self.secrets]
        if not keys:
            raise WebhookFailed("NOTIFIER_ALARMS_WEBHOOK_SECRET is not in the environment, and unsigned nothing goes")
        for event in events:
            body = event_bytes(event, self.installation, now)
            headers = signed_headers(keys, f"msg_{event.event_id}", int(now.timestamp()), body)
            self._post_in_time(body, {"Content-Type": "application/json", "User-Agent": "Notifier", **headers})

    @property
    def _too_late(self) -> str:
        return f"no answer within {self.timeout_s:g} s"

    def _post_in_time(self, body: bytes, headers: dict[str, str]) -> None:
        """In a thread of its own: a socket's timeout alone does not hold off an answer that comes byte by byte."""
        outcome: list[str] = []
        work = threading.Thread(target=lambda: outcome.append(self._post(body, headers)), daemon=True)
        work.start()
        work.join(self.timeout_s)
        why = outcome[0] if outcome else self._too_late
        if why:
            raise WebhookFailed(why)

    def _post(self, body: bytes, headers: dict[str, str]) -> str:
        request = urllib.request.Request(self.url, body, headers, method="POST")  # noqa: S310  # checked by config
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=self.timeout_s):
                return ""
        except urllib.error.HTTPError as error:
            return f"it answered {error.code}"
        except OSError as error:  # URLError among them
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                return self._too_late
            return f"it cannot be reached: {getattr(reason, 'strerror', None) or reason}".lower()
        except Exception as error:  # noqa: BLE001  # http.client has errors of many kinds
            return f"it does not answer as a web server: {type(error).__name__}"


def signing_key(secret: str) -> bytes:
    """The key behind a `whsec_…` secret. Raises `Refused`, which does not show it."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or len(key) < LEAST_KEY:
        raise Refused(
            f"NOTIFIER_ALARMS_WEBHOOK_SECRET: expected {PREFIX} and at least {LEAST_KEY} bytes in base64; "
            f'make one with: echo "{PREFIX}$(openssl rand -base64 32)"'
        )
    return key


def signed_headers(keys: Sequence[bytes], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """`webhook-id`, `webhook-timestamp` and `webhook-signature`, a signature for each key."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digests = (hmac.new(key, signed, hashlib.sha256).digest() for key in keys)
    signatures = " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": signatures}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed alarm goes where the config says, and nowhere else."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Never."""

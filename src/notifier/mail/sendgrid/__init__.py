"""The transport over SendGrid's v3 API: the `sendgrid` package, a pooled transport under its client.

A request takes up to 1,000 people and is taken or refused as a whole. SendGrid knows no idempotency key, so an
attempt without a certain answer is in doubt until one of its events, or an operator's policy, settles it.
"""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from notifier.errors import Refused
from notifier.mail.base import Accepted, Addressee, Envelope, Reached
from notifier.mail.mime import refuse_bad_senders, sender_address
from notifier.mail.sendgrid.request import Bypass, request_body
from notifier.mail.sendgrid.response import read_response
from notifier.mail.sockets import certificate_until
from notifier.notice.message import Message

if TYPE_CHECKING:
    import urllib3
    from sendgrid import SendGridAPIClient

MOST_PER_REQUEST = 1000
KEY = re.compile(r"[!-~]{10,500}")
HOST = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")


@dataclass(frozen=True)
class SendGridMailer:
    """Sends through SendGrid. `timeout_s` bounds sending the request and, by itself, waiting for the whole answer."""

    api_key: str = field(repr=False)
    host: str = "https://api.sendgrid.com"
    timeout_s: float = 30.0
    batch_size: int = MOST_PER_REQUEST
    connections: int = 8
    sandbox: bool = False
    bypass: str = Bypass.NONE
    """A word of `Bypass`."""
    has_webhook: bool = True
    """Do its events reach us? Without a verification key for them, none is ever recorded."""
    ssl_context: ssl.SSLContext | None = None
    """None: the system's certificates, verified."""

    _opening: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    name = "sendgrid"
    is_idempotent = False

    @property
    def has_events(self) -> bool:
        """The sandbox makes none."""
        return self.has_webhook and not self.sandbox

    @property
    def settings(self) -> Mapping[str, str | bool]:
        """Both stand in each request."""
        return {"bypass": self.bypass, "sandbox": self.sandbox}

    @property
    def destination(self) -> str:
        """The host, or its sandbox; not the key, which may be exchanged while a notice goes out."""
        return f"sendgrid+{self.host}{'#sandbox' * self.sandbox}"

    def check(self, sender: str, reply_to: str | None) -> None:
        """Raise `Refused` where the key or the host cannot be one, without showing the key."""
        if not self.api_key:
            raise Refused("the environment has no SENDGRID_API_KEY; mail.transport = 'sendgrid' needs one")
        if not KEY.fullmatch(self.api_key):
            raise Refused("SENDGRID_API_KEY is no key: it is too short, or has a space or line break in it")
        if not HOST.fullmatch(self.host):
            raise Refused(f"config.toml: mail.sendgrid.host: expected 'https://api.sendgrid.com', got {self.host!r}")
        if not 1 <= self.batch_size <= MOST_PER_REQUEST:
            raise Refused(f"config.toml: mail.sendgrid.batch_size: expected 1 to {MOST_PER_REQUEST}")
        refuse_bad_senders(sender, reply_to)

    def reach(self) -> Reached:
        """Connect and check the certificate; whether the key is good shows only when it sends. Raises `Unavailable`."""
        connection = self._pool.ConnectionCls(self._pool.host, self._pool.port, **self._pool.conn_kw)
        connection.connect()
        until = certificate_until(getattr(connection, "sock", None))
        connection.close()
        return Reached(until)

    def try_sender(self, sender: str) -> str:
        """Let the sandbox check key and sender with a message to the sender itself. Raises as `send`."""
        message = Message("en", (), "doctor", "doctor", "")
        to = sender_address(sender, "mail.from").addr_spec
        envelope = Envelope("doctor", "doctor", sender, None, message, (Addressee("doctor", to),), is_test=True)
        with closing(replace(self, sandbox=True)) as rehearsal:
            rehearsal.send(envelope)
        return "key and sender are taken by the sandbox"

    def send(self, envelope: Envelope) -> Accepted:
        """Post one request. Raises every kind of `DeliveryError`."""
        body = request_body(envelope, sandbox=self.sandbox, bypass=Bypass(self.bypass))
        with self._opening:
            api = self._api
        envelope.before_leaving()
        response = api.client.mail.send.post(request_body=body)
        return read_response(
            response.status_code,
            response.headers,
            response.body,
            recipients=len(envelope.addressees),
            sandbox=self.sandbox,
        )

    def close(self) -> None:
        """Close the kept connections."""
        self._pool.close()

    @cached_property
    def _pool(self) -> urllib3.HTTPConnectionPool:
        from notifier.mail.sendgrid.http import open_pool

        return open_pool(
            self.host, timeout_s=self.timeout_s, connections=self.connections, ssl_context=self.ssl_context
        )

    @cached_property
    def _api(self) -> SendGridAPIClient:
        from sendgrid import SendGridAPIClient

        from notifier.mail.sendgrid.http import PooledClient

        api = SendGridAPIClient(api_key=self.api_key, host=self.host)
        headers = {**api.client.request_headers, "Content-Type": "application/json"}
        api.client = PooledClient(self._pool, host=self.host, request_headers=headers, version=3)
        return api

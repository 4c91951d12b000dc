"""A return path of its own for each letter, signed: what comes back to it tells whose letter it was (VERP).

`bounces@…` becomes `bounces+KEY.SIGNATURE@…`, with the delivery's key. A report that returns no headers of ours is
known by where it was sent; who has not the ledger's secret makes no such address.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from email.headerregistry import Address

LONGEST_LOCAL = 30
"""Before the plus, so that the whole local part keeps within 64 octets (RFC 5321 §4.5.3.1.1)."""
_SIGNED = re.compile(
    r"(?<=[^\s<>@])\+(?P<key>[0-9a-f]{16,22})\.(?P<signature>[0-9a-f]{10})@[A-Za-z0-9.-]+", re.IGNORECASE
)


def return_path(address: Address, secret: str, delivery_key: str) -> Address:
    """Where the letter of this delivery comes back to."""
    return Address("", f"{address.username}+{delivery_key}.{signature_of(secret, delivery_key)}", address.domain)


def signature_of(secret: str, delivery_key: str) -> str:
    """What nobody without the secret can write behind the key."""
    return hmac.new(secret.encode(), delivery_key.encode(), hashlib.sha256).hexdigest()[:10]


def read_return_path(header: str) -> tuple[str, str] | None:
    """Key and signature in an address; None where it is no such address."""
    found = _SIGNED.search(header)
    return (found["key"].lower(), found["signature"].lower()) if found else None

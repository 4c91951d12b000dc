"""One recipient's place in the tree of a notice: what the leaf is made of, and when it cannot be made any more."""

from __future__ import annotations

from hashlib import sha256
from json.encoder import encode_basestring as text
from typing import Any, NamedTuple


class FrozenRecipient(NamedTuple):
    """What is frozen of a recipient, in the order in which it is hashed."""

    notice_no: int
    message_no: int
    seq: int
    delivery_key: str
    customer_id: str
    email: str
    name: str


def recipient_leaf(salt: bytes, recipient: tuple[Any, ...]) -> bytes:
    """The leaf of a `FrozenRecipient`: SHA-256 of a zero byte, the salt, and the canonical JSON of its fields."""
    number, message, seq, key, customer_id, email, name = recipient
    said = f"[{number},{message},{seq},{text(key)},{text(customer_id)},{text(email)},{text(name)}]"
    return sha256(b"\0%b%b" % (salt, said.encode())).digest()

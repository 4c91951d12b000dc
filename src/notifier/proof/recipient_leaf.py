"""One recipient's place in the tree of a notice: what the leaf is made of, and when it cannot be made any more."""

from __future__ import annotations

from typing import NamedTuple

from notifier.proof.canonical_json import canonical_row
from notifier.proof.merkle_tree import leaf_hash


class FrozenRecipient(NamedTuple):
    """What is frozen of a recipient, in the order in which it is hashed."""

    notice_no: int
    message_no: int
    seq: int
    delivery_key: str
    customer_id: str
    email: str
    name: str


def recipient_leaf(salt: bytes, recipient: tuple[int | str, ...]) -> bytes:
    """The leaf of a `FrozenRecipient`: SHA-256 of a zero byte, the salt, and the canonical JSON of its fields."""
    return leaf_hash(salt + canonical_row(recipient).encode())

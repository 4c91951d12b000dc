"""One recipient's place in the tree of a notice: what the leaf is made of, and when it cannot be made any more."""

from __future__ import annotations

from hashlib import sha256
from json.encoder import encode_basestring as text
from struct import unpack
from typing import Any, NamedTuple

from notifier.proof.salted_hash import SALT_BYTES


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


def leaves_in_a_row(salts: bytes, place: tuple[int, int, int], *texts: list[bytes]) -> list[bytes]:
    """The leaves of recipients who follow each other from a `place` (notice, message, seq) on.

    `texts`: of all of them the keys, the ids, the addresses and the names, with nothing in them that JSON escapes.
    Takes half the time of `recipient_leaf`, to whose leaves it comes: a hash that has begun is copied.
    """
    *whose, first = place
    said = b'%%b[%d,%d,%%d,"%%b","%%b","%%b","%%b"]' % tuple(whose)
    salted = unpack(f"{SALT_BYTES}s" * len(texts[0]), salts)
    begun, leaves = sha256(b"\0").copy, list[bytes]()
    for recipient in zip(salted, range(first, first + len(salted)), *texts, strict=True):
        leaf = begun()
        leaf.update(said % recipient)
        leaves.append(leaf.digest())
    return leaves

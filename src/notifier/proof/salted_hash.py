"""Persons in the journal: hashes over a salt of their own and what names them.

While both are kept, whoever has them can show that the hash means this person. Once the salt is erased nobody can,
not even by trying every name there is; and the hash, with every chain and tree that holds it, stays as it was.
"""

from __future__ import annotations

import hashlib
import secrets

from notifier.proof.canonical_json import Json, canonical

SALT_BYTES = 16


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def salted_hash(salt: bytes, value: Json) -> str:
    """Of the salt, and behind it the canonical JSON of what names a person. Raises `ValueError` for a short salt."""
    if len(salt) < SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, else names can be tried against its hash")
    return hashlib.sha256(salt + canonical(value).encode()).hexdigest()

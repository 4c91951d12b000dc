"""Who may use the interface, by keys that are shown once and kept as hashes; and which keys signed receipts."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa

from notifier.errors import Refused
from notifier.ledger.by_set.prepared import ByKeys, instant_of
from notifier.ledger.database import LedgerPart
from notifier.ledger.people.acceptance_tables import api_key, receipt_key
from notifier.ledger.rows import AnyRow, insert_into

MARK = "ntf"
"""What every key begins with, so that scanners find one that went astray."""
COLUMNS = tuple(api_key.c[name] for name in ("key_id", "name", "scopes", "created_at", "revoked_at"))
"""In the order of `ApiKey`."""
SHOWN = ByKeys(sa.select(api_key.c.secret_hash, *COLUMNS), api_key.c.key_id)
"""Each request asks for it."""


class Scope(StrEnum):
    """What the holder of a key may do."""

    READ = "read"  #: standings, histories
    WRITE = "write"  #: write acceptances down


class ApiKey(NamedTuple):
    """One key as it is kept: not the secret itself."""

    key_id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    revoked_at: datetime | None


class ApiKeys(LedgerPart):
    """Made, listed, revoked, recognised."""

    def create(self, name: str, scopes: Collection[Scope], at: datetime) -> tuple[ApiKey, str]:
        """A new key, and what its holder must show; that is nowhere kept."""
        made = ApiKey(secrets.token_hex(6), name, frozenset(scopes), at, None)
        shown = f"{MARK}_{made.key_id}_{secrets.token_urlsafe(32)}"
        row = {**made._asdict(), "scopes": " ".join(sorted(scopes)), "secret_hash": _hash(shown)}
        with self._db.write() as connection:
            connection.execute(api_key.insert(), row)
        return made, shown

    def all(self) -> tuple[ApiKey, ...]:
        """Every key there ever was, oldest first."""
        with self._db.read() as connection:
            return tuple(map(_key, connection.execute(sa.select(*COLUMNS).order_by(api_key.c.created_at))))

    def revoke(self, key_id: str, at: datetime) -> ApiKey:
        """It opens nothing from now on. Raises `Refused` where there is no such key; twice is harmless."""
        with self._db.write() as connection:
            query = sa.select(*COLUMNS).where(api_key.c.key_id == key_id)
            row = connection.execute(query).first()
            if row is None:
                raise Refused(f"there is no key {key_id!r}; `notifier keys list` shows them")
            if row.revoked_at is None:
                change = sa.update(api_key).where(api_key.c.key_id == key_id).values(revoked_at=at)
                connection.execute(change)
                row = connection.execute(query).one()
        return _key(row)

    def recognise(self, shown: str) -> ApiKey | None:
        """The key that somebody shows, while it holds."""
        mark, _, rest = shown.partition("_")
        key_id = rest.partition("_")[0]
        if mark != MARK or not key_id.isalnum():
            return None
        with self._db.read() as connection:
            rows = SHOWN.run(connection, [key_id])
        keys = (_key(row[1:]) for row in rows if hmac.compare_digest(row[0], _hash(shown)))
        return next((key for key in keys if key.revoked_at is None), None)


class ReceiptKeys(LedgerPart):
    """The public halves of every key that receipts were signed with: old receipts are checked with them."""

    def add(self, key_id: str, public_key: str, at: datetime) -> None:
        """From now on this one signs; adding it again changes nothing."""
        row = {"key_id": key_id, "public_key": public_key, "first_used_at": at}
        with self._db.write() as connection:
            connection.execute(insert_into(connection, receipt_key).values(row).on_conflict_do_nothing())

    def all(self) -> tuple[tuple[str, str], ...]:
        """Each with its id, the newest first."""
        query = sa.select(receipt_key.c.key_id, receipt_key.c.public_key).order_by(receipt_key.c.first_used_at.desc())
        with self._db.read() as connection:
            return tuple((row.key_id, row.public_key) for row in connection.execute(query))


def _hash(shown: str) -> str:
    """Plain: what is hashed is 256 random bits, which nobody can try out."""
    return hashlib.sha256(shown.encode()).hexdigest()


def _key(row: AnyRow) -> ApiKey:
    key_id, name, scopes, created_at, revoked_at = row
    return ApiKey(key_id, name, frozenset(map(Scope, scopes.split())), instant_of(created_at), instant_of(revoked_at))

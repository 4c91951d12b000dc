"""Addresses that must not be written to, kept as keyed hashes: the list says of no address that it is on it.

The key is the ledger's own, made with the first entry. Who only has the list cannot try addresses against it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import LedgerError
from notifier.ledger.by_set.many_rows import insert_new
from notifier.ledger.by_set.prepared import Prepared
from notifier.ledger.journal.roster_sum import SUPPRESSIONS_KEY, sum_key
from notifier.ledger.rows import email_key, insert_into
from notifier.ledger.schema import secret, suppression
from notifier.notice.delivery import MANDATORY_SUPPRESSIONS, SuppressionReason
from notifier.proof.salted_hash import new_salt

CHUNK = 500
BLOCK = 64
ANY = sa.select(sa.exists().select_from(suppression))
ANYBODY = Prepared(sa.select(suppression.c.mark).where(suppression.c.is_mandatory).limit(1))


def add_suppressions(
    connection: Connection, pairs: Iterable[tuple[str, SuppressionReason]], *, at: datetime, source: str
) -> None:
    """Within the caller's transaction; the first record of an address and reason stays."""
    wanted = list(pairs)
    if not wanted:
        return
    if not connection.execute(ANY).scalar():
        fresh = insert_into(connection, secret).values(name=SUPPRESSIONS_KEY, value=secrets.token_hex(32))
        if connection.execute(fresh.on_conflict_do_nothing()).rowcount:
            sum_key(connection)
    hashed = _hashing(connection)
    rows = [
        {
            "address_hash": hashed(email),
            "reason": reason.value,
            "mark": secrets.token_hex(8),
            "salt": new_salt(),
            "is_mandatory": reason in MANDATORY_SUPPRESSIONS,
            "source": source,
            "at": at,
        }
        for email, reason in wanted
    ]
    insert_new(connection, suppression, sorted(rows, key=lambda row: (row["address_hash"], row["reason"])))


def lift(connection: Connection, emails: Iterable[str]) -> int:
    """Take every suppression of these addresses away; how many there were."""
    if not connection.execute(ANY).scalar():
        return 0
    hashed = _hashing(connection)
    query = sa.delete(suppression).where(suppression.c.address_hash.in_([hashed(email) for email in emails]))
    return connection.execute(query).rowcount


def reasons(connection: Connection, email: str) -> tuple[SuppressionReason, ...]:
    """Why this address is suppressed; empty where it is not."""
    if not connection.execute(ANY).scalar():
        return ()
    query = sa.select(suppression.c.reason).where(suppression.c.address_hash == _hashing(connection)(email))
    return tuple(map(SuppressionReason, connection.execute(query.order_by(suppression.c.reason)).scalars()))


def holds_anybody_back(connection: Connection) -> bool:
    """Is there any address that not even a mandatory notice is sent to?"""
    return ANYBODY.run(connection, {}).fetchone() is not None


def barred(connection: Connection, emails: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Of these addresses, by any number, those that not even a mandatory notice is sent to: number → reason."""
    if not holds_anybody_back(connection):
        return {}
    hashed = _hashing(connection)
    numbers: dict[str, list[int]] = {}
    for number, email in emails:
        numbers.setdefault(hashed(email), []).append(number)
    hashes, found = list(numbers), dict[int, str]()
    for start in range(0, len(hashes), CHUNK):
        query = sa.select(suppression.c.address_hash, sa.func.min(suppression.c.reason)).where(
            suppression.c.is_mandatory, suppression.c.address_hash.in_(hashes[start : start + CHUNK])
        )
        for address_hash, reason in connection.execute(query.group_by(suppression.c.address_hash)):
            found |= dict.fromkeys(numbers[address_hash], reason)
    return found


def address_hash_in(connection: Connection, key_column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """The same hash, made by PostgreSQL of the addresses in this column, in the form in which they are compared."""
    secret_key = _key(connection).ljust(BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in secret_key) for pad in (0x36, 0x5C))  # RFC 2104
    said = sa.func.convert_to(key_column, "UTF8", type_=sa.LargeBinary)
    digest = sa.func.sha256(sa.literal(inner).concat(said), type_=sa.LargeBinary)
    return sa.func.encode(sa.func.sha256(sa.literal(outer).concat(digest)), "hex", type_=sa.String)


def _hashing(connection: Connection) -> partial[str]:
    return partial(_hash, _key(connection))


def _key(connection: Connection) -> bytes:
    value = connection.execute(sa.select(secret.c.value).where(secret.c.name == SUPPRESSIONS_KEY)).scalar()
    if value is None:
        raise LedgerError("the key of the suppressions is gone from the ledger; restore it from a copy")
    return bytes.fromhex(value)


def _hash(key: bytes, email: str) -> str:
    return hmac.digest(key, email_key(email).encode(), "sha256").hex()

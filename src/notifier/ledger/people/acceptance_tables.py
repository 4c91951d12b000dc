"""The tables of acceptances, of keys to the interface, and of the keys that receipts are signed with.

`person`, `salt`, `context` and the two `request_` columns go when somebody is forgotten; the hashes stay.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from notifier.ledger.schema import UtcDateTime, metadata

acceptance = Table(
    "acceptance",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("receipt_id", String, nullable=False, unique=True),
    Column("person", String),
    Column("salt", String),
    Column("person_hash", String, nullable=False),
    Column("policy_id", String, nullable=False),
    Column("tag", String, nullable=False),
    Column("text_sha256", String, nullable=False),
    Column("language", String, nullable=False),
    Column("asked", String, nullable=False),
    Column("method", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("context", Text),
    Column("context_hash", String),
    Column("signed_by", String, nullable=False),
    Column("signature", String, nullable=False),
    Column("request_key", String, unique=True),
    Column("request_hash", String),
    Index("acceptance_person", "person", "policy_id", "tag", "method"),
    sqlite_autoincrement=True,
)

api_key = Table(
    "api_key",
    metadata,
    Column("key_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("scopes", String, nullable=False),
    Column("secret_hash", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)

receipt_key = Table(
    "receipt_key",
    metadata,
    Column("key_id", String, primary_key=True),
    Column("public_key", String, nullable=False),
    Column("first_used_at", UtcDateTime, nullable=False),
)

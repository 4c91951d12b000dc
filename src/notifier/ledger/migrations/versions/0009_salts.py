"""A salt for whoever is in the journal, and what its trees are told apart by."""

from __future__ import annotations

import re
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
SALT = {
    "sqlite": "UPDATE delivery SET salt = randomblob(16)",
    "postgresql": "UPDATE delivery SET salt = decode(replace(gen_random_uuid()::text, '-', ''), 'hex')",
}


def upgrade() -> None:
    """The ledger begins its journal once it has the schema of today."""
    op.add_column("posting", sa.Column("judged_by", sa.String(), nullable=True))
    op.add_column("delivery", sa.Column("salt", sa.LargeBinary(), nullable=True))
    op.add_column("delivery", sa.Column("leaf", sa.LargeBinary(), nullable=True))
    op.add_column("event", sa.Column("intake", sa.String(), server_default="", nullable=False))
    op.create_index("ix_event_intake", "event", ["intake"], unique=False)
    op.add_column("suppression", sa.Column("salt", sa.LargeBinary(), nullable=True))
    op.add_column("suppression", sa.Column("mark", sa.String(), server_default="", nullable=False))
    op.create_index("ix_suppression_mark", "suppression", ["mark"], unique=False)
    if op.get_context().as_sql:  # of a ledger that is empty yet: there is nobody to salt
        return
    connection = op.get_bind()
    connection.execute(sa.text(SALT[connection.dialect.name]))
    _mark_suppressions(connection)
    for table, column, key in (("attempt", "error", "attempt_id"), ("delivery", "reason", "delivery_key")):
        _take_addresses_out(connection, table, column, key)


def _mark_suppressions(connection: sa.Connection) -> None:
    for row in connection.execute(sa.text("SELECT address_hash, reason FROM suppression")).all():
        values = {"salt": secrets.token_bytes(16), "mark": secrets.token_hex(8), "hash": row[0], "reason": row[1]}
        query = "UPDATE suppression SET salt = :salt, mark = :mark WHERE address_hash = :hash AND reason = :reason"
        connection.execute(sa.text(query), values)


def _take_addresses_out(connection: sa.Connection, table: str, column: str, key: str) -> None:
    """What goes into the journal stays there: a provider's words without the addresses in them."""
    rows = sa.text(f"SELECT {key}, {column} FROM {table} WHERE {column} LIKE '%@%'")  # noqa: S608  # names of ours
    update = sa.text(f"UPDATE {table} SET {column} = :said WHERE {key} = :key")  # noqa: S608  # the same
    for row in connection.execute(rows).all():
        connection.execute(update, {"said": ADDRESS.sub("<address>", row[1]), "key": row[0]})

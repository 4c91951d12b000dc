"""Suppressions by keyed hash instead of address, and nothing of other people's mail."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Hash what is suppressed, forget events of no delivery of ours, and compare addresses in small letters."""
    is_on_paper = op.get_context().as_sql  # of a ledger that is empty yet: there is nothing to hash
    connection = op.get_bind()
    key = secrets.token_bytes(32)
    op.create_table(
        "secret",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    query = sa.text("SELECT email_key, reason, is_mandatory, source, at FROM suppression")
    old = () if is_on_paper else connection.execute(query).all()
    op.drop_table("suppression")
    op.create_table(
        "suppression",
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("is_mandatory", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", "reason"),
    )
    copy = sa.text(
        "INSERT INTO suppression (address_hash, reason, is_mandatory, source, at) "
        "VALUES (:address_hash, :reason, :is_mandatory, :source, :at)"
    )
    if old:
        insert = sa.text("INSERT INTO secret (name, value) VALUES ('suppressions', :value)")
        connection.execute(insert, {"value": key.hex()})
    for row in old:
        digest = hmac.new(key, row.email_key.encode(), hashlib.sha256).hexdigest()
        values = {"address_hash": digest, "reason": row.reason, "is_mandatory": row.is_mandatory}
        connection.execute(copy, {**values, "source": row.source, "at": row.at})
    op.execute("DELETE FROM event WHERE NOT is_known")
    op.add_column("feed", sa.Column("foreign_events", sa.Integer(), server_default="0", nullable=False))
    if not is_on_paper:
        _compare_in_small_letters(connection)


def _compare_in_small_letters(connection: sa.Connection) -> None:
    """`straße@` and `strasse@` were one address; the ids made of addresses follow."""
    rows = connection.execute(sa.text("SELECT number, customer_id, email, email_key FROM customer")).all()
    for number, customer_id, email, key in rows:
        if key == email.lower():
            continue
        folded, small = (f"a-{hashlib.sha256(text.encode()).hexdigest()[:20]}" for text in (key, email.lower()))
        values = {"number": number, "key": email.lower(), "id": small if customer_id == folded else customer_id}
        connection.execute(
            sa.text("UPDATE customer SET email_key = :key, customer_id = :id WHERE number = :number"), values
        )

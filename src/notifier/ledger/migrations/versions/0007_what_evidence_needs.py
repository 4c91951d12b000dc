"""Letterheads, providers' reports as they came, and the way from a person to what became of their deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Attempts and events of before bear none: how their bytes were made, or came, was not kept."""
    op.create_table(
        "letterhead",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("reply_to", sa.String(), nullable=True),
        sa.Column("composition", sa.Integer(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "report",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mailer", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timestamp", sa.String(), nullable=True),
        sa.Column("signature", sa.String(), nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("signed_sha256", sa.String(), nullable=True),
        sa.Column("events", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.add_column("attempt", sa.Column("letterhead_no", sa.Integer(), nullable=True))
    op.add_column("event", sa.Column("report_no", sa.Integer(), nullable=True))
    op.add_column("event", sa.Column("place", sa.Integer(), nullable=True))
    op.create_index("event_delivery", "event", ["delivery_key"])
    op.create_index("delivery_customer", "delivery", ["customer_id"])

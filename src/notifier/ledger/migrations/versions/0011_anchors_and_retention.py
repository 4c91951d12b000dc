"""Time stamps over the journal's head, and what is left of notices whose recipients' time is over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Nothing was stamped, and nobody's time is over."""
    op.create_table(
        "anchor",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry_no", sa.Integer(), nullable=False),
        sa.Column("entry_hash", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.add_column("notice", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notice", sa.Column("retired_counts", sa.Text(), nullable=True))

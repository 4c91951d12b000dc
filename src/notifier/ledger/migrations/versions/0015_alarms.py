"""Which alarms stand, and who was told, for all machines that share the ledger; and what a posting goes back to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
compatible_since = "0013"


def upgrade() -> None:
    """Nobody was told of anything, and git says what those before go back to, whose notices are over."""
    op.add_column("posting", sa.Column("restores", sa.String(), server_default="", nullable=False))
    op.create_table(
        "told_alarms",
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("memory", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("line"),
    )

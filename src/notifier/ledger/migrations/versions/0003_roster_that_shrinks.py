"""Who left the company's list, and how large the roster was when each notice was sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add columns: nobody has left, nobody is known to come from the company's file, no size was taken."""
    op.add_column("customer", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("customer", sa.Column("is_from_file", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("notice", sa.Column("roster_size", sa.Integer(), nullable=True))

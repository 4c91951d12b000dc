"""Claims that many senders make at once: a fence that grows with each, who made it, and until when it holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
compatible_since = "0011"


def upgrade() -> None:
    """Nobody has a claim on anything."""
    op.add_column("batch", sa.Column("fence", sa.Integer(), server_default="0", nullable=False))
    op.add_column("batch", sa.Column("owner", sa.String(), nullable=True))
    op.add_column("batch", sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))

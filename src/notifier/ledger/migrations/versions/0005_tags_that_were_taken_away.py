"""Which tags a list took from whom, until a notice that asks for them went out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column: nothing is known to have been taken from anybody."""
    op.add_column("customer", sa.Column("lost_tags", sa.String(), server_default="[]", nullable=False))

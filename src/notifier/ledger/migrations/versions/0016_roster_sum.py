"""What Notifier left of the roster: how many rows, and a sum of their hashes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
compatible_since = "0016"  # whoever does not move the sum with the rows would look like another hand


def upgrade() -> None:
    """Added up once the triggers are there that move it."""
    op.create_table(
        "roster_sum",
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("line"),
    )

"""Breakers that grow, where each attempt went, and whom a person has given up on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add columns; every row of an earlier ledger means what it meant."""
    op.add_column("rate", sa.Column("failures", sa.Integer(), server_default="0", nullable=False))
    op.add_column("attempt", sa.Column("destination", sa.String(), nullable=True))
    op.add_column("notice", sa.Column("destination", sa.String(), nullable=True))
    op.add_column("notice", sa.Column("given_up", sa.Integer(), server_default="0", nullable=False))

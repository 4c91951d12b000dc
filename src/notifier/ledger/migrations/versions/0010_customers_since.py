"""Since when somebody is a customer, where the company's list says so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the column: nobody has said it of anybody yet."""
    op.add_column("customer", sa.Column("since", sa.Date(), nullable=True))

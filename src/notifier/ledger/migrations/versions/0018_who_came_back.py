"""When who came back had left: a list that was cut short for a day costs nobody the word of that day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from notifier.ledger.schema import UtcDateTime

revision = "0018"
down_revision = "0017"
compatible_since = "0016"


def upgrade() -> None:
    """Add the column: of whoever came back until now it is not known."""
    op.add_column("customer", sa.Column("left_before", UtcDateTime(), nullable=True))

"""After which notice somebody got a tag: who comes into an audience then was not told of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
compatible_since = "0016"


def upgrade() -> None:
    """Add the column: of tags that are there nobody knows since when."""
    op.add_column("customer", sa.Column("tagged_after", sa.Integer(), nullable=True))

"""On PostgreSQL, recipients by notice: what is there becomes one partition as it is, whose rows nobody moves."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"

compatible_since = "0013"
"""Who does not make a notice's partition can freeze nobody."""

SPLIT = """
DO $$
DECLARE numbers text;
BEGIN
  SELECT string_agg(number::text, ', ') INTO numbers FROM notice
    WHERE EXISTS (SELECT 1 FROM delivery_before WHERE delivery_before.notice_no = notice.number);
  IF numbers IS NULL THEN
    DROP TABLE delivery_before;
  ELSE
    EXECUTE 'ALTER TABLE delivery ATTACH PARTITION delivery_before FOR VALUES IN (' || numbers || ')';
  END IF;
END $$
"""


def upgrade() -> None:
    """SQLite keeps one table."""
    if op.get_context().dialect.name == "sqlite":
        return
    op.execute("DROP TRIGGER IF EXISTS notifier_touch ON delivery")
    op.execute("ALTER TABLE delivery RENAME TO delivery_before")
    for name in ("pkey", "key", "customer", "status", "duplicate"):
        op.execute(f"ALTER INDEX delivery_{name} RENAME TO delivery_before_{name}")
    op.execute("ALTER TABLE delivery_before DROP CONSTRAINT delivery_notice_no_fkey")
    op.execute("CREATE TABLE delivery (LIKE delivery_before INCLUDING DEFAULTS) PARTITION BY LIST (notice_no)")
    op.execute("ALTER TABLE delivery ADD PRIMARY KEY (notice_no, message_no, seq)")
    op.execute(SPLIT)

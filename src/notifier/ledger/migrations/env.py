"""Alembic's entry point: runs the migrations on the connection that `upgrade` hands over, or writes down their SQL."""

from __future__ import annotations

from alembic import context

from notifier.ledger.schema import metadata

given = context.config.attributes
if context.is_offline_mode():
    context.configure(dialect_name=given["dialect"], literal_binds=True, target_metadata=metadata)
else:
    context.configure(connection=given["connection"], target_metadata=metadata)
context.run_migrations()

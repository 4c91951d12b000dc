"""Alembic's entry point: runs the migrations on the connection that `upgrade` hands over."""

from __future__ import annotations

from alembic import context

from notifier.ledger.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()

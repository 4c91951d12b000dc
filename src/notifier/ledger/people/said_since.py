"""What people said after a copy was made: the ledger that it replaces still has it, with who they are."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from notifier.ledger.database import Database
from notifier.ledger.people.acceptance_tables import acceptance
from notifier.ledger.rows import AnyRow

SAID = (acceptance.c.person, acceptance.c.policy_id, acceptance.c.tag, acceptance.c.at, acceptance.c.text_sha256)


def said_since(before: Database, copy: Database) -> Iterator[AnyRow]:
    """Acceptances of `before` that `copy` lacks, of whoever is still known, oldest first."""
    columns = (acceptance.c.receipt_id, *SAID, acceptance.c.method)
    query = sa.select(*columns).where(acceptance.c.person.is_not(None)).order_by(acceptance.c.number)
    with before.read() as then, copy.read() as connection:
        for row in then.execute(query.execution_options(yield_per=1_000)):
            there = sa.exists().where(acceptance.c.receipt_id == row.receipt_id)
            if not connection.execute(sa.select(there)).scalar():
                yield row

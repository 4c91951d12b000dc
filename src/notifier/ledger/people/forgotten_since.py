"""A copy from before somebody was forgotten names them again: who they are, the ledger that it replaces still shows.

A row that is erased there and not in the copy leads to them. Of who was never written to and accepted nothing, no row
is left, and nobody can know.
"""

from __future__ import annotations

import sqlalchemy as sa

from notifier.ledger.database import Database
from notifier.ledger.people.acceptance_tables import acceptance
from notifier.ledger.schema import delivery

PLACE = (delivery.c.notice_no, delivery.c.message_no, delivery.c.seq)


def forgotten_since(before: Database, copy: Database) -> tuple[str, ...]:
    """The ids of whoever is erased in `before` and not in `copy`."""
    erased = sa.select(*PLACE).where(delivery.c.salt.is_(None), delivery.c.leaf.is_not(None))
    silent = sa.select(acceptance.c.receipt_id).where(acceptance.c.person.is_(None))
    people: set[str] = set()
    with before.read() as then, copy.read() as connection:
        for place in then.execute(erased):
            here = (column == value for column, value in zip(PLACE, place, strict=True))
            query = sa.select(delivery.c.customer_id).where(*here, delivery.c.salt.is_not(None))
            people.update(connection.execute(query).scalars())
        for (receipt_id,) in then.execute(silent):
            query = sa.select(acceptance.c.person).where(acceptance.c.receipt_id == receipt_id)
            people.update(one for one in connection.execute(query).scalars() if one)
    return tuple(sorted(people))

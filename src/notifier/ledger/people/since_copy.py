"""What the ledger that a copy replaces shows of people since the copy was made: who spoke, and who was forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from notifier.ledger.database import Database
from notifier.ledger.people.acceptance_tables import acceptance
from notifier.ledger.rows import AnyRow
from notifier.ledger.schema import delivery

PLACE = (delivery.c.notice_no, delivery.c.message_no, delivery.c.seq)
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


def forgotten_since(before: Database, copy: Database) -> tuple[str, ...]:
    """The ids of whoever is erased in `before` and not in `copy`: a row that is erased there, and not here, leads to
    them. Of who was never written to and accepted nothing no row is left, and nobody can know."""
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

"""What a provider reported in one request: a tree over the events that were kept of it, in the order of their ids."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.journal.entries import by_driver, written_out
from notifier.ledger.journal.row_images import plain_row, raw_columns
from notifier.ledger.schema import event
from notifier.proof.canonical_json import Facts, canonical_row
from notifier.proof.merkle_tree import GrowingTree, leaf_hash

EVENTS = sa.select(*raw_columns(event))
OF_INTAKE = EVENTS.where(event.c.intake == sa.bindparam("intake")).order_by(event.c.event_id)


def event_leaf(row: Any) -> bytes:
    """The leaf of a row of the table: the canonical JSON of its columns, in their order."""
    return leaf_hash(canonical_row(plain_row(event, row)).encode())


def intake_facts(connection: Connection, intake: str) -> Facts:
    """What the journal says of the events of one request."""
    tree = GrowingTree()
    query = written_out(OF_INTAKE.params(intake=intake), connection.dialect.name)
    tree.add(*map(event_leaf, by_driver(connection, query)))
    return {"intake": intake, "events": tree.size, "root": tree.root.hex()}


def all_intakes(connection: Connection) -> Iterator[tuple[str, int, str]]:
    """Each request's name, how many events are kept of it, and the root over them, in the order of the names."""
    query = EVENTS.order_by(event.c.intake, event.c.event_id).execution_options(yield_per=2_000)
    for name, rows in groupby(connection.execute(query), attrgetter("intake")):
        tree = GrowingTree()
        for row in rows:
            tree.add(event_leaf(row))
        yield name, tree.size, tree.root.hex()

"""How a ledger begins its journal: with the rows that it has already, as they stand then, and from when it speaks."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.journal.covered_tables import COVERED, CoveredTable
from notifier.ledger.journal.entries import append
from notifier.ledger.journal.event_trees import intake_facts
from notifier.ledger.journal.recipient_trees import RecipientTrees, frozen_before
from notifier.ledger.journal.roster_sum import roster_sum, taken_on
from notifier.ledger.journal.row_images import image_of, raw_rows
from notifier.ledger.journal.runs_of_rows import batch_runs
from notifier.ledger.schema import batch, customer, delivery, event, journal
from notifier.proof.entry import EntryKind, instant

ROWS_IN_ONE = 1_000
BEFORE = "before"
"""The name of the one tree of all events that came before the journal began."""


def begin_journal(connection: Connection, at: datetime) -> None:
    """Within the transaction that made the journal; a journal that is begun already stays as it is."""
    if connection.execute(sa.select(sa.exists().select_from(journal))).scalar():
        return
    append(connection, EntryKind.BEGUN, {"speaks_from": instant(at)}, at)
    for covered in COVERED.values():
        _write_images(connection, covered, at)
    for number in connection.execute(sa.select(delivery.c.notice_no).distinct()).scalars().all():
        trees = RecipientTrees(lambda: nullcontext(connection), number)
        trees.take_from(connection, frozen_before(connection, number))
        append(connection, EntryKind.BEGUN, trees.facts(connection), at)
    if connection.execute(sa.select(sa.exists().select_from(event))).scalar():
        connection.execute(sa.update(event).values(intake=BEFORE))
        append(connection, EntryKind.BEGUN, intake_facts(connection, BEFORE), at)


def begin_roster(connection: Connection, at: datetime) -> None:
    """Take the roster on as it is, where nobody has added it up yet."""
    somebody, added_up = sa.exists().select_from(customer), sa.exists().select_from(roster_sum)
    if connection.execute(sa.select(somebody & ~added_up)).scalar():
        append(connection, EntryKind.BEGUN, taken_on(connection), at)


def _write_images(connection: Connection, covered: CoveredTable, at: datetime) -> None:
    images = (image_of(covered, row) for row in raw_rows(connection, covered.table))
    lines = batch_runs(images) if covered.table is batch else images
    while some := list(islice(lines, ROWS_IN_ONE)):
        append(connection, EntryKind.BEGUN, {"rows": {covered.table.name: some}}, at)

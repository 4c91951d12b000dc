"""A ledger on SQLite carried to PostgreSQL, journal and all: whole or not at all, and as often as it takes.

Nobody writes into the one while it is read. The other takes all rows in one transaction, is read back, held against
what was read, its journal examined, and only then committed; then the first is marked as moved. Whoever dies before
that finds an empty ledger there, or one that the first ledger's journal goes on from: both are filled anew.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import LedgerError, Refused
from notifier.ledger.cluster.processes import process
from notifier.ledger.cluster.told_alarms import told_alarms
from notifier.ledger.database import Database
from notifier.ledger.evidence.ledger_copy import check_is_known
from notifier.ledger.evidence.table_rows import Digests, count_rows, digests_of, replace_rows
from notifier.ledger.journal.entries import head_of
from notifier.ledger.journal.verification import examine_journal
from notifier.ledger.migrations.schema_marks import MOVED_TO, mark
from notifier.ledger.schema import feed, journal, journal_head, metadata, rate, secret
from notifier.proof.entry import Head

IN_ANY_NEW_LEDGER = (journal, journal_head, secret, feed, rate, process, told_alarms)
OnStage = Callable[[str, int, int], None]
"""Called with what is going on, how many rows of it are done, and of how many."""


class MovedLedger(NamedTuple):
    """What is on the other side now."""

    tables: Digests
    head: Head
    is_anew: bool
    """An earlier move had got as far as to fill it."""


def move_rows(source: Database, target: Database, moved_to: str, on_stage: OnStage = lambda *_: None) -> MovedLedger:
    """Raises Refused where the target holds something else, and LedgerError where anything is not as it was here."""
    check_is_known(source)
    check_is_known(target)
    with source.write() as ours:
        with target.bare() as theirs:
            is_anew = _check_room(ours, theirs, target.place)
            steps = _Steps(on_stage, count_rows(ours))
            read = replace_rows(ours, theirs, steps.at("copying"))
            _hold_against(theirs, read, steps, target.place)
        mark(ours, MOVED_TO, moved_to)
        return MovedLedger(read, head_of(ours), is_anew)


class _Steps:
    """Rows counted by what is done with them."""

    def __init__(self, on_stage: OnStage, total: int) -> None:
        self._on_stage, self._total = on_stage, total

    def at(self, doing: str) -> Callable[[str, int], None]:
        done = 0

        def on_table(table: str, more: int) -> None:
            nonlocal done
            done += more
            self._on_stage(f"{doing} {table}", done, self._total)

        return on_table

    def of(self, doing: str) -> Callable[[int, int], None]:
        return lambda done, total: self._on_stage(doing, done, total)


def _check_room(ours: Connection, theirs: Connection, place: str) -> bool:
    """Is what is there an earlier state of this very ledger? False where nothing is; raises Refused for anything else.

    The head is locked: nobody writes there meanwhile.
    """
    there = theirs.execute(sa.select(journal_head).with_for_update()).first()
    full = [
        table.name
        for table in metadata.sorted_tables
        if table not in IN_ANY_NEW_LEDGER and theirs.execute(sa.select(sa.exists().select_from(table))).scalar()
    ]
    if not full and (there is None or there.number <= 1):
        return False
    known = sa.select(journal.c.hash).where(journal.c.number == (there.number if there else 0))
    if there is not None and ours.execute(known).scalar() == there.hash:
        return True
    raise Refused(
        f"{place}: holds another ledger (rows in {', '.join(full) or 'its journal'}); nothing was changed; "
        "name a database that is empty"
    )


def _hold_against(theirs: Connection, read: Digests, steps: _Steps, place: str) -> None:
    """Read back what was written. Raises LedgerError where a row differs, or the journal tells of other rows."""
    unlike = [name for name, found in digests_of(theirs, steps.at("comparing")).items() if found != read[name]]
    if unlike:
        raise LedgerError(f"{place}: {', '.join(unlike)}: not as here; nothing was moved")
    misfits = examine_journal(lambda: nullcontext(theirs), steps.of("examining the journal")).misfits
    if misfits:
        raise LedgerError(
            f"the ledger is not as its journal says ({misfits[0].says}): notifier verify; nothing was moved"
        )

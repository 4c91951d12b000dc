"""What the journal says last of each batch of a notice: none that another hand wrote since is claimed.

Read whole when the first of them is claimed, and further at each claim, in its transaction, which has the batches
locked: so one that somebody set back together with all its attempts, a moment before, leaves no second time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.by_set.prepared import Prepared
from notifier.ledger.journal.covered_tables import COVERED
from notifier.ledger.journal.row_images import Image, default_of, image_of
from notifier.ledger.journal.runs_of_rows import batch_in
from notifier.ledger.rows import AnyRow
from notifier.ledger.schema import batch, journal
from notifier.ledger.states import BatchState
from notifier.proof.entry import BEFORE_ALL, EntryKind, Head

J = journal.c
OWN = tuple((column.name, default_of(column)) for column in batch.c)
"""A newer version that works beside this one may have more, of which nobody here can know."""
TELLS = J.facts.contains('"batch":[')
SINCE = Prepared(
    sa.select(J.number, J.hash, sa.case((J.number > sa.bindparam("known"), J.facts)))
    .where(J.number >= sa.bindparam("known"), (J.number == sa.bindparam("known")) | TELLS)
    .order_by(J.number)
)


def since_frozen(entry: int) -> sa.ColumnElement[bool]:
    """Entries that may tell how recipients were sent to whom `entry` has frozen, or found frozen when it began."""
    return (J.number >= entry) | (J.kind == EntryKind.BEGUN)


@dataclass
class BatchWords:
    """Of one notice."""

    notice_no: int
    _up_to: Head = BEFORE_ALL
    _waiting: list[Image | None] = field(default_factory=list)
    """By the batch's number, of those that wait: a line of the journal, which may speak for others too."""
    _reading: Lock = field(default_factory=Lock, repr=False)
    """Two threads that claim at once would lay an older line over a newer one, and find another hand in it."""

    def differing(self, connection: Connection, rows: Iterable[AnyRow], frozen: int) -> int | None:
        """The number of the first of these batches, all locked by this transaction, that is not as it was written last.

        `frozen`: the entry that froze the first of their people.
        """
        with self._reading:
            self._read_on(connection, frozen)
            return next((row.batch_no for row in rows if not self._is_as_written(row)), None)

    def forget(self) -> None:
        """Read it whole again, the next time."""
        with self._reading:
            self._up_to, self._waiting = BEFORE_ALL, []

    def _is_as_written(self, row: AnyRow) -> bool:
        line = self._waiting[row.batch_no] if row.batch_no < len(self._waiting) else None
        if line is None:
            return False
        said, values = batch_in(line, row.batch_no), tuple(row[: len(OWN)])
        if values == tuple([said.get(name, default) for name, default in OWN]):  # as it was cut: nearly all are
            return True
        return image_of(COVERED["batch"], values) == {name: said[name] for name, _ in OWN if name in said}

    def _read_on(self, connection: Connection, frozen: int) -> None:
        if self._up_to != BEFORE_ALL:
            known, *fresh = SINCE.run(connection, {"known": self._up_to.number}).fetchall() or [None]
            if known is not None and tuple(known[:2]) == self._up_to:
                self._take(fresh)
                return
            self._up_to, self._waiting = BEFORE_ALL, []
        query = sa.select(J.number, J.hash, J.facts).where(since_frozen(frozen), TELLS).order_by(J.number)
        self._take(connection.execute(query.execution_options(yield_per=1_000)))

    def _take(self, entries: Iterable[Any]) -> None:
        for number, proof, written in entries:
            facts = json.loads(written)
            for key in facts.get("gone", {}).get("batch", ()):
                self._note(key, None)
            for line in facts.get("rows", {}).get("batch", ()):
                self._note(line, line if line["state"] == BatchState.PENDING else None)
            self._up_to = Head(number, proof)

    def _note(self, where: Mapping[str, Any], line: Image | None) -> None:
        if where["notice_no"] != self.notice_no:
            return
        first, last = where["batch_no"], where.get("up_to", where["batch_no"])
        self._waiting += [None] * (last + 1 - len(self._waiting))
        self._waiting[first : last + 1] = [line] * (last + 1 - first)

"""Is the ledger what its journal says? The chain entry by entry, then of every row: is the last image the row as it is?

Read in one transaction, so that a ledger in use is seen as it was at one moment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.journal.covered_tables import COVERED, CoveredTable
from notifier.ledger.journal.delivery_check import check_deliveries
from notifier.ledger.journal.entries import head_of, link_faults
from notifier.ledger.journal.event_trees import all_intakes
from notifier.ledger.journal.last_images import Altered, LastImages, Misfit, image_in, lasting
from notifier.ledger.journal.roster_sum import roster_fault
from notifier.ledger.journal.row_images import raw_columns
from notifier.ledger.schema import delivery, event, journal
from notifier.proof.entry import BEFORE_ALL, EntryKind, Head, link_steps

Progress = Callable[[int, int], None]
STEP = 1_000


@dataclass(frozen=True, slots=True)
class JournalExamined:
    """What was looked at, and what does not fit, the first entry first."""

    head: Head
    entries: int
    deliveries: int
    misfits: tuple[Misfit, ...]
    hashes: Mapping[int, str] = field(repr=False, default_factory=dict)
    """Of the entries that were asked for."""
    tags: Mapping[str, tuple[str, int]] = field(repr=False, default_factory=dict)
    """Each tag that was made in git, with the object that it was then, and the entry that says so."""
    speaks_from: str = ""
    """Where the ledger is older than its journal: since when it speaks."""


@dataclass
class _Examination:
    connection: Connection
    images: LastImages
    on_progress: Progress
    wanted: frozenset[int]
    total: int = 0
    done: int = 0
    hashes: dict[int, str] = field(default_factory=dict)
    last: Head = BEFORE_ALL
    milestones: dict[int, Head] = field(default_factory=dict)
    """For each step of links the last entry that a link may name."""
    deliveries: int = 0
    speaks_from: str = ""

    def step(self, count: int = 1) -> None:
        before, self.done = self.done, self.done + count
        if before // STEP != self.done // STEP:
            self.on_progress(min(self.done, self.total), self.total)

    def misfits(self) -> Iterator[Misfit]:
        self.total = sum(_count(self.connection, table) for table in (journal, delivery, event))
        yield from self._chain()
        for covered in COVERED.values():
            yield from self._rows(covered)
        yield from check_deliveries(self.connection, self.images, self.step_delivery)
        yield from self._events()
        if said := roster_fault(self.connection, self.images.roster):
            yield Misfit(None, said)

    def step_delivery(self) -> None:
        self.deliveries += 1
        self.step()

    def _chain(self) -> Iterator[Misfit]:
        query = sa.select(*raw_columns(journal)).order_by(journal.c.number).execution_options(yield_per=200)
        for row in self.connection.execute(query):
            yield from self._link(row)
            try:
                facts = json.loads(row.facts)
                yield from self._links(row, facts)
                self.images.take(row.number, facts)
                self.speaks_from = self.speaks_from or facts.get("speaks_from", "")
            except (ValueError, TypeError, KeyError, AttributeError, IndexError):
                yield Misfit(row.number, f"entry {row.number} cannot be read")
            yield from (self._alteration(one, row.number) for one in self.images.altered)
            self.step()
        head = head_of(self.connection)
        if head != self.last:
            yield Misfit(
                self.last.number + 1 if head.number > self.last.number else self.last.number,
                f"the journal ends with entry {self.last.number}, and its head says {head.number} with "
                f"hash {head.hash[:12]}…: entries were cut off, or put in past the head",
            )

    def _link(self, row: Any) -> Iterator[Misfit]:
        yield from (Misfit(self.last.number + 1, fault) for fault in link_faults(row, self.last))
        self.last = Head(row.number, row.hash)
        if row.number in self.wanted:
            self.hashes[row.number] = row.hash

    def _links(self, row: Any, facts: Mapping[str, Any]) -> Iterator[Misfit]:
        """What an entry names far back is the entry of that number."""
        steps = link_steps(row.number)
        named = {str(one.number): one.hash for step in steps if (one := self.milestones.get(step))}
        if row.kind == EntryKind.LINKED and facts != {"links": named}:
            yield Misfit(row.number, f"entry {row.number} names other entries than those of the journal, or says more")
        self.milestones |= dict.fromkeys(steps, self.last)

    def _rows(self, covered: CoveredTable) -> Iterator[Misfit]:
        for source, key, now, entry in self.images.differences(self.connection, covered):
            was = image_in(self.connection, entry, source, key)
            if now is None:
                said = f"entry {entry} has it, and it is gone"
            elif was:
                said = f"{_unlike(was, now)} is not as entry {entry} has it"
            else:
                said = "is there, and no entry has it so"
            yield Misfit(entry, f"{source} {key}: {said}")

    def _alteration(self, one: Altered, entry: int) -> Misfit:
        """What was edited before one of ours wrote into the row, whose entry has all of it as it then was."""
        was = lasting(one.source, image_in(self.connection, one.entry, one.source, one.key))
        names = _unlike(was, lasting(one.source, one.image))
        return Misfit(entry, f"{one.source} {one.key}: {names} is not as entry {one.entry} has it, and never changes")

    def _events(self) -> Iterator[Misfit]:
        said = self.images.intakes()
        for name, count, root in all_intakes(self.connection):
            self.step(count)
            events, right, entry = said.pop(name, (0, "", None))
            if entry is None:
                yield Misfit(None, f"event: {count} of them came in no request that an entry tells of")
            elif (events, right) != (count, root):
                yield Misfit(entry, f"event: the {events} that entry {entry} tells of are not as it has them")
        for _, (events, _, entry) in sorted(said.items(), key=lambda one: one[1][2]):
            yield Misfit(entry, f"event: the {events} that entry {entry} tells of are gone")


def examine_journal(
    read: Callable[[], AbstractContextManager[Connection]],
    on_progress: Progress = lambda *_: None,
    wanted: frozenset[int] = frozenset(),
) -> JournalExamined:
    """Everything that the journal speaks of; `wanted`: the entries whose hashes somebody else bears witness to."""
    with read() as connection, closing(LastImages()) as images:
        one = _Examination(connection, images, on_progress, wanted)
        misfits = sorted(one.misfits(), key=lambda found: (found.entry is None, found.entry or 0))
        found = one.last, one.last.number, one.deliveries, tuple(misfits), one.hashes
        return JournalExamined(*found, images.tags(), one.speaks_from)


def _count(connection: Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _unlike(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Which columns differ."""
    return ", ".join(sorted(name for name in {*was, *now} if was.get(name) != now.get(name))) or "something"

"""The rows on which all rests, beside what the journal says of them last: cheap enough for every run and `status`.

What is posted, told and waited for follows from a few rows alone. One that somebody wrote past Notifier would be a
silence or a lie by tomorrow: a notice set to `finished` of which nobody was told. `verify` looks at every other row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.audit import write_audit
from notifier.ledger.database import Database
from notifier.ledger.journal.covered_tables import COVERED, HELD
from notifier.ledger.journal.entries import note
from notifier.ledger.journal.foreign_triggers import foreign_triggers
from notifier.ledger.journal.last_images import key_of
from notifier.ledger.journal.roster_sum import roster_fault, taken_on
from notifier.ledger.journal.row_images import Image, default_of, image_of, raw_rows
from notifier.ledger.schema import SAID_ASIDE, UtcDateTime, journal, message, notice
from notifier.ledger.states import AuditAction
from notifier.notice.delivery import UNFINISHED
from notifier.proof.entry import BEFORE_ALL, EntryKind, Head

SHOWN = 40
"""So much of a value is named."""


class ForeignEdit(NamedTuple):
    """One row that is not as the journal has it last (`was`; None: it has none) but `now` (None: it is gone)."""

    source: str
    was: Image | None
    now: Image | None
    entry: int
    of_notice: str | None = None
    """The notice that it is, or that it is a letter of."""

    @property
    def is_lost(self) -> bool:
        """A long text, of which the journal has the hash alone: nobody can put it back."""
        if self.was is None or self.source != "message":
            return False
        return self.now is None or any(self.was[name] != self.now.get(name) for name in ("text", "html"))

    @property
    def name(self) -> str:
        """What people call it."""
        image = self.now or self.was or {}
        match self.source:
            case "posting":
                return str(image.get("tag"))
            case "notice":
                return f"notice {self.of_notice}"
            case "message":
                return f"letter {image.get('message_no')} of notice {self.of_notice}"
            case "decision":
                return f"decision on {str(image.get('commit_id'))[:7]}"
        return f"close call of {image.get('policy_id')}"

    def __str__(self) -> str:
        if self.was is None:
            return f"{self.name}: it is in the ledger, and no entry of the journal has it: another hand put it there"
        if self.now is None:
            return f"{self.name}: entry {self.entry} of the journal has it, and another hand took it out of the ledger"
        names = sorted(one for one in {*self.was, *self.now} if self.was.get(one) != self.now.get(one))
        said = ", ".join(f"{one} is {_shown(self.now, one)} and was {_shown(self.was, one)}" for one in names)
        return f"{self.name}: another hand changed it in the ledger since entry {self.entry} of its journal: {said}"


@dataclass
class HeldRows:
    """What the journal says last is read once and then further; the rows anew each time."""

    _db: Database
    _last: dict[tuple[str, str], tuple[Image | None, int]] = field(default_factory=dict)
    _tags: dict[str, str] = field(default_factory=dict)
    _roster: Mapping[str, Any] | None = None
    _read_up_to: Head = BEFORE_ALL

    def tags(self) -> dict[str, str]:
        """Each tag that was made in git, and as which object it was made last."""
        with self._db.read() as connection:
            self._read_on(connection)
        return self._tags

    def edits(self) -> tuple[ForeignEdit, ...]:
        """Every row of these tables that somebody wrote, changed or took away past Notifier."""
        with self._db.read() as connection:
            self._read_on(connection)
            return tuple(self._edits(connection))

    def notices(self) -> frozenset[str]:
        """Those of them that are notices: nothing of them is sent meanwhile; of none where something writes along."""
        if self.writing_along():
            with self._db.read() as connection:
                going = sa.select(notice.c.notice_id).where(notice.c.state.in_(UNFINISHED))
                return frozenset(connection.execute(going).scalars())
        return frozenset(one.of_notice for one in self.edits() if one.of_notice)

    def writing_along(self) -> tuple[str, ...]:
        """Triggers that somebody put into the database: whatever we write, they may change. Of a newer version's own
        nothing is known here."""
        with self._db.read() as connection:
            return () if self._db.is_beside_newer else tuple(foreign_triggers(connection))

    def roster_fault(self) -> str:
        """What of the roster is not as Notifier left it, in words for people: its rows are added up, a second or two
        for a million. Empty where all is."""
        with self._db.read() as connection:
            self._read_on(connection)
            return roster_fault(connection, self._roster)

    def take_roster_on(self, by: str, at: datetime, because: str) -> None:
        """A person says that the roster is right as it is, whoever made it so."""
        with self._db.write() as connection:
            note(connection, EntryKind.CORRECTED, {**taken_on(connection), "by": by, "because": because})
            write_audit(connection, AuditAction.RECOVERED, at=at, who=by, detail=f"the roster as it is: {because}")

    def drop_lost_letters(self, notice_id: str, by: str, at: datetime) -> None:
        """Those of a notice that was withdrawn before it began: nobody got them, and the next run writes them anew."""
        with self._db.write() as connection:
            mine = sa.select(notice.c.number).where(notice.c.notice_id == notice_id).scalar_subquery()
            connection.execute(sa.delete(message).where(message.c.notice_no == mine))
            note(connection, EntryKind.CORRECTED, {"letters_dropped_of": notice_id, "by": by})
            write_audit(connection, AuditAction.RECOVERED, at=at, who=by, detail=f"letters of {notice_id} dropped")

    def settle_before(self, notice_id: str, by: str, at: datetime, *, stops: bool) -> tuple[str, ...]:
        """Before a person's word on a notice, which would make the other hand's writing our own: none is taken, unless
        it `stops` the notice, which waits for nothing; what was put back first. Raises `Refused`."""
        found = [one for one in self.edits() if one.of_notice == notice_id]
        if found and not stops:
            raise Refused(f"{found[0]}; notifier recover puts it back")
        return self.put_back(by, at) if found else ()

    def put_back(self, by: str, at: datetime) -> tuple[str, ...]:
        """Have the ledger again what its journal says; what was put back, in lines for people."""
        found = [one for one in self.edits() if not one.is_lost]
        if not found:
            return ()
        lines = tuple(f"{one}: put back" for one in found)
        with self._db.write() as connection:
            for edit in sorted(found, key=_by_what_it_leads_to):
                _put_back(connection, edit)
            note(connection, EntryKind.CORRECTED, {"put_back": list(lines), "by": by})
            for line in lines:
                write_audit(connection, AuditAction.RECOVERED, at=at, who=by, detail=line)
        return lines

    def _read_on(self, connection: Connection) -> None:
        if not self._is_the_same(connection):  # a copy was brought back meanwhile
            self._last.clear()
            self._tags.clear()
            self._roster = None
            self._read_up_to = BEFORE_ALL
        columns = (journal.c.number, journal.c.hash, journal.c.facts)
        query = sa.select(*columns).where(SAID_ASIDE, journal.c.number > self._read_up_to.number)
        for number, proof, written in connection.execute(query.order_by(journal.c.number)):
            self._take(number, _facts(written))
            self._read_up_to = Head(number, proof)

    def _is_the_same(self, connection: Connection) -> bool:
        query = sa.select(journal.c.hash).where(journal.c.number == self._read_up_to.number)
        return self._read_up_to == BEFORE_ALL or connection.execute(query).scalar() == self._read_up_to.hash

    def _take(self, number: int, facts: Mapping[str, Any]) -> None:
        rows, gone = facts.get("rows", {}), facts.get("gone", {})
        for source in HELD:
            for image in rows.get(source, ()):
                self._last[source, key_of(source, image)] = image, number
            for key in gone.get(source, ()):
                self._last[source, key_of(source, key)] = None, number
        self._roster = facts.get("roster", self._roster)
        if "git_tag" in facts:
            self._tags[facts["git_tag"]] = facts["object_id"]

    def _edits(self, connection: Connection) -> Iterator[ForeignEdit]:
        ids = dict(map(tuple, connection.execute(sa.select(notice.c.number, notice.c.notice_id))))
        open_ones = connection.execute(sa.select(notice.c.number).where(notice.c.state.in_(UNFINISHED))).scalars().all()
        left = {
            place: last for place, last in self._last.items() if place[0] != "message" or _number(last[0]) in open_ones
        }
        for source in HELD:
            of_open = () if source != "message" else (message.c.notice_no.in_(open_ones),)
            for row in raw_rows(connection, COVERED[source].table, *of_open):
                now = image_of(COVERED[source], row)
                was, entry = left.pop((source, key_of(source, now)), (None, 0))
                if was != now:
                    yield ForeignEdit(source, was, now, entry, ids.get(_number(now)))
        for (source, _), (was, entry) in left.items():
            if was is not None:
                yield ForeignEdit(source, was, None, entry, ids.get(_number(was)) or was.get("notice_id"))


def _facts(written: str) -> dict[str, Any]:
    """Nothing of an entry that cannot be read: that is told by the look at the chain."""
    try:
        facts = json.loads(written)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _number(image: Image | None) -> int:
    """Of the notice that a row is, or is a letter of; 0 where it is neither."""
    said = image or {}
    return int(said["number"] if "notice_id" in said else said.get("notice_no", 0) if "message_no" in said else 0)


def _shown(image: Image, name: str) -> str:
    said = str(image.get(name, "not set"))
    return said if len(said) <= SHOWN else f"{said[:SHOWN]}…"


def _by_what_it_leads_to(edit: ForeignEdit) -> tuple[bool, bool]:
    """A notice comes before the postings that name it, and goes after them."""
    goes = edit.was is None
    return goes, (edit.source == "notice") == goes


def _put_back(connection: Connection, edit: ForeignEdit) -> None:
    covered = COVERED[edit.source]
    known = edit.was or edit.now or {}
    here = [covered.table.c[name] == _value(covered.table.c[name], known[name]) for name in covered.key]
    if edit.was is None:
        connection.execute(sa.delete(covered.table).where(*here))
        return
    values = {column.name: _value(column, edit.was.get(column.name)) for column in covered.table.columns}
    said = {name: value for name, value in values.items() if value is not None or edit.now is not None}
    if edit.now is None:
        connection.execute(sa.insert(covered.table).values(said))
    else:
        by_value = {name: value for name, value in said.items() if name not in covered.by_hash}
        connection.execute(sa.update(covered.table).where(*here).values(by_value))


def _value(column: sa.Column[Any], said: Any) -> Any:
    """What an image says of a column, as the database takes it; what it does not say is the column's default."""
    if said is None:
        return default_of(column)
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(said)
    return date.fromisoformat(said) if isinstance(column.type, sa.Date) else said

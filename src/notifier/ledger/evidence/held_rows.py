"""The rows on which all rests, beside what the journal says of them last: cheap enough for every run and `status`.

What is posted, told and waited for follows from a few rows alone. One that somebody wrote past Notifier would be a
silence or a lie by tomorrow: a notice set to `finished` of which nobody was told. So would a batch, or an attempt, of a
notice that is going out: they are looked at while it does, and before it ends. `verify` looks at every other row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.audit import write_audit
from notifier.ledger.database import Database
from notifier.ledger.evidence.claimed_batches import since_frozen
from notifier.ledger.journal.covered_tables import COVERED, HELD
from notifier.ledger.journal.entries import note
from notifier.ledger.journal.foreign_triggers import foreign_triggers
from notifier.ledger.journal.last_images import ForeignRow, LastImages, image_in
from notifier.ledger.journal.roster_sum import roster_fault, taken_on
from notifier.ledger.journal.row_images import Image, default_of
from notifier.ledger.rows import number_and_state
from notifier.ledger.schema import SAID_ASIDE, UtcDateTime, batch, journal, message, notice
from notifier.ledger.states import OPEN_BATCHES, AuditAction
from notifier.notice.delivery import UNFINISHED, NoticeState
from notifier.proof.entry import BEFORE_ALL, EntryKind, Head

SHOWN = 40
"""So much of a value is named."""
SENT = ("batch", "attempt")
MOST_BATCHES = 10_000
"""Of a notice with more (letters over SMTP are one each) these are looked at when it ends, and by `verify`: a second or
two here, each time that anybody asks."""


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
            case "batch":
                return f"batch {image.get('batch_no')} of notice {self.of_notice}"
            case "attempt":
                return f"attempt {image.get('n')} of batch {image.get('batch_no')} of notice {self.of_notice}"
        return f"close call of {image.get('policy_id')}"

    def __str__(self) -> str:
        if self.was is None:
            return f"{self.name}: it is in the ledger, and no entry of the journal has it: another hand put it there"
        if self.now is None:
            return f"{self.name}: entry {self.entry} of the journal has it, and another hand took it out of the ledger"
        names = sorted(one for one in {*self.was, *self.now} if self.was.get(one) != self.now.get(one))
        said = ", ".join(f"{one} is {_shown(self.now, one)} and was {_shown(self.was, one)}" for one in names)
        return f"{self.name}: another hand changed it in the ledger since entry {self.entry} of its journal: {said}"


class _LastWord:
    """What the journal says last of some tables, read once and then further; `of_notice`: of that one's rows."""

    def __init__(
        self, among: sa.ColumnElement[bool] | sa.TextClause, tables: tuple[str, ...], of_notice: int | None = None
    ) -> None:
        self._among, self._tables, self._of_notice = among, tables, of_notice
        self._images, self._up_to = LastImages(), BEFORE_ALL

    def read_on(self, connection: Connection) -> LastImages:
        """Anew where a copy was brought back meanwhile."""
        known = sa.select(journal.c.hash).where(journal.c.number == self._up_to.number)
        if self._up_to != BEFORE_ALL and connection.execute(known).scalar() != self._up_to.hash:
            self.close()
            self._images, self._up_to = LastImages(), BEFORE_ALL
        columns = (journal.c.number, journal.c.hash, journal.c.facts)
        query = sa.select(*columns).where(self._among, journal.c.number > self._up_to.number)
        for number, proof, written in connection.execute(query.order_by(journal.c.number)):
            self._images.take(number, self._picked(_facts(written)))
            self._up_to = Head(number, proof)
        return self._images

    def _picked(self, facts: dict[str, Any]) -> dict[str, Any]:
        rows, gone = ({name: facts.get(part, {}).get(name, ()) for name in self._tables} for part in ("rows", "gone"))
        if self._of_notice is not None:
            rows = {name: [one for one in rows[name] if one["notice_no"] == self._of_notice] for name in rows}
        return {**facts, "rows": rows, "gone": gone}

    def close(self) -> None:
        self._images.close()


class HeldRows:
    """What the journal says last is read once and then further; the rows anew each time."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._words: dict[int | None, _LastWord] = {}
        """Of the sending of each notice that goes out, and of the tables that are held always."""

    def tags(self) -> dict[str, str]:
        """Each tag that was made in git, and as which object it was made last."""
        with self._db.read() as connection:
            return {name: object_id for name, (object_id, _) in self._held(connection).tags().items()}

    def edits(self) -> tuple[ForeignEdit, ...]:
        """Every row of these tables that somebody wrote, changed or took away past Notifier."""
        with self._db.read() as connection:
            return tuple(self._edits(connection))

    def sending_fault(self, notice_id: str) -> str:
        """Before a notice ends: which of its batches and attempts somebody wrote past Notifier, in words for people;
        empty where none, or where it does not end yet."""
        with self._db.read() as connection:
            number, state = number_and_state(connection, notice_id)
            still = sa.exists().where(batch.c.notice_no == number, batch.c.state.in_(OPEN_BATCHES))
            if state is not NoticeState.SENDING or connection.execute(sa.select(still)).scalar():
                return ""
            return next((str(_edit(connection, one, notice_id)) for one in self._of_sending(connection, number)), "")

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
            return roster_fault(connection, self._held(connection).roster)

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

    def close(self) -> None:
        """Read anew where somebody asks again."""
        for one in self._words.values():
            one.close()
        self._words.clear()

    def _held(self, connection: Connection) -> LastImages:
        if None not in self._words:
            self._words[None] = _LastWord(SAID_ASIDE, HELD)
        return self._words[None].read_on(connection)

    def _edits(self, connection: Connection) -> Iterator[ForeignEdit]:
        held, number = self._held(connection), notice.c.number
        ids = dict(map(tuple, connection.execute(sa.select(number, notice.c.notice_id))))
        going = sa.select(number, notice.c.frozen_at).where(notice.c.state.in_(UNFINISHED)).order_by(number)
        open_ones = dict(map(tuple, connection.execute(going)))
        for source in HELD:
            of_open = () if source != "message" else (message.c.notice_no.in_(open_ones),)
            for one in held.differences(connection, COVERED[source], *of_open):
                if source != "message" or json.loads(one.key)[0] in open_ones:
                    edit = _edit(connection, one)
                    of = ids.get(_number(edit.now or edit.was)) or (edit.was or {}).get("notice_id")
                    yield edit._replace(of_notice=of)
        of_batches = sa.select(batch.c.notice_no).group_by(batch.c.notice_no).having(sa.func.count() > MOST_BATCHES)
        too_many = set(connection.execute(of_batches.where(batch.c.notice_no.in_(open_ones))).scalars())
        for of in (one for one, frozen_at in open_ones.items() if frozen_at and one not in too_many):
            yield from (_edit(connection, one, ids[of]) for one in self._of_sending(connection, of))

    def _of_sending(self, connection: Connection, number: int) -> Iterator[ForeignRow]:
        if self._db.is_beside_newer:  # whose columns nothing is known of here
            return
        if number not in self._words:
            frozen = min((tree.entry for tree in self._held(connection).trees(number)), default=0)
            told = sa.or_(*(journal.c.facts.contains(f'"{name}":[') for name in SENT))
            self._words[number] = _LastWord(sa.and_(since_frozen(frozen), told), SENT, number)
        images = self._words[number].read_on(connection)
        for name in SENT:
            table = COVERED[name].table
            yield from images.differences(connection, COVERED[name], table.c.notice_no == number)


def _edit(connection: Connection, one: ForeignRow, of_notice: str | None = None) -> ForeignEdit:
    was = image_in(connection, one.entry, one.source, one.key) or None
    return ForeignEdit(one.source, was, one.now, one.entry or 0, of_notice)


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

"""The journal: what the ledger says, chained entry by entry, appended in the transaction of what it tells of.

Nothing here changes an entry or takes one away. On PostgreSQL the row of the head is locked until the transaction
ends, so that two never follow the same entry: append last, after every other write of the transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.engine import Connection

from notifier.errors import LedgerError
from notifier.ledger.schema import SAID_ASIDE, journal, journal_head
from notifier.proof.canonical_json import Facts, canonical
from notifier.proof.entry import BEFORE_ALL, Entry, EntryKind, Head, following, hash_of, instant, links_of

PAGE = 1_000
INSERT = "INSERT INTO journal (number, kind, at, facts, previous, hash) VALUES (?, ?, ?, ?, ?, ?)"
MOVE_HEAD = "UPDATE journal_head SET number = ?, hash = ? WHERE line = 1"
BOTH = f"WITH head AS ({MOVE_HEAD}) {INSERT}"
"""On PostgreSQL in one way to the server."""
HEAD = "SELECT number, hash FROM journal_head WHERE line = 1"
HASH = "SELECT hash FROM journal WHERE number = ?"
NOTED = "noted"
"""What a connection has to say of its transaction."""
FIRST_HEAD = sa.text(
    "INSERT INTO journal_head (line, number, hash) VALUES (1, :number, :hash) ON CONFLICT DO NOTHING RETURNING line"
)


@dataclass(frozen=True)
class Journal:
    """Read here; written by each part of the ledger."""

    _read: Callable[[], AbstractContextManager[Connection]]
    _write: Callable[[], AbstractContextManager[Connection]]

    def tagged(self, name: str, object_id: str) -> None:
        """A tag stands in git as this object: who makes another of this name later is found out."""
        with self._write() as connection:
            note(connection, EntryKind.TAGGED, {"git_tag": name, "object_id": object_id})

    def after(self, number: int) -> tuple[int, int]:
        """How many entries came after this one, and in how many of them somebody accepted something."""
        accepted = sa.func.count(sa.case((journal.c.kind == EntryKind.ACCEPTED, 1)))
        with self._read() as connection:
            found = connection.execute(sa.select(sa.func.count(), accepted).where(journal.c.number > number)).one()
        return int(found[0]), int(found[1])

    def restored(self, facts: Facts) -> Head:
        """The ledger was brought back from a copy; `lost` are the entries that git has seen and the copy lacks.

        The head with that entry, for git to bear witness to: what only the ledger says, whoever writes there can say.
        """
        with self._write() as connection:
            note(connection, EntryKind.RESTORED, facts)
        return self.restorations()[-1].head

    def head(self) -> Head:
        """How far it goes, as the head's own row says."""
        with self._read() as connection:
            return head_of(connection)

    def entry(self, number: int) -> Entry | None:
        """The entry with this number, if there is one."""
        with self._read() as connection:
            row = connection.execute(sa.select(journal).where(journal.c.number == number)).first()
        return None if row is None else _entry(row)

    def goes_on_after(self, number: int) -> bool:
        """Does any entry after this one tell of more than of the journal itself?"""
        of_itself = journal.c.kind.in_((EntryKind.ANCHORED, EntryKind.LINKED))
        query = sa.select(sa.exists().where(journal.c.number > number, sa.not_(of_itself)))
        with self._read() as connection:
            return bool(connection.execute(query).scalar())

    def hashes(self, numbers: Iterable[int]) -> dict[int, str]:
        """Of these entries, as many as there are."""
        wanted, found = sorted(set(numbers)), dict[int, str]()
        for start in range(0, len(wanted), PAGE):
            query = sa.select(journal.c.number, journal.c.hash).where(
                journal.c.number.in_(wanted[start : start + PAGE])
            )
            with self._read() as connection:
                found.update((row.number, row.hash) for row in connection.execute(query))
        return found

    def restorations(self) -> tuple[Entry, ...]:
        """Each time that the ledger was brought back from a copy."""
        query = sa.select(journal).where(journal.c.kind == EntryKind.RESTORED, SAID_ASIDE).order_by(journal.c.number)
        with self._read() as connection:
            return tuple(map(_entry, connection.execute(query)))

    def tail_fault(self) -> str:
        """What does not fit in its last thousand entries and their head, in one line; empty where all does."""
        with self._read() as connection:
            head = head_of(connection)
            rows = connection.execute(sa.select(journal).order_by(journal.c.number.desc()).limit(PAGE)).all()
        last = Head(rows[0].number, rows[0].hash) if rows else BEFORE_ALL
        if last != head:
            return (
                f"it ends with entry {last.number}, and its head says {head}: entries were cut off, put in or changed"
            )
        heads = [Head(row.number, row.hash) for row in rows[1:]] + [BEFORE_ALL] * (len(rows) < PAGE)
        pairs = reversed(list(zip(rows, heads, strict=False)))
        return next((fault for row, before in pairs for fault in link_faults(row, before)), "")

    def entries(self, first: int = 1, last: int | None = None) -> Iterator[Entry]:
        """From `first` to `last`, both of them among these, in order, a page at a time."""
        end = self.head().number if last is None else last
        for start in range(first, end + 1, PAGE):
            query = sa.select(journal).where(journal.c.number.between(start, min(start + PAGE - 1, end)))
            with self._read() as connection:
                rows = connection.execute(query.order_by(journal.c.number)).all()
            yield from map(_entry, rows)


def append(connection: Connection, kind: EntryKind, facts: Facts, at: datetime) -> Entry:
    """Write one more entry, within the caller's transaction: it stands or falls with what it tells of."""
    return append_written(connection, kind, canonical(facts), at)


def append_written(connection: Connection, kind: EntryKind, written: str, at: datetime) -> Entry:
    """The same of facts that are canonical JSON already. Where the number after it is one for links, they follow."""
    entry = _added(connection, following(_locked_head(connection), kind, written, at))
    if numbers := links_of(entry.number + 1):
        links = canonical({"links": _hashes(connection, numbers)})
        _added(connection, following(entry.head, EntryKind.LINKED, links, at))
    return entry


def _added(connection: Connection, entry: Entry) -> Entry:
    values = (entry.number, entry.kind.value, instant(entry.at), entry.written, entry.previous, entry.hash)
    if connection.dialect.name == "postgresql":
        by_driver(connection, BOTH, (entry.number, entry.hash, *values))
    else:
        by_driver(connection, INSERT, values)
        by_driver(connection, MOVE_HEAD, (entry.number, entry.hash))
    return entry


def _hashes(connection: Connection, numbers: Iterable[int]) -> dict[str, str]:
    """By their numbers, of those that are there."""
    found = ((number, by_driver(connection, HASH, (number,)).fetchone()) for number in numbers)
    return {str(number): row[0] for number, row in found if row}


def by_driver(connection: Connection, sql: str, values: tuple[Any, ...] = (), **options: int) -> Any:
    """A statement that is run for every batch, or has a row for every recipient.

    What SQLAlchemy does to run a small one is the most on SQLite, and half of it on PostgreSQL; what it makes of a row
    costs as much as to hash it. `?` is a value. Gives rows to iterate over, and has `fetchone`, `fetchmany` and
    `fetchall`.
    """
    said = sql if connection.dialect.name == "sqlite" else sql.replace("?", "%s") if values else sql
    if options:
        return connection.exec_driver_sql(said, values or None, execution_options=options)
    driver: Any = connection.connection.driver_connection
    return driver.execute(said, values) if values else driver.execute(said)


def written_out(query: sa.Select[Any], dialect: str) -> str:
    """As its driver takes it, with what it asks for in it."""
    of: Any = registry.load(dialect)
    return str(query.compile(dialect=of(), compile_kwargs={"literal_binds": True})).replace("%%", "%")


def note(connection: Connection, kind: EntryKind, facts: Facts) -> None:
    """Say more of this transaction than its rows do: in the entry that it will leave, which is of this kind then."""
    noted = connection.info.setdefault(NOTED, (kind, {}))
    noted[1].update(facts)


def head_of(connection: Connection) -> Head:
    """The journal's head as this transaction sees it."""
    row = connection.execute(sa.select(journal_head).where(journal_head.c.line == 1)).first()
    return BEFORE_ALL if row is None else Head(row.number, row.hash)


def _locked_head(connection: Connection) -> Head:
    query = HEAD if connection.dialect.name == "sqlite" else f"{HEAD} FOR UPDATE"
    row = by_driver(connection, query).fetchone()
    if row is None:
        _begin(connection)
        row = by_driver(connection, query).fetchone()
    return Head(*row)


def _begin(connection: Connection) -> None:
    """Whoever begins at the same moment waits here for the other, and follows them."""
    first = connection.execute(FIRST_HEAD, {"number": BEFORE_ALL.number, "hash": BEFORE_ALL.hash}).first()
    if first and connection.execute(sa.select(sa.exists().select_from(journal))).scalar():
        raise LedgerError("the journal's head is gone from the ledger; restore it from a copy")


def link_faults(row: Any, before: Head) -> Iterator[str]:
    """Why a row is not the entry that follows the one `before`: whoever changed it may have written what is none."""
    number = before.number + 1
    if row.number != number:
        yield f"entry {number} is missing: after {before.number} comes {row.number}"
    elif row.previous != before.hash:
        yield f"entry {number} does not continue the one before it"
    try:
        is_right = row.hash == hash_of(row.number, row.at, row.kind, row.facts, row.previous)
    except (ValueError, TypeError):
        is_right = False
    if not is_right:
        yield f"entry {row.number} ({row.kind}) has another hash than what it says"


def _entry(row: Any) -> Entry:
    at = datetime.fromisoformat(row.at)
    return Entry(row.number, EntryKind(row.kind), at, row.facts, row.previous, row.hash)

"""What the journal says last of every row, gathered in a file of its own while its entries are read, one by one.

A file that the system takes away by itself, so that memory stays flat however much a journal says.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from array import array
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.journal.covered_tables import COVERED, SALT, CoveredTable
from notifier.ledger.journal.row_images import SEALED, Image, image_of, raw_rows
from notifier.ledger.journal.runs_of_rows import each_batch
from notifier.ledger.schema import journal
from notifier.proof.canonical_json import canonical_row

SCRIPT = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8192;
CREATE TABLE image (source TEXT, key TEXT, digest BLOB, entry INT, PRIMARY KEY (source, key)) WITHOUT ROWID;
CREATE TABLE first (source TEXT, key TEXT, digest BLOB, entry INT, PRIMARY KEY (source, key)) WITHOUT ROWID;
CREATE TABLE run (notice INT, message INT, first INT, last INT, status TEXT, reason TEXT, twice INT, entry INT);
CREATE INDEX run_place ON run (notice, message);
CREATE TABLE tree (notice INT, message INT, first INT, last INT, root TEXT, entry INT);
CREATE TABLE erased (notice INT, message INT, seq INT, image TEXT, entry INT, PRIMARY KEY (notice, message, seq));
CREATE TABLE intake (name TEXT PRIMARY KEY, events INT, root TEXT, entry INT);
CREATE TABLE tag (name TEXT PRIMARY KEY, object_id TEXT, entry INT);
CREATE TABLE retired (notice INT PRIMARY KEY, entry INT);
CREATE TABLE found (key TEXT PRIMARY KEY) WITHOUT ROWID;
"""
IMAGE = "INSERT OR REPLACE INTO image VALUES (?, ?, ?, ?)"
KNOWN = "SELECT digest, entry FROM image WHERE source = ? AND key = ?"
COUNT = "SELECT count(*) FROM image WHERE source = ? AND digest IS NOT NULL"
LOST = "SELECT key, entry FROM image WHERE source = ? AND digest IS NOT NULL AND key NOT IN found ORDER BY entry"
NOTHING_SAID = (None, None, False)
"""The state of a recipient who simply follows their batch."""


class Tree(NamedTuple):
    """Recipients of one message that were frozen together, and which entry says so."""

    message_no: int
    first: int
    last: int
    root: str
    entry: int


class Misfit(NamedTuple):
    """A line for people, and the number of the first entry that does not fit; None where none tells of it."""

    entry: int | None
    says: str


class ForeignRow(NamedTuple):
    """A row that is `now` (None: gone) and that the last entry to tell of it has otherwise; None where none does."""

    source: str
    key: str
    now: Image | None
    entry: int | None


class Altered(NamedTuple):
    """A row that an entry has otherwise than the one that told of it first, where nothing of ours changes it: somebody
    did between the two, and the next one that wrote something else into the row has it like that."""

    source: str
    key: str
    image: Mapping[str, Any]
    entry: int
    """The first one."""


class LastImages:
    """Filled by `take`, one entry after another."""

    def __init__(self) -> None:
        self.altered: list[Altered] = []
        """Of the entry that was taken last."""
        self.roster: Mapping[str, Any] | None = None
        """What was said of it last."""
        self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)  # kept for whoever looks next
        self._file.executescript(SCRIPT)
        self._file.execute("BEGIN")

    def take(self, number: int, facts: Mapping[str, Any]) -> None:
        """What one more entry says of rows."""
        rows = dict(facts.get("rows", {}))
        runs = [*rows.pop("delivery", ()), *facts.get("held_back", ())]
        erased = rows.pop("erased", ())
        self.altered = []
        for source, images in rows.items():
            each = (one for run in images for one in each_batch(run)) if source == "batch" else images
            self._file.executemany(IMAGE, ((source, key_of(source, one), digest(one), number) for one in each))
            if source in COVERED and COVERED[source].changes is not None:
                self.altered += [found for one in images if (found := self._altered(source, one, number))]
        for source, keys in facts.get("gone", {}).items():
            gone = [(source, key_of(source, one)) for one in keys]
            self._file.executemany(IMAGE, ((*one, None, number) for one in gone))
            self._file.executemany("DELETE FROM first WHERE source = ? AND key = ?", gone)
        self._file.executemany("INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?)", ([*run, number] for run in runs))
        self._file.executemany(
            "INSERT OR REPLACE INTO erased VALUES (?, ?, ?, ?, ?)",
            ([*one[:3], canonical_row(one[3:]), number] for one in erased),
        )
        for tree in facts.get("trees", ()):
            place = facts["notice_no"], tree["message_no"], tree["first"], tree["last"], tree["root"], number
            self._file.execute("INSERT INTO tree VALUES (?, ?, ?, ?, ?, ?)", place)
        if "intake" in facts:
            values = facts["intake"], facts["events"], facts["root"], number
            self._file.execute("INSERT OR REPLACE INTO intake VALUES (?, ?, ?, ?)", values)
        if "git_tag" in facts:
            made = facts["git_tag"], facts["object_id"], number
            self._file.execute("INSERT OR REPLACE INTO tag VALUES (?, ?, ?)", made)
        self.roster = facts.get("roster", self.roster)
        for notice_no in facts.get("retired", ()):
            self._file.execute("INSERT OR REPLACE INTO retired VALUES (?, ?)", (notice_no, number))

    def _altered(self, source: str, image: Mapping[str, Any], number: int) -> Altered | None:
        key, kept = key_of(source, image), digest(lasting(source, image))
        query = "SELECT digest, entry FROM first WHERE source = ? AND key = ?"
        first: tuple[bytes, int] | None = self._file.execute(query, (source, key)).fetchone()
        if first is None:
            self._file.execute("INSERT INTO first VALUES (?, ?, ?, ?)", (source, key, kept, number))
        return Altered(source, key, image, first[1]) if first and first[0] != kept else None

    def differences(
        self, connection: Connection, covered: CoveredTable, *among: sa.ColumnElement[bool]
    ) -> Iterator[ForeignRow]:
        """The rows of a table that are not as the journal has them; `among`: only of these is it asked."""
        source, matched = covered.name, 0
        for row in raw_rows(connection, covered.table, *among):
            now = image_of(covered, row)
            key = key_of(source, now)
            was, entry = self._file.execute(KNOWN, (source, key)).fetchone() or (None, None)
            matched += was is not None
            if was is None or was != digest(now):
                yield ForeignRow(source, key, now, entry)
        if matched != self._file.execute(COUNT, (source,)).fetchone()[0]:
            found = (key_of(source, image_of(covered, row)) for row in raw_rows(connection, covered.table, *among))
            self._file.execute("DELETE FROM found")
            self._file.executemany("INSERT OR IGNORE INTO found VALUES (?)", ((key,) for key in found))
            for key, entry in self._file.execute(LOST, (source,)):
                yield ForeignRow(source, key, None, entry)

    def notices(self) -> set[int]:
        """Those with recipients in a tree."""
        return {row[0] for row in self._file.execute("SELECT DISTINCT notice FROM tree")}

    def trees(self, notice_no: int) -> list[Tree]:
        """In the order of messages and recipients."""
        query = "SELECT message, first, last, root, entry FROM tree WHERE notice = ? ORDER BY message, first"
        return [Tree(*row) for row in self._file.execute(query, (notice_no,))]

    def states(
        self, notice_no: int, message_no: int, size: int
    ) -> tuple[list[tuple[Any, ...]], array[int], array[int]]:
        """The states there are, of each recipient which one, and in which entry."""
        known: dict[tuple[Any, ...], int] = {NOTHING_SAID: 0}
        which, entries = array("H", bytes(2 * (size + 1))), array("L", bytes(array("L").itemsize * (size + 1)))
        query = (
            "SELECT first, last, status, reason, twice, entry FROM run WHERE notice = ? AND message = ? ORDER BY rowid"
        )
        for first, last, status, reason, twice, entry in self._file.execute(query, (notice_no, message_no)):
            end = min(last, size)
            count = end - first + 1
            if count > 0:
                number = known.setdefault((status, reason, bool(twice)), len(known))
                which[first : end + 1] = array("H", [number]) * count
                entries[first : end + 1] = array("L", [entry]) * count
        return list(known), which, entries

    def erased(self, notice_no: int, message_no: int, seq: int) -> tuple[str, int] | None:
        """What is left of a person, as canonical JSON, and which entry says so."""
        query = "SELECT image, entry FROM erased WHERE notice = ? AND message = ? AND seq = ?"
        found: tuple[str, int] | None = self._file.execute(query, (notice_no, message_no, seq)).fetchone()
        return found

    def intakes(self) -> dict[str, tuple[int, str, int]]:
        """Of each request of a provider how many events, their root, and which entry says so."""
        return {row[0]: row[1:] for row in self._file.execute("SELECT name, events, root, entry FROM intake")}

    def tags(self) -> dict[str, tuple[str, int]]:
        """Each tag that was made in git: what object it was, and which entry says so."""
        return {row[0]: row[1:] for row in self._file.execute("SELECT name, object_id, entry FROM tag")}

    def retired(self) -> dict[int, int]:
        """Notices whose recipients went when their time was over, with the entry."""
        return dict(self._file.execute("SELECT notice, entry FROM retired").fetchall())

    def close(self) -> None:
        self._file.close()


def key_of(source: str, image: Mapping[str, Any]) -> str:
    """What a row is known by, from its image, in one text."""
    covered = COVERED.get(source)
    return canonical_row([image.get(name) for name in (covered.key if covered else sorted(image))])


_OWN = {name: frozenset(one.table.c.keys()) for name, one in COVERED.items()}
"""The columns that this version knows by itself."""


def lasting(source: str, image: Mapping[str, Any]) -> dict[str, Any]:
    """What nothing of ours changes in a row of this table while it is there, but for the erasure of a person.

    Of the columns of a newer version, which works beside this one, nobody here can know.
    """
    covered = COVERED[source]
    passing = {*(covered.changes or ()), *covered.sealed, SEALED, *((SALT,) if covered.sealed else ())}
    return {name: value for name, value in image.items() if name in _OWN[source] and name not in passing}


def digest(image: Mapping[str, Any]) -> bytes | None:
    """None where a value is no JSON: nobody of us wrote it."""
    try:
        return hashlib.sha256(canonical_row(image).encode()).digest()[:16]
    except (TypeError, ValueError):
        return None


def image_in(connection: Connection, entry: int | None, source: str, key: str) -> Image:
    """What an entry says of one row; empty where it says nothing."""
    written = connection.execute(sa.select(journal.c.facts).where(journal.c.number == entry)).scalar() or "{}"
    lines = json.loads(written).get("rows", {}).get(source, ())
    each = chain.from_iterable(map(each_batch, lines)) if source == "batch" else lines
    return next((one for one in each if key_of(source, one) == key), {})

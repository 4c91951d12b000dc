"""What the journal says of the rows in evidence, and the way from there to its head, for somebody without the ledger.

Entries that tell of these rows are given whole. From the head of today the hashes lead back to each of them, past most
of those between by links; of an entry on the way only place, kind, time and the hash of what it says are given, which
is all that its own hash needs. One recipient, and one event, are shown to be leaves of their trees.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.asked.told import Row, ToldNotice
from notifier.ledger.database import LedgerPart
from notifier.ledger.journal.covered_tables import COVERED
from notifier.ledger.journal.entries import by_driver, head_of
from notifier.ledger.journal.event_trees import EVENTS, event_leaf
from notifier.ledger.journal.recipient_trees import ROWS, leaf_of
from notifier.ledger.journal.row_images import image_of
from notifier.ledger.schema import event, journal
from notifier.proof.canonical_json import canonical, sha256_hex
from notifier.proof.entry import EntryKind, links_of
from notifier.proof.merkle_tree import GrowingTree, inclusion_proof

BLOCK = GrowingTree.__dataclass_fields__["block"].default
MOST_LINES = 2_000
"""From one entry to the next: where older ones have no links, a longer way is left to the ledger's own `verify`."""

Proof = dict[str, Any]
Entries = Mapping[int, Any]
"""Rows of the journal by their numbers."""


class JournalProofs(LedgerPart):
    """What shows that the journal holds what evidence says."""

    def entries(self, told: Sequence[ToldNotice], more: Iterable[tuple[str, Row]] = ()) -> Entries:
        """Those that tell of these notices; `more`: rows that are in no notice, each with its table."""
        rows = [*more, *((table, row) for one in told for table, row in rows_of(one))]
        intakes = [f'"intake":"{intake}"' for intake in sorted(_intakes(told))]
        needles = [*(image_text(table, row) for table, row in rows), *intakes]
        with self._db.read() as connection:
            found = _containing(connection, needles), _of_freezing(connection, told), _of_status(connection, told)
            return {row.number: row for row in chain.from_iterable(found)}

    def of(self, told: Sequence[ToldNotice], entries: Entries, heads: Iterable[int] = ()) -> Proof:
        """Chain and the places of leaves; empty where the journal says nothing of any of it.

        `heads`: entries that somebody else bears witness to, which the chain leads past.
        """
        if not entries:
            return {}
        with self._db.read() as connection:
            return {
                "chain": _chain(connection, entries, heads),
                "head": head_of(connection).hash,
                "recipients": list(_recipients(connection, told, entries)),
                "events": list(_event_places(connection, told, entries)),
            }


def image_text(table: str, row: Row) -> str:
    """A row as the journal writes it; of a report, whose events are other people's too, their hash is in the row."""
    if table == "report":
        return canonical(row)
    covered = COVERED[table]
    return canonical(image_of(covered, [row.get(column.name) for column in covered.table.columns]))


def key_of(table: str, row: Mapping[str, Any]) -> str:
    """What a row, or its image, is known by."""
    return "/".join(str(row.get(name)) for name in COVERED[table].key)


def event_leaf_of(said: Mapping[str, Any]) -> bytes:
    """The leaf of an event as evidence says it."""
    return event_leaf([said.get(column.name) for column in event.columns])


def rows_of(told: ToldNotice) -> Iterator[tuple[str, Row]]:
    """Every row of a notice that the journal tells of one by one, with the name of its table."""
    yield "notice", told.notice
    for table, rows in (
        ("posting", told.postings),
        ("decision", told.decisions),
        ("message", told.messages),
        ("letterhead", told.letterheads),
        ("attempt", told.attempts),
        ("audit", told.audit),
    ):
        yield from ((table, row) for row in rows)
    reports = {one["report"]["number"]: one["report"] for one in told.events if "report" in one}
    yield from (("report", row) for row in reports.values())


def _containing(connection: Connection, needles: Sequence[str]) -> Iterator[Any]:
    """The newest entry that says each of these."""
    place = sa.func.instr if connection.dialect.name == "sqlite" else sa.func.strpos
    wanted = set(needles)
    for start in range(0, len(needles), 100):
        some = [place(journal.c.facts, needle) > 0 for needle in needles[start : start + 100]]
        for row in connection.execute(sa.select(journal).where(sa.or_(*some)).order_by(journal.c.number.desc())):
            found = {needle for needle in wanted if needle in row.facts}
            wanted -= found
            if found:
                yield row


def _chain(connection: Connection, entries: Entries, heads: Iterable[int]) -> list[dict[str, Any]]:
    """These entries and what leads to each of them from the head of today; where that is too far, it has a gap."""
    end = head_of(connection).number
    wanted = sorted({*entries, *(number for number in heads if number < end), end})
    numbers = set(wanted)
    for earlier, later in pairwise(wanted):
        numbers |= _way(connection, later, earlier)
    return [
        _line(row, is_whole=row.number in entries, is_next=row.number - 1 in numbers)
        for row in _rows_of(connection, sorted(numbers))
    ]


def _rows_of(connection: Connection, numbers: Sequence[int]) -> Iterator[Any]:
    for start in range(0, len(numbers), 500):
        mine = journal.c.number.in_(numbers[start : start + 500])
        yield from connection.execute(sa.select(journal).where(mine).order_by(journal.c.number))


def _way(connection: Connection, later: int, earlier: int) -> set[int]:
    """Between two entries those by which the later leads to the earlier; nothing where that are too many."""
    way, number = set[int](), later
    while number > earlier:
        if len(way) > MOST_LINES:
            return set()
        way.add(number)
        links = [one for one in links_of(number) if one >= earlier]
        number = min(links) if links and _is_link(connection, number) else number - 1
    return way


def _is_link(connection: Connection, number: int) -> bool:
    row = by_driver(connection, "SELECT kind FROM journal WHERE number = ?", (number,)).fetchone()
    return row is not None and row[0] == EntryKind.LINKED


def _line(row: Any, *, is_whole: bool, is_next: bool) -> dict[str, Any]:
    is_whole |= row.kind in (EntryKind.LINKED, EntryKind.RESTORED)
    said = {"facts": row.facts} if is_whole else {"facts_sha256": sha256_hex(row.facts)}
    before = {} if is_next else {"previous": row.previous}
    return {"number": row.number, "kind": row.kind, "at": row.at, **said, **before}


def _intakes(told: Sequence[ToldNotice]) -> set[str]:
    return {one["intake"] for each in told for one in each.events if one.get("intake")}


def _of_freezing(connection: Connection, told: Sequence[ToldNotice]) -> Iterator[Any]:
    """The entries with the trees of these notices' recipients: several where one was extended."""
    numbers = {one.notice["number"] for one in told if one.delivery is not None}
    frozen = journal.c.kind.in_((EntryKind.RECIPIENTS, EntryKind.BEGUN))
    for row in connection.execute(sa.select(journal).where(frozen)) if numbers else ():
        said = json.loads(row.facts)
        if "trees" in said and said.get("notice_no") in numbers:
            yield row


def _recipients(connection: Connection, told: Sequence[ToldNotice], entries: Mapping[int, Any]) -> Iterator[Proof]:
    for one in told:
        if one.delivery is None or not one.delivery.get("salt"):
            continue
        for number, row in sorted(entries.items()):
            said = json.loads(row.facts)
            for tree in said.get("trees", ()):
                if said.get("notice_no") == one.notice["number"] and _holds(tree, one.delivery):
                    yield _recipient(connection, one.delivery, number, tree)


def _of_status(connection: Connection, told: Sequence[ToldNotice]) -> Iterator[Any]:
    """The entries in which one of these deliveries came to a status otherwise than by an event."""
    people = [one.delivery for one in told if one.delivery is not None]
    place = sa.func.instr if connection.dialect.name == "sqlite" else sa.func.strpos
    touching = sa.and_(journal.c.kind != EntryKind.EVENTS, place(journal.c.facts, '"delivery":[[') > 0)
    for row in connection.execute(sa.select(journal).where(touching)) if people else ():
        runs = json.loads(row.facts).get("rows", {}).get("delivery", ())
        if any(covers(run, one) for run in runs for one in people):
            yield row


def covers(run: Sequence[Any], delivery: Mapping[str, Any]) -> bool:
    """Does a line about deliveries that follow each other speak of this one?"""
    is_mine = (run[0], run[1]) == (delivery["notice_no"], delivery["message_no"])
    return is_mine and bool(run[2] <= delivery["seq"] <= run[3])


def _holds(tree: Mapping[str, Any], delivery: Row) -> bool:
    is_mine = tree["message_no"] == delivery["message_no"]
    return is_mine and bool(tree["first"] <= delivery["seq"] <= tree["last"])


def _recipient(connection: Connection, delivery: Row, number: int, tree: Mapping[str, Any]) -> Proof:
    """The proof within the block of leaves that the recipient lies in, and from there to the root."""
    index = delivery["seq"] - tree["first"]
    block = index // BLOCK
    after = tree["first"] + block * BLOCK - 1
    bounds = {"number": delivery["notice_no"], "message": delivery["message_no"], "after": after}
    size = min(BLOCK, tree["last"] - after)
    leaves = [leaf_of(row) for row in connection.execute(ROWS.limit(size), bounds)]
    blocks = [bytes.fromhex(one) for one in tree["blocks"]]
    steps = (*inclusion_proof(leaves, index % BLOCK), *inclusion_proof(blocks, block))
    place = {"entry": number, "index": index, "size": tree["last"] - tree["first"] + 1, "root": tree["root"]}
    return {"delivery_key": delivery["delivery_key"], **place, "proof": [step.hex() for step in steps]}


def _event_places(connection: Connection, told: Sequence[ToldNotice], entries: Mapping[int, Any]) -> Iterator[Proof]:
    numbers: dict[str, tuple[int, str]] = {}
    for number, row in entries.items():
        said = json.loads(row.facts)
        if "intake" in said:
            numbers[said["intake"]] = number, said["root"]
    mine = {one["event_id"] for each in told for one in each.events}
    for intake in sorted(_intakes(told) & numbers.keys()):
        rows = connection.execute(EVENTS.where(event.c.intake == intake).order_by(event.c.event_id)).all()
        leaves = [event_leaf(row) for row in rows]
        for index, row in enumerate(rows):
            if row.event_id in mine:
                number, root = numbers[intake]
                place = {"entry": number, "index": index, "size": len(rows), "root": root}
                steps = [step.hex() for step in inclusion_proof(leaves, index)]
                yield {"event_id": row.event_id, **place, "proof": steps}

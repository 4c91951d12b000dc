"""What the journal says of the rows in evidence, and the way from there to its head, for somebody without the ledger.

Entries that tell of these rows are given whole; of those between them only their place, kind, time and the hash of
what they say, which is all that the chain needs. One recipient, and one event, are shown to be leaves of their trees.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.asked.told import Row, ToldNotice
from notifier.ledger.database import Database
from notifier.ledger.journal.covered_tables import COVERED
from notifier.ledger.journal.event_trees import EVENTS, event_leaf
from notifier.ledger.journal.recipient_trees import ROWS, leaf_of
from notifier.ledger.journal.row_images import image_of
from notifier.ledger.schema import event, journal
from notifier.proof.canonical_json import canonical, sha256_hex
from notifier.proof.entry import EntryKind
from notifier.proof.merkle_tree import GrowingTree, inclusion_proof

BLOCK = GrowingTree.__dataclass_fields__["block"].default
MOST_LINES = 12_000
"""Of the chain; what is longer is left to the ledger's own `verify`, so that a folder stays a folder."""
MARGIN = 50
"""Lines past the last entry that is near enough: git bears a head from just after a notice ended."""

Proof = dict[str, Any]


@dataclass(frozen=True)
class JournalProofs:
    """What shows that the journal holds what evidence says."""

    _db: Database

    def of(self, told: Sequence[ToldNotice], more: Iterable[tuple[str, Row]] = ()) -> Proof:
        """Entries, chain and the places of leaves; empty where the journal says nothing of any of it.

        `more`: rows that are in no notice, each with its table.
        """
        with self._db.read() as connection:
            return _proof(connection, told, more)


def _proof(connection: Connection, told: Sequence[ToldNotice], more: Iterable[tuple[str, Row]]) -> Proof:
    rows = [*more, *((table, row) for one in told for table, row in rows_of(one))]
    intakes = [f'"intake":"{intake}"' for intake in sorted(_intakes(told))]
    needles = [*(image_text(table, row) for table, row in rows), *intakes]
    found = [*_containing(connection, needles), *_of_freezing(connection, told), *_of_status(connection, told)]
    entries = {row.number: row for row in found}
    if not entries:
        return {}
    chain = _chain(connection, min(entries), entries)
    return {
        "chain": chain,
        "previous": entries[min(entries)].previous,
        "head": connection.execute(
            sa.select(journal.c.hash).where(journal.c.number == chain[-1]["number"])
        ).scalar_one(),
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


def _chain(connection: Connection, first: int, entries: Mapping[int, Any]) -> list[dict[str, Any]]:
    """From the first of these entries to the head of today; only to the last of them where that is very far.

    Where even that is too far, to the last one that is near enough; those after it stand alone.
    """
    count = connection.execute(sa.select(sa.func.count()).where(journal.c.number >= first)).scalar_one()
    last = max(entries)
    columns = sa.select(journal).where(journal.c.number >= first).order_by(journal.c.number)
    near = max(number for number in entries if number - first < MOST_LINES)
    if near < last:
        query = columns.where((journal.c.number <= near + MARGIN) | journal.c.number.in_(list(entries)))
    else:
        query = columns if count <= MOST_LINES else columns.where(journal.c.number <= last)
    return [_line(row, whole=row.number in entries) for row in connection.execute(query)]


def _line(row: Any, *, whole: bool) -> dict[str, Any]:
    said = {"facts": row.facts} if whole else {"facts_sha256": sha256_hex(row.facts)}
    return {"number": row.number, "kind": row.kind, "at": row.at, **said}


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


def is_cut(chain: Sequence[Mapping[str, Any]]) -> bool:
    """Was the way between these entries too long to be shown?"""
    return not chain or bool(chain[-1]["number"] - chain[0]["number"] >= MOST_LINES)


def unbroken(chain: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Its lines from the first on, as far as their numbers follow each other."""
    return [line for place, line in enumerate(chain) if line["number"] == chain[0]["number"] + place]


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

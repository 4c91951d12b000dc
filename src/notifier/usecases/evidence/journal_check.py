"""The journal's part of a folder, checked by computing it again: the chain, and that it says what the facts say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from notifier.ledger.asked.journal_proof import MOST_LINES, covers, event_leaf_of, image_text, key_of
from notifier.proof.canonical_json import canonical, sha256_hex
from notifier.proof.entry import EntryKind, hash_of_facts
from notifier.proof.merkle_tree import root_from_proof
from notifier.proof.recipient_leaf import FrozenRecipient, recipient_leaf

Facts = Mapping[str, Any]
WITNESS = re.compile(rb"^Notifier-Journal: (\d{1,18}) ([0-9a-f]{64})$", re.M)
"""As a stamp commit or a tag bears the journal's head."""
RESTORED_BY = re.compile(rb"^Notifier-Restored: ", re.M)
MOST_LINES_OF_1 = 12_000
"""As far a chain went in a folder of the first format, which gave every entry and nothing of a later one but itself."""


class Chain(NamedTuple):
    """The entries of a folder as far as their hashes could be computed."""

    heads: Mapping[int, str]
    """Each one's hash."""
    bound: frozenset[int]
    """Those that the last one leads back to, by hashes alone."""
    numbers: tuple[int, ...]
    """All that are here."""

    @property
    def unbound(self) -> list[int]:
        return [number for number in self.numbers if number not in self.bound]


def read_chain(journal: Mapping[str, Any]) -> Chain:
    """Computed anew. Raises `ValueError` for an entry to which the last one does not lead, unless it lies very far."""
    lines, numbers = _lines(journal), tuple(line["number"] for line in journal["chain"])
    heads: dict[int, str] = {}
    last = 0
    for line in lines:
        number = line["number"]
        previous = heads.get(number - 1) or line.get("previous")
        if number <= last or previous is None:
            raise ValueError(f"after entry {last} comes {number}")
        if "facts" in line and canonical(json.loads(line["facts"])) != line["facts"]:
            raise ValueError(f"entry {number} is not written as entries are")
        said = sha256_hex(line["facts"]) if "facts" in line else line["facts_sha256"]
        heads[number], last = hash_of_facts(number, line["at"], line["kind"], said, previous), number
    if numbers[-1] in heads and heads[numbers[-1]] != journal["head"]:
        raise ValueError(f"entry {numbers[-1]} does not come to the hash {journal['head'][:16]}…")
    found = Chain(heads, _bound(lines, heads), numbers)
    if found.unbound and lines[-1]["number"] == numbers[-1]:
        near, far = min(found.bound), found.unbound[-1]
        if near - far < MOST_LINES:
            raise ValueError(f"nothing leads from entry {numbers[-1]} to entry {far}")
    return found


def _lines(journal: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """As the second format has them, which says of an entry the hash before it where that entry is not here."""
    lines = list(journal["chain"])
    if "previous" not in journal:
        return lines
    if lines[-1]["number"] - lines[0]["number"] >= MOST_LINES_OF_1:
        lines = [line for place, line in enumerate(lines) if line["number"] == lines[0]["number"] + place]
    return [{**lines[0], "previous": journal["previous"]}, *lines[1:]]


def _bound(lines: Sequence[Mapping[str, Any]], heads: Mapping[int, str]) -> frozenset[int]:
    bound = {lines[-1]["number"]}
    for line in reversed(lines):
        if line["number"] in bound:
            links = json.loads(line["facts"])["links"] if line["kind"] == EntryKind.LINKED else {}
            named = {int(number): proof for number, proof in links.items() if int(number) in heads}
            if wrong := [number for number, proof in named.items() if heads[number] != proof]:
                raise ValueError(f"entry {line['number']} has another hash of entry {wrong[0]}")
            bound |= {line["number"] - 1, *named}
    return frozenset(bound & heads.keys())


def journal_faults(facts: Facts) -> Iterator[str]:
    """A line for each row or person of the facts of which the entries here say nothing, or something else."""
    entries = {line["number"]: json.loads(line["facts"]) for line in facts["journal"]["chain"] if "facts" in line}
    yield from _row_faults(facts, entries)
    proven = {one["delivery_key"]: one for one in facts["journal"]["recipients"]}
    places = {one["event_id"]: one for one in facts["journal"]["events"]}
    for told in facts["notices"]:
        delivery = told.get("delivery")
        if delivery is not None and not _is_recipient(delivery, proven.get(delivery["delivery_key"]), entries):
            yield f"delivery {delivery['delivery_key']}: is not among the recipients that were frozen"
        for event in told.get("events", ()):
            if not _is_event(event, places.get(event["event_id"]), entries):
                yield f"event {event['event_id']}: is not among those that came in"
        if delivery is not None and (said := _status_in(delivery, entries)) != _status_of(delivery):
            yield f"delivery {delivery['delivery_key']}: the journal has it as {said[0] or 'following its batch'}"


def _row_faults(facts: Facts, entries: Mapping[int, Any]) -> Iterator[str]:
    newest: dict[tuple[str, str], str] = {}
    for _, said in sorted(entries.items()):
        for table, images in said.get("rows", {}).items():
            if table in ("delivery", "erased", "batch"):
                continue
            newest |= {(table, key_of(table, image)): canonical(image) for image in images}
    for table, row in rows_in(facts):
        if newest.get((table, key_of(table, row))) != image_text(table, row):
            yield f"{table} {key_of(table, row)}: the journal says something else of it, or nothing"


def telling_entries(facts: Facts) -> list[int]:
    """The entries that tell of the facts here, and are here whole."""
    chain = facts["journal"].get("chain", ())
    of_the_way = (EntryKind.LINKED, EntryKind.RESTORED)
    return [line["number"] for line in chain if "facts" in line and line["kind"] not in of_the_way]


def rows_in(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of the facts that the journal tells of one by one, with its table."""
    yield from (("acceptance", row) for row in facts["acceptances"])
    yield from (("notice", row) for row in facts.get("past", ()))
    for told in facts["notices"]:
        yield "notice", told["notice"]
        yield from (("posting", one["row"]) for one in told["postings"])
        for table, name in (
            ("decision", "decisions"),
            ("message", "messages"),
            ("letterhead", "letterheads"),
            ("attempt", "attempts"),
            ("audit", "audit"),
        ):
            yield from ((table, row) for row in told[name])
        yield from (("report", event["report"]) for event in told.get("events", ()) if "report" in event)


def _is_recipient(delivery: Mapping[str, Any], place: Any, entries: Mapping[int, Any]) -> bool:
    if place is None or not delivery.get("salt"):
        return False
    said = entries.get(place["entry"], {})
    frozen = tuple(delivery[name] for name in FrozenRecipient._fields)
    leaf = recipient_leaf(bytes.fromhex(delivery["salt"]), frozen)
    trees = [
        tree
        for tree in said.get("trees", ())
        if said.get("notice_no") == delivery["notice_no"]
        and tree["message_no"] == delivery["message_no"]
        and tree["first"] + place["index"] == delivery["seq"]
        and tree["last"] - tree["first"] + 1 == place["size"]
        and tree["root"] == place["root"]
    ]
    return bool(trees) and _leads(leaf, place)


def _is_event(event: Mapping[str, Any], place: Any, entries: Mapping[int, Any]) -> bool:
    if place is None:
        return False
    said = entries.get(place["entry"], {})
    is_there = (said.get("intake"), said.get("events"), said.get("root")) == (
        event["intake"],
        place["size"],
        place["root"],
    )
    return is_there and _leads(event_leaf_of(event), place)


def _leads(leaf: bytes, place: Mapping[str, Any]) -> bool:
    steps = [bytes.fromhex(step) for step in place["proof"]]
    return root_from_proof(leaf, place["index"], place["size"], steps) == bytes.fromhex(place["root"])


def _status_of(delivery: Mapping[str, Any]) -> tuple[Any, Any, bool]:
    return delivery.get("status"), delivery.get("reason"), delivery["is_possible_duplicate"]


def _status_in(delivery: Mapping[str, Any], entries: Mapping[int, Any]) -> tuple[Any, Any, bool]:
    """What the newest entry here that tells of this delivery's status says."""
    found: tuple[Any, Any, bool] = (None, None, False)
    for _, said in sorted(entries.items()):
        for run in (*said.get("held_back", ()), *said.get("rows", {}).get("delivery", ())):
            if covers(run, delivery):
                found = run[4], run[5], run[6]
    return found


class Borne(NamedTuple):
    """A head of the journal that an object of git bears."""

    number: int
    hash: str
    of: str
    """The object's id."""
    is_restoration: bool
    """Is the object there to say that an older copy of the ledger was brought back?"""


def witnesses(files: Mapping[str, bytes]) -> list[Borne]:
    """The heads of the journal that git's objects here bear, by their numbers."""
    return sorted(
        Borne(int(number), head.decode(), path.removeprefix("git/"), RESTORED_BY.search(content) is not None)
        for path, content in files.items()
        if path.startswith("git/")
        for number, head in WITNESS.findall(content)
    )


def lost_heads(facts: Facts, found: Chain, borne: Sequence[Borne]) -> set[tuple[int, str]]:
    """By number and hash those that a copy which was brought back lacks, as an entry here says and git says it is one.

    What the journal alone says does not count: who can write there could say it of everything.
    """
    true = {one.number for one in borne if one.is_restoration and found.heads.get(one.number) == one.hash}
    said = (
        json.loads(line["facts"])
        for line in facts["journal"]["chain"]
        if line["kind"] == EntryKind.RESTORED and line["number"] in true & found.bound and "facts" in line
    )
    return {(one["number"], one["hash"]) for each in said for one in each.get("lost", ())}

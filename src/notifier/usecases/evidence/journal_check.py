"""The journal's part of a folder, checked by computing it again: the chain, and that it says what the facts say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from notifier.ledger.asked.journal_proof import covers, event_leaf_of, image_text, is_cut, key_of, unbroken
from notifier.proof.canonical_json import canonical, sha256_hex
from notifier.proof.entry import hash_of_facts
from notifier.proof.merkle_tree import root_from_proof
from notifier.proof.recipient_leaf import FrozenRecipient, recipient_leaf

Facts = Mapping[str, Any]
WITNESS = re.compile(rb"^Notifier-Journal: (\d{1,18}) ([0-9a-f]{64})$", re.M)
"""As a stamp commit or a tag bears the journal's head."""


def heads_of(journal: Mapping[str, Any]) -> dict[int, str]:
    """Each entry's hash by its number, computed along the chain. Raises `ValueError` where that has a gap.

    Where the chain was too long to be here, as far as it goes: each entry after that stands alone.
    """
    heads: dict[int, str] = {}
    is_long = is_cut(journal["chain"])
    previous, number = journal["previous"], journal["chain"][0]["number"] - 1
    for line in unbroken(journal["chain"]) if is_long else journal["chain"]:
        if line["number"] != number + 1:
            raise ValueError(f"after entry {number} comes {line['number']}")
        if "facts" in line and canonical(json.loads(line["facts"])) != line["facts"]:
            raise ValueError(f"entry {line['number']} is not written as entries are")
        said = sha256_hex(line["facts"]) if "facts" in line else line["facts_sha256"]
        previous, number = hash_of_facts(line["number"], line["at"], line["kind"], said, previous), line["number"]
        heads[number] = previous
    if not is_long and previous != journal["head"]:
        raise ValueError(f"entry {number} does not come to the hash {journal['head'][:16]}…")
    return heads


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


def rows_in(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of the facts that the journal tells of one by one, with its table."""
    yield from (("acceptance", row) for row in facts["acceptances"])
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


def witnesses(files: Mapping[str, bytes]) -> dict[int, tuple[str, str]]:
    """Heads of the journal that git's objects here bear: number → hash, and the object's id."""
    found = {}
    for path, content in sorted(files.items()):
        if path.startswith("git/"):
            for number, head in WITNESS.findall(content):
                found[int(number)] = head.decode(), path.removeprefix("git/")
    return found

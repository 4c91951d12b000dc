"""Check a folder of evidence with nothing but the folder: in steps, each with what it rests on.

A step says no more than was computed. What a folder has none of (reports, a journal) is no step, and the page of the
folder says that it has none.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from notifier import __version__
from notifier.errors import NotifierError, Unproven
from notifier.plurals import counted
from notifier.proof.entry import Head, instant
from notifier.usecases.evidence.derived import mail_files, page_files
from notifier.usecases.evidence.git_proof import git_faults, word_faults
from notifier.usecases.evidence.journal_check import (
    Borne,
    Chain,
    journal_faults,
    lost_heads,
    read_chain,
    rows_in,
    telling_entries,
    witnesses,
)
from notifier.usecases.evidence.letters import message_of
from notifier.usecases.evidence.parcel import (
    FACTS,
    MANIFEST,
    ROOTS,
    Files,
    as_json,
    format_of,
    read_manifest,
    read_parcel,
    strays,
)
from notifier.usecases.proof.anchor import NotAnchored, read_stamp, stamp_fault


class Step(NamedTuple):
    """One thing that was checked."""

    name: str
    holds: bool | None
    """None: it was not checked, and why is said."""
    found: str
    """What was computed; where it does not hold, the first thing that does not fit."""
    rests_on: str = ""
    """What would have to be believed for it to be false."""


class Examined(NamedTuple):
    """A folder, step by step."""

    about: str
    steps: tuple[Step, ...]

    @property
    def holds(self) -> bool:
        """Does nothing speak against it?"""
        return all(step.holds is not False for step in self.steps)

    @property
    def unchecked(self) -> tuple[str, ...]:
        return tuple(step.name for step in self.steps if step.holds is None)


Check = Callable[[Files, Mapping[str, Any]], Iterator[Step]]


def examine(place: Path) -> Examined:
    """Check a folder or `.zip`. Raises `Unproven` where it is none that can be read, or is not whole."""
    files = read_parcel(place)
    manifest = read_manifest(files, place)
    if faults := strays(files, manifest):
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise Unproven(f"{place}/{faults[0]}{more}")
    facts = _facts(files, place)
    whole = Step(
        "whole",
        True,
        f"{len(files)} files, none missing, changed or added since the folder was made",
        "only that nobody made a new manifest; what follows does not rest on it",
    )
    try:
        steps = (whole, *(step for check in CHECKS for step in check(files, facts)))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, NotifierError) as error:
        raise Unproven(f"{place}/{FACTS}: says what no Notifier writes ({type(error).__name__}: {error})") from error
    person = facts["about"].get("customer")
    about = f"customer {person['id']}" if person else f"notice {facts['about']['notice']}"
    return Examined(f"{about}, as of {facts['day']}, made {facts['made_at']} by Notifier {facts['made_by']}", steps)


def _facts(files: Files, place: Path) -> Mapping[str, Any]:
    try:
        facts = json.loads(files[FACTS])
        if as_json(facts) == files[FACTS] and isinstance(facts, dict):
            return facts
    except (KeyError, ValueError, RecursionError) as error:
        raise Unproven(f"{place}: has no {FACTS} that can be read") from error
    raise Unproven(f"{place}/{FACTS}: is not written as Notifier writes it")


def _said_by(files: Files, facts: Mapping[str, Any]) -> Iterator[Step]:
    """The manifest and the facts tell of one making."""
    manifest = json.loads(files[MANIFEST])
    person = facts["about"].get("customer", {}).get("id")
    for told in facts["notices"]:
        if (told.get("delivery") or {}).get("customer_id") != person:
            yield Step("whole", False, f"notice {told['notice']['notice_id']} is not about {person}")
    same = all(manifest.get(name) == facts[name] for name in ("made_at", "made_by"))
    same = same and manifest["version"] == format_of(facts)
    if not same:
        yield Step("whole", False, f"{MANIFEST} and {FACTS} were not made together")


def _words(_files: Files, facts: Mapping[str, Any]) -> Iterator[Step]:
    """Frozen messages have the hashes that they were frozen with."""
    rows = [row for told in facts["notices"] for row in told["messages"]]
    wrong = [row for row in rows if message_of(row).sha256 != row["sha256"]]
    if rows:
        found = f"{counted(len(rows), 'frozen message')}, with the hash of when it was made for each"
        bad = f"the message of notice row {wrong[0]['notice_no']} is not what was frozen" if wrong else found
        yield Step("words", not wrong, bad, "that the hash was written down then: see the journal")


def _mails(files: Files, facts: Mapping[str, Any]) -> Iterator[Step]:
    """Mails and reports are what the facts make of them, byte for byte."""
    made = mail_files(facts)
    there = {path for path in files if path.startswith("notices/")}
    wrong = sorted(there ^ made.keys()) or sorted(path for path in there if files[path] != made[path])
    mails = [path for path in made if path.endswith(".eml")]
    if wrong:
        yield Step("mails", False, f"{wrong[0]}: is not what the facts make of it")
    elif mails:
        yield Step(
            "mails",
            True,
            f"{len(mails)} made again from the frozen words, the address, sender and time, byte for byte",
            "that another program than this one sent the mails; compare with the one that the person got",
        )


def _texts(files: Files, facts: Mapping[str, Any]) -> Iterator[Step]:
    """Each text is the blob that git's objects lead to from the tag."""
    fault = next(chain(git_faults(files, facts["texts"]), word_faults(files, facts)), None)
    proven = [one for one in facts["texts"].values() if "tag_object" in one]
    unproven = sorted(tag for tag, one in facts["texts"].items() if "tag_object" not in one)
    if fault or unproven:
        yield Step("texts", False, fault or f"{unproven[0]}: git's objects are not in the folder")
    elif proven:
        ids = ", ".join(f"{tag} = {one['tag_object'][:12]}" for tag, one in sorted(facts["texts"].items()))
        yield Step(
            "texts",
            True,
            f"{sum(len(one['files']) for one in proven)} stood in git: tag → commit → tree → text ({ids})",
            "that these tags are not those of the company's repository: compare them with any clone; or that two texts "
            "share a SHA-1",
        )


def _reports(_files: Files, facts: Mapping[str, Any]) -> Iterator[Step]:
    """What a provider signed has its signature."""
    events = [event for told in facts["notices"] for event in told.get("events", ()) if "raw" in event]
    signed = [event for event in events if event["report"].get("signature")]
    for event in events:
        if fault := _report_fault(event):
            yield Step("reports", False, f"event {event['event_id']}: {fault}")
            return
    if signed:
        keys = sorted({hashlib.sha256(base64.b64decode(one["report"]["key"])).hexdigest()[:16] for one in signed})
        yield Step(
            "reports",
            True,
            f"{len(signed)} came in requests signed by the provider's key {', '.join(keys)}",
            "that this is not the provider's key; and, as a request holds other people's events too and is not here, "
            "that Notifier took another event out of it than stands here",
        )


def _report_fault(event: Mapping[str, Any]) -> str:
    raw = event["raw"]
    if raw.startswith("{"):
        said = json.loads(raw)
        if said.get("pn_d") != event.get("delivery_key") or said.get("event") != event["kind"]:
            return "its bytes tell of something else"
        if "sg_event_id" in said and said["sg_event_id"] != event["event_id"]:
            return "its bytes have another id"
    report = event["report"]
    if report.get("signature") and not _is_signed(report):
        return "the signature of its request does not fit"
    return ""


def _is_signed(report: Mapping[str, Any]) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(base64.b64decode(report["key"], validate=True))
        if not isinstance(key, EllipticCurvePublicKey):
            return False
        signature = base64.b64decode(report["signature"], validate=True)
        key.verify(signature, bytes.fromhex(report["signed_sha256"]), ECDSA(Prehashed(SHA256())))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, binascii.Error):
        return False
    return True


def _pages(files: Files, facts: Mapping[str, Any]) -> Iterator[Step]:
    """What is read is what the facts and texts say."""
    if facts["made_by"] != __version__:
        found = f"not compared: drawn by Notifier {facts['made_by']}, and this is {__version__}"
        yield Step("pages", None, found, "that the pages say something else than facts.json")
        return
    made = page_files(facts, files)
    there = {path for path in files if path.endswith(".html")}
    wrong = sorted(there ^ made.keys()) or sorted(path for path in there if files[path] != made[path])
    found = f"{wrong[0]}: says something else than the facts" if wrong else f"{len(made)} drawn again, the same"
    yield Step("pages", not wrong, found, "nothing more than the facts they are drawn from")


def _journal(files: Files, facts: Mapping[str, Any]) -> Iterator[Step]:
    """The last entry leads back to each, they say what the facts say, and git knows some of them by their hash."""
    journal = facts["journal"]
    if not journal:
        return
    try:
        found = read_chain(journal)
    except ValueError as error:
        yield Step("chained", False, str(error))
        return
    yield _chained(found)
    fault = next(journal_faults(facts), "")
    rows = sum(1 for _ in rows_in(facts))
    said = f"{counted(rows, 'row')} and {counted(len(journal['recipients']), 'recipient')}, in it as they stand here"
    yield Step(
        "journal",
        not fault,
        fault or said,
        "that an entry which is not here, or by its hash alone, takes one of them back",
    )
    yield from _witnessed(files, facts, found)


def _chained(found: Chain) -> Step:
    first, last = found.numbers[0], found.numbers[-1]
    if far := found.unbound:
        said = (
            f"of the {len(found.numbers):,} entries here {len(found.bound):,} are bound to each other by their hashes; "
            f"the way to {len(far):,} others, from {far[0]:,} to {far[-1]:,}, is too long to be here"
        )
        return Step("chained", None, said, "that the journal has other entries: its own `verify` shows it")
    said = (
        f"entry {last:,} of the journal, whose hash is {found.heads[last][:16]}…, leads back by hashes to each of the "
        f"{len(found.numbers):,} here, down to entry {first:,}"
    )
    return Step(
        "chained",
        True,
        said,
        "that the whole journal was written anew later, with other hashes from there on: compare a head that somebody "
        "else holds",
    )


def _witnessed(files: Files, facts: Mapping[str, Any], found: Chain) -> Iterator[Step]:
    borne = witnesses(files)
    lost = lost_heads(facts, found, borne)
    held = [one for one in borne if one.number in found.heads and (one.number, one.hash) not in lost]
    if not held:
        return
    wrong = next((one for one in held if found.heads[one.number] != one.hash), None)
    if wrong:
        said = f"entry {wrong.number} has another hash than git's object {wrong.of[:12]} says"
    else:
        said = ", ".join(f"entry {number:,} in {of[:12]}" for number, _, of, _ in held) + _unwitnessed(facts, held)
        gone = sum((one.number, one.hash) in lost for one in borne)
        said += f"; {gone} more are of a ledger that an older copy replaced, as git and an entry here say" * bool(gone)
    yield Step("witness", not wrong, said, "that these objects of git were made later: compare an older clone")


def _unwitnessed(facts: Mapping[str, Any], held: Sequence[Borne]) -> str:
    later = [number for number in telling_entries(facts) if number > held[-1].number]
    return f"; {len(later)} that tell of this are later, and no object of git here bears them" if later else ""


def _anchors(files: Files, facts: Mapping[str, Any]) -> Iterator[Step]:
    """An authority's clock over a head of the journal."""
    anchors = facts["anchors"]
    if {path for path in files if path.endswith(".tsr")} != {one["file"] for one in anchors}:
        yield Step("anchored", False, "the time stamps are not those that facts.json names")
    if not anchors:
        return
    heads = read_chain(facts["journal"]).heads
    fault = next((fault for one in anchors if (fault := _anchor_fault(files, one, heads))), "")
    last = anchors[-1]
    rest = "that the authority's clock or key was not its own"
    if ROOTS not in files:
        rest = f"that the stamp is not the authority's: no certificate is here to hold it against ({last['file']})"
    found = f"entry {last['number']:,} and all before it were there by {last['stamped_at']}, by {last['authority']}"
    yield Step("anchored", not fault, fault or found, rest)


def _anchor_fault(files: Files, one: Mapping[str, Any], heads: Mapping[int, str]) -> str:
    head = Head(one["number"], one["hash"])
    if heads.get(head.number) != head.hash:
        return f"{one['file']}: is of another entry {head.number}"
    token = files[one["file"]]
    try:
        stamp = read_stamp(token, head, one["file"])
    except NotAnchored as error:
        return str(error)
    if instant(stamp.gen_time) != one["stamped_at"]:
        return f"{one['file']}: says another time"
    return stamp_fault(token, head, files[ROOTS]) if ROOTS in files else ""


CHECKS: tuple[Check, ...] = (_said_by, _words, _mails, _texts, _reports, _journal, _anchors, _pages)

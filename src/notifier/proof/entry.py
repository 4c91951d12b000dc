"""One entry of the journal, and the chain that it continues.

An entry's hash is the SHA-256 of the canonical JSON of its other fields, the hash of the entry before it among them,
and of its facts their own hash: nobody changes, drops or swaps one without changing every hash after it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count, takewhile
from typing import Any, NamedTuple

from notifier.proof.canonical_json import canonical_row, sha256_hex


class EntryKind(StrEnum):
    """What an entry tells of. A word that stands in an existing journal is never taken out of the set."""

    BEGUN = "begun"  #: the journal speaks from here on; the rows that were there already are in it as they stood
    CHANGED = "changed"  #: rows of the ledger that no other kind tells of
    POSTED = "posted"  #: a posting was planned, confirmed, dropped or moved; with verdict, reasons and model
    DECIDED = "decided"  #: an editor's word on a revision; what waits for one
    TAGGED = "tagged"  #: a tag stands in git, as which object
    NOTICE = "notice"  #: a notice was made, approved, held, begun, ended, with who; its messages by hash
    RECIPIENTS = "recipients"  #: a notice's recipients were frozen: the trees of their salted hashes
    ATTEMPT = "attempt"  #: a batch was claimed, or its attempt has an outcome
    EVENTS = "events"  #: a provider reported: the raw body's hash and signature, and what it changed
    RUN = "run"  #: a run began or ended
    SUPPRESSED = "suppressed"  #: an address may not be written to, or may again; by salted hash
    ACCEPTED = "accepted"  #: a person acknowledged or accepted a posting; by salted hash
    KEY = "key"  #: a key to the interface was made or revoked; a key signs receipts from here on
    CORRECTED = "corrected"  #: a person said what is true where two records differed
    EXPORTED = "exported"  #: a notice's rows were written to a file, by the file's hash
    ERASED = "erased"  #: a person's salt and fields are gone; what is left of each row
    RETIRED = "retired"  #: a notice's rows went when their time was over
    RESTORED = "restored"  #: the ledger was brought back from a copy; what git knows to be missing
    ANCHORED = "anchored"  #: an authority stamped the head with its time
    LINKED = "linked"  #: the hashes of entries far back, so that a way to one of them is short


class Head(NamedTuple):
    """How far a journal goes; before its first entry 0 and `NOTHING`."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"


NOTHING = "0" * 64
"""The hash before the first entry."""
BEFORE_ALL = Head(0, NOTHING)
LINK = 32
"""An entry whose number a power of this divides names the one that is as far back as that power."""


class Entry(NamedTuple):
    """One entry as it stands in the journal; `following` makes them."""

    number: int
    kind: EntryKind
    at: datetime
    written: str
    """Its facts as they are hashed: canonical JSON."""
    previous: str
    hash: str

    @property
    def facts(self) -> Any:
        """What it says, read back."""
        return json.loads(self.written)

    @property
    def head(self) -> Head:
        """The journal's head while this is its last entry."""
        return Head(self.number, self.hash)

    @property
    def fits(self) -> bool:
        """Has it the hash of what it says?"""
        return self.hash == hash_of(self.number, instant(self.at), self.kind.value, self.written, self.previous)


def following(head: Head, kind: EntryKind, written: str, at: datetime) -> Entry:
    """The entry that comes after `head`; `written` are its facts as canonical JSON."""
    number = head.number + 1
    proof = hash_of(number, instant(at), kind.value, written, head.hash)
    return Entry(number, kind, at.astimezone(UTC), written, head.hash, proof)


def hash_of(number: int, at: str, kind: str, written: str, previous: str) -> str:
    """The hash of an entry from its fields as they are written.

    Of its facts the hash alone counts: the chain can be shown past an entry without showing what that one says.
    """
    return hash_of_facts(number, at, kind, sha256_hex(written), previous)


def hash_of_facts(number: int, at: str, kind: str, facts_sha256: str, previous: str) -> str:
    """The same by whoever knows of the facts their hash alone."""
    said = {"at": at, "facts_sha256": facts_sha256, "kind": kind, "number": number, "previous": previous}
    return sha256_hex(canonical_row(said))


def instant(at: datetime) -> str:
    """An instant as entries write it: UTC, to the microsecond."""
    if at.tzinfo is None:
        raise ValueError("an entry bears an aware instant")
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def link_steps(number: int) -> tuple[int, ...]:
    """The powers of `LINK` that divide a number, from 1 on."""
    powers = (LINK**power for power in count(1))
    return tuple(takewhile(lambda step: number % step == 0, powers))


def links_of(number: int) -> tuple[int, ...]:
    """Which entries the one of this number names, if it is there to link: some hundred lead from any to any other."""
    return tuple(number - step for step in link_steps(number) if step < number)

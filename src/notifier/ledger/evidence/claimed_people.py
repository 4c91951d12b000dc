"""Whom a batch is for that is about to be claimed, held to what the records say: nobody else, and nobody a second time.

A batch that is as it was cut has one hash in the journal over everybody in it. Of any other its leaves are looked at:
the tree of a notice's recipients has a node in the journal for each 1,024 of them, which is hashed once when its first
batch is claimed, and whoever is written to must be a leaf of it. A pending batch of which an attempt was taken, or may
have been, was set back by another hand, unless its people are marked as possible duplicates.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import LedgerError
from notifier.ledger.by_set.prepared import Prepared
from notifier.ledger.evidence.claimed_batches import BatchWords
from notifier.ledger.journal.recipient_trees import OF_MESSAGE, PARTED_BY, BatchInOne, hashed_in, leaves_between
from notifier.ledger.rows import AnyRow, inside_batch
from notifier.ledger.schema import attempt, batch, delivery, journal
from notifier.ledger.states import AttemptOutcome
from notifier.ledger.suppressions import barred
from notifier.notice.delivery import DeliveryStatus, SuppressionReason
from notifier.proof.entry import EntryKind
from notifier.proof.merkle_tree import BLOCK, tree_root

Reader = tuple[int, str, str, str]
Readers = tuple[Reader, ...]
"""As in `Claim.recipients`."""
D = delivery.c
OPEN_OR_TAKEN = (AttemptOutcome.ACCEPTED, AttemptOutcome.IN_DOUBT, AttemptOutcome.INTENT)
MAY_HAVE_LEFT = sa.exists().where(
    attempt.c.notice_no == batch.c.notice_no,
    attempt.c.batch_no == batch.c.batch_no,
    attempt.c.n >= batch.c.counts_from,
    sa.or_(*(attempt.c.outcome == one for one in OPEN_OR_TAKEN)),
)
MOST_BLOCKS = 8
"""Kept in memory: the batches of a few senders lie beside each other."""


@cache
def _waiting_in(dialect: str) -> Prepared:
    """Who has no status of their own in a batch, each with what their leaf is the hash of."""
    query = sa.select(D.seq, D.delivery_key, D.email, D.name, hashed_in(dialect)).where(OF_MESSAGE, D.status.is_(None))
    return Prepared(query.order_by(D.seq))


SET_APART = Prepared(sa.select(D.seq).where(OF_MESSAGE, D.status.is_not(None)))


class MustStop(LedgerError):
    """None of a notice may leave before a person has looked; why, in words for them."""


class OtherHand(MustStop):
    """The records say otherwise of a batch."""


class FrozenTree(NamedTuple):
    """Recipients of one message that were frozen together, the node of each block of them, and which entry says so."""

    message_no: int
    first: int
    last: int
    blocks: tuple[bytes, ...]
    entry: int
    batch_size: int = 0
    digests: tuple[str, ...] = ()
    """Of each batch as it was cut."""
    roster_seal: str = ""
    """Of the roster that they were frozen from; where it is still that one, nobody of them has moved."""

    def digest_of(self, first: int, last: int) -> str:
        """Of the batch from `first` to `last`; empty where none was cut so."""
        number, rest = divmod(first - self.first, self.batch_size or 1)
        is_as_cut = not rest and last == min(first + self.batch_size - 1, self.last)
        return self.digests[number] if is_as_cut and number < len(self.digests) else ""


@dataclass
class FrozenPeople:
    """Of one notice."""

    notice_no: int
    _trees: tuple[FrozenTree, ...] = ()
    moved_apart: tuple[str, frozenset[str]] = ("", frozenset())
    """Addresses whose letter was to tell somebody too who moved away by now, and of which roster that is so."""
    _batches: BatchWords = field(init=False)
    _leaves: dict[bytes, list[bytes]] = field(default_factory=dict)
    """By the node above them: a leaf says which notice, message and place it is for."""

    def __post_init__(self) -> None:
        self._batches = BatchWords(self.notice_no)

    def hold_batches(self, connection: Connection, rows: Sequence[AnyRow]) -> None:
        """Each of them, all locked by this transaction, is as the journal has it last, else raises `OtherHand`."""
        if self._differing(connection, rows) is None:
            return
        self._trees = ()  # what is in memory may be of a ledger that was replaced by a copy
        self._batches.forget()
        if (number := self._differing(connection, rows)) is not None:
            said = "is not as the journal has it last: another hand was there; notifier recover puts it back"
            raise OtherHand(f"batch {number} {said}, notifier notice resume goes on")

    def _differing(self, connection: Connection, rows: Sequence[AnyRow]) -> int | None:
        frozen = min((one.entry for one in self._trees or self.trees(connection)), default=0)
        return self._batches.differing(connection, rows, frozen)

    def load(self, connection: Connection, row: AnyRow) -> Readers:
        """Who is to be written to in this batch now; who was suppressed or erased since is marked and left out.

        Raises `OtherHand`.
        """
        digest = self.tree_of(connection, row).digest_of(row.first_seq, row.last_seq)
        proven = _as_cut(connection, row, digest) if digest else None
        people = self.hold(connection, row) if proven is None else proven
        left_out = _left_out(connection, people, is_proven=proven is not None)
        status = DeliveryStatus.DROPPED if row.attempts else DeliveryStatus.SUPPRESSED
        for seq, reason in left_out.items():
            one = sa.update(delivery).where(*inside_batch(row), delivery.c.seq == seq)
            connection.execute(one.values(status=status, reason=reason))
        meant = [person for person in people if person[0] not in left_out] if left_out else people
        if meant:
            _refuse_second_time(connection, row)
        return tuple(meant)

    def hold(self, connection: Connection, row: AnyRow) -> Sequence[Reader]:
        """Who waits in this batch: nobody was changed or taken out since they were frozen, else raises `OtherHand`."""
        here = connection.execute(sa.select(sa.func.count()).where(*inside_batch(row))).scalar_one()
        if here != row.last_seq - row.first_seq + 1:  # where all of them are gone, no leaf would be looked at
            tree = self.tree_of(connection, row)
            raise _changed(tree, (row.first_seq - tree.first) // BLOCK)
        people = _waiting_in(connection.dialect.name).run(connection, _bounds(row)).fetchall()
        self._hold_to_leaves(connection, row, [one for one in people if one[2] or one[4] is not None])
        return [(seq, key, email, name) for seq, key, email, name, _ in people]

    def _hold_to_leaves(self, connection: Connection, row: AnyRow, people: Sequence[Any]) -> None:
        try:
            self._refuse_others(connection, row, people)
        except OtherHand:  # also where what is in memory is of a ledger that was replaced by a copy
            self._trees, self._leaves = (), {}
            self._refuse_others(connection, row, people)

    def _refuse_others(self, connection: Connection, row: AnyRow, people: Sequence[Any]) -> None:
        tree, at, leaves = self.tree_of(connection, row), -1, list[bytes]()
        for seq, *_, hashed in people:
            number, index = divmod(seq - tree.first, BLOCK)
            if number != at:
                at, leaves = number, self.block(connection, tree, number)
            if hashed is None or sha256(hashed).digest() != leaves[index]:
                raise _changed(tree, number)

    def tree_of(self, connection: Connection, row: AnyRow) -> FrozenTree:
        """Raises `OtherHand` where no entry has frozen the people of this batch."""
        found = _around(self._trees, row) or _around(self.trees(connection), row)
        if found is None:
            raise OtherHand(f"batch {row.batch_no} is for recipients whom no entry of the journal has frozen")
        return found

    def later_ones(self, connection: Connection, row: AnyRow) -> tuple[str, ...]:
        """Customers of this batch who wait, by their ids, where they were frozen after the notice had begun."""
        if self.tree_of(connection, row).entry == self._trees[0].entry:
            return ()
        query = sa.select(D.customer_id).where(*inside_batch(row), D.status.is_(None))
        return tuple(connection.execute(query).scalars())

    def block(self, connection: Connection, tree: FrozenTree, number: int) -> list[bytes]:
        """The leaves of one block, which are those that were frozen; else raises `OtherHand`."""
        first = tree.first + number * BLOCK
        root = tree.blocks[number]
        known = self._leaves.get(root)
        if known is not None:
            return known
        last = min(first + BLOCK - 1, tree.last)
        bounds = {"number": self.notice_no, "message": tree.message_no, "first": first, "last": last}
        leaves = [leaf for some in leaves_between(connection, bounds) for leaf in some]
        if len(leaves) != last - first + 1 or tree_root(leaves) != root:
            raise _changed(tree, number)
        while len(self._leaves) >= MOST_BLOCKS:
            del self._leaves[next(iter(self._leaves))]
        self._leaves[root] = leaves
        return leaves

    def trees(self, connection: Connection) -> tuple[FrozenTree, ...]:
        """As the journal has them now: it may have been extended since."""
        kinds = journal.c.kind.in_((EntryKind.RECIPIENTS, EntryKind.BEGUN))
        query = sa.select(journal.c.number, journal.c.facts).where(kinds, journal.c.facts.contains('"trees":['))
        said = ((number, json.loads(facts)) for number, facts in connection.execute(query.order_by(journal.c.number)))
        self._trees = tuple(
            FrozenTree(
                one["message_no"],
                one["first"],
                one["last"],
                tuple(map(bytes.fromhex, one["blocks"])),
                number,
                one.get("batch_size", 0),
                tuple(one.get("digests", ())),
                facts.get("roster_seal", ""),
            )
            for number, facts in said
            for one in (facts["trees"] if facts["notice_no"] == self.notice_no else ())
        )
        return self._trees


def _bounds(row: AnyRow) -> dict[str, int]:
    return {"number": row.notice_no, "message": row.message_no, "first": row.first_seq, "last": row.last_seq}


def _as_cut(connection: Connection, row: AnyRow, digest: str) -> Sequence[Reader] | None:
    """Who waits in a batch in which everybody is as they were frozen; None in any other: their leaves are looked at."""
    whole = BatchInOne.read(connection, _bounds(row))
    if whole.digest != digest:
        return None
    keys, emails, names, _ = (column.split(PARTED_BY) for column in whole.columns)
    people = list(zip(range(row.first_seq, row.last_seq + 1), keys, emails, names, strict=True))
    if not whole.set_apart:
        return people
    apart = {seq for (seq,) in SET_APART.run(connection, _bounds(row)).fetchall()}
    return [person for person in people if person[0] not in apart]


def _around(trees: Sequence[FrozenTree], row: AnyRow) -> FrozenTree | None:
    mine = (one for one in trees if one.message_no == row.message_no)
    return next((one for one in mine if one.first <= row.first_seq and row.last_seq <= one.last), None)


def _changed(tree: FrozenTree, number: int) -> OtherHand:
    first = tree.first + number * BLOCK
    last = min(first + BLOCK - 1, tree.last)
    return OtherHand(
        f"somebody among recipients {first:,} to {last:,} of its message {tree.message_no} "
        f"is not as entry {tree.entry} of the journal froze them: another hand was there; notifier verify"
    )


def _refuse_second_time(connection: Connection, row: AnyRow) -> None:
    if not row.may_have_left:
        return
    unmarked = sa.exists().where(*inside_batch(row), D.status.is_(None), ~D.is_possible_duplicate)
    if connection.execute(sa.select(unmarked)).scalar():
        raise OtherHand(
            f"batch {row.batch_no} waits, and an attempt of it was taken or may have been: another hand set it back; "
            "nobody gets it twice unmarked; notifier verify"
        )


def _left_out(connection: Connection, people: Sequence[Reader], *, is_proven: bool) -> dict[int, str]:
    """seq → reason, of those suppressed or erased since freezing; who is as they were frozen is not erased."""
    gone = () if is_proven else (seq for seq, _, email, _ in people if not email)
    erased = dict.fromkeys(gone, SuppressionReason.FORGOTTEN.value)
    return erased | barred(connection, ((seq, email) for seq, _, email, _ in people if email))

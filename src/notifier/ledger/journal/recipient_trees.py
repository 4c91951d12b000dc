"""The trees of a notice's frozen recipients: a leaf each, in the order of their numbers, one tree a message.

Made beside the freezing, by a second thread, so that hashing costs no time where there is a second core; journaled
in the transaction that shows the recipients to the sender. What is hashed the database puts together, which costs half
of what it costs to fetch its parts and do it here; `leaf_of` is what it must come to, and `verify` holds it to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.journal.entries import by_driver, written_out
from notifier.ledger.journal.runs_of_rows import Run, delivery_runs
from notifier.ledger.schema import batch, delivery, message
from notifier.proof.canonical_json import Facts
from notifier.proof.merkle_tree import GrowingTree
from notifier.proof.recipient_leaf import recipient_leaf

D = delivery.c
LEAF = (D.notice_no, D.message_no, D.seq, D.delivery_key, D.customer_id, D.email, D.name)
"""The columns of a leaf, in the order of `FrozenRecipient`."""
TWICE = sa.type_coerce(D.is_possible_duplicate, sa.types.NullType()).label("is_possible_duplicate")
ROWS = (
    sa.select(*LEAF, D.salt, D.leaf, D.status, D.reason, TWICE)
    .where(
        D.notice_no == sa.bindparam("number"), D.message_no == sa.bindparam("message"), D.seq > sa.bindparam("after")
    )
    .order_by(D.seq)
)
OF_MESSAGE = sa.and_(
    D.notice_no == sa.bindparam("number"),
    D.message_no == sa.bindparam("message"),
    D.seq.between(sa.bindparam("first"), sa.bindparam("last")),
)
HELD_BACK = (
    sa.select(D.notice_no, D.message_no, D.seq, D.status, D.reason, TWICE)
    .where(OF_MESSAGE, D.status.is_not(None) | D.is_possible_duplicate)
    .order_by(D.seq)
)
Row = tuple[Any, ...]
STATUS = 9
"""Where a row of `ROWS` begins to say them: status, reason, is possible duplicate."""
LAST = 2**31 - 1
"""No message has more recipients."""
AT_ONCE = 500
"""Whoever freezes beside waits as long for the interpreter as some are hashed."""
OF_A_BATCH = (D.delivery_key, D.email, D.name, D.customer_id)
PARTED_BY = "\x1f"
WORTH_A_DIGEST = 100


def leaf_of(row: Any) -> bytes:
    """The leaf of a row of `ROWS`; of an erased one the leaf that it had."""
    return recipient_leaf(row[7], tuple(row[:7])) if row[7] is not None else bytes(row[8] or b"")


def deliveries_of(connection: Connection, number: int, message_no: int) -> Iterator[list[Row]]:
    """The deliveries of one message in order, a few at a time in memory."""
    query = written_out(ROWS.params(number=number, message=message_no, after=0), connection.dialect.name)
    rows = by_driver(connection, query, yield_per=AT_ONCE)
    while some := rows.fetchmany(AT_ONCE):
        yield some


def leaves_between(connection: Connection, bounds: Mapping[str, int]) -> Iterator[list[bytes]]:
    """The leaves of `leaf_of` between two numbers of a message, a few at a time in memory."""
    yield from map(_leaves, _hashed_between(connection, bounds))


def _hashed_between(
    connection: Connection, bounds: Mapping[str, int], *more: sa.ColumnElement[Any]
) -> Iterator[list[Row]]:
    """What each leaf is the hash of, the leaf that is left of who was erased, and `more`."""
    dialect = connection.dialect.name
    hashed = sa.select(hashed_in(dialect), D.leaf, *more).where(OF_MESSAGE).order_by(D.seq)
    rows = by_driver(connection, written_out(hashed.params(bounds), dialect), yield_per=AT_ONCE)
    while some := rows.fetchmany(AT_ONCE):
        yield some


def _leaves(some: list[Row]) -> list[bytes]:
    return [sha256(said).digest() if said is not None else bytes(leaf or b"") for said, leaf, *_ in some]


def batch_digest(*columns: list[str]) -> str:
    """One hash over the recipients of a batch in order, by `OF_A_BATCH`; empty where a text has what parts them.

    A sender has them in hand anyway: so a batch is held to the journal in a tenth of the time that its leaves take.
    """
    try:
        said = PARTED_BY.join(map(PARTED_BY.join, columns))
    except TypeError:  # another hand has put there what is no text
        return ""
    is_plain = said.count(PARTED_BY) == sum(map(len, columns)) - 1
    return sha256(said.encode()).hexdigest() if is_plain else ""


@cache
def hashed_in(dialect: str) -> sa.ColumnElement[Any]:
    """What `recipient_leaf` hashes; nothing where there is no salt. Both databases write texts as RFC 8785 does."""
    if dialect == "sqlite":
        return sa.literal_column(f"CAST(x'00' || salt || json_array({', '.join(one.name for one in LEAF)}) AS BLOB)")
    parts = (one.name if isinstance(one.type, sa.Integer) else f"to_json({one.name})" for one in LEAF)
    said = " || ',' || ".join(parts)
    return sa.literal_column(f"decode('00', 'hex') || salt || convert_to('[' || {said} || ']', 'UTF8')")


def frozen_before(connection: Connection, number: int) -> dict[int, int]:
    """Up to which recipient each message has batches, and so a tree."""
    query = sa.select(batch.c.message_no, sa.func.max(batch.c.last_seq)).where(batch.c.notice_no == number)
    return {row[0]: row[1] for row in connection.execute(query.group_by(batch.c.message_no))}


@dataclass(slots=True)
class BatchDigests:
    """Of each batch, as it is cut first, its digest."""

    size: int
    """Recipients in a batch; smaller ones than `WORTH_A_DIGEST` have none."""
    _known: list[str] = field(default_factory=list)
    _open: list[Row] = field(default_factory=list)

    def take(self, some: Sequence[Row]) -> None:
        """The next recipients, in order; the last of what is said of each is `OF_A_BATCH`."""
        if self.size >= WORTH_A_DIGEST:
            self._open += some
        while self._open and len(self._open) >= self.size:
            self._known.append(_digest(self._open[: self.size]))
            del self._open[: self.size]

    def facts(self) -> Facts:
        """What the journal says of them; nothing where there is none."""
        known = [*self._known, _digest(self._open)] if self._open else list(self._known)
        return {"batch_size": self.size, "digests": known} if known else {}


def _digest(rows: Sequence[Row]) -> str:
    return batch_digest(*([row[place] for row in rows] for place in range(2, 2 + len(OF_A_BATCH))))


@dataclass(slots=True)
class MessageTree:
    """The recipients of one message that were frozen together."""

    first: int
    batches: BatchDigests
    tree: GrowingTree = field(default_factory=GrowingTree)
    runs: list[Run] = field(default_factory=list)
    """Those who have a status already: held back."""

    @property
    def last(self) -> int:
        return self.first + self.tree.size - 1

    def take(self, connection: Connection, number: int, message_no: int, up_to: int) -> None:
        """The next recipients, in order."""
        bounds = {"number": number, "message": message_no, "first": self.last + 1, "last": up_to}
        for some in _hashed_between(connection, bounds, *OF_A_BATCH):
            self.batches.take(some)
            self.tree.add(*_leaves(some))
        query = written_out(HELD_BACK.params(bounds | {"last": self.last}), connection.dialect.name)
        self.runs += delivery_runs(by_driver(connection, query))


@dataclass
class RecipientTrees:
    """Of one notice, growing while its recipients are frozen."""

    _read: Callable[[], AbstractContextManager[Connection]]
    _notice_no: int
    _batch_size: int = 0
    _roster_seal: str = ""
    """Of the roster as it was before the first of them was frozen, where that is known."""
    _messages: dict[int, MessageTree] = field(default_factory=dict)

    def catch_up(self) -> None:
        """Take in whatever was frozen since, by whomever."""
        with self._read() as connection:
            self.take_from(connection)

    def take_from(self, connection: Connection, up_to: Mapping[int, int] | None = None) -> None:
        """The same, as this transaction sees it; of each message no further than `up_to`."""
        before = {} if up_to is not None else frozen_before(connection, self._notice_no)
        for message_no in _messages_of(connection, self._notice_no):
            begun = MessageTree(before.get(message_no, 0) + 1, BatchDigests(self._batch_size))
            mine = self._messages.setdefault(message_no, begun)
            end = LAST if up_to is None else up_to.get(message_no, 0)
            mine.take(connection, self._notice_no, message_no, end)

    def facts(self) -> Facts:
        """What the journal says of them."""
        grown = {number: one for number, one in sorted(self._messages.items()) if one.tree.size}
        trees = [
            {
                "message_no": number,
                "first": one.first,
                "last": one.last,
                "root": one.tree.root.hex(),
                "blocks": [block.hex() for block in one.tree.blocks],
                **one.batches.facts(),
            }
            for number, one in grown.items()
        ]
        return {
            "notice_no": self._notice_no,
            "roster_seal": self._roster_seal,
            "trees": trees,
            "held_back": [run for one in grown.values() for run in one.runs],
        }


def _messages_of(connection: Connection, number: int) -> list[int]:
    query = sa.select(message.c.message_no).where(message.c.notice_no == number).order_by(message.c.message_no)
    return list(connection.execute(query).scalars())

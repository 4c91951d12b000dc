"""The trees of a notice's frozen recipients: a leaf each, in the order of their numbers, one tree a message.

Made beside the freezing, by a second thread, so that hashing costs no time where there is a second core; journaled
in the transaction that shows the recipients to the sender. The database gives a batch as one text for each column,
which costs half of its rows one by one, and leaves the interpreter to whoever freezes meanwhile; `leaf_of` is what a
leaf must come to, and `verify` holds it to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.journal.entries import by_driver, written_out
from notifier.ledger.journal.runs_of_rows import Run, delivery_runs, go_on
from notifier.ledger.schema import batch, delivery, message
from notifier.proof.canonical_json import Facts
from notifier.proof.merkle_tree import GrowingTree
from notifier.proof.recipient_leaf import leaves_in_a_row, recipient_leaf
from notifier.proof.salted_hash import SALT_BYTES

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
ESCAPED = bytes([*range(ord(PARTED_BY)), *b'"\\'])
"""What JSON does not write in a text as it is, but for what parts them."""


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
    dialect = connection.dialect.name
    hashed = sa.select(hashed_in(dialect), D.leaf).where(OF_MESSAGE).order_by(D.seq)
    rows = by_driver(connection, written_out(hashed.params(bounds), dialect), yield_per=AT_ONCE)
    while some := rows.fetchmany(AT_ONCE):
        yield [sha256(said).digest() if said is not None else bytes(leaf or b"") for said, leaf in some]


@cache
def _in_one(dialect: str, *, is_whole: bool) -> str:
    """SQLite reads them in the order of their key, and has no other word for it here; in another one their digest is
    another. What parts them is written out: SQLite would call `char` for each, which takes as long as all the rest."""
    is_sqlite = dialect == "sqlite"
    joined = "group_concat" if is_sqlite else "string_agg"
    columns = ", ".join(f"{joined}({one.name}, '{PARTED_BY}')" for one in OF_A_BATCH)
    salts = "CAST(group_concat(salt, '') AS BLOB)" if is_sqlite else "string_agg(salt, '')"
    besides = f", {salts}, count(*) FILTER (WHERE status IS NOT NULL OR is_possible_duplicate)" if is_whole else ""
    rows = f"{delivery.name} WHERE notice_no = ? AND message_no = ? AND seq BETWEEN ? AND ?"
    in_order = rows if is_sqlite else f"(SELECT * FROM {rows} ORDER BY seq) one"  # noqa: S608  # names of ours
    return f"SELECT count(*), count(status), {columns}{besides} FROM {in_order}"  # noqa: S608  # the same


class BatchInOne(NamedTuple):
    """All recipients of a batch in order, by a text for each column of `OF_A_BATCH`, which the database puts together.

    So a batch is held to the journal, and read, in less time than it takes to fetch its rows one by one.
    """

    size: int
    set_apart: int
    """How many have a status of their own."""
    columns: tuple[str, ...]
    salts: bytes = b""
    held_back: int = 0
    """How many of them `HELD_BACK` has. Both only where they are being frozen: `is_whole`."""

    @classmethod
    def read(cls, connection: Connection, bounds: Mapping[str, int], *, is_whole: bool = False) -> BatchInOne:
        """As `OF_MESSAGE` asks."""
        place = tuple(bounds[name] for name in ("number", "message", "first", "last"))
        found = by_driver(connection, _in_one(connection.dialect.name, is_whole=is_whole), place).fetchone()
        size, set_apart, *columns = found[: 2 + len(OF_A_BATCH)]
        salts, held_back = found[2 + len(OF_A_BATCH) :] if is_whole else (b"", 0)
        return cls(size, set_apart, tuple(one or "" for one in columns), salts or b"", held_back)

    @property
    def digest(self) -> str:
        """One hash over the columns; empty where a text has in it what parts them."""
        said = PARTED_BY.join(self.columns)
        is_plain = said.count(PARTED_BY) == self.size * len(self.columns) - 1
        return sha256(said.encode()).hexdigest() if is_plain else ""

    def leaves(self, place: tuple[int, int, int]) -> list[bytes]:
        """What `leaf_of` has of each, from the first one's place on; none where their rows must be asked one by one."""
        in_bytes = [one.encode() for one in self.columns]
        columns = [one.split(PARTED_BY.encode()) for one in in_bytes]
        is_whole = all(len(one) == self.size for one in columns) and len(self.salts) == self.size * SALT_BYTES
        if not is_whole or any(len(one.translate(None, ESCAPED)) < len(one) for one in in_bytes):
            return []
        keys, emails, names, ids = columns
        return leaves_in_a_row(self.salts, place, keys, ids, emails, names)


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
class MessageTree:
    """The recipients of one message that were frozen together."""

    first: int
    batch_size: int
    """Smaller ones than `WORTH_A_DIGEST` have none."""
    up_to: int = LAST
    digests: list[str] = field(default_factory=list)
    """Of each batch, as it is cut first."""
    tree: GrowingTree = field(default_factory=GrowingTree)
    runs: list[Run] = field(default_factory=list)
    """Those who have a status already: held back."""

    @property
    def last(self) -> int:
        return self.first + self.tree.size - 1

    def take(self, connection: Connection, number: int, message_no: int, *, least: int = 0) -> None:
        """The next recipients, in order, batch by batch; `least`: of a batch that has no fewer by now, else whole."""
        has_digests = self.batch_size >= WORTH_A_DIGEST
        many = self.batch_size if has_digests else AT_ONCE
        while True:
            first, last = self.last + 1, min(self.last + many, self.up_to)
            bounds = {"number": number, "message": message_no, "first": first, "last": last}
            found = BatchInOne.read(connection, bounds, is_whole=True)
            if found.size < (least or many):
                return
            leaves = found.leaves((number, message_no, first))
            for some in [leaves] if leaves else leaves_between(connection, bounds):
                self.tree.add(*some)
            if found.held_back:
                query = written_out(HELD_BACK.params(bounds), connection.dialect.name)
                go_on(self.runs, delivery_runs(by_driver(connection, query)))
            if has_digests:
                self.digests.append(found.digest)


@dataclass
class RecipientTrees:
    """Of one notice, growing while its recipients are frozen."""

    _read: Callable[[], AbstractContextManager[Connection]]
    _notice_no: int
    _batch_size: int = 0
    _roster_seal: str = ""
    """Of the roster as it was before the first of them was frozen, where that is known."""
    _messages: dict[int, MessageTree] = field(default_factory=dict)

    def catch_up(self) -> RecipientTrees:
        """Take in whatever was frozen since, by whomever."""
        with self._read() as connection:
            self.take_from(connection)
        return self

    def take_from(self, connection: Connection, up_to: Mapping[int, int] | None = None) -> None:
        """The same, as this transaction sees it; of each message no further than `up_to`."""
        before = {} if up_to is not None else frozen_before(connection, self._notice_no)
        for message_no in _messages_of(connection, self._notice_no):
            end = LAST if up_to is None else up_to.get(message_no, 0)
            begun = MessageTree(before.get(message_no, 0) + 1, self._batch_size, end)
            self._messages.setdefault(message_no, begun).take(connection, self._notice_no, message_no)

    def facts(self, connection: Connection) -> Facts:
        """What the journal says of them, the last ones of each message among them."""
        for number, one in self._messages.items():
            one.take(connection, self._notice_no, number, least=1)
        grown = {number: one for number, one in sorted(self._messages.items()) if one.tree.size}
        trees = [
            {
                "message_no": number,
                "first": one.first,
                "last": one.last,
                "root": one.tree.root.hex(),
                "blocks": [block.hex() for block in one.tree.blocks],
                **({"batch_size": one.batch_size, "digests": one.digests} if one.digests else {}),
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

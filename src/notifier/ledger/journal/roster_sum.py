"""The roster beside what Notifier left: its rows are the company's and in no entry, but who took one away is found out.

Of each row a hash is in one sum. Triggers move it by what a write of ours changes, in the same transaction, and the
journal bears it under a salt that the next entry replaces: two of them say nothing of a person who went between them.
What another hand writes moves nothing: whoever wants to know adds up the rows as they are, one aggregate. The key by
which suppressed addresses are hashed is summed with them: by another one nobody would be held back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from hashlib import sha256
from itertools import count
from struct import error as StructError  # noqa: N812  # as classes are written
from struct import pack, unpack, unpack_from
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Column, Integer, String, Table
from sqlalchemy.engine import Connection

from notifier.ledger.journal.entries import by_driver, note
from notifier.ledger.schema import UtcDateTime, customer, journal, metadata, secret
from notifier.proof.canonical_json import Facts
from notifier.proof.entry import EntryKind
from notifier.proof.salted_hash import new_salt, salted_hash

roster_sum = Table(
    "roster_sum",
    metadata,
    Column("line", Integer, primary_key=True, autoincrement=False),  # there is one
    Column("rows", Integer, nullable=False),
    Column("total", String, nullable=False),
    Column("salt", String, nullable=False),
)
SUPPRESSIONS_KEY = "suppressions"
HALF = 2**64
NAMES = (
    "customer_id",
    "email",
    "email_key",
    "name",
    "language",
    "tags",
    "left_at",
    "lost_tags",
    "is_from_file",
    "since",
)
SUMMED = tuple(customer.c[name] for name in ("number", *NAMES))
"""Named one by one: a column that comes later changes no sum."""
MOVED = "roster_moved"
"""By what this transaction has moved it: a temporary table, so that what is rolled back moves nothing."""
HAS_MOVED = "SELECT 'customer', count(*) FROM roster_moved WHERE moves > 0 GROUP BY moves"
SQLITE_TABLE = """
CREATE TEMP TABLE roster_moved (rows INT, total BLOB, moves INT);
INSERT INTO roster_moved VALUES (0, zeroblob(16), 0);
"""
POSTGRESQL_TABLE = """
CREATE TEMP TABLE roster_moved (rows bigint, a numeric, b numeric, moves int DEFAULT 1)
"""
SAID = '"roster":{"rows":'
HAS_SPOKEN = sa.select(sa.exists().where(journal.c.facts.contains(SAID)))
LAST_OF_ALL = 2**31 - 1
"""Of a table that it knows nothing of yet PostgreSQL reads all for whoever comes after a number, and for those between
two no more than these."""
SIGNS = {"UPDATE": (-1, 1), "DELETE": (-1,)}
CHANGES = tuple(SIGNS)
"""Which triggers note; who joins does so by the million, and is summed at once (`joining`)."""


class RosterSum(NamedTuple):
    """How many rows, and the two sums of their hashes."""

    rows: int = 0
    a: int = 0
    b: int = 0

    @classmethod
    def read(cls, rows: int, total: bytes | str) -> RosterSum:
        """As it is kept; what another hand made unreadable fits nothing."""
        try:
            return cls(rows, *unpack(">QQ", bytes.fromhex(total) if isinstance(total, str) else total))
        except (ValueError, StructError):
            return cls()

    def plus(self, moved: RosterSum) -> RosterSum:
        return RosterSum(self.rows + moved.rows, (self.a + moved.a) % HALF, (self.b + moved.b) % HALF)

    @property
    def total(self) -> str:
        return pack(">QQ", self.a % HALF, self.b % HALF).hex()


@cache
def written(dialect: str, side: str = "") -> str:
    """A row as it is hashed, the same text in both databases; PostgreSQL makes bytes of it, whose ends cost nothing."""
    if dialect == "sqlite":
        return f"json_array({', '.join(f'{side}{one.name}' for one in SUMMED)})"
    number, *texts, is_from_file, since = map(_on_postgresql, SUMMED)
    listed = f"array_to_json(ARRAY[{', '.join(texts)}])::text"
    parts = (f"'[' || {number} || ','", listed, f"',' || {is_from_file} || ',' || {since} || ']'")
    head, middle, tail = (f"convert_to({one}, 'UTF8')" for one in parts)
    return f"{head} || btrim({middle}, '\\x5b5d') || {tail}"


def _on_postgresql(column: Column[Any]) -> str:
    match column.type:
        case sa.Boolean():
            return f"{column.name}::int"
        case sa.Date():
            return f"coalesce(to_json({column.name})::text, 'null')"
        case UtcDateTime():
            return f"to_char({column.name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    return column.name


def _added_up(source: str) -> str:
    """On PostgreSQL; of a hash the two halves of its first sixteen bytes, each a sum of its own."""
    halves = (f"coalesce(sum(('x' || encode(substr(h, {at}, 8), 'hex'))::bit(64)::bigint), 0)" for at in (1, 9))
    each = f"SELECT sha256({written('postgresql')}) AS h FROM {source} OFFSET 0"  # noqa: S608  # words of ours
    return f"SELECT count(*), {', '.join(halves)} FROM ({each}) one"  # noqa: S608  # the same


FUNCTION = f"""
CREATE OR REPLACE FUNCTION notifier_roster() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_regclass('pg_temp.roster_moved') IS NULL THEN RETURN NULL; END IF;
  INSERT INTO pg_temp.roster_moved SELECT -n, -a, -b FROM ({_added_up("rows_before")}) moved (n, a, b);
  IF TG_OP <> 'DELETE' THEN INSERT INTO pg_temp.roster_moved {_added_up("rows_after")}; END IF;
  RETURN NULL;
END $$
"""  # noqa: S608  # words of ours
"""Called once a statement; does nothing in a session that keeps no journal."""


def sqlite_triggers() -> Iterator[str]:
    """Of one connection: once a row."""
    for change, signs in SIGNS.items():
        yield f"CREATE TEMP TRIGGER roster_{change} AFTER {change} ON main.{customer.name} BEGIN"
        for sign in signs:
            row = written("sqlite", "NEW." if sign > 0 else "OLD.")
            yield f"UPDATE roster_moved SET total = roster_plus(total, {sign}, {row}),"  # noqa: S608  # names of ours
            yield f"rows = rows + {sign}, moves = 1;"
        yield "END;"


def prepare(raw: Any) -> None:
    """What SQLite's triggers call."""
    raw.create_function("roster_plus", 3, plus, deterministic=True)
    raw.executescript(SQLITE_TABLE)


def plus(total: bytes, sign: int, row: str) -> bytes:
    """One row more or less; for SQLite, which calls it for each."""
    a, b = unpack(">QQ", total)
    x, y = unpack_from(">QQ", sha256(row.encode()).digest())
    return pack(">QQ", (a + sign * x) % HALF, (b + sign * y) % HALF)


class _Adding:
    def __init__(self) -> None:
        self.a = self.b = 0

    def step(self, row: str) -> None:
        x, y = unpack_from(">QQ", sha256(row.encode()).digest())
        self.a += x
        self.b += y

    def finalize(self) -> bytes:
        return pack(">QQ", self.a % HALF, self.b % HALF)


def sum_of_new(after: int, texts: Iterable[Sequence[str]], since: Iterable[str | None], *, is_whole: bool) -> RosterSum:
    """Of rows that get the numbers after this one; `texts`: their columns from the id to the tags.

    `written` as of who has not left and lost no tag, in a quarter of the time, while the server copies others.
    """
    days = ["null" if day is None else f'"{day}"' for day in since]
    rows = [
        f'[{number},"{own_id}","{email}","{key}","{name}","{language}","{tags}",null,"[]",{int(is_whole)},{day}]'
        for number, own_id, email, key, name, language, tags, day in zip(
            count(after + 1), *map(_in_json, texts), days, strict=False
        )
    ]
    digests = b"".join([one.digest() for one in map(sha256, map(str.encode, rows))])
    halves = unpack(f">{len(digests) // 8}Q", digests)
    return RosterSum().plus(RosterSum(len(days), sum(halves[::4]), sum(halves[1::4])))


def _in_json(column: Sequence[str]) -> Sequence[str]:
    """What stands between the quotation marks: most columns are written so already."""
    if (whole := "".join(column)).isprintable() and '"' not in whole and "\\" not in whole:
        return column
    written_so = {one: json.dumps(one, ensure_ascii=False)[1:-1] for one in set(column)}
    return list(map(written_so.__getitem__, column))


@contextmanager
def joining(connection: Connection) -> Iterator[None]:
    """Whoever is inserted within it; numbers only grow."""
    last = connection.execute(sa.select(sa.func.coalesce(sa.func.max(customer.c.number), 0))).scalar_one()
    yield
    note_joined(connection, add_up(connection, int(last)))


def note_joined(connection: Connection, more: RosterSum) -> None:
    """This is the sum of whom this transaction inserted."""
    if not more.rows:
        return
    if connection.dialect.name != "sqlite":
        moved = f"INSERT INTO pg_temp.roster_moved VALUES ({more.rows}, {more.a}, {more.b})"  # noqa: S608  # ours
    else:
        moved_already = RosterSum.read(*by_driver(connection, "SELECT rows, total FROM roster_moved").fetchone())
        now = moved_already.plus(more)
        moved = f"UPDATE roster_moved SET rows = {now.rows}, total = x'{now.total}', moves = 1"  # noqa: S608  # ours
    by_driver(connection, moved)


def add_up(connection: Connection, after: int = 0) -> RosterSum:
    """The rows as they are, from the one after this number on."""
    if connection.dialect.name != "sqlite":
        behind = f" WHERE number BETWEEN {after + 1} AND {LAST_OF_ALL}" if after else ""
        found = by_driver(connection, _added_up(f"{customer.name}{behind}")).fetchone()
        return RosterSum().plus(RosterSum(*map(int, found)))
    raw: Any = connection.connection.driver_connection
    raw.create_aggregate("roster_total", 1, _Adding)
    said = f"count(*), roster_total({written('sqlite')})"
    query = f"SELECT {said} FROM {customer.name} WHERE number > {after}"  # noqa: S608  # names of ours
    rows, total = by_driver(connection, query).fetchone()
    return RosterSum.read(rows, total) if rows else RosterSum()


def roster_facts(connection: Connection) -> Facts:
    """What the journal says of it now; at the end of a transaction that wrote into the roster."""
    said = by_driver(connection, "SELECT * FROM roster_moved").fetchall()
    if connection.dialect.name == "sqlite":
        moved = RosterSum.read(*said[0][:2])
        by_driver(connection, "UPDATE roster_moved SET rows = 0, total = zeroblob(16), moves = 0")
    else:
        moved = RosterSum(*(sum(map(int, column)) for column in list(zip(*said, strict=True))[:3]))
        by_driver(connection, "DELETE FROM roster_moved")
    before = _kept(connection)
    if before is None and not connection.execute(HAS_SPOKEN).scalar():
        return keep(connection, _whole(connection))
    return keep(connection, (before or RosterSum()).plus(moved))  # a sum that another hand took away is none to begin


def keep(connection: Connection, now: RosterSum) -> Facts:
    """Have it so; what the journal says of it."""
    salt = new_salt().hex()
    values = {"rows": now.rows, "total": now.total, "salt": salt}
    if not connection.execute(sa.update(roster_sum).values(values)).rowcount:
        connection.execute(sa.insert(roster_sum).values(line=1, **values))
    return {"roster": {"rows": now.rows, "seal": _seal(salt, now)}}


def taken_on(connection: Connection) -> Facts:
    """As it is, whoever made it so: what the journal says of it."""
    _kept(connection)  # locked, so that nobody of ours writes meanwhile
    return keep(connection, _whole(connection))


def sum_key(connection: Connection) -> None:
    """The key of the suppressions was made in this transaction."""
    if before := _kept(connection):
        note(connection, EntryKind.CHANGED, keep(connection, before.plus(_key_sum(connection))))


def _whole(connection: Connection) -> RosterSum:
    return add_up(connection).plus(_key_sum(connection))


def _key_sum(connection: Connection) -> RosterSum:
    key = connection.execute(sa.select(secret.c.value).where(secret.c.name == SUPPRESSIONS_KEY)).scalar()
    return RosterSum(0, *unpack_from(">QQ", sha256(key.encode()).digest())) if key else RosterSum()


def roster_fault(connection: Connection, said: Mapping[str, Any] | None) -> str:
    """What is not as Notifier left it, in words for people; empty where all is. `said`: by the journal, last."""
    row = connection.execute(sa.select(roster_sum)).first()
    if said is None and row is None:
        return ""
    left = RosterSum() if row is None else RosterSum.read(row.rows, row.total)
    if said is None or row is None or said != {"rows": left.rows, "seal": _seal(row.salt, left)}:
        return "what Notifier noted of the roster is not as its journal has it: another hand wrote there"
    now = _whole(connection)
    if now.rows != left.rows:
        return f"the roster is not what Notifier left: {now.rows:,} rows, {left.rows:,} then; another hand was there"
    changed = "rows of the roster, or the key of its suppressions, were changed by another hand"
    return "" if now == left else f"{changed}; Notifier left all {now.rows:,}"


def roster_seal(connection: Connection) -> str:
    """What the journal has of it now: another one after each write of ours. Empty where there is none."""
    row = by_driver(connection, "SELECT salt, rows, total FROM roster_sum").fetchone()
    return "" if row is None else _seal(row[0], RosterSum.read(*row[1:]))


def roster_fault_now(connection: Connection) -> str:
    """The same as `roster_fault`, beside what the journal said of it last."""
    said = sa.select(journal.c.facts).where(journal.c.facts.contains(SAID)).order_by(journal.c.number.desc()).limit(1)
    facts = connection.execute(said).scalar()
    return roster_fault(connection, json.loads(facts)["roster"] if facts else None)


def _kept(connection: Connection) -> RosterSum | None:
    row = connection.execute(sa.select(roster_sum).with_for_update()).first()
    return None if row is None else RosterSum.read(row.rows, row.total)


@lru_cache(maxsize=16)
def _seal(salt: str, now: RosterSum) -> str:
    """Asked for at each claim, while nobody writes to the roster."""
    try:
        return salted_hash(bytes.fromhex(salt), [now.rows, now.total])
    except ValueError:
        return ""

"""Customers who arrive with a list: laid beside the roster in a temporary table, then merged by a statement a step.

A customer is known again by `customer_id`; a row without an id of the company's own by its address, and so is one whose
customer was known by nothing else until now. With an id each, two are two that share a mailbox.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Self

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Integer, String
from sqlalchemy.engine import Connection

from notifier.ledger.by_set.departures import MANY, Seen, lost_tags
from notifier.ledger.by_set.many_rows import look_each_up
from notifier.ledger.journal.roster_sum import RosterSum, joining, sum_of_new
from notifier.ledger.rows import email_key, tags_key
from notifier.ledger.schema import customer, notice
from notifier.notice.customer_csv import MADE_ID, customer_id_of
from notifier.notice.delivery import Customer

ARRIVAL = sa.Table(
    "arrival",
    sa.MetaData(),
    Column("place", Integer),
    Column("customer_id", String),
    Column("is_made", Boolean),
    Column("email", String),
    Column("email_key", String),
    Column("name", String),
    Column("language", String),
    Column("tags", String),
    Column("since", Date),
    Column("lost_tags", String, server_default="[]"),
    Column("tagged_after", Integer),
    Column("number", Integer),
    Column("by_address", Boolean),
    prefixes=["TEMPORARY"],
)
A, C = ARRIVAL.c, customer.c
KEPT = ("customer_id", "email", "email_key", "name", "language", "tags", "since")
GIVEN = ("place", "is_made", *KEPT)
COPIED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
"""What stands for something else where COPY reads it."""
IS_WHOLE = "is_from_file"
LENGTH_OF_MADE = 20
LIST_LOCK = 0x6E6F7463
"""An advisory lock on PostgreSQL, "notc": two lists are merged one chunk after another."""


class Arrivals(NamedTuple):
    """Some customers of a list, by column, as the database takes them; who is among them twice is here as said last."""

    read: int
    size: int
    columns: Mapping[str, Sequence[Any]]
    kinds: frozenset[bool]
    """Have they no id of the company's own?"""
    unsaid: Collection[str]
    """Of this known rows keep what they have."""
    is_whole: bool
    after: int | None
    """Behind whose number they will be, where nobody is to be known again."""
    foreseen: RosterSum
    """Then, the sum of their rows."""

    @classmethod
    def of(
        cls,
        chunk: Sequence[Customer],
        unsaid: Collection[str],
        *,
        is_whole: bool,
        is_sqlite: bool,
        after: int | None = None,
    ) -> Self:
        """Of these, in the thread that reads: who brings them in has little more to do than to wait for the server."""
        customers = {one.customer_id: one for one in chunk}.values()
        is_made, size = list(map(_is_made, customers)), len(customers)
        ids, emails, names, languages, tags, days = zip(*customers, strict=True)
        since = [day and day.isoformat() for day in days]
        texts = ids, emails, tuple(map(email_key, emails)), names, languages, tuple(map(_written, tags))
        foreseen = RosterSum() if after is None else sum_of_new(after, texts, since, is_whole=is_whole)
        kept = *texts, since
        columns = dict(zip((*GIVEN, IS_WHOLE), (range(size), is_made, *kept, [is_whole] * size), strict=True))
        if not is_sqlite:
            columns = {name: _as_copied(column) for name, column in columns.items()}
        return cls(len(chunk), size, columns, frozenset(is_made), unsaid, is_whole, after, foreseen)


def merge(connection: Connection, chunk: Arrivals, seen: Seen) -> Counter[str]:
    """Bring them onto the roster."""
    alone(connection)
    lay_beside(connection, chunk, seen)
    _put_behind(connection)
    values = _values(chunk.unsaid)
    change = sa.update(customer).where(C.number == A.number, _differs(values)).values(values)
    changed = connection.execute(change).rowcount
    if chunk.is_whole:  # which changes nothing about them
        theirs = sa.update(customer).where(C.number == A.number, sa.not_(C.is_from_file))
        connection.execute(theirs.values(is_from_file=True))
    values_of_new = (*(A[name] for name in KEPT), sa.literal(chunk.is_whole))
    fresh = sa.select(*values_of_new).where(A.number.is_(None)).order_by(A.place)
    insert = sa.insert(customer).from_select((*KEPT, IS_WHOLE), fresh, include_defaults=False)
    with joining(connection):
        added = connection.execute(insert.execution_options(preserve_rowcount=True)).rowcount
    return Counter(added=added, changed=changed, unchanged=chunk.read - added - changed)


def differences(connection: Connection, chunk: Arrivals, seen: Seen) -> Counter[str]:
    """What `merge` would do."""
    lay_beside(connection, chunk, seen)
    change = sa.select(sa.func.count()).select_from(ARRIVAL.join(customer, C.number == A.number))
    changed = connection.execute(change.where(_differs(_values(chunk.unsaid)))).scalar_one()
    added = connection.execute(sa.select(sa.func.count()).where(A.number.is_(None))).scalar_one()
    return Counter(added=added, changed=changed, unchanged=chunk.read - added - changed)


def lay_beside(connection: Connection, chunk: Arrivals, seen: Seen) -> None:
    """Fill the table with these, each with the number that it has on the roster, if it is there."""
    _empty(connection)
    stage(connection, ARRIVAL, GIVEN, chunk)
    known = sa.select(C.number).where(C.customer_id == A.customer_id).scalar_subquery()
    connection.execute(sa.update(ARRIVAL).where(known.is_not(None)).values(number=known))
    if connection.execute(sa.select(sa.exists().where(A.number.is_(None)))).scalar():
        _know_by_address(connection)
    if "tags" not in chunk.unsaid:
        _note_tags(connection)
    for number in connection.execute(sa.select(A.number).where(A.number.is_not(None))).scalars():
        seen.add(number)


def _put_behind(connection: Connection) -> None:
    """Who comes back after a notice went without them gets a number as who joins has: up to which of these it went, a
    notice remembers."""
    last = sa.select(sa.func.max(notice.c.frozen_at)).scalar_subquery()
    missed = sa.select(C.number).join(ARRIVAL, C.number == A.number).where(C.left_at <= last).order_by(C.number)
    numbers = connection.execute(missed).scalars().all()
    if not numbers:
        return
    ways = [{"old": old, "new": new} for old, new in zip(numbers, _next(connection, len(numbers)), strict=True)]
    for table, more in ((customer, {"left_before": C.left_at}), (ARRIVAL, {})):
        moved = sa.update(table).where(table.c.number == sa.bindparam("old"))
        connection.execute(moved.values(number=sa.bindparam("new"), **more), ways)


def _next(connection: Connection, count: int) -> Sequence[int]:
    if connection.dialect.name == "postgresql":
        each = "SELECT nextval(pg_get_serial_sequence('customer', 'number')) FROM generate_series(1, %s)"
        return connection.exec_driver_sql(each, (count,)).scalars().all()
    ever = "SELECT max(max(seq), (SELECT max(number) FROM customer)) FROM sqlite_sequence WHERE name = 'customer'"
    last = connection.exec_driver_sql(ever).scalar_one()  # what was numbered anew, the sequence does not know
    return range(last + 1, last + 1 + count)


def alone(connection: Connection) -> None:
    """Until this transaction ends nobody else brings in customers."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LIST_LOCK)))


def stage(connection: Connection, table: sa.Table, names: Sequence[str], chunk: Arrivals) -> None:
    """These columns of them into a table, by COPY where there is one."""
    raw: Any = connection.connection.driver_connection
    rows, listed = zip(*(chunk.columns[name] for name in names), strict=True), ", ".join(names)
    try:
        if connection.dialect.name == "sqlite":
            places = ", ".join("?" * len(names))
            raw.executemany(f"INSERT INTO {table.name} ({listed}) VALUES ({places})", rows)  # noqa: S608  # names of ours
            return
        with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({listed}) FROM STDIN") as copy:
            copy.write("\n".join((*map("\t".join, rows), "")))
    except connection.dialect.loaded_dbapi.Error as error:
        raise sa.exc.DBAPIError("COPY", None, error) from error


def _as_copied(column: Sequence[Any]) -> Sequence[str]:
    """As COPY reads texts: most columns are written so already."""
    if isinstance(column, range):
        return list(map(str, column))
    if set(map(type, column)) != {str}:
        texts = {one: "\\N" if one is None else str(one) for one in set(column)}
        return list(map(texts.__getitem__, column))
    if (whole := "".join(column)).isprintable() and "\\" not in whole:
        return column
    return [one.translate(COPIED) for one in column]


def _empty(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        ARRIVAL.create(connection, checkfirst=False) if not _is_there(connection) else None
        connection.execute(sa.delete(ARRIVAL))
        raw: Any = connection.connection.driver_connection
        raw.create_function("made_id", 1, customer_id_of, deterministic=True)
        return
    look_each_up(connection)
    connection.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.arrival")
    ARRIVAL.create(connection, checkfirst=False)


def _is_there(connection: Connection) -> bool:
    there = "SELECT count(*) FROM sqlite_temp_master WHERE name = 'arrival'"
    return bool(connection.exec_driver_sql(there).scalar())


def _is_made(one: Customer) -> bool:
    """Has it no id of the company's own?"""
    return one.customer_id.startswith(MADE_ID) and one.customer_id == customer_id_of(one.email)


_written = lru_cache(maxsize=4_096)(tags_key)


def _made_id(dialect: str) -> sa.ColumnElement[str]:
    """The id that is made of an address, of the one in this row."""
    if dialect == "sqlite":
        return sa.func.made_id(A.email_key, type_=sa.String)
    digest = sa.func.encode(sa.func.sha256(sa.func.convert_to(A.email_key, "UTF8")), "hex", type_=sa.String)
    return sa.literal(MADE_ID) + sa.func.left(digest, LENGTH_OF_MADE, type_=sa.String)


def _know_by_address(connection: Connection) -> None:
    """Who is not known by id: the first at that address whom no other row claims, as far as they can be the same."""
    other = ARRIVAL.alias("other")
    claimed = sa.select(other.c.number).where(other.c.number.is_not(None))
    can_be = sa.or_(A.is_made, C.customer_id == _made_id(connection.dialect.name))
    lowest = sa.func.min(C.number + 0)  # of the bare number PostgreSQL would look for it from the roster's beginning
    there = sa.select(lowest).where(C.email_key == A.email_key).scalar_subquery()
    first = sa.select(lowest).where(C.email_key == A.email_key, can_be, C.number.not_in(claimed))
    found = {"number": first.scalar_subquery(), "by_address": True}
    connection.execute(sa.update(ARRIVAL).where(A.number.is_(None), there.is_not(None)).values(found))
    firsts = sa.select(sa.func.min(other.c.place)).where(other.c.by_address).group_by(other.c.number)
    doubled = sa.update(ARRIVAL).where(A.by_address, A.number.is_not(None), A.place.not_in(firsts))
    connection.execute(doubled.values(number=None))


def _note_tags(connection: Connection) -> None:
    """Who has lost some by this list, and who got some after a notice went out."""
    query = sa.select(A.place, A.tags.label("now"), C.tags, C.lost_tags).join(customer, C.number == A.number)
    lost: dict[str, list[int]] = defaultdict(list)
    tagged: list[int] = []
    for row in connection.execute(query.where(sa.or_(C.tags != A.tags, C.lost_tags != "[]"))).mappings():
        lost[lost_tags(dict(row), row["now"])].append(row["place"])
        if not {*json.loads(row["now"])} <= {*json.loads(row["tags"])}:
            tagged.append(row["place"])
    for tags, places in lost.items():
        connection.execute(sa.update(ARRIVAL).where(A.place.in_(places)).values(lost_tags=tags))
    newest = sa.select(sa.func.max(notice.c.number)).where(notice.c.frozen_at.is_not(None)).scalar_subquery()
    for start in range(0, len(tagged), MANY):
        some = A.place.in_(tagged[start : start + MANY])
        connection.execute(sa.update(ARRIVAL).where(some).values(tagged_after=newest))


def _values(unsaid: Collection[str]) -> dict[str, sa.ColumnElement[Any]]:
    """What becomes of a known customer, by column."""
    said = [name for name in ("email", "email_key", "name", "language", "tags", "since") if name not in unsaid]
    values: dict[str, sa.ColumnElement[Any]] = {name: A[name] for name in said}
    values["customer_id"] = sa.case((A.is_made, C.customer_id), else_=A.customer_id)  # no id takes none away
    values["left_at"] = sa.null()
    if "tags" not in unsaid:
        values["lost_tags"] = A.lost_tags
        values["tagged_after"] = sa.func.coalesce(A.tagged_after, C.tagged_after)
    return values


def _differs(values: Mapping[str, sa.ColumnElement[Any]]) -> sa.ColumnElement[bool]:
    return sa.or_(*(C[name].is_distinct_from(value) for name, value in values.items()))

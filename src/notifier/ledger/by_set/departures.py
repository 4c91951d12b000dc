"""Who left the company's list, and how much of the roster was lost since customers were last told of anything."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.database import Database, LedgerPart
from notifier.ledger.schema import customer, notice
from notifier.notice.delivery import policies_for
from notifier.notice.sending_rules import MOST_LOST

IS_HERE = customer.c.left_at.is_(None)
"""Whoever has left is told nothing any more; what they were told of stays on record."""


class Leaving(StrEnum):
    """Who has left where a whole list no longer has them."""

    FROM_FILE = "from file"  #: Who came from that list.
    ANYBODY = "anybody"  #: Everybody on the roster.

    @property
    def condition(self) -> sa.ColumnElement[bool]:
        return sa.and_(customer.c.is_from_file, IS_HERE) if self is Leaving.FROM_FILE else IS_HERE


CROWD = 5
"""Fewer customers may well share a mailbox, however few there are."""
MANY = 500
"""So many rows are named in one statement."""


@dataclass(slots=True)
class Seen:
    """Which rows of the roster, by number up to `last`, a file has: one bit of memory each would be the least."""

    last: int
    _flags: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self._flags = bytearray(self.last + 1)

    def add(self, number: int) -> None:
        if number <= self.last:
            self._flags[number] = 1

    def __contains__(self, number: int) -> bool:
        return bool(self._flags[number])


def gone(db: Database, seen: Seen, whose: Leaving) -> list[int]:
    """Who were not seen in the company's whole list, by number."""
    from_file = sa.and_(whose.condition, customer.c.number <= seen.last)
    with db.read() as connection:
        known = connection.execute(sa.select(customer.c.number).where(from_file)).scalars()
        return [number for number in known if number not in seen]


def let_go(db: Database, seen: Seen, at: datetime, whose: Leaving) -> int:
    """Mark those as having left who were not seen in the company's whole list; how many they are."""
    leaving = gone(db, seen, whose)
    for at_once in (leaving[first : first + MANY] for first in range(0, len(leaving), MANY)):
        with db.write() as connection:
            connection.execute(sa.update(customer).where(customer.c.number.in_(at_once)).values(left_at=at))
    return len(leaving)


def lost_tags(old: Mapping[str, Any], tags: str) -> str:
    """What a list has taken from a customer who has these tags now, and no notice has asked for since."""
    had = {*json.loads(old["tags"]), *json.loads(old["lost_tags"])}
    return json.dumps(sorted(had.difference(json.loads(tags))), ensure_ascii=False)


def accept_lost_tags(connection: Connection, audiences: Mapping[str, frozenset[str]]) -> None:
    """A person has let a notice go to these audiences, or it went: who lost their tags is out of them knowingly."""
    asked = {tag.casefold() for audience in audiences.values() for tag in audience}
    found = sa.select(customer.c.lost_tags).where(customer.c.lost_tags != "[]").distinct()
    for lost in connection.execute(found).scalars().all() if asked else ():
        kept = json.dumps([tag for tag in json.loads(lost) if tag.casefold() not in asked], ensure_ascii=False)
        connection.execute(sa.update(customer).where(customer.c.lost_tags == lost).values(lost_tags=kept))


def crowd(connection: Connection) -> str:
    """Whether addresses are those of more customers than a mailbox has owners, in words; empty where that is few.

    A column that was filled down, to its end or from each row that has one, gives many the address of one: a single
    letter, and all the others count as told. Two to four at each are a household or an office, however many there are.
    """
    many = sa.func.count().label("many")
    of_one = sa.select(many).where(IS_HERE).group_by(customer.c.email_key).having(many >= CROWD).subquery()
    mailboxes, crowded = connection.execute(sa.select(sa.func.count(), sa.func.sum(of_one.c.many))).one()
    total = connection.execute(sa.select(sa.func.count()).where(IS_HERE)).scalar_one() if mailboxes else 0
    if not mailboxes or int(crowded) <= MOST_LOST * total:
        return ""
    have = "one and the same address, and get one letter" if mailboxes == 1 else f"one of {mailboxes:,} addresses"
    each = "" if mailboxes == 1 else f", {CROWD} and more at each, which gets one letter"
    return f"{int(crowded):,} of {total:,} customers have {have}{each}: is that column right?"


class RosterLoss(NamedTuple):
    """How many customers there were `since` then, and how many of these are no longer here."""

    since: str
    before: int
    lost: int
    fewest: int = 0
    """Fewer may well have left by themselves, however few there are."""

    def is_strange(self, leaving: int = 0) -> bool:
        """More than a company loses by itself, with so many more about to leave?"""
        lost = self.lost + leaving
        return lost >= self.fewest and lost > MOST_LOST * self.before


def _left(connection: Connection, gone: sa.ColumnElement[bool]) -> RosterLoss:
    lost, here = (connection.execute(sa.select(sa.func.count()).where(one)).scalar_one() for one in (gone, IS_HERE))
    return RosterLoss("", lost + here, lost)


class Departures(LedgerPart):
    """What became of the roster between two notices."""

    def by_tags(self, audiences: Mapping[str, frozenset[str]]) -> Mapping[str, RosterLoss]:
        """By policy: how many customers a list has taken out of its audience by their tags, and of how many."""
        before: Counter[str] = Counter()
        here: Counter[str] = Counter()
        groups = (customer.c.tags, customer.c.lost_tags)
        query = sa.select(*groups, sa.func.count()).where(IS_HERE).group_by(*groups)
        with self._db.read() as connection:
            for tags, lost, count in connection.execute(query):
                own = frozenset(json.loads(tags))
                here.update(dict.fromkeys(policies_for(own, audiences), count))
                before.update(dict.fromkeys(policies_for(own.union(json.loads(lost)), audiences), count))
        return {
            policy: RosterLoss("the last notice", before[policy], before[policy] - here[policy]) for policy in before
        }

    def crowd(self) -> str:
        """See `crowd`."""
        with self._db.read() as connection:
            return crowd(connection)

    def since(self, at: datetime) -> RosterLoss:
        """Who has left the company's file after `at`."""
        with self._db.read() as connection:
            return _left(connection, customer.c.left_at > at)._replace(since=f"{at:%Y-%m-%d %H:%M} UTC")

    def since_last_notice(self) -> RosterLoss:
        """Since the first list where no notice was sent yet. Counted by person: as many new ones do not make up for the
        lost."""
        last = (
            sa.select(notice.c.notice_id, notice.c.roster_size, notice.c.frozen_up_to)
            .where(notice.c.frozen_at.is_not(None), notice.c.roster_size.is_not(None))
            .order_by(notice.c.frozen_at.desc(), notice.c.number.desc())
            .limit(1)
        )
        with self._db.read() as connection:
            row = connection.execute(last).first()
            if row is None:
                return _left(connection, sa.not_(IS_HERE))._replace(since="the first list", fewest=CROWD)
            still = sa.select(sa.func.count()).where(IS_HERE, customer.c.number <= row.frozen_up_to)
            here = int(connection.execute(still).scalar_one())
        return RosterLoss(f"notice {row.notice_id}", row.roster_size, max(row.roster_size - here, 0))

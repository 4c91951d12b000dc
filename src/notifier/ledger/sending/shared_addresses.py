"""One mailbox, several customers: one letter covers the policies of all of them, in the language of the first.

The first of them gets it; the others are held back with a reason, under the same message, which is the proof of what
they were told. Who joins later gets a letter of their own for what that mailbox has not heard.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.by_set.departures import IS_HERE, MANY
from notifier.ledger.messages import variants
from notifier.ledger.rows import COUNTS_FOR_THEM, AnyRow, email_key
from notifier.ledger.schema import customer, delivery, message
from notifier.notice.delivery import covering_message, policies_for
from notifier.notice.message import Message

Audiences = Mapping[str, frozenset[str]]


class Heard(NamedTuple):
    """Of which policies somebody has heard by a notice already, and at which address."""

    email_key: str
    policies: frozenset[str]


NOTHING = Heard("", frozenset())


@dataclass(frozen=True)
class SharedAddresses:
    """By customer's number: the message that covers all at that address, and who gets it through another."""

    messages: dict[int, int] = field(default_factory=dict)
    covered: set[int] = field(default_factory=set)


def shared_addresses(
    connection: Connection,
    notice: AnyRow,
    among: sa.ColumnElement[bool] | None = None,
    gets_it: sa.ColumnElement[bool] | None = None,
) -> SharedAddresses:
    """Of these customers (of all), those whose address somebody else on the roster has as well.

    `gets_it`, of a row of the roster: who is none of them is written to by nobody, and covers nobody.
    """
    found = SharedAddresses()
    mailboxes = list(_mailboxes(connection, among, gets_it))
    messages = variants(connection, notice.number)
    if not mailboxes or not messages:
        return found
    audiences = audiences_of(notice)
    told = _told_before(connection, notice, mailboxes) if notice.roster_size is not None else {}
    for people in mailboxes:
        _settle(people, told, messages, audiences, notice.language, found)
    return found


def audiences_of(notice: AnyRow) -> Audiences:
    """By policy the tags that it asks for; none for everybody."""
    return {policy: frozenset(tags) for policy, tags in json.loads(notice.audiences).items()}


def shared_policies(connection: Connection, audiences: Audiences) -> set[tuple[str, ...]]:
    """Sets of policies for which a letter is needed since those at one address are told of them together."""
    return {policies for people in _mailboxes(connection) if (policies := _all_of(people, audiences))}


def _settle(
    people: Sequence[AnyRow],
    told: Mapping[str, Heard],
    messages: Sequence[Message],
    audiences: Audiences,
    otherwise: str,
    found: SharedAddresses,
) -> None:
    """`people` of one mailbox, in the order in which they joined; `told`: who of them has the notice, and where."""
    own = {one.number: frozenset(_policies(one, audiences)) for one in people}
    before = {one.customer_id: told.get(one.customer_id, NOTHING) for one in people}
    here = (before[one.customer_id] for one in people if before[one.customer_id].email_key == one.email_key)
    heard = frozenset[str]().union(*(one.policies for one in here))
    fresh = [one for one in people if one.gets_it and not own[one.number] <= before[one.customer_id].policies]
    everything = frozenset[str]().union(*(own[one.number] for one in fresh))
    for one in fresh:
        if own[one.number] <= heard:
            found.covered.add(one.number)
        else:
            heard |= everything
        found.messages[one.number] = covering_message(fresh[0].language, everything, messages, otherwise)


def _policies(one: AnyRow, audiences: Audiences) -> tuple[str, ...]:
    return policies_for(frozenset(json.loads(one.tags)), audiences)


def _all_of(people: Iterable[AnyRow], audiences: Audiences) -> tuple[str, ...]:
    return tuple(sorted({policy for one in people for policy in _policies(one, audiences)}))


def _mailboxes(
    connection: Connection, among: sa.ColumnElement[bool] | None = None, gets_it: sa.ColumnElement[bool] | None = None
) -> Iterator[list[AnyRow]]:
    """Everybody at each address that one of these shares with somebody."""
    keys = connection.execute(_shared_keys(among)).scalars().all()
    columns = (customer.c.number, customer.c.customer_id, customer.c.email_key, customer.c.language, customer.c.tags)
    query = sa.select(*columns, (sa.true() if gets_it is None else gets_it).label("gets_it"))
    mailboxes: dict[str, list[AnyRow]] = defaultdict(list)
    for start in range(0, len(keys), MANY):
        theirs = customer.c.email_key.in_(keys[start : start + MANY])
        for row in connection.execute(query.where(IS_HERE, theirs).order_by(customer.c.number)):
            mailboxes[row.email_key].append(row)
    yield from sorted(mailboxes.values(), key=lambda people: people[0].number)


def _shared_keys(among: sa.ColumnElement[bool] | None) -> sa.Select[tuple[str]]:
    """Of a part of the roster each address is looked up, which no planner can turn into a reading of all of it."""
    if among is None:
        return sa.select(customer.c.email_key).where(IS_HERE).group_by(customer.c.email_key).having(sa.func.count() > 1)
    other = customer.alias("other")
    at_it = sa.select(sa.func.count()).where(other.c.email_key == customer.c.email_key, other.c.left_at.is_(None))
    return sa.select(customer.c.email_key).where(among, IS_HERE, at_it.scalar_subquery() > 1).distinct()


def _told_before(connection: Connection, notice: AnyRow, mailboxes: Iterable[Sequence[AnyRow]]) -> dict[str, Heard]:
    """Of these, by id, who has the notice already: others joined, or moved, since."""
    ids = [one.customer_id for people in mailboxes for one in people]
    among = delivery.c.customer_id.in_(sa.bindparam(None, ids, expanding=True, literal_execute=True))
    its = sa.and_(message.c.notice_no == delivery.c.notice_no, message.c.message_no == delivery.c.message_no)
    query = sa.select(delivery.c.customer_id, delivery.c.email, message.c.policies).join(message, its)
    told: dict[str, Heard] = {}
    for row in connection.execute(query.where(delivery.c.notice_no == notice.number, among, COUNTS_FOR_THEM)):
        heard = told.get(row.customer_id, NOTHING).policies.union(json.loads(row.policies))
        told[row.customer_id] = Heard(email_key(row.email), heard)
    return told

"""What a copy that is brought back must learn from the ledger that it replaces, or it would undo what was said since.

Who is not to be written to, which keys open nothing any more, which notices were stopped. Nothing is taken the other
way: who was held back when the copy was made is held back again, and the operator is told how many that are.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.database import Database
from notifier.ledger.journal.roster_sum import SUPPRESSIONS_KEY, sum_key
from notifier.ledger.people.acceptance_tables import api_key
from notifier.ledger.rows import AnyRow
from notifier.ledger.schema import customer, journal, notice, secret, suppression
from notifier.notice.delivery import UNFINISHED, Customer, NoticeState
from notifier.proof.entry import EntryKind

PAGE = 500
OF_CUSTOMERS = (customer.c.customer_id, customer.c.email, customer.c.name, customer.c.language, customer.c.tags)
STOPPED = (NoticeState.CANCELLED, NoticeState.HELD)


class LearntSince(NamedTuple):
    """What was taken over, or has to be said."""

    held_back: int
    """Addresses that must not be written to since."""
    let_go: int
    """Addresses that were let go since, and are held back again."""
    revoked: int
    """Keys to the interface that were revoked since."""
    stopped: tuple[tuple[str, NoticeState], ...]
    """Notices that had reached nobody when they were cancelled or held since; the caller stops them. Of others git
    knows."""
    gone: Mapping[str, int]
    """By kind the entries of the journal that the copy lacks."""


def learn(before: Database, copy: Database) -> LearntSince:
    """Take over into `copy` what can be written there as it is."""
    with before.read() as then, copy.write() as now:
        gone = _gone(then, now)
        return LearntSince(*_suppressions(then, now), _revoked(then, now), tuple(_stopped(then, now)), gone)


def _gone(then: Connection, now: Connection) -> Mapping[str, int]:
    known = set(now.execute(sa.select(journal.c.hash)).scalars())
    query = sa.select(journal.c.kind, journal.c.hash).where(journal.c.kind != EntryKind.LINKED)
    return dict(sorted(Counter(row.kind for row in then.execute(query) if row.hash not in known).items()))


def _revoked(then: Connection, now: Connection) -> int:
    query = sa.select(api_key.c.key_id, api_key.c.revoked_at).where(api_key.c.revoked_at.is_not(None))
    count = 0
    for key_id, at in then.execute(query):
        still_open = sa.update(api_key).where(api_key.c.key_id == key_id, api_key.c.revoked_at.is_(None))
        count += now.execute(still_open.values(revoked_at=at)).rowcount
    return count


def _suppressions(then: Connection, now: Connection) -> tuple[int, int]:
    """Addresses are hashed under a key of the ledger's own; one that began its list since has the key from there."""
    keys = [
        one.execute(sa.select(secret.c.value).where(secret.c.name == SUPPRESSIONS_KEY)).scalar() for one in (then, now)
    ]
    if keys[0] is None:
        return 0, 0
    if keys[1] is None:
        now.execute(sa.insert(secret).values(name=SUPPRESSIONS_KEY, value=keys[0]))
        sum_key(now)
    elif keys[0] != keys[1]:
        return 0, 0  # another ledger's, whose hashes say nothing here
    known, wanted = (
        {(row.address_hash, row.reason): row._asdict() for row in one.execute(sa.select(suppression))}
        for one in (now, then)
    )
    fresh = [row for place, row in wanted.items() if place not in known]
    if fresh:
        now.execute(sa.insert(suppression), fresh)
    return len({row["address_hash"] for row in fresh}), len({place[0] for place in known.keys() - wanted.keys()})


def _stopped(then: Connection, now: Connection) -> Iterator[tuple[str, NoticeState]]:
    query = sa.select(notice.c.notice_id, notice.c.state)
    here: dict[str, str] = {row.notice_id: row.state for row in now.execute(query)}
    waiting = query.where(notice.c.state.in_(STOPPED), notice.c.started_at.is_(None)).order_by(notice.c.number)
    for notice_id, state in then.execute(waiting):
        is_new = here.get(notice_id) in UNFINISHED and here[notice_id] != state
        if is_new and not (state == NoticeState.HELD and here[notice_id] == NoticeState.AWAITING_APPROVAL):
            yield notice_id, NoticeState(state)


def came_since(before: Database, copy: Database) -> Iterator[Customer]:
    """Customers of `before` who are not in `copy`, or not as they were."""
    query = sa.select(*OF_CUSTOMERS, customer.c.since).where(customer.c.left_at.is_(None)).order_by(customer.c.number)
    with before.read() as then, copy.read() as now:
        for page in then.execute(query.execution_options(yield_per=PAGE)).partitions():
            ids = [row.customer_id for row in page]
            mine = sa.select(*OF_CUSTOMERS).where(customer.c.customer_id.in_(ids), customer.c.left_at.is_(None))
            known: set[Any] = set(map(tuple, now.execute(mine)))
            yield from (_customer(row) for row in page if tuple(row[:5]) not in known)


def _customer(row: AnyRow) -> Customer:
    return Customer(row.customer_id, row.email, row.name, row.language, frozenset(json.loads(row.tags)), row.since)

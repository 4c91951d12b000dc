"""A notice told to customers who joined the roster after its recipients were frozen."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.audit import write_audit
from notifier.ledger.by_set.departures import IS_HERE
from notifier.ledger.database import LedgerPart
from notifier.ledger.rows import AnyRow, notice_number, number_and_state
from notifier.ledger.schema import customer, delivery, message, notice, posting
from notifier.ledger.sending.shared_addresses import audiences_of
from notifier.ledger.states import AuditAction
from notifier.notice.delivery import NoticeState, policies_for

LATE_FOR = timedelta(days=30)
"""How long an extension after the period may take: no date moves for it."""
AWAY_FOR = timedelta(days=30)
"""Who was on the list so shortly before a notice, and is again, was missing in it rather than no customer."""
LATER, KEPT = posting.alias("later"), posting.alias("kept")
STANDS = sa.and_(
    posting.c.restores == "",
    ~sa.exists().where(
        LATER.c.policy_id == posting.c.policy_id,
        LATER.c.number > posting.c.number,
        KEPT.c.tag == LATER.c.restores,
        KEPT.c.number < posting.c.number,
    ),
)
"""Of a posting: it takes nothing back, and was not taken back."""
EXTENDABLE = (NoticeState.SENDING, NoticeState.FINISHED)


class Extended(NamedTuple):
    """How many who joined the roster since are told, of how many of them nobody said since when they are customers,
    and how many were none when it was posted."""

    told: int
    later: int
    unknown: int

    @property
    def known(self) -> Extended:
        """Only those of whom the company's own list says that they were customers by then."""
        return Extended(self.told - self.unknown, self.later, 0)


class Extensions(LedgerPart):
    """Who has joined since, and letting them have it too."""

    def joined_since(self, notice_id: str) -> int:
        """How many on the roster are in its audience and came after its recipients were frozen."""
        return self.joined(notice_id).told

    def joined(self, notice_id: str) -> Extended:
        """The same, and of how many of them nobody said since when they are customers."""
        with self._db.read() as connection:
            return _joined(connection, notice_number(connection, notice_id))

    def extend(self, notice_id: str, by: str, at: datetime, because: str | None = None) -> Extended:
        """The next run tells them too. Raises `Refused` where there is nobody, or it is too late.

        Not those of whom the company's list says that they became customers after the text was posted: they agreed to
        it. Nobody's date moves for it: it is late only for who joined late. The days are those of the zone of `at`.
        Once the period is over only those of whom the list says that they were customers by then, for a reason
        (`because`): whoever else joined since agreed to that text.
        """
        with self._db.write() as connection:
            number, state = number_and_state(connection, notice_id)
            frozen = connection.execute(sa.select(notice.c.frozen_at).where(notice.c.number == number)).scalar()
            if state not in EXTENDABLE or frozen is None:
                raise Refused(f"notice {notice_id} is {state}: whoever joins before it is sent is told anyway")
            if not _stands(connection, number):
                raise Refused(
                    f"notice {notice_id}: what it tells of was taken back: who joined since need hear neither"
                )
            effective_on = _effective_on(connection, number) or at.date()
            is_over = effective_on < at.date()
            if is_over and because is None:
                raise Refused(
                    f"notice {notice_id}: its period ended {effective_on}; who joined since agreed to that text. To "
                    "tell those who were customers by then, as the roster's column since says: --because TEXT"
                )
            joined = _joined(connection, number)
            joined = joined.known if is_over else joined
            if not joined.told:
                later = f"; {joined.later} became customers after it was posted" if joined.later else ""
                raise Refused(
                    f"notice {notice_id}: nobody in its audience has joined the roster since it was sent{later}"
                )
            values = {
                "state": NoticeState.SENDING,
                "frozen_at": None,
                "finished_at": None,
                "deadline": at + LATE_FOR if is_over else datetime.combine(effective_on, time(), tzinfo=at.tzinfo),
            }
            connection.execute(sa.update(notice).where(notice.c.number == number).values(values))
            detail = f"to {joined.told} who joined the roster since, {joined.unknown} of them nobody knows when"
            detail += f": {because}" if because else ""
            write_audit(connection, AuditAction.EXTENDED, at=at, who=by, notice_no=number, detail=detail)
        return joined


def joined_too_late(connection: Connection, number: int, at: datetime) -> tuple[int, int]:
    """Once its period is over: how many were customers by the list's own word and came after it was frozen, and up to
    which number everybody is."""
    row = connection.execute(sa.select(notice).where(notice.c.number == number)).one()
    effective_on = _effective_on(connection, number)
    if row.frozen_at is None or effective_on is None or effective_on >= at.date():
        return 0, row.frozen_up_to
    last = connection.execute(sa.select(sa.func.max(customer.c.number))).scalar() or 0
    return _joined(connection, number).known.told, max(last, row.frozen_up_to)


def _effective_on(connection: Connection, number: int) -> date | None:
    effect = sa.select(sa.func.max(posting.c.effective_on)).where(posting.c.notice_no == number)
    return connection.execute(effect).scalar()


def _stands(connection: Connection, number: int) -> bool:
    return bool(connection.execute(sa.select(sa.exists().where(posting.c.notice_no == number, STANDS))).scalar())


def was_customer(row: AnyRow) -> sa.ColumnElement[bool]:
    """Of a row of the roster: a customer when the notice's texts were posted, as far as anybody has said."""
    return sa.or_(customer.c.since.is_(None), _is_known_customer(row))


def gets_it_too(connection: Connection, row: AnyRow) -> sa.ColumnElement[bool]:
    """Of a row of the roster: one whom the notice was extended to; after its period only by the list's own word."""
    may = _is_known_customer(row) if is_late(connection, row) else was_customer(row)
    return sa.and_(may, _lacks_some_of_it(connection, row))


def is_late(connection: Connection, row: AnyRow) -> bool:
    """Was the notice extended once its period was over?"""
    effective_on = _effective_on(connection, row.number)
    return effective_on is not None and row.deadline.date() > effective_on


def tagged_since(row: AnyRow) -> sa.ColumnElement[bool]:
    """Who was asked for when it went out, and has got a tag since."""
    return sa.and_(customer.c.number <= row.frozen_up_to, customer.c.tagged_after >= row.number)


def _lacks_some_of_it(connection: Connection, row: AnyRow) -> sa.ColumnElement[bool]:
    """Who has none of it; and who has a letter, and has got the tag of another policy that it tells of since."""
    none, audiences = _has_none_of_it(connection, row.number), audiences_of(row)
    since = tagged_since(row)
    query = sa.select(customer.c.tags).where(since, IS_HERE).distinct()
    tags = connection.execute(query).scalars().all() if any(audiences.values()) else ()
    if not tags:
        return none
    place = (message.c.notice_no, message.c.message_no)
    letters = connection.execute(sa.select(*place, message.c.policies).where(message.c.notice_no >= row.number)).all()
    unheard = []
    for policy in audiences:
        theirs = [one for one in tags if policy in policies_for(frozenset(json.loads(one)), audiences)]
        telling = [(one.notice_no, one.message_no) for one in letters if policy in json.loads(one.policies)]
        is_letter = sa.tuple_(delivery.c.notice_no, delivery.c.message_no).in_(telling)
        heard = sa.exists().where(delivery.c.customer_id == customer.c.customer_id, is_letter)
        unheard.append(sa.and_(customer.c.tags.in_(theirs), sa.not_(heard)))
    return sa.or_(none, sa.and_(since, sa.or_(*unheard)))


def _has_none_of_it(connection: Connection, number: int) -> sa.ColumnElement[bool]:
    """Who came back may have had it before they left, or have a later one of all its policies by now."""
    policies: dict[int, set[str]] = defaultdict(set)
    query = sa.select(posting.c.notice_no, posting.c.policy_id).where(posting.c.notice_no >= number)
    for notice_no, policy_id in connection.execute(query):
        policies[notice_no].add(policy_id)
    telling = [number, *(one for one, told in policies.items() if told >= policies[number])]
    theirs = delivery.c.customer_id == customer.c.customer_id
    return sa.not_(sa.exists().where(delivery.c.notice_no.in_(telling), theirs))


def _is_known_customer(row: AnyRow) -> sa.ColumnElement[bool]:
    """By the list's own word; where it has none, by its having had them shortly before."""
    posted = sa.select(sa.func.min(posting.c.posted_on)).where(posting.c.notice_no == row.number).scalar_subquery()
    was_away = customer.c.left_before >= (row.started_at or row.created_at) - AWAY_FOR
    by_list = customer.c.since <= posted
    return sa.case((customer.c.since.is_(None), sa.func.coalesce(was_away, sa.false())), else_=by_list)


def _joined(connection: Connection, number: int) -> Extended:
    row = connection.execute(sa.select(notice).where(notice.c.number == number)).one()
    has_letters = connection.execute(sa.select(sa.exists().where(message.c.notice_no == number))).scalar()
    if not has_letters or not _stands(connection, number):  # of one that git alone knew nobody can tell who had it
        return Extended(0, 0, 0)
    audiences = audiences_of(row)
    came = customer.c.number > row.frozen_up_to
    if any(audiences.values()):  # to an audience, too: since when they belong to it nobody has said
        came |= tagged_since(row)
    is_unknown = sa.or_(customer.c.number <= row.frozen_up_to, customer.c.since.is_(None) & ~_is_known_customer(row))
    joined = sa.and_(came, IS_HERE, _lacks_some_of_it(connection, row))
    kinds = was_customer(row).label("was"), is_unknown.label("unknown")
    each = sa.select(customer.c.tags, *kinds).where(joined).subquery()
    fresh = sa.select(*each.c, sa.func.count().label("people")).group_by(*each.c)
    groups = [one for one in connection.execute(fresh) if policies_for(frozenset(json.loads(one.tags)), audiences)]
    return Extended(
        told=sum(one.people for one in groups if one.was),
        later=sum(one.people for one in groups if not one.was),
        unknown=sum(one.people for one in groups if one.unknown),
    )

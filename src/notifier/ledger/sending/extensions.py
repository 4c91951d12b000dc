"""A notice told to customers who joined the roster after its recipients were frozen."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.audit import write_audit
from notifier.ledger.by_set.departures import IS_HERE
from notifier.ledger.database import LedgerPart
from notifier.ledger.rows import AnyRow, notice_number, number_and_state
from notifier.ledger.schema import customer, message, notice, posting
from notifier.ledger.sending.shared_addresses import audiences_of
from notifier.ledger.states import AuditAction
from notifier.notice.delivery import NoticeState, policies_for

LATE_FOR = timedelta(days=30)
"""How long an extension after the period may take: no date moves for it."""
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


def was_customer(number: int) -> sa.ColumnElement[bool]:
    """Of a row of the roster: a customer when the notice's texts were posted, as far as anybody has said."""
    return sa.or_(customer.c.since.is_(None), _is_known_customer(number))


def gets_it_too(connection: Connection, row: AnyRow) -> sa.ColumnElement[bool]:
    """Of a row of the roster: one whom the notice was extended to; after its period only by the list's own word."""
    effective_on = _effective_on(connection, row.number)
    is_late = effective_on is not None and row.deadline.date() > effective_on
    return _is_known_customer(row.number) if is_late else was_customer(row.number)


def _is_known_customer(number: int) -> sa.ColumnElement[bool]:
    posted = sa.select(sa.func.min(posting.c.posted_on)).where(posting.c.notice_no == number).scalar_subquery()
    return sa.and_(customer.c.since.is_not(None), customer.c.since <= posted)


def _joined(connection: Connection, number: int) -> Extended:
    row = connection.execute(sa.select(notice).where(notice.c.number == number)).one()
    has_letters = connection.execute(sa.select(sa.exists().where(message.c.notice_no == number))).scalar()
    if not has_letters or not _stands(connection, number):  # of one that git alone knew nobody can tell who had it
        return Extended(0, 0, 0)
    audiences = audiences_of(row)
    kinds = (was_customer(number), customer.c.since.is_(None))
    fresh = (
        sa.select(customer.c.tags, *kinds, sa.func.count())
        .where(customer.c.number > row.frozen_up_to, IS_HERE)
        .group_by(customer.c.tags, *kinds)
    )
    groups = [one for one in connection.execute(fresh) if policies_for(frozenset(json.loads(one[0])), audiences)]
    return Extended(
        told=sum(count for _, was, _, count in groups if was),
        later=sum(count for _, was, _, count in groups if not was),
        unknown=sum(count for _, _, is_unknown, count in groups if is_unknown),
    )

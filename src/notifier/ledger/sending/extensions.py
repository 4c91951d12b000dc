"""A notice told to customers who joined the roster after its recipients were frozen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.audit import write_audit
from notifier.ledger.database import Database
from notifier.ledger.rows import notice_number, number_and_state
from notifier.ledger.schema import customer, notice, posting
from notifier.ledger.sending.departures import IS_HERE
from notifier.ledger.states import AuditAction
from notifier.notice.delivery import NoticeState, policies_for

EXTENDABLE = (NoticeState.SENDING, NoticeState.FINISHED)


@dataclass(frozen=True)
class Extensions:
    """Who has joined since, and letting them have it too."""

    _db: Database

    def joined_since(self, notice_id: str) -> int:
        """How many on the roster are in its audience and came after its recipients were frozen."""
        with self._db.read() as connection:
            return _joined(connection, notice_number(connection, notice_id))

    def extend(self, notice_id: str, by: str, at: datetime) -> int:
        """The next run tells them too; how many they are. Raises `Refused` where there is nobody, or it is too late.

        Nobody's date moves for it: it is late only for who joined late.
        """
        with self._db.write() as connection:
            number, state = number_and_state(connection, notice_id)
            frozen = connection.execute(sa.select(notice.c.frozen_at).where(notice.c.number == number)).scalar()
            if state not in EXTENDABLE or frozen is None:
                raise Refused(f"notice {notice_id} is {state}: whoever joins before it is sent is told anyway")
            effect = sa.select(sa.func.max(posting.c.effective_on)).where(posting.c.notice_no == number)
            effective_on = connection.execute(effect).scalar()
            if effective_on is None or effective_on < at.date():
                raise Refused(
                    f"notice {notice_id}: its period ended {effective_on}; who joined since agreed to that text"
                )
            joined = _joined(connection, number)
            if not joined:
                raise Refused(f"notice {notice_id}: nobody in its audience has joined the roster since it was sent")
            values = {
                "state": NoticeState.SENDING,
                "frozen_at": None,
                "finished_at": None,
                "deadline": datetime.combine(effective_on, time(), tzinfo=UTC),
            }
            connection.execute(sa.update(notice).where(notice.c.number == number).values(values))
            detail = f"to {joined} who joined the roster since"
            write_audit(connection, AuditAction.EXTENDED, at=at, who=by, notice_no=number, detail=detail)
        return joined


def _joined(connection: Connection, number: int) -> int:
    row = connection.execute(sa.select(notice).where(notice.c.number == number)).one()
    audiences = {policy: frozenset(tags) for policy, tags in json.loads(row.audiences).items()}
    fresh = (
        sa.select(customer.c.tags, sa.func.count())
        .where(customer.c.number > row.frozen_up_to, IS_HERE)
        .group_by(customer.c.tags)
    )
    groups = connection.execute(fresh).all()
    return sum(count for tags, count in groups if policies_for(frozenset(json.loads(tags)), audiences))

"""Watching a notice while it goes out: its canary and its bounces. Cheap enough to ask every second."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from notifier.ledger.part import Part, notice_number
from notifier.ledger.records import Outcome
from notifier.ledger.schema import attempt, batch, delivery, notice
from notifier.notice.delivery import DeliveryStatus, NoticeState
from notifier.notice.sending_rules import Canary

BAD = (DeliveryStatus.BOUNCED, DeliveryStatus.DROPPED, DeliveryStatus.COMPLAINED)
FINAL = (DeliveryStatus.DELIVERED, *BAD)


class Watch(Part):
    """What the sender and `status` look at."""

    def canary(self, notice_id: str) -> Canary:
        """How the first batch is doing; only meaningful until it has passed."""
        with self._db.read() as connection:
            number = notice_number(connection, notice_id)
            taken = sa.select(sa.func.min(attempt.c.finished_at), sa.func.sum(attempt.c.recipients)).where(
                attempt.c.notice_no == number, attempt.c.outcome == Outcome.ACCEPTED
            )
            sent_at, recipients = connection.execute(taken).one()
            settled = sa.select(sa.func.count()).where(delivery.c.notice_no == number, delivery.c.status.in_(FINAL))
            return Canary(sent_at, int(recipients or 0), int(connection.execute(settled).scalar_one()))

    def is_under_way(self, notice_id: str) -> bool:
        """Is any batch being sent, or in doubt?"""
        with self._db.read() as connection:
            number = notice_number(connection, notice_id)
            under_way = sa.exists().where(batch.c.notice_no == number, batch.c.state.in_(("sending", "in_doubt")))
            return bool(connection.execute(sa.select(under_way)).scalar())

    def has_unsettled(self) -> bool:
        """Did a dead sender leave anything, or is anything in doubt in a notice that is going out?"""
        going_out = sa.select(notice.c.number).where(notice.c.state == NoticeState.SENDING)
        unsettled = sa.exists().where(
            (batch.c.state == "sending") | ((batch.c.state == "in_doubt") & batch.c.notice_no.in_(going_out))
        )
        with self._db.read() as connection:
            return bool(connection.execute(sa.select(unsettled)).scalar())

    def pass_canary(self, notice_id: str, at: datetime) -> None:
        """The first batch is well received: the rest may go."""
        query = sa.update(notice).where(notice.c.notice_id == notice_id, notice.c.canary_passed_at.is_(None))
        with self._db.write() as connection:
            connection.execute(query.values(canary_passed_at=at))

    def canary_passed(self, notice_id: str) -> bool:
        """May more than the first batch go?"""
        query = sa.select(notice.c.canary_passed_at).where(notice.c.notice_id == notice_id)
        with self._db.read() as connection:
            return connection.execute(query).scalar() is not None

    def bad_outcomes(self, notice_id: str) -> tuple[int, int]:
        """How many bounced, were dropped or complained; and how many of them an operator has seen and resumed after."""
        with self._db.read() as connection:
            number = notice_number(connection, notice_id)
            bad = sa.select(sa.func.count()).where(delivery.c.notice_no == number, delivery.c.status.in_(BAD))
            forgiven = connection.execute(sa.select(notice.c.forgiven).where(notice.c.number == number)).scalar_one()
            return int(connection.execute(bad).scalar_one()), int(forgiven)

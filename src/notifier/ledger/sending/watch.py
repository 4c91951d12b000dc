"""Watching a notice while it goes out: its canary and its bounces. Cheap enough to ask every second."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from notifier.ledger.database import LedgerPart
from notifier.ledger.rows import notice_number
from notifier.ledger.schema import attempt, delivery, notice
from notifier.ledger.states import AttemptOutcome
from notifier.notice.delivery import DeliveryStatus
from notifier.notice.sending_rules import BadOutcomes, Canary

BAD = (DeliveryStatus.BOUNCED, DeliveryStatus.DROPPED, DeliveryStatus.COMPLAINED)
FINAL = (DeliveryStatus.DELIVERED, *BAD)


class Canaries(LedgerPart):
    """The first batch of each notice, and how many of all went wrong."""

    def of(self, notice_id: str) -> Canary:
        """How the first batch is doing; only meaningful until it has passed."""
        with self._db.read() as connection:
            number = notice_number(connection, notice_id)
            taken = sa.select(sa.func.min(attempt.c.finished_at), sa.func.sum(attempt.c.recipients)).where(
                attempt.c.notice_no == number, attempt.c.outcome == AttemptOutcome.ACCEPTED
            )
            sent_at, recipients = connection.execute(taken).one()
            settled = sa.select(sa.func.count()).where(delivery.c.notice_no == number, delivery.c.status.in_(FINAL))
            return Canary(sent_at, int(recipients or 0), int(connection.execute(settled).scalar_one()))

    def mark_passed(self, notice_id: str, at: datetime) -> None:
        """The first batch is well received: the rest may go."""
        query = sa.update(notice).where(notice.c.notice_id == notice_id, notice.c.canary_passed_at.is_(None))
        with self._db.write() as connection:
            connection.execute(query.values(canary_passed_at=at))

    def has_passed(self, notice_id: str) -> bool:
        """May more than the first batch go?"""
        query = sa.select(notice.c.canary_passed_at).where(notice.c.notice_id == notice_id)
        with self._db.read() as connection:
            return connection.execute(query).scalar() is not None

    def bad_outcomes(self, notice_id: str) -> BadOutcomes:
        """How many went wrong so far."""
        query = sa.select(delivery.c.status, sa.func.count()).group_by(delivery.c.status)
        with self._db.read() as connection:
            number = notice_number(connection, notice_id)
            found = query.where(delivery.c.notice_no == number, delivery.c.status.in_(BAD))
            count = {DeliveryStatus(row.status): int(row[1]) for row in connection.execute(found)}
            forgiven = connection.execute(sa.select(notice.c.forgiven).where(notice.c.number == number)).scalar_one()
        return BadOutcomes(sum(count.values()), count.get(DeliveryStatus.DROPPED, 0), int(forgiven))

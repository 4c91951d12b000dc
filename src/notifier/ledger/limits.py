"""How fast may be sent, shared by all who send: a token bucket, and a stop sign that a provider may put up."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from notifier.ledger.part import Part, insert_into
from notifier.ledger.schema import notice, rate


class RateLimits(Part):
    """One bucket a mailer, filled by the clock; a clock that jumps back fills nothing and starves nobody."""

    def take_tokens(self, bucket: str, wanted: int, now: datetime, *, per_second: float, burst: float) -> float:
        """Take `wanted` recipients' worth at send time: 0 when taken, else the seconds to wait before asking again.

        A batch larger than the burst is let through when the bucket is full, and leaves a debt.
        """
        with self._db.write() as connection:
            first = insert_into(connection, rate).values(bucket=bucket, tokens=burst, updated_at=now)
            connection.execute(first.on_conflict_do_nothing())
            row = connection.execute(sa.select(rate).where(rate.c.bucket == bucket)).one()
            elapsed = max(0.0, (now - row.updated_at).total_seconds())
            tokens = min(burst, row.tokens + elapsed * per_second)
            enough = min(float(wanted), burst)
            left = tokens - wanted if tokens >= enough else tokens
            query = sa.update(rate).where(rate.c.bucket == bucket)
            connection.execute(query.values(tokens=left, updated_at=now))
        return 0.0 if tokens >= enough else (enough - tokens) / per_second

    def block_sending(self, bucket: str, until: datetime, now: datetime, why: str) -> None:
        """Nobody sends through this mailer before `until`."""
        values = {"blocked_until": until, "why": why}
        with self._db.write() as connection:
            first = insert_into(connection, rate).values(bucket=bucket, tokens=0.0, updated_at=now, **values)
            connection.execute(first.on_conflict_do_update(index_elements=["bucket"], set_=values))

    def blocked_until(self, bucket: str) -> tuple[datetime, str] | None:
        """Until when, and why, nobody sends; may lie in the past."""
        with self._db.read() as connection:
            row = connection.execute(sa.select(rate).where(rate.c.bucket == bucket)).first()
        if row is None or row.blocked_until is None:
            return None
        return row.blocked_until, row.why or ""

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

    def forgiven(self, notice_id: str) -> int:
        """Bad outcomes that an operator has seen and resumed after."""
        query = sa.select(notice.c.forgiven).where(notice.c.notice_id == notice_id)
        with self._db.read() as connection:
            return int(connection.execute(query).scalar() or 0)


def clamped(seconds: float | None, shortest_s: float, longest_s: float) -> timedelta:
    """A provider's wish for a pause, within reason."""
    return timedelta(seconds=min(max(seconds or 0.0, shortest_s), longest_s))

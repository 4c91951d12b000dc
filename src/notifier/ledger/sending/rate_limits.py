"""How fast may be sent, shared by all who send: a token bucket, and a stop sign that a provider may put up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from notifier.ledger.base import insert_into
from notifier.ledger.database import Database
from notifier.ledger.schema import rate


@dataclass(frozen=True)
class RateLimits:
    """One bucket a mailer, filled by the clock; a clock that jumps back fills nothing and starves nobody."""

    _db: Database

    def take(self, bucket: str, wanted: int, now: datetime, *, per_second: float, burst: float) -> float:
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

    def stop(self, bucket: str, until: datetime, now: datetime, why: str) -> None:
        """Nobody sends through this mailer before `until`."""
        values = {"blocked_until": until, "why": why}
        with self._db.write() as connection:
            first = insert_into(connection, rate).values(bucket=bucket, tokens=0.0, updated_at=now, **values)
            connection.execute(first.on_conflict_do_update(index_elements=["bucket"], set_=values))

    def go_on(self, bucket: str) -> None:
        """The provider takes mail again."""
        query = sa.update(rate).where(rate.c.bucket == bucket, rate.c.why.is_not(None))
        with self._db.write() as connection:
            connection.execute(query.values(blocked_until=None, why=None))

    def stopped_until(self, bucket: str) -> tuple[datetime, str] | None:
        """Until when nobody sends through this mailer, and why; the instant may lie behind us, the trouble may not."""
        with self._db.read() as connection:
            row = connection.execute(sa.select(rate).where(rate.c.bucket == bucket)).first()
        if row is None or row.blocked_until is None:
            return None
        return row.blocked_until, row.why or ""

    def stopped(self) -> tuple[tuple[str, datetime, str], ...]:
        """Every mailer that is, or was last seen, refusing all mail: an alarm each."""
        query = sa.select(rate).where(rate.c.blocked_until.is_not(None)).order_by(rate.c.bucket)
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return tuple((row.bucket, row.blocked_until, row.why or "") for row in rows)

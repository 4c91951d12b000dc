"""How fast may be sent, shared by all who send: a token bucket."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from notifier.ledger.database import LedgerPart
from notifier.ledger.rows import insert_into
from notifier.ledger.schema import rate

A_MOMENT = timedelta(seconds=5)


class RateLimits(LedgerPart):
    """One bucket a mailer, filled by the clock; a clock that jumps back fills nothing and starves nobody.

    Whoever asked a moment ago, and had to wait for the row, must not turn it back by that moment.
    """

    def take(self, bucket: str, wanted: int, now: datetime, *, per_second: float, burst: float) -> float:
        """Take `wanted` recipients' worth at send time: 0 when taken, else the seconds to wait before asking again.

        A batch larger than the burst is let through when the bucket is full, and leaves a debt.
        """
        with self._db.write() as connection:
            first = insert_into(connection, rate).values(bucket=bucket, tokens=burst, updated_at=now)
            connection.execute(first.on_conflict_do_nothing())
            row = connection.execute(sa.select(rate).where(rate.c.bucket == bucket).with_for_update()).one()
            waited = timedelta(0) < row.updated_at - now < A_MOMENT
            now = row.updated_at if waited else now
            elapsed = max(0.0, (now - row.updated_at).total_seconds())
            tokens = min(burst, row.tokens + elapsed * per_second)
            enough = min(float(wanted), burst)
            left = tokens - wanted if tokens >= enough else tokens
            query = sa.update(rate).where(rate.c.bucket == bucket)
            connection.execute(query.values(tokens=left, updated_at=now))
        return 0.0 if tokens >= enough else (enough - tokens) / per_second

"""How fast a transport may be used, and whether at all: a token bucket and a breaker in a row that all senders share.

The breaker is closed while the provider takes mail. It is opened by a provider that serves nobody, for a pause that
grows with each time (`trip`), or by one that refuses all we send, until a person has mended that (`block`): then every
pass tries one request. It is closed again by the first message that is taken: nobody knocks at one who is away.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from notifier.ledger.database import LedgerPart
from notifier.ledger.rows import AnyRow, insert_into
from notifier.ledger.schema import rate
from notifier.ledger.types import OpenBreaker
from notifier.notice.sending_rules import block_for, pause_after

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


class Breakers(LedgerPart):
    """Open or closed, and why."""

    def trip(
        self, transport: str, why: str, now: datetime, *, chance: float, retry_after_s: float | None = None
    ) -> datetime:
        """It serves nobody: until when it is left alone; as long as it asks, else longer with each time."""
        with self._db.write() as connection:
            query = sa.select(rate.c.failures).where(rate.c.bucket == transport).with_for_update()
            failures = connection.execute(query).scalar() or 0
            pause = pause_after(failures, chance) if retry_after_s is None else block_for(retry_after_s)
            values = {"blocked_until": now + pause, "why": why, "failures": failures + 1}
            connection.execute(_open(insert_into(connection, rate), transport, now, values))
        return now + pause

    def block(self, transport: str, why: str, now: datetime) -> None:
        """It refuses all we send: a person must act, and the next pass tries again."""
        with self._db.write() as connection:
            values = {"blocked_until": now, "why": why}
            connection.execute(_open(insert_into(connection, rate), transport, now, values))

    def close(self, transport: str, now: datetime) -> None:
        """It takes mail again; an answer to what left before it asked everybody to wait proves nothing."""
        query = sa.update(rate).where(rate.c.bucket == transport, rate.c.blocked_until <= now)
        with self._db.write() as connection:
            connection.execute(query.values(blocked_until=None, why=None, failures=0))

    def of(self, transport: str) -> OpenBreaker | None:
        """This transport's, where it is open; its time may lie behind us, the trouble may not."""
        return next((one for one in self.all_open() if one.transport == transport), None)

    def all_open(self) -> tuple[OpenBreaker, ...]:
        """Every transport that serves nobody, or was last seen doing so: an alarm each."""
        query = sa.select(rate).where(rate.c.blocked_until.is_not(None)).order_by(rate.c.bucket)
        with self._db.read() as connection:
            return tuple(_breaker(row) for row in connection.execute(query))


def _open(insert: Any, transport: str, now: datetime, values: dict[str, Any]) -> Any:
    first = insert.values(bucket=transport, tokens=0.0, updated_at=now, **values)
    return first.on_conflict_do_update(index_elements=["bucket"], set_=values)


def _breaker(row: AnyRow) -> OpenBreaker:
    return OpenBreaker(row.bucket, row.blocked_until, row.why or "")

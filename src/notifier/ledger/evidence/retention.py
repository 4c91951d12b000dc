"""When the time of a notice's recipients is over: their rows go, and what stays says how many there were of each kind.

Its trees stay in the journal, whose leaves nobody can make any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.by_set.partitions import clear_room
from notifier.ledger.database import LedgerPart
from notifier.ledger.deliveries import whole_counts
from notifier.ledger.evidence.provider_reports import erase_reported
from notifier.ledger.journal import note
from notifier.ledger.rows import notice_number, number_and_state, of_its_batch
from notifier.ledger.schema import delivery, message, notice, posting, reader_group
from notifier.ledger.states import STATUS_OF_BATCH, BatchState
from notifier.notice.delivery import NoticeState
from notifier.proof.entry import EntryKind

OVER = (NoticeState.FINISHED, NoticeState.CANCELLED)
KEYS_AT_ONCE = 20_000
EXPORTED = (
    "message_no", "seq", "delivery_key", "customer_id", "email", "name", "language", "status", "reason",
    "is_possible_duplicate", "salt", "leaf",
)  # fmt: skip


class Retention(LedgerPart):
    """Rows on their way out: exported, and taken away."""

    def recipients(self, notice_id: str) -> Iterator[dict[str, Any]]:
        """Everybody whom a notice was for, with what became of it and what proves their place; in frozen order."""
        columns = [delivery.c[name] for name in EXPORTED if name != "language"]
        state = of_its_batch("state")
        same = sa.and_(message.c.notice_no == delivery.c.notice_no, message.c.message_no == delivery.c.message_no)
        query = sa.select(*columns, message.c.language, state.label("state")).join(message, same)
        query = query.order_by(delivery.c.message_no, delivery.c.seq).execution_options(yield_per=2_000)
        with self._db.read() as connection:
            mine = query.where(delivery.c.notice_no == notice_number(connection, notice_id))
            for row in connection.execute(mine):
                values = row._asdict()
                follows = STATUS_OF_BATCH[BatchState(row.state)].value if row.state else "queued"
                values |= {"status": row.status or follows, "salt": _hex(row.salt), "leaf": _hex(row.leaf)}
                yield {name: values[name] for name in EXPORTED}

    def note_export(self, notice_id: str, file_sha256: str, rows: int, by: str) -> None:
        """The journal says that a notice's recipients were written to a file, and with which hash."""
        with self._db.write() as connection:
            facts = {"notice_no": notice_number(connection, notice_id), "file_sha256": file_sha256, "recipients": rows}
            note(connection, EntryKind.EXPORTED, {**facts, "by": by})

    def due(self, effective_before: date) -> tuple[str, ...]:
        """Notices that are over, all of whose postings took effect before this day, with recipients still there."""
        latest = sa.select(sa.func.max(posting.c.effective_on)).where(posting.c.notice_no == notice.c.number)
        there = sa.exists().where(delivery.c.notice_no == notice.c.number)
        query = sa.select(notice.c.notice_id).where(
            notice.c.state.in_(OVER), notice.c.retired_at.is_(None), there, latest.scalar_subquery() < effective_before
        )
        with self._db.read() as connection:
            return tuple(connection.execute(query.order_by(notice.c.number)).scalars())

    def retire(self, notice_id: str, at: datetime) -> int:
        """Take a notice's recipients away, and what providers reported of them; how many they were.

        Raises `Refused` for one that is not over.
        """
        with self._db.write() as connection:
            number, state = number_and_state(connection, notice_id)
            if state not in OVER:
                raise Refused(f"notice {notice_id} is {state}: its recipients are needed until it is over")
            counts = asdict(whole_counts(connection, number))
            for keys in _keys(connection, number):
                erase_reported(connection, keys)
            count = sa.select(sa.func.count()).where(delivery.c.notice_no == number)
            gone = connection.execute(count).scalar_one()
            clear_room(connection, number)
            connection.execute(sa.delete(reader_group).where(reader_group.c.notice_no == number))
            values = {"retired_at": at, "retired_counts": json.dumps(counts)}
            connection.execute(sa.update(notice).where(notice.c.number == number).values(values))
            note(connection, EntryKind.RETIRED, {"retired": [number], "recipients": gone})
        self._db.empty_log()
        return gone


def _keys(connection: Connection, number: int) -> Iterator[list[str]]:
    last = ""
    query = sa.select(delivery.c.delivery_key).where(delivery.c.notice_no == number).order_by(delivery.c.delivery_key)
    while keys := list(connection.execute(query.where(delivery.c.delivery_key > last).limit(KEYS_AT_ONCE)).scalars()):
        yield keys
        last = keys[-1]


def _hex(value: bytes | None) -> str | None:
    return value.hex() if value else None

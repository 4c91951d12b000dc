"""A database that goes on from an earlier moment: a replica took over, and lacks the last claims that were committed.

Who sends remembers for some minutes what it claimed. The server's line (its cluster and timeline) changes where a
replica takes over: who sees that first writes it down, nobody claims anything for a while, and meanwhile everybody
writes again what the ledger has lost of theirs: such a batch is in doubt, or accepted. Who comes later than that
marks whom it had written to as possible duplicates. What a sender knew that is gone too, only events can tell.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.schema import attempt, batch, delivery, secret
from notifier.ledger.states import AttemptOutcome, BatchState

REMEMBERED_S = 600.0
EVERYBODY_IS_BACK_AFTER = timedelta(seconds=15)
LINE = sa.text(
    "SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || "
    "left(pg_walfile_name(pg_current_wal_lsn()), 8) AS line, clock_timestamp() AS now, "
    "(SELECT value FROM secret WHERE name = 'server line') AS known"
)


@dataclass
class Remembered:
    """One claim of this process: the row of its attempt, and the number that it gave the batch."""

    intent: Mapping[str, Any]
    fence: int
    at: float = field(default_factory=time.monotonic)
    was_accepted: bool = False


@dataclass
class SenderMemory:
    """What this process has claimed lately in one ledger, and on which server it last was."""

    line: str = ""
    claims: dict[str, Remembered] = field(default_factory=dict)
    """By attempt, the oldest first."""

    def keep(self, claims: Iterable[Remembered]) -> None:
        self.claims.update((one.intent["attempt_id"], one) for one in claims)
        while self.claims:
            oldest = next(iter(self.claims))
            if time.monotonic() - self.claims[oldest].at <= REMEMBERED_S:
                return
            del self.claims[oldest]

    def forget(self, attempt_id: str) -> None:
        """Nothing left."""
        self.claims.pop(attempt_id, None)

    def note_accepted(self, attempt_id: str) -> None:
        if attempt_id in self.claims:
            self.claims[attempt_id].was_accepted = True


MEMORIES: dict[str, SenderMemory] = {}
"""By ledger: whoever opens it again in this process remembers."""


def memory_of(place: str) -> SenderMemory:
    return MEMORIES.setdefault(place, SenderMemory())


def may_claim(connection: Connection, memory: SenderMemory) -> bool:
    """Is the server the one that all know? Else write again what it lacks of ours; False while others may do so."""
    if connection.dialect.name != "postgresql":
        return True
    row = connection.execute(LINE).one()
    known, _, since = (row.known or f"{row.line} ").partition(" ")
    if known != row.line or row.known is None:
        since = row.now.astimezone(UTC).isoformat() if row.known else ""
        _write_line(connection, f"{row.line} {since}")
    is_waiting = bool(since) and row.now < datetime.fromisoformat(since) + EVERYBODY_IS_BACK_AFTER
    if is_waiting or memory.line not in ("", row.line):
        for one in memory.claims.values():
            _write_again(connection, one, row.now)
    memory.line = row.line
    return not is_waiting


def _write_line(connection: Connection, value: str) -> None:
    from sqlalchemy.dialects.postgresql import insert

    row = insert(secret).values(name="server line", value=value)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def _write_again(connection: Connection, one: Remembered, now: datetime) -> None:
    intent = one.intent
    mine = (batch.c.notice_no == intent["notice_no"], batch.c.batch_no == intent["batch_no"])
    row = connection.execute(sa.select(batch).where(*mine).with_for_update()).first()
    known = sa.select(attempt.c.attempt_id).where(attempt.c.attempt_id == intent["attempt_id"])
    if row is None or connection.execute(known).first() is not None:
        return
    outcome = AttemptOutcome.ACCEPTED if one.was_accepted else AttemptOutcome.IN_DOUBT
    said = {"outcome": outcome, "finished_at": now, "error": "the database lost when it left"}
    connection.execute(attempt.insert().values({**intent, **said}))
    if row.fence < one.fence and row.state == BatchState.PENDING:
        state = BatchState.ACCEPTED if one.was_accepted else BatchState.IN_DOUBT
        values = {"state": state, "fence": one.fence, "attempts": intent["n"], "not_before": None}
        connection.execute(sa.update(batch).where(*mine).values(values))
        return
    people = (
        delivery.c.notice_no == intent["notice_no"],
        delivery.c.message_no == intent["message_no"],
        delivery.c.seq.between(intent["first_seq"], intent["last_seq"]),
    )
    connection.execute(sa.update(delivery).where(*people).values(is_possible_duplicate=True))

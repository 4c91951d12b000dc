"""A database that goes on from an earlier moment: a replica took over, and lacks the last claims that were committed.

Who sends remembers for some minutes what it claimed. The server's line (its cluster and timeline) changes where a
replica takes over: who sees that first writes it down, nobody claims anything for a while, and meanwhile everybody
writes again what the ledger has lost of theirs: such a batch is in doubt, or accepted. Where the batch is not what it
was (it was cut, or somebody in it was frozen anew, in the moments that are lost), and where somebody comes later than
that, those who were written to are marked as possible duplicates. What a sender knew that is gone too, only events can
tell.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.journal.entries import by_driver
from notifier.ledger.schema import attempt, batch, delivery, secret
from notifier.ledger.states import FROZEN_ANEW, AttemptOutcome, BatchState
from notifier.notice.delivery import DeliveryStatus

REMEMBERED_S = 600.0
EVERYBODY_IS_BACK_AFTER = timedelta(seconds=15)
HELD_BACK = (DeliveryStatus.SUPPRESSED, DeliveryStatus.DROPPED, DeliveryStatus.CANCELLED)
FreezeAnew = Callable[[Connection, int, datetime], object]
"""Takes out of what waits of a notice who moved or left, as any claim does."""
LINE = (
    "SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || "
    "left(pg_walfile_name(pg_current_wal_lsn()), 8), clock_timestamp(), "
    "(SELECT value FROM secret WHERE name = 'server line')"
)


@dataclass
class Remembered:
    """One claim of this process: the row of its attempt, the number that it gave the batch, and for whom it was."""

    intent: Mapping[str, Any]
    fence: int
    people: int
    """A hash of their deliveries' keys, in order."""
    customers: tuple[str, ...] = ()
    """Their ids where they were frozen after the notice had begun: the ledger may have lost their deliveries, too."""
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


def may_claim(connection: Connection, memory: SenderMemory, freeze_anew: FreezeAnew) -> bool:
    """Is the server the one that all know? Else write again what it lacks of ours; False while others may do so."""
    if connection.dialect.name != "postgresql":
        return True
    line, now, said = by_driver(connection, LINE).fetchone()
    known, _, since = (said or f"{line} ").partition(" ")
    if known != line or said is None:
        since = now.astimezone(UTC).isoformat() if said else ""
        _write_line(connection, f"{line} {since}")
    is_waiting = bool(since) and now < datetime.fromisoformat(since) + EVERYBODY_IS_BACK_AFTER
    if is_waiting or memory.line not in ("", line):
        once = cache(lambda number: freeze_anew(connection, number, now))
        for one in memory.claims.values():
            _write_again(connection, one, now, once)
    memory.line = line
    return not is_waiting


def _write_line(connection: Connection, value: str) -> None:
    from sqlalchemy.dialects.postgresql import insert

    row = insert(secret).values(name="server line", value=value)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def _write_again(connection: Connection, one: Remembered, now: datetime, freeze_anew: Callable[[int], object]) -> None:
    known = sa.select(attempt.c.attempt_id).where(attempt.c.attempt_id == one.intent["attempt_id"])
    if connection.execute(known).first() is not None:
        return
    home = _as_claimed(connection, one)
    if home is None:  # perhaps it was so by then
        freeze_anew(one.intent["notice_no"])
        home = _as_claimed(connection, one)
    if home is not None:
        outcome = AttemptOutcome.ACCEPTED if one.was_accepted else AttemptOutcome.IN_DOUBT
        said = {"outcome": outcome, "finished_at": now, "error": "the database lost when it left"}
        connection.execute(attempt.insert().values({**one.intent, **said, "batch_no": home.batch_no}))
    if home is None or home.fence >= one.fence or home.state != BatchState.PENDING:
        theirs = _in_its_place(one) if home is not None or not one.customers else _of_its_people(one)
        marked = sa.update(delivery).where(*theirs, ~delivery.c.is_possible_duplicate)
        connection.execute(marked.values(is_possible_duplicate=True))
        return
    state = BatchState.ACCEPTED if one.was_accepted else BatchState.IN_DOUBT
    values = {"state": state, "fence": one.fence, "attempts": one.intent["n"], "not_before": None}
    mine = (batch.c.notice_no == home.notice_no, batch.c.batch_no == home.batch_no)
    connection.execute(sa.update(batch).where(*mine).values(values))


def _in_its_place(one: Remembered) -> tuple[sa.ColumnElement[bool], ...]:
    """The deliveries from the first to the last that it was for."""
    same = (delivery.c[name] == one.intent[name] for name in ("notice_no", "message_no"))
    return *same, delivery.c.seq.between(one.intent["first_seq"], one.intent["last_seq"])


def _of_its_people(one: Remembered) -> tuple[sa.ColumnElement[bool], ...]:
    """What the ledger has for them, where it knows that place no more."""
    counts = delivery.c.reason.is_distinct_from(FROZEN_ANEW)
    return delivery.c.notice_no == one.intent["notice_no"], delivery.c.customer_id.in_(one.customers), counts


def _as_claimed(connection: Connection, one: Remembered) -> sa.Row[Any] | None:
    """The batch of then where it is for the same people still, whatever is known of them; it stays so meanwhile."""
    place = ("notice_no", "message_no", "first_seq", "last_seq")
    query = sa.select(batch).where(*(batch.c[name] == one.intent[name] for name in place))
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        return None
    people = sa.select(delivery.c.delivery_key, delivery.c.status).where(*_in_its_place(one)).order_by(delivery.c.seq)
    found = connection.execute(people).all()
    waiting = hash(tuple(key for key, status in found if status is None))
    meant = hash(tuple(key for key, status in found if status not in HELD_BACK))  # events may have come since
    return row if one.people in (waiting, meant) else None

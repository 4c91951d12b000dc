"""Provider events: appended once each, then applied to deliveries as far as their state table allows.

An account may send other mail too, and its events come to the same place: they are counted, and nothing of them kept.

One transaction for a whole request. A repeated event is harmless by its id, a late one by its rank. One event that
bears our attempt's id proves that the provider took that request, since it takes all of it or nothing.
"""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.by_set.many_rows import among, insert_new, look_each_up, unnested
from notifier.ledger.by_set.prepared import Prepared
from notifier.ledger.database import LedgerPart
from notifier.ledger.evidence.provider_reports import keep_report
from notifier.ledger.journal import note
from notifier.ledger.journal.event_trees import intake_facts
from notifier.ledger.rows import COUNTS_FOR_THEM, AnyRow, insert_into
from notifier.ledger.schema import attempt, batch, delivery, event, feed, secret
from notifier.ledger.states import FROZEN_ANEW, OPEN_BATCHES, AttemptOutcome, BatchState
from notifier.ledger.suppressions import add_suppressions
from notifier.ledger.types import EventCounts
from notifier.notice.delivery import (
    DeliveryEvent,
    DeliveryStatus,
    SignedRequest,
    SuppressionReason,
    lower_than,
    may_move,
)
from notifier.proof.entry import EntryKind

ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
RETURN_PATHS = "return paths"
LONGEST_REASON = 300
FRESH = timedelta(hours=2)
"""An older event of other mail may be a replay: it does not show that the provider reports now."""


class _Overtaken(Exception):  # it never leaves this file
    """Another taker has recorded some of these events since they were looked for."""


class Events(LedgerPart):
    """The record of what providers reported."""

    def record(
        self,
        events: Sequence[DeliveryEvent],
        at: datetime,
        *,
        mailer: str = "sendgrid",
        request: SignedRequest | None = None,
    ) -> EventCounts:
        """Take in one request's events, all or nothing: call it before answering the provider.

        `request`: what signs them, where they came signed.
        """
        while True:
            try:
                return self._record(events, at, mailer, request)
            except _Overtaken:  # what they have is there now, and is old news the next time
                continue

    def _record(
        self, events: Sequence[DeliveryEvent], at: datetime, mailer: str, request: SignedRequest | None
    ) -> EventCounts:
        first_seen: dict[str, DeliveryEvent] = {}
        for one in events:
            first_seen.setdefault(one.event_id, one)
        with self._db.write() as connection:
            look_each_up(connection)
            keys = {one.delivery_key for one in first_seen.values() if one.delivery_key}
            attempts = _attempts(connection, {one.attempt_id for one in first_seen.values() if one.attempt_id})
            known = _deliveries(connection, keys, frozenset(attempts.values()))
            is_ours = {one.event_id: one.delivery_key in known or one.attempt_id in attempts for one in events}
            ours = [one for one in first_seen.values() if is_ours[one.event_id]]
            foreign = [one for one in first_seen.values() if not is_ours[one.event_id]]
            new = _append(connection, ours, at, mailer, request)
            _apply(connection, new, known, at)
            if new or any(one.at > at - FRESH for one in foreign):
                _note_feed(connection, mailer, at, len(foreign))
        return EventCounts(len(new), len(events) - len(new) - len(foreign), len(foreign))

    def return_secret(self) -> str:
        """With what the addresses that letters come back to are signed: the ledger's own, made when first asked for."""
        query = sa.select(secret.c.value).where(secret.c.name == RETURN_PATHS)
        with self._db.read() as connection:
            known = connection.execute(query).scalar()
        if known is not None:
            return str(known)
        with self._db.write() as connection:
            fresh = insert_into(connection, secret).values(name=RETURN_PATHS, value=secrets.token_hex(32))
            connection.execute(fresh.on_conflict_do_nothing())
            return str(connection.execute(query).scalar_one())

    def foreign(self, mailer: str) -> int:
        """How many events of other mail than ours came from this provider."""
        with self._db.read() as connection:
            return connection.execute(sa.select(feed.c.foreign_events).where(feed.c.mailer == mailer)).scalar() or 0

    def feed_seen_at(self, mailer: str) -> datetime | None:
        """When this provider last reported anything: silence proves something only while it reports on others."""
        with self._db.read() as connection:
            return connection.execute(sa.select(feed.c.last_event_at).where(feed.c.mailer == mailer)).scalar()


def without_addresses(text: str) -> str:
    """A provider's words without the addresses in them, on one line, not too long."""
    return ADDRESS.sub("<address>", " ".join(text.split()))[:LONGEST_REASON]


def _deliveries(connection: Connection, keys: set[str], notices: frozenset[int]) -> Mapping[str, AnyRow]:
    """delivery key → its row, of those this ledger knows; looked for in the partitions of these notices first.

    SQLite has none, and would rather read a whole notice than look for some hundred keys in it.
    """
    has_partitions = connection.dialect.name == "postgresql"
    found = _found(connection, sorted(keys), delivery.c.notice_no.in_(notices)) if notices and has_partitions else {}
    return found | _found(connection, sorted(keys.difference(found)), sa.true())


def _found(connection: Connection, keys: Sequence[str], where: sa.ColumnElement[bool]) -> dict[str, AnyRow]:
    columns = (delivery.c.notice_no, delivery.c.message_no, delivery.c.seq, delivery.c.delivery_key, delivery.c.email)
    found: dict[str, AnyRow] = {}
    for those in among(connection, delivery.c.delivery_key, keys):
        found.update((row.delivery_key, row) for row in connection.execute(sa.select(*columns).where(where, those)))
    return found


def _attempts(connection: Connection, attempt_ids: set[str]) -> Mapping[str, int]:
    """Of these attempts, those that this ledger knows, each with its notice."""
    found: dict[str, int] = {}
    for those in among(connection, attempt.c.attempt_id, sorted(attempt_ids)):
        query = sa.select(attempt.c.attempt_id, attempt.c.notice_no).where(those)
        found.update((row.attempt_id, row.notice_no) for row in connection.execute(query))
    return found


def _append(
    connection: Connection, events: list[DeliveryEvent], at: datetime, mailer: str, request: SignedRequest | None
) -> list[DeliveryEvent]:
    """Keep the events that are new; these."""
    old: set[str] = set()
    for those in among(connection, event.c.event_id, [one.event_id for one in events]):
        old.update(connection.execute(sa.select(event.c.event_id).where(those)).scalars())
    new = [one for one in events if one.event_id not in old]
    if new:
        report_no = keep_report(connection, [one.raw for one in new], at, mailer=mailer, request=request)
        intake = secrets.token_hex(8)
        of_all = {"report_no": report_no, "intake": intake}
        rows = [{**_columns(one, at), **of_all, "place": place} for place, one in enumerate(new)]
        in_order = sorted(rows, key=lambda row: str(row["event_id"]))  # so that two takers wait for each other
        if insert_new(connection, event, in_order) != len(rows):
            raise _Overtaken
        note(connection, EntryKind.EVENTS, intake_facts(connection, intake))
    return new


def _columns(one: DeliveryEvent, at: datetime) -> dict[str, Any]:
    return {
        "event_id": one.event_id,
        "kind": one.kind,
        "status": one.status,
        "at": one.at,
        "received_at": at,
        "delivery_key": one.delivery_key,
        "attempt_id": one.attempt_id,
        "reason": _reason(one),
        "is_known": True,
    }


def _apply(connection: Connection, new: Sequence[DeliveryEvent], known: Mapping[str, AnyRow], at: datetime) -> None:
    overtaken = _prove_attempts(connection, {one.attempt_id for one in new if one.attempt_id}, at)
    counting = [one for one in new if one.attempt_id not in overtaken]
    _raise_statuses(connection, counting, known)
    add_suppressions(connection, _suppressing(new, known), at=at, source="provider event")


def _suppressing(new: Sequence[DeliveryEvent], known: Mapping[str, AnyRow]) -> Iterator[tuple[str, SuppressionReason]]:
    for one in new:
        row = known.get(one.delivery_key or "")
        if one.suppression is not None and row is not None and row.email:
            yield str(row.email), one.suppression


def _prove_attempts(connection: Connection, attempt_ids: Iterable[str], at: datetime) -> frozenset[str]:
    """Attempts with an event were accepted. Returns those that a retry has overtaken: their news is old."""
    ids = sorted(attempt_ids)
    rows: list[AnyRow] = []
    joined = sa.and_(attempt.c.notice_no == batch.c.notice_no, attempt.c.batch_no == batch.c.batch_no)
    columns = (attempt.c.attempt_id, attempt.c.n, attempt.c.outcome, batch.c.notice_no, batch.c.batch_no)
    query = sa.select(*columns, batch.c.attempts, batch.c.counts_from).select_from(attempt.join(batch, joined))
    for those in among(connection, attempt.c.attempt_id, ids):
        rows += connection.execute(query.where(those)).all()
    for row in rows:
        if row.outcome != AttemptOutcome.ACCEPTED:
            _prove(connection, row, at)
    return frozenset(row.attempt_id for row in rows if row.n < row.counts_from)


def _prove(connection: Connection, row: AnyRow, at: datetime) -> None:
    """Close the attempt as accepted, and its batch too unless a later attempt is under way."""
    values = {"outcome": AttemptOutcome.ACCEPTED, "finished_at": at}
    connection.execute(sa.update(attempt).where(attempt.c.attempt_id == row.attempt_id).values(values))
    open_states = OPEN_BATCHES if row.n == row.attempts else (BatchState.IN_DOUBT, BatchState.PENDING)
    query = sa.update(batch).where(
        batch.c.notice_no == row.notice_no, batch.c.batch_no == row.batch_no, batch.c.state.in_(open_states)
    )
    if row.n >= row.counts_from:
        connection.execute(query.values(state=BatchState.ACCEPTED, not_before=None))


def _raise_statuses(connection: Connection, events: Iterable[DeliveryEvent], known: Mapping[str, AnyRow]) -> None:
    """Of several events of one delivery the highest counts, and only where it is higher than what is known."""
    highest: dict[tuple[int, int, int], DeliveryEvent] = {}
    for one in events:
        row = known.get(one.delivery_key or "")
        if one.status is not None and row is not None:
            place = row.notice_no, row.message_no, row.seq
            first = highest.setdefault(place, one)
            if first.status is not None and may_move(first.status, one.status):
                highest[place] = one
    if not highest:
        return
    rows = [(*place, one.status, _reason(one)) for place, one in sorted(highest.items(), key=lambda found: found[0])]
    (_raise_by_set if connection.dialect.name == "postgresql" else _raise_each)(connection, rows)


def _reason(one: DeliveryEvent) -> str | None:
    return without_addresses(one.reason) if one.reason else None


def _raise_by_set(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """One statement; `lower`: the statuses that the new one may follow, with a comma between."""
    names = ("notice_no", "message_no", "seq", "status", "reason")
    columns = [list(values) for values in zip(*rows, strict=True)]
    lower = [",".join(lower_than(status)) for status in columns[3]]
    source = f"{unnested(delivery, names).removesuffix(')')}, %s::text[]) AS r ({', '.join(names)}, lower)"
    place = " AND ".join(f"d.{name} = r.{name}" for name in names[:3])
    connection.exec_driver_sql(
        f"UPDATE delivery AS d SET status = r.status, reason = r.reason FROM {source} "  # noqa: S608
        f"WHERE {place} AND d.reason IS DISTINCT FROM '{FROZEN_ANEW}' AND (d.status IS NULL "
        "OR d.status = ANY(string_to_array(r.lower, ',')))",
        (*columns, lower),
    )


def _raise_each(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    by_status: dict[DeliveryStatus, list[dict[str, Any]]] = defaultdict(list)
    for number, message_no, seq, status, reason in rows:
        by_status[status].append({"b_notice": number, "b_message": message_no, "b_seq": seq, "b_reason": reason})
    for status, those in by_status.items():
        _raise_to(status).run(connection, *those)


@cache
def _raise_to(status: DeliveryStatus) -> Prepared:
    """One row's update. Not `IN`: its values are expanded at execution, which many rows at once do not allow."""
    may_move = sa.or_(delivery.c.status.is_(None), *(delivery.c.status == lower.value for lower in lower_than(status)))
    return Prepared(
        sa.update(delivery)
        .where(
            delivery.c.notice_no == sa.bindparam("b_notice"),
            delivery.c.message_no == sa.bindparam("b_message"),
            delivery.c.seq == sa.bindparam("b_seq"),
            COUNTS_FOR_THEM,
            may_move,
        )
        .values(status=status.value, reason=sa.bindparam("b_reason"))
    )


def _note_feed(connection: Connection, mailer: str, at: datetime, foreign: int) -> None:
    seen = insert_into(connection, feed).values(mailer=mailer, last_event_at=at, foreign_events=foreign)
    values = {"last_event_at": at, "foreign_events": feed.c.foreign_events + foreign}
    connection.execute(seen.on_conflict_do_update(index_elements=["mailer"], set_=values))

"""One person's deliveries and all that speaks of them, row by row as the ledger has it: found by key, never by a scan.

A row is a dict of the columns that say something, written as JSON has it. Of a batch's attempts those are given that
may have carried this person's message.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.database import LedgerPart
from notifier.ledger.evidence.provider_reports import unpacked
from notifier.ledger.people.acceptance_tables import acceptance
from notifier.ledger.rows import AnyRow, email_key, home_of, may_have_asked, notice_number
from notifier.ledger.schema import (
    attempt,
    audit,
    customer,
    decision,
    delivery,
    event,
    letterhead,
    message,
    notice,
    posting,
    report,
)
from notifier.ledger.states import AttemptOutcome
from notifier.ledger.types import may_be_on
from notifier.notice.delivery import DeliveryStatus, NoticeState

Row = dict[str, Any]
NEVER_ATTEMPTED = (DeliveryStatus.SUPPRESSED, DeliveryStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """One notice, and what became of it for one person; for nobody in particular without `delivery`."""

    notice: Row
    messages: list[Row]
    """The one that this person got; all of them where it is about nobody in particular."""
    postings: list[Row]
    decisions: list[Row]
    audit: list[Row]
    attempts: list[Row]
    letterheads: list[Row]
    delivery: Row | None = field(default=None, repr=False)
    events: list[Row] = field(default_factory=list, repr=False)
    """Each with its `raw` bytes and the report that it came in, where they were kept."""


class ToldPeople(LedgerPart):
    """What evidence is made of."""

    def customer_id(self, key: str) -> str:
        """Whose id or address this is, on the roster now or in a delivery once. Raises `Refused` for nobody's."""
        with self._db.read() as connection:
            found = _ids(connection, key)
        if not found:
            raise Refused("no such customer: neither an id nor an address in the ledger")
        if len(found) > 1:
            raise Refused(f"{len(found)} customers have this address; name one by id: {', '.join(found)}")
        return found[0]

    def of_customer(self, customer_id: str) -> Iterator[ToldNotice]:
        """Every notice this customer was to get, oldest first; one twice where they moved before it reached them."""
        with self._db.read() as connection:
            query = sa.select(delivery).where(delivery.c.customer_id == customer_id)
            query = query.order_by(delivery.c.notice_no, delivery.c.message_no, delivery.c.seq)
            for row in connection.execute(query).all():
                yield _told(connection, row)

    def past_recipients(self) -> list[Row]:
        """Notices that went out and whose recipients are not here: their time was over, or a ledger was lost."""
        nobody = ~sa.exists().where(delivery.c.notice_no == notice.c.number)
        lost = sa.and_(notice.c.state == NoticeState.FINISHED, notice.c.frozen_at.is_not(None), nobody)
        with self._db.read() as connection:
            return _rows(connection, notice, notice.c.retired_at.is_not(None) | lost, order=notice.c.number)

    def acceptances_of(self, customer_id: str) -> list[Row]:
        """What this customer said of postings, oldest first; but for what the company noted of its own requests."""
        with self._db.read() as connection:
            return _rows(connection, acceptance, acceptance.c.person == customer_id, order=acceptance.c.number)

    def of_notice(self, notice_id: str) -> ToldNotice:
        """One notice, about nobody in particular. Raises `Refused` where there is none."""
        with self._db.read() as connection:
            number = notice_number(connection, notice_id)
            attempts = _rows(connection, attempt, attempt.c.notice_no == number, order=attempt.c.created_at)
            return _notice(connection, number, message.c.notice_no == number, attempts)


def _ids(connection: Connection, key: str) -> list[str]:
    """By id first, then by address, last by an address that a delivery once went to (which reads all of them)."""
    small = email_key(key)
    for table, column, wanted in (
        (customer, customer.c.customer_id, key),
        (delivery, delivery.c.customer_id, key),
        (customer, customer.c.email_key, small),
        (delivery, sa.func.lower(delivery.c.email), small),
    ):
        query = sa.select(table.c.customer_id).where(column == wanted).distinct().limit(20)
        if found := sorted(connection.execute(query).scalars()):
            return found
    return []


def _told(connection: Connection, row: AnyRow) -> ToldNotice:
    home = home_of(connection, row)
    events = list(_events(connection, row.delivery_key))
    attempts = list(_of_person(_attempts(connection, row, home), row, home, events))
    mine = sa.and_(message.c.notice_no == row.notice_no, message.c.message_no == row.message_no)
    whole = _notice(connection, row.notice_no, mine, attempts)
    parts = {name: getattr(whole, name) for name in whole.__slots__}
    return ToldNotice(**parts | {"delivery": _said(row), "events": events})


def _notice(
    connection: Connection, number: int, messages: sa.ColumnElement[bool], attempts: Sequence[Row]
) -> ToldNotice:
    postings = _rows(connection, posting, posting.c.notice_no == number, order=posting.c.number)
    words = [on for row in postings for on in may_be_on(row["commit_id"], row["policy_id"])]
    heads = {row["letterhead_no"] for row in attempts if "letterhead_no" in row}
    return ToldNotice(
        notice=_rows(connection, notice, notice.c.number == number, order=notice.c.number)[0],
        messages=_rows(connection, message, messages, order=message.c.message_no),
        postings=postings,
        decisions=_rows(connection, decision, decision.c.commit_id.in_(words), order=decision.c.number),
        audit=_rows(connection, audit, audit.c.notice_no == number, order=audit.c.number),
        attempts=list(attempts),
        letterheads=_rows(connection, letterhead, letterhead.c.number.in_(heads), order=letterhead.c.number),
    )


def _attempts(connection: Connection, row: AnyRow, home: AnyRow | None) -> list[Row]:
    """Of its batch, and of larger ones that it was cut out of."""
    if home is None:
        return []
    return _rows(connection, attempt, *may_have_asked(row, home), order=attempt.c.created_at)


def _of_person(attempts: Sequence[Row], row: AnyRow, home: AnyRow | None, events: Sequence[Row]) -> Iterator[Row]:
    """Those that this person was in: nobody who was held back, and in a retry only who had not been reached."""
    if row.status in NEVER_ATTEMPTED:
        return
    named = {one.get("attempt_id") for one in events}
    since = home.counts_from if home is not None else 0
    was_refused = row.status == DeliveryStatus.DROPPED and str(row.reason or "").startswith("refused by the provider")
    for one in attempts:
        is_whole = one["recipients"] == one["last_seq"] - one["first_seq"] + 1
        is_retry = 0 < since <= one["n"]
        if is_whole or not is_retry or row.status is None or one["attempt_id"] in named:
            yield one
        if was_refused and one["outcome"] == AttemptOutcome.REJECTED_ITEMS and one["attempt_id"] not in named:
            return


def _events(connection: Connection, delivery_key: str) -> Iterator[Row]:
    query = sa.select(event).where(event.c.delivery_key == delivery_key).order_by(event.c.received_at, event.c.at)
    for row in connection.execute(query).all():
        said = _said(row)
        if row.report_no is not None:
            kept = connection.execute(sa.select(report).where(report.c.number == row.report_no)).one()
            signed = {**_said(kept), "events": hashlib.sha256(kept.events).hexdigest()}
            said |= {"raw": unpacked(kept.events)[row.place], "report": signed}
        yield said


def _rows(
    connection: Connection, table: sa.Table, *conditions: sa.ColumnElement[bool], order: sa.ColumnElement[Any]
) -> list[Row]:
    return [_said(row) for row in connection.execute(sa.select(table).where(*conditions).order_by(order))]


def _said(row: AnyRow) -> Row:
    values: Mapping[str, Any] = row._mapping  # SQLAlchemy's public name for it
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    return value.isoformat() if isinstance(value, dt.date) else value.hex() if isinstance(value, bytes) else value

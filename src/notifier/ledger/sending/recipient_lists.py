"""Who is to get a notice, and how far each of them is: for people who look before they approve, and after.

Before its recipients are frozen they are whom the roster would give it now.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.by_set.departures import IS_HERE
from notifier.ledger.database import LedgerPart
from notifier.ledger.deliveries import MISSED, count_replaced
from notifier.ledger.messages import variants
from notifier.ledger.rows import COUNTS_FOR_THEM, IS_ELSEWHERE, AnyRow, notice_number
from notifier.ledger.schema import attempt, batch, customer, delivery, message, notice
from notifier.ledger.sending.shared_addresses import audiences_of, shared_addresses
from notifier.ledger.states import SHARED_ADDRESS, STATUS_OF_BATCH, BatchState
from notifier.ledger.suppressions import barred
from notifier.ledger.types import Recipient
from notifier.notice.delivery import DeliveryStatus, message_for

AT_ONCE = 1_000
Group = tuple[str, str]
"""Language and tags, as on the roster."""


class Readers(LedgerPart):
    """Counted by message, listed one by one, and one of them by name."""

    def by_message(self, notice_id: str) -> tuple[int, ...]:
        """How many get each of the notice's messages."""
        with self._db.read() as connection:
            row = _notice(connection, notice_id)
            count = len(variants(connection, row.number))
            if row.frozen_at is not None:
                query = sa.select(message.c.message_no, message.c.recipients).where(message.c.notice_no == row.number)
                replaced = count_replaced(connection, row.number)
                sizes = connection.execute(query.order_by(message.c.message_no))
                return tuple(size - replaced.get(number, 0) for number, size in sizes)
            found: Counter[int] = Counter()
            groups, columns = _groups(connection, row), (customer.c.language, customer.c.tags)
            each = sa.select(*columns, sa.func.count()).where(IS_HERE).group_by(*columns)
            for language, tags, many in connection.execute(each):
                if (language, tags) in groups:
                    found[groups[language, tags]] += many
            for number, message_no in shared_addresses(connection, row).messages.items():
                found[groups[_group_of(connection, number)]] -= 1
                found[message_no] += 1
        return tuple(found[message_no] for message_no in range(count))

    def not_begun(self, notice_id: str) -> int:
        """How many it would go to now, where nobody is frozen for it yet; else none."""
        with self._db.read() as connection:
            is_frozen = _notice(connection, notice_id).frozen_at is not None
        return 0 if is_frozen else sum(self.by_message(notice_id))

    def a_name(self, notice_id: str, message_no: int) -> str:
        """The name of somebody who gets this message; empty where none of them has one."""
        with self._db.read() as connection:
            row = _notice(connection, notice_id)
            if row.frozen_at is not None:
                mine = (delivery.c.notice_no == row.number, delivery.c.message_no == message_no, delivery.c.name != "")
                query = sa.select(delivery.c.name).where(*mine).order_by(delivery.c.seq).limit(1)
                return connection.execute(query).scalar() or ""
            groups = [group for group, chosen in _groups(connection, row).items() if chosen == message_no]
            names = (_a_name_of(connection, group) for group in groups)
            return next((name for name in names if name), "")

    def all(self, notice_id: str, *, only_missed: bool = False) -> Iterator[Recipient]:
        """Everybody who gets it, message by message; or only those whom it did not reach."""
        with self._db.read() as connection:
            row = _notice(connection, notice_id)
            languages = [one.language for one in variants(connection, row.number)]
            if row.frozen_at:
                yield from _frozen(connection, row, languages, MISSED if only_missed else (COUNTS_FOR_THEM,))
            elif not only_missed:
                yield from _expected(connection, row, languages)


def _notice(connection: Connection, notice_id: str) -> AnyRow:
    number = notice_number(connection, notice_id)
    return connection.execute(sa.select(notice).where(notice.c.number == number)).one()


def _groups(connection: Connection, row: AnyRow) -> Mapping[Group, int]:
    """Which message each group of readers on the roster would get now."""
    messages = variants(connection, row.number)
    audiences = audiences_of(row) if messages else {}
    present = sa.select(customer.c.language, customer.c.tags).where(IS_HERE).distinct()
    found: dict[Group, int] = {}
    for language, tags in connection.execute(present):
        chosen = message_for(language, frozenset(json.loads(tags)), messages, audiences, row.language)
        if chosen is not None:
            found[language, tags] = chosen
    return found


def _group_of(connection: Connection, number: int) -> Group:
    query = sa.select(customer.c.language, customer.c.tags).where(customer.c.number == number)
    return tuple(connection.execute(query).one())


def _in_group(group: Group) -> sa.ColumnElement[bool]:
    return sa.and_(customer.c.language == group[0], customer.c.tags == group[1], IS_HERE)


def _a_name_of(connection: Connection, group: Group) -> str:
    named = sa.select(customer.c.name).where(_in_group(group), customer.c.name != "")
    return connection.execute(named.order_by(customer.c.number).limit(1)).scalar() or ""


def _expected(connection: Connection, row: AnyRow, languages: list[str]) -> Iterator[Recipient]:
    """As freezing would settle them."""
    groups, shared = _groups(connection, row), shared_addresses(connection, row)
    query = sa.select(customer).where(IS_HERE).order_by(customer.c.number)
    for some in connection.execution_options(yield_per=AT_ONCE).execute(query).partitions():
        held_back = barred(connection, ((one.number, one.email) for one in some))
        for one in some:
            message_no = shared.messages.get(one.number, groups.get((one.language, one.tags)))
            if message_no is None:
                continue
            reason = SHARED_ADDRESS if one.number in shared.covered else held_back.get(one.number)
            status = DeliveryStatus.SUPPRESSED if reason else DeliveryStatus.QUEUED
            yield Recipient(one.customer_id, one.email, one.name, languages[message_no], status, reason)


def _frozen(
    connection: Connection, row: AnyRow, languages: list[str], whom: Iterable[sa.ColumnElement[bool]]
) -> Iterator[Recipient]:
    homes = iter(_batches(connection, row.number))
    home = next(homes, None)
    query = sa.select(delivery, IS_ELSEWHERE.label("is_elsewhere"))
    query = query.where(delivery.c.notice_no == row.number, *whom)
    rows = connection.execution_options(yield_per=1_000).execute(query.order_by(delivery.c.message_no, delivery.c.seq))
    for one in rows:
        while home is not None and (home.message_no, home.last_seq) < (one.message_no, one.seq):
            home = next(homes, None)
        yield _recipient(one, home, languages[one.message_no])


def _batches(connection: Connection, number: int) -> list[AnyRow]:
    """Every batch with its last attempt, in the order of the deliveries."""
    last = (
        sa.select(attempt.c.batch_no, sa.func.max(attempt.c.n).label("n"))
        .where(attempt.c.notice_no == number)
        .group_by(attempt.c.batch_no)
        .subquery()
    )
    is_last = sa.and_(attempt.c.batch_no == batch.c.batch_no, attempt.c.notice_no == number, attempt.c.n == last.c.n)
    query = (
        sa.select(batch.c.message_no, batch.c.last_seq, batch.c.state, attempt.c.attempt_id, attempt.c.n)
        .add_columns(attempt.c.created_at)
        .select_from(batch.outerjoin(last, last.c.batch_no == batch.c.batch_no).outerjoin(attempt, is_last))
        .where(batch.c.notice_no == number)
        .order_by(batch.c.message_no, batch.c.first_seq)
    )
    return list(connection.execute(query).all())


def _recipient(one: AnyRow, home: Any, language: str) -> Recipient:
    follows = STATUS_OF_BATCH[BatchState(home.state)] if home is not None else DeliveryStatus.QUEUED
    status = DeliveryStatus(one.status) if one.status else follows
    went_out = home is not None and status not in (DeliveryStatus.SUPPRESSED, DeliveryStatus.CANCELLED)
    return Recipient(
        one.customer_id,
        one.email,
        one.name,
        language,
        status,
        one.reason,
        attempt_id=home.attempt_id if went_out else None,
        attempt=home.n if went_out else None,
        attempted_at=home.created_at if went_out else None,
        is_possible_duplicate=one.is_possible_duplicate,
        is_elsewhere=bool(one.email) and one.is_elsewhere,
    )

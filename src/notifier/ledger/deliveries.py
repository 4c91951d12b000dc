"""How many deliveries stand where: from rows that know their own status, and batches that speak for the rest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.database import LedgerPart
from notifier.ledger.rows import (
    COUNTS_FOR_THEM,
    IN_ITS_BATCH,
    IS_OF_SEVERAL,
    home_of,
    may_have_asked,
    notice_number,
)
from notifier.ledger.schema import attempt, batch, customer, delivery, event, message, notice
from notifier.ledger.states import FROZEN_ANEW, LEFT_ROSTER, SHARED_ADDRESS, STATUS_OF_BATCH, AttemptOutcome, BatchState
from notifier.ledger.types import Addressed, Cause, CustomerDelivery, NoticeCounts
from notifier.notice.delivery import NOT_REACHED, DeliveryStatus, NoticeState, SuppressionReason
from notifier.plurals import are, counted

FIELD_OF_STATUS: Mapping[DeliveryStatus, str] = {
    DeliveryStatus.QUEUED: "queued",
    DeliveryStatus.ATTEMPTED: "queued",
    DeliveryStatus.SUPPRESSED: "suppressed",
    DeliveryStatus.IN_DOUBT: BatchState.IN_DOUBT,
    DeliveryStatus.ACCEPTED: "accepted",
    DeliveryStatus.PROCESSED: "accepted",
    DeliveryStatus.DEFERRED: "deferred",
    DeliveryStatus.DELIVERED: "delivered",
    DeliveryStatus.DROPPED: "dropped",
    DeliveryStatus.BOUNCED: "bounced",
    DeliveryStatus.COMPLAINED: "complained",
    DeliveryStatus.CANCELLED: "cancelled",
}

MISSED = (delivery.c.status.in_(NOT_REACHED), COUNTS_FOR_THEM)
UNREACHED = (DeliveryStatus.BOUNCED, DeliveryStatus.DROPPED, DeliveryStatus.SUPPRESSED)
PROVIDERS_OWN_LISTS = ("unsubscribed address", "spam reporting address", "bounced address")
"""What a provider says of a message that it drops because of its own suppressions."""
MOST_CAUSES = 20
TAKEN = tuple(
    one for one, said in FIELD_OF_STATUS.items() if said in ("accepted", "deferred", "delivered", "complained")
)
"""What a delivery can only be where somebody was asked to take it."""
OVER = (NoticeState.FINISHED, NoticeState.CANCELLED)
EXCUSED = (SuppressionReason.FORGOTTEN, SHARED_ADDRESS)


class Deliveries(LedgerPart):
    """Figures, lists for export, and the check that nobody was lost."""

    def counts(self, notice_id: str) -> NoticeCounts:
        """Where the notice's deliveries stand; all zero until its recipients are frozen."""
        with self._db.read() as connection:
            return whole_counts(connection, notice_number(connection, notice_id))

    def unreached(self, notice_id: str) -> int:
        """How many the notice was to tell and did not, whoever has given them up."""
        with self._db.read() as connection:
            return count_unreached(connection, notice_number(connection, notice_id))

    def unasked(self, notice_id: str) -> int:
        """How many of it are said to have been taken, and nobody was asked to take them."""
        with self._db.read() as connection:
            return count_unasked(connection, notice_number(connection, notice_id))

    def causes(self, notice_id: str) -> tuple[Cause, ...]:
        """Why the notice did not reach those whom it did not, the most frequent first."""
        count = sa.func.count()
        query = sa.select(delivery.c.status, delivery.c.reason, count).group_by(delivery.c.status, delivery.c.reason)
        with self._db.read() as connection:
            mine = (delivery.c.notice_no == notice_number(connection, notice_id), *MISSED)
            found = connection.execute(query.where(*mine).order_by(count.desc(), delivery.c.status).limit(MOST_CAUSES))
            return tuple(Cause(DeliveryStatus(status), reason or status, number) for status, reason, number in found)

    def silenced(self, notice_id: str) -> int:
        """How many the provider dropped because they stand on a list of its own, for whatever mail."""
        words = sa.func.lower(delivery.c.reason)
        listed = sa.or_(*(words.contains(each) for each in PROVIDERS_OWN_LISTS))
        query = sa.select(sa.func.count()).where(delivery.c.status == DeliveryStatus.DROPPED, listed)
        with self._db.read() as connection:
            number = notice_number(connection, notice_id)
            return int(connection.execute(query.where(delivery.c.notice_no == number)).scalar_one())

    def address_of(self, delivery_key: str) -> Addressed | None:
        """The delivery with this key, if there is one."""
        query = sa.select(notice.c.notice_id, delivery.c.email).join(notice, notice.c.number == delivery.c.notice_no)
        with self._db.read() as connection:
            row = connection.execute(query.where(delivery.c.delivery_key == delivery_key)).first()
        return None if row is None else Addressed(row.notice_id, row.email)

    def check_counts(self, *, unfinished_only: bool = False) -> tuple[str, ...]:
        """Count every delivery one by one and say, a line each, what does not add up; empty when all is well.

        Reads every row: about a second for a million. `unfinished_only` leaves out what is finished or cancelled.
        """
        query = sa.select(notice.c.number, notice.c.notice_id).order_by(notice.c.number)
        query = query.where(notice.c.retired_at.is_(None))
        if unfinished_only:
            query = query.where(notice.c.state.not_in(OVER))
        with self._db.read() as connection:
            numbers = connection.execute(query).all()
            return tuple(line for number, notice_id in numbers for line in _findings(connection, number, notice_id))

    def of_customer(self, customer_id: str) -> tuple[CustomerDelivery, ...]:
        """Every notice this customer was to get and what became of it, oldest first."""
        query = _with_message(delivery.c.customer_id == customer_id, COUNTS_FOR_THEM).order_by(delivery.c.notice_no)
        with self._db.read() as connection:
            return tuple(_of_customer(connection, row) for row in connection.execute(query).all())


def count_unreached(connection: Connection, number: int) -> int:
    """How many were to be told and are not: bounced, dropped, or suppressed for a reason that a person can lift.

    Not those who asked to be forgotten, left the roster and did not come back, or whose address another recipient has.
    """
    is_excused = (delivery.c.status == DeliveryStatus.SUPPRESSED) & delivery.c.reason.in_(EXCUSED)
    is_here = sa.exists().where(customer.c.customer_id == delivery.c.customer_id, customer.c.left_at.is_(None))
    has_left = (delivery.c.reason == LEFT_ROSTER) & ~is_here
    mine = (delivery.c.notice_no == number, delivery.c.status.in_(UNREACHED), COUNTS_FOR_THEM)
    query = sa.select(sa.func.count()).where(*mine, sa.not_(is_excused), sa.not_(has_left))
    return int(connection.execute(query).scalar_one())


def whole_counts(connection: Connection, number: int) -> NoticeCounts:
    """The counts of one notice without reading every delivery where batches speak for them.

    Of one whose recipients' time is over, as they were then.
    """
    retired = connection.execute(sa.select(notice.c.retired_counts).where(notice.c.number == number)).scalar()
    if retired is not None:
        return NoticeCounts(**json.loads(retired))
    total, left_over = _frozen(connection, number)
    total -= sum(count_replaced(connection, number).values())
    own = connection.execute(
        sa.select(delivery.c.status, sa.func.count())
        .where(delivery.c.notice_no == number, delivery.c.status.is_not(None), COUNTS_FOR_THEM)
        .group_by(delivery.c.status)
    ).all()
    by_field: Counter[str] = Counter()
    for status, count in own:
        by_field[FIELD_OF_STATUS[DeliveryStatus(status)]] += count
    following = _following(connection, number)
    for state, count in following.items():
        by_field[FIELD_OF_STATUS[STATUS_OF_BATCH[BatchState(state)]]] += count
    resting = total - sum(by_field.values())
    by_field["queued"] += min(left_over, resting)
    by_field["accepted"] += resting - min(left_over, resting)
    marked = {"possible_duplicates": _duplicates(connection, number), "covered": _covered(connection, number)}
    return NoticeCounts(recipients=total, **marked, **by_field)


def count_replaced(connection: Connection, number: int) -> dict[int, int]:
    """By message how many of its deliveries count for nobody: their people were frozen anew."""
    replaced = (delivery.c.status.in_(UNREACHED), delivery.c.reason == FROZEN_ANEW)
    query = sa.select(delivery.c.message_no, sa.func.count()).where(delivery.c.notice_no == number, *replaced)
    return {row[0]: row[1] for row in connection.execute(query.group_by(delivery.c.message_no))}


def is_whole(connection: Connection, number: int) -> bool:
    """Is each who was frozen there, in a batch, taken by an attempt where it says so, and called off by nobody?"""
    total, left_over = _frozen(connection, number)
    called_off = sa.func.count(sa.case((delivery.c.status == DeliveryStatus.CANCELLED, 1)))
    rows = sa.select(sa.func.count(), called_off).where(delivery.c.notice_no == number)  # in one look at each of them
    there, cancelled = connection.execute(rows).one()
    closed = sa.exists().where(batch.c.notice_no == number, batch.c.state == BatchState.CANCELLED)
    is_there = not left_over and there == total
    is_on = not cancelled and not connection.execute(sa.select(closed)).scalar()
    return is_there and is_on and not count_unasked(connection, number)


def count_unasked(connection: Connection, number: int) -> int:
    """Who are said to have been taken, and no attempt of their batch was: another hand wrote that; nobody was.

    Not of a notice that a person, or git, said had ended; nor of whom the provider's own events say it, which may come
    while their attempt is in doubt. A batch may have been cut out of one that was asked: tried again, it was too large.
    """
    was_asked = sa.exists().where(
        attempt.c.notice_no == batch.c.notice_no,
        attempt.c.batch_no == batch.c.batch_no,
        attempt.c.outcome == AttemptOutcome.ACCEPTED,
    )
    follows = sa.and_(delivery.c.status.is_(None), batch.c.state == BatchState.ACCEPTED)
    by_events = sa.exists().where(event.c.delivery_key == delivery.c.delivery_key, event.c.status.is_not(None))
    taken = sa.and_(delivery.c.status.in_(TAKEN), sa.not_(by_events))
    # counted batch by batch, within its range: a join of ranges has PostgreSQL lay each row beside each batch
    theirs = sa.select(sa.func.count()).where(*IN_ITS_BATCH, sa.or_(follows, taken)).correlate(batch).scalar_subquery()
    place = (batch.c.message_no, batch.c.first_seq, batch.c.last_seq)
    each = sa.select(*place, theirs.label("people")).where(batch.c.notice_no == number, sa.not_(was_asked)).subquery()
    unasked = connection.execute(sa.select(each).where(each.c.people > 0)).all()
    asked = _asked_together(connection, number) if unasked else ()
    return sum(one.people for one in unasked if not any(_is_within(one, larger) for larger in asked))


def _is_within(one: Any, larger: Any) -> bool:
    is_so: bool = one.message_no == larger.message_no and larger.first_seq <= one.first_seq <= larger.last_seq
    return is_so and one.last_seq <= larger.last_seq


def _asked_together(connection: Connection, number: int) -> Sequence[Any]:
    """Message and range of each attempt of several that was accepted, however their batch was cut since."""
    query = sa.select(attempt.c.message_no, attempt.c.first_seq, attempt.c.last_seq)
    its = (attempt.c.notice_no == number, attempt.c.outcome == AttemptOutcome.ACCEPTED)
    return connection.execute(query.where(*its, IS_OF_SEVERAL)).all()


def _frozen(connection: Connection, number: int) -> tuple[int, int]:
    """How many recipients there are, and how many of them are in no batch: all before there are any."""
    recipients = sa.select(sa.func.coalesce(sa.func.sum(message.c.recipients), 0)).where(message.c.notice_no == number)
    spans = sa.func.coalesce(sa.func.sum(batch.c.last_seq - batch.c.first_seq + 1), 0)
    total = int(connection.execute(recipients).scalar_one())
    return total, total - int(connection.execute(sa.select(spans).where(batch.c.notice_no == number)).scalar_one())


def _covered(connection: Connection, number: int) -> int:
    """How many are told by the letter to somebody else at their address."""
    shared = (delivery.c.status == DeliveryStatus.SUPPRESSED, delivery.c.reason == SHARED_ADDRESS)
    query = sa.select(sa.func.count()).where(delivery.c.notice_no == number, *shared)
    return int(connection.execute(query).scalar_one())


def _following(connection: Connection, number: int) -> Counter[str]:
    """How many deliveries follow a batch that is not accepted yet, by the batch's state."""
    inside = (
        sa.select(sa.func.count()).where(*IN_ITS_BATCH, delivery.c.status.is_(None)).correlate(batch).scalar_subquery()
    )
    query = (
        sa.select(batch.c.state, sa.func.sum(inside))
        .where(batch.c.notice_no == number, batch.c.state != BatchState.ACCEPTED)
        .group_by(batch.c.state)
    )
    return Counter({state: int(count or 0) for state, count in connection.execute(query)})


def _duplicates(connection: Connection, number: int) -> int:
    marked = (delivery.c.notice_no == number, delivery.c.is_possible_duplicate)
    return int(connection.execute(sa.select(sa.func.count()).where(*marked)).scalar_one())


def _findings(connection: Connection, number: int, notice_id: str) -> Iterator[str]:
    counts = whole_counts(connection, number)
    rows = sa.select(sa.func.count(), sa.func.count(sa.distinct(delivery.c.customer_id)))
    found, people = connection.execute(rows.where(delivery.c.notice_no == number, COUNTS_FOR_THEM)).one()
    if found != counts.recipients:
        frozen = counted(counts.recipients, "recipient")
        yield f"notice {notice_id}: {frozen} frozen, {counted(found, 'delivery')} there"
    if people != found and (doubled := connection.execute(_doubled(number)).scalar()):
        yield f"notice {notice_id}: {counted(doubled, 'customer')} in it twice"
    if not counts.adds_up:
        yield f"notice {notice_id}: the counts do not add up to {counts.recipients}: {counts}"
    state = connection.execute(sa.select(notice.c.state).where(notice.c.number == number)).scalar_one()
    if state != NoticeState.CANCELLED and counts.cancelled:
        off = f"{counts.cancelled} {are(counts.cancelled)} called off"
        yield f"notice {notice_id}: {off}, and the notice is not: nobody told them"
    if state not in OVER and (unasked := count_unasked(connection, number)):
        yield f"notice {notice_id}: {unasked} {are(unasked)} said to have been taken, and no attempt of their batch was"
    yield from _batch_findings(connection, number, notice_id, found + sum(count_replaced(connection, number).values()))


def _batch_findings(connection: Connection, number: int, notice_id: str, found: int) -> Iterator[str]:
    """Batches must tile each message's deliveries without gap or overlap."""
    frozen = connection.execute(sa.select(notice.c.frozen_at).where(notice.c.number == number)).scalar()
    query = sa.select(batch).where(batch.c.notice_no == number).order_by(batch.c.message_no, batch.c.first_seq)
    ends: dict[int, int] = {}
    for row in connection.execute(query):
        if row.first_seq != ends.get(row.message_no, 0) + 1:
            yield f"notice {notice_id}: batch {row.batch_no} leaves a gap or overlaps before {row.first_seq}"
        ends[row.message_no] = row.last_seq
    if frozen and sum(ends.values()) != found:
        yield f"notice {notice_id}: batches hold {sum(ends.values())} deliveries of {found}"


def _doubled(number: int) -> sa.Select[int | None]:
    """How many letters there are beyond one for each person; another one tells them of what the first did not."""
    its = sa.and_(message.c.notice_no == delivery.c.notice_no, message.c.message_no == delivery.c.message_no)
    same = (delivery.c.customer_id, message.c.policies)
    letters = sa.select((sa.func.count() - 1).label("more")).select_from(sa.join(delivery, message, its))
    mine = letters.where(delivery.c.notice_no == number, COUNTS_FOR_THEM).group_by(*same).subquery()
    return sa.select(sa.cast(sa.func.sum(mine.c.more), sa.Integer))


def _with_message(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(delivery, message.c.language, message.c.subject, notice.c.notice_id)
        .join(
            message, sa.and_(message.c.notice_no == delivery.c.notice_no, message.c.message_no == delivery.c.message_no)
        )
        .join(notice, notice.c.number == delivery.c.notice_no)
        .where(*conditions)
    )


def _of_customer(connection: Connection, row: Any) -> CustomerDelivery:
    """Whose address another recipient has was told by that one's letter, as far as it came."""
    if row.reason != SHARED_ADDRESS or not row.email:
        return _own(connection, row)
    same = sa.func.lower(delivery.c.email) == sa.func.lower(row.email)
    is_other = delivery.c.reason.is_(None) | delivery.c.reason.not_in((SHARED_ADDRESS, FROZEN_ANEW, LEFT_ROSTER))
    others = (delivery.c.notice_no == row.notice_no, same, is_other)
    is_other_text = delivery.c.message_no != row.message_no
    found = connection.execute(_with_message(*others).order_by(is_other_text, delivery.c.seq).limit(1)).first()
    own = _own(connection, row)
    if found is None:
        return own
    letter = _own(connection, found)
    return own._replace(reason=f"{SHARED_ADDRESS}: {letter.status}", accepted_at=letter.accepted_at)


def _own(connection: Connection, row: Any) -> CustomerDelivery:
    home = home_of(connection, row)
    accepted_at = None
    if home is not None:
        is_accepted = attempt.c.outcome == AttemptOutcome.ACCEPTED
        accepted = sa.select(sa.func.max(attempt.c.finished_at)).where(*may_have_asked(row, home), is_accepted)
        accepted_at = connection.execute(accepted).scalar()
    follows = STATUS_OF_BATCH[BatchState(home.state)] if home is not None else DeliveryStatus.QUEUED
    status = DeliveryStatus(row.status) if row.status else follows
    return CustomerDelivery(
        row.notice_id,
        row.customer_id,
        row.language,
        row.subject,
        status,
        row.reason,
        row.is_possible_duplicate,
        accepted_at,
    )

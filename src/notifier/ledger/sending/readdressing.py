"""Who moved, or left the roster, after freezing: taken out of what waits, and where they moved frozen anew.

Looked for whenever a batch is about to be claimed; if there is anybody, in all of the notice that waits. What was
frozen stays, held back with the reason; in its place counts another delivery of the same person, in a tree and a batch
of its own, by the same transaction. Nothing changes for whom a request may have left: nobody gets two letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.audit import SYSTEM, resumed_at, write_audit
from notifier.ledger.by_set.cut_batches import cut_batches
from notifier.ledger.by_set.departures import MANY, crowd
from notifier.ledger.by_set.prepared import Prepared
from notifier.ledger.evidence.claimed_people import MAY_HAVE_LEFT, FrozenPeople, MustStop, OtherHand
from notifier.ledger.journal import note
from notifier.ledger.journal.recipient_trees import RecipientTrees
from notifier.ledger.journal.roster_sum import roster_fault_now, roster_seal
from notifier.ledger.rows import COUNTS_FOR_THEM, HAS_MOVED, IS_ELSEWHERE, AnyRow, email_key, inside_batch, of_its_batch
from notifier.ledger.schema import batch, customer, delivery, notice
from notifier.ledger.sending.recipients import insert_deliveries, one_of
from notifier.ledger.states import FROZEN_ANEW, LEFT_ROSTER, SHARED_ADDRESS, AuditAction, BatchState
from notifier.notice.delivery import DeliveryStatus
from notifier.notice.sending_rules import MOST_LOST
from notifier.proof.entry import EntryKind

AT_ONCE = 10_000
CUT_SHORT = "was a list cut short?"
D = delivery.c
WAITS = (
    batch.c.state == BatchState.PENDING,
    sa.not_(MAY_HAVE_LEFT),
    D.status.is_(None),
    D.email != "",
    sa.not_(D.is_possible_duplicate),
)
"""Of a delivery in its batch: nothing to this person has left yet, or what left is known not to have arrived."""
OF_THEM = (D.message_no, D.seq, D.email, customer.c.number, customer.c.left_at)
THEIRS = sa.join(delivery, customer, customer.c.customer_id == D.customer_id)
WAITING = sa.join(THEIRS, batch, (batch.c.notice_no == D.notice_no) & (batch.c.batch_no == of_its_batch("batch_no")))
HOLD_BACK = Prepared(
    sa.update(delivery)
    .where(D.notice_no == sa.bindparam("b_notice"), D.message_no == sa.bindparam("b_message"))
    .where(D.seq == sa.bindparam("b_seq"))
    .values(status=sa.bindparam("b_status"), reason=sa.bindparam("b_reason"))
)


def somebody_moved(connection: Connection, rows: Sequence[AnyRow], frozen: FrozenPeople) -> bool:
    """Is anybody in these batches elsewhere by now? Raises `OtherHand`."""
    seal = roster_seal(connection)
    asked = [row for row in rows if frozen.tree_of(connection, row).roster_seal != seal and not row.may_have_left]
    # people by their batch, and each on the roster by id: no planner may begin with the roster
    moved = (sa.select(sa.exists().where(*inside_batch(row), *WAITS[2:], IS_ELSEWHERE)) for row in asked)
    if any(connection.execute(query).scalar() for query in moved):
        return True
    if asked and frozen.moved_apart[0] != seal:
        apart = sa.select(D.email).select_from(THEIRS).where(*_shared(frozen.notice_no), HAS_MOVED)
        frozen.moved_apart = seal, frozenset(map(email_key, connection.execute(apart).scalars()))
    shared = asked if frozen.moved_apart[1] else ()
    readers = (connection.execute(sa.select(D.email).where(*inside_batch(row), *WAITS[2:])) for row in shared)
    return any(email_key(email) in frozen.moved_apart[1] for found in readers for email in found.scalars())


def freeze_anew(connection: Connection, frozen: FrozenPeople, at: datetime, *, is_asked: bool = False) -> bool:
    """Take out all of the notice who are elsewhere by now; is there anybody? `is_asked`: by a person, just now.

    Raises `OtherHand` where the batches, or the roster itself, are not as the records have them, and `MustStop` where
    too many left, or moved to one address: a list that is wrong must not end as told to everybody.
    """
    number = frozen.notice_no
    row = connection.execute(sa.select(notice).where(notice.c.number == number).with_for_update(key_share=True)).one()
    waiting = _waiting(connection, number)
    found = [*waiting, *_covered(connection, number, waiting)]
    if not found:
        return False
    _hold(connection, frozen, {one.batch_no for one in waiting}, is_asked=is_asked)
    if not is_asked and any(one.left_at is not None for one in found):
        _refuse_shrunk(connection, row, sum(one.left_at is not None for one in found))
    if not is_asked and any(one.left_at is None for one in found):
        _refuse_crowd(connection, row)
    HOLD_BACK.run(connection, *({"b_notice": number, **_held_back(one)} for one in found))
    meant = {one.number: one.message_no for one in found if one.left_at is None}
    for start in range(0, len(meant), AT_ONCE):
        some = sorted(meant)[start : start + AT_ONCE]
        insert_deliveries(connection, row, one_of(some), sa.true(), {one: meant[one] for one in some})
    size = sa.select(sa.func.max(batch.c.last_seq - batch.c.first_seq + 1)).where(batch.c.notice_no == number)
    batch_size = int(connection.execute(size).scalar_one())
    trees = RecipientTrees(lambda: nullcontext(connection), number, batch_size, roster_seal(connection))
    trees.catch_up()
    cut_batches(connection, number, batch_size)
    note(connection, EntryKind.RECIPIENTS, trees.facts(connection))
    detail = f"anew, as the roster has them now: {len(meant):,}; {len(found) - len(meant):,} left it"
    write_audit(connection, AuditAction.FROZEN, at=at, who=SYSTEM, notice_no=number, detail=detail)
    return True


def _refuse_shrunk(connection: Connection, row: AnyRow, waiting: int) -> None:
    """More of its recipients left since freezing, or since somebody had it go on after that was said, than leave
    unasked. Whose letters are `waiting`, or were held back for that, did so since freezing whatever a clock says."""
    accepted_at = resumed_at(connection, row.number, CUT_SHORT)
    since = accepted_at or row.frozen_at
    left = sa.func.count(sa.case((customer.c.left_at > since, 1)))
    held_back = sa.func.count(sa.case((customer.c.left_at.is_not(None) & (D.reason == LEFT_ROSTER), 1)))
    query = sa.select(sa.func.count(), left, held_back).select_from(THEIRS)
    total, lost, before = connection.execute(query.where(D.notice_no == row.number, COUNTS_FOR_THEM)).one()
    lost = lost if accepted_at else max(lost, before + waiting)
    if lost > MOST_LOST * total:
        gone = f"{lost:,} of its {total:,} recipients left the roster since {since:%Y-%m-%d %H:%M} UTC"
        raise MustStop(f"{gone}: {CUT_SHORT}")


def _refuse_crowd(connection: Connection, row: AnyRow) -> None:
    """They moved to one address, and nobody has had the notice go on after that was said."""
    found = crowd(connection)
    if found and not resumed_at(connection, row.number, found):
        raise MustStop(found)


def _waiting(connection: Connection, number: int) -> list[AnyRow]:
    """Those in batches that nobody claims at this moment; nobody does until the transaction has ended."""
    query = sa.select(*OF_THEM, batch.c.batch_no, batch.c.counts_from).select_from(WAITING)
    found = connection.execute(query.where(batch.c.notice_no == number, *WAITS, HAS_MOVED)).all()
    free = sa.select(batch.c.batch_no).where(*_those(number, {one.batch_no for one in found}), *WAITS[:2])
    locked = set(connection.execute(free.with_for_update(skip_locked=True)).scalars()) if found else set()
    return [one for one in found if one.batch_no in locked]


def _covered(connection: Connection, number: int, waiting: Sequence[AnyRow]) -> list[AnyRow]:
    """Whom the letter to one of these was to tell as well, and who moved away from an address whose letter waits."""
    query = sa.select(*OF_THEM, HAS_MOVED.label("has_moved")).select_from(THEIRS)
    found = connection.execute(query.where(*_shared(number))).all()
    vacated = {email_key(one.email) for one in waiting}
    left = sorted({email_key(one.email) for one in found if one.has_moved} - vacated)
    waits = sa.select(D.email).select_from(WAITING).where(batch.c.notice_no == number, *WAITS)
    still = {
        email_key(email)
        for start in range(0, len(left), MANY)
        for email in connection.execute(waits.where(sa.func.lower(D.email).in_(left[start : start + MANY]))).scalars()
    }
    return [one for one in found if (key := email_key(one.email)) in vacated or (one.has_moved and key in still)]


def _shared(number: int) -> tuple[sa.ColumnElement[bool], ...]:
    is_shared = (D.status == DeliveryStatus.SUPPRESSED, D.reason == SHARED_ADDRESS)
    return D.notice_no == number, *is_shared, D.email != ""


def _hold(connection: Connection, frozen: FrozenPeople, batches: set[int], *, is_asked: bool) -> None:
    rows = connection.execute(sa.select(batch).where(*_those(frozen.notice_no, batches))).all()
    if not is_asked:  # a person's word has just queued them
        frozen.hold_batches(connection, rows)
    for row in rows:
        frozen.hold(connection, row)
    if fault := roster_fault_now(connection):
        raise OtherHand(fault)


def _those(number: int, batches: set[int]) -> tuple[sa.ColumnElement[bool], ...]:
    listed: sa.BindParameter[Any] = sa.bindparam(None, sorted(batches), expanding=True, literal_execute=True)
    return batch.c.notice_no == number, batch.c.batch_no.in_(listed)


def _held_back(one: AnyRow) -> dict[str, object]:
    """Of a retry something went out before, which the events of then still speak of."""
    is_retry = bool(getattr(one, "counts_from", 0))
    return {
        "b_message": one.message_no,
        "b_seq": one.seq,
        "b_status": DeliveryStatus.DROPPED if is_retry else DeliveryStatus.SUPPRESSED,
        "b_reason": FROZEN_ANEW if one.left_at is None else LEFT_ROSTER,
    }

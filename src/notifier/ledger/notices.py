"""Notices: added whole with their frozen messages, then moved from state to state, each move on the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.audit import SYSTEM, write_audit
from notifier.ledger.by_set.departures import accept_lost_tags
from notifier.ledger.database import LedgerPart
from notifier.ledger.deliveries import count_unreached, is_whole, whole_counts
from notifier.ledger.messages import insert_messages, read_messages, refuse_gaps
from notifier.ledger.rows import cancel_queued, inserted_number, notice_number, number_and_state, stop
from notifier.ledger.schema import attempt, batch, notice, posting
from notifier.ledger.sending.extensions import joined_too_late
from notifier.ledger.sending.notice_rows import link_postings, notice_columns, postings_of, stored
from notifier.ledger.states import OPEN_BATCHES, AttemptOutcome, AuditAction
from notifier.ledger.types import StoredNotice
from notifier.notice.delivery import UNFINISHED, WAITING_STATES, NoticeState
from notifier.notice.message import Message, Notice

MAY_HAVE_LEFT = (AttemptOutcome.INTENT, AttemptOutcome.ACCEPTED, AttemptOutcome.IN_DOUBT)
TO_APPROVE = (NoticeState.AWAITING_APPROVAL, NoticeState.NO_AUDIENCE)
OVERTAKEN = "overtaken by a later posting before anyone was told"
LATE = "written anew before anyone was told: the day, or the address, that its letters named holds no more"
RESUMABLE = (NoticeState.HELD, NoticeState.NO_AUDIENCE)


class Notices(LedgerPart):
    """What is, was or will be sent; and the operator's word on it."""

    def add(
        self,
        added: Notice,
        messages: Sequence[Message],
        *,
        audiences: Mapping[str, frozenset[str]],
        language: str,
        send_after: datetime,
        deadline: datetime,
        state: NoticeState = NoticeState.SCHEDULED,
        why: str | None = None,
        replaces: Collection[str] = (),
        settles: Collection[str] = (),
        overtaken: str = OVERTAKEN,
        who: str = SYSTEM,
    ) -> None:
        """Keep a notice with every variant's frozen bytes and link its postings, all in one transaction.

        In the same transaction the notices that it `replaces` are withdrawn, as `withdraw` does it. `why` it is held.

        `audiences`: policy id → customer tags (empty: everyone). `language` is the controlling one; in it there must
        be a message for all the policies together, so that whoever joins the roster before sending has one to get.
        """
        refuse_gaps(messages, audiences, language)
        with self._db.write() as connection:
            _withdraw(connection, replaces, settles, added.created_at, overtaken)
            values = {**notice_columns(added, audiences, language, send_after, deadline, state), "why": why}
            number = inserted_number(connection, notice.insert().values(values))
            insert_messages(connection, number, messages)
            link_postings(connection, number, added)
            detail = f"as {state}"
            write_audit(connection, AuditAction.ADDED, at=added.created_at, who=who, notice_no=number, detail=detail)

    def next_id(self, wanted: str, also_taken: Collection[str] = ()) -> str:
        """`wanted`, or with `-2` and so on where taken."""
        with self._db.read() as connection:
            taken = {*connection.execute(sa.select(notice.c.notice_id)).scalars(), *also_taken}
        suffixes = ("", *(f"-{n}" for n in range(2, len(taken) + 3)))
        return next(wanted + suffix for suffix in suffixes if wanted + suffix not in taken)

    def all(self, *states: NoticeState) -> tuple[StoredNotice, ...]:
        """All notices, or those in one of these states, oldest first."""
        query = sa.select(notice).order_by(notice.c.number)
        if states:
            query = query.where(notice.c.state.in_(states))
        with self._db.read() as connection:
            rows = connection.execute(query).all()
            told = postings_of(connection, [row.number for row in rows]) if rows else {}
        return tuple(stored(row, told[row.number]) for row in rows)

    def get(self, notice_id: str) -> StoredNotice:
        """Raises `Refused` where there is none."""
        with self._db.read() as connection:
            number = notice_number(connection, notice_id)
            row = connection.execute(sa.select(notice).where(notice.c.number == number)).one()
            return stored(row, postings_of(connection, [number])[number])

    def messages(self, notice_id: str) -> tuple[Message, ...]:
        """The notice's variants; raises `LedgerError` where one no longer has the bytes it was frozen with."""
        with self._db.read() as connection:
            return read_messages(connection, notice_number(connection, notice_id))

    def approve(self, notice_id: str, by: str, at: datetime, because: str = "") -> None:
        """A person lets it go out: it waits for that, or was made while none was asked for. Else raises `Refused`.

        Where something speaks against it (`why`), the person says why it goes out all the same.
        """
        stored = self.get(notice_id)
        if stored.why and stored.state in TO_APPROVE and not because.strip():
            raise Refused(f"notice {notice_id}: {stored.why}; say why it goes out all the same: --because TEXT")
        values = {"approved_by": by, "approved_at": at, "why": None}
        allowed = TO_APPROVE if stored.approved_by else (*TO_APPROVE, NoticeState.SCHEDULED)
        detail = f"{stored.why}; {because}" if stored.why else because
        self._move(notice_id, allowed, NoticeState.SCHEDULED, AuditAction.APPROVED, by, at, values, detail)
        with self._db.write() as connection:
            accept_lost_tags(connection, stored.audiences)

    def doubt(self, notice_id: str, at: datetime, why: str) -> None:
        """Something came up before it began: it waits for a person's approval, whatever was said before."""
        waits = notice.c.state.in_((NoticeState.SCHEDULED, NoticeState.AWAITING_APPROVAL))
        query = sa.update(notice).where(notice.c.notice_id == notice_id, waits)
        values = {"state": NoticeState.AWAITING_APPROVAL, "why": why, "approved_by": None, "approved_at": None}
        with self._db.write() as connection:
            if connection.execute(query.values(values)).rowcount:
                number = notice_number(connection, notice_id)
                write_audit(connection, AuditAction.DOUBTED, at=at, who=SYSTEM, notice_no=number, detail=why)

    def hold(self, notice_id: str, by: str, at: datetime, why: str = "") -> None:
        """Stop it before its next batch. What is under way ends; nothing new begins."""
        held = (NoticeState.SCHEDULED, NoticeState.SENDING)
        self._move(notice_id, held, NoticeState.HELD, AuditAction.HELD, by, at, {"why": why or f"held by {by}"}, why)

    def stop(self, notice_id: str, at: datetime, why: str) -> None:
        """Notifier itself holds a notice that is being sent; an operator's `resume` goes on."""
        with self._db.write() as connection:
            stop(connection, notice_number(connection, notice_id), at, why)

    def resume(self, notice_id: str, by: str, at: datetime) -> None:
        """Go on where it stopped. Bounces so far are forgiven: the limit counts anew from here."""
        with self._db.write() as connection:
            number, state = number_and_state(connection, notice_id)
            if state not in RESUMABLE:
                raise Refused(f"notice {notice_id} is {state}, not held")
            begun = connection.execute(sa.select(notice.c.started_at).where(notice.c.number == number)).scalar()
            counts = whole_counts(connection, number)
            values = {
                "state": NoticeState.SENDING if begun else NoticeState.SCHEDULED,
                "why": None,
                "forgiven": counts.bounced + counts.dropped + counts.complained,
                "canary_passed_at": at if begun else None,
            }
            connection.execute(sa.update(notice).where(notice.c.number == number).values(values))
            write_audit(connection, AuditAction.RESUMED, at=at, who=by, notice_no=number)

    def cancel(self, notice_id: str, by: str, at: datetime, why: str = "") -> int:
        """Nobody more is written to. What is under way ends and is counted. Returns how many were spared."""
        with self._db.write() as connection:
            number, state = number_and_state(connection, notice_id)
            if state not in UNFINISHED:
                raise Refused(f"notice {notice_id} is {state} already")
            values = {"state": NoticeState.CANCELLED, "finished_at": at, "why": why or f"cancelled by {by}"}
            connection.execute(sa.update(notice).where(notice.c.number == number).values(values))
            spared = cancel_queued(connection, number)
            write_audit(connection, AuditAction.CANCELLED, at=at, who=by, notice_no=number, detail=why)
        return spared

    def waiting(self) -> tuple[StoredNotice, ...]:
        """Notices that wait and have reached nobody yet, oldest first."""
        return tuple(one for one in self.all(*WAITING_STATES) if one.started_at is None)

    def withdraw(self, notice_ids: Collection[str], settles: Collection[str], at: datetime) -> None:
        """Cancel notices that have reached nobody, since a posting that they tell of was overtaken by a later one.

        Postings (tags) that it `settles` need no telling any more; what else those notices told of is unannounced
        again. Raises `Refused`, with nothing changed, where one has begun to go out.
        """
        with self._db.write() as connection:
            _withdraw(connection, notice_ids, settles, at, OVERTAKEN)

    def due(self, now: datetime) -> tuple[str, ...]:
        """Notices to work on now: being sent already, or scheduled and due, oldest first."""
        query = sa.select(notice.c.notice_id).where(
            (notice.c.state == NoticeState.SENDING)
            | sa.and_(notice.c.state == NoticeState.SCHEDULED, notice.c.send_after <= now)
        )
        with self._db.read() as connection:
            return tuple(connection.execute(query.order_by(notice.c.number)).scalars())

    def start(self, notice_id: str, at: datetime) -> bool:
        """Scheduled and due → sending. False where somebody held or cancelled it meanwhile.

        Raises `LedgerError` for a damaged ledger: better nobody is told than that nobody knows who was.
        """
        with self._db.read() as connection:
            _, state = number_and_state(connection, notice_id)
        if state is not NoticeState.SCHEDULED:
            return state is NoticeState.SENDING
        self._db.check_integrity()
        query = sa.update(notice).where(
            notice.c.notice_id == notice_id, notice.c.state == NoticeState.SCHEDULED, notice.c.send_after <= at
        )
        with self._db.write() as connection:
            if not connection.execute(query.values(state=NoticeState.SENDING, started_at=at)).rowcount:
                return False
            number = notice_number(connection, notice_id)
            write_audit(connection, AuditAction.STARTED, at=at, who=SYSTEM, notice_no=number)
        return True

    def bind(self, notice_id: str, destination: str, at: datetime) -> str:
        """Where the notice goes out: where it began, or `destination` as long as nothing of it may have left."""
        with self._db.write() as connection:
            number = notice_number(connection, notice_id)
            began = connection.execute(sa.select(notice.c.destination).where(notice.c.number == number)).scalar()
            if began == destination or (began and _may_have_left(connection, number)):
                return str(began)
            _set_destination(connection, number, destination)
            write_audit(connection, AuditAction.BOUND, at=at, who=SYSTEM, notice_no=number, detail=f"to {destination}")
        return destination

    def unbind(self, notice_id: str, by: str, at: datetime, because: str) -> str:
        """A person says: what is left of it may go out elsewhere than where it began; where that was."""
        with self._db.write() as connection:
            number = notice_number(connection, notice_id)
            began = connection.execute(sa.select(notice.c.destination).where(notice.c.number == number)).scalar()
            if began is None:
                raise Refused(f"notice {notice_id} has not begun: it goes out where config.toml sends mail")
            _set_destination(connection, number, None)
            detail = f"no longer to {began}: {because}"
            write_audit(connection, AuditAction.MOVED, at=at, who=by, notice_no=number, detail=detail)
        return str(began)

    def give_up(self, notice_id: str, by: str, at: datetime, because: str) -> int:
        """A person accepts that some are not reached, or nobody is, of whatever has ended; how many they are.

        Whoever turns out to be unreached later is not among them; who came onto the roster after its period is.
        """
        with self._db.write() as connection:
            number, state = number_and_state(connection, notice_id)
            unreached = count_unreached(connection, number)
            joined, frozen_up_to = joined_too_late(connection, number, at)
            values: dict[str, Any] = {"given_up": unreached, "frozen_up_to": frozen_up_to}
            if state is NoticeState.NO_AUDIENCE:
                values |= {"state": NoticeState.FINISHED, "finished_at": at, "why": None}
            elif state is not NoticeState.CANCELLED and (
                state is not NoticeState.FINISHED
                or not (unreached or joined or not whole_counts(connection, number).recipients)
            ):
                raise Refused(
                    f"notice {notice_id} is {state}, with {unreached} not reached: there is nothing to accept"
                )
            connection.execute(sa.update(notice).where(notice.c.number == number).values(values))
            detail = f"{unreached + joined} not reached: {because}"
            write_audit(connection, AuditAction.GIVEN_UP, at=at, who=by, notice_no=number, detail=detail)
        return unreached + joined

    def finish(self, notice_id: str, at: datetime) -> bool:
        """Mark it finished if nothing is queued, under way or in doubt, and nobody forgotten; whether it is so now."""
        with self._db.write() as connection:
            number, state = number_and_state(connection, notice_id)
            frozen = connection.execute(sa.select(notice.c.frozen_at).where(notice.c.number == number)).scalar()
            open_batches = sa.select(sa.func.count()).where(
                batch.c.notice_no == number, batch.c.state.in_(OPEN_BATCHES)
            )
            if state is not NoticeState.SENDING or not frozen or connection.execute(open_batches).scalar_one():
                return state is NoticeState.FINISHED
            if not is_whole(connection, number):
                return False
            values = {"state": NoticeState.FINISHED, "finished_at": at}
            connection.execute(sa.update(notice).where(notice.c.number == number).values(values))
            write_audit(connection, AuditAction.FINISHED, at=at, who=SYSTEM, notice_no=number)
        return True

    def _move(
        self,
        notice_id: str,
        allowed: Sequence[NoticeState],
        to: NoticeState,
        action: AuditAction,
        by: str,
        at: datetime,
        values: Mapping[str, Any],
        detail: str = "",
    ) -> None:
        with self._db.write() as connection:
            number, state = number_and_state(connection, notice_id)
            if state not in allowed:
                raise Refused(f"notice {notice_id} is {state}; it can be {action} only while {' or '.join(allowed)}")
            connection.execute(sa.update(notice).where(notice.c.number == number).values(state=to, **values))
            write_audit(connection, action, at=at, who=by, notice_no=number, detail=detail)


def _may_have_left(connection: Connection, number: int) -> bool:
    left = sa.exists().where(attempt.c.notice_no == number, attempt.c.outcome.in_(MAY_HAVE_LEFT))
    return bool(connection.execute(sa.select(left)).scalar())


def _set_destination(connection: Connection, number: int, destination: str | None) -> None:
    connection.execute(sa.update(notice).where(notice.c.number == number).values(destination=destination))


def _withdraw(
    connection: Connection, notice_ids: Collection[str], settles: Collection[str], at: datetime, why: str
) -> None:
    settled = sa.update(posting).where(posting.c.tag.in_(settles)).values(must_tell=False)
    connection.execute(settled)
    for notice_id in notice_ids:
        number, state = number_and_state(connection, notice_id)
        started = connection.execute(sa.select(notice.c.started_at).where(notice.c.number == number)).scalar()
        if state not in WAITING_STATES or started is not None:
            raise Refused(f"notice {notice_id} is {state}: it has reached somebody and cannot be withdrawn")
        others = sa.update(posting).where(posting.c.notice_no == number, posting.c.tag.not_in(settles))
        connection.execute(others.values(notice_no=None))
        values = {"state": NoticeState.CANCELLED, "finished_at": at, "why": why}
        connection.execute(sa.update(notice).where(notice.c.number == number).values(values))
        write_audit(connection, AuditAction.WITHDRAWN, at=at, who=SYSTEM, notice_no=number, detail=why)

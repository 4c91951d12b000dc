"""Claims: a batch is taken and the intent to send it committed before any byte leaves.

A batch is `pending`, `sending`, `in_doubt`, `accepted` or `cancelled`. Whoever dies between intent and outcome leaves
it `sending`; it is found so and called in doubt (`in_doubt`): it is never silently sent again.

On PostgreSQL many claim at once. Each claim gives the batch a new fence, and everything that is written of it later
bears that fence: who was frozen or cut off until somebody else had the batch changes nothing in it any more. A claim
holds until its lease ends by the database's clock; what is still `sending` then is in doubt.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.audit import write_audit
from notifier.ledger.by_set.prepared import Prepared
from notifier.ledger.cluster.failover import Remembered, SenderMemory, may_claim, memory_of
from notifier.ledger.database import Database
from notifier.ledger.evidence.claimed_people import MAY_HAVE_LEFT, FrozenPeople, MustStop, Readers
from notifier.ledger.rows import AnyRow, notice_number, number_and_state, reopen, stop
from notifier.ledger.schema import UtcDateTime, attempt, batch, notice, rate
from notifier.ledger.sending.readdressing import freeze_anew, somebody_moved
from notifier.ledger.sending.retries import requeue
from notifier.ledger.states import AttemptOutcome, AuditAction, BatchState
from notifier.ledger.types import Claim
from notifier.notice.delivery import NoticeState
from notifier.plurals import counted

IS_LEFT_ALONE = sa.exists().where(
    rate.c.bucket == sa.bindparam("mailer"), rate.c.blocked_until > sa.bindparam("now", type_=UtcDateTime)
)
GOING_OUT = Prepared(
    sa.select(notice.c.number).where(
        notice.c.notice_id == sa.bindparam("notice_id"),
        notice.c.state == NoticeState.SENDING,
        notice.c.frozen_at.is_not(None),
        ~IS_LEFT_ALONE,
    )
)
"""Its number, unless the mailer is left alone for now."""
DUE = (
    sa.select(batch, MAY_HAVE_LEFT.label("may_have_left"))
    .where(batch.c.notice_no == sa.bindparam("number"), batch.c.state == BatchState.PENDING)
    .where(batch.c.not_before.is_(None) | (batch.c.not_before <= sa.bindparam("now", type_=UtcDateTime)))
    .order_by(batch.c.batch_no)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)
ONE_BATCH = sa.update(batch).where(
    batch.c.notice_no == sa.bindparam("number"), batch.c.batch_no == sa.bindparam("of_batch")
)
CLOSE = ONE_BATCH.values(state=BatchState.ACCEPTED, not_before=None)
TAKEN = ONE_BATCH.values(
    state=BatchState.SENDING,
    attempts=sa.bindparam("n"),
    not_before=None,
    fence=sa.bindparam("new_fence"),
    owner=sa.bindparam("who"),
)
TAKE = Prepared(TAKEN)
TAKE_FOR_A_WHILE = Prepared(
    TAKEN.values(lease_until=sa.func.clock_timestamp() + sa.bindparam("lease", type_=sa.Interval))
)
OF_CLAIM = ("attempt_id", "notice_no", "batch_no", "n", "message_no", "first_seq", "last_seq", "recipients")
INTENT = (*OF_CLAIM, "mailer", "destination", "letterhead_no", "created_at", "outcome")
INTEND = Prepared(attempt.insert().values({name: sa.bindparam(name) for name in INTENT}))
LOCKED_NOTICE = (
    sa.select(notice.c.number).where(notice.c.number == sa.bindparam("number")).with_for_update(key_share=True)
)
FIRST_WENT_OUT = notice.c.canary_passed_at.is_not(None) | sa.exists().where(
    attempt.c.notice_no == notice.c.number, attempt.c.outcome == AttemptOutcome.ACCEPTED
)
"""Before that only a run sends anything of a notice."""
HAS_BEGUN = sa.and_(notice.c.state == NoticeState.SENDING, notice.c.frozen_at.is_not(None), FIRST_WENT_OUT)
"""Notices that any sender may go on with: a run has begun them, and git says so."""


class Tenure(NamedTuple):
    """Who claims, and for how long; for good where nobody else may send."""

    owner: str | None = None
    lease: timedelta | None = None


FOR_GOOD = Tenure()


class ClaimTerms(NamedTuple):
    """What a claim asks for."""

    notice_id: str
    now: datetime
    whither: Mapping[str, str | int | None]
    """As the intents bear it: mailer, destination, number of the letterhead."""
    limit: int
    tenure: Tenure
    is_canary: bool


@dataclass(frozen=True)
class Batches:
    """Taken one claim at a time."""

    _db: Database
    _frozen: dict[int, FrozenPeople] = field(default_factory=dict)

    def claim(
        self,
        notice_id: str,
        now: datetime,
        *,
        mailer: str,
        limit: int,
        destination: str | None = None,
        letterhead_no: int | None = None,
        tenure: Tenure = FOR_GOOD,
        is_canary: bool = False,
    ) -> tuple[Claim, ...]:
        """Take up to `limit` pending batches that are due and commit the intent to send each.

        Nothing is claimed from a notice that is not being sent, or while the mailer is left alone. Who moved or left
        since freezing is taken out first; who was suppressed or erased gets that status here; a batch that has nobody
        left is closed, and the next ones are taken. Where a batch is not as the records have it, or too many left,
        nothing is, and the notice is held. `is_canary`: only where no other batch of it is under way, or was taken, by
        whomever.
        """
        self._db.locks.check_sender_lock()
        whither = {"mailer": mailer, "destination": destination, "letterhead_no": letterhead_no}
        asked = ClaimTerms(notice_id, now, whither, limit, tenure, is_canary)
        taken = self._taken(asked)
        while taken is None:
            taken = self._taken(asked)
        self._memory.keep(remembered for _, remembered in taken)
        return tuple(claim for claim, _ in taken)

    def _taken(self, asked: ClaimTerms) -> list[tuple[Claim, Remembered]] | None:
        """None where all who are due were frozen anew: the journal must have that before they are claimed."""
        with self._db.write() as connection:
            number = self._may_take(connection, asked)
            taken: list[tuple[Claim, Remembered]] = []
            if number is None:
                return taken
            frozen, is_anew = self._people_of(number), False
            try:
                while not taken and not is_anew and (rows := _pending(connection, number, asked.now, asked.limit)):
                    frozen.hold_batches(connection, rows)
                    is_anew = somebody_moved(connection, rows, frozen) and freeze_anew(connection, frozen, asked.now)
                    taken = _take(connection, _with_readers(connection, rows, frozen), asked, frozen)
            except MustStop as error:
                stop(connection, number, asked.now, str(error))
                return []
        return None if is_anew and not taken else taken

    def _may_take(self, connection: Connection, asked: ClaimTerms) -> int | None:
        """The number of the notice, if anything of it may be claimed now."""
        of_it = {"notice_id": asked.notice_id, "mailer": asked.whither["mailer"], "now": asked.now}
        going_out = GOING_OUT.run(connection, of_it).fetchone()
        if going_out is None or not self._may_claim(connection):
            return None
        number = int(going_out[0])
        return None if asked.is_canary and not _may_go_first(connection, number) else number

    def mind_server(self) -> bool:
        """Did a replica take over, which lacks what this process had claimed? That is written again; see `failover`."""
        if self._db.is_sqlite:
            return True
        with self._db.write() as connection:
            return self._may_claim(connection)

    def _may_claim(self, connection: Connection) -> bool:
        return may_claim(connection, self._memory, self._freeze_as_before)

    def _freeze_as_before(self, connection: Connection, number: int, at: datetime) -> None:
        with suppress(MustStop):  # the next claim says so
            freeze_anew(connection, self._people_of(number), at, is_asked=True)

    def _people_of(self, number: int) -> FrozenPeople:
        return self._frozen.setdefault(number, FrozenPeople(number))

    @property
    def _memory(self) -> SenderMemory:
        return memory_of(self._db.place)

    def holds(self, claim: Claim, for_s: float) -> bool:
        """May what was claimed still leave: is the claim the newest, its notice going out, its lease long enough?"""
        still = (
            sa.select(batch.c.fence)
            .join(notice, notice.c.number == batch.c.notice_no)
            .where(
                batch.c.notice_no == claim.notice_no,
                batch.c.batch_no == claim.batch_no,
                batch.c.fence == claim.fence,
                batch.c.state == BatchState.SENDING,
                notice.c.state == NoticeState.SENDING,
            )
        )
        if not self._db.is_sqlite:
            end = sa.func.clock_timestamp() + timedelta(seconds=for_s)
            still = still.where(batch.c.lease_until.is_(None) | (batch.c.lease_until >= end))
        with self._db.read() as connection:
            return connection.execute(still).first() is not None

    def has_work(self, now: datetime) -> bool:
        """Is any batch to be sent now, of a notice whose first one went out?"""
        query = sa.select(batch.c.batch_no).join(notice, notice.c.number == batch.c.notice_no)
        query = query.where(
            HAS_BEGUN, batch.c.state == BatchState.PENDING, batch.c.not_before.is_(None) | (batch.c.not_before <= now)
        )
        with self._db.read() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def next_due(self, notice_id: str) -> datetime | None:
        """When the first waiting batch may be tried again; None where none waits for a time."""
        query = (
            sa.select(sa.func.min(batch.c.not_before))
            .join(notice, notice.c.number == batch.c.notice_no)
            .where(
                notice.c.notice_id == notice_id,
                notice.c.state == NoticeState.SENDING,
                batch.c.state == BatchState.PENDING,
            )
        )
        with self._db.read() as connection:
            return connection.execute(query).scalar()

    def by_state(self, notice_id: str) -> dict[BatchState, int]:
        """How many of its batches are in each state."""
        query = sa.select(batch.c.state, sa.func.count()).group_by(batch.c.state)
        with self._db.read() as connection:
            number = notice_number(connection, notice_id)
            rows = connection.execute(query.where(batch.c.notice_no == number)).all()
        return {BatchState(row.state): int(row[1]) for row in rows}

    def is_under_way(self, notice_id: str) -> bool:
        """Is any batch being sent, or in doubt?"""
        with self._db.read() as connection:
            number = notice_number(connection, notice_id)
            under_way = sa.exists().where(
                batch.c.notice_no == number, batch.c.state.in_((BatchState.SENDING, BatchState.IN_DOUBT))
            )
            return bool(connection.execute(sa.select(under_way)).scalar())

    def has_unsettled(self) -> bool:
        """Did a dead sender leave anything, or is anything in doubt in a notice that is going out?"""
        going_out = sa.select(notice.c.number).where(notice.c.state == NoticeState.SENDING)
        unsettled = sa.exists().where(
            (batch.c.state == BatchState.SENDING)
            | ((batch.c.state == BatchState.IN_DOUBT) & batch.c.notice_no.in_(going_out))
        )
        with self._db.read() as connection:
            return bool(connection.execute(sa.select(unsettled)).scalar())

    def retry_not_reached(self, notice_id: str, by: str, at: datetime) -> int:
        """Queue those again who bounced or were dropped, and those held back who may be written to again or came back;
        how many they are. Who moved since is written to where they are now.

        Everyone else in their batches first gets a status of their own, so that the batch speaks only for these.
        """
        with self._db.write() as connection:
            number, state = number_and_state(connection, notice_id)
            if state not in (NoticeState.FINISHED, NoticeState.SENDING):
                raise Refused(f"notice {notice_id} is {state}; retry is for one that is finished or being sent")
            queued = requeue(connection, number)
            if queued:
                freeze_anew(connection, self._people_of(number), at, is_asked=True)
                reopen(connection, number)
                detail = counted(queued, "recipient")
                write_audit(connection, AuditAction.RETRIED, at=at, who=by, notice_no=number, detail=detail)
        return queued


def _may_go_first(connection: Connection, number: int) -> bool:
    """Is no batch under way or taken yet? Two that ask at once are answered one after the other."""
    connection.execute(LOCKED_NOTICE, {"number": number}).all()
    under_way = sa.exists().where(
        batch.c.notice_no == number, batch.c.state.in_((BatchState.SENDING, BatchState.IN_DOUBT))
    )
    taken = sa.exists().where(attempt.c.notice_no == number, attempt.c.outcome == AttemptOutcome.ACCEPTED)
    return not connection.execute(sa.select(under_way | taken)).scalar()


def _pending(connection: Connection, number: int, now: datetime, limit: int) -> Sequence[AnyRow]:
    return connection.execute(DUE, {"number": number, "now": now, "most": limit}).all()


def _with_readers(
    connection: Connection, rows: Iterable[AnyRow], frozen: FrozenPeople
) -> Iterator[tuple[AnyRow, Readers]]:
    """These batches, each with whom it is for now; one that has nobody left is closed."""
    for row in rows:
        if readers := frozen.load(connection, row):
            yield row, readers
        else:
            connection.execute(CLOSE, {"number": row.notice_no, "of_batch": row.batch_no})


def _take(
    connection: Connection, found: Iterable[tuple[AnyRow, Readers]], asked: ClaimTerms, frozen: FrozenPeople
) -> list[tuple[Claim, Remembered]]:
    """Claim them all, each with its intent, by two statements."""
    taken, claims, tenure = [], [], asked.tenure
    for row, readers in found:
        attempt_id, n, fence = secrets.token_hex(11), row.attempts + 1, row.fence + 1
        whole = (row.message_no, row.first_seq, row.last_seq, len(readers))
        of_claim = dict(zip(OF_CLAIM, (attempt_id, row.notice_no, row.batch_no, n, *whole), strict=True))
        intent = {**of_claim, **asked.whither, "created_at": asked.now, "outcome": AttemptOutcome.INTENT}
        claim = Claim(
            asked.notice_id,
            row.notice_no,
            row.batch_no,
            attempt_id,
            row.message_no,
            readers,
            asked.now,
            row.setbacks,
            fence,
        )
        whose = {"who": tenure.owner} if tenure.lease is None else {"who": tenure.owner, "lease": tenure.lease}
        taken.append({"number": row.notice_no, "of_batch": row.batch_no, "n": n, "new_fence": fence, **whose})
        people = hash(tuple([key for _, key, *_ in readers]))
        claims.append((claim, Remembered(intent, fence, people, frozen.later_ones(connection, row))))
    if claims:
        (TAKE if tenure.lease is None else TAKE_FOR_A_WHILE).run(connection, *taken)
        INTEND.run(connection, *(remembered.intent for _, remembered in claims))
    return claims

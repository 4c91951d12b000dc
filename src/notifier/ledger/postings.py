"""Postings as the ledger follows them: planned before git is touched, confirmed after, then announced.

Git is the record of what was posted. What stands here lets a killed run finish what it began, and says of each
posting whether customers have been told.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from notifier.ledger.audit import write_audit
from notifier.ledger.database import LedgerPart
from notifier.ledger.rows import AnyRow, insert_into
from notifier.ledger.schema import attempt, audit, notice, posting, run
from notifier.ledger.states import AttemptOutcome, AuditAction, RunOutcome
from notifier.ledger.types import PlannedPosting
from notifier.notice.delivery import WAITING_STATES, NoticeState
from notifier.policy.posting import Posting
from notifier.policy.timeline import PostingFacts, Telling
from notifier.significance import Reason, Significance
from notifier.significance.model import judgement_version
from notifier.text.front_matter import Consent

HAS_REACHED_SOME = (
    sa.exists()
    .where(attempt.c.notice_no == notice.c.number, attempt.c.outcome == AttemptOutcome.ACCEPTED)
    .correlate(notice)
)


class Postings(LedgerPart):
    """Planned, confirmed and told postings."""

    def plan(
        self,
        planned: Posting,
        intended_blobs: Mapping[str, str],
        at: datetime,
        *,
        must_tell: bool | None = None,
    ) -> None:
        """Write down what will be stamped (path → blob id) before git is touched; planning a tag again is harmless.

        `must_tell`: shall a notice announce it? By default when it is significant and no adoption.
        """
        is_told = planned.significance is Significance.SIGNIFICANT and not planned.is_adoption
        values = {
            **_columns(planned),
            "blobs": json.dumps(dict(intended_blobs), sort_keys=True),
            "must_tell": is_told if must_tell is None else must_tell,
            "planned_at": at,
            "judged_by": judgement_version() if intended_blobs and not planned.is_adoption else None,
        }
        with self._db.write() as connection:
            connection.execute(insert_into(connection, posting).values(values).on_conflict_do_nothing())

    def planned(self) -> tuple[PlannedPosting, ...]:
        """Postings planned but not confirmed, oldest first: what a killed run left half done."""
        return tuple(
            PlannedPosting(_posting(row), json.loads(row.blobs), row.must_tell, row.planned_at)
            for row in self._select(posting.c.confirmed_at.is_(None))
        )

    def confirm(self, tag: str, stamp_commit_id: str | None, at: datetime) -> None:
        """The stamp and the tag stand in git. Confirming again changes nothing."""
        query = sa.update(posting).where(posting.c.tag == tag, posting.c.confirmed_at.is_(None))
        with self._db.write() as connection:
            connection.execute(query.values(stamp_commit_id=stamp_commit_id, confirmed_at=at))

    def drop(self, tag: str) -> None:
        """Forget a plan that proved impossible and never reached git; confirmed ones stay."""
        with self._db.write() as connection:
            connection.execute(sa.delete(posting).where(posting.c.tag == tag, posting.c.confirmed_at.is_(None)))

    def facts(self) -> dict[str, PostingFacts]:
        """Of each posting, planned ones among them, how far customers have been told, and when it binds; by tag."""
        query = sa.select(
            posting.c.tag, posting.c.must_tell, posting.c.effective_on, notice.c.state, notice.c.started_at,
            HAS_REACHED_SOME.label("has_reached_some"),
        ).join_from(posting, notice, isouter=True)  # fmt: skip
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return {row.tag: PostingFacts(_telling(row), row.effective_on) for row in rows}

    def all(self, policy_id: str | None = None) -> tuple[Posting, ...]:
        """Confirmed postings, oldest first, with their effective dates as they stand now."""
        conditions: list[sa.ColumnElement[bool]] = [posting.c.confirmed_at.is_not(None)]
        if policy_id is not None:
            conditions.append(posting.c.policy_id == policy_id)
        return tuple(_posting(row) for row in self._select(*conditions))

    def stamped(self) -> tuple[tuple[Posting, str | None], ...]:
        """Confirmed postings, each with its stamp commit; an adoption has none."""
        return tuple((_posting(row), row.stamp_commit_id) for row in self._select(posting.c.confirmed_at.is_not(None)))

    def delay_effect(self, tag: str, effective_on: date) -> bool:
        """Move the day a posting binds; only ever later. Returns whether it moved.

        Later texts of the policy hold its text, too: none that was to bind with it or after it binds before it now. One
        that took it back was to bind sooner, and does.
        """
        with self._db.write() as connection:
            row = connection.execute(sa.select(posting).where(posting.c.tag == tag)).first()
            if row is None or row.effective_on >= effective_on:
                return False
            later = (posting.c.policy_id == row.policy_id, posting.c.number > row.number)
            behind = posting.c.effective_on.between(row.effective_on, effective_on)
            moved = sa.update(posting).where(sa.or_(posting.c.tag == tag, sa.and_(*later, behind)))
            connection.execute(moved.values(effective_on=effective_on))
        return True

    def take_back(self, tags: Collection[str], at: datetime, by: str) -> None:
        """A commit takes these back: from now on nobody accepts them, although no run has posted it yet."""
        with self._db.write() as connection:
            for tag in tags:
                write_audit(connection, AuditAction.TAKEN_BACK, at=at, who=by, detail=tag)

    def taken_back(self) -> frozenset[str]:
        """Those that were, since the last run that came to its end: what it posted says it of all before."""
        done = sa.select(run.c.started_at).where(run.c.outcome == RunOutcome.DONE)
        last = done.order_by(run.c.number.desc()).limit(1).scalar_subquery()
        query = sa.select(audit.c.detail).where(audit.c.what == AuditAction.TAKEN_BACK)
        with self._db.read() as connection:
            return frozenset(connection.execute(query.where(last.is_(None) | (audit.c.at > last))).scalars())

    def _select(self, *conditions: sa.ColumnElement[bool]) -> list[AnyRow]:
        with self._db.read() as connection:
            return list(connection.execute(sa.select(posting).where(*conditions).order_by(posting.c.number)))


def _telling(row: AnyRow) -> Telling:
    if not row.must_tell:
        return Telling.NOT_NEEDED
    if row.state is None:
        return Telling.UNANNOUNCED
    if row.state == NoticeState.CANCELLED:
        return Telling.PARTLY if row.has_reached_some else Telling.CANCELLED
    return Telling.WAITING if row.state in WAITING_STATES and row.started_at is None else Telling.TOLD


def _columns(planned: Posting) -> dict[str, Any]:
    reasons = json.dumps([asdict(reason) for reason in planned.reasons], ensure_ascii=False)
    known = {name: value for name, value in planned._asdict().items() if name in posting.c}
    return known | {"significance": planned.significance.value, "reasons": reasons, "consent": planned.consent.value}


def _posting(row: AnyRow) -> Posting:
    known = {name: value for name, value in row._mapping.items() if name in Posting._fields}
    return Posting(**known)._replace(
        significance=Significance(row.significance),
        reasons=tuple(_reason(fields) for fields in json.loads(row.reasons)),
        consent=Consent(row.consent),
    )


def _reason(fields: dict[str, Any]) -> Reason:
    return Reason(**{**fields, "section": tuple(fields["section"])})

"""Close calls that wait for an editor, and what editors decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from notifier.ledger.audit import write_audit
from notifier.ledger.base import insert_into
from notifier.ledger.database import Database
from notifier.ledger.schema import close_call, decision
from notifier.ledger.states import AuditAction
from notifier.ledger.types import CloseCall, Decision
from notifier.significance import Significance


@dataclass(frozen=True)
class Reviews:
    """What a person must settle, since when, and their word."""

    _db: Database

    def waiting_since(self, policy_id: str, commit_id: str, at: datetime) -> datetime:
        """When this close call was first seen; `at`, and remembered, if that is now."""
        key = {"policy_id": policy_id, "commit_id": commit_id}
        seen = sa.select(close_call.c.first_seen_at).filter_by(**key)
        with self._db.write() as connection:
            first = insert_into(connection, close_call).values(**key, first_seen_at=at).on_conflict_do_nothing()
            connection.execute(first)
            since: datetime = connection.execute(seen).scalar_one()
        return since

    def waiting(self) -> tuple[CloseCall, ...]:
        """Unsettled close calls, longest waiting first."""
        query = sa.select(close_call).where(close_call.c.settled_at.is_(None)).order_by(close_call.c.first_seen_at)
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return tuple(CloseCall(row.policy_id, row.commit_id, row.first_seen_at) for row in rows)

    def settle(self, policy_id: str, at: datetime) -> None:
        """Nothing of this policy waits any more: it was posted, decided or overtaken."""
        query = sa.update(close_call).where(close_call.c.policy_id == policy_id, close_call.c.settled_at.is_(None))
        with self._db.write() as connection:
            connection.execute(query.values(settled_at=at))

    def decide(self, commit_id: str, significance: Significance, because: str, decided_by: str, at: datetime) -> None:
        """Record an editor's word on a revision; a later word replaces an earlier one, and both are kept."""
        with self._db.write() as connection:
            connection.execute(
                decision.insert().values(
                    commit_id=commit_id,
                    significance=significance.value,
                    because=because,
                    decided_by=decided_by,
                    decided_at=at,
                )
            )
            detail = f"{commit_id} is {significance.value}: {because}"
            write_audit(connection, AuditAction.DECIDED, at=at, who=decided_by, detail=detail)

    def decision(self, commit_id: str) -> Decision | None:
        """The last word on a revision."""
        query = sa.select(decision).where(decision.c.commit_id == commit_id).order_by(decision.c.number.desc())
        with self._db.read() as connection:
            row = connection.execute(query.limit(1)).first()
        if row is None:
            return None
        return Decision(row.commit_id, Significance(row.significance), row.because, row.decided_by, row.decided_at)

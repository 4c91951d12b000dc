"""Close calls that wait for an editor, and what editors decided."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from notifier.ledger.audit import write_audit
from notifier.ledger.database import LedgerPart
from notifier.ledger.rows import insert_into
from notifier.ledger.schema import close_call, decision
from notifier.ledger.states import AuditAction
from notifier.ledger.types import Decision, may_be_on
from notifier.significance import Significance


class Reviews(LedgerPart):
    """What a person must settle, since when, and their word."""

    def see(self, calls: Collection[tuple[str, str]], at: datetime) -> None:
        """Remember since when each of these (policy, commit) waits for a person's word; all others are settled."""
        is_open = close_call.c.settled_at.is_(None)
        key = sa.tuple_(close_call.c.policy_id, close_call.c.commit_id)
        with self._db.write() as connection:
            connection.execute(sa.update(close_call).where(is_open, key.not_in(calls)).values(settled_at=at))
            again = sa.update(close_call).where(~is_open, key.in_(calls))
            connection.execute(again.values(settled_at=None, first_seen_at=at))
            for policy_id, commit_id in calls:
                values = {"policy_id": policy_id, "commit_id": commit_id, "first_seen_at": at}
                connection.execute(insert_into(connection, close_call).values(values).on_conflict_do_nothing())

    def first_seen(self) -> dict[tuple[str, str], datetime]:
        """Since when each (policy, commit) waits for a person's word."""
        with self._db.read() as connection:
            rows = connection.execute(sa.select(close_call).where(close_call.c.settled_at.is_(None))).all()
        return {(row.policy_id, row.commit_id): row.first_seen_at for row in rows}

    def decide(
        self, commit_id: str, significance: Significance, because: str, decided_by: str, at: datetime, of: str = ""
    ) -> None:
        """Record an editor's word on a commit, or on what it did to the policy `of` alone; a later word replaces an
        earlier one, and both are kept."""
        what = may_be_on(commit_id, of)[bool(of)]
        with self._db.write() as connection:
            connection.execute(
                decision.insert().values(
                    commit_id=what,
                    significance=significance.value,
                    because=because,
                    decided_by=decided_by,
                    decided_at=at,
                )
            )
            detail = f"{what} is {significance.value}: {because}"
            write_audit(connection, AuditAction.DECIDED, at=at, who=decided_by, detail=detail)

    def decision(self, commit_id: str, policy_id: str) -> Decision | None:
        """The last word on what a commit did to a policy."""
        is_on_it = decision.c.commit_id.in_(may_be_on(commit_id, policy_id))
        query = sa.select(decision).where(is_on_it).order_by(decision.c.number.desc())
        with self._db.read() as connection:
            row = connection.execute(query.limit(1)).first()
        if row is None:
            return None
        return Decision(commit_id, Significance(row.significance), row.because, row.decided_by, row.decided_at)

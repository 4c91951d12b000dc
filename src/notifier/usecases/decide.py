"""Decide: a person's word on a revision, kept in the ledger; the next run acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from notifier.errors import Refused
from notifier.significance import Significance

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.repository import Repository


@dataclass(frozen=True, slots=True)
class Decided:
    """Whose word was kept, on which commit, for which policies that wait or will be judged."""

    commit_id: str
    policies: tuple[str, ...]
    by: str


def decide(
    repository: Repository,
    ledger: Ledger,
    revision: str,
    significance: Significance,
    because: str,
    *,
    by: str | None,
    now: datetime,
) -> Decided:
    """Keep the word. Raises RepositoryError for an unknown revision, Refused for one that changes no policy."""
    commit_id = repository.resolve(revision)
    policies = _policies_touched(repository, commit_id)
    if not policies:
        raise Refused(f"{revision}: no revision of a policy landed there; `notifier log` shows those that did")
    if not because.strip():
        raise Refused("--because: say why, in words that an auditor will understand")
    person = by or repository.person()
    ledger.reviews.decide(commit_id, significance, because.strip(), person, now)
    return Decided(commit_id, policies, person)


def _policies_touched(repository: Repository, commit_id: str) -> tuple[str, ...]:
    """Policies with an unposted revision at this commit: what is posted already cannot be decided any more."""
    return tuple(
        policy_id
        for policy_id in repository.policies_posted()
        if any(
            step.commit.commit_id == commit_id
            for step in repository.revisions(policy_id, since=_posted_commit(repository, policy_id))
        )
    )


def _posted_commit(repository: Repository, policy_id: str) -> str | None:
    posted = repository.last_posted(policy_id)
    return posted.posting.commit_id if posted else None

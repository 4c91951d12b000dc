"""Decide: a person's word on a commit, or on all of a policy that waits for one; the next run acts on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from notifier.errors import Refused
from notifier.policy.standing import PolicyFacts, verdict_on
from notifier.significance import Significance
from notifier.usecases.standings import Records


@dataclass(frozen=True, slots=True)
class Decided:
    """Whose word was kept, on which commits, for which policies that wait or will be judged."""

    commits: tuple[str, ...]
    policies: tuple[str, ...]
    by: str


def decide(records: Records, name: str, significance: Significance, because: str, *, by: str | None) -> Decided:
    """Keep the word on `name`: a policy's id, or a commit.

    Raises RepositoryError where it is neither, Refused where nothing of it waits to be posted.
    """
    pending = {facts.policy_id: facts for facts in _pending(records)}
    is_policy = name in records.repository.policies_posted()
    commits = _weighing(pending, name) if is_policy else (records.repository.resolve(name),)
    policies = tuple(
        policy_id
        for policy_id, facts in pending.items()
        if any(step.commit.commit_id in commits for step in facts.steps)
    )
    if not policies:
        what = f"{name}: it reads as posted; nothing" if is_policy else f"{name}: no revision of a policy there"
        raise Refused(f"{what} waits to be posted; `notifier status` shows what does")
    if not because.strip():
        raise Refused("--because: say why, in words that an auditor will understand")
    person = by or records.repository.person()
    assert records.ledger is not None  # noqa: S101 - a word is kept in the ledger
    for commit_id in commits:
        records.ledger.reviews.decide(commit_id, significance, because.strip(), person, records.now)
    return Decided(commits, policies, person)


def _pending(records: Records) -> Iterator[PolicyFacts]:
    """Policies of which something would be posted, with the revisions that would be judged."""
    for policy_id, head in records.repository.heads().revisions.items():
        facts = records.facts(policy_id, head)
        if facts.steps:
            yield facts


def _weighing(pending: dict[str, PolicyFacts], policy_id: str) -> tuple[str, ...]:
    """The commits of a policy that wait for a word; where the call is clear, all that would be posted."""
    facts = pending.get(policy_id)
    before = facts and (facts.known or facts.posted)
    if not facts or not before:
        return ()
    unsettled = verdict_on(facts, before).unsettled
    return tuple(commit.commit_id for commit in unsettled or [step.commit for step in facts.steps])

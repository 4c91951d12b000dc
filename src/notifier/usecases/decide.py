"""Decide: a person's word on a commit, or on all of a policy that waits for one; the next run acts on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import NamedTuple

from notifier.errors import Refused, RepositoryError
from notifier.policy.persons.committers import MACHINES, find_person, has_made, shown_name
from notifier.policy.revision import Commit
from notifier.policy.standing import PolicyFacts, verdict_on
from notifier.significance import Significance
from notifier.usecases.posted_state import posted_as
from notifier.usecases.standings import Records
from notifier.usecases.two_records import is_elsewhere


class Decided(NamedTuple):
    """Whose word was kept, on which commits, for which policies that wait or will be judged."""

    commits: tuple[str, ...]
    policies: tuple[str, ...]
    by: str


def decide(
    records: Records, name: str, significance: Significance, because: str, *, by: str | None, again: bool = False
) -> Decided:
    """Keep the word on `name`: a policy's id, or a commit. `again`: also where there is a word already.

    Raises RepositoryError where it is neither; Refused where nothing of it waits to be posted, where a word was kept
    before, where the author alone calls the change minor, and where no run would read the word.
    """
    assert records.ledger is not None  # noqa: S101 - a word is kept in the ledger
    if is_elsewhere(records.repository, records.ledger):
        raise Refused(
            "the ledger here knows of no posting: no run reads a word that is kept in it; decide where Notifier runs, "
            "or write trailers into the commit: Significance: significant"
        )
    pending = {facts.policy_id: facts for facts in _pending(records)}
    parting = _parting(records)
    is_policy = name in {*records.repository.policies_posted(), *pending}
    commits = parting.get(name) or _weighing(pending, name) if is_policy else (records.repository.resolve(name),)
    touched = {one: {step.commit.commit_id for step in facts.steps} for one, facts in pending.items()}
    touched |= {one: {*removal, *touched.get(one, ())} for one, removal in parting.items()}
    policies = tuple(one for one, changed in touched.items() if changed & set(commits))
    if not policies:
        raise Refused(_nothing_waits(records, name, is_policy=is_policy))
    if is_policy:
        policies = (name,)
    elif significance is Significance.MINOR and len(policies) > 1:  # what is a word on the one may silence the other
        each = "; ".join(f"notifier decide {one} minor" for one in policies)
        raise Refused(f"{name} changes {' and '.join(policies)}: say of each whether customers must be told: {each}")
    if not because.strip():
        raise Refused("--because: say why, in words that an auditor will understand")
    if not again:
        _refuse_second_word(records, commits, policies)
    if significance is Significance.MINOR:
        steps = {step.commit.commit_id: step.commit for facts in pending.values() for step in facts.steps}
        past = records.repository.past()
        _refuse_the_author(records, [steps.get(one) or past.commit(one) for one in commits], by)
    person = _person(records, significance, by)
    for commit_id in commits:
        said = (significance, because.strip(), person, records.now)
        records.ledger.reviews.decide(commit_id, *said, of=name if is_policy else "")
    return Decided(commits, policies, person)


def _person(records: Records, significance: Significance, by: str | None) -> str:
    """Who decides. Raises Refused where `judgement.approvers` names others for calling a change minor."""
    name, address = records.repository.identity()
    approvers = records.config.judgement.approvers
    if significance is Significance.SIGNIFICANT or not approvers:
        return by or name
    found = find_person(by, approvers) if by else find_person(address, approvers) or find_person(name, approvers)
    if found is None:
        names = ", ".join(approvers)
        raise Refused(f"{by or address or name} may not call a change minor; judgement.approvers names {names}")
    return shown_name(found)


def _pending(records: Records) -> Iterator[PolicyFacts]:
    """Policies of which something would be posted, with the revisions that would be judged."""
    for policy_id, head in records.repository.heads().revisions.items():
        facts = records.facts(policy_id, head)
        if facts.steps:
            yield facts


def _parting(records: Records) -> dict[str, tuple[str, ...]]:
    """Policies that are gone or retired, each with the commit that removed or retired it."""
    heads, past = records.repository.heads(), records.repository.past()
    gone = set(records.repository.policies_posted()) - {*heads.revisions, *heads.mistakes}
    found = {policy_id: past.removal_of(policy_id) for policy_id in sorted(gone)}
    retiring = (records.facts(policy_id, head) for policy_id, head in heads.revisions.items())
    found |= {facts.policy_id: facts.retired_by for facts in retiring if facts.retired_by}
    return {policy_id: (commit_id,) for policy_id, commit_id in found.items() if commit_id}


def _weighing(pending: dict[str, PolicyFacts], policy_id: str) -> tuple[str, ...]:
    """The commits of a policy that wait for a word; where the call is clear, all that would be posted."""
    facts = pending.get(policy_id)
    before = facts and (facts.known or facts.posted)
    if not facts:
        return ()
    if not before:  # it is new: the word is on whether customers are told of it
        return tuple(step.commit.commit_id for step in facts.steps)
    unsettled = verdict_on(facts, before).unsettled
    return tuple(commit.commit_id for commit in unsettled or [step.commit for step in facts.steps])


def _nothing_waits(records: Records, name: str, *, is_policy: bool) -> str:
    """Why no word is asked for: it is out already, and when as what; or it never was a policy's text."""
    see = "`notifier status` shows what waits"
    if is_policy:
        last = records.timeline(name).last
        told = f"; it was last posted {posted_as(last)}" if last else ""
        return f"{name}: it reads as posted, nothing waits for a word{told}; {see}"
    commit_id = records.repository.resolve(name)
    posted = list(dict.fromkeys(_posted_with(records, commit_id)))
    if posted:
        return f"{name} was posted already: {', '.join(posted)}; a new text needs a new commit; {see}"
    return f"{name}: no revision of a policy there waits to be posted; {see}"


def _posted_with(records: Records, commit_id: str) -> Iterator[str]:
    """Each policy that this commit changed, with the posting that brought its change."""
    repository = records.repository
    for policy_id in repository.policies_posted():
        own = [one for one in repository.postings(policy_id) if repository.resolve(f"refs/tags/{one.tag}") == commit_id]
        if own:
            yield f"{policy_id} {posted_as(own[0])}"
            continue
        bringing = (one for one in repository.postings(policy_id) if repository.is_ancestor(commit_id, one.commit_id))
        posting = next(bringing, None)
        if posting and (posting.commit_id == commit_id or _touches(records, policy_id, commit_id)):
            yield f"{policy_id} {posted_as(posting)}"


def _touches(records: Records, policy_id: str, commit_id: str) -> bool:
    try:
        before = f"{commit_id}^"
        steps = records.repository.revisions(policy_id, records.repository.resolve(before), commit_id)
    except RepositoryError:  # the first commit of all has none before it
        steps = records.repository.revisions(policy_id, None, commit_id)
    return any(step.commit.commit_id == commit_id for step in steps)


def _refuse_second_word(records: Records, commits: Collection[str], policies: Collection[str]) -> None:
    assert records.ledger is not None  # noqa: S101 - a word is kept in the ledger
    for commit_id, policy_id in product(commits, policies):
        said = records.ledger.reviews.decision(commit_id, policy_id)
        if said:
            raise Refused(
                f"{commit_id[:7]} was called {said.significance} by {said.decided_by} on {said.decided_at:%Y-%m-%d}: "
                f"{said.because}; add --again to put another word in its place (both are kept)"
            )


def _refuse_the_author(records: Records, commits: Collection[Commit], by: str | None) -> None:
    """Who could wave their own change through alone would; where nobody else is there, nobody else can be asked."""
    if not records.config.judgement.second_person:
        return
    aliases = records.repository.aliases
    if not _several(records, aliases):
        return
    name, address = records.repository.identity()
    for commit in commits:
        if has_made(commit, by or name, "" if by else address, aliases):
            raise Refused(
                f"{commit.commit_id[:7]} was made by {commit.author}, who cannot call it minor alone: a second person "
                "must say so (judgement.second_person); who made it may still call it significant"
            )


def _several(records: Records, aliases: Mapping[str, str]) -> bool:
    """Has more than one person committed here, Notifier itself aside?"""
    own = records.config.posting.author.rpartition("<")[2].rstrip(">").casefold()
    return len({owner for address, owner in aliases.items() if address not in {own, *MACHINES}}) > 1

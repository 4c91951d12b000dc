"""Policies that came, went or took another name: what a run would say of each, before and after it is committed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from notifier.errors import Finding, FindingCode, Severity
from notifier.policy.revision import Revision
from notifier.policy.revision_comparison import reads_differently
from notifier.usecases.standings import Records

if TYPE_CHECKING:
    from notifier.config import Config


class Fate(StrEnum):
    """What became of a policy."""

    CAME = "came"  #: It was never posted.
    WENT = "went"  #: Its file was removed.
    RENAMED = "renamed"  #: It is the same policy under another id.
    RETIRED = "retired"  #: Its front matter says from when it applies no longer.


class Coming(NamedTuple):
    """One policy, and what will be said of it; `mend` is what somebody has to say before that."""

    policy_id: str
    path: str
    fate: Fate
    says: str
    mend: str = ""

    @property
    def is_gone(self) -> bool:
        return self.fate is Fate.WENT


def comings(records: Records, heads: Mapping[str, Revision], start: str | None = None) -> tuple[Coming, ...]:
    """Against commit `start` (by default the tip), with these heads in place of what is published.

    Nothing before the first run: everything is adopted then, and nobody is told.
    """
    repository = records.repository
    if not repository.policies_posted():
        return ()
    there = set(repository.policies_at(start or repository.tip)) if repository.has_commits else set()
    named = records.with_names_of(heads)
    since = {one.old_id: one.new_id for one in reversed(repository.past().renames(start))} if start else {}
    return tuple(_comings(named, heads, there, since))


def _comings(
    records: Records, heads: Mapping[str, Revision], there: Collection[str], since: Mapping[str, str]
) -> Iterator[Coming]:
    renamed = {**{new: old for old, new in since.items() if old in there}, **records.renamed}
    for policy_id, head in heads.items():
        path, announce = head.controlling.path, head.controlling.front_matter.announce
        if policy_id in renamed:
            old = renamed[policy_id]
            says = f"it was {old}: the same policy, judged against what customers know of {old}"
            yield Coming(policy_id, path, Fate.RENAMED, says)
        elif not records.timeline(policy_id).postings:
            yield _newcomer(records.config, policy_id, path, announce=announce)
        elif _is_retired_anew(records, policy_id, head):
            first = records.today + timedelta(days=records.config.notice.period_days)
            says = f"it applies no longer from {head.controlling.front_matter.retired}: its page says so"
            mend = (
                f"once it has landed, say whether customers must be told: notifier decide {policy_id} minor|significant"
            )
            yield Coming(policy_id, path, Fate.RETIRED, says, f"{mend}; told today, it applies until {first} or later")
    gone = {*there, *_undecided(records, heads)} - set(heads) - set(renamed.values())
    for policy_id in sorted(gone):
        says = "its file is removed: what was posted stays public, and nobody is told unless somebody says so"
        other = f"if another file takes its place, write renamed_from: {policy_id} there"
        mend = f"{_ASKED} {policy_id} minor|significant; {other}"
        yield Coming(policy_id, f"{records.config.policies.path}/{policy_id}.md", Fate.WENT, says, mend)


def _newcomer(config: Config, policy_id: str, path: str, *, announce: bool | None) -> Coming:
    if announce is None:
        says = "it is new, and does not say whether customers are told of it"
        hours = config.judgement.wait_hours
        mend = f"write announce: true or false into its front matter; after {hours} hours they are told"
        return Coming(policy_id, path, Fate.CAME, says, mend)
    told = "customers are told" if announce else "nobody is told"
    return Coming(policy_id, path, Fate.CAME, f"it is new: it is posted, and {told}")


_ASKED = "once it has landed, say whether customers must be told: notifier decide"


def _is_retired_anew(records: Records, policy_id: str, head: Revision) -> bool:
    """Does it say so since it was last posted, and has nobody said yet whether customers must be told?"""
    if head.controlling.front_matter.retired is None or head.controlling.front_matter.announce is False:
        return False
    facts = records.facts(policy_id, head)
    return facts.retired_by is not None and facts.retired_by not in facts.decisions


def _undecided(records: Records, heads: Mapping[str, Revision]) -> Iterator[str]:
    """Policies that went some time ago, and of which nobody has said whether customers must be told."""
    if records.ledger is None:
        return
    for policy_id in records.repository.policies_posted():
        if policy_id not in heads and records.standing(policy_id, None).wait:
            yield policy_id


def words_of_another(records: Records, heads: Mapping[str, Revision]) -> Iterator[Finding]:
    """Policies that bear the words which another was posted with: by their files alone, both would be rewritten."""
    posted = {one: records.text_of(one, records.timeline(one).last) for one in records.repository.policies_posted()}
    for policy_id, head in heads.items():
        own = posted.get(policy_id)
        if own is None or not reads_differently(own.controlling, head.controlling):
            continue
        for other, text in posted.items():
            if text and other != policy_id and not reads_differently(text.controlling, head.controlling):
                mend = "if they take each other's names, git mv one after the other, with a commit for each"
                says = f"these are the words posted as {other}"
                yield Finding(FindingCode.RENAMED_POLICY, head.controlling.path, 1, says, mend)


FATES = {
    Fate.CAME: FindingCode.NEW_POLICY,
    Fate.WENT: FindingCode.POLICY_GONE,
    Fate.RENAMED: FindingCode.RENAMED_POLICY,
    Fate.RETIRED: FindingCode.POLICY_GONE,
}


def coming_findings(found: Collection[Coming]) -> Iterator[Finding]:
    """As `check` names them; a new policy that says nothing is a mistake."""
    for one in found:
        is_mistake = one.fate is Fate.CAME and one.mend
        severity = Severity.ERROR if is_mistake else Severity.ADVICE
        yield Finding(FATES[one.fate], one.path, 1, one.says, one.mend, severity)

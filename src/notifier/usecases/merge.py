"""What merging would do: who is told of what and when, what every word on significance is worth, what the letter says.

It asks git alone, as `check` does, so a pull request shows the same on every machine: who is told, by tag and language.
How many they are only a ledger or a list of customers knows; where one is at hand, that is said too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from notifier.errors import PolicyError
from notifier.notice.message import Message
from notifier.policy.editor_word import editor_word
from notifier.policy.revision import Commit, Revision
from notifier.policy.standing import PolicyFacts, Standing, standing_of
from notifier.policy.trailers import message_of, sayings
from notifier.significance import Significance
from notifier.text.front_matter import FrontMatter
from notifier.usecases.announce import letter_languages
from notifier.usecases.plan import Announcement
from notifier.usecases.standings import Records, posting_rules

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.usecases.check import Changed, Report


class KeyChange(NamedTuple):
    """A key of the front matter that changed, as people read it; empty where it was not, or is no more, there."""

    path: str
    key: str
    before: str
    after: str


class MergedPolicy(NamedTuple):
    """One policy as merging and the next run would leave it."""

    changed: Changed
    standing: Standing
    words: tuple[str, ...]
    """Every word on significance that its commits say, and what it is worth."""
    readers: Mapping[str, int] | None = None
    """How many customers would be told, by the language that they get it in; None where nobody can know."""

    @property
    def is_told(self) -> bool:
        """Must customers be told? What was never posted counts as known to them: the repository may lack the tags."""
        verdict = self.standing.verdict
        return verdict is not None and verdict.significance is Significance.SIGNIFICANT


class MergedLetter(NamedTuple):
    """The letter in one language, and what keeps it from being sent."""

    message: Message
    faults: tuple[str, ...]


class Merge(NamedTuple):
    """All that a merge would do."""

    policies: tuple[MergedPolicy, ...]
    keys: tuple[KeyChange, ...]
    letters: tuple[MergedLetter, ...]
    no_letter: str = ""
    """Why none can be written, where customers would be told."""


def merge_of(records: Records, report: Report, templates: Path) -> Merge:
    """What merging what was checked would do, if a run came right after it."""
    merged = tuple(_merged(records, one) for one in report.changed)
    told = [_announcement(one.standing) for one in merged if one.standing.posting and one.is_told]
    keys = tuple(change for pair in report.pairs for change in _key_changes(*pair))
    try:
        return Merge(merged, keys, tuple(_letters(records.config, told, templates)))
    except PolicyError as error:
        return Merge(merged, keys, (), str(error))


def with_readers(merge: Merge, ledger: Ledger, templates: Path, otherwise: str) -> Merge:
    """The same with how many customers would be told, as the roster stands now; `otherwise`: of who reads none."""
    return merge._replace(policies=tuple(_counted(one, ledger, templates, otherwise) for one in merge.policies))


def _counted(merged: MergedPolicy, ledger: Ledger, templates: Path, otherwise: str) -> MergedPolicy:
    head = merged.standing.head
    if head is None or not merged.is_told:
        return merged
    audiences = {merged.changed.policy_id: head.controlling.front_matter.audience}
    readers = ledger.roster.count(audiences, languages=letter_languages(head, templates), otherwise=otherwise)
    return merged._replace(readers=readers)


def _merged(records: Records, changed: Changed) -> MergedPolicy:
    facts, before = changed.facts, changed.verdict.before
    facts = facts._replace(posted=facts.posted or before, known=before, is_first_run=False, uncommitted=())
    standing = standing_of(facts, posting_rules(records.config, records.now), records.now)
    return MergedPolicy(changed, standing._replace(known=before), tuple(_words(facts)))


def _words(facts: PolicyFacts) -> Iterator[str]:
    for step in facts.steps:
        commit = step.commit
        word = editor_word([commit], facts.approvals)
        name = commit.commit_id[:7] or "this text"
        if word.significance:
            by = f", approved by {word.approved_by}" if word.approved_by else ""
            yield f'{name}, {commit.author}: "{_said(commit)}" counts as {word.significance}{by}'
        yield from (f"{one}" for one in word.ignored)


def _said(commit: Commit) -> str:
    messages = (message_of(one) for one in (commit, *commit.merged))
    return "; ".join(one.written for message in messages for one in sayings(message)) or "a signed tag"


def _announcement(standing: Standing) -> Announcement:
    assert standing.posting is not None  # noqa: S101 - the caller has looked
    assert standing.head is not None  # noqa: S101 - what is posted has a text
    comparison = standing.verdict.comparison if standing.verdict else None
    return Announcement(standing.posting, standing.head, standing.known, comparison)


def _letters(config: Config, told: Sequence[Announcement], templates: Path) -> Iterator[MergedLetter]:
    from notifier.render.message.lint import lint
    from notifier.usecases.announce import compose_variant, updates_for

    policies = {one.posting.policy_id for one in told}
    written = {language for one in told for language in one.revision.texts}
    for language in sorted(written):
        updates = updates_for(config, told, language, policies)
        message = compose_variant(config, templates, language, updates)
        faults = tuple(str(finding) for finding in lint(message, updates, hosts=config.link_hosts))
        yield MergedLetter(message, faults)


def audience_of(revision: Revision) -> str:
    """Whom a significant change of this policy is told to, in words."""
    tags = sorted(revision.controlling.front_matter.audience)
    who = f"customers tagged {' or '.join(tags)}" if tags else "every customer"
    others = sorted(revision.texts.keys() - {revision.language})
    translated = f" or {' or '.join(others)}" if others else ""
    return f"{who}, quoted from {revision.language}{translated}"


def _key_changes(before: Revision | None, after: Revision) -> Iterator[KeyChange]:
    for language, text in after.texts.items():
        earlier = before.texts.get(language) if before else None
        old, new = _shown(earlier.front_matter if earlier else FrontMatter()), _shown(text.front_matter)
        for key, said in new.items():
            if old[key] != said:
                yield KeyChange(text.path, key, old[key], said)


def _shown(front_matter: FrontMatter) -> Mapping[str, str]:
    return {name: _as_words(value) for name, value in front_matter._asdict().items()}


def _as_words(value: object) -> str:
    if value is None or value == frozenset():
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(sorted(map(str, value))) if isinstance(value, frozenset | set | tuple) else str(value)

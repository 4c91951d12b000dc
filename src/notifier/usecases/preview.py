"""Preview: what a revision would change and who would be told, before anybody commits it. Read only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.errors import PolicyError, Refused
from notifier.notice.message import Message
from notifier.policy.posting import Posted, Posting, next_tag, post
from notifier.policy.revision import Revision
from notifier.significance import Significance
from notifier.significance.comparison import Comparison
from notifier.usecases.announce import Untold, changes_for, compose_variant, link_hosts, variants_needed
from notifier.usecases.judge import compare_revisions
from notifier.usecases.post import told_text

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.render.message.lint import MessageFinding
    from notifier.repository import Repository

WORKING_TREE = "working tree"


@dataclass(frozen=True, slots=True)
class Preview:
    """One policy as it would be posted today. `readers` are those who would be told, by language."""

    policy_id: str
    title: str
    before: str
    """What it is compared with, in words."""
    after: str
    comparison: Comparison
    posting: Posting
    untold: Untold
    readers: Mapping[str, int]
    lacks_summary: bool

    @property
    def is_told(self) -> bool:
        return self.posting.significance is Significance.SIGNIFICANT


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it would be sent, with what keeps it from being sent."""

    message: Message
    findings: tuple[MessageFinding, ...]
    readers: int


def preview(
    config: Config,
    repository: Repository,
    ledger: Ledger,
    policy_ids: Sequence[str],
    *,
    from_: str | None,
    to: str | None,
    now: datetime,
) -> tuple[Preview, ...]:
    """Each policy (all by default): `to` (the working tree by default) against `from_` (what customers know).

    Raises Refused for a policy that is not there, RepositoryError for a revision that is none.
    """
    known = repository.working_policies() if to is None else tuple(repository.policies_at(to))
    unknown = [policy_id for policy_id in policy_ids if policy_id not in known]
    if unknown:
        raise Refused(f"there is no policy {unknown[0]!r}; there are {', '.join(known) or 'none'}")
    mistakes = repository.working_mistakes() if to is None else ()
    if mistakes:
        raise PolicyError(*mistakes)
    desk = _Desk(config, repository, ledger, now)
    return tuple(desk.preview(policy_id, from_, to) for policy_id in policy_ids or known)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where a preview is made."""

    config: Config
    repository: Repository
    ledger: Ledger
    now: datetime

    def preview(self, policy_id: str, from_: str | None, to: str | None) -> Preview:
        after = self._after(policy_id, to)
        before, label = self._before(policy_id, from_, after)
        comparison = compare_revisions(before, after)
        posting = self._posting(after, comparison)
        audiences = {policy_id: after.controlling.front_matter.audience}
        readers = self.ledger.roster.count(audiences, languages=after.texts, otherwise=self.config.policies.language)
        return Preview(
            policy_id=policy_id,
            title=after.controlling.title,
            before=label,
            after=to or WORKING_TREE,
            comparison=comparison,
            posting=posting,
            untold=Untold(posting, after, before),
            readers=readers,
            lacks_summary=not after.controlling.front_matter.summary,
        )

    def _after(self, policy_id: str, revision: str | None) -> Revision:
        if revision is None:
            return _there(self.repository.working_revision(policy_id), policy_id, WORKING_TREE)
        return _there(self.repository.revision_at(revision, policy_id), policy_id, revision)

    def _before(self, policy_id: str, from_: str | None, after: Revision) -> tuple[Revision, str]:
        """What the new text is compared with, and how to call that."""
        if from_ is not None:
            return _there(self.repository.revision_at(from_, policy_id), policy_id, from_), from_
        posted = self.repository.last_posted(policy_id)
        if posted is not None:
            told = told_text(self.repository, self.ledger, posted)
            return told.revision, _as_posted(told)
        if policy_id in self.repository.policies_at("HEAD"):
            return _there(self.repository.revision_at("HEAD", policy_id), policy_id, "HEAD"), "HEAD"
        nothing = {language: replace(text, text="") for language, text in after.texts.items()}
        return replace(after, texts=nothing), "nothing (it is new)"

    def _posting(self, after: Revision, comparison: Comparison) -> Posting:
        posted_on = self.now.astimezone(self.config.posting_zone).date()
        return post(
            after,
            comparison.classification,
            posted_on=posted_on,
            notice_days=self.config.notice.period_days,
            tag=next_tag(after.policy_id, posted_on, self.repository.tags_taken()),
        )


def _there(revision: Revision | None, policy_id: str, where: str) -> Revision:
    if revision is None:
        raise Refused(f"there is no policy {policy_id!r} at {where}")
    return revision


def letters(config: Config, ledger: Ledger, templates: Path, previews: Sequence[Preview]) -> tuple[Letter, ...]:
    """The message itself, in each language that somebody would get it in; for the significant policies together."""
    from notifier.render.message.lint import lint

    told = [one.untold for one in previews if one.is_told]
    if not told:
        return ()
    audiences = {one.posting.policy_id: one.revision.controlling.front_matter.audience for one in told}
    everyone = tuple(sorted(audiences))
    counts = ledger.roster.reader_groups(audiences)
    made = []
    for language, policies in variants_needed(config, ledger, templates, told, audiences):
        if policies != everyone:
            continue
        changes = tuple(changes_for(config, told, language, policies))
        message = compose_variant(config, templates, language, changes)
        findings = lint(message, changes, hosts=link_hosts(config))
        made.append(Letter(message, findings, sum(n for (read, _), n in counts.items() if read == language)))
    return tuple(made)


def longest_name(ledger: Ledger) -> str:
    """The longest name on the roster: the greeting that is hardest to fit."""
    return max((customer.name for customer in ledger.roster.customers()), key=len, default="")


def _as_posted(posted: Posted) -> str:
    return f"posted {posted.posting.posted_on} ({posted.posting.commit_id[:7]})"

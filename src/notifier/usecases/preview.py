"""Preview: what a run would do once a text is committed, before anybody commits it. Read only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from notifier.errors import Finding, PolicyError, Refused
from notifier.notice.delivery import language_for
from notifier.notice.message import Message
from notifier.policy.posting import Posting, is_end
from notifier.policy.revision import Revision
from notifier.policy.revision_comparison import compare_revisions
from notifier.policy.standing import Standing, standing_of
from notifier.shipped import templates_for
from notifier.significance.comparison import Comparison
from notifier.usecases.announce import audiences_of, compose_variant, letter_languages, updates_for, variants_needed
from notifier.usecases.comings import Coming, comings
from notifier.usecases.language_findings import gone_translations, language_findings, new_translations
from notifier.usecases.plan import Announcement, make_plan
from notifier.usecases.posted_state import posted_state
from notifier.usecases.standings import Records, as_draft, drafts, posting_rules, read_records
from notifier.usecases.two_records import is_elsewhere

if TYPE_CHECKING:
    from datetime import datetime

    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.render.message.lint import MessageFinding
    from notifier.repository import Repository

WORKING_TREE = "working tree"


class Preview(NamedTuple):
    """One policy as a run today would leave it."""

    standing: Standing
    title: str
    before: str
    """What it is compared with, in words."""
    after: str
    comparison: Comparison
    """Of the language that decides; `others` are those in which the policy changed too, by language."""
    others: Mapping[str, Comparison]
    announcement: Announcement | None
    """What a run's notice would say of it; None where it would tell nobody."""
    readers: Mapping[str, int]
    """Those who would be told of it, now or once it no longer waits, by language."""
    lacks_summary: bool
    foreign: tuple[Finding, ...] = ()
    """Its texts that read like another language than the one they are judged in, or are in one that is new."""
    gone: tuple[Finding, ...] = ()
    """Languages of the text last posted in which it is kept no longer."""
    state: str = ""
    """What is public of it now; empty for a policy that was never posted."""
    is_first_run: bool = False
    is_by_git: bool = False
    """Was git alone asked, since the ledger is elsewhere? Then nobody here knows the roster, or what people decided."""

    @property
    def policy_id(self) -> str:
        return self.standing.policy_id

    def title_in(self, language: str) -> str:
        """What its text in one language calls it."""
        head = self.standing.head
        return head.texts[language].title if head and language in head.texts else self.title

    @property
    def posting(self) -> Posting | None:
        """What would be posted, now or once it no longer waits; None where it reads as posted."""
        return self.standing.posting

    @property
    def is_told(self) -> bool:
        return self.announcement is not None

    @property
    def is_idle(self) -> bool:
        """Would a run leave it alone, and nobody has to say anything either?"""
        return self.posting is None and not self.is_told and self.standing.wait is None

    @property
    def word(self) -> str:
        """What stands for the verdict where nothing can be compared: it is new, or it ends."""
        is_new = self.before == _NOTHING_BEFORE and not self.comparison.redline.diff.edits
        return "ENDS" if self.is_end else "NEW" if is_new else ""

    @property
    def is_end(self) -> bool:
        """Are customers told that it applies no longer?"""
        head, posting = self.standing.head, self.posting
        return head is not None and posting is not None and is_end(posting, head)

    @property
    def is_first(self) -> bool:
        """Is it taken as it stands at the first run, so that nothing in it is a change?"""
        return self.is_first_run and self.posting is not None and self.posting.is_adoption


class Letter(NamedTuple):
    """One message as it would be sent, with what keeps it from being sent."""

    message: Message
    findings: tuple[MessageFinding, ...]
    readers: int


def records_for_drafts(config: Config, repository: Repository, ledger: Ledger, now: datetime) -> Records:
    """Both records; git alone in an editor's clone, whose ledger knows of no posting."""
    records = read_records(config, repository, ledger, now)
    if not is_elsewhere(repository, ledger):
        return records
    repository.trust_stamps(repository.tip)
    return replace(records, ledger=None)


def preview(
    records: Records, ledger: Ledger, policy_ids: Sequence[str], *, from_: str | None, to: str | None
) -> tuple[Preview, ...]:
    """Each policy (all by default): `to` (the working tree by default) against `from_` (what customers know).

    A policy whose files hold a mistake waits alone, as far as it can be read; `unreadable` names it. Raises
    PolicyError where it was asked for, or is all there is; Refused for a policy that is not there, RepositoryError for
    a revision that is none.
    """
    heads = _drafts(records) if to is None else _at(records, to)
    broken = unreadable(records) if to is None else {}
    asked = [finding for name in policy_ids for finding in broken.get(name, ())]
    if asked or (broken and not set(heads) - set(broken)):
        raise PolicyError(*(asked or (finding for findings in broken.values() for finding in findings)))
    records = replace(records, until=records.repository.resolve(to)) if to else records
    plan = make_plan(records, heads, broken)
    ending = {one.policy_id for one in plan.standings if one.posting and one.head and one.policy_id not in heads}
    unknown = [policy_id for policy_id in policy_ids if policy_id not in {*heads, *(ending if from_ is None else ())}]
    if unknown:
        raise Refused(f"there is no policy {unknown[0]!r}; there are {', '.join(heads) or 'none'}")
    if from_ is not None:
        return tuple(_against(records, ledger, heads[one], from_, to) for one in policy_ids or heads)
    told = {one.posting.policy_id: one for one in (plan.announce.announcements if plan.announce else ())}
    return tuple(
        _previewed(records, ledger, standing, told.get(standing.policy_id), _label(standing), to)
        for standing in plan.standings
        if standing.head and standing.policy_id in (policy_ids or {*heads, *ending})
    )


def unreadable(records: Records) -> dict[str, tuple[Finding, ...]]:
    """What keeps a run from policies of the working tree; under "" what lies in no policy's files."""
    return records.repository.working_mistakes()


def fates(records: Records) -> tuple[Coming, ...]:
    """Policies that the working tree brings, takes away or gives another name, and what will be said of them."""
    return comings(records, _drafts(records)) if records.repository.has_commits else ()


def _drafts(records: Records) -> dict[str, Revision]:
    """The working tree, what is committed in it being the published text itself."""
    return drafts(records, records.repository.heads().revisions if records.repository.has_commits else {})


def _at(records: Records, revision: str) -> dict[str, Revision]:
    repository = records.repository
    found = {policy_id: repository.revision_at(revision, policy_id) for policy_id in repository.policies_at(revision)}
    return {policy_id: text for policy_id, text in found.items() if text is not None}


def _against(records: Records, ledger: Ledger, after: Revision, from_: str, to: str | None) -> Preview:
    """What the text would be to customers who knew `from_`, by the rules alone: nobody's word was given on that."""
    before = records.repository.revision_at(from_, after.policy_id)
    if before is None:
        raise Refused(f"there is no policy {after.policy_id!r} at {from_}")
    step = as_draft(records, after, "")
    facts = records.facts(after.policy_id, None)._replace(head=step, posted=before, known=before, steps=(step,))
    standing = standing_of(facts, posting_rules(records.config, records.now), records.now)
    told = None
    if standing.due and standing.must_tell:
        told = Announcement(standing.due, step, before, compare_revisions(before, step))
    return _previewed(records, ledger, standing, told, from_, to)


def _previewed(
    records: Records, ledger: Ledger, standing: Standing, told: Announcement | None, before: str, to: str | None
) -> Preview:
    after = standing.head
    assert after is not None  # noqa: S101 - callers leave out policies that are gone
    base = standing.verdict.before if standing.verdict else _base(records, standing, after, told)
    comparison = standing.verdict.comparison if standing.verdict else compare_revisions(base, after)
    audiences = {standing.policy_id: after.controlling.front_matter.audience}
    otherwise = records.config.policies.language
    must_tell = standing.must_tell or told is not None
    languages = letter_languages(after, templates_for(records.config.root))
    return Preview(
        standing=standing,
        title=after.controlling.title,
        before=before,
        after=to or WORKING_TREE,
        comparison=comparison.weightiest,
        others=comparison.others,
        announcement=told,
        readers=ledger.roster.count(audiences, languages=languages, otherwise=otherwise) if must_tell else {},
        lacks_summary=not (standing.posting and (standing.posting.summary or standing.posting.restores)),
        foreign=(*language_findings(after.texts.values()), *new_translations(after, standing.posted)),
        gone=tuple(gone_translations(after, standing.posted)),
        state=posted_state(standing, records.own_timeline(standing), records.today),
        is_first_run=not records.repository.policies_posted(),
        is_by_git=records.ledger is None,
    )


def _base(records: Records, standing: Standing, after: Revision, told: Announcement | None) -> Revision:
    """What to show a text beside that no verdict is on: itself where it is posted, or taken as posted, as it stands."""
    if told and told.known:
        return told.known
    known = standing.timeline.last_announced or standing.timeline.last
    if standing.wait and known and (before := records.text_of(standing.policy_id, known)):
        return before
    if standing.posting is None or not standing.must_tell:
        return after
    return after._replace(
        texts={language: text._replace(text="", blob_id="") for language, text in after.texts.items()}
    )


_NOTHING_BEFORE = "nothing (it is new)"


def _label(standing: Standing) -> str:
    known = standing.timeline.last_announced or standing.timeline.last
    if known:
        return f"posted {known.posted_on} ({known.commit_id[:7]})"
    return _NOTHING_BEFORE


def letters(
    config: Config,
    ledger: Ledger,
    templates: Path,
    previews: Sequence[Preview],
    *,
    of_parts: bool = False,
    asked: str | None = None,
) -> tuple[Letter, ...]:
    """The message itself, in each language that somebody would get it in; for all that would be told, together.

    `of_parts`: also what those get who are in the audience of some of the policies only. `asked`: also in this
    language, where there are words for it, though nobody reads it yet.
    """
    told = [one.announcement for one in previews if one.announcement]
    return tuple(_letters(config, ledger, templates, told, of_parts=of_parts, asked=asked)) if told else ()


def _letters(
    config: Config, ledger: Ledger, templates: Path, told: Sequence[Announcement], *, of_parts: bool, asked: str | None
) -> Iterator[Letter]:
    from notifier.render.message.compose import message_languages
    from notifier.render.message.lint import lint

    audiences = audiences_of(told)
    everyone = tuple(sorted(audiences))
    needed = variants_needed(config, ledger, templates, told)
    offered = {language for language, _ in needed}
    readers = _readers(ledger.roster.reader_groups(audiences), offered, config)
    spoken = language_for(asked, message_languages(templates), "") if asked else ""
    if spoken and spoken not in offered:
        needed = (*needed, (spoken, everyone))
    for language, policies in needed:
        if policies == everyone or (of_parts and readers[language, policies]):
            updates = updates_for(config, told, language, policies)
            message = compose_variant(config, templates, language, updates)
            findings = lint(message, updates, hosts=config.link_hosts)
            yield Letter(message, findings, readers[language, policies])


def _readers(
    groups: Mapping[tuple[str, tuple[str, ...]], int], offered: Collection[str], config: Config
) -> Counter[tuple[str, tuple[str, ...]]]:
    """How many get each letter, by the language that they get it in."""
    counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for (language, policies), count in groups.items():
        counts[language_for(language, offered, config.policies.language), policies] += count
    return counts


def longest_name(ledger: Ledger) -> str:
    """The longest name on the roster: the greeting that is hardest to fit."""
    return max((customer.name for customer in ledger.roster.customers()), key=len, default="")

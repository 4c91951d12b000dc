"""Check: what an editor must mend before a revision lands, and what the revision would amount to. Read only.

It asks git alone, never the ledger or the network, so that it says the same in a hook, in CI and at a desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from notifier.errors import Finding, FindingCode, Severity
from notifier.policy.consent import consent_for, said_consent
from notifier.policy.drafts.public_words import action_findings, public_word_findings
from notifier.policy.drafts.unseen import unseen_findings
from notifier.policy.editor_word import IgnoredTrailer
from notifier.policy.findings import date_findings, law_findings, placeholder_findings
from notifier.policy.revision import PolicyText, Revision
from notifier.policy.revision_comparison import has_changed, reads_differently
from notifier.policy.standing import DRAFT, PolicyFacts, Verdict, asked_day_findings, told_again, verdict_on
from notifier.policy.translations.left_behind import first_lacked
from notifier.policy.translations.misplaced import unsaid_switch
from notifier.significance import Significance
from notifier.text.front_matter import Consent
from notifier.usecases.comings import coming_findings, comings, words_of_another
from notifier.usecases.config_changes import config_findings
from notifier.usecases.form_findings import form_findings
from notifier.usecases.language_findings import gone_translations, language_findings, new_translations
from notifier.usecases.policy_links import Linked, link_findings, linked, vanished_findings
from notifier.usecases.samples import is_sample_text, sample_findings, sample_key_findings
from notifier.usecases.standings import Records, drafts, posting_rules

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.repository import Repository
    from notifier.significance import Reason


class Changed(NamedTuple):
    """A policy that reads differently from what customers know (or from `--from`)."""

    policy_id: str
    path: str
    before: str
    verdict: Verdict
    facts: PolicyFacts

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Of the verdict on all its languages."""
        return self.verdict.comparison.classification.reasons

    @property
    def consent(self) -> Consent:
        """What its posting would ask of customers."""
        if self.verdict.withdraws:
            return Consent.NONE
        said = said_consent(self.verdict.after, self.facts.posted)
        return consent_for(said, self.verdict.significance, self.reasons)


class Report(NamedTuple):
    """Everything that was found, errors first, and every policy that changed."""

    findings: tuple[Finding, ...]
    changed: tuple[Changed, ...]
    policies: int
    pairs: tuple[tuple[Revision | None, Revision], ...] = ()
    """Every policy as it was and as it is."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.is_error)


class _Base(NamedTuple):
    """What a policy is compared with: the text customers know, and the text whose posted date it should bear."""

    known: Revision | None = None
    dated: Revision | None = None
    since: str | None = None
    label: str = "nothing"
    is_named: bool = False
    """Is it one that somebody named? What lands after it is merged around what Notifier sets."""

    def is_posted(self, after: Revision) -> bool:
        """Is it out already, with whatever word it needed?"""
        return self.dated is not None and not has_changed(self.dated, after)


def check(config: Config, repository: Repository, *, from_: str | None, message: str | None, now: datetime) -> Report:
    """The working tree's policies against `from_`, by default against what customers were last told.

    `message` is that of the commit being made, for its trailers. Raises RepositoryError for a revision that is none.
    """
    start = repository.parting(from_, "HEAD") if from_ else None
    if repository.has_commits:
        repository.trust_stamps(start or repository.tip)
    records = Records(config, repository, now)
    found = [finding for findings in repository.working_mistakes().values() for finding in findings]
    changed: list[Changed] = []
    pairs: list[tuple[Revision | None, Revision]] = []
    texts: dict[str, Linked] = {}
    heads = _working_tree(records, message)
    records = records.with_names_of(heads)
    found += coming_findings(comings(records, heads, start))
    found += words_of_another(records, heads)
    for policy_id, after in heads.items():
        base = _base(records, policy_id, start)
        found += _text_findings(after, base, repository)
        found += [finding for text in after.texts.values() for finding in sample_findings(config, text)]
        found += [finding for text in after.texts.values() for finding in form_findings(text)]
        found += [one for text in after.texts.values() for one in public_word_findings(text, config.own_hosts)]
        texts |= _linked(after, base)
        pairs.append((base.known, after))
        found += _asked_days(records, policy_id, after)
        found += told_again(records.timeline(policy_id), after, base.dated)
        if base.known is not None and has_changed(base.known, after) and not (start is None and base.is_posted(after)):
            facts = records.with_steps(records.facts(policy_id, after), after, base.since)
            verdict = verdict_on(facts, base.known)
            changed.append(Changed(policy_id, after.controlling.path, base.label, verdict, facts))
            found += [*_word_findings(changed[-1]), *_consent_findings(changed[-1])]
    found += link_findings(texts, has_file=repository.has_file, page_url=config.page.url or "")
    found += vanished_findings(texts)
    found += config_findings(config, repository, start) if start else ()
    found += sample_key_findings(config)
    found += action_findings(config.notice.action, config.own_hosts, config.path.name)
    found.sort(key=lambda one: (not one.is_error, one.path, one.line))
    return Report(tuple(dict.fromkeys(found)), tuple(changed), len(repository.working_policies()), tuple(pairs))


def _asked_days(records: Records, policy_id: str, after: Revision) -> tuple[Finding, ...]:
    """Of front matter that asks for a day; the policy is judged for that alone, and only where it does."""
    asked = after.controlling.front_matter
    if asked.effective is None and asked.post_on is None:
        return ()
    return asked_day_findings(records.facts(policy_id, after), posting_rules(records.config, records.now), records.now)


def _working_tree(records: Records, message: str | None) -> dict[str, Revision]:
    repository = records.repository
    policies = repository.policies_at("HEAD") if repository.has_commits else ()
    heads = {policy_id: repository.revision_at("HEAD", policy_id) for policy_id in policies}
    committed = {policy_id: head for policy_id, head in heads.items() if head is not None}
    return drafts(records, committed, _without_comments(message or ""))


def _without_comments(message: str) -> str:
    """A commit message as git will keep it of what an editor's window showed."""
    return "\n".join(line for line in message.split("# ------------------------ >8")[0].split("\n") if line[:1] != "#")


def _base(records: Records, policy_id: str, start: str | None) -> _Base:
    repository = records.repository
    if not repository.has_commits:
        return _Base()
    timeline = records.timeline(policy_id)
    if start is not None:
        there = repository.revision_at(start, policy_id)
        return _Base(there, records.text_of(policy_id, timeline.last) or there, start, start[:7], is_named=True)
    known = timeline.last_announced
    if known:
        texts = records.text_of(policy_id, known), records.text_of(policy_id, timeline.last)
        return _Base(*texts, known.commit_id, f"posted {known.posted_on} ({known.commit_id[:7]})")
    head = repository.revision_at("HEAD", policy_id)
    if head is None or is_sample_text(head.controlling.text):
        return _Base()  # nobody ever read a sample: what takes its place changes nothing
    return _Base(head, head, "HEAD", "HEAD")


def _posted(repository: Repository, policy_id: str) -> list[Revision]:
    """Every text that was posted, oldest first."""
    return [one.revision for one in repository.posted(policy_id)]


def _ever_dated(repository: Repository, policy_id: str) -> Iterator[Revision]:
    """Every text up to the last posting: an editor who brings one back brings its date along, which is no edit by hand.

    What was written since is none: there a date changed by hand may stand.
    """
    postings = repository.posted(policy_id)
    yield from (one.revision for one in postings)
    if postings:
        yield from repository.revisions(policy_id, until=postings[-1].posting.commit_id)


def _text_findings(after: Revision, base: _Base, repository: Repository) -> list[Finding]:
    found: list[Finding] = []
    for language, text in after.texts.items():
        found += _date_findings(text, base, repository, after.policy_id)
        found += placeholder_findings(text)
        found += unseen_findings(text)
        found += law_findings(text, policy_id=after.policy_id, is_controlling=language == after.language)
    found += language_findings(after.texts.values())
    found += [*new_translations(after, base.dated), *gone_translations(after, base.dated)]
    is_due = base.dated is not None and has_changed(base.dated, after)
    severity = Severity.ERROR if is_due else Severity.ADVICE
    found += [one._replace(severity=severity) for one in unsaid_switch(base.dated, after)]
    return found + list(_stale(after, base.known, partial(_posted, repository, after.policy_id)))


def _date_findings(text: PolicyText, base: _Base, repository: Repository, policy_id: str) -> list[Finding]:
    dated = base.dated.texts.get(text.language) if base.dated else None
    found = date_findings(text, dated)
    if not found or dated is None:
        return found
    earlier = (one.texts.get(text.language) for one in _ever_dated(repository, policy_id))
    if not any(one is not None and not date_findings(text, one) for one in earlier):
        return found
    is_merged_later = base.is_named or reads_differently(dated, text)
    return [] if is_merged_later else [_brought_back(one) for one in found]


def _brought_back(finding: Finding) -> Finding:
    said = "the date is an earlier one again: an edit, it may be a revert of Notifier's commit, brought it back"
    mend = "the pages bear the right one, and the next posting sets it here"
    return finding._replace(message=said, mend=mend, severity=Severity.ADVICE)


def _stale(after: Revision, before: Revision | None, posted: Callable[[], list[Revision]]) -> Iterator[Finding]:
    """Translations whose controlling text went on without them, now or with a posting of long ago."""
    translations = [text for language, text in after.texts.items() if language != after.language]
    if before is None or not translations:
        return
    history = [*(posted() or [before]), after]
    for text in translations:
        at = first_lacked(history, text.language)
        if at is not None:
            since = "" if at == len(history) - 1 else f" since {history[at].commit.landed_at.date()}"
            yield Finding(
                FindingCode.STALE_TRANSLATION, text.path, 1,
                f"left behind: {after.controlling.path} changed{since} in what this lacks",
                "translate the change; until then its readers get the controlling text", Severity.ADVICE,
            )  # fmt: skip


def _linked(after: Revision, base: _Base) -> dict[str, Linked]:
    posted = base.dated.texts if base.dated else {}
    return {text.path: linked(text, after.policy_id, posted.get(language)) for language, text in after.texts.items()}


def _word_findings(changed: Changed) -> list[Finding]:
    """Trailers that do not count, and the question that a close call puts to its editor."""
    verdict = changed.verdict
    found = [_said(one) for one in verdict.word.ignored if one.unsaid != (DRAFT,)]
    if verdict.shrunk and verdict.lacks_word:
        why = "it lost four fifths of its words, and waits for somebody to say that this is meant"
        found.append(Finding(FindingCode.SHRUNK, verdict.shrunk, 1, why, _ASKED, Severity.ADVICE))
    if not verdict.is_close:
        return found
    redline = verdict.comparison.weightiest.redline
    edits = redline.diff.edits
    text = verdict.after.texts[verdict.comparison.language]
    line = redline.lines[1].in_file(edits[0].after.line) if edits else 1
    why = f"a close call{verdict.asks and f', for {verdict.asks}'}: whether this is significant needs a person's word"
    return [*found, Finding(FindingCode.CLOSE_CALL, text.path, line, why, _ASKED, Severity.ADVICE)]


def _consent_findings(changed: Changed) -> Iterator[Finding]:
    """What the front matter asks for, and a minor posting never asks."""
    said = changed.verdict.after.controlling.front_matter.consent
    if said in (None, Consent.NONE) or changed.verdict.significance is not Significance.MINOR:
        return
    why = f"consent: {said} asks for nothing: the change is minor, and what was accepted stays accepted"
    yield Finding(FindingCode.CONSENT, changed.path, 1, why, "leave it out", Severity.ADVICE)


_ASKED = 'say so in the commit, "Significance: significant", or by notifier decide'


def _said(ignored: IgnoredTrailer) -> Finding:
    """A claim is well said and stops nothing: it is the landing's to back it, or somebody's to decide."""
    if ignored.is_claim:
        place = f"commit {ignored.commit_id[:7]}" if ignored.commit_id else "commit message"
        return Finding(FindingCode.TRAILERS, place, 0, ignored.why, "", Severity.ADVICE)
    if ignored.commit_id == DRAFT:
        return Finding(FindingCode.TRAILERS, "commit message", 0, ignored.why, "mend the trailers")
    mend = "amend its message, or say it in another commit"
    return Finding(FindingCode.TRAILERS, f"commit {ignored.commit_id[:7]}", 0, ignored.why, mend)

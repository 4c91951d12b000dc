"""Check: what an editor must mend before a revision lands, and what the revision would amount to. Read only.

It asks git alone, never the ledger or the network, so that it says the same in a hook, in CI and at a desk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from notifier.errors import Finding, FindingCode, Severity
from notifier.policy.findings import date_findings, law_findings, placeholder_findings
from notifier.policy.revision import Commit, PolicyText, Revision
from notifier.policy.trailers import EditorWord, editor_word, says_minor
from notifier.significance import Certainty, Significance
from notifier.significance.comparison import Comparison
from notifier.text.compared import compared_text, lines_before_body
from notifier.usecases.judge import compare_revisions, has_changed, word_on
from notifier.usecases.links import Linked, link_findings, linked, vanished_findings

if TYPE_CHECKING:
    from notifier.repository import Repository


@dataclass(frozen=True, slots=True)
class Changed:
    """A policy that reads differently from what customers know (or from `--from`)."""

    policy_id: str
    path: str
    before: str
    comparison: Comparison
    word: EditorWord

    @property
    def significance(self) -> Significance:
        return self.word.significance or self.comparison.significance

    @property
    def is_close(self) -> bool:
        """Does it wait for an editor's word?"""
        return self.word.significance is None and self.comparison.certainty is Certainty.CLOSE


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found, errors first, and every policy that changed."""

    findings: tuple[Finding, ...]
    changed: tuple[Changed, ...]
    policies: int

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.is_error)


@dataclass(frozen=True, slots=True)
class _Base:
    """What a policy is compared with: the text customers know, and the text whose posted date it should bear."""

    told: Revision | None
    dated: Revision | None
    since: str | None
    label: str


def check(repository: Repository, *, from_: str | None, page_url: str = "", message: str | None = None) -> Report:
    """The working tree's policies against `from_`, by default against what customers were last told.

    `message` is that of the commit being made, for its trailers. Raises RepositoryError for a revision that is none.
    """
    start = repository.parting(from_, "HEAD") if from_ else None
    found = list(repository.working_mistakes())
    changed: list[Changed] = []
    texts: dict[str, Linked] = {}
    policies = repository.working_policies()
    for policy_id in policies:
        after = repository.working_revision(policy_id)
        if after is None:
            continue
        base = _base(repository, policy_id, start)
        found += _text_findings(after, base)
        texts |= _linked(after, base)
        if base.told is not None and has_changed(base.told, after):
            one = _changed(repository, base, after)
            found += _word_findings(one, after)
            changed.append(one)
    found += link_findings(texts, has_file=repository.has_file, page_url=page_url)
    found += vanished_findings(texts)
    found += message_findings(message, repository.identity(), changed) if message else []
    found.sort(key=lambda one: (not one.is_error, one.path, one.line))
    return Report(tuple(dict.fromkeys(found)), tuple(changed), len(policies))


def _base(repository: Repository, policy_id: str, start: str | None) -> _Base:
    if not repository.has_commits:
        return _Base(None, None, None, "nothing")
    if start is not None:
        there = repository.revision_at(start, policy_id)
        return _Base(there, there, start, start[:7])
    posted = repository.posted(policy_id)
    told = [one for one in posted if one.posting.is_adoption or one.posting.significance is Significance.SIGNIFICANT]
    if told:
        posting = told[-1].posting
        label = f"posted {posting.posted_on} ({posting.commit_id[:7]})"
        return _Base(told[-1].revision, posted[-1].revision, posting.commit_id, label)
    head = repository.revision_at("HEAD", policy_id)
    return _Base(head, head, "HEAD", "HEAD")


def _text_findings(after: Revision, base: _Base) -> list[Finding]:
    found: list[Finding] = []
    for language, text in after.texts.items():
        found += date_findings(text, base.dated.texts.get(language) if base.dated else None)
        found += placeholder_findings(text)
        found += law_findings(text, policy_id=after.policy_id, is_controlling=language == after.language)
    return found + _stale(after, base.told)


def _stale(after: Revision, before: Revision | None) -> list[Finding]:
    """Translations whose controlling text went on without them."""
    if before is None or not _reads_differently(before.controlling, after.controlling):
        return []
    left = [text for language, text in after.texts.items() if language != after.language and language in before.texts]
    return [
        Finding(
            FindingCode.STALE_TRANSLATION, text.path, 1,
            f"left behind: {after.controlling.path} changed and this did not",
            "translate the change; until then its readers get the controlling text", Severity.ADVICE,
        )
        for text in left
        if not _reads_differently(before.texts[text.language], text)
    ]  # fmt: skip


def _reads_differently(before: PolicyText, after: PolicyText) -> bool:
    one, other = (compared_text(text.text, language=text.language) for text in (before, after))
    return re.findall(r"\w+", one) != re.findall(r"\w+", other)


def _linked(after: Revision, base: _Base) -> dict[str, Linked]:
    posted = base.dated.texts if base.dated else {}
    return {text.path: linked(text, after.policy_id, posted.get(language)) for language, text in after.texts.items()}


def _changed(repository: Repository, base: _Base, after: Revision) -> Changed:
    """What a changed policy amounts to, with what its commits say about it so far."""
    assert base.told is not None  # noqa: S101 - the caller asks only where there is something to compare with
    comparison = compare_revisions(base.told, after)
    steps = tuple(repository.revisions(after.policy_id, base.since))
    aliases = repository.aliases() if says_minor([step.commit for step in steps]) else {}
    word = word_on(comparison.classification, steps, base.told, {}, aliases)
    head = repository.revision_at("HEAD", after.policy_id)
    if word.significance is Significance.MINOR and (head is None or has_changed(head, after)):
        word = EditorWord(ignored=word.ignored)  # said of what is committed, not of what is being written
    return Changed(after.policy_id, after.controlling.path, base.label, comparison, word)


def _word_findings(changed: Changed, after: Revision) -> list[Finding]:
    """Trailers that do not count, and the question that a close call puts to its editor."""
    found = [_said(line) for line in changed.word.ignored]
    if not changed.is_close:
        return found
    edits = changed.comparison.redline.diff.edits
    line = edits[0].after.place.line + lines_before_body(after.controlling.text) if edits else 1
    asked = 'say so in the commit: "Significance: significant", or "minor" with Significance-Reason and Approved-by'
    text = "a close call: whether this is significant needs a person's word"
    return [*found, Finding(FindingCode.CLOSE_CALL, changed.path, line, text, asked, Severity.ADVICE)]


def _said(line: str) -> Finding:
    commit, _, text = line.partition(": ")
    mend = "amend its message, or say it in another commit"
    return Finding(FindingCode.TRAILERS, f"commit {commit}", 0, text, mend)


def message_findings(message: str, author: tuple[str, str], changed: Iterable[Changed]) -> list[Finding]:
    """Trailers of a commit that is being made (`author`: name and address) and would not count."""
    lines = [line for line in message.split("# ------------------------ >8")[0].split("\n") if line[:1] != "#"]
    subject, _, body = "\n".join(lines).strip().partition("\n\n")
    commit = Commit("this commit", datetime.min.replace(tzinfo=UTC), *author, author[1], subject, body)
    if not any(one.comparison.significance is Significance.SIGNIFICANT for one in changed):
        return []
    ignored = editor_word([commit]).ignored
    return [
        Finding(FindingCode.TRAILERS, "commit message", 0, line.partition(": ")[2], "mend the trailers")
        for line in ignored
    ]

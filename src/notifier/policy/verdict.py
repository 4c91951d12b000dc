"""What a head amounts to for those who know an earlier text: the rules' call, and whose word counts before it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from notifier.errors import Finding
from notifier.policy.editor_word import Approvals, EditorWord, IgnoredTrailer, editor_word
from notifier.policy.posting import Posting, is_end
from notifier.policy.revision import Commit, Revision
from notifier.policy.revision_comparison import (
    RevisionComparison,
    compare_revisions,
    has_changed,
    reads_differently,
    switches,
)
from notifier.policy.timeline import Timeline
from notifier.significance import Certainty, Significance
from notifier.text.compared_text import compared_text

_WORD = re.compile(r"\w+")

NEWCOMER = "newcomer"
"""What stands for a policy's first commits, all together, until it is said whether customers are told of it."""
DRAFT = ""
"""The commit id of a text that is not committed yet."""


class PolicyFacts(NamedTuple):
    """All that is known of one policy at one moment."""

    policy_id: str
    timeline: Timeline
    head: Revision | None
    """The text that would be posted: the newest on the published branch, or a draft. None: the policy is gone."""
    posted: Revision | None = None
    """The last posted text."""
    known: Revision | None = None
    """The text that customers know (`timeline.last_announced`)."""
    earlier: tuple[tuple[Posting, Revision], ...] = ()
    """The text in force, and those that wait behind it but for the last posted one, newest first: to what taking back
    what is to come could lead. Read only where something waits for its day.
    """
    behind: frozenset[str] = frozenset()
    """Translations that lack something of the last posted text; read only where the head reads differently."""
    steps: tuple[Revision, ...] = ()
    """The revisions since then, newest first; read only where the head reads differently from what is posted."""
    decisions: Mapping[str, EditorWord] = {}
    """What `notifier decide` recorded, by commit id."""
    approvals: Approvals = Approvals()
    asides: tuple[Commit, ...] = ()
    """Commits since then that speak of significance and change no policy."""
    first_seen: Mapping[str, datetime] = {}
    """When a run first saw each commit of a close call that is not settled."""
    uncommitted: tuple[str, ...] = ()
    """Files that an editor is still at."""
    mistakes: tuple[Finding, ...] = ()
    """Why its text cannot be read; then it has no head."""
    is_first_run: bool = False
    tags_taken: frozenset[str] = frozenset()
    retired_by: str | None = None
    """The commit whose front matter retires it, or that removed it where customers must be told of that."""
    ended_on: date | None = None
    """The first day on which it applied no longer, where its end was told to nobody and it is there again."""
    removed_by: str | None = None
    """The commit that removed its file (`DRAFT`: not committed yet); None where it is there."""

    @property
    def is_over(self) -> bool:
        """Was its end posted, and told?"""
        return bool(self.posted and self.timeline.last and is_end(self.timeline.last, self.posted))

    @property
    def comes_back(self) -> bool:
        """Is what ended, or was said to end, there, and says no longer that it does?"""
        is_ended = self.is_over or self.ended_on is not None
        return is_ended and self.head is not None and self.head.controlling.front_matter.retired is None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the head amounts to for customers who know `before`: the classification, and the editors' word before it."""

    before: Revision
    after: Revision
    comparison: RevisionComparison
    word: EditorWord = field(default_factory=EditorWord)
    restores: Posting | None = None
    """The posting whose text it goes back to, taking back what was posted since and has yet to come."""
    withdraws: bool = False
    """Were customers told of what it takes back?"""
    catches_up: bool = False
    """Is it a translation alone, of what the controlling text said before? Whether it says the same, a person knows."""
    switches: bool = False
    """Is the controlling text now one that was a translation? Which of them counts is nothing that words show."""
    shrunk: str = ""
    """The file that lost nearly all of its words, where one did: a tool may have gone wrong."""
    unsettled: tuple[Commit, ...] = ()
    """Where a word is missing: the commits that weigh and that nobody has settled, oldest first."""

    @property
    def significance(self) -> Significance:
        """A word that nobody understands may have meant that customers must be told."""
        if self.withdraws or self.lacks_word:
            return Significance.SIGNIFICANT
        return self.word.significance or self.comparison.classification.significance

    @property
    def certainty(self) -> Certainty:
        if self.word.significance or self.withdraws:
            return Certainty.CLEAR
        found = self.comparison.classification
        is_asked = self.switches or (self.catches_up and found.significance is Significance.SIGNIFICANT)
        return Certainty.CLOSE if is_asked else found.certainty

    @property
    def asks(self) -> str:
        """What a person has to weigh beside the words; empty where the words alone are asked about."""
        if self.shrunk:
            return f"{self.shrunk} lost four fifths of its words"
        return f"the text that counts was {self.before.language}, and is {self.after.language}" if self.switches else ""

    @property
    def is_close(self) -> bool:
        return self.certainty is Certainty.CLOSE

    @property
    def lacks_word(self) -> bool:
        """Whether it is a person's to say: a close call, a claim that nobody has backed, a word nobody understands."""
        is_open = self.word.significance is None and not self.withdraws
        is_said = any(not one.is_aside for one in self.word.ignored)
        return is_open and bool(self.is_close or is_said or self.shrunk)


def verdict_on(facts: PolicyFacts, before: Revision) -> Verdict:
    """The verdict on what the head changes for customers who know `before`.

    What reads again as they know it is no change, whatever was said of the steps to and fro.
    """
    assert facts.head is not None  # noqa: S101 - callers have looked
    comparison = compare_revisions(before, facts.head)
    restores = _restored(facts, comparison)
    withdraws = restores is not None and _has_told_since(facts.timeline, restores)
    if not has_changed(before, facts.head):
        return Verdict(before, facts.head, comparison, restores=restores, withdraws=withdraws)
    is_switch = switches(before, facts.head)
    settling = _Settling(facts, before, switches=is_switch)
    word = settling.word(comparison)
    if withdraws:
        return Verdict(before, facts.head, comparison, word, restores, withdraws=True)
    shrunk = next(_shrunk(facts.posted or before, facts.head), "")
    found = Verdict(before, facts.head, comparison, word, restores, shrunk=shrunk)
    verdict = replace(found, catches_up=_catches_up(facts), switches=is_switch)
    return replace(verdict, unsettled=settling.unsettled()) if verdict.lacks_word else verdict


def _catches_up(facts: PolicyFacts) -> bool:
    """Is all that changed since the last posting in translations that it left behind?"""
    head, posted = facts.head, facts.posted
    if head is None or posted is None or not facts.behind or reads_differently(posted.controlling, head.controlling):
        return False
    changed = {
        language
        for language, text in head.texts.items()
        if language not in posted.texts or reads_differently(posted.texts[language], text)
    }
    return changed <= facts.behind and posted.texts.keys() == head.texts.keys()


FEWEST_WORDS = 20
"""A text of fewer may well be cut to a fifth."""


def _shrunk(before: Revision, after: Revision) -> Iterator[str]:
    """Files that kept less than a fifth of their words."""
    for language, text in after.texts.items():
        earlier = before.texts.get(language)
        words = len(_WORD.findall(compared_text(earlier.text, language=language))) if earlier else 0
        if words >= FEWEST_WORDS and len(_WORD.findall(compared_text(text.text, language=language))) * 5 < words:
            yield text.path


def _restored(facts: PolicyFacts, comparison: RevisionComparison) -> Posting | None:
    """The posting that the head reads as again, or but for what is clearly minor: a typo mended meanwhile may stay."""
    head = facts.head
    assert head is not None  # noqa: S101 - callers have looked
    same = next((posting for posting, text in facts.earlier if not has_changed(text, head)), None)
    if same or comparison.classification.significance is Significance.MINOR:
        return same
    known = facts.timeline.last_announced
    near = (one for one, text in facts.earlier if one != known and _is_clearly_minor(compare_revisions(text, head)))
    return next(near, None)


def _is_clearly_minor(comparison: RevisionComparison) -> bool:
    found = comparison.classification
    return found.significance is Significance.MINOR and found.certainty is Certainty.CLEAR


def _has_told_since(timeline: Timeline, posting: Posting) -> bool:
    return any(timeline.has_told(one) for one in timeline.postings[timeline.index(posting) + 1 :])


class _Settling(NamedTuple):
    """What editors said, by trailer or decision, of the steps from `before` to the head."""

    facts: PolicyFacts
    before: Revision
    switches: bool

    @property
    def commits(self) -> list[Commit]:
        return [step.commit for step in self.facts.steps]

    @property
    def decided(self) -> list[EditorWord]:
        decisions = self.facts.decisions
        return [decisions[commit.commit_id] for commit in self.commits if commit.commit_id in decisions]

    def word(self, comparison: RevisionComparison) -> EditorWord:
        """ "Significant" wins wherever it is said, by a step or beside them; else what was said of the steps."""
        word = self._of_steps(comparison)
        aside = editor_word(self.facts.asides)
        if Significance.SIGNIFICANT in (word.significance, aside.significance):
            return word if word.significance is Significance.SIGNIFICANT else aside
        unheard = (one._replace(why=f"{one.why}; it changes no policy", is_aside=True) for one in aside.ignored)
        return word._replace(ignored=(*word.ignored, *unheard))

    def _of_steps(self, comparison: RevisionComparison) -> EditorWord:
        """ "Minor" needs a word on every step that weighs."""
        decided, commits = self.decided, self.commits
        weighty = next((word for word in decided if word.significance is Significance.SIGNIFICANT), None)
        word = weighty or editor_word(commits, self.facts.approvals)
        if word.significance is Significance.SIGNIFICANT:
            return word
        spoken_for = {word.commit_id for word in decided}
        if comparison.classification.significance is Significance.MINOR and not self.switches:
            unclear = [one for one in word.ignored if one.says is not Significance.MINOR]
            return EditorWord(ignored=_not_of(spoken_for, unclear))
        if not (decided or word.ignored or word.significance):
            return word
        everyone = {commit.commit_id for commit in commits}
        light = self._light()
        settled = light | spoken_for
        word = editor_word(commits, self.facts.approvals, settled=settled)
        if word.significance is None and decided and settled >= everyone:
            return next((one for one in decided if one.commit_id not in light), decided[0])
        return word._replace(ignored=_not_of(spoken_for | (light if light < everyone else set()), word.ignored))

    def unsettled(self) -> tuple[Commit, ...]:
        """The steps that weigh and that nobody has spoken on; where none weighs alone, all of them together."""
        decided = {word.commit_id for word in self.decided}
        silent = [
            commit
            for commit in self.commits
            if commit.commit_id not in decided and editor_word([commit], self.facts.approvals).significance is None
        ]
        light = self._light()
        return tuple(reversed([one for one in silent if one.commit_id not in light] or silent))

    def _light(self) -> set[str]:
        """The commit ids of the steps that are clearly minor by themselves."""
        steps: Sequence[Revision] = self.facts.steps
        return {
            step.commit.commit_id
            for old, step in zip([*steps[1:], self.before], steps, strict=True)
            if compare_revisions(old, step).classification.significance is Significance.MINOR
        }


def _not_of(commit_ids: Collection[str], ignored: Sequence[IgnoredTrailer]) -> tuple[IgnoredTrailer, ...]:
    """Without the words on commits that are settled anyway; what was said of several stays."""
    return tuple(one for one in ignored if one.commit_id not in commit_ids or one.unsaid)

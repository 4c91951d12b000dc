"""Judge: a policy's head, the last posted text and the text customers know → `Judgement`. Nothing is changed here.

The page shows what changed since the last posting; whether customers must be told is judged against the last text
they were told of, so that ten minor steps cannot add up to an untold change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from notifier.policy.posting import Posted
from notifier.policy.revision import PolicyText, Revision
from notifier.policy.trailers import EditorWord, editor_word
from notifier.significance import Certainty, Classification, Significance
from notifier.significance.comparison import Comparison, compare_compared
from notifier.text.compared import compared_text


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a policy's head amounts to. `comparison` is against the text customers know, and is what is judged."""

    revision: Revision
    posted: Posted
    told: Posted
    comparison: Comparison
    word: EditorWord
    """What editors said on the way here; it counts before the rules where it has a significance."""

    @property
    def policy_id(self) -> str:
        return self.revision.policy_id

    @property
    def classification(self) -> Classification:
        return self.comparison.classification

    @property
    def significance(self) -> Significance:
        return self.word.significance or self.classification.significance

    @property
    def certainty(self) -> Certainty:
        return Certainty.CLEAR if self.word.significance else self.classification.certainty


def has_changed(before: Revision, after: Revision) -> bool:
    """Does any language of the policy read differently, the posted date and the front matter left aside?"""
    return _compared(before) != _compared(after)


def judge(
    head: Revision,
    *,
    posted: Posted,
    told: Posted,
    steps: Sequence[Revision],
    decisions: Mapping[str, EditorWord],
    aliases: Mapping[str, str],
) -> Judgement:
    """The verdict on what `head` changes for customers who know `told`.

    `steps` are the revisions since `told`, newest first; `decisions` what `notifier decide` recorded, by commit id.
    What reads again as customers know it is no change, whatever was said of the steps to and fro.
    """
    comparison = compare_revisions(told.revision, head)
    if not has_changed(told.revision, head):
        return Judgement(head, posted, told, comparison, EditorWord())
    word = word_on(comparison.classification, steps, told.revision, decisions, aliases)
    return Judgement(head, posted, told, comparison, word)


def word_on(
    classification: Classification,
    steps: Sequence[Revision],
    base: Revision,
    decisions: Mapping[str, EditorWord],
    aliases: Mapping[str, str],
) -> EditorWord:
    """What editors said, by trailer or decision: "significant" wins; "minor" needs a word on every weighty step."""
    commits = [step.commit for step in steps]
    decided = [decisions[commit.commit_id] for commit in commits if commit.commit_id in decisions]
    weighty = next((word for word in decided if word.significance is Significance.SIGNIFICANT), None)
    if weighty:
        return weighty
    word = editor_word(commits, aliases=aliases)
    if classification.significance is Significance.MINOR:
        return word if word.significance is Significance.SIGNIFICANT else EditorWord()
    if not (decided or word.ignored or word.significance):
        return word
    settled = {word.commit_id for word in decided} | _clearly_minor(steps, base)
    word = editor_word(commits, aliases=aliases, settled=settled)
    if word.significance is None and decided and settled >= {commit.commit_id for commit in commits}:
        return decided[0]
    return word


def _clearly_minor(steps: Sequence[Revision], base: Revision) -> set[str]:
    """The commit ids of the steps that change nothing of weight by themselves."""
    before = [*steps[1:], base]
    return {
        step.commit.commit_id
        for old, step in zip(before, steps, strict=True)
        if compare_revisions(old, step).significance is Significance.MINOR
    }


def compare_revisions(before: Revision, after: Revision) -> Comparison:
    """Two revisions of a policy as customers would read them.

    The controlling text decides; a translation that changes alone is judged by itself, and of several the weightiest.
    """
    of_controlling = _compare_texts(before.controlling, after.controlling)
    if of_controlling.redline.diff.edits or of_controlling.redline.moves:
        return of_controlling
    return max((of_controlling, *_compare_translations(before, after)), key=_gravity)


def compare_in(language: str, before: Revision, after: Revision) -> Comparison | None:
    """The same in one language; None where either text is missing."""
    if language not in before.texts or language not in after.texts:
        return None
    return _compare_texts(before.texts[language], after.texts[language])


def _compare_translations(before: Revision, after: Revision) -> Iterator[Comparison]:
    for language in sorted(set(after.texts) & set(before.texts) - {after.language}):
        yield _compare_texts(before.texts[language], after.texts[language])


def _compare_texts(before: PolicyText, after: PolicyText) -> Comparison:
    return compare_compared(
        compared_text(before.text, language=before.language),
        compared_text(after.text, language=after.language),
        language=after.language,
    )


def _compared(revision: Revision) -> dict[str, str]:
    return {language: compared_text(text.text, language=language) for language, text in sorted(revision.texts.items())}


def _gravity(comparison: Comparison) -> tuple[bool, bool]:
    return (comparison.significance is Significance.SIGNIFICANT, comparison.certainty is Certainty.CLEAR)

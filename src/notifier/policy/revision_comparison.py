"""Two revisions of a policy compared in every language; the weightiest decides, so that none hides behind another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from notifier.policy.revision import PolicyText, Revision, drop_used_up
from notifier.significance import Certainty, Classification, Significance
from notifier.text.compared_text import compared_text

if TYPE_CHECKING:
    from notifier.significance.comparison import Comparison


class RevisionComparison(NamedTuple):
    """What changed in each language that reads differently, the controlling one first; never empty."""

    languages: Mapping[str, Comparison]

    @property
    def language(self) -> str:
        """The weightiest; of equals the controlling one."""
        return max(self.languages, key=lambda language: _weight(self.languages[language]))

    @property
    def weightiest(self) -> Comparison:
        return self.languages[self.language]

    @property
    def others(self) -> Mapping[str, Comparison]:
        """What changed in the languages beside the weightiest, the controlling one first."""
        decided = self.language
        return {language: one for language, one in self.languages.items() if language != decided and one.has_changed}

    @property
    def classification(self) -> Classification:
        return self.weightiest.classification


def has_changed(before: Revision, after: Revision) -> bool:
    """Does any language of the policy read differently, the posted date and the front matter left aside?

    Which of them is the controlling one changes where its file says so. What the config alone calls otherwise now reads
    as it did.
    """
    if before.language != after.language and after.controlling.front_matter.language:
        return True
    before = _called_as(before, after)
    return set(before.texts) != set(after.texts) or any(
        reads_differently(text, after.texts[language]) for language, text in before.texts.items()
    )


def compare_revisions(before: Revision, after: Revision) -> RevisionComparison:
    """Both as customers would read them. A language that comes or goes is compared with nothing."""
    shared = [language for language in after.texts if language in before.texts and language != after.language]
    changed = [one for one in sorted(shared) if reads_differently(before.texts[one], after.texts[one])]
    found = {language: _compare(before.texts[language], after.texts[language]) for language in changed}
    before = _called_as(before, after)
    old, new = before.texts.get(after.language, before.controlling), after.controlling
    if found and not reads_differently(old, new):
        return RevisionComparison(found)
    return RevisionComparison({after.language: _compare(old, new), **found})


def _called_as(before: Revision, after: Revision) -> Revision:
    """With the controlling text under the language that it is read in now, where neither has one in the other's."""
    if after.language in before.texts or before.language in after.texts:
        return before
    texts = {one: text for one, text in before.texts.items() if one != before.language}
    return before._replace(language=after.language, texts={after.language: before.controlling, **texts})


def reads_differently(before: PolicyText, after: PolicyText) -> bool:
    """Do two texts read differently, their posted dates and front matter left aside?"""
    return before.text != after.text and _compared(before) != _compared(after)


def switches(before: Revision, after: Revision) -> bool:
    """Does another text count now, which was a translation?"""
    return before.language != after.language in before.texts


def is_another(before: PolicyText, after: PolicyText) -> bool:
    """Is it a text of its own beside the one before it, and not that as it was?"""
    return before.text != after.text and drop_used_up(before.text) != drop_used_up(after.text)


def is_of_translation(before: Revision, after: Revision) -> bool:
    """Did the controlling text stay as it was, while a translation changed, came or went?"""
    return before.language == after.language and not is_another(before.controlling, after.controlling)


def _compare(before: PolicyText, after: PolicyText) -> Comparison:
    from notifier.significance.comparison import compare_files  # who judges nothing need not load it

    return compare_files(before.text, after.text, language=after.language)


def _compared(text: PolicyText) -> str:
    return compared_text(text.text, language=text.language)


def _weight(comparison: Comparison) -> tuple[bool, bool]:
    return comparison.significance is Significance.SIGNIFICANT, comparison.certainty is Certainty.CLEAR

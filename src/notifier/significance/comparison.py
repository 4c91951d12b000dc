"""The stages from two texts to a verdict in one call: cut to what is compared, parse, diff, redline, classify."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from notifier.diff import Diff, diff
from notifier.diff.redline import Redline, draw
from notifier.significance import Certainty, Classification, Reason, Significance, classify
from notifier.text.compared_text import compared_text, line_in_file
from notifier.text.markdown import parse


@dataclass(frozen=True)
class Comparison:
    """What changed between two texts, whether it is significant, and why."""

    classification: Classification
    texts: tuple[str, str]
    change: Diff | None = None
    """What was judged, where that was the texts as a whole."""

    @cached_property
    def redline(self) -> Redline:
        """Drawn when it is asked for: most verdicts are read without it."""
        return draw(self.change or diff(*map(parse, self.texts)))

    @property
    def has_changed(self) -> bool:
        """Does anything in the two texts differ?"""
        return self.texts[0] != self.texts[1]

    @property
    def significance(self) -> Significance:
        return self.classification.significance

    @property
    def certainty(self) -> Certainty:
        return self.classification.certainty

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.classification.reasons


def compare(old: str, new: str, *, language: str = "en") -> Comparison:
    """What changed between two Markdown files in `language`, whether it is significant, and why.

    The redline shows all that changed; the classification is of what is compared, so that a new posted date or
    front matter makes no difference to it.
    """
    before, after = compared_text(old, language=language), compared_text(new, language=language)
    if before.split() == old.split() and after.split() == new.split():
        return compare_compared(old, new, language=language)
    judged = compare_compared(before, after, language=language).classification
    reasons = tuple(_in_file(reason, old, new, language) for reason in judged.reasons)
    return Comparison(replace(judged, reasons=reasons), (old, new))


def compare_compared(old: str, new: str, *, language: str) -> Comparison:
    """The same for texts that are cut to what is compared already (`compared_text`)."""
    change = diff(parse(old), parse(new))
    return Comparison(classify(change, language=language), (old, new), change)


def _in_file(reason: Reason, old: str, new: str, language: str) -> Reason:
    """The reason with its line counted in the whole file; of a deletion, in the old one."""
    return replace(reason, line=line_in_file(reason.line, new if reason.after else old, language=language))

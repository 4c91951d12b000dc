"""The stages from two texts to a verdict in one call: cut to what is compared, parse, diff, redline, classify."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from notifier.diff import Diff, diff
from notifier.diff.redline import Redline, draw
from notifier.significance import Certainty, Classification, Reason, Significance
from notifier.text.compared_text import LineNumbers, OwnDays, compared_text, line_numbers, own_days
from notifier.text.markdown import parse


@dataclass(frozen=True)
class Comparison:
    """What changed between two texts, whether it is significant, and why."""

    classification: Classification
    texts: tuple[str, str]
    change: Diff | None = None
    """What was judged, where that was the texts as a whole."""
    lines: tuple[LineNumbers, LineNumbers] = (LineNumbers(), LineNumbers())
    """How the lines of the two texts are counted in their files."""
    days: tuple[OwnDays, OwnDays] = ((), ())
    """The posted dates of the two files, which are not compared and stand in the redline all the same."""

    @cached_property
    def redline(self) -> Redline:
        """Drawn when it is asked for: most verdicts are read without it."""
        return draw(self.change or diff(*map(parse, self.texts)), self.lines, self.days)

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
    return Comparison(_in_files(judged, _line_numbers(old, new, language)), (old, new))


def compare_files(old: str, new: str, *, language: str) -> Comparison:
    """As `compare`, with the redline too of what is compared alone; lines are counted in the whole files."""
    before, after = compared_text(old, language=language), compared_text(new, language=language)
    found, lines = compare_compared(before, after, language=language), _line_numbers(old, new, language)
    days = own_days(old, new, language=language)
    return replace(found, classification=_in_files(found.classification, lines), lines=lines, days=days)


def compare_compared(old: str, new: str, *, language: str) -> Comparison:
    """The same for texts that are cut to what is compared already (`compared_text`)."""
    from notifier.significance.classifier import classify

    change = diff(parse(old), parse(new))
    return Comparison(classify(change, language=language), (old, new), change)


def _line_numbers(old: str, new: str, language: str) -> tuple[LineNumbers, LineNumbers]:
    return line_numbers(old, language=language), line_numbers(new, language=language)


def _in_files(judged: Classification, lines: tuple[LineNumbers, LineNumbers]) -> Classification:
    """With each reason's line counted in the whole file; of a deletion, in the old one."""
    reasons = (replace(one, line=lines[bool(one.after)].in_file(one.line)) for one in judged.reasons)
    return replace(judged, reasons=tuple(reasons))

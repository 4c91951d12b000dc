"""The stages from two texts to a verdict in one call: parse, diff, redline, classify."""

from __future__ import annotations

from dataclasses import dataclass

from notifier.diff import diff
from notifier.diff.redline import Redline, draw
from notifier.significance import Certainty, Classification, Reason, Significance, classify
from notifier.text.document import parse


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two texts, whether it is significant, and why."""

    redline: Redline
    classification: Classification

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
    """What changed between two Markdown texts in `language`, whether it is significant, and why."""
    change = diff(parse(old), parse(new))
    return Comparison(draw(change), classify(change, language=language))

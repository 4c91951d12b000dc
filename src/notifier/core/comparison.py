"""The stages from two texts to a verdict in one call: parse, diff, redline, classify."""

from __future__ import annotations

from dataclasses import dataclass

from notifier.core.classify import Certainty, Classification, Reason, Significance, classify
from notifier.core.diff import diff
from notifier.core.document import parse
from notifier.core.redline import Redline, draw


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

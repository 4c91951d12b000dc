"""The stages from two texts to a verdict in one call: parse, diff, redline, classify."""

from __future__ import annotations

from dataclasses import dataclass

from notifier.core.classify import Certainty, Classification, Reason, Significance
from notifier.core.redline import Redline


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

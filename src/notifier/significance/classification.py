"""The values a judgement is made of: `Significance`, `Certainty`, `Reason`, `Classification`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Significance(StrEnum):
    """Must customers be told?"""

    MINOR = "minor"  #: Same meaning, better wording, layout or links.
    SIGNIFICANT = "significant"  #: Someone's data, rights, duties, money or risk changes.


class Certainty(StrEnum):
    """Does the verdict need a person's word? A close call counts as significant and waits for an editor."""

    CLEAR = "clear"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a change is significant, or what makes it minor.

    `before` and `after` are cut from the old and new source exactly as they stand there (the sentence around the
    change; empty for pure insertions and deletions); `changed_before`/`changed_after` are the words in them that
    changed. `section` are the headings above it, outermost first, `paragraph` the block in that section from 1.
    """

    topic: str | None
    rule: str
    section: tuple[str, ...]
    paragraph: int
    before: str
    after: str
    changed_before: str
    changed_after: str
    basis: str | None
    weight: float
    line: int
    """Where to look: the line in the new text, or in the old one for a deletion."""


@dataclass(frozen=True, slots=True)
class RenamedTerm:
    """A name or term that gave way to another all over a text, and how often."""

    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class Classification:
    """The verdict, with its reasons by falling weight: the first is what a notice leads with."""

    significance: Significance
    certainty: Certainty
    reasons: tuple[Reason, ...]
    renames: tuple[RenamedTerm, ...] = ()
    """The most frequent first."""

    @property
    def is_close(self) -> bool:
        return self.certainty is Certainty.CLOSE

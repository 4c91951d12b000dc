"""Diff → `Redline`: the two texts as one run of spans, for readers.

Kept, deleted and moved-away spans in order are the old text; kept, inserted and moved-here spans the new one;
byte for byte, always.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from notifier.core.diff import Diff, Layer, Move


class SpanKind(StrEnum):
    """What became of a stretch of text."""

    KEPT = "kept"
    DELETED = "deleted"
    INSERTED = "inserted"
    MOVED_AWAY = "moved_away"
    MOVED_HERE = "moved_here"


OLD_KINDS = frozenset({SpanKind.KEPT, SpanKind.DELETED, SpanKind.MOVED_AWAY})
NEW_KINDS = frozenset({SpanKind.KEPT, SpanKind.INSERTED, SpanKind.MOVED_HERE})


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text and what became of it. `move` is the index in `Redline.moves` where it belongs to one."""

    kind: SpanKind
    layer: Layer
    text: str
    move: int | None = None


@dataclass(frozen=True, slots=True)
class Stats:
    """Words, counted on the words layer; `runs` are maximal stretches of deleted and inserted words."""

    words_deleted: int
    words_inserted: int
    words_moved: int
    runs: int


@dataclass(frozen=True, slots=True)
class Redline:
    """A diff drawn for readers."""

    spans: tuple[Span, ...]
    diff: Diff
    stats: Stats

    @property
    def moves(self) -> tuple[Move, ...]:
        return self.diff.moves

    def reject(self) -> str:
        """The old text."""
        return "".join(span.text for span in self.spans if span.kind in OLD_KINDS)

    def accept(self) -> str:
        """The new text."""
        return "".join(span.text for span in self.spans if span.kind in NEW_KINDS)

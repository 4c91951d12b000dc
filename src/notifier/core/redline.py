"""Diff → `Redline`: the two texts as one run of spans, for readers.

Kept, deleted and moved-away spans in order are the old text; kept, inserted and moved-here spans the new one;
byte for byte, always.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from notifier.core.diff import NEW_KINDS, OLD_KINDS, Diff, Layer, Move, SpanKind, Stroke

__all__ = ["NEW_KINDS", "OLD_KINDS", "Redline", "Span", "SpanKind", "Stats", "draw"]


class Span(NamedTuple):
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


def draw(diff: Diff) -> Redline:
    """The diff as spans, and its figures."""
    return Redline(tuple(_spans(diff)), diff, _stats(diff))


def _spans(diff: Diff) -> Iterator[Span]:
    for stroke in diff.strokes:
        source = diff.before.text if stroke.kind in OLD_KINDS else diff.after.text
        yield Span(stroke.kind, stroke.layer, source[stroke.start : stroke.end], stroke.move)


def _stats(diff: Diff) -> Stats:
    counts = {SpanKind.DELETED: 0, SpanKind.INSERTED: 0, SpanKind.MOVED_HERE: 0, SpanKind.MOVED_AWAY: 0}
    runs, is_open = 0, False
    for stroke in diff.strokes:
        is_change = stroke.kind in _CHANGES and stroke.words > 0
        runs += is_change and not is_open
        is_open = is_change or (is_open and not _has_word(diff, stroke))
        if stroke.words:
            counts[stroke.kind] += stroke.words
    return Stats(counts[SpanKind.DELETED], counts[SpanKind.INSERTED], counts[SpanKind.MOVED_HERE], runs)


_CHANGES = frozenset({SpanKind.DELETED, SpanKind.INSERTED})
_WORD = re.compile(r"[^\W_]")


def _has_word(diff: Diff, stroke: Stroke) -> bool:
    """Whether a stretch that is no changed word parts two runs: it does when something in it is read."""
    if stroke.kind in _CHANGES:
        return False
    source = diff.before.text if stroke.kind in OLD_KINDS else diff.after.text
    return _WORD.search(source, stroke.start, stroke.end) is not None

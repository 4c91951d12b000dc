"""Diff → `Redline`: the two texts as one run of spans, for readers.

Kept, deleted and moved-away spans in order are the old text; kept, inserted and moved-here spans the new one;
byte for byte, always.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from notifier.diff import NEW_KINDS, OLD_KINDS, Diff, Layer, Move, Span, SpanKind
from notifier.diff.grouping import joined
from notifier.text.compared_text import LineNumbers, OwnDays

__all__ = ["NEW_KINDS", "OLD_KINDS", "Redline", "Span", "SpanKind", "Stats", "draw"]


class Stats(NamedTuple):
    """Words struck out, put in and moved; `runs` are maximal stretches of what is struck out and put in.

    The words of a link's target count: what it leads to is a change that a reader is shown, and only the part of a
    target that changed is counted. `words_in_links` says how many of the deleted and inserted ones they are, so that
    a reader of figures can tell a moved address from a changed sentence. Markup (wrapping, numbering, bullets,
    emphasis) and typography (quotes, dashes) hold no words, whatever letters they are written with.
    """

    words_deleted: int
    words_inserted: int
    words_moved: int
    runs: int
    words_in_links: int = 0


@dataclass(frozen=True, slots=True)
class Redline:
    """A diff drawn for readers."""

    spans: tuple[Span, ...]
    diff: Diff
    stats: Stats
    lines: tuple[LineNumbers, LineNumbers] = (LineNumbers(), LineNumbers())
    """How the lines of the old and the new text are counted in their files."""
    days: tuple[OwnDays, OwnDays] = ((), ())
    """The dates that are not compared, of either text: they are shown in their places, without a mark."""

    @property
    def moves(self) -> tuple[Move, ...]:
        return self.diff.moves

    def reject(self) -> str:
        """The old text."""
        return "".join(span.text for span in self.spans if span.kind in OLD_KINDS)

    def accept(self) -> str:
        """The new text."""
        return "".join(span.text for span in self.spans if span.kind in NEW_KINDS)


def draw(
    diff: Diff,
    lines: tuple[LineNumbers, LineNumbers] = (LineNumbers(), LineNumbers()),
    days: tuple[OwnDays, OwnDays] = ((), ()),
) -> Redline:
    """The diff as spans, and its figures."""
    spans = joined(diff)
    return Redline(spans, diff, _stats(spans), lines, days)


def _stats(spans: tuple[Span, ...]) -> Stats:
    counts = {SpanKind.DELETED: 0, SpanKind.INSERTED: 0, SpanKind.MOVED_HERE: 0, SpanKind.MOVED_AWAY: 0}
    runs, in_links, is_open = 0, 0, False
    for kind, layer, text, _, words in spans:
        if words:
            counts[kind] += words
            in_links += words if layer is Layer.LINKS else 0
        if words and kind in _CHANGES:
            runs += not is_open
            is_open = True
        elif is_open:
            is_open = kind in _CHANGES or _WORD.search(text) is None
    return Stats(counts[SpanKind.DELETED], counts[SpanKind.INSERTED], counts[SpanKind.MOVED_HERE], runs, in_links)


_CHANGES = frozenset({SpanKind.DELETED, SpanKind.INSERTED})
_WORD = re.compile(r"[^\W_]")
"""What parts two runs when it is kept or moved: something that is read."""

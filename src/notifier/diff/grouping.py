"""Changes that stand so close that a reader sees one are drawn as one.

Drawing only: the edits of the diff stay as they are, every one of them. What is kept between two changes on one layer
goes with them when it is nothing to read (a colon, a bracket), when it is a word or two in the quotes, emphasis or
link that changed around it, or a word or two between changes at least as long. Never a negation or a modal verb,
never from figure to figure, and never over the end of a sentence, a line or a cell. Nor is a replacement that goes
on into the next cell of a table drawn as one: it is cut there, and the border stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from notifier.diff import Diff
from notifier.diff.cleanup import MOST_SWALLOWED, PROTECTED
from notifier.diff.extents import Extents, extents_of
from notifier.diff.values import NEW_KINDS, OLD_KINDS, Layer, Span, SpanKind

_EDGE = re.compile(r"[\n|]|[.!?。！？][^\w\s]*(?:\s|$)|<br")
_BORDER = re.compile(r"(?<!\\)\|")
_LONGEST = 60
"""Characters of kept text looked at: what is longer has more than a word or two."""


@dataclass(slots=True)
class _Group:
    """A change as it is drawn: what is struck out, and what is put in after it."""

    layer: Layer
    lost: str = ""
    gained: str = ""
    words_lost: int = 0
    words_gained: int = 0
    is_joined: bool = False

    def take(self, span: Span) -> None:
        """Draw a span with this group."""
        if span.kind is SpanKind.DELETED:
            self.lost += span.text
            self.words_lost += span.words
        else:
            self.gained += span.text
            self.words_gained += span.words

    def join(self, kept: str, words: int, other: _Group) -> None:
        """Go on over kept text as far as the end of another group."""
        self.lost += kept + other.lost
        self.gained += kept + other.gained
        self.words_lost += words + other.words_lost
        self.words_gained += words + other.words_gained
        self.is_joined = True

    @property
    def length(self) -> int:
        """In words."""
        return max(self.words_lost, self.words_gained)

    @property
    def is_seen(self) -> bool:
        """Whether there is more to it than white space."""
        return bool(self.lost.strip() or self.gained.strip())

    @property
    def is_replacement(self) -> bool:
        return bool(self.lost and self.gained)

    @property
    def ends_a_line(self) -> bool:
        """Whether what follows is another line or cell, and no part of what a reader reads here."""
        return self.lost.endswith(("\n", "|")) or self.gained.endswith(("\n", "|"))

    @property
    def has_figure(self) -> bool:
        return any(map(str.isdigit, self.lost + self.gained))

    def spans(self) -> Iterator[Span]:
        """What it is drawn as."""
        if self.lost:
            yield Span(SpanKind.DELETED, self.layer, self.lost, None, self.words_lost)
        if self.gained:
            yield Span(SpanKind.INSERTED, self.layer, self.gained, None, self.words_gained)


class _Between(NamedTuple):
    """Anything else, and where it stands in the old text."""

    span: Span
    at: int


_Drawn = _Between | _Group


def joined(diff: Diff, layers: frozenset[Layer] = frozenset(Layer)) -> tuple[Span, ...]:
    """The spans with close changes on these layers drawn as one; the texts they stand for are the same as before."""
    spans, side = diff.spans, extents_of(diff.before)
    starts = [0, *accumulate(len(span.text) if span.kind in OLD_KINDS else 0 for span in spans)]
    out: list[Span] = []
    done = 0
    for low, high in _close(spans, layers):
        out += spans[done:low]
        out += _drawn([_Between(*pair) for pair in zip(spans[low:high], starts[low:high], strict=True)], layers, side)
        done = high
    return tuple(_in_cells((*out, *spans[done:]), side, extents_of(diff.after)))


def _in_cells(spans: tuple[Span, ...], old: Extents, new: Extents) -> Iterator[Span]:
    """The spans; a replacement with as many cell borders on both sides as one for each cell."""
    waiting: Span | None = None
    a = b = 0
    for span in spans:
        is_cut = waiting is not None and span.kind is SpanKind.INSERTED and span.layer is waiting.layer
        if waiting is not None and is_cut:
            yield from _Cells(old, new, a - len(waiting.text), b).spans(waiting, span)
        elif waiting is not None:
            yield waiting
        a += len(span.text) if span.kind in OLD_KINDS else 0
        b += len(span.text) if span.kind in NEW_KINDS else 0
        may_be_cut = span.kind is SpanKind.DELETED and span.layer is Layer.WORDS and "|" in span.text
        waiting = span if may_be_cut and span.move is None else None
        if waiting is None and not is_cut:
            yield span
    if waiting is not None:
        yield waiting


class _Cells:
    """Cuts a replacement that begins at two places of the texts at the borders of cells."""

    def __init__(self, old: Extents, new: Extents, a: int, b: int) -> None:
        self.old, self.new, self.a, self.b = old, new, a, b

    def spans(self, lost: Span, gained: Span) -> Iterator[Span]:
        """The replacement, cell by cell where both sides have as many."""
        olds, news = _BORDER.split(lost.text), _BORDER.split(gained.text)
        if gained.move is not None or [*map(_ends_a_row, olds)] != [*map(_ends_a_row, news)]:
            yield from (lost, gained)
            return
        for index, (old, new) in enumerate(zip(olds, news, strict=True)):
            if index:
                yield self._span(SpanKind.KEPT, "|")
            yield from self._cell(old, new)

    def _cell(self, old: str, new: str) -> Iterator[Span]:
        """What one cell is drawn as: the blanks at its borders stay where both texts have them."""
        before = old if old == new else _common_blanks(old, new)
        after = _common_blanks(old[len(before) :][::-1], new[len(before) :][::-1])[::-1]
        parts = (
            (SpanKind.KEPT, before),
            (SpanKind.DELETED, old[len(before) : len(old) - len(after)]),
            (SpanKind.INSERTED, new[len(before) : len(new) - len(after)]),
            (SpanKind.KEPT, after),
        )
        for kind, text in parts:
            if text:
                yield self._span(kind, text)

    def _span(self, kind: SpanKind, text: str) -> Span:
        words = 0
        if kind is SpanKind.DELETED:
            words = len(self.old.tokens(self.a, self.a + len(text)))
        elif kind is SpanKind.INSERTED:
            words = len(self.new.tokens(self.b, self.b + len(text)))
        self.a += len(text) if kind in OLD_KINDS else 0
        self.b += len(text) if kind in NEW_KINDS else 0
        return Span(kind, Layer.WORDS, text, None, words)


def _ends_a_row(cell: str) -> bool:
    return "\n" in cell


def _common_blanks(one: str, other: str) -> str:
    """The blanks with which both begin."""
    blanks = one[: len(one) - len(one.lstrip())]
    return blanks if other.startswith(blanks) else ""


def _close(spans: Sequence[Span], layers: frozenset[Layer]) -> Iterator[tuple[int, int]]:
    """The stretches with changes close enough to be looked at: most texts have few."""
    low = high = 0
    for at in range(1, len(spans) - 1):
        kind, _, text, _, _ = spans[at]
        if kind is not SpanKind.KEPT or len(text) > _LONGEST:
            continue
        before, after = spans[at - 1], spans[at + 1]
        if before.layer is not after.layer or before.layer not in layers:
            continue
        if before.kind is SpanKind.KEPT or after.kind is SpanKind.KEPT:
            continue
        if before.text.isspace() and after.text.isspace():
            continue
        start, end = at - 1, at + 2
        while start > high and spans[start - 1].kind is not SpanKind.KEPT:
            start -= 1
        while end < len(spans) and spans[end].kind is not SpanKind.KEPT:
            end += 1
        if start > high:
            if high:
                yield low, high
            low = start
        high = end
    if high:
        yield low, high


def _drawn(spans: Sequence[_Between], layers: frozenset[Layer], side: Extents) -> Iterator[Span]:
    out: list[_Drawn] = []
    for drawn in _groups(spans, layers):
        if isinstance(drawn, _Group) and len(out) > 1:
            before, kept = out[-2], out[-1]
            if isinstance(before, _Group) and isinstance(kept, _Between):
                words = _words_if_one(before, kept, drawn, side)
                if words is not None:
                    out.pop()
                    before.join(kept.span.text, words if drawn.layer is Layer.WORDS else 0, drawn)
                    continue
        out.append(drawn)
    for drawn in out:
        yield from drawn.spans() if isinstance(drawn, _Group) else (drawn.span,)


def _groups(spans: Sequence[_Between], layers: frozenset[Layer]) -> Iterator[_Drawn]:
    """Each change on these layers with the one it stands beside, outside moves; everything else as it is."""
    group: _Group | None = None
    for between in spans:
        span = between.span
        if span.kind is SpanKind.KEPT or span.move is not None or span.layer not in layers:
            if group is not None:
                yield group
            group = None
            yield between
            continue
        if group is not None and group.layer is not span.layer:
            yield group
            group = None
        group = group or _Group(span.layer)
        group.take(span)
    if group is not None:
        yield group


def _words_if_one(before: _Group, between: _Between, after: _Group, side: Extents) -> int | None:
    """How many words stand between two groups that are drawn as one with them; None where they are two."""
    kept = between.span
    if kept.kind is not SpanKind.KEPT or before.layer is not after.layer or len(kept.text) > _LONGEST:
        return None
    if not (before.is_seen and after.is_seen) or _EDGE.search(kept.text) or before.ends_a_line:
        return None
    words = side.tokens(between.at, between.at + len(kept.text))
    if not words:
        return 0
    if len(words) > MOST_SWALLOWED or any(word.lower() in PROTECTED for word in words):
        return None
    if before.layer is not Layer.WORDS:
        return None if before.is_joined else len(words)
    if before.has_figure and after.has_figure:
        return None
    is_short = len(words) <= min(before.length, after.length)
    return len(words) if is_short and (before.is_replacement or after.is_replacement) else None

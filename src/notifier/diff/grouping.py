"""Spans → strokes: changes that stand so close that a reader sees one are drawn as one.

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

from notifier.diff import Layer, Span, SpanKind
from notifier.diff.cleanup import MOST_SWALLOWED, PROTECTED
from notifier.diff.words import words_of

_EDGE = re.compile(r"[\n|]|[.!?。！？][^\w\s]*(?:\s|$)|<br")
_BORDER = re.compile(r"(?<!\\)\|")
_LONGEST = 60
"""Characters of kept text looked at: what is longer has more than a word or two."""


@dataclass(slots=True)
class _Stroke:
    """A change as it is drawn: what is struck out, and what is put in after it."""

    layer: Layer
    lost: str = ""
    gained: str = ""
    words_lost: int = 0
    words_gained: int = 0
    is_joined: bool = False

    def take(self, span: Span) -> None:
        """Draw a span with this stroke."""
        if span.kind is SpanKind.DELETED:
            self.lost += span.text
            self.words_lost += span.words
        else:
            self.gained += span.text
            self.words_gained += span.words

    def join(self, kept: str, words: int, other: _Stroke) -> None:
        """Go on over kept text as far as the end of another stroke."""
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


_Drawn = Span | _Stroke


def joined(spans: Sequence[Span], layers: frozenset[Layer] = frozenset(Layer)) -> tuple[Span, ...]:
    """The spans with close changes on these layers drawn as one; the texts they stand for are the same as before."""
    out: list[Span] = []
    done = 0
    for low, high in _close(spans, layers):
        out += spans[done:low]
        out += _drawn(spans[low:high], layers)
        done = high
    return tuple(_in_cells((*out, *spans[done:])))


def _in_cells(spans: tuple[Span, ...]) -> Iterator[Span]:
    """The spans; a replacement with as many cell borders on both sides as one for each cell."""
    waiting: Span | None = None
    for span in spans:
        if waiting is not None and span.kind is SpanKind.INSERTED and span.layer is waiting.layer:
            yield from _cell_by_cell(waiting, span)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        is_cut = span.kind is SpanKind.DELETED and span.layer is Layer.WORDS and "|" in span.text
        waiting = span if is_cut and span.move is None else None
        if waiting is None:
            yield span
    if waiting is not None:
        yield waiting


def _cell_by_cell(lost: Span, gained: Span) -> Iterator[Span]:
    olds, news = _BORDER.split(lost.text), _BORDER.split(gained.text)
    if gained.move is not None or [*map(_ends_a_row, olds)] != [*map(_ends_a_row, news)]:
        yield from (lost, gained)
        return
    for index, (old, new) in enumerate(zip(olds, news, strict=True)):
        if index:
            yield Span(SpanKind.KEPT, Layer.WORDS, "|")
        yield from _cell(old, new)


def _ends_a_row(cell: str) -> bool:
    return "\n" in cell


def _cell(old: str, new: str) -> Iterator[Span]:
    """What one cell is drawn as: the blanks at its borders stay where both texts have them."""
    before = old if old == new else _common_blanks(old, new)
    after = _common_blanks(old[len(before) :][::-1], new[len(before) :][::-1])[::-1]
    pieces = (
        (SpanKind.KEPT, before),
        (SpanKind.DELETED, old[len(before) : len(old) - len(after)]),
        (SpanKind.INSERTED, new[len(before) : len(new) - len(after)]),
        (SpanKind.KEPT, after),
    )
    for kind, text in pieces:
        if text:
            yield Span(kind, Layer.WORDS, text, None, 0 if kind is SpanKind.KEPT else len(words_of(text).keys))


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


def _drawn(spans: Sequence[Span], layers: frozenset[Layer]) -> Iterator[Span]:
    out: list[_Drawn] = []
    for drawn in _strokes(spans, layers):
        if isinstance(drawn, _Stroke) and len(out) > 1:
            before, kept = out[-2], out[-1]
            if isinstance(before, _Stroke) and isinstance(kept, Span) and _are_one(before, kept, drawn):
                out.pop()
                before.join(kept.text, _words_in(kept.text, drawn.layer), drawn)
                continue
        out.append(drawn)
    for drawn in out:
        yield from drawn.spans() if isinstance(drawn, _Stroke) else (drawn,)


def _strokes(spans: Sequence[Span], layers: frozenset[Layer]) -> Iterator[_Drawn]:
    """Each change on these layers with the one it stands beside, outside moves; everything else as it is."""
    open_stroke: _Stroke | None = None
    for span in spans:
        if span.kind is SpanKind.KEPT or span.move is not None or span.layer not in layers:
            if open_stroke is not None:
                yield open_stroke
            open_stroke = None
            yield span
            continue
        if open_stroke is not None and open_stroke.layer is not span.layer:
            yield open_stroke
            open_stroke = None
        open_stroke = open_stroke or _Stroke(span.layer)
        open_stroke.take(span)
    if open_stroke is not None:
        yield open_stroke


def _are_one(before: _Stroke, kept: Span, after: _Stroke) -> bool:
    """Whether what is kept between two strokes is drawn with them."""
    if kept.kind is not SpanKind.KEPT or before.layer is not after.layer or len(kept.text) > _LONGEST:
        return False
    if not (before.is_seen and after.is_seen) or _EDGE.search(kept.text):
        return False
    if before.ends_a_line:
        return False
    words = words_of(kept.text).keys
    if not words:
        return True
    if len(words) > MOST_SWALLOWED or any(word.lower() in PROTECTED for word in words):
        return False
    if before.layer is not Layer.WORDS:
        return not before.is_joined
    if before.has_figure and after.has_figure:
        return False
    return len(words) <= min(before.length, after.length) and (before.is_replacement or after.is_replacement)


def _words_in(kept: str, layer: Layer) -> int:
    """The words of kept text count where words are what changed around them."""
    return len(words_of(kept).keys) if layer is Layer.WORDS else 0

"""An alignment → spans and changes that cover both texts to the last character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter

from notifier.diff.align import align
from notifier.diff.compared import compared
from notifier.diff.join import Group
from notifier.diff.pieces import NARROWED, Piece, narrowed
from notifier.diff.reflow import Cut, reflowed
from notifier.diff.values import Layer, Span, SpanKind
from notifier.diff.words import Side, count_target_words, count_words, side_of
from notifier.text.document import Document


@dataclass(slots=True)
class Assembly:
    """What came of two documents: spans in order, the changes behind them, and the stretches that moved."""

    spans: list[Span] = field(default_factory=list)
    changes: list[Piece] = field(default_factory=list)
    moves: list[Piece] = field(default_factory=list)
    budget_reached: bool = False


def assemble(before: Document, after: Document) -> Assembly:
    """Align two documents and write down what became of every character."""
    return _Assembler(side_of(before), side_of(after)).assemble()


class _Assembler:
    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.out = Assembly()
        self.away: dict[int, list[Span]] = {}
        self.here: dict[int, list[Span]] = {}

    def assemble(self) -> Assembly:
        alignment = align(self.old, self.new)
        self.out.budget_reached = alignment.budget_reached
        for run in alignment.moves:
            self._move(run)
        sequence = list(merged(self._sequence(alignment.groups), self.old.text, self.new.text))
        sequence, cuts = reflowed(self.old.text, self.new.text, sequence, len(self.out.moves))
        self.out.moves += cuts.moves
        for at, piece in enumerate(sequence):
            self._write(piece, cuts.old.get(at, []), cuts.new.get(at, []))
        if self.out.moves:
            self.out.changes.sort(key=attrgetter("b0", "a0"))
        return self.out

    def _sequence(self, groups: list[Group]) -> Iterator[Piece | Span]:
        """Both texts in reading order: before each group what went out, then what came in."""
        a = b = 0
        for group in [*groups, Group(len(self.old.raw), 0, len(self.new.raw), 0)]:
            yield from self._left_over_old(a, group.a0, b)
            yield from self._left_over_new(b, group.b0, group.a0)
            if group.a1:
                yield from self._pieces(group)
            a, b = group.a1, group.b1

    def _left_over_old(self, a: int, a_to: int, b: int) -> Iterator[Piece | Span]:
        at = self.new.cuts[b]
        for i in range(a, a_to):
            if i in self.away:
                yield from self.away[i]
            else:
                yield Piece(_layer(self.old, i), self.old.cuts[i], self.old.cuts[i + 1], at, at, self.old.size(i), 0)

    def _left_over_new(self, b: int, b_to: int, a: int) -> Iterator[Piece | Span]:
        at = self.old.cuts[a]
        for j in range(b, b_to):
            if j in self.here:
                yield from self.here[j]
            else:
                yield Piece(_layer(self.new, j), at, at, self.new.cuts[j], self.new.cuts[j + 1], 0, self.new.size(j))

    def _pieces(self, group: Group) -> list[Piece]:
        old, new = self.old, self.new
        a0, a1, b0, b1 = old.cuts[group.a0], old.cuts[group.a1], new.cuts[group.b0], new.cuts[group.b1]
        if old.text[a0:a1] == new.text[b0:b1]:
            return [Piece(None, a0, a1, b0, b1)]
        one, other = old.joined(group.a0, group.a1), new.joined(group.b0, group.b1)
        pieces, is_cut_short = compared(one, other, a0, b0)
        self.out.budget_reached |= is_cut_short
        return pieces

    def _move(self, run: list[Group]) -> None:
        """Draw a moved run at both its places; what was edited inside it are changes of their own."""
        number, first, last = len(self.out.moves), run[0], run[-1]
        old, new = self.old.cuts, self.new.cuts
        self.out.moves.append(Piece(None, old[first.a0], old[last.a1], new[first.b0], new[last.b1]))
        for group in run:
            sequence = merged(self._pieces(group), self.old.text, self.new.text)
            pieces = [piece for piece in sequence if isinstance(piece, Piece)]
            self.out.changes += [piece._replace(in_move=True) for piece in pieces if piece.layer is not None]
            drawn = [part for piece in pieces for part in narrowed(piece, self.old.text, self.new.text)]
            self.away[group.a0] = list(_spans_away(drawn, number, self.old.text))
            self.here[group.b0] = list(_spans_here(drawn, number, self.new.text))

    def _write(self, piece: Piece | Span, lost: list[Cut], gained: list[Cut]) -> None:
        if isinstance(piece, Span):
            self.out.spans.append(piece)
        elif piece.layer is None:
            self._draw(piece)
        elif lost or gained:
            self._write_cut(piece, piece.layer, lost, gained)
        else:
            self.out.changes.append(piece)
            if piece.layer in NARROWED:
                for part in narrowed(piece, self.old.text, self.new.text):
                    self._draw(part)
            else:
                self._draw(piece)

    def _draw(self, piece: Piece) -> None:
        layer, a0, a1, b0, b1, lost, gained, _ = piece
        if layer is None:
            make = _short_span if a1 - a0 <= _SHORT else Span
            self.out.spans.append(make(SpanKind.KEPT, Layer.WORDS, self.old.text[a0:a1], None, 0))
            return
        if layer is Layer.LINKS:
            lost, gained = count_target_words(self.old.text[a0:a1]), count_target_words(self.new.text[b0:b1])
        make = _short_span if a1 - a0 + b1 - b0 <= _SHORT else Span
        if a0 < a1:
            self.out.spans.append(make(SpanKind.DELETED, layer, self.old.text[a0:a1], None, lost))
        if b0 < b1:
            self.out.spans.append(make(SpanKind.INSERTED, layer, self.new.text[b0:b1], None, gained))

    def _write_cut(self, piece: Piece, layer: Layer, lost: list[Cut], gained: list[Cut]) -> None:
        """A change with sentences in it that moved: what is left of it is the change."""
        left_old = self._draw_cut(layer, (SpanKind.DELETED, SpanKind.MOVED_AWAY), piece.a0, piece.a1, lost)
        left_new = self._draw_cut(layer, (SpanKind.INSERTED, SpanKind.MOVED_HERE), piece.b0, piece.b1, gained)
        if len(left_old) == len(left_new) == 1:
            a, b = left_old[0], left_new[0]
            if self.old.text[slice(*a)] != self.new.text[slice(*b)]:
                self.out.changes.append(Piece(layer, *a, *b))
                return
        self.out.changes += [Piece(layer, start, end, piece.b1, piece.b1) for start, end in left_old]
        self.out.changes += [Piece(layer, piece.a1, piece.a1, start, end) for start, end in left_new]

    def _draw_cut(
        self, layer: Layer, kinds: tuple[SpanKind, SpanKind], at: int, end: int, cuts: list[Cut]
    ) -> list[tuple[int, int]]:
        """Draw one side of a change around its moved sentences; the stretches with something to read in between."""
        text = self.old.text if kinds[0] is SpanKind.DELETED else self.new.text
        left: list[tuple[int, int]] = []
        for start, stop, move in [*cuts, Cut(end, end, -1)]:
            self._span(kinds[0], layer, text[at:start])
            if text[at:start].strip():
                left.append((at, start))
            self._span(kinds[1], layer, text[start:stop], move)
            at = stop
        return left

    def _span(self, kind: SpanKind, layer: Layer, text: str, move: int | None = None) -> None:
        if text:
            self.out.spans.append(_changed(kind, layer, text, move, count_words(text)))


_SHORT = 16
"""Characters; a span holds no place, so that all the short ones that say the same can be one value."""
_short_span = lru_cache(maxsize=4096)(Span)


def _changed(kind: SpanKind, layer: Layer, text: str, move: int | None, words: int) -> Span:
    """A span that is struck out or put in; on the layer of links the words are those of the target."""
    return Span(kind, layer, text, move, count_target_words(text) if layer is Layer.LINKS else words)


_LEADS_SOMEWHERE = re.compile(r"\]:|\]\(|://")


def _layer(side: Side, index: int) -> Layer:
    if side.stream(index).keys:
        return Layer.WORDS
    return Layer.LINKS if _LEADS_SOMEWHERE.search(side.raw[index]) else Layer.MARKUP


def merged(sequence: Iterable[Piece | Span], old: str, new: str) -> Iterator[Piece | Span]:
    """The sequence without empty pieces, neighbours made one where a reader sees one."""
    last: Piece | None = None
    for piece in _without_nothing_done(sequence, old, new):
        if isinstance(piece, Span):
            if last is not None:
                yield last
            last = None
            yield piece
        elif piece.a0 < piece.a1 or piece.b0 < piece.b1:
            if last is not None and last.layer is None and piece.layer is None:
                last = Piece(None, last.a0, piece.a1, last.b0, piece.b1)
                continue
            both = _as_one(last, piece, old, new) if last is not None and last.layer and piece.layer else None
            if last is not None and both is None:
                yield last
            last = both or piece
    if last is not None:
        yield last


def _without_nothing_done(sequence: Iterable[Piece | Span], old: str, new: str) -> Iterator[Piece | Span]:
    """The sequence; what was taken out right beside where the same was put in has stayed."""
    run: list[Piece] = []
    for piece in sequence:
        if isinstance(piece, Span) or piece.layer is None:
            if isinstance(piece, Piece) and piece.a0 == piece.a1 and piece.b0 == piece.b1:
                continue
            yield from _undone(run, old, new)
            run = []
            yield piece
        else:
            run.append(piece)
    yield from _undone(run, old, new)


def _undone(run: list[Piece], old: str, new: str) -> list[Piece]:
    """Changes side by side, or one piece that stayed where together they come to nothing."""
    if len(run) < 2:
        return run
    a0, a1, b0, b1 = run[0].a0, run[-1].a1, run[0].b0, run[-1].b1
    return [Piece(None, a0, a1, b0, b1)] if old[a0:a1] == new[b0:b1] else run


def _as_one(one: Piece, two: Piece, old: str, new: str) -> Piece | None:
    """Two changes as one: blanks that came in or went out with what stands beside them."""
    is_one_way = (one.a0 == two.a1) or (one.b0 == two.b1)
    if not is_one_way:
        return None
    for blank, other in ((one, two), (two, one)):
        if blank.layer is Layer.MARKUP and _is_blank(blank, old, new):
            return Piece(other.layer, one.a0, two.a1, one.b0, two.b1, other.lost, other.gained)
    return None


def _is_blank(piece: Piece, old: str, new: str) -> bool:
    return not (old[piece.a0 : piece.a1].strip() or new[piece.b0 : piece.b1].strip())


def _spans_away(pieces: list[Piece], move: int, old: str) -> Iterator[Span]:
    for layer, start, end, _, _, lost, *_ in pieces:
        if start < end and layer is None:
            yield Span(SpanKind.MOVED_AWAY, Layer.WORDS, old[start:end], move, count_words(old[start:end]))
        elif start < end and layer is not None:
            yield _changed(SpanKind.DELETED, layer, old[start:end], move, lost)


def _spans_here(pieces: list[Piece], move: int, new: str) -> Iterator[Span]:
    for layer, _, _, start, end, _, gained, _ in pieces:
        if start < end and layer is None:
            yield Span(SpanKind.MOVED_HERE, Layer.WORDS, new[start:end], move, count_words(new[start:end]))
        elif start < end and layer is not None:
            yield _changed(SpanKind.INSERTED, layer, new[start:end], move, gained)

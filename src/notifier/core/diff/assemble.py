"""An alignment → strokes and edits that cover both texts to the last character."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from notifier.core.diff.align import Group, align
from notifier.core.diff.cleanup import clean
from notifier.core.diff.engine import Match, matches_of
from notifier.core.diff.pieces import Piece, pieces_of
from notifier.core.diff.values import Layer, SpanKind, Stroke
from notifier.core.diff.words import Side, side_of
from notifier.core.document import Document

MOST_WORD_CELLS = 64_000_000


@dataclass(slots=True)
class Assembly:
    """What came of two documents: strokes in order, the changes behind them, and the stretches that moved."""

    strokes: list[Stroke] = field(default_factory=list)
    changes: list[tuple[Piece, int | None]] = field(default_factory=list)
    moves: list[Piece] = field(default_factory=list)
    budget_reached: bool = False


def assemble(before: Document, after: Document) -> Assembly:
    """Align two documents and write down what became of every character."""
    return _Assembler(side_of(before), side_of(after)).assemble()


class _Assembler:
    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.out = Assembly()

    def assemble(self) -> Assembly:
        alignment = align(self.old, self.new)
        self.out.budget_reached = alignment.budget_reached
        away, here = self._moved(alignment.moves)
        end = Group(len(self.old.raw), 0, len(self.new.raw), 0)
        a = b = 0
        pending: list[Piece] = []
        for group in [*alignment.groups, end]:
            for piece in self._left_over(a, group.a0, b, group.b0, away, here):
                if isinstance(piece, Stroke):
                    self._write(pending)
                    pending = []
                    self.out.strokes.append(piece)
                else:
                    pending.append(piece)
            if group is not end:
                pending += self._pieces(group)
            a, b = group.a1, group.b1
        self._write(pending)
        return self.out

    def _left_over(
        self, a: int, a_to: int, b: int, b_to: int, away: dict[int, list[Stroke]], here: dict[int, list[Stroke]]
    ) -> Iterator[Piece | Stroke]:
        """What went out or moved away between two groups, then what came in or moved here."""
        at = self.new.cuts[b]
        for i in range(a, a_to):
            if i in away:
                yield from away[i]
            else:
                yield Piece(self._layer(self.old, i), self.old.cuts[i], self.old.cuts[i + 1], at, at)
        at = self.old.cuts[a_to]
        for j in range(b, b_to):
            if j in here:
                yield from here[j]
            else:
                yield Piece(self._layer(self.new, j), at, at, self.new.cuts[j], self.new.cuts[j + 1])

    def _layer(self, side: Side, index: int) -> Layer:
        if side.stream(index).keys:
            return Layer.WORDS
        return Layer.LINKS if "]:" in side.raw[index] else Layer.MARKUP

    def _pieces(self, group: Group) -> list[Piece]:
        old, new = self.old, self.new
        a0, a1, b0, b1 = old.cuts[group.a0], old.cuts[group.a1], new.cuts[group.b0], new.cuts[group.b1]
        if old.text[a0:a1] == new.text[b0:b1]:
            return [Piece(None, a0, a1, b0, b1)]
        one, other = old.joined(group.a0, group.a1), new.joined(group.b0, group.b1)
        if one.keys == other.keys:
            matches = [Match(0, 0, len(one.keys))] if one.keys else []
        elif len(one.keys) * len(other.keys) > MOST_WORD_CELLS:
            self.out.budget_reached = True
            matches = []
        else:
            matches = clean(one, other, matches_of(one.keys, other.keys))
        return pieces_of(one, other, matches, a0, b0)

    def _moved(self, moves: list[list[Group]]) -> tuple[dict[int, list[Stroke]], dict[int, list[Stroke]]]:
        away: dict[int, list[Stroke]] = {}
        here: dict[int, list[Stroke]] = {}
        for number, run in enumerate(moves):
            first, last = run[0], run[-1]
            old, new = self.old.cuts, self.new.cuts
            self.out.moves.append(Piece(None, old[first.a0], old[last.a1], new[first.b0], new[last.b1]))
            for group in run:
                pieces = list(merged(self._pieces(group)))
                self.out.changes += [(piece, number) for piece in pieces if piece.layer is not None]
                away[group.a0] = list(_strokes_away(pieces, number))
                here[group.b0] = list(_strokes_here(pieces, number))
        return away, here

    def _write(self, pieces: list[Piece]) -> None:
        for piece in merged(pieces):
            if piece.layer is None:
                self.out.strokes.append(Stroke(SpanKind.KEPT, Layer.WORDS, piece.a0, piece.a1))
                continue
            self.out.changes.append((piece, None))
            if piece.a0 < piece.a1:
                self.out.strokes.append(Stroke(SpanKind.DELETED, piece.layer, piece.a0, piece.a1))
            if piece.b0 < piece.b1:
                self.out.strokes.append(Stroke(SpanKind.INSERTED, piece.layer, piece.b0, piece.b1))


def merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Pieces without the empty ones, kept neighbours made one."""
    last: Piece | None = None
    for piece in pieces:
        if piece.a0 == piece.a1 and piece.b0 == piece.b1:
            continue
        if last is not None and last.layer is None and piece.layer is None:
            last = Piece(None, last.a0, piece.a1, last.b0, piece.b1)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _strokes_away(pieces: list[Piece], move: int) -> Iterator[Stroke]:
    for piece in pieces:
        kind = SpanKind.MOVED_AWAY if piece.layer is None else SpanKind.DELETED
        if piece.a0 < piece.a1:
            yield Stroke(kind, piece.layer or Layer.WORDS, piece.a0, piece.a1, move)


def _strokes_here(pieces: list[Piece], move: int) -> Iterator[Stroke]:
    for piece in pieces:
        kind = SpanKind.MOVED_HERE if piece.layer is None else SpanKind.INSERTED
        if piece.b0 < piece.b1:
            yield Stroke(kind, piece.layer or Layer.WORDS, piece.b0, piece.b1, move)

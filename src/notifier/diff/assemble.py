"""An alignment → spans and changes that cover both texts to the last character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter

from notifier.diff.align import align
from notifier.diff.extents import Extents, extents_of
from notifier.diff.gap_atoms import atoms
from notifier.diff.join import Group
from notifier.diff.opcodes import NARROWED, Opcode, Sides, compared, narrowed
from notifier.diff.reflow import Cut, reflowed
from notifier.diff.values import Layer, Span, SpanKind
from notifier.text.document import Document


@dataclass(slots=True)
class Assembly:
    """What came of two documents: spans in order, the changes behind them, and the stretches that moved."""

    spans: list[Span] = field(default_factory=list)
    changes: list[Opcode] = field(default_factory=list)
    moves: list[Opcode] = field(default_factory=list)
    budget_reached: bool = False


def assemble(before: Document, after: Document) -> Assembly:
    """Align two documents and write down what became of every character."""
    return _Assembler(Sides(extents_of(before), extents_of(after))).assemble()


class _Assembler:
    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        self.old, self.new = sides
        self.out = Assembly()
        self.away: dict[int, list[Span]] = {}
        self.here: dict[int, list[Span]] = {}

    def assemble(self) -> Assembly:
        alignment = align(self.old, self.new)
        self.out.budget_reached = alignment.budget_reached
        for run in alignment.moves:
            self._move(run)
        sequence = list(merged(self._sequence(alignment.groups), self.sides))
        sequence, cuts = reflowed(self.sides, sequence, len(self.out.moves))
        self.out.moves += cuts.moves
        for at, opcode in enumerate(sequence):
            self._write(opcode, cuts.old.get(at, []), cuts.new.get(at, []))
        if self.out.moves:
            self.out.changes.sort(key=attrgetter("b0", "a0"))
        return self.out

    def _sequence(self, groups: list[Group]) -> Iterator[Opcode | Span]:
        """Both texts in reading order: before each group what went out, then what came in."""
        a = b = 0
        for group in [*groups, Group(len(self.old.raw), 0, len(self.new.raw), 0)]:
            yield from self._left_over_old(a, group.a0, b)
            yield from self._left_over_new(b, group.b0, group.a0)
            if group.a1:
                yield from self._opcodes(group)
            a, b = group.a1, group.b1

    def _left_over_old(self, a: int, a_to: int, b: int) -> Iterator[Opcode | Span]:
        at = self.new.cuts[b]
        for i in range(a, a_to):
            if i in self.away:
                yield from self.away[i]
            else:
                yield Opcode(_layer(self.old, i), self.old.cuts[i], self.old.cuts[i + 1], at, at, self.old.size(i), 0)

    def _left_over_new(self, b: int, b_to: int, a: int) -> Iterator[Opcode | Span]:
        at = self.old.cuts[a]
        for j in range(b, b_to):
            if j in self.here:
                yield from self.here[j]
            else:
                yield Opcode(_layer(self.new, j), at, at, self.new.cuts[j], self.new.cuts[j + 1], 0, self.new.size(j))

    def _opcodes(self, group: Group) -> list[Opcode]:
        old, new = self.old, self.new
        a0, a1, b0, b1 = old.cuts[group.a0], old.cuts[group.a1], new.cuts[group.b0], new.cuts[group.b1]
        if old.wholes[group.a0 : group.a1] == new.wholes[group.b0 : group.b1]:
            return [Opcode(None, a0, a1, b0, b1)]
        one, other = old.joined(group.a0, group.a1), new.joined(group.b0, group.b1)
        opcodes, is_cut_short = compared(self.sides, one, other, a0, b0)
        self.out.budget_reached |= is_cut_short
        return opcodes

    def _move(self, run: list[Group]) -> None:
        """Draw a moved run at both its places; what was edited inside it are changes of their own."""
        number, first, last = len(self.out.moves), run[0], run[-1]
        old, new = self.old.cuts, self.new.cuts
        self.out.moves.append(Opcode(None, old[first.a0], old[last.a1], new[first.b0], new[last.b1]))
        for group in run:
            sequence = merged(self._opcodes(group), self.sides)
            opcodes = [opcode for opcode in sequence if isinstance(opcode, Opcode)]
            self.out.changes += [opcode._replace(in_move=True) for opcode in opcodes if opcode.layer is not None]
            drawn = [part for opcode in opcodes for part in narrowed(opcode, self.old.text, self.new.text)]
            self.away[group.a0] = list(_spans_away(drawn, number, self.old))
            self.here[group.b0] = list(_spans_here(drawn, number, self.new))

    def _write(self, opcode: Opcode | Span, lost: list[Cut], gained: list[Cut]) -> None:
        if isinstance(opcode, Span):
            self.out.spans.append(opcode)
        elif opcode.layer is None:
            self._draw(opcode)
        elif lost or gained:
            self._write_cut(opcode, opcode.layer, lost, gained)
        else:
            self.out.changes.append(opcode)
            if opcode.layer in NARROWED:
                for part in narrowed(opcode, self.old.text, self.new.text):
                    self._draw(part)
            else:
                self._draw(opcode)

    def _draw(self, opcode: Opcode) -> None:
        layer, a0, a1, b0, b1, lost, gained, _ = opcode
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

    def _write_cut(self, opcode: Opcode, layer: Layer, lost: list[Cut], gained: list[Cut]) -> None:
        """A change with sentences in it that moved: what is left of it is the change."""
        left_old = self._draw_cut(layer, (SpanKind.DELETED, SpanKind.MOVED_AWAY), opcode.a0, opcode.a1, lost)
        left_new = self._draw_cut(layer, (SpanKind.INSERTED, SpanKind.MOVED_HERE), opcode.b0, opcode.b1, gained)
        if len(left_old) == len(left_new) == 1:
            a, b = left_old[0], left_new[0]
            if self.old.text[slice(*a)] != self.new.text[slice(*b)]:
                self.out.changes.append(Opcode(layer, *a, *b))
                return
        self.out.changes += [Opcode(layer, start, end, opcode.b1, opcode.b1) for start, end in left_old]
        self.out.changes += [Opcode(layer, opcode.a1, opcode.a1, start, end) for start, end in left_new]

    def _draw_cut(
        self, layer: Layer, kinds: tuple[SpanKind, SpanKind], at: int, end: int, cuts: list[Cut]
    ) -> list[tuple[int, int]]:
        """Draw one side of a change around its moved sentences; the stretches with something to read in between."""
        side = self.old if kinds[0] is SpanKind.DELETED else self.new
        left: list[tuple[int, int]] = []
        for start, stop, move in [*cuts, Cut(end, end, -1)]:
            self._span(kinds[0], layer, side, at, start)
            if side.text[at:start].strip():
                left.append((at, start))
            self._span(kinds[1], layer, side, start, stop, move)
            at = stop
        return left

    def _span(self, kind: SpanKind, layer: Layer, side: Extents, start: int, end: int, move: int | None = None) -> None:
        if start < end:
            words = len(side.tokens(start, end))
            self.out.spans.append(_changed(kind, layer, side.text[start:end], move, words))


_SHORT = 16
"""Characters; a span holds no place, so that all the short ones that say the same can be one value."""
_short_span = lru_cache(maxsize=4096)(Span)


def _changed(kind: SpanKind, layer: Layer, text: str, move: int | None, words: int) -> Span:
    """A span that is struck out or put in; on the layer of links the words are those of the target."""
    return Span(kind, layer, text, move, count_target_words(text) if layer is Layer.LINKS else words)


_TARGET_WORD = re.compile(r"\w+(?:[.\-]\w+)*")


def count_target_words(target: str) -> int:
    """How many words a link's target, or a part of one, has: `](https://a.example/x)` has three."""
    return len(_TARGET_WORD.findall(target))


def _layer(side: Extents, index: int) -> Layer:
    """The layer of an extent that came or went whole."""
    if side.stream(index).keys:
        return Layer.WORDS
    block = side.blocks[index]
    layers = {atom.layer for atom in atoms(side, block.start, block.end, starts_line=True)}
    return next((layer for layer in (Layer.WORDS, Layer.LINKS) if layer in layers), Layer.MARKUP)


def merged(sequence: Iterable[Opcode | Span], sides: Sides) -> Iterator[Opcode | Span]:
    """The sequence without empty opcodes, neighbours made one where a reader sees one."""
    last: Opcode | None = None
    for opcode in _without_nothing_done(sequence, sides):
        if isinstance(opcode, Span):
            if last is not None:
                yield last
            last = None
            yield opcode
        elif opcode.a0 < opcode.a1 or opcode.b0 < opcode.b1:
            if last is not None and last.layer is None and opcode.layer is None:
                last = Opcode(None, last.a0, opcode.a1, last.b0, opcode.b1)
                continue
            both = _as_one(last, opcode, sides) if last is not None and last.layer and opcode.layer else None
            if last is not None and both is None:
                yield last
            last = both or opcode
    if last is not None:
        yield last


def _without_nothing_done(sequence: Iterable[Opcode | Span], sides: Sides) -> Iterator[Opcode | Span]:
    """The sequence; what was taken out right beside where the same was put in has stayed."""
    run: list[Opcode] = []
    for opcode in sequence:
        if isinstance(opcode, Span) or opcode.layer is None:
            if isinstance(opcode, Opcode) and opcode.a0 == opcode.a1 and opcode.b0 == opcode.b1:
                continue
            yield from _undone(run, sides)
            run = []
            yield opcode
        else:
            run.append(opcode)
    yield from _undone(run, sides)


def _undone(run: list[Opcode], sides: Sides) -> list[Opcode]:
    """Changes side by side, or one opcode that stayed where together they come to nothing."""
    if len(run) < 2:
        return run
    a0, a1, b0, b1 = run[0].a0, run[-1].a1, run[0].b0, run[-1].b1
    return [Opcode(None, a0, a1, b0, b1)] if sides.are_same(a0, a1, b0, b1) else run


def _as_one(one: Opcode, two: Opcode, sides: Sides) -> Opcode | None:
    """Two changes as one: blanks that came in or went out with what stands beside them."""
    is_one_way = (one.a0 == two.a1) or (one.b0 == two.b1)
    if not is_one_way:
        return None
    for blank, other in ((one, two), (two, one)):
        if blank.layer is Layer.MARKUP and _is_blank(blank, sides):
            return Opcode(other.layer, one.a0, two.a1, one.b0, two.b1, other.lost, other.gained)
    return None


def _is_blank(opcode: Opcode, sides: Sides) -> bool:
    return not (sides.old.text[opcode.a0 : opcode.a1].strip() or sides.new.text[opcode.b0 : opcode.b1].strip())


def _spans_away(opcodes: list[Opcode], move: int, old: Extents) -> Iterator[Span]:
    for layer, start, end, _, _, lost, *_ in opcodes:
        if start < end and layer is None:
            yield Span(SpanKind.MOVED_AWAY, Layer.WORDS, old.text[start:end], move, len(old.tokens(start, end)))
        elif start < end and layer is not None:
            yield _changed(SpanKind.DELETED, layer, old.text[start:end], move, lost)


def _spans_here(opcodes: list[Opcode], move: int, new: Extents) -> Iterator[Span]:
    for layer, _, _, start, end, _, gained, _ in opcodes:
        if start < end and layer is None:
            yield Span(SpanKind.MOVED_HERE, Layer.WORDS, new.text[start:end], move, len(new.tokens(start, end)))
        elif start < end and layer is not None:
            yield _changed(SpanKind.INSERTED, layer, new.text[start:end], move, gained)

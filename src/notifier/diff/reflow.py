"""Sentences that went out in one place and came in, word for word, in another: moved, not deleted and written anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from notifier.diff.engine import heaviest_chain
from notifier.diff.opcodes import Opcode, Sides, compared
from notifier.diff.values import Layer, Span

LEAST_MOVED = 6
"""Words a moved sentence must have; shorter ones turn up elsewhere by chance."""
_UNIT = re.compile(r"(?:[^.!?。！？|\n]++|[.!?](?!\s|[\"'”’)\]*_]+\s))++[.!?。！？]*[\"'”’)\]*_]*")


class Cut(NamedTuple):
    """A moved stretch of one text, and the number of its move."""

    start: int
    end: int
    move: int


@dataclass(slots=True)
class Cuts:
    """The moved stretches inside each change, by its position in the sequence."""

    old: dict[int, list[Cut]] = field(default_factory=dict)
    new: dict[int, list[Cut]] = field(default_factory=dict)
    moves: list[Opcode] = field(default_factory=list)


class _Sentence(NamedTuple):
    change: int
    """The position of the change it is in; with `number` it says whether two stand side by side."""
    number: int
    start: int
    end: int


_Sequence = list[Opcode | Span]
_Pair = tuple["_Sentence", "_Sentence"]


def reflowed(sides: Sides, sequence: _Sequence, first: int) -> tuple[_Sequence, Cuts]:
    """The sequence, and the sentences of its changes that stand once among the lost and once among the gained words.

    One that went out and came in again within one stretch of changes is kept in the sequence; the others have moved,
    numbered from `first`.
    """
    found = _found_again(sides, sequence)
    if found:
        in_place = _kept_in_place(sides, sequence, found)
        if in_place is not sequence:
            sequence, found = in_place, _found_again(sides, in_place)
    return sequence, _cuts(found, first)


def _cuts(found: list[_Pair], first: int) -> Cuts:
    cuts = Cuts()
    last: _Pair | None = None
    for here, there in found:
        if last is not None and _follows(last[0], here) and _follows(last[1], there):
            _lengthen(cuts, here, there)
        else:
            _add(cuts, here, there, first + len(cuts.moves))
        last = here, there
    for there_cuts in cuts.new.values():
        there_cuts.sort()
    return cuts


def _found_again(sides: Sides, sequence: _Sequence) -> list[_Pair]:
    changes = {
        at: opcode for at, opcode in enumerate(sequence) if isinstance(opcode, Opcode) and opcode.layer is Layer.WORDS
    }
    lost = _once(sides.old.text, {at: (opcode.a0, opcode.a1) for at, opcode in changes.items()})
    gained = _once(sides.new.text, {at: (opcode.b0, opcode.b1) for at, opcode in changes.items()}) if lost else {}
    pairs = [(here, gained[key]) for key, here in lost.items() if key in gained]
    return [(here, there) for here, there in pairs if _read_alike(sides, here, there)]


def _read_alike(sides: Sides, here: _Sentence, there: _Sentence) -> bool:
    """What is a sentence in one text may be a comment in the other."""
    one, other = sides.old.seen(here.start, here.end), sides.new.seen(there.start, there.end)
    return one.split() == other.split()


def _kept_in_place(sides: Sides, sequence: _Sequence, found: list[_Pair]) -> _Sequence:
    """The sequence with sentences kept that went out and came in again within one stretch of changes.

    So it is where a block was put in before a paragraph whose first half it took.
    """
    stretch_of = _stretches(sequence)
    pairs: dict[int, list[tuple[int, int, int]]] = {}
    for here, there in found:
        stretch, size = stretch_of[here.change], here.end - here.start
        is_here = stretch == stretch_of[there.change]
        if is_here and sides.are_same(here.start, here.end, there.start, there.end):
            pairs.setdefault(stretch, []).append((here.start, there.start, size))
    if not pairs:
        return sequence
    ends = {stretch: at for at, stretch in stretch_of.items()}
    out: _Sequence = []
    for at, opcode in enumerate(sequence):
        if stretch_of.get(at) not in pairs:
            out.append(opcode)
        elif stretch_of[at] == at:
            out += _around(sides, _whole(opcode, sequence[ends[at]]), pairs[at])
    return out


def _stretches(sequence: _Sequence) -> dict[int, int]:
    """For each change the position of the first one of its stretch, without anything kept in between."""
    found: dict[int, int] = {}
    for at, opcode in enumerate(sequence):
        if isinstance(opcode, Opcode) and opcode.layer is not None:
            found[at] = found.get(at - 1, at)
    return found


def _whole(first: Opcode | Span, last: Opcode | Span) -> Opcode:
    assert isinstance(first, Opcode) and isinstance(last, Opcode)  # noqa: S101, PT018 - a stretch is of opcodes only
    return Opcode(Layer.WORDS, first.a0, last.a1, first.b0, last.b1)


def _around(sides: Sides, whole: Opcode, pairs: list[tuple[int, int, int]]) -> Iterator[Opcode]:
    """One stretch of changes as the kept sentences and the changes around them."""
    a, b = whole.a0, whole.b0
    chain = [pairs[at] for at in heaviest_chain(pairs)]
    for i, j, size in [*chain, (whole.a1, whole.b1, 0)]:
        yield from compared(sides, sides.old.between(a, i), sides.new.between(b, j), a, b)[0]
        if size:
            yield Opcode(None, i, i + size, j, j + size)
        a, b = i + size, j + size


def _follows(one: _Sentence, two: _Sentence) -> bool:
    return one.change == two.change and one.number + 1 == two.number


def _add(cuts: Cuts, here: _Sentence, there: _Sentence, move: int) -> None:
    cuts.old.setdefault(here.change, []).append(Cut(here.start, here.end, move))
    cuts.new.setdefault(there.change, []).append(Cut(there.start, there.end, move))
    cuts.moves.append(Opcode(None, here.start, here.end, there.start, there.end))


def _lengthen(cuts: Cuts, here: _Sentence, there: _Sentence) -> None:
    start, _, move = cuts.old[here.change].pop()
    cuts.old[here.change].append(Cut(start, here.end, move))
    start, _, _ = cuts.new[there.change].pop()
    cuts.new[there.change].append(Cut(start, there.end, move))
    before = cuts.moves.pop()
    cuts.moves.append(Opcode(None, before.a0, here.end, before.b0, there.end))


def _once(text: str, stretches: dict[int, tuple[int, int]]) -> dict[str, _Sentence]:
    """The sentences long enough to have moved that stand only once in these stretches."""
    found: dict[str, _Sentence | None] = {}
    for at, (start, end) in stretches.items():
        for key, sentence in _sentences(text, at, start, end):
            found[key] = None if key in found else sentence
    return {key: sentence for key, sentence in found.items() if sentence is not None}


def _sentences(text: str, at: int, start: int, end: int) -> Iterator[tuple[str, _Sentence]]:
    if end - start < 3 * LEAST_MOVED:
        return
    for number, unit in enumerate(_UNIT.finditer(text, start, end)):
        source = unit[0]
        words = source.split()
        if len(words) >= LEAST_MOVED:
            begin = unit.start() + len(source) - len(source.lstrip())
            yield " ".join(words), _Sentence(at, number, begin, begin + len(source.strip()))

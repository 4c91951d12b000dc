"""Sentences that went out in one place and came in, word for word, in another: moved, not deleted and written anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from notifier.core.diff.pieces import Piece
from notifier.core.diff.values import Layer, Stroke

LEAST_MOVED = 6
"""Words a moved sentence must have; shorter ones turn up elsewhere by chance."""
_UNIT = re.compile(r"(?:[^.!?。！？|\n]|[.!?](?!\s|[\"'”’)\]*_]+\s))+[.!?。！？]*[\"'”’)\]*_]*")


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
    moves: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Sentence:
    change: int
    """The position of the change it is in; with `number` it says whether two stand side by side."""
    number: int
    start: int
    end: int


def moved_sentences(old: str, new: str, sequence: Iterable[Piece | Stroke], first: int) -> Cuts:
    """The sentences of the sequence's changes that stand once among the lost and once among the gained words."""
    changes = {
        at: piece for at, piece in enumerate(sequence) if isinstance(piece, Piece) and piece.layer is Layer.WORDS
    }
    lost = _once(old, {at: (piece.a0, piece.a1) for at, piece in changes.items()})
    gained = _once(new, {at: (piece.b0, piece.b1) for at, piece in changes.items()}) if lost else {}
    cuts = Cuts()
    last: tuple[_Sentence, _Sentence] | None = None
    for key, here in lost.items():
        there = gained.get(key)
        if there is None:
            continue
        if last is not None and _follows(last[0], here) and _follows(last[1], there):
            _lengthen(cuts, here, there)
        else:
            _add(cuts, here, there, first + len(cuts.moves))
        last = here, there
    for found in cuts.new.values():
        found.sort()
    return cuts


def _follows(one: _Sentence, two: _Sentence) -> bool:
    return one.change == two.change and one.number + 1 == two.number


def _add(cuts: Cuts, here: _Sentence, there: _Sentence, move: int) -> None:
    cuts.old.setdefault(here.change, []).append(Cut(here.start, here.end, move))
    cuts.new.setdefault(there.change, []).append(Cut(there.start, there.end, move))
    cuts.moves.append(Piece(None, here.start, here.end, there.start, there.end))


def _lengthen(cuts: Cuts, here: _Sentence, there: _Sentence) -> None:
    start, _, move = cuts.old[here.change].pop()
    cuts.old[here.change].append(Cut(start, here.end, move))
    start, _, _ = cuts.new[there.change].pop()
    cuts.new[there.change].append(Cut(start, there.end, move))
    before = cuts.moves.pop()
    cuts.moves.append(Piece(None, before.a0, here.end, before.b0, there.end))


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

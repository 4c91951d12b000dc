"""Two rows of atoms → the runs in which they differ: what went and what came in one place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from notifier.significance.reading.atoms import Atom, Kind


@dataclass(frozen=True)
class WordRun:
    """What went and what came between two atoms that stayed; `old_at`, `new_at`: places among the spoken atoms."""

    removed: tuple[Atom, ...]
    added: tuple[Atom, ...]
    old_at: int
    new_at: int

    @property
    def atoms(self) -> tuple[Atom, ...]:
        return self.removed + self.added

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(atom.kind for atom in self.atoms)


def spoken(atoms: Sequence[Atom]) -> tuple[Atom, ...]:
    """The atoms that say something: no small words, no commas."""
    glue, separator = Kind.GLUE, Kind.SEPARATOR
    return tuple(
        [
            atom
            for atom in atoms
            if (kind := atom.kind) is not glue and (kind is not separator or atom.value in ("and", "or", "|"))
        ]
    )


def runs_between(old: Sequence[Atom], new: Sequence[Atom]) -> tuple[WordRun, ...]:
    """Where two rows of spoken atoms differ."""
    return tuple(_runs(old, new))


def runs_as_written(old: Sequence[Atom], new: Sequence[Atom]) -> tuple[WordRun, ...]:
    """The same of words as they are written: of a language that is not read, no two words say the same."""
    return tuple(
        _runs([atom._replace(value=atom.key) for atom in old], [atom._replace(value=atom.key) for atom in new])
    )


def _runs(old: Sequence[Atom], new: Sequence[Atom]) -> Iterator[WordRun]:
    a = b = 0
    for start, other, size in matches([_said(atom) for atom in old], [_said(atom) for atom in new]):
        if start > a or other > b:
            yield WordRun(tuple(old[a:start]), tuple(new[b:other]), a, b)
        a, b = start + size, other + size
    if a < len(old) or b < len(new):
        yield WordRun(tuple(old[a:]), tuple(new[b:]), a, b)


def _said(atom: Atom) -> str:
    """What an atom is compared by; somebody is no thing, though both lose the same ending: `Mieter`, `Miete`."""
    return f"{atom.kind} {atom.value}" if atom.kind is Kind.PARTY else atom.value


def matches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """The longest row of values that both hold in order, as (start, other start, size)."""
    from rapidfuzz.distance import Indel

    for op in Indel.opcodes(old, new):
        if op.tag == "equal":
            yield op.src_start, op.dest_start, op.src_end - op.src_start

"""`Difference`: what no proof explains of a pair of sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence import Equivalence
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import FACTS, Atom, Kind

FEW = 6
"""Words with a meaning of their own that change when one thing changes."""
LOUD = frozenset({Kind.TERM, Kind.WORD, Kind.NAME, Kind.QUALIFIER, Kind.PARTY, Kind.PLACE})
"""Kinds with a meaning of their own."""


@dataclass(frozen=True, eq=False)
class Difference:
    """The runs that are unexplained, by kind and by side. It equals itself alone: what is asked often is remembered."""

    features: ChangeFeatures
    equivalence: Equivalence

    @property
    def runs(self) -> tuple[WordRun, ...]:
        return self.equivalence.unexplained

    @property
    def put_plainly(self) -> Difference | None:
        """What is left of it once it is put as the other side puts it, if that is half of it at most."""
        form, left = self.equivalence.form, self.equivalence.left
        if form is None or 2 * sum(len(run.atoms) for run in left) > len(self.atoms):
            return None
        return Difference(form, Equivalence((), left))

    @property
    def is_reworded(self) -> bool:
        return self.features.pair.is_reworded

    @cached_property
    def keeps_facts(self) -> bool:
        """Do both sides name the same parties, quantities, places and words of force, and nobody new?"""
        old, new = (
            Counter((atom.kind, atom.value) for atom in side if atom.kind in FACTS or atom.kind is Kind.NAME)
            for side in (self.features.old, self.features.new)
        )
        return self.is_reworded and old == new

    @cached_property
    def removed(self) -> tuple[Atom, ...]:
        return tuple(atom for run in self.runs for atom in run.removed)

    @cached_property
    def added(self) -> tuple[Atom, ...]:
        return tuple(atom for run in self.runs for atom in run.added)

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        return self.removed + self.added

    def values(self, kind: Kind) -> tuple[list[str], list[str]]:
        """The values of a kind on both sides, in order."""
        old, new = self._by_kind
        return old.get(kind, []), new.get(kind, [])

    @cached_property
    def _by_kind(self) -> tuple[dict[Kind, list[str]], dict[Kind, list[str]]]:
        old: dict[Kind, list[str]] = {}
        new: dict[Kind, list[str]] = {}
        for found, atoms in ((old, self.removed), (new, self.added)):
            for atom in atoms:
                found.setdefault(atom.kind, []).append(atom.value)
        return old, new

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of all that changed."""
        old, new = self._by_kind
        return frozenset(old) | frozenset(new)

    def has(self, kind: Kind) -> bool:
        old, new = self._by_kind
        return kind in old or kind in new

    def has_values(self, names: frozenset[str]) -> bool:
        """Did one of these words of force come or go?"""
        return any(atom.kind is Kind.FORCE and atom.value in names for atom in self.atoms)

    def differs(self, kind: Kind, names: frozenset[str] | None = None) -> bool:
        """Does a kind (of these values) stand otherwise on both sides: another one, or in another place?"""
        old, new = self.values(kind)
        if names is None:
            return self.is_reworded and bool(old or new)
        return self.is_reworded and not (names.isdisjoint(old) and names.isdisjoint(new))

    @cached_property
    def content(self) -> tuple[Atom, ...]:
        """What changed that has a meaning of its own."""
        return tuple(atom for atom in self.atoms if atom.kind in LOUD)

    @property
    def is_small(self) -> bool:
        """Did one thing change in a sentence?"""
        return self.is_reworded and len(self.content) <= FEW

    @property
    def is_one_sided(self) -> bool:
        """Did words only come, or only go?"""
        return bool(self.removed) != bool(self.added)

    @property
    def is_one_stretch(self) -> bool:
        """Did one stretch of words come or go, however long, in a sentence of which the rest stayed?"""
        return self.is_reworded and self.is_one_sided and len(self.runs) == 1

    @cached_property
    def removed_classes(self) -> Counter[str]:
        return self._classes(self.removed)

    @cached_property
    def added_classes(self) -> Counter[str]:
        return self._classes(self.added)

    @cached_property
    def classes(self) -> Counter[str]:
        """Topics and classes of all that changed."""
        both = self.removed_classes.copy()
        both.update(self.added_classes)
        return both

    def _classes(self, atoms: tuple[Atom, ...]) -> Counter[str]:
        return self.features.lexicon.marks([word for atom in atoms for word in atom.key.split()])

    @cached_property
    def is_really_new(self) -> bool:
        """Is most of it nothing that only moved within the text?"""
        return self.features.share_elsewhere < 0.6

"""Whose law a contract is under: a word beside "law" that names a country or a state, in any language of the rules."""

from __future__ import annotations

from collections.abc import Sequence

from notifier.significance.reading.atoms import Atom
from notifier.significance.rule import Rule
from notifier.significance.unexplained import Difference


def is_other_law(difference: Difference) -> bool:
    """Did one country give way to another right beside the word for law?"""
    if not (difference.is_small and difference.removed and difference.added):
        return False
    features = difference.features
    sides = ((features.old, difference.removed), (features.new, difference.added))
    return all(_names_law(difference, side, changed) for side, changed in sides)


def _names_law(difference: Difference, side: Sequence[Atom], changed: Sequence[Atom]) -> bool:
    lists, starts = difference.features.lexicon.lists, {atom.start for atom in changed}
    laws, countries = lists.get("law", frozenset()), tuple(lists.get("nationalities", ()))
    return any(
        atom.start in starts
        and atom.key.startswith(countries)
        and any(beside.key in laws for beside in side[max(0, at - 2) : at + 3])
        for at, atom in enumerate(side)
    )


GOVERNING_LAW = (
    Rule(
        "governing-law",
        is_other_law,
        "A contract is under another country's law.",
        "These terms are governed by Austrian law.",
        "These terms are governed by German law.",
        is_other_law,
    ),
)

"""Whose law a contract is under, and who decides disputes: a word beside "law" that names a country or a state."""

from __future__ import annotations

from collections.abc import Sequence

from notifier.significance.facts.plainly import is_plain
from notifier.significance.reading.atoms import Atom
from notifier.significance.rule import Rule
from notifier.significance.unexplained import Difference


def is_other_law(difference: Difference) -> bool:
    """Did one country give way to another right beside the word for law?"""
    if not (difference.is_small and difference.removed and difference.added):
        return False
    features = difference.features
    was = _countries_of_law(difference, features.old, difference.removed)
    now = _countries_of_law(difference, features.new, difference.added)
    return bool(was and now) and was != now


def settles_disputes(difference: Difference) -> bool:
    """Did a sentence come or go by which disputes go to an arbitrator, no jury hears them, or a country's law holds?"""
    if difference.is_reworded:
        return _decides_otherwise(difference)
    if not difference.is_really_new or not is_plain(difference):
        return False
    words = difference.features.lexicon.lists.get("arbitration", frozenset())
    if any(atom.key in words for atom in difference.atoms):
        return True
    features = difference.features
    side, changed = (
        (features.new, difference.added) if features.pair.is_insertion else (features.old, difference.removed)
    )
    return bool(_countries_of_law(difference, side, changed))


def _decides_otherwise(difference: Difference) -> bool:
    """Does an arbitrator or a jury stand in one of the two only?"""
    words = difference.features.lexicon.lists.get("arbitration", frozenset())
    was, now = (any(atom.key in words for atom in side) for side in (difference.features.old, difference.features.new))
    return was != now


def _countries_of_law(difference: Difference, side: Sequence[Atom], changed: Sequence[Atom]) -> set[str]:
    """The countries that changed beside the word for law, by how their names begin: `Swedish law`, `law of Sweden`."""
    lists, starts = difference.features.lexicon.lists, {atom.start for atom in changed}
    laws, countries = lists.get("law", frozenset()), tuple(lists.get("nationalities", ()))
    named = [
        atom.key
        for at, atom in enumerate(side)
        if atom.start in starts and any(beside.key in laws for beside in side[max(0, at - 2) : at + 3])
    ]
    return {country for key in named for country in countries if key.startswith(country)}


GOVERNING_LAW = (
    Rule(
        "governing-law",
        is_other_law,
        "A contract is under another country's law.",
        "These terms are governed by Austrian law.",
        "These terms are governed by German law.",
        is_other_law,
    ),
    Rule(
        "disputes-said",
        settles_disputes,
        "A sentence came, went or changed on who decides disputes, and by whose law.",
        "Hello.",
        "Hello. Disputes are settled by arbitration.",
        settles_disputes,
    ),
)

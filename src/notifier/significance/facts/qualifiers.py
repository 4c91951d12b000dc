"""Differences in qualifiers that carry a promise, and in places."""

from __future__ import annotations

from notifier.significance.equivalence.renamed_terms import LEGAL_FORMS
from notifier.significance.facts.clearly import FOUR, is_few, is_place_joined, is_the_only_change
from notifier.significance.facts.plainly import is_promise_swapped
from notifier.significance.reading.atoms import Kind
from notifier.significance.rule import Rule
from notifier.significance.unexplained import Difference

OFTEN = 3
"""Places in which the same qualifier comes or goes, so that it is asked about and not decided."""
VAGUE = ("approx", "ungefähr")


def is_qualifier(difference: Difference) -> bool:
    return difference.differs(Kind.QUALIFIER)


def is_alone(difference: Difference) -> bool:
    """Is a qualifier all that changed in what someone does?"""
    if any(atom.is_capital and atom.key in LEGAL_FORMS for atom in difference.content):
        return False  # `Acme Limited`
    if any(abs(difference.features.texts.changed_counts[atom.key]) >= OFTEN for atom in difference.content):
        return False  # a term is called otherwise all over
    return (
        difference.is_reworded
        and {atom.kind for atom in difference.content} == {Kind.QUALIFIER}
        and (len(difference.content) <= 2 and difference.features.pair.times == 1 and len(difference.runs) == 1)
    )


def is_other_promise(difference: Difference) -> bool:
    """Did a word that carries a promise give way to others, or come in their place, and nothing else in the text?"""
    is_alone = is_the_only_change(difference) and not difference.is_one_sided
    is_known = not any(atom.key.startswith(VAGUE) for atom in difference.atoms)
    return is_alone and is_known and is_few(difference, FOUR, runs=1)


def is_place(difference: Difference) -> bool:
    if difference.features.names_languages:
        return False
    return difference.differs(Kind.PLACE) or (difference.has(Kind.PLACE) and len(difference.content) <= 3)


def is_other_place(difference: Difference) -> bool:
    """Did one place give way to another? In a cell one of two may be a place that nobody told us."""
    old, new = difference.values(Kind.PLACE)
    if len(difference.content) > 3 or old == new or len(difference.runs) != 1:
        return False
    if old and new:  # `EU` and `European` name one place
        return old[0].split()[:1] != [new[0]] and new[0].split()[:1] != [old[0]]
    swapped = difference.content
    return len(swapped) == len(difference.atoms) == 2 and difference.features.is_in_list and swapped[1].is_capital


QUALIFIERS = (
    Rule(
        "qualifier",
        is_qualifier,
        "A word that carries a promise came or went: explicit, anonymous, encrypted, reasonable, prior.",
        "We ask for explicit consent before we record a call.",
        "We ask for consent before we record a call.",
        lambda difference: (
            is_alone(difference)
            or (is_qualifier(difference) and (is_promise_swapped(difference) or is_other_promise(difference)))
        ),
    ),
    Rule(
        "place",
        is_place,
        "A country, state or region changed.",
        "Data is stored in France.",
        "Data is stored in Brazil.",
        lambda difference: is_other_place(difference) or is_place_joined(difference),
    ),
)

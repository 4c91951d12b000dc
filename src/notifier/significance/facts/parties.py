"""Differences in parties: who does it to whom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from notifier.significance.facts.clearly import (
    EIGHT,
    SIX,
    is_few,
    is_one_for_one,
    is_ours_for_yours,
    is_the_only_change,
    values_of,
)
from notifier.significance.facts.plainly import is_someone_else, is_turned
from notifier.significance.facts.swaps import is_put_for_another, is_theirs, is_turned_about
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.rule import Rule
from notifier.significance.unexplained import Difference
from notifier.text.document import BlockKind

MUTUAL = re.compile(
    r"\b(?:(?:either|each|both|neither) (?:party|parties|sides?|of us)|(?:beiden?|jeder?|keiner?) (?:Seiten?|Parteien?"
    r"|Vertragspartei(?:en)?)|(?:les deux|chaque|aucune) parties?|(?:cualquiera de las|ambas|las dos) partes"
    r"|(?:beide|elke) partij(?:en)?)\b",
    re.IGNORECASE,
)
TO = "to"
BUT_NOT = re.compile(r", (?:not|never|nicht|keine?|no|nunca|pas|jamais|niet|geen)\b", re.IGNORECASE)
SWITCHES = frozenset(("on", "off", "turn-on", "turn-off", "opt-in", "opt-out"))
BESIDE = 2
"""Words that change places: a party, and a word beside it."""
ALONE = 4
"""Words with a meaning of their own where a party is all that came: `and our affiliates`."""


def is_party(difference: Difference) -> bool:
    return difference.differs(Kind.PARTY)


def is_other_party(difference: Difference) -> bool:
    """Does another party do it now, in what someone does, may or must do, and little else?"""
    old, new = difference.values(Kind.PARTY)
    if not difference.is_small or old == new or len(difference.runs) > 1:
        return False
    is_member = any(atom.kind is Kind.SEPARATOR for atom in difference.atoms)
    if is_owner(difference):
        return False
    if old and new:
        return difference.features.binds or len(difference.content) <= 2
    if not difference.is_one_sided or difference.features.kind is BlockKind.HEADING:
        return False  # `you pay 5 euros for it`, `it costs 5 euros`
    is_we = set(old + new) == {"we"}  # `we do not film`, `there is no filming`
    if set(old + new) == {"you"} and not is_member and _names_one(difference):
        return False  # `a pass is needed`, `you need a pass`
    return len(difference.content) <= ALONE and (is_member or not (is_we or difference.features.says))


def _names_one(difference: Difference) -> bool:
    """Is it the only one whom one of the two names?"""
    sides = (difference.features.old, difference.features.new)
    return any(all(atom.kind is not Kind.PARTY for atom in side) for side in sides)


def _may_be_they(difference: Difference) -> bool:
    """German: does `Sie` begin the one sentence, and stand as `sie` in the other: `Sie werden nicht verkauft`?"""
    sides = difference.features.pair.sides
    kinds = {atom.kind for side in sides for atom in side.atoms if atom.key == "sie"}
    return len(kinds) > 1 and any(side.text.startswith("Sie ") for side in sides)


def _is_reader(difference: Difference) -> bool:
    """Is it `you` for `the user`, where the sentence names nobody else: `Users must be honest`?"""
    features = difference.features
    people = {atom.value for side in features.pair.sides for atom in side.atoms if atom.kind is Kind.PARTY}
    others = {atom.key for atom in difference.atoms if atom.kind is not Kind.PARTY}
    return people == {"you"} and len(others) == 1 and all("you" in features.lexicon.of(key) for key in others)


def is_owner(difference: Difference) -> bool:
    """Did `your` or `our` come before a word, or go, and nothing else: `your landlord`, `the landlord`?"""
    owners = difference.features.lexicon.lists.get("owners", frozenset())
    return difference.is_one_sided and all(atom.key in owners for atom in difference.atoms)


def is_exchanged(difference: Difference) -> bool:
    """Do the same words stand in each other's place, in a sentence that is no enumeration?"""
    if not difference.is_reworded or len(difference.runs) < 2 or not difference.is_small:
        return False
    old, new = (sorted(atom.value for atom in side) for side in (difference.removed, difference.added))
    return old == new != []


def is_clearly_exchanged(difference: Difference) -> bool:
    """Are they parties, names, places or quantities, with a word beside them at most, and no whole clause?"""
    if not is_exchanged(difference) or any(max(len(run.removed), len(run.added)) > BESIDE for run in difference.runs):
        return False
    kinds, features = {atom.kind for atom in difference.atoms}, difference.features
    if _are_switches(difference) or features.kind is BlockKind.TABLE_ROW:
        return True
    if _row_of(features.old) == _row_of(features.new):
        return False  # who does it to whom is as it was, the words in another order
    if not kinds.isdisjoint((Kind.PARTY, Kind.PLACE)):
        return True
    if Kind.NAME not in kinds and not all(run.removed and run.added for run in difference.runs):
        return False  # a word stands elsewhere in the sentence: `thereafter destroyed`, `destroyed after that`
    return not kinds.isdisjoint((Kind.NAME, Kind.QUANTITY, Kind.TERM)) and (features.binds or features.is_in_list)


def is_mutual_gone(difference: Difference) -> bool:
    """May one of the two now what either might, or the reverse: `neither party is liable`, `we are not liable`?"""
    was, now = (MUTUAL.search(side.text) is not None for side in difference.features.pair.sides)
    return was != now and is_few(difference, SIX, runs=len(difference.runs))


def is_denied_of_the_other(difference: Difference) -> bool:
    """Do the two change places of which one is denied: `for safety, not for marketing`?"""
    old, new = difference.features.old, difference.features.new
    parts = [BUT_NOT.search(side.text) for side in difference.features.pair.sides]
    if (
        not all(parts)
        or len(difference.content) > EIGHT
        or Counter(a.value for a in old if a.value != TO) != Counter(a.value for a in new if a.value != TO)
    ):
        return False
    was, now = (
        Counter(atom.value for atom in side if part is not None and atom.start < part.start())
        for side, part in zip((old, new), parts, strict=True)
    )
    return was != now and difference.features.kind is not BlockKind.HEADING


def is_other_side(difference: Difference) -> bool:
    """Does another party stand in the place of one, or other parties in the sentence, and did nothing else change?"""
    if not is_the_only_change(difference) or not is_few(difference, EIGHT, runs=len(difference.runs)):
        return False
    was, now = (values_of(side, Kind.PARTY) for side in (difference.features.old, difference.features.new))
    return is_one_for_one(difference) or not (was <= now or now <= was)


def _are_switches(difference: Difference) -> bool:
    """Do on and off stand in each other's place: `off until you turn it on`?"""
    moved = {atom.value for atom in difference.atoms}
    return len(moved) > 1 and moved <= SWITCHES  # `switch the light off`, `switch off the light`


def _row_of(atoms: Sequence[Atom]) -> list[str]:
    """Who, where and how much, and what is done or named, in the order in which a sentence says it."""
    return [atom.value for atom in atoms if atom.kind in (Kind.PARTY, Kind.PLACE, Kind.NAME, Kind.QUANTITY)]


IS_OTHER = (
    is_other_party,
    is_someone_else,
    is_ours_for_yours,
    is_mutual_gone,
    is_other_side,
    is_put_for_another,
    is_theirs,
)
PARTIES = (
    Rule(
        "party",
        is_party,
        "Another party is meant, or one more, or one less.",
        "Employees may read your files.",
        "Contractors and employees may read your files.",
        lambda difference: (
            not (_may_be_they(difference) or _is_reader(difference)) and any(is_so(difference) for is_so in IS_OTHER)
        ),
    ),
    Rule(
        "exchanged",
        is_exchanged,
        "The same words stand in each other's place: who owes whom, what holds for which.",
        "The buyer pays the seller.",
        "The seller pays the buyer.",
        lambda difference: (
            is_clearly_exchanged(difference)
            or (
                is_exchanged(difference)
                and (is_turned(difference) or is_turned_about(difference) or is_denied_of_the_other(difference))
            )
        ),
    ),
)

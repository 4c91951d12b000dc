"""Where a few words gave way to others in one place of a plain sentence: what decides, though all are not known."""

from __future__ import annotations

from collections.abc import Sequence

from notifier.significance.facts.clearly import FOUR, TWO, is_few, is_the_only_change, values_of
from notifier.significance.facts.plainly import MEMBER, ONE_OR_TWO, UNUSED, is_plain, names
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.reading.word_forms import is_word
from notifier.significance.unexplained import Difference

SEATED = 30
"""Words of a sentence that says where something is, and of no contract in one sentence."""
SHORT = 4
"""Letters of what stands behind `un-`, at most, so that it may be no word: `under`, `unless`."""
HELD = frozenset(("each", "all", "both", "must", "obliged"))
OPENS, JOINS = frozenset(("only", "except")), frozenset(("and", "or"))
ONES = frozenset(
    ("one", "a", "an", "single", "ein", "eine", "einem", "einen", "einer", "un", "une", "una", "een", "één")
)
WAYS = frozenset(("include", "without", "before", "inside", "outside", "against", "free", "paid", "charged", "out"))
"""Words of direction that say plainly how or when, and are not only the grammar's."""
ROOT = 4
"""Letters with which words begin that are one, more or less: `take part`, `taking part`."""
DENIES_OR_UNLESS = frozenset(("not", "never", "except", "only", "unless"))


def is_denied_otherwise(difference: Difference) -> bool:
    """Is it denied on both sides, on one by a word that says so: `is prohibited`, `is not permitted`?"""
    denials = difference.features.lexicon.lists.get("denials", frozenset())
    return all(
        any(_denies(atom, difference) or not denials.isdisjoint(atom.key.split()) for atom in side)
        for side in (difference.removed, difference.added)
    )


def _denies(atom: Atom, difference: Difference) -> bool:
    """Is it `not` or the like, or a word such as `unhappy` that denies one of the language?"""
    un, base = atom.key[:2], atom.key[2:]
    is_un = un == "un" and len(base) > SHORT and difference.features.lexicon.language == "en" and is_word(base, "en")
    return atom.value in DENIES_OR_UNLESS or is_un


def _is_swapped_plainly(difference: Difference, most: int) -> bool:
    """Did a few words give way to others in one place of a plain sentence, and not only whose they are?"""
    owners = difference.features.lexicon.lists.get("owners", frozenset())
    is_swapped = difference.is_reworded and len(difference.runs) == 1 and difference.removed and difference.added
    is_few = len(difference.content) <= most and not any(atom.key in owners for atom in difference.atoms)
    return bool(is_swapped and is_few) and is_plain(difference)


def is_limit_lost(difference: Difference) -> bool:
    """Did `only`, `not` or `unless` give way to words that limit nothing, or the reverse: `only if a court orders it`,
    `if asked`?"""
    is_small = len(difference.content) <= MEMBER + 1 and len(difference.runs) <= ONE_OR_TWO
    if not (difference.is_reworded and difference.removed and difference.added and is_small):
        return False
    if is_denied_otherwise(difference):
        return False
    old, new = (DENIES_OR_UNLESS.isdisjoint(values) for values in difference.values(Kind.FORCE))
    return old != new and bool(difference.content) and is_plain(difference)


def is_other_seat(difference: Difference) -> bool:
    """Did one place give way to another, though nobody here knows it, where courts or servers sit?"""
    classes, features = difference.features.sentence_classes, difference.features
    if not _is_swapped_plainly(difference, ONE_OR_TWO) or len(difference.atoms) != ONE_OR_TWO or classes["defines"]:
        return False
    is_named = all(atom.is_capital and atom.kind in (Kind.NAME, Kind.WORD, Kind.PLACE) for atom in difference.atoms)
    return is_named and classes["topic.disputes_law"] + classes["topic.transfers"] > 0 and len(features.old) <= SEATED


def is_put_for_another(difference: Difference) -> bool:
    """Is it the only change of the text that a few words gave way to others of which none begins alike, and is somebody
    else meant now, another way or another force, or are there two words at least on both sides?"""
    removed, added = difference.removed, difference.added
    is_small = removed and added and is_few(difference, FOUR + 1, runs=1) and not names(difference)
    if not is_small or not is_the_only_change(difference) or _roots(removed) & _roots(added):
        return False
    if is_denied_otherwise(difference) or any(atom.key in UNUSED for atom in difference.atoms):
        return False
    if (values_of(removed, Kind.DIRECTION) ^ values_of(added, Kind.DIRECTION)) & WAYS:
        return True
    is_firm = values_of(removed, Kind.FORCE) & HELD != values_of(added, Kind.FORCE) & HELD
    is_long = min(len(removed), len(added)) >= TWO and not difference.has(Kind.FORCE)
    return difference.features.binds and (is_firm or is_long or _is_somebody_else(removed, added))


def _is_somebody_else(removed: Sequence[Atom], added: Sequence[Atom]) -> bool:
    """Is it not only that the reader is named now who was meant: `late payment`, `if you pay late`?"""
    was, now = values_of(removed, Kind.PARTY), values_of(added, Kind.PARTY)
    return was != now and (bool(was and now) or was | now != {"you"})


def _roots(atoms: Sequence[Atom]) -> set[str]:
    return {word[:ROOT] for atom in atoms for word in atom.key.split() if len(word) > TWO}


def is_opened(difference: Difference) -> bool:
    """Did `only` or `nobody but` give way to one more: `only the manager`, `the manager and the owner`?"""
    if not is_few(difference, FOUR - 1, runs=TWO):
        return False
    was, now = (values_of(side, Kind.FORCE) & OPENS for side in (difference.removed, difference.added))
    opened = difference.added if was else difference.removed
    return bool(was) != bool(now) and bool(JOINS & values_of(opened, Kind.SEPARATOR))


def is_one_of_several(difference: Difference) -> bool:
    """Did a number give way to `one`, or the reverse: `after two reminders`, `after one reminder`?"""
    is_swapped = len(difference.runs) == 1 and difference.has(Kind.QUANTITY) and is_few(difference, 1)
    return is_swapped and any(atom.key in ONES for atom in difference.atoms)


def is_turned_about(difference: Difference) -> bool:
    """Do two stand in each other's place, and nothing else changed: `written by A and read by B`?"""
    if len(difference.runs) != TWO or not is_few(difference, 2 * FOUR + TWO):
        return False
    (one, other) = ([[a.value for a in side] for side in (run.removed, run.added)] for run in difference.runs)
    return all(one) and one == other[::-1]

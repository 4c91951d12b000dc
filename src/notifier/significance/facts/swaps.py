"""Where a few words gave way to others in one place of a plain sentence: what decides, though all are not known."""

from __future__ import annotations

from notifier.significance.facts.plainly import MEMBER, ONE_OR_TWO, is_plain
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.reading.word_forms import is_word
from notifier.significance.unexplained import Difference

SEATED = 30
"""Words of a sentence that says where something is, and of no contract in one sentence."""
SHORT = 4
"""Letters of what stands behind `un-`, at most, so that it may be no word: `under`, `unless`."""
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

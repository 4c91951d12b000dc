"""Where a few words gave way to others in one place of a plain sentence: what decides, though all are not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

from notifier.significance.facts.clearly import FOUR, TWO, is_few, is_the_only_change, values_of
from notifier.significance.facts.plainly import MATTERS, MEMBER, ONE_OR_TWO, UNUSED, is_plain, names
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.reading.lexicon import lexicon
from notifier.significance.reading.word_forms import is_word, lemma
from notifier.significance.unexplained import Difference
from notifier.text.document import BlockKind

SEATED = 30
"""Words of a sentence that says where something is, and of no contract in one sentence."""
SHORT = 4
"""Letters of what stands behind `un-`, at most, so that it may be no word: `under`, `unless`."""
EACH = frozenset(("each", "all", "both"))
DUTY = frozenset(("must", "obliged"))
THEIRS = frozenset(("its", "his", "her", "their"))
OPENS, JOINS = frozenset(("only", "except", "alon")), frozenset(("and", "or"))
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
    if not is_small or not is_the_only_change(difference) or is_denied_otherwise(difference):
        return False
    was, now = (values_of(side, Kind.FORCE) for side in (removed, added))
    if was & EACH != now & EACH and not difference.has(Kind.QUANTITY):
        return True
    if _roots(removed) & _roots(added) or any(atom.key in UNUSED for atom in difference.atoms):
        return False
    if (values_of(removed, Kind.DIRECTION) ^ values_of(added, Kind.DIRECTION)) & WAYS:
        return True
    is_long = min(len(removed), len(added)) >= TWO and not difference.has(Kind.FORCE)
    is_firm, is_somebody_else = was & DUTY != now & DUTY, _is_somebody_else(removed, added)
    if difference.features.binds:
        return is_firm or is_long or is_somebody_else or _is_other_condition(difference)
    return is_somebody_else and any(difference.features.sentence_classes[topic] for topic in MATTERS)


def _is_other_condition(difference: Difference) -> bool:
    """Is it all that stands behind an `if` or `unless`: `unless you agree`, `unless they ask`?"""
    run, features = difference.runs[0], difference.features
    before = (*features.old[max(0, run.old_at - 1) : run.old_at], *features.new[max(0, run.new_at - 1) : run.new_at])
    is_led = len(before) == TWO and all(atom.value in ("if", "unless") for atom in before)
    return (
        is_led
        and len(difference.content) >= TWO + 1
        and not _roots(run.removed, ROOT - 1) & _roots(run.added, ROOT - 1)
    )


def _is_somebody_else(removed: Sequence[Atom], added: Sequence[Atom]) -> bool:
    """Is it not only that the reader is named now who was meant: `late payment`, `if you pay late`?"""
    was, now = values_of(removed, Kind.PARTY), values_of(added, Kind.PARTY)
    return was != now and (bool(was and now) or was | now != {"you"})


def _roots(atoms: Sequence[Atom], letters: int = ROOT) -> set[str]:
    return {word[:letters] for atom in atoms for word in atom.key.split() if len(word) > TWO}


def is_opened(difference: Difference) -> bool:
    """Did `only` or `nobody but` give way to one more, or to `among others`: `only the manager`, `the manager and the
    owner`?"""
    features = difference.features
    if not difference.is_reworded or len(difference.content) >= FOUR or len(difference.runs) > TWO:
        return False
    was, now = ({a.value for a in side} & OPENS for side in (difference.removed, difference.added))
    opened, classes = (
        (difference.added, difference.added_classes) if was else (difference.removed, difference.removed_classes)
    )
    is_more = bool(JOINS & values_of(opened, Kind.SEPARATOR)) or classes["example"] > 0
    return bool(was) != bool(now) and is_more and features.kind is not BlockKind.HEADING and not features.only_points


def is_ranked_otherwise(difference: Difference) -> bool:
    """Does it prevail now what did not: `the order form prevails over these terms`?"""
    removed, added, content = difference.removed, difference.added, difference.content
    was, now = (Counter(atom.value for atom in side if atom in content) for side in (removed, added))
    is_same = difference.is_reworded and was == now and len(content) <= 2 * FOUR
    ranks = difference.features.lexicon.lists.get("order", frozenset())
    return is_same and any(atom.key in ranks or atom.value in ranks for atom in content)


def is_theirs(difference: Difference) -> bool:
    """Is it somebody else's now what was the reader's: `at your request`, `at its request`?"""
    was, now = (bool(THEIRS & {atom.key for atom in side.atoms}) for side in difference.features.pair.sides)
    return was != now and {atom.value for atom in difference.atoms} == {"you"} and is_few(difference, 1)


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


def is_other_of_a_kind(difference: Difference) -> bool:
    """Did a word give way to another of the same kind, which nobody writes for it: `per person`, `per household`?"""
    removed, added = difference.removed, difference.added
    if not len(removed) == len(added) == len(difference.runs) == 1 or not is_few(difference, TWO):
        return False
    kinds = _kinds(difference.features.lexicon.language)
    was, now = (kinds.get(atom.key) or kinds.get(atom.value, frozenset()) for atom in (removed[0], added[0]))
    return removed[0].value != added[0].value and bool(was & now)


@cache
def _kinds(language: str) -> dict[str, frozenset[int]]:
    """Words, and what they are without their endings, each with the numbers of its kinds."""
    found: dict[str, frozenset[int]] = {}
    for number, kind in enumerate(sorted(lexicon(language).lists.get("kinds", ()))):
        for word in kind.split("/"):
            for form in (word, lemma(word, language)):
                found[form] = found.get(form, frozenset()) | {number}
    return found

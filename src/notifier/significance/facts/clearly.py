"""What decides by itself though more than a word or two changed: free for a fee, a consent that is gone, all for some.

As in `plainly`, each of these showed on no labelled revision that is minor.
"""

from __future__ import annotations

from collections.abc import Sequence

from notifier.significance.facts.plainly import MATTERS, is_plain, is_said_twice, is_short_sentence, names
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.unexplained import Difference

COSTS = ("fee", "cost", "charge", "charged", "paid", "price")
CONSENT = (
    "consent",
    "permission",
    "einwillig",
    "zustimm",
    "consentement",
    "accord",
    "consentim",
    "autoriz",
    "toestemming",
)
"""How words for a yes begin, which somebody gives."""
INSTEAD = ("voucher", "credit", "gutschein", "guthaben", "avoir", "vale", "bono", "tegoed", "waardebon")
"""How words begin for what is given instead of money."""
TIMES = frozenset(
    ("twice", "double", "doubled", "triple", "half", "thrice", "doppelt", "doppelte", "doppelten", "hälfte", "moitié",
     "doble", "mitad", "dubbel", "dubbele", "helft")
)  # fmt: skip
ALL = frozenset(("all", "any", "each"))
WHEN = frozenset(("before", "after", "until", "once", "if", "within", "while"))
DUTIES = frozenset(("must", "obliged"))
DENIED = frozenset(("not", "never"))
TWO, FOUR, SIX, EIGHT, TEN = 2, 4, 6, 8, 10
"""Words with a meaning of their own, at most."""


def _is_within(difference: Difference, most: int, *, runs: int = FOUR) -> bool:
    """Did a few words change in a sentence that says something by itself?"""
    return (
        difference.is_reworded
        and len(difference.content) <= most
        and len(difference.runs) <= runs
        and is_plain(difference)
    )


def is_the_only_change(difference: Difference) -> bool:
    return len(difference.features.texts.pairs) == 1


def is_sentence_gone_alone(difference: Difference) -> bool:
    """Did a short sentence that says something go, and did nothing else change in the whole text?"""
    return difference.features.pair.is_deletion and is_the_only_change(difference) and is_short_sentence(difference)


def is_listed_alone(difference: Difference) -> bool:
    """Did an item of a list come or go, and did nothing else change in the whole text?"""
    return is_the_only_change(difference) and is_plain(difference)


def is_charged(difference: Difference) -> bool:
    """Is there a fee now where something was free, or the reverse, and not `free` for `costs nothing`?"""
    if not _is_within(difference, FOUR) or not DENIED.isdisjoint(_values(difference.atoms, Kind.FORCE)):
        return False
    was, now = difference.removed, difference.added
    return any("free" in _values(free, Kind.DIRECTION) and _costs(paid) for free, paid in ((was, now), (now, was)))


def _costs(atoms: Sequence[Atom]) -> bool:
    return any(atom.value in COSTS or atom.key in COSTS for atom in atoms)


def consent_changed(difference: Difference) -> bool:
    """Is somebody's yes asked for in one of the two only?"""
    if not difference.is_reworded or len(difference.content) > TEN or difference.features.is_about_the_text:
        return False
    return _begin(difference.features.old, CONSENT) != _begin(difference.features.new, CONSENT)


def consent_is_gone(difference: Difference) -> bool:
    return consent_changed(difference) and _begin(difference.features.old, CONSENT)


def _begin(atoms: Sequence[Atom], words: tuple[str, ...]) -> bool:
    return any(atom.key.startswith(words) for atom in atoms)


def is_no_money(difference: Difference) -> bool:
    """Is a voucher given where it was money, or the reverse?"""
    return difference.is_small and _begin(difference.features.old, INSTEAD) != _begin(difference.features.new, INSTEAD)


def is_multiplied(difference: Difference) -> bool:
    """Did `twice` or `half` come or go, and no number?"""
    was, now = ({atom.key for atom in side} & TIMES for side in (difference.removed, difference.added))
    return difference.is_small and was != now and not difference.has(Kind.QUANTITY)


def is_all_for_only(difference: Difference) -> bool:
    """Do all where only some did, or is `only` gone with what it held for: `only if you agree`, `as we see fit`?"""
    was, now = (_values(side, Kind.FORCE) for side in (difference.removed, difference.added))
    if not difference.is_reworded or ("only" in was) == ("only" in now):
        return False
    if ("only" in was and now & ALL) or ("only" in now and was & ALL):
        return len(difference.content) <= SIX
    if difference.is_one_sided:
        return _is_within(difference, FOUR)
    is_one = len(difference.runs) == 1 and difference.features.binds
    return is_one and _is_within(difference, EIGHT) and not names(difference)


def is_other_time(difference: Difference) -> bool:
    """Is it before, after or when something else: `after the walk`, `when you book`?"""
    if not _is_within(difference, FOUR, runs=1) or not difference.features.binds:
        return False
    was, now = ({atom.value for atom in side} & WHEN for side in (difference.removed, difference.added))
    return bool(was and now) and was != now


def is_denied_with_more(difference: Difference) -> bool:
    """Did a `not` go with a clause that belongs to it, or come: `is not liable if he tells you`, `is liable`?"""
    if not _is_within(difference, EIGHT) or not difference.is_one_sided:
        return False
    was, now = (_values(side, Kind.FORCE) & DENIED for side in (difference.features.old, difference.features.new))
    classes = difference.features.sentence_classes
    return bool(was) != bool(now) and any(classes[topic] for topic in MATTERS)


def is_grave(difference: Difference) -> bool:
    """Did a word that nobody writes for another one come in the place of a few: sell, advertising, train?"""
    is_swapped = bool(difference.removed and difference.added)
    is_come = difference.added_classes["grave"] > 0 and not difference.removed_classes["grave"]
    return is_swapped and is_come and _is_within(difference, SIX, runs=TWO)


def is_another_matter(difference: Difference) -> bool:
    """Did a few words of one matter give way to a few of another?"""
    if not (difference.removed and difference.added) or not _is_within(difference, SIX, runs=1) or names(difference):
        return False
    was, now = difference.removed_classes, difference.added_classes
    is_known = all(any(said[topic] for topic in MATTERS) for said in (was, now))
    return is_known and not any(was[topic] and now[topic] for topic in MATTERS)


def is_clause_of_a_matter(difference: Difference) -> bool:
    """Did a few words come or go together that speak of what everybody asks about?"""
    most = TEN if is_the_only_change(difference) else SIX
    if not difference.is_one_stretch or not _is_within(difference, most) or is_said_twice(difference):
        return False
    if names(difference) and most == SIX:
        return False
    return any(difference.classes[topic] for topic in MATTERS)


def is_place_joined(difference: Difference) -> bool:
    """Does an enumeration name another country, and did nothing else change in the whole text?"""
    if not is_the_only_change(difference) or not _is_within(difference, FOUR):
        return False
    was, now = (_values(side, Kind.PLACE) for side in (difference.features.old, difference.features.new))
    is_other = bool(was and now) and was != now
    return is_other and sum(atom.kind is not Kind.PLACE for atom in difference.content) <= TWO


def is_known_member(difference: Difference) -> bool:
    """Is it a member with a name of its own, of a matter that is known: `Social Security number`?"""
    is_one = sum(bool(run.kinds - {Kind.SEPARATOR}) for run in difference.runs) == 1
    return (
        is_one
        and difference.is_one_sided
        and names(difference)
        and any(atom.kind is Kind.TERM for atom in difference.content)
        and _is_within(difference, FOUR)
    )


def is_sum_said(difference: Difference) -> bool:
    """Does one of the two say a sum, a share or a period where the other has words: `in full`, `80 %`?"""
    if not _is_within(difference, FOUR):
        return False
    classes, is_swapped = difference.features.sentence_classes, bool(difference.removed and difference.added)
    if not difference.features.binds and not (is_swapped and any(classes[topic] for topic in MATTERS)):
        return False
    return _says_a_sum(difference.removed, difference.added) != _says_a_sum(difference.added, difference.removed)


def _says_a_sum(atoms: Sequence[Atom], others: Sequence[Atom]) -> bool:
    """Is it none that the others say in part: `each month`, `and month`?"""
    said = {atom.key for atom in others}
    return any(
        atom.kind is Kind.QUANTITY
        and " " in atom.value
        and not atom.value.startswith("date ")
        and said.isdisjoint(atom.key.split())
        for atom in atoms
    )


def is_duty_gone(difference: Difference) -> bool:
    """Did a duty give way to another word: `is mandatory`, `is advised`?"""
    if not _is_within(difference, TWO, runs=1) or difference.is_one_sided:
        return False
    was, now = (_values(side, Kind.FORCE) for side in (difference.removed, difference.added))
    return (bool(was & DUTIES) and not now) or (bool(now & DUTIES) and not was)


def is_ours_for_yours(difference: Difference) -> bool:
    """Is it ours now what was the reader's, or the reverse, with what it is: `on your device`, `on our servers`?"""
    features = difference.features
    if len(difference.runs) != 1 or len(difference.content) > FOUR or features.is_about_the_text:
        return False
    was, now = (_values(side, Kind.PARTY) for side in (difference.removed, difference.added))
    return difference.is_reworded and {was, now} == {frozenset({"we"}), frozenset({"you"})}


def is_counted_otherwise(difference: Difference) -> bool:
    """Is a sum for each of something else: `6 euros per person`, `6 euros per project`?"""
    if len(difference.runs) != 1 or not len(difference.removed) == len(difference.added) == 1:
        return False
    run, spoken = difference.runs[0], difference.features.old
    is_each = run.old_at > 0 and spoken[run.old_at - 1].value == "each"
    return is_each and any(atom.value.startswith("money ") for atom in spoken)


def _values(atoms: Sequence[Atom], kind: Kind) -> frozenset[str]:
    return frozenset(atom.value for atom in atoms if atom.kind is kind)

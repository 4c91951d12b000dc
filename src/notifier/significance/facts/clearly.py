"""What decides by itself though more than a word or two changed: free for a fee, a consent that is gone, all for some.

As in `plainly`, each of these showed on no labelled revision that is minor.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifier.significance.facts.plainly import (
    LEANT_ON,
    MATTERS,
    REACHED,
    is_one_thing,
    is_plain,
    is_said_twice,
    is_short_sentence,
    names,
)
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.unexplained import Difference

COSTS = ("fee", "cost", "charge", "charged", "paid", "price")
CONSENT = (
    "consent", "permission", "einwillig", "zustimm", "consentement", "accord", "consentim", "autoriz", "toestemming",
)  # fmt: skip
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
PER = frozenset(("par", "pro", "per", "por", "je"))
SINCE = re.compile(
    r"[\s,]*(?:of|after|from|since|following|before|nach|ab|seit|vor|après|depuis|à compter|avant|de|d|desde|tras"
    r"|antes de|na|vanaf|van|voor)\b[\s'’]*"
    r"(?:(?:the|your|last|de[rmsl]|Ihre[rms]|la|le|l|votre|du|el|su|de|uw|het) ?['’]?){0,3}",
    re.IGNORECASE,
)
"""What stands between a period and what it runs from."""
TWO, FOUR, SIX, EIGHT, TEN = 2, 4, 6, 8, 10
"""Words with a meaning of their own, at most."""


def is_few(difference: Difference, most: int, *, runs: int = FOUR) -> bool:
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
    if not is_few(difference, FOUR) or not DENIED.isdisjoint(values_of(difference.atoms, Kind.FORCE)):
        return False
    was, now = difference.removed, difference.added
    return any("free" in values_of(free, Kind.DIRECTION) and _costs(paid) for free, paid in ((was, now), (now, was)))


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
    was, now = (values_of(side, Kind.FORCE) for side in (difference.removed, difference.added))
    if not difference.is_reworded or ("only" in was) == ("only" in now):
        return False
    if ("only" in was and now & ALL) or ("only" in now and was & ALL):
        return len(difference.content) <= SIX
    if difference.is_one_sided:
        return is_few(difference, FOUR)
    is_one = len(difference.runs) == 1 and difference.features.binds
    return is_one and is_few(difference, EIGHT) and not names(difference)


def is_other_time(difference: Difference) -> bool:
    """Is it before, after or when something else: `after the walk`, `when you book`?"""
    if not is_few(difference, FOUR, runs=1) or not difference.features.binds:
        return False
    was, now = ({atom.value for atom in side} & WHEN for side in (difference.removed, difference.added))
    return bool(was and now) and was != now


def is_denied_with_more(difference: Difference) -> bool:
    """Did a `not` go with a clause that belongs to it, or come: `is not liable if he tells you`, `is liable`?"""
    if not is_few(difference, EIGHT) or not difference.is_one_sided:
        return False
    was, now = (values_of(side, Kind.FORCE) & DENIED for side in (difference.features.old, difference.features.new))
    classes = difference.features.sentence_classes
    return bool(was) != bool(now) and any(classes[topic] for topic in MATTERS)


def is_grave(difference: Difference) -> bool:
    """Did a word that nobody writes for another one come in the place of a few: sell, advertising, train?"""
    is_swapped = bool(difference.removed and difference.added)
    is_come = difference.added_classes["grave"] > 0 and not difference.removed_classes["grave"]
    return is_swapped and is_come and is_few(difference, SIX, runs=TWO)


def is_another_matter(difference: Difference) -> bool:
    """Did a few words of one matter give way to a few of another?"""
    if not (difference.removed and difference.added) or not is_few(difference, SIX, runs=1) or names(difference):
        return False
    was, now = difference.removed_classes, difference.added_classes
    is_known = all(any(said[topic] for topic in MATTERS) for said in (was, now))
    return is_known and not any(was[topic] and now[topic] for topic in MATTERS)


def is_clause_of_a_matter(difference: Difference) -> bool:
    """Did a few words come or go together that speak of what everybody asks about?"""
    most = TEN if is_the_only_change(difference) else SIX
    if not difference.is_one_stretch or not is_few(difference, most) or is_said_twice(difference):
        return False
    if names(difference) and most == SIX:
        return False
    return any(difference.classes[topic] for topic in MATTERS)


def is_place_joined(difference: Difference) -> bool:
    """Does an enumeration name another country, and did nothing else change in the whole text?"""
    if not is_the_only_change(difference) or not is_few(difference, FOUR):
        return False
    was, now = (values_of(side, Kind.PLACE) for side in (difference.features.old, difference.features.new))
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
        and is_few(difference, FOUR)
    )


def is_sum_said(difference: Difference) -> bool:
    """Does one of the two say a sum, a share or a period where the other has words: `in full`, `80 %`?"""
    if not is_few(difference, FOUR):
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
    if not is_few(difference, TWO, runs=1) or difference.is_one_sided:
        return False
    was, now = (values_of(side, Kind.FORCE) for side in (difference.removed, difference.added))
    return (bool(was & DUTIES) and not now) or (bool(now & DUTIES) and not was)


def is_ours_for_yours(difference: Difference) -> bool:
    """Is it ours now what was the reader's, or the reverse, with what it is: `on your device`, `on our servers`?"""
    features = difference.features
    if len(difference.runs) != 1 or len(difference.content) > FOUR or features.is_about_the_text:
        return False
    was, now = (values_of(side, Kind.PARTY) for side in (difference.removed, difference.added))
    return difference.is_reworded and {was, now} == {frozenset({"we"}), frozenset({"you"})}


def is_counted_otherwise(difference: Difference) -> bool:
    """Is a sum for each of something else: `6 euros per person`, `6 euros per project`; `a day`, `an hour`?"""
    if len(difference.runs) != 1 or difference.features.is_about_the_text:
        return False
    run, spoken = difference.runs[0], difference.features.old
    is_each = _is_each(spoken, run.removed, run.old_at) and _is_each(difference.features.new, run.added, run.new_at)
    is_paid = any(atom.value.startswith("money ") for atom in spoken)
    return is_each and (is_paid or difference.features.sentence_classes["topic.fees_refunds"] > 0)


def _is_each(spoken: Sequence[Atom], changed: Sequence[Atom], at: int) -> bool:
    """Is it what stands behind `per`, with that word or without it, or a rate?"""
    if not 0 < len(changed) <= TWO or at < 0:
        return False
    before = spoken[max(0, at - 1) : at] if len(changed) == 1 else changed[:1]
    return changed[0].value.startswith("rate ") or any(one.value == "each" or one.key in PER for one in before)


def is_reckoned_otherwise(difference: Difference) -> bool:
    """Does a period run from something else: `14 days of delivery`, `14 days of ordering`?"""
    if not is_few(difference, FOUR, runs=1) or difference.is_one_sided or names(difference):
        return False
    run = difference.runs[0]
    spans = [atom for atom in difference.features.old[: run.old_at] if atom.kind is Kind.QUANTITY]
    if not spans or not spans[-1].value.startswith("duration ") or difference.has(Kind.QUANTITY):
        return False
    between = difference.features.pair.before.text[spans[-1].end : run.removed[0].start]
    return SINCE.fullmatch(between) is not None


def is_said_alone(difference: Difference) -> bool:
    """Is a short sentence on what somebody does, may or must do the only thing that came into the whole text?"""
    features, classes = difference.features, difference.features.sentence_classes
    is_done = features.says or classes["duty_verb"] + classes["may"] + classes["must"] > 0
    is_new = features.pair.is_insertion and is_the_only_change(difference) and not features.introduces
    return is_new and is_done and is_short_sentence(difference)


def is_one_for_one(difference: Difference) -> bool:
    """Is one word for another, that begins otherwise, the only change in the whole text?"""
    was, now = difference.removed, difference.added
    is_one = difference.is_reworded and len(was) == len(now) == len(difference.runs) == 1
    if not is_one or was[0].value == now[0].value or was[0].key[:FOUR] == now[0].key[:FOUR]:
        return False
    return is_the_only_change(difference) and is_plain(difference)


def is_other_name(difference: Difference) -> bool:
    """Is it one name for another: `in Vienna`, `in Boston`? In German every noun has a capital."""
    is_told = difference.features.lexicon.language != "de" and not difference.features.sentence_classes[REACHED]
    is_named = all(atom.is_capital and len(atom.key) > 1 and atom.key not in LEANT_ON for atom in difference.atoms)
    return is_told and is_named and is_one_for_one(difference) and not _is_of_the_house(difference)


def _is_of_the_house(difference: Difference) -> bool:
    """Does it stand behind the name that the text begins with: `Acme Boards`, `Acme Planner`?"""
    at, opening = difference.runs[0].old_at, difference.features.texts.opening_words
    before = difference.features.old[at - 1 : at] if at > 0 else ()
    return any(atom.is_capital and atom.kind is Kind.NAME and atom.key in opening for atom in before)


def is_word_of_a_matter(difference: Difference) -> bool:
    """Does somebody do another thing now: is one of the two a deed or a word of what everybody asks about and the other
    none, or did the text say the one elsewhere, and does it say the other no more?"""
    if not is_one_for_one(difference) or not difference.features.says:
        return False
    was, now = difference.removed_classes, difference.added_classes
    if bool(was["duty_verb"]) != bool(now["duty_verb"]):
        return True
    texts = difference.features.texts
    is_settled = texts.was_heard(difference.added[0].key) and not texts.is_heard(difference.removed[0].key)
    is_known = any(was[topic] for topic in MATTERS) != any(now[topic] for topic in MATTERS)
    return (is_settled or is_known) and is_one_thing(difference)


def values_of(atoms: Sequence[Atom], kind: Kind) -> frozenset[str]:
    return frozenset(atom.value for atom in atoms if atom.kind is kind)

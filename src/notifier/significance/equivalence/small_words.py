"""What hides between words that stayed: a comma, an apostrophe, a tense, `in` for `for`, `here` for `there`.

Two sentences may say another thing though every word with a meaning of its own is the same on both sides. What is found
here is a difference that no proof explains.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.turned_words import Stayed, turned
from notifier.significance.equivalence.turns.scope import out_of_reach
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.sentence_pair import PairSide

RELATIVES = frozenset(("who", "whose", "whom", "which", "qui", "dont", "quien", "quienes", "cuyo", "cuya"))
"""Words that open a clause on what stands before them; where the grammar asks for the comma anyway, it says nothing."""
GOES_ON = re.compile(r"[.!?;]\s+(?:it|they|these|this|il|elle|ils|elles)\s", re.IGNORECASE)
"""A sentence that speaks of what ends the one before."""
OTHERS = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("it its itself", "they them their theirs themselves he him his she her hers"),
        ("he him his himself", "she her hers herself"),
        ("lui son sa ses il", "leur leurs eux elles ils"),
        ("sein seine seinen seinem seiner seines", "ihr ihre ihren ihrem ihrer ihres"),
        ("zijn hij hem", "hun zij hen haar"),
    )
)
"""Words that stand for somebody, and those that stand for somebody else: its account, their account."""
THEIRS = frozenset(("his", "her", "hers", "their", "theirs", "hun", "haar", "leur", "leurs"))
"""Whose it is: somebody's who is neither we nor the reader."""
INDEFINITE = frozenset(("a", "an", "ein", "eine", "einem", "einen", "einer", "eines", "un", "une", "una", "een"))
"""One of several: `an owner may end it` is no `the owner may end it`."""
FOR = frozenset(("for", "für", "pour", "voor"))
THEY = frozenset(("él", "ella", "ellos", "ellas"))
"""Who does it, where the verb alone would say that it is the reader."""
SOMEBODY = frozenset(("they", "he", "she", "ils", "elles", "zij", "ze", "hij"))
"""Who does it, where an order to the reader names nobody."""
NAMED = frozenset({Kind.PARTY, Kind.NAME, Kind.WORD, Kind.TERM})
LIMITING = re.compile(
    r"too (?=[^\W\d_])|just (?=(?:your|our|the|their|its|a|an|one|to) )"
    r"|même (?=(?:en|dans|après|avant|sans|avec|pendant|pour|quand|à|au|d|s|lorsqu)\b)"
    r"|(?:auch|selbst) (?=(?:bei|beim|nach|vor|ohne|während|im Fall|wenn|dann)\b)|ook (?=(?:bij|na|zonder|voor|als)\b)",
    re.IGNORECASE,
)
"""`Too high` is more than high, `just your name` your name only, `même en cas de vol` whatever happens; `just write to
us` says nothing."""

THERE_IS = re.compile(r"\s+(?:is|are|was|were|will|shall|may|can|might|must|has|have|be|exists?)\b", re.IGNORECASE)
IS_THERE = re.compile(r"\b(?:is|are|was|were|will|has|have)\s+\Z", re.IGNORECASE)
"""`There is`, `is there`: it says of no place."""
IS = frozenset(("is", "are"))
AS_LONG = re.compile(r"\b(?:as|so) long as\b|\bwhil(?:e|st)\b", re.IGNORECASE)


class Gap(NamedTuple):
    """The small words that went and came between two words that stayed; `behind` is the word that follows."""

    gone: tuple[Atom, ...]
    come: tuple[Atom, ...]
    behind: Atom | None

    @property
    def run(self) -> WordRun:
        return WordRun(self.gone, self.come, 0, 0)


def hidden_difference(features: ChangeFeatures, runs: Sequence[WordRun] = ()) -> WordRun | None:
    """What else differs in a pair, beside the runs that proofs explain, if it says anything."""
    if not features.pair.is_reworded:
        return None
    stayed = tuple(_stayed(features, runs))
    found = _parted_clause(features) or _parted_not(features) or turned(features, stayed) or out_of_reach(features)
    if found or any(len(run.removed) != len(run.added) for run in runs) or len(stayed) < len(features.old) - len(runs):
        return found
    gaps = list(_gaps(features))
    cases = [gap for gap in gaps if _is_other_case(features, gap)]
    if len(cases) > 1:
        return cases[0].run  # German: `der Käufer zahlt dem Verkäufer`, `dem Käufer zahlt der Verkäufer`
    return next((gap.run for gap in gaps if _says_otherwise(features, gap)), None)


def _stayed(features: ChangeFeatures, runs: Sequence[WordRun]) -> Iterator[Stayed]:
    """The first of a word belongs to the first of it on the other side, in whatever order they stand; what only came
    or went (a name that is said elsewhere in the sentence, too) is none of them."""
    gone, come = ({atom.start: atom.value for atom in side} for side in _of(runs))
    moved = set(gone.values()) & set(come.values())
    places: dict[str, list[int]] = {}
    for at, atom in enumerate(features.new):
        if come.get(atom.start) != atom.value or atom.value in moved:
            places.setdefault(atom.value, []).append(at)
    for at, atom in enumerate(features.old):
        if gone.get(atom.start) == atom.value and atom.value not in moved:
            continue
        if ats := places.get(atom.value):
            there = ats.pop(0)
            yield Stayed(atom, features.new[there], at, there)


def _of(runs: Sequence[WordRun]) -> tuple[list[Atom], list[Atom]]:
    return [atom for run in runs for atom in run.removed], [atom for run in runs for atom in run.added]


def _is_other_case(features: ChangeFeatures, gap: Gap) -> bool:
    """Did an article before somebody take another case?"""
    cases = features.lexicon.lists.get("cases", frozenset())
    is_swap = all(any(atom.key in cases for atom in side) for side in (gap.gone, gap.come))
    return is_swap and gap.behind is not None and (gap.behind.kind is Kind.PARTY or gap.behind.is_capital)


def _says_otherwise(features: ChangeFeatures, gap: Gap) -> bool:
    gone, come = ([atom.key for atom in side] for side in (gap.gone, gap.come))
    lists = features.lexicon.lists
    places = lists.get("here", frozenset())
    if not places.isdisjoint(gone) and not places.isdisjoint(come):
        return True
    if any(_says_where(features, gap)) and "](" not in features.pair.side.text:
        return True
    if any(word in lists.get(name, ()) for name in ("own", "half_nots") for word in gone + come):
        return True
    if any(
        LIMITING.match(side.text, atom.start)
        for side, atoms in zip(features.pair.sides, (gap.gone, gap.come), strict=True)
        for atom in atoms
    ):
        return True
    if (
        _is_somebody_else(gone, come)
        or _is_theirs_alone(features, gone, come)
        or (features.binds and _is_one_of_several(features, gap))
    ):
        return True
    if len(gone + come) == 1 and FOR.issuperset(gone + come) and _is_aimed(features, gap):
        return True  # `we search for your bags`, `we search your bags`
    if len(gone + come) == 1 and _is_listed(features, gap):
        return True
    if gap.behind is features.old[0] and SOMEBODY.isdisjoint(gone) != SOMEBODY.isdisjoint(come) and not (gone and come):
        return True  # `do not share it`, `they do not share it`
    if THEY.isdisjoint(gone) != THEY.isdisjoint(come):
        return True  # Spanish: `usted debe pagar`, `ellos deben pagar`
    if gap.behind is None and not lists.get("separable", frozenset()).isdisjoint(gone + come):
        return True  # German and Dutch: `wir heben ihn auf`, `wir heben ihn an`
    return _is_other_time(features, gone, come) or any(
        not _are_alike(features, one, other, gap) for one in gone for other in come
    )


def _says_where(features: ChangeFeatures, gap: Gap) -> Iterator[bool]:
    """Is it a `here`, or a `there` that is no `there is`: `you may sue there`, `you may sue`?"""
    for side, atoms in zip(features.pair.sides, (gap.gone, gap.come), strict=True):
        for atom in atoms:
            is_place = atom.key in features.lexicon.lists.get("here", ())
            yield is_place and not (THERE_IS.match(side.text, atom.end) or IS_THERE.search(side.text, 0, atom.start))


def _is_aimed(features: ChangeFeatures, gap: Gap) -> bool:
    """Does the `for` stand behind a verb, and is it all that came or went?"""
    if gap.behind is None or gap.behind.kind not in NAMED or any(run.atoms for run in features.runs):
        return False
    text, word = (features.pair.before.text, gap.gone) if gap.gone else (features.pair.after.text, gap.come)
    return re.search(r"\b[^\W\d_A-Z]+ \Z", text[: word[0].start]) is not None


def _is_listed(features: ChangeFeatures, gap: Gap) -> bool:
    """Did what it joins become two of a list: `May to July`, `May, July`; `copies of bills`, `copies, bills`?"""
    here, there = features.pair.sides if gap.gone else reversed(features.pair.sides)
    (word,) = gap.gone or gap.come
    before, behind = re.search(r"\w+(?=\s+\Z)", here.text[: word.start]), re.match(r"\s+(\w+)", here.text[word.end :])
    if before is None or behind is None:
        return False
    return bool(re.search(rf"\b{re.escape(before[0])}\s*[,;/]\s*{re.escape(behind[1])}\b", there.text))


def _is_somebody_else(gone: Sequence[str], come: Sequence[str]) -> bool:
    return any(
        not one.isdisjoint(was) and not other.isdisjoint(now)
        for one, other in OTHERS
        for was, now in ((gone, come), (come, gone))
    )


def _is_theirs_alone(features: ChangeFeatures, gone: Sequence[str], come: Sequence[str]) -> bool:
    """Did somebody's come or go where the sentence speaks of the reader's: `your name and address`, `your name and her
    address`?"""
    is_alone = bool(THEIRS & {*gone, *come}) and not (gone and come)
    return is_alone and all(any(atom.value == "you" for atom in side.atoms) for side in features.pair.sides)


def _is_one_of_several(features: ChangeFeatures, gap: Gap) -> bool:
    """Did the one who is known become anybody of his kind, or the reverse: `the owner`, `an owner`?"""
    articles = features.lexicon.lists.get("articles", frozenset())
    sides = [{atom.key for atom in side} & articles for side in (gap.gone, gap.come)]
    is_other = all(sides) and bool(sides[0] & INDEFINITE) != bool(sides[1] & INDEFINITE)
    is_chosen = features.sentence_classes["may"] > 0 and len(gap.gone) == len(gap.come) == 1
    kinds = (Kind.PARTY, Kind.NAME, Kind.WORD, Kind.TERM) if is_chosen else (Kind.PARTY, Kind.NAME)
    return is_other and gap.behind is not None and gap.behind.kind in kinds


def _is_other_time(features: ChangeFeatures, gone: Sequence[str], come: Sequence[str]) -> bool:
    """Was it so, and is it now, or the reverse: `is encrypted`, `was encrypted`; `have
    been deleted`, `are being deleted`?"""
    past, present = (features.lexicon.lists.get(name, frozenset()) for name in ("past", "present"))
    lasts = AS_LONG.search(features.pair.side.text) is not None  # `as it is open`, `as it has been open`
    return any(
        (not past.isdisjoint(one) and not present.isdisjoint(other))
        or ("been" in one and ("being" in other or (lasts and not IS.isdisjoint(other))))
        for one, other in ((gone, come), (come, gone))
    )


def _are_alike(features: ChangeFeatures, one: str, other: str, gap: Gap) -> bool:
    """May one small word stand for another: `on request`, `upon request`; and not `for 30 days`, `in 30 days`?"""
    groups = [group.split("/") for group in features.lexicon.lists.get("prepositions", ())]
    if not all(any(word in group for group in groups) for word in (one, other)):
        return True
    if gap.behind is not None and gap.behind.kind is Kind.QUANTITY and {one, other} != {"on", "upon"}:
        return False
    return any(one in group and other in group for group in groups)


def _gaps(features: ChangeFeatures) -> Iterator[Gap]:
    """Where small words came or went between the words that stayed."""
    old, new = (
        _parted(side.atoms, spoken)
        for side, spoken in zip(features.pair.sides, (features.old, features.new), strict=True)
    )
    if len(old) != len(new):
        return
    for at, (was, now) in enumerate(zip(old, new, strict=True)):
        if [atom.key for atom in was] != [atom.key for atom in now]:
            behind = features.old[at] if at < len(features.old) else None
            yield Gap(_without(was, now), _without(now, was), behind)


def _parted(atoms: Sequence[Atom], spoken: Sequence[Atom]) -> list[list[Atom]]:
    """The small words before, between and behind those that say something."""
    found: list[list[Atom]] = [[]]
    starts = {atom.start for atom in spoken}
    for atom in atoms:
        if atom.start in starts:
            found.append([])
        elif atom.kind is Kind.GLUE:
            found[-1].append(atom)
    return found


def _without(atoms: Sequence[Atom], others: Sequence[Atom]) -> tuple[Atom, ...]:
    left = Counter(atom.key for atom in others)
    kept = []
    for atom in atoms:
        if left[atom.key]:
            left[atom.key] -= 1
        else:
            kept.append(atom)
    return tuple(kept)


def _parted_not(features: ChangeFeatures) -> WordRun | None:
    """The comma behind a `no` that opens the sentence: `No data is sold`, `No, data is sold`."""
    sides = [side.atoms for side in features.pair.sides]
    if not all(len(atoms) > 1 and atoms[0].value == "not" for atoms in sides):
        return None
    was, now = (atoms[1] for atoms in sides)
    return None if (was.value == ",") == (now.value == ",") else WordRun((was,), (now,), 0, 0)


def _parted_clause(features: ChangeFeatures) -> WordRun | None:
    """The comma that came or went before who or which: the clause held for some of them, and holds for all now. A
    sentence of its own holds for all, too: `partners who have signed`, `partners. They have signed`."""
    if not features.binds:
        return None
    (old, bound), (new, free) = (_before_relatives(features, side) for side in features.pair.sides)
    told = [len(GOES_ON.findall(side.text)) for side in features.pair.sides]
    if len(old) + told[0] == len(new) + told[1]:
        return None  # `one cookie, which keeps you logged in`; `one cookie. It keeps you logged in`
    if len(old) != len(new):
        return WordRun(tuple(old), tuple(new), 0, 0)
    return WordRun(tuple(bound), tuple(free), 0, 0) if len(bound) != len(free) else None


def _before_relatives(features: ChangeFeatures, side: PairSide) -> tuple[list[Atom], list[Atom]]:
    """The commas before `who` and `which`, where what stands in brackets is parted as well, and those that lack one."""
    relatives = features.lexicon.lists.get("relatives", frozenset()) & RELATIVES
    parted, bound = [], []
    for one, relative in pairwise(side.atoms):
        if relative.key in relatives and (one.value == "," or "(" in side.text[one.end : relative.start]):
            parted.append(one)
        elif relative.key in relatives:
            bound.append(relative._replace(kind=Kind.SEPARATOR, value=","))
    return parted, bound

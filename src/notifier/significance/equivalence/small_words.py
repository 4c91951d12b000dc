"""What hides between words that stayed: a comma, an apostrophe, a tense, `in` for `for`, `here` for `there`.

Two sentences may say another thing though every word with a meaning of its own is the same on both sides. What is found
here is a difference that no proof explains.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.sentence_pair import PairSide

RELATIVES = frozenset(("who", "whose", "whom", "which", "qui", "dont", "quien", "quienes", "cuyo", "cuya"))
"""Words that open a clause on what stands before them; where the grammar asks for the comma anyway, it says nothing."""
ONE = re.compile(r"\b(?:an?|ein|eine[nmrs]?|une?|una|een)\s+(?:[\w-]+\s+)?\Z", re.IGNORECASE)
"""What says of the next noun that there is one of it."""
PARTICIPLES = {"en": (("ing", "ed"),), "fr": (("ant", "é"), ("ants", "és"), ("ante", "ée"), ("antes", "ées"))}
"""Endings by which one does it, and it is done to another: the requesting authority, the requested authority."""
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
INDEFINITE = frozenset(("a", "an", "ein", "eine", "einem", "einen", "einer", "eines", "un", "une", "una", "een"))
"""One of several: `an owner may end it` is no `the owner may end it`."""
FRENCH_PRESENT = ("ons", "ez", "ent", "e", "es")
ARTICLE = re.compile(r"\b(?:(la|las|una)|el|los|del|al|un) \Z", re.IGNORECASE)
NAMED = frozenset({Kind.PARTY, Kind.NAME, Kind.WORD, Kind.TERM})
ROOT = 3
PERFECT = re.compile(r"\b(?:have|has|had)\s*\Z", re.IGNORECASE)
"""`We have deleted`: what stands before a verb that tells of the past."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The small words that went and came between two words that stayed; `behind` is the word that follows."""

    gone: tuple[Atom, ...]
    come: tuple[Atom, ...]
    behind: Atom | None

    @property
    def run(self) -> WordRun:
        return WordRun(self.gone, self.come, 0, 0)


@dataclass(frozen=True, slots=True)
class Stayed:
    """A word with a meaning of its own that stands on both sides, and which of its side's words it is."""

    one: Atom
    other: Atom
    old_at: int
    new_at: int

    @property
    def run(self) -> WordRun:
        return WordRun((self.one,), (self.other,), self.old_at, self.new_at)


def hidden_difference(features: ChangeFeatures, runs: Sequence[WordRun] = ()) -> WordRun | None:
    """What else differs in a pair, beside the runs that proofs explain, if it says anything."""
    if not features.pair.is_reworded:
        return None
    stayed = tuple(_stayed(features, runs))
    found = _parted_clause(features) or _parted_not(features) or _turned(features, stayed)
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


def _turned(features: ChangeFeatures, stayed: Sequence[Stayed]) -> WordRun | None:
    """The first word of which the form says something else than it said."""
    tests = (
        _is_turned_verb, _is_turned_participle, _is_turned_person, _is_turned_number, _is_other_owner,
        _is_other_address, _is_other_noun,
    )  # fmt: skip
    return next((word.run for word in stayed if any(test(features, word) for test in tests)), None)


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
    if any(word in lists.get("only_here", ()) for word in gone + come) and "](" not in features.pair.side.text:
        return True
    if any(word in lists.get(name, ()) for name in ("own", "half_nots") for word in gone + come):
        return True
    if _is_somebody_else(gone, come) or (features.binds and _is_one_of_several(features, gap)):
        return True
    if sorted(gone + come) == ["for"] and gap.behind is not None and gap.behind.kind in NAMED:
        return True  # `we search for your bags`, `we search your bags`
    if gap.behind is None and not lists.get("separable", frozenset()).isdisjoint(gone + come):
        return True  # German and Dutch: `wir heben ihn auf`, `wir heben ihn an`
    return _is_other_time(features, gone, come) or any(
        not _are_alike(features, one, other, gap) for one in gone for other in come
    )


def _is_somebody_else(gone: Sequence[str], come: Sequence[str]) -> bool:
    return any(
        not one.isdisjoint(was) and not other.isdisjoint(now)
        for one, other in OTHERS
        for was, now in ((gone, come), (come, gone))
    )


def _is_one_of_several(features: ChangeFeatures, gap: Gap) -> bool:
    """Did the one who is known become anybody of his kind, or the reverse: `the owner`, `an owner`?"""
    articles = features.lexicon.lists.get("articles", frozenset())
    sides = [{atom.key for atom in side} & articles for side in (gap.gone, gap.come)]
    is_other = all(sides) and bool(sides[0] & INDEFINITE) != bool(sides[1] & INDEFINITE)
    return is_other and gap.behind is not None and gap.behind.kind in (Kind.PARTY, Kind.NAME)


def _is_other_time(features: ChangeFeatures, gone: Sequence[str], come: Sequence[str]) -> bool:
    """Was it so, and is it now, or the reverse: `is encrypted`, `was encrypted`?"""
    past, present = (features.lexicon.lists.get(name, frozenset()) for name in ("past", "present"))
    return any(
        not past.isdisjoint(one) and not present.isdisjoint(other) for one, other in ((gone, come), (come, gone))
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
    """The comma that came or went before who or which: the clause held for some of them, and holds for all now."""
    if not features.binds:
        return None
    old, new = (_parted_before_relatives(features, side) for side in features.pair.sides)
    return None if len(old) == len(new) else WordRun(tuple(old), tuple(new), 0, 0)


def _parted_before_relatives(features: ChangeFeatures, side: PairSide) -> list[Atom]:
    """The commas before `who` and `which`; what stands in brackets is parted as well."""
    relatives = features.lexicon.lists.get("relatives", frozenset()) & RELATIVES
    return [
        one
        for one, next_one in pairwise(side.atoms)
        if next_one.key in relatives and (one.value == "," or "(" in side.text[one.end : next_one.start])
    ]


def _is_turned_verb(features: ChangeFeatures, word: Stayed) -> bool:
    """The verb that is done to somebody now who did it, or the reverse: `users are notified`, `users notify`; or what
    somebody did and does: `we shared`, `we share`."""
    one, other = word.one, word.other
    return one.key != other.key and (
        _is_done_to(features, one, new=False) != _is_done_to(features, other, new=True)
        or _did(features, one, word.old_at, new=False) != _did(features, other, word.new_at, new=True)
    )


def _is_turned_participle(features: ChangeFeatures, word: Stayed) -> bool:
    """Does it do now what was done to it, or the reverse: the `disclosing party`, the `disclosed party`?"""
    one, other = word.one.key, word.other.key
    return one != other and any(
        active.endswith(does) and passive.endswith(done) and active[:ROOT] == passive[:ROOT]
        for does, done in PARTICIPLES.get(features.lexicon.language, ())
        for active, passive in ((one, other), (other, one))
    )


def _is_turned_person(features: ChangeFeatures, word: Stayed) -> bool:
    """Who does it stands in the verb's ending alone: `puede cancelar`, `podemos cancelar`; French, with `nous` on both
    sides: `ils nous informent`, `nous les informons`."""
    one, other, language = word.one.key, word.other.key, features.lexicon.language
    if language == "fr":
        ends = [key.endswith("ons") for key in (one, other)]
        present = all(key.endswith(FRENCH_PRESENT) for key in (one, other))
        return one != other and present and ends[0] != ends[1] and word.one.kind in (Kind.WORD, Kind.TERM)
    return language == "es" and one != other and _are_we(one, other) != _are_we(other, one)


def _is_other_noun(features: ChangeFeatures, word: Stayed) -> bool:
    """Is it another thing of which the name only ends otherwise: `Bürge`, `Bürger`; `el cargo`, `la carga`?"""
    one, other, language = word.one.key, word.other.key, features.lexicon.language
    if one == other or word.one.kind is Kind.PARTY:
        return False
    if language == "de":
        is_noun = word.one.is_capital and word.other.is_capital
        return is_noun and any(
            man.endswith("er") and thing == man.removesuffix("r") and not thing.endswith("te")
            for man, thing in ((one, other), (other, one))
        )
    return language == "es" and _is_other_gender(features, word)


def _is_other_gender(features: ChangeFeatures, word: Stayed) -> bool:
    """Spanish: did the article of a noun change with its ending, and it names nobody: `el cargo`, `la carga`?"""
    before, after = (side.text for side in features.pair.sides)
    articles = [ARTICLE.search(text[: atom.start]) for text, atom in ((before, word.one), (after, word.other))]
    return all(articles) and len({bool(found and found[1]) for found in articles}) > 1


def _are_we(verb: str, other: str) -> bool:
    """Has it a verb's ending for `we`, and not that of a noun of which there are many: `mínimos`?"""
    return any(word.endswith("mos") and word[:-1] not in other.split() for word in verb.split())


def _is_done_to(features: ChangeFeatures, verb: Atom, *, new: bool) -> bool:
    """Does a form of `to be` stand before a verb in the past, with small words between at most?"""
    copula = features.lexicon.lists.get("copula", frozenset())
    side = features.pair.sides[new]
    before = [atom for atom in side.atoms if atom.start < verb.start][-2:]
    return not verb.key.endswith("ing") and any(atom.key in copula for atom in before)


def _did(features: ChangeFeatures, verb: Atom, at: int, *, new: bool) -> bool:
    """English: is it what we, or those who are meant, did and perhaps do no more: `we deleted`, `who have paid`?"""
    spoken = features.new if new else features.old
    if features.lexicon.language != "en" or not at or not verb.key.endswith("ed"):
        return False
    side = features.pair.sides[new]
    text = PERFECT.sub("", side.text[spoken[at - 1].end : verb.start]).strip().casefold()
    return text == "who" or (not text and spoken[at - 1].key == "we")


def _is_turned_number(features: ChangeFeatures, word: Stayed) -> bool:
    """The noun of which there was one and may be many now, or the reverse: `on a device`, `on devices`."""
    if not features.binds:
        return False
    before, after = (side.text for side in features.pair.sides)
    one, other = word.one, word.other
    if before[one.start : one.end] == after[other.start : other.end]:
        return False
    was, now = (ONE.search(text[: atom.start]) for text, atom in ((before, one), (after, other)))
    return (was is None) != (now is None)


def _is_other_owner(features: ChangeFeatures, word: Stayed) -> bool:
    """Whose it is: `your friends, pets`, `your friends' pets`; `your friend's data`, `your friends' data`."""
    if features.lexicon.language != "en" or word.one.kind is Kind.PARTY:
        return False
    before, after = (side.text for side in features.pair.sides)
    was, now = before[word.one.start : word.one.end + 1].strip(), after[word.other.start : word.other.end + 1].strip()
    return was != now and (_owns(was, now) or _owns(now, was))


def _owns(was: str, now: str) -> bool:
    many = now.replace("’", "'")
    return many.endswith("s'") and was.replace("’", "'") in (f"{many[:-2]}'s", f"{many[:-1]},")


def _is_other_address(features: ChangeFeatures, word: Stayed) -> bool:
    """German: `Ihre Daten` are the reader's, `ihre Daten` somebody else's."""
    polite = features.lexicon.lists.get("polite", frozenset())
    return bool(word.old_at) and word.one.key in polite and word.one.is_capital != word.other.is_capital

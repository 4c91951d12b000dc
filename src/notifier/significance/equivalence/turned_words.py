"""Words that stayed in another form that says another thing: who does it and to whom, when, how many, whose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.reading.lexicon import entries, lexicon, word_groups

ONE = re.compile(r"\b(?:an?|ein|eine[nmrs]?|une?|una|een)\s+(?:[\w-]+\s+)?\Z", re.IGNORECASE)
"""What says of the next noun that there is one of it."""
PLURALS = {"en": ("s", "es"), "fr": ("s",), "es": ("s", "es"), "nl": ("s", "en", "n")}
"""Endings of a noun that names many; of a German one they are cases, too."""
HELD = re.compile(
    r"\b(?P<on>(?:on|sur|en|op) )?(?:one|your|our|the|votre|vos|notre|nos|sus?|nuestr[oa]s?|uw|onze|ons)\s+\Z",
    re.IGNORECASE,
)
"""What says of the next noun whose it is."""
PARTICIPLES = {"en": (("ing", "ed"),), "fr": (("ant", "é"), ("ants", "és"), ("ante", "ée"), ("antes", "ées"))}
"""Endings by which one does it, and it is done to another: the requesting authority, the requested authority."""
FRENCH_PRESENT = ("ons", "ez", "ent", "e", "es")
ARTICLE = re.compile(r"\b(?:(la|las|una)|el|los|del|al|un) \Z", re.IGNORECASE)
ROOT = 3
WHO = re.compile(r" who ")
PERFECT = re.compile(r"\b(?:have|has|had)\s*(?:(?:not|never)\s*)?\Z", re.IGNORECASE)
"""`We have deleted`: what stands before a verb that tells of the past."""


class Stayed(NamedTuple):
    """A word with a meaning of its own that stands on both sides, and which of its side's words it is."""

    one: Atom
    other: Atom
    old_at: int
    new_at: int

    @property
    def run(self) -> WordRun:
        return WordRun((self.one,), (self.other,), self.old_at, self.new_at)


def turned(features: ChangeFeatures, stayed: Sequence[Stayed]) -> WordRun | None:
    """The first word of which the form says something else than it said."""
    tests = (
        _is_turned_verb, _is_turned_participle, _is_turned_person, _is_turned_number, _is_other_owner,
        _is_other_address, _is_other_noun,
    )  # fmt: skip
    return next((word.run for word in stayed if any(test(features, word) for test in tests)), None)


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
        active.endswith(does)
        and passive.endswith(done)
        and active[:ROOT] == passive[:ROOT]
        and active[: -len(does)] != passive
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
    if features.lexicon.language != "en" or not at:
        return False
    side = features.pair.sides[new]
    who = at - 2 if at > 1 and spoken[at - 1].value in ("not", "never") else at - 1
    between = side.text[spoken[who].end : verb.start]
    text = PERFECT.sub("", between).strip().casefold()
    is_past = verb.key.endswith("ed") or verb.key in _irregular() or text != between.strip().casefold()
    return is_past and (text == "who" or (not text and spoken[who].key == "we"))


@cache
def _irregular() -> frozenset[str]:
    """English: forms of verbs that are in the past without `-ed`: `sold`."""
    forms = word_groups(lexicon("en").stored, "forms")
    return frozenset(form for _, written in forms for form in entries(written) if not form.endswith("s"))


def _is_turned_number(features: ChangeFeatures, word: Stayed) -> bool:
    """The noun of which there was one and may be many now, or the reverse: `on a device`, `on devices`."""
    before, after = (side.text for side in features.pair.sides)
    one, other = word.one, word.other
    if before[one.start : one.end] == after[other.start : other.end]:
        return False
    heads = before[: one.start], after[: other.start]
    was, now = (ONE.search(head) for head in heads)
    is_one = features.binds and (was is None) != (now is None) and not _is_of_kind(features, word, heads)
    return _is_counted(features, word, heads) or is_one


def _is_of_kind(features: ChangeFeatures, word: Stayed, heads: Sequence[str]) -> bool:
    """English: does the sentence begin with anybody of whom more is said, and with all of them on the other side: `A
    guest who smokes pays a fine`? Not where they may do something: one guest may stay, guests may."""
    may = features.sentence_classes["may"] or features.lexicon.language != "en"
    is_somebody = word.one.kind is Kind.PARTY or "you" in features.lexicon.of(word.one.key)
    opens = sorted(head.strip("*_ \n").lower() for head in heads)
    return (
        is_somebody
        and not may
        and opens[0] == ""
        and opens[1] in ("a", "an")
        and bool(WHO.match(features.pair.after.text, word.other.end))
    )


def _is_counted(features: ChangeFeatures, word: Stayed, heads: Sequence[str]) -> bool:
    """Is it said in another number of whom it is said, or of what a licence or permission holds for: `our partner`,
    `our partners`; `on your device`, `on your devices`?"""
    marks, classes = features.lexicon.of(word.one.key), features.sentence_classes
    held = [HELD.search(head) for head in heads]
    if not all(held) or "duty_verb" in marks:
        return False
    is_allowed = classes["may"] > 0 and any(found is not None and found["on"] for found in held)
    if not (word.one.kind is Kind.PARTY or is_allowed or classes["topic.intellectual_property"]):
        return False
    keys = (word.one.key, word.other.key)
    endings = PLURALS.get(features.lexicon.language, ())
    return any(many == f"{single}{ending}" for single, many in (keys, keys[::-1]) for ending in endings)


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

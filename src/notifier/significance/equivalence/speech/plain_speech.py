"""Proof that a sentence is only put in other words: phrases that say the same, and turns of speech brought to one form.

Both stand in the lexicons: `alike` are groups of phrases of which any may stand for any other wherever it stands,
`said` are patterns with what they are read as. What a turn is read as is asked of again by the proofs for runs, and so
is what a sentence says once each phrase of a group that only the old side has is put as the new side puts it: a
synonym in a sentence that was turned round, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.modals import DUTY, is_denied
from notifier.significance.equivalence.proof import ANY, Proof
from notifier.significance.equivalence.speech.gerunds import without_subjects
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Kind, atoms_of
from notifier.significance.reading.lexicon import entries, lexicon
from notifier.significance.reading.word_forms import lemma, spelled
from notifier.significance.sentence_pair import PairSide
from notifier.text.document import BlockKind

WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*['’]?")
WORDS = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")
SOMETHING_ELSE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
GROUP = re.compile(r"\([^()]*\)(?:[?*+]|\{[^{}]*\})*")
LETTERS = re.compile(r"[^\W\d_]+(?![^\W\d_]*[?*{])")
"""Of a pattern: what is escaped and classes of letters, groups with how often they stand, letters that always stand."""
LONGEST = 16
"""Words on both sides that are tried to be parted into phrases."""
REACH = 3
"""Words of a meaning beside those that changed with which they may be one phrase: two at most on each side."""
UNTOUCHED = frozenset({BlockKind.TABLE_ROW, BlockKind.HEADING, BlockKind.FRONT_MATTER})
"""Blocks whose few words are no sentences."""
NO_GROUP: frozenset[int] = frozenset()
Words = tuple[str, ...]


def are_alike(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Does a phrase stand where another one stood of which the lexicon says that it says the same?"""
    return features.pair.is_reworded and all(_is_alike(features, run) for run in runs)


def _is_alike(features: ChangeFeatures, run: WordRun) -> bool:
    if features.kind is BlockKind.TABLE_ROW or not all(WORDS.fullmatch(atom.key) for atom in run.atoms):
        return False
    if {atom.value for atom in run.atoms} >= DUTY and is_denied(features):
        return False
    return any(
        was != now and _say_the_same(was, now, features.lexicon.language)
        for left in range(REACH)
        for right in range(REACH)
        for was, now in (_stretches(features, run, left, right),)
    )


def _stretches(features: ChangeFeatures, run: WordRun, left: int, right: int) -> tuple[Words, Words]:
    """The words of both sides in which they differ, with so many beside them that stayed."""
    pair, language = features.pair, features.lexicon.language
    sides = (
        (pair.before.text, features.old, run.old_at, run.old_at + len(run.removed)),
        (pair.after.text, features.new, run.new_at, run.new_at + len(run.added)),
    )
    was, now = (
        text[
            atoms[at - 1 - left].end if at > left else 0 : atoms[end + right].start
            if end + right < len(atoms)
            else len(text)
        ]
        for text, atoms, at, end in sides
    )
    return phrase_words(was, language), phrase_words(now, language)


@lru_cache(maxsize=4096)
def _say_the_same(was: Words, now: Words, language: str) -> bool:
    """Are they phrases of one group, or may both be parted into such phrases?"""
    groups = phrase_groups(language)
    if groups.get(was, NO_GROUP) & groups.get(now, NO_GROUP):
        return True
    if not 1 < len(was) + len(now) - 1 <= LONGEST:
        return False
    reached, phrases = {(0, 0)}, _phrases(now, groups)
    for at, known in enumerate(_phrases(was, groups)):
        for to, others in enumerate(phrases):
            if (at, to) not in reached:
                continue
            if was[at] == now[to]:
                reached.add((at + 1, to + 1))
            reached.update((end, stop) for end, one in known for stop, other in others if one & other)
    return (len(was), len(now)) in reached


def _phrases(words: Words, groups: Mapping[Words, frozenset[int]]) -> list[list[tuple[int, frozenset[int]]]]:
    """For each word the phrases that begin with it: where each ends, and the groups that it stands in."""
    places = range(len(words))
    return [
        [(end, groups[words[at:end]]) for end in range(at + 1, len(words) + 1) if words[at:end] in groups]
        for at in places
    ]


def phrase_words(text: str, language: str) -> Words:
    words = (_phrase_word(word, language) for word in WORD.findall(text))
    return tuple(word for word in words if word is not None)


@lru_cache(maxsize=16384)
def _phrase_word(written: str, language: str) -> str | None:
    """The word without its ending; none where it says nothing."""
    lists, word = lexicon(language).lists, written.lower().replace("’", "'")
    if word in lists.get("articles", ()) or word in lists.get("by_the_way", ()):
        return None
    return lemma(spelled(word, language), language).removesuffix("e")


@cache
def phrase_groups(language: str) -> Mapping[Words, frozenset[int]]:
    """Phrases, each with the numbers of the groups that it stands in."""
    found: dict[Words, frozenset[int]] = {}
    for number, group in enumerate(entries(lexicon(language).stored.get("phrases", {}).get("alike", ""))):
        for phrase in group.split("/"):
            words = phrase_words(phrase, language)
            found[words] = found.get(words, NO_GROUP) | {number}
    return found


def said_plainly(features: ChangeFeatures) -> ChangeFeatures | None:
    """The same pair with its turns of speech in one form; nothing where none of them stands in it."""
    pair = features.pair
    if pair.side.kind in UNTOUCHED or any("<" in side.text for side in pair.sides):
        return None
    before, after = (_plain(side, features.lexicon.language) for side in pair.sides)
    if (before, after) == (pair.before, pair.after):
        return None
    return replace(features, pair=replace(pair, before=before, after=after))


def _plain(side: PairSide, language: str) -> PairSide:
    text = _put_plainly(side.text, language)
    return side if text == side.text else replace(side, text=text, atoms=atoms_of(text, lexicon(language)))


@lru_cache(maxsize=4096)
def _put_plainly(text: str, language: str) -> str:
    folded = text.casefold().replace("ı", "i")  # as a pattern takes the letters that ignores their case
    for word, pattern, instead in _turns(language):
        if word in folded and pattern.search(text):
            text = pattern.sub(instead, text)
            folded = text.casefold().replace("ı", "i")
    return without_subjects(text) if language == "en" else text


@cache
def _turns(language: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Turns of speech, in order, and what each is read as; a space stands for any white space.

    Before each stands a word that is in all that it matches: to look for that is much faster.
    """
    written = lexicon(language).stored.get("said", {})
    return tuple(
        (_sure_word(pattern), re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE), instead)
        for pattern, instead in written.items()
    )


def _sure_word(pattern: str) -> str:
    """The longest row of letters outside of all groups, none of which may be left out; folded, and maybe empty."""
    bare = SOMETHING_ELSE.sub(" ", pattern)
    while bare != (inner := GROUP.sub(" ", bare)):
        bare = inner
    return "" if "|" in bare else max(LETTERS.findall(bare), key=len, default="").casefold().replace("ı", "i")


ALIKE = Proof(
    "said-alike",
    ANY - {Kind.QUANTITY, Kind.PLACE, Kind.CONTACT, Kind.LINK, Kind.OPAQUE},
    are_alike,
    "A phrase gave way to another of which the lexicon says that it says the same, wherever it stands.",
    "You must fill in the form.",
    "You must complete the form.",
)

"""Proof that a sentence is only put in other words: phrases that say the same, and turns of speech brought to one form.

Both stand in the lexicons: `alike` are groups of phrases of which any may stand for any other wherever it stands,
`said` are patterns with what they are read as. What a turn is read as is asked of again by the proofs for runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import ANY, Proof
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Atom, Kind, atoms_of
from notifier.significance.reading.lexicon import lexicon
from notifier.significance.reading.word_forms import lemma, spelled
from notifier.significance.sentence_pair import PairSide
from notifier.text.document import BlockKind

WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*['’]?")
WORDS = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")
REACH = 3
"""Words beside those that changed with which they may be one phrase."""
UNTOUCHED = frozenset({BlockKind.TABLE_ROW, BlockKind.HEADING, BlockKind.FRONT_MATTER})
"""Blocks whose few words are no sentences."""
Words = tuple[str, ...]


def are_alike(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Does a phrase stand where another one stood of which the lexicon says that it says the same?"""
    return features.pair.is_reworded and all(_is_alike(features, run) for run in runs)


def _is_alike(features: ChangeFeatures, run: WordRun) -> bool:
    if features.kind is BlockKind.TABLE_ROW or not all(WORDS.fullmatch(atom.key) for atom in run.atoms):
        return False
    old = _around(features, features.pair.before, features.old, run.old_at, len(run.removed))
    new = _around(features, features.pair.after, features.new, run.new_at, len(run.added))
    if _is_by_the_way(features, run):
        return True
    groups = _groups(features.lexicon.language)
    return any(groups.get(was, frozenset()) & groups.get(now, frozenset()) for was, now in _phrases(old, new))


def _is_by_the_way(features: ChangeFeatures, run: WordRun) -> bool:
    """Is it `also`, `please` or the like that came or went?"""
    return all(atom.key in features.lexicon.lists.get("by_the_way", frozenset()) for atom in run.atoms)


def _around(
    features: ChangeFeatures, side: PairSide, atoms: Sequence[Atom], at: int, size: int
) -> tuple[Words, Words, Words]:
    """The words before a stretch of atoms, those of the stretch with the small ones around it, and those behind."""
    low = atoms[at - 1].end if at else 0
    high = atoms[at + size].start if at + size < len(atoms) else len(side.text)
    language = features.lexicon.language
    before, inside, behind = side.text[:low], side.text[low:high], side.text[high:]
    return _words(before, language)[-REACH:], _words(inside, language), _words(behind, language)[:REACH]


def _words(text: str, language: str) -> Words:
    lists = lexicon(language).lists
    left_out = lists.get("articles", frozenset()) | lists.get("by_the_way", frozenset())
    words = (word.lower().replace("’", "'") for word in WORD.findall(text))
    return tuple(lemma(spelled(word, language), language).removesuffix("e") for word in words if word not in left_out)


def _phrases(old: tuple[Words, Words, Words], new: tuple[Words, Words, Words]) -> Iterator[tuple[Words, Words]]:
    """What differs, without and with some of the words on both its sides that are the same."""
    (left, was, right), (other_left, now, other_right) = old, new
    start = _same(was, now)
    end = _same(was[start:][::-1], now[start:][::-1])
    left, right = left + was[:start], was[len(was) - end :] + right
    other_left, other_right = other_left + now[:start], now[len(now) - end :] + other_right
    was, now = was[start : len(was) - end], now[start : len(now) - end]
    if was == now:
        return  # what differs is no word: a mark of a note, a figure
    for before in range(min(REACH, _same(left[::-1], other_left[::-1])) + 1):
        for behind in range(min(REACH, _same(right, other_right)) + 1):
            ahead, after = left[len(left) - before :], right[:behind]
            yield ahead + was + after, ahead + now + after


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


@cache
def _groups(language: str) -> Mapping[Words, frozenset[int]]:
    """Phrases, each with the numbers of the groups that it stands in."""
    found: dict[Words, frozenset[int]] = {}
    for number, group in enumerate(sorted(lexicon(language).lists.get("alike", ()))):
        for phrase in group.split("/"):
            words = _words(phrase, language)
            found[words] = found.get(words, frozenset()) | {number}
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
    text = side.text
    for pattern, instead in _turns(language):
        text = pattern.sub(instead, text)
    return side if text == side.text else replace(side, text=text, atoms=atoms_of(text, lexicon(language)))


@cache
def _turns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Turns of speech, in order, and what each is read as; a space stands for any white space."""
    written = lexicon(language).stored.get("said", {})
    return tuple(
        (re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE), instead) for pattern, instead in written.items()
    )


ALIKE = Proof(
    "said-alike",
    ANY - {Kind.QUANTITY, Kind.PLACE, Kind.CONTACT, Kind.LINK, Kind.OPAQUE},
    are_alike,
    "A phrase gave way to another of which the lexicon says that it says the same, wherever it stands.",
    "You must fill in the form.",
    "You must complete the form.",
)

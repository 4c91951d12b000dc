"""A sentence with its phrases put as the other side puts them: a synonym in a sentence that was turned round, too.

What a proof asks of words in their places, it could not ask where both changed: `We gather it if you agree`, `If you
consent, we collect it`. Each word is taken once, and only where a phrase of its group came in its stead.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.modals import DUTY, is_denied
from notifier.significance.equivalence.speech.plain_speech import (
    UNTOUCHED,
    WORD,
    Words,
    phrase_form,
    phrase_groups,
    phrase_sizes,
    phrase_words,
)
from notifier.significance.reading.atoms import atoms_of

JOINED = re.compile(r"[\w'’\s-]+")


class Phrase(NamedTuple):
    """A phrase of the groups where it stands in a text: its words, the numbers of its groups, its place."""

    words: Words
    groups: frozenset[int]
    start: int
    end: int


def bridged(features: ChangeFeatures) -> ChangeFeatures | None:
    """The same pair with phrases of the old side as the new side puts them; nothing where there are none."""
    pair, language = features.pair, features.lexicon.language
    if not pair.is_reworded or pair.side.kind in UNTOUCHED or any("<" in side.text for side in pair.sides):
        return None
    before, after = (side.text for side in pair.sides)
    put = _put_alike(before, after, language)
    if not put or (is_denied(features) and any(_is_duty(features, before[was.start : was.end]) for was, _ in put)):
        return None
    for was, now in sorted(put, key=lambda one: -one[0].start):
        said = _as_said_there(before, was, after[now.start : now.end], language)
        before = before[: was.start] + said + before[was.end :]
    side = pair.before._replace(text=before, atoms=atoms_of(before, features.lexicon))
    return replace(features, pair=pair._replace(before=side))


def _is_duty(features: ChangeFeatures, phrase: str) -> bool:
    """Where something is denied, `is obliged to` is no `must`."""
    return any(atom.value in DUTY for atom in atoms_of(phrase, features.lexicon))


def _put_alike(before: str, after: str, language: str) -> list[tuple[Phrase, Phrase]]:
    """Which phrase of the old side gives way to which of the new one: the longest first, each word once."""
    said, come_in = (_phrases_in(text, language) for text in (before, after))
    pairs = [(was, now) for was in said for now in come_in if was.groups & now.groups and was.words != now.words]
    if not pairs:
        return []
    gone, come = (Counter(phrase_words(text, language)) for text in (before, after))
    gone, come = gone - come, come - gone
    found: list[tuple[Phrase, Phrase]] = []
    for was, now in sorted(pairs, key=lambda one: -len(one[0].words) - len(one[1].words)):
        lost, won = Counter(was.words) - Counter(now.words), Counter(now.words) - Counter(was.words)
        is_free = not any(was.start < one.end and one.start < was.end for one, _ in found)
        if is_free and lost <= gone and won <= come:
            gone, come = gone - lost, come - won
            found.append((was, now))
    return found


@lru_cache(maxsize=4096)
def _phrases_in(text: str, language: str) -> tuple[Phrase, ...]:
    """Every phrase of a group that stands in the text, with nothing but blanks between its words."""
    groups, sizes = phrase_groups(language), phrase_sizes(language)
    words = [(match, form) for match in WORD.finditer(text) if (form := phrase_form(match[0], language)) is not None]
    phrases = (
        (tuple(word for _, word in words[at : at + size]), words[at][0].start(), words[at + size - 1][0].end())
        for at, (_, first) in enumerate(words)
        for size in sizes.get(first, ())
        if at + size <= len(words)
    )
    return tuple(
        Phrase(said, groups[said], start, end)
        for said, start, end in phrases
        if said in groups and JOINED.fullmatch(text, start, end)
    )


def _as_said_there(text: str, was: Phrase, now: str, language: str) -> str:
    """The phrase with a small letter, unless it begins the sentence; a German noun keeps its own."""
    is_first = not text[: was.start].strip(" *_")
    return now if is_first or language == "de" else now[:1].lower() + now[1:]

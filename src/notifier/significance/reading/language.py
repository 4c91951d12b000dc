"""Which language is a text in? Told from its small words; enough for 20 words."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import islice

from notifier.significance.reading.lexicon import LANGUAGES, lexicon, other_small_words

SAMPLE = 400
"""Words of a text that are looked at; a policy says by its first page what language it is in."""
LEAST_WORDS = 6
"""Fewer words may be in any language."""
FEW_WORDS = 20
LEAST_HITS = 3
"""Small words of another language in a sentence, from which on it may be in that one: `en` is a word of six."""
LEAST_SHARE = 0.15
"""Small words make up a third to a half of any text in a language that has them; of a text in no such language, less
than this."""
CLEARLY = 1.6
"""How many more small words of one language than of another tell them apart: `de`, `la`, `in` are words of several."""
LONG = 8_000
"""Characters of a text from which on its words are taken one by one: most would be for nothing."""
WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=64)
def language_of(text: str) -> str | None:
    """The language whose small words a text is full of; None where it is in none that we know, or too short to tell."""
    size, shares = _shares(text)
    if size < LEAST_WORDS:
        return None
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] >= LEAST_SHARE else None


@lru_cache(maxsize=256)
def is_in(text: str, language: str, *, is_whole: bool = False) -> bool:
    """May a text be in a language? Not where it has clearly more small words of another.

    Of a whole text some must be of this one; a heading, a row or a short sentence may have none.
    """
    primary = language.lower().replace("_", "-").split("-")[0]
    if primary not in LANGUAGES:
        return False
    size, shares = _shares(text)
    if size < LEAST_WORDS:
        return True
    own = shares.pop(primary)
    best = max(shares.values())
    if not is_whole and best * size < LEAST_HITS:
        return True
    if best >= LEAST_SHARE and best > CLEARLY * own:
        return False
    return not is_whole or own >= LEAST_SHARE or (own > 0 and size < FEW_WORDS)


_DIGITS = 16
"""Binary digits in which the small words of one language are counted; a sample has fewer words."""


def _shares(text: str) -> tuple[int, dict[str, float]]:
    """How many words a sample of the text has, and which share of them are small words of each language.

    Counted for all languages at once, in one number, and line by line: most lines are those of the text before.
    """
    size = counts = 0
    for line in text.split("\n"):
        found, total = _remembered(line) if len(line) < LONG else _signs_in(line)
        if size + len(found) > SAMPLE:
            found = found[: SAMPLE - size]
            total = sum(found)
        counts += total
        size += len(found)
        if size == SAMPLE:
            break
    most = (1 << _DIGITS) - 1
    languages = _signs()[0] if size else ()
    return size, {language: (counts >> _DIGITS * at & most) / size for at, language in enumerate(languages)}


def _signs_in(line: str) -> tuple[tuple[int, ...], int]:
    """Of each of the first words the languages of which it is a small word, as digits of a number; and their sum."""
    signs = _signs()[1]
    found = tuple(signs.get(match[0].lower(), 0) for match in islice(WORD.finditer(line), SAMPLE))
    return found, sum(found)


_remembered = lru_cache(maxsize=4096)(_signs_in)


def _common_words(language: str) -> frozenset[str]:
    """Small words, and those for who acts and what they must: a short policy has more of these than of the others."""
    known, kinds = lexicon(language), ("party:", "force:")
    single = (entry for kind, entry in known.facts if kind.startswith(kinds) and not {" ", "*"} & set(entry))
    named = {entry.replace("-", "") for entry in single}
    return known.small_words | named


@cache
def _signs() -> tuple[tuple[str, ...], dict[str, int]]:
    """Every language, and by small word one in the digits of each that has it."""
    small = {language: _common_words(language) for language in LANGUAGES} | dict(other_small_words())
    signs: dict[str, int] = {}
    for at, words in enumerate(small.values()):
        for word in words:
            signs[word] = signs.get(word, 0) | 1 << _DIGITS * at
    return tuple(small), signs

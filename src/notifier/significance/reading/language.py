"""Which language is a text in? Told from its small words; enough for 20 words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import islice

from notifier.significance.reading.lexicon import LANGUAGES, lexicon, other_small_words

SAMPLE = 400
"""Words of a text that are looked at; a policy says by its first page what language it is in."""
LEAST_WORDS = 6
"""Fewer words may be in any language."""
FEW_WORDS = 20
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
    words = _sample(text)
    if len(words) < LEAST_WORDS:
        return None
    shares = {language: _share(words, language) for language in LANGUAGES}
    shares |= {language: _share_of(words, small) for language, small in other_small_words().items()}
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
    words = _sample(text)
    if len(words) < LEAST_WORDS:
        return True
    own = _share(words, primary)
    best = max(_share_of(words, small) for small in _of_others(primary))
    if best >= LEAST_SHARE and best > CLEARLY * own:
        return False
    return not is_whole or own >= LEAST_SHARE or (own > 0 and len(words) < FEW_WORDS)


def _sample(text: str) -> list[str]:
    """The first words of a text, in lower case."""
    found = WORD.findall(text) if len(text) < LONG else [match[0] for match in islice(WORD.finditer(text), SAMPLE)]
    return [word.lower() for word in found[:SAMPLE]]


@cache
def _of_others(language: str) -> tuple[frozenset[str], ...]:
    known = (lexicon(other).small_words for other in LANGUAGES if other != language)
    return (*known, *other_small_words().values())


def _share(words: Sequence[str], language: str) -> float:
    return _share_of(words, lexicon(language).small_words)


def _share_of(words: Sequence[str], small: frozenset[str]) -> float:
    return sum(map(small.__contains__, words)) / len(words)

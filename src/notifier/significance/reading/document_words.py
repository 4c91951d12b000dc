"""The bare words of a whole text, worked out once: block by block, since most blocks are those of the text before."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from notifier.significance.reading.lexicon import Lexicon
from notifier.significance.reading.plain_words import plain_words
from notifier.significance.reading.word_forms import spelled
from notifier.text.document import Document


def block_texts(document: Document) -> list[str]:
    """Each block as it stands in the source; kept with the text."""
    texts = document.memo.get("block_texts")
    if not isinstance(texts, list):
        texts = document.memo["block_texts"] = [document.text[block.start : block.end] for block in document.blocks]
    return texts


def block_counts(document: Document) -> Counter[str]:
    """How often each of them stands there; kept with the text."""
    counts = document.memo.get("block_counts")
    if not isinstance(counts, Counter):
        counts = document.memo["block_counts"] = Counter(block_texts(document))
    return counts


def line_of(document: Document) -> str:
    """All bare words of a text, parted and surrounded by blanks; kept with it."""
    line = document.memo.get("line")
    if not isinstance(line, str):
        lines = filter(None, map(_line_of_block, block_texts(document)))
        line = document.memo["line"] = f" {' '.join(lines)} "
    return line


def vocabulary_of(document: Document, language: str) -> frozenset[str]:
    """The different bare words of a text as they are looked up; kept with it."""
    known = document.memo.setdefault("vocabularies", {})
    if language not in known:
        known[language] = frozenset().union(*[_vocabulary_of_block(text, language) for text in block_texts(document)])
    vocabulary: frozenset[str] = known[language]
    return vocabulary


@lru_cache(maxsize=4096)
def words_of_block(text: str) -> tuple[str, ...]:
    """The bare words of a block, or of a sentence of it."""
    return tuple(plain_words(text))


def words_of_item(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The words of an item, but for the `and` before the last one."""
    words = words_of_block(text)
    return words[:-1] if words[-1:] and words[-1] in lexicon.lists.get("and", ()) else words


@lru_cache(maxsize=4096)
def _line_of_block(text: str) -> str:
    return " ".join(plain_words(text))


@lru_cache(maxsize=4096)
def _vocabulary_of_block(text: str, language: str) -> frozenset[str]:
    return frozenset(spelled(word, language) for word in set(plain_words(text)))

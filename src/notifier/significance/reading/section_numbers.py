"""The numbers of sections, clauses and items: which blocks have one, and what stands behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifier.significance.reading.plain_words import words_of
from notifier.text.document import Document

NUMBERED = re.compile(
    r"[#*_\\ ]{0,9}(?:\w{3,10} |§ ?)?\(?(\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,5})(?:\\?[.):]|\s)"
)
"""A block that begins with its number: `4. Fees`, `(b) your name`, `Section 4: Fees`."""
TITLE_WORDS = 8


def is_number(word: str) -> bool:
    """May it number a section or an item: 4, 4.2, iv, b?"""
    return bool(word) and (word[0].isdigit() or len(word) == 1 or set(word) <= set("ivxlc"))


def unnumbered(words: Sequence[str]) -> tuple[str, ...]:
    """Words in lower case, but for a number in front."""
    lower = [word.lower() for word in words]
    while lower and is_number(lower[0]):
        del lower[0]
    return tuple(lower)


def numbered(document: Document) -> dict[str, tuple[str, ...]]:
    """The first words behind each number of a heading, a clause or an item; kept with the text."""
    known = document.memo.get("numbered")
    if not isinstance(known, dict):
        known = document.memo["numbered"] = {}
        for block in document.blocks:
            match = NUMBERED.match(document.text, block.start, block.end)
            if match is not None:
                words = unnumbered(words_of(document.text[block.start : block.end]))
                known.setdefault(match[1].lower(), words[:TITLE_WORDS])
    return known


def counts_on(document: Document, number: str) -> bool:
    """Is it no letter, or do other blocks of the text begin with letters, too: no initial of a name?"""
    if any(letter.isdigit() for letter in number):
        return True
    return sum(key.isalpha() for key in numbered(document)) > 1

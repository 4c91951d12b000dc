"""The numbers of sections, clauses and items: which blocks have one, what stands behind it, and who cites it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from notifier.diff import Diff
from notifier.significance.reading.lexicon import Lexicon
from notifier.significance.reading.plain_words import words_of
from notifier.significance.reading.sentence_spans import Span, block_at, sentences_between
from notifier.text.document import Block, BlockKind, Container, ContainerKind, Document

NUMBERED = re.compile(r"[#*_\\ ]{0,9}(\w{3,10} |§ ?)?\(?(\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,5})(?:\\?[.):]|\s)")
"""A block that begins with its number: `4. Fees`, `(b) your name`, `Section 4: Fees`."""
TITLE_WORDS = 8
TITLES = re.compile(r"\)?[.:)]\s")
"""What stands behind the number of a block that is called by it: `Section 4: Fees`."""
LISTS = frozenset({ContainerKind.BULLET_LIST, ContainerKind.ORDERED_LIST})
LETTERS = 26


def is_number(word: str) -> bool:
    """May it number a section or an item: 4, 4.2, iv, b?"""
    return bool(word) and (word[0].isdigit() or len(word) == 1 or set(word) <= set("ivxlc"))


@lru_cache(maxsize=4096)
def unnumbered(text: str) -> tuple[str, ...]:
    """The words of a stretch of source in lower case, but for a number in front."""
    lower = [word.lower() for word in words_of(text)]
    while lower and is_number(lower[0]):
        del lower[0]
    return tuple(lower)


def numbered(document: Document) -> dict[str, tuple[str, ...]]:
    """The first words behind each number of a heading, a clause or an item, in this order; kept with the text."""
    known = document.memo.get("numbered")
    if not isinstance(known, dict):
        known = document.memo["numbered"] = {}
        for block in sorted(document.blocks, key=lambda block: block.kind is not BlockKind.HEADING):
            match = NUMBERED.match(document.text, block.start, block.end)
            if match is not None and not _only_cites(match, block):
                _tell(known, match[2].lower(), document, block)
        for number, block in _counted(document):
            _tell(known, number, document, block)
    return known


def _tell(known: dict[str, tuple[str, ...]], number: str, document: Document, block: Block) -> None:
    if number not in known:
        known[number] = unnumbered(document.text[block.start : block.end])[:TITLE_WORDS]


def _only_cites(match: re.Match[str], block: Block) -> bool:
    """Is it a sentence that begins with a citation: `Section 4 does not apply to …`?"""
    return bool(match[1]) and match[0][-1].isspace() and block.kind is not BlockKind.HEADING


def is_counted(block: Block) -> bool:
    """Is it an item of a list that counts: 1, 2, 3?"""
    return _counter(block) is not None


def _counter(block: Block) -> Container | None:
    """The list that counts the item, where that is the innermost one."""
    lists = [container for container in block.path if container.kind in LISTS]
    return lists[-1] if lists and lists[-1].kind is ContainerKind.ORDERED_LIST else None


def _counted(document: Document) -> Iterator[tuple[str, Block]]:
    """The items of lists that count, each by its number; an item of several paragraphs counts once."""
    counts: dict[int, int] = {}
    last: Container | None = None
    for block in document.blocks:
        counter = _counter(block)
        if counter is None or block.path[-1] is last:
            continue
        last = block.path[-1]
        at = counts[id(counter)] = counts.get(id(counter), -1) + 1
        number = counter.start + at
        is_letter = counter.numbering in ("a", "A") and number <= LETTERS
        yield chr(ord("a") + number - 1) if is_letter else str(number), block


def counts_on(document: Document, number: str) -> bool:
    """Is it no letter, or do other blocks of the text begin with letters, too: no initial of a name?"""
    if any(letter.isdigit() for letter in number):
        return True
    return sum(key.isalpha() for key in numbered(document)) > 1


def renumbered(diff: Diff) -> frozenset[str]:
    """The numbers of sections, clauses and items that have other ones now."""
    was, now = numbered(diff.before), numbered(diff.after)
    if was == now:
        return frozenset()
    stays = set(now.values())
    return frozenset(number for number, words in was.items() if words and now.get(number) != words and words in stays)


def stale_citations(diff: Diff, lexicon: Lexicon) -> Iterator[tuple[Span, Span]]:
    """The sentences that stand as they stood and cite such a number, in both texts: `as said in Section 4`."""
    numbers = renumbered(diff)
    citing = _citing(lexicon) if numbers else None
    if citing is None:
        return
    for match in citing.finditer(diff.after.text):
        block = block_at(diff.after, match.start())
        is_title = block.kind is BlockKind.HEADING or (
            match.start() == block.start and TITLES.match(diff.after.text, match.end())
        )
        if match[1].lower() not in numbers or is_title:
            continue
        for start, end in sentences_between(diff.after, match.start(), match.end())[:1]:
            at = diff.before.text.find(diff.after.text[start:end])
            if at >= 0:
                yield (at, at + end - start), (start, end)


def _citing(lexicon: Lexicon) -> re.Pattern[str] | None:
    words = lexicon.lists.get("cites", frozenset())
    return _pattern(words) if words else None


@cache
def _pattern(words: frozenset[str]) -> re.Pattern[str]:
    named = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    number = r"\d{1,3}(?:\.\d{1,3})*|[a-z](?!\w)|[ivx]{1,5}(?!\w)"
    return re.compile(rf"(?<!\w)(?:{named})\s*\(?({number})", re.IGNORECASE)

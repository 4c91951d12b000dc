"""What a change is seen against: the whole of both texts. Looked at only when a sign asks for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from notifier.diff import Diff
from notifier.significance.changes import Change, Side, sentences_in
from notifier.significance.lexicon import Lexicon
from notifier.significance.renames import renamed
from notifier.significance.words import parted, plain_words, words_of
from notifier.text.document import BlockKind, Document

SUBJECT_WORDS = 30
LISTED = 3
"""Lines that name headings, from which on they are a table of contents."""
ORDINAL = re.compile(
    r"[a-z]$|(?=[ivxlc])c{0,3}(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})$|\d+(?:[.\-]\d+)*\.?$|[a-z]\.\d+|\d+\.?[a-z]$"
)
LEAD_CHARACTERS = 300
SAMPLES = 24
MANY = 100
SHINGLE = 4
"""Words in a row that make it unlikely that two texts share them by chance."""


@dataclass(frozen=True)
class Scene:
    """Both texts of a diff, as words, and what changed between them."""

    diff: Diff
    changes: tuple[Change, ...]
    lexicon: Lexicon

    @cached_property
    def renamed(self) -> frozenset[str]:
        """Names that gave way to others all over the text, and the others."""
        opening = {word.lower() for text in _opening(self.diff.before) for word in words_of(text)}
        return frozenset(renamed(self.changes, self.lexicon, self._is_net, self.is_heard, opening))

    def _is_net(self, words: Collection[str]) -> bool:
        """Does one of the texts hold more of one of these words than the other?"""
        return not self.net.isdisjoint(words)

    @cached_property
    def subject(self) -> Counter[str]:
        """Topics and classes of the first words of the text: what it is about."""
        opening = " ".join(block_text for block_text in _opening(self.diff.after))
        return self.lexicon.marks([word.lower() for word in words_of(opening)][:SUBJECT_WORDS])

    def was_heard(self, word: str) -> bool:
        """Does the old text know a word?"""
        return _knows(self._old_vocabulary, word)

    def is_heard(self, word: str) -> bool:
        """Does the new text know a word?"""
        return _knows(self._new_vocabulary, word)

    @cached_property
    def _old_vocabulary(self) -> frozenset[str]:
        return frozenset(self._plain[0])

    @cached_property
    def _new_vocabulary(self) -> frozenset[str]:
        return frozenset(self._plain[1])

    @cached_property
    def net(self) -> frozenset[str]:
        """Words that the one text holds more of than the other: what moved and was cut anew is not in here."""
        old, new = (Counter(_block_texts(text)) for text in (self.diff.before, self.diff.after))
        counts: Counter[str] = Counter()
        for text, times in (new - old).items():
            counts.update([word.lower() for word in words_of(parted(text))] * times)
        for text, times in (old - new).items():
            counts.subtract([word.lower() for word in words_of(parted(text))] * times)
        return frozenset(word for word, times in counts.items() if times)

    @cached_property
    def old_shingles(self) -> Shingles:
        return Shingles(self._plain[0], self._old_vocabulary)

    @cached_property
    def new_shingles(self) -> Shingles:
        return Shingles(self._plain[1], self._new_vocabulary)

    @cached_property
    def _headings(self) -> dict[tuple[str, ...], Counter[str]]:
        return {}

    def heading(self, section: tuple[str, ...]) -> Counter[str]:
        """Topics and classes of the headings of a section."""
        marks = self._headings.get(section)
        if marks is None:
            marks = self._headings[section] = self.lexicon.marks([word.lower() for word in words_of(" ".join(section))])
        return marks

    @cached_property
    def old_headings(self) -> frozenset[tuple[str, ...]]:
        """The headings of the old text, as words in lower case without their numbers."""
        return frozenset(_headings(self.diff.before))

    @cached_property
    def new_headings(self) -> frozenset[tuple[str, ...]]:
        return frozenset(_headings(self.diff.after))

    @cached_property
    def lists_headings(self) -> bool:
        """Did a table of contents come or go: lines that say what headings of the same text say?"""
        lines = [change for change in self.changes if bool(change.before.sentence) != bool(change.after.sentence)]
        return sum(1 for change in lines if self.names_heading(change)) >= LISTED

    def names_heading(self, change: Change) -> bool:
        """Does a line that came or went say what a heading of its own text says?"""
        known = self.new_headings if change.after.sentence else self.old_headings
        return change.side.kind is not BlockKind.HEADING and unnumbered(change.side.words) in known

    def stands_over_kept_text(self, change: Change) -> bool:
        """Did a title come over text that was there before, or go from over text that stays?"""
        came = bool(change.after.sentence)
        document = self.diff.after if came else self.diff.before
        end = change.side.start + len(change.side.sentence)
        here = bisect_right(document.blocks, change.side.start, key=lambda block: block.start) - 1
        sentences = (start for block in document.blocks[here : here + 2] for start, _ in sentences_in(document, block))
        below = next((start for start in sentences if start >= end), None)
        return below is not None and below not in self._starts[came]

    @cached_property
    def _starts(self) -> tuple[frozenset[int], frozenset[int]]:
        """Where the sentences start that went, in the old text, and those that came, in the new one."""
        gone = (change.before.start for change in self.changes if not change.after.sentence)
        come = (change.after.start for change in self.changes if not change.before.sentence)
        return frozenset(gone), frozenset(come)

    def lead(self, change: Change) -> Counter[str]:
        """Topics and classes of what introduces a list or a table: the text right above it, or its first row."""
        document = self.diff.after if change.after.sentence else self.diff.before
        index = bisect_right(document.blocks, change.side.start, key=lambda block: block.start) - 1
        above = document.blocks[_lead_indexes(document)[index]]
        marks = self._leads.get((document is self.diff.after, above.start))
        if marks is None:
            words = words_of(document.text[above.start : above.end][-LEAD_CHARACTERS:])
            marks = self.lexicon.marks([word.lower() for word in words])
            self._leads[document is self.diff.after, above.start] = marks
        return marks

    @cached_property
    def _leads(self) -> dict[tuple[bool, int], Counter[str]]:
        return {}

    def is_rare(self, word: str) -> bool:
        """Does one of the texts hold it just once?"""
        bare = "".join(plain_words(word))
        return any(words.count(bare) == 1 for words in self._plain)

    @cached_property
    def _plain(self) -> tuple[list[str], list[str]]:
        """The bare words of both texts, kept with them; a block that both hold is looked at once."""
        known: dict[str, list[str]] = {}
        return _plain_of(self.diff.before, known), _plain_of(self.diff.after, known)


def unnumbered(words: Sequence[str]) -> tuple[str, ...]:
    """Words in lower case, but for a number in front."""
    lower = [word.lower() for word in words]
    while lower and ORDINAL.match(lower[0]):
        del lower[0]
    return tuple(lower)


def without_number(changed: tuple[str, ...], side: Side) -> list[str]:
    """Changed words without the number that a heading begins with."""
    left, first = list(changed), "".join(side.words[:1]).lower()
    if side.kind is BlockKind.HEADING and len(side.words) > 1 and ORDINAL.match(first) and first in left:
        left.remove(first)
    return left


def _lead_indexes(document: Document) -> list[int]:
    """For each block the one that introduces it: above its list, or the first row of its table; kept with the text."""
    known = document.memo.get("leads")
    if not isinstance(known, list):
        known = document.memo["leads"] = []
        first = 0
        for index, block in enumerate(document.blocks):
            if not index or document.blocks[index - 1].kind is not block.kind:
                first = index
            known.append(max(0, first - (block.kind is BlockKind.LIST_ITEM)))
    return known


def _headings(document: Document) -> Iterator[tuple[str, ...]]:
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            words = unnumbered(words_of(document.text[block.start : block.end]))
            if words:
                yield words


def _plain_of(document: Document, known: dict[str, list[str]]) -> list[str]:
    words = document.memo.get("plain_words")
    if not isinstance(words, list):
        words = document.memo["plain_words"] = []
        for text in _block_texts(document):
            if text not in known:
                known[text] = plain_words(text)
            words += known[text]
    return words


def _knows(vocabulary: frozenset[str], word: str) -> bool:
    return word in vocabulary or all(part in vocabulary for part in plain_words(word))


def _block_texts(document: Document) -> list[str]:
    """The texts of the blocks, kept with the document: each is cut and hashed once."""
    texts = document.memo.get("block_texts")
    if not isinstance(texts, list):
        texts = document.memo["block_texts"] = [document.text[block.start : block.end] for block in document.blocks]
    return texts


def _opening(document: Document) -> Iterator[str]:
    """The first headings and lines, up to the first whole sentence: what follows is no longer about whom it is by."""
    for block in document.blocks[:3]:
        text = document.text[block.start : block.end]
        yield text
        if text.rstrip().endswith("."):
            return


class Shingles:
    """The runs of `SHINGLE` words of a text: searched for when few are asked for, gathered when many are."""

    def __init__(self, words: Sequence[str], vocabulary: frozenset[str]) -> None:
        self.words = words
        self.vocabulary = vocabulary
        self.line = f" {' '.join(words)} "
        self.asked = 0
        self.gathered: frozenset[tuple[str, ...]] = frozenset()

    def holds(self, words: Sequence[str]) -> bool:
        """Does the text hold all these words in a row?"""
        return f" {' '.join(words)} " in self.line

    def has(self, run: tuple[str, ...]) -> bool:
        """Does the text hold this run of words?"""
        if not self.vocabulary.issuperset(run):
            return False
        self.asked += 1
        if self.asked <= MANY:
            return f" {' '.join(run)} " in self.line
        if not self.gathered:
            self.gathered = frozenset(zip(*(self.words[offset:] for offset in range(SHINGLE)), strict=False))
        return run in self.gathered


def share_in(words: Sequence[str], shingles: Shingles) -> float:
    """How much of a run of words, by samples of it, also stands in another text: 0 to 1; 0 when too short to tell."""
    last = len(words) - SHINGLE
    if last < 0:
        return 0.0
    starts = [*range(0, last, max(SHINGLE - 1, last // SAMPLES)), last]
    return sum(1 for start in starts if shingles.has(tuple(words[start : start + SHINGLE]))) / len(starts)

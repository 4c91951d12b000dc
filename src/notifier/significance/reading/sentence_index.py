"""Where a document says something word for word, in whole sentences: half a sentence elsewhere says another thing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from notifier.significance.reading.document_words import words_of_block
from notifier.significance.reading.sentence_spans import sentences_in
from notifier.text.document import Block, Document


class SentenceIndex(NamedTuple):
    """The bare words of a text in a row, and at which of them sentences begin."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    blocks: tuple[Block, ...]
    """The block of each sentence."""

    def blocks_saying(self, words: Sequence[str]) -> Iterator[Block]:
        """The blocks in which these words begin a sentence and end one."""
        wanted, size = tuple(words), len(words)
        for at, start in enumerate(self.starts):
            if self.words[start] != wanted[0]:
                continue
            if self.words[start : start + size] == wanted and self._ends_at(start + size):
                yield self.blocks[at]

    def _ends_at(self, end: int) -> bool:
        at = bisect_left(self.starts, end)
        return end == len(self.words) or (at < len(self.starts) and self.starts[at] == end)


def sentence_index(document: Document) -> SentenceIndex:
    """The index of a text, kept with it."""
    known = document.memo.get("sentence_index")
    if not isinstance(known, SentenceIndex):
        known = document.memo["sentence_index"] = _indexed(document)
    return known


def _indexed(document: Document) -> SentenceIndex:
    words: list[str] = []
    starts: list[int] = []
    blocks: list[Block] = []
    for block in document.blocks:
        for low, high in sentences_in(document, block):
            found = words_of_block(document.text[low:high])
            if found:
                starts.append(len(words))
                blocks.append(block)
                words.extend(found)
    return SentenceIndex(tuple(words), tuple(starts), tuple(blocks))

"""Where the sentences of a document stand in its source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from notifier.text.document import Block, BlockKind, Document
from notifier.text.sentences import sentences

WHOLE = frozenset({BlockKind.TABLE_ROW, BlockKind.HEADING})
"""Blocks that are one sentence however they are punctuated."""
Span = tuple[int, int]
NOWHERE = Block(BlockKind.PARAGRAPH, 0, 0, (), 0)


def sentences_between(document: Document, start: int, end: int) -> list[Span]:
    """The sentences that hold something to read between two offsets."""
    if start >= end:
        return []
    found = []
    for block in blocks_between(document, start, end):
        for low, high in sentences_in(document, block):
            cut = document.text[max(low, start) : min(high, end)]
            if cut and not cut.isspace():
                found.append((low, high))
    return found


def block_at(document: Document, offset: int) -> Block:
    """The block that an offset lies in, or the last one before it."""
    if not document.blocks:
        return NOWHERE
    return document.blocks[max(0, bisect_right(document.blocks, offset, key=lambda block: block.start) - 1)]


def blocks_between(document: Document, start: int, end: int) -> Iterator[Block]:
    """The blocks that a stretch touches."""
    index = max(0, bisect_right(document.blocks, start, key=lambda block: block.start) - 1)
    for block in islice(document.blocks, index, None):
        if block.start >= end:
            return
        if block.end >= start:
            yield block


def sentences_in(document: Document, block: Block) -> tuple[Span, ...]:
    """The sentences of a block as spans of the source, without the space around them; kept with the document."""
    known: dict[int, tuple[Span, ...]] = document.memo.setdefault("sentence_spans", {})
    if block.start not in known:
        known[block.start] = tuple(_sentences(document, block))
    return known[block.start]


def _sentences(document: Document, block: Block) -> Iterator[Span]:
    if block.kind in WHOLE:
        yield block.start, block.end
    else:
        found = sentences(document.text, block.start, block.end)
        yield from found or [(block.start, block.end)]  # a bare address, a picture: no sentence, and not nothing

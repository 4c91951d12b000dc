"""Where the sentences of a document stand in its source, and what a page shows of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from notifier.text.document import Block, BlockKind, Document
from notifier.text.sentences import sentences

WHOLE = frozenset({BlockKind.TABLE_ROW, BlockKind.HEADING})
"""Blocks that are one sentence however they are punctuated."""
Span = tuple[int, int]
NOWHERE = Block(BlockKind.PARAGRAPH, 0, 0, (), 0)
TAG = re.compile(r"<(?!!--)/?[a-zA-Z][^<>]*>|\]\([^()\s]*\)|<https?://[^<>\s]*>|&#?\w{1,8};|\{[^{}]*\}")
"""What stands between runs and says nothing, or says it by itself: tags, boxes, addresses, entities."""
LETTER = re.compile(r"[^\W_]")


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


def shown(document: Document, span: Span, block: Block) -> str:
    """The text of a sentence with blanks for words in comments and hidden elements."""
    start, end = span
    text = document.text[start:end]
    for low, high in _hidden(document, block):
        low, high = max(low, start), min(high, end)
        if low < high:
            text = text[: low - start] + " " * (high - low) + text[high - start :]
    return text


def _hidden(document: Document, block: Block) -> tuple[Span, ...]:
    """Kept with the document; most blocks hold no raw HTML."""
    known: dict[int, tuple[Span, ...]] = document.memo.setdefault("hidden", {})
    if block.start not in known:
        is_raw = document.text.find("<", block.start, block.end) >= 0
        known[block.start] = tuple(_between_runs(document.text, block)) if is_raw else ()
    return known[block.start]


def _between_runs(text: str, block: Block) -> Iterator[Span]:
    runs = [run for cell in block.cells for run in cell.runs]
    ends = [block.start, *(run.end for run in runs)]
    for low, high in zip(ends, [*(run.start for run in runs), block.end], strict=True):
        gap = text[low:high] if low < high else ""
        if "<" in gap and LETTER.search(TAG.sub("", gap)):
            yield from _words(gap, low)


def _words(gap: str, start: int) -> Iterator[Span]:
    """What of a gap is no tag."""
    at = 0
    for match in (*TAG.finditer(gap), None):
        end = match.start() if match else len(gap)
        if gap[at:end].strip():
            yield start + at, start + end
        at = match.end() if match else end

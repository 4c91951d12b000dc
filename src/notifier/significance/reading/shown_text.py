"""What a page shows of a stretch of source, letter by letter: what raw HTML hides is blank."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notifier.significance.reading.sentence_spans import Span
from notifier.text.document import Block, Document

TAG = re.compile(r"<(?!!--)/?[a-zA-Z][^<>]*>|\]\([^()\s]*\)|<https?://[^<>\s]*>|&#?\w{1,8};|\{[^{}]*\}")
"""What stands between runs and says nothing, or says it by itself: tags, boxes, addresses, entities."""
LETTER = re.compile(r"[^\W_]")


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

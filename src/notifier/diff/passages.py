"""Offsets → `Passage`s: section, paragraph, place and the whole sentence, cut from the source."""

from __future__ import annotations

from bisect import bisect_right

from notifier.diff.extents import extents_of
from notifier.diff.values import Passage
from notifier.text.document import Block, BlockKind, Document
from notifier.text.sentences import sentences

_NOWHERE = Block(BlockKind.PARAGRAPH, 0, 0, (), 0)


class Passages:
    """Cuts passages out of one document; remembers the sentences it has cut, and the last one above all."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        extents = extents_of(document)
        self.blocks, self.cuts = extents.blocks, extents.cuts[:-1]
        self.sentences: dict[int, tuple[list[int], list[str]]] = {}
        self.low = self.high = -1
        self.last = _NOWHERE, ""
        self.line_starts = [*document.line_starts, len(self.text) + 1]
        self.line, self.line_start, self.line_end = 1, 0, self.line_starts[1]

    def passage(self, start: int, end: int) -> Passage:
        """The passage `text[start:end]`; an empty one says where something went in or out."""
        source = self.text[start:end]
        first = end - len(source.lstrip()) if source else start
        block, sentence = self.last if self.low <= first and end < self.high else self._around(first, end)
        if not self.line_start <= start < self.line_end:
            self._go_to_line(start)
        kind, _, _, section, paragraph, *_ = block
        column = start - self.line_start + 1
        return Passage(source, start, end, self.line, column, section, paragraph, kind, sentence)

    def _go_to_line(self, offset: int) -> None:
        """As `Document.place`; most passages stand on the line of the one before."""
        self.line = bisect_right(self.line_starts, offset)
        self.line_start, self.line_end = self.line_starts[self.line - 1 : self.line + 1]

    def _around(self, start: int, end: int) -> tuple[Block, str]:
        """The block and the sentence around an offset; of a passage over several, from the first through the last."""
        index = bisect_right(self.cuts, start) - 1
        block = self.blocks[index]
        if start <= block.start and end >= block.end:
            return block, self.text[block.start : block.end]
        if index not in self.sentences:
            self.sentences[index] = _sentences(self.text, block)
        starts, sentences = self.sentences[index]
        first = max(0, bisect_right(starts, start) - 1)
        last = max(first, bisect_right(starts, min(end, block.end) - 1) - 1)
        if first < last:
            return block, self.text[starts[first] : starts[last] + len(sentences[last])]
        self.low, self.high = starts[first], starts[first] + len(sentences[first])
        self.last = block, sentences[first]
        return self.last


def _sentences(text: str, block: Block) -> tuple[list[int], list[str]]:
    """The starts of a block's sentences, and the sentences; a table row or heading is one."""
    spans = [(block.start, block.end)]
    if block.kind not in (BlockKind.TABLE_ROW, BlockKind.HEADING, BlockKind.FRONT_MATTER):
        spans = sentences(text, block.start, block.end) or spans
    return [start for start, _ in spans], [text[start:end] for start, end in spans]

"""Offsets → `Passage`s: section, paragraph, place and the whole sentence, cut from the source."""

from __future__ import annotations

import re
from bisect import bisect_right

from notifier.core.diff.values import Passage
from notifier.core.document import Block, BlockKind, Document

_SENTENCE_END = re.compile(
    r"(?:[.!?][\"'”’)\]*_]*(?=\s)|[。！？][”’」』）]*|<br ?/?>)\s*(?!\s)",
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|No|Nos|Art|Sec|Inc|Ltd|Corp|Co|Mr|Mrs|Ms|Dr|St|U\.S|U\.K|E\.U|approx|incl|bzw|z\.B|d\.h|Abs|Nr|"
    r"p\.ej|art|al|ca|ggf|usw)|(?<![A-Za-z])[A-Za-z])\.$"
)
_NOWHERE = Block(BlockKind.PARAGRAPH, 0, 0, (), 0)


class Passages:
    """Cuts passages out of one document; remembers the sentences it has cut."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.starts = [block.start for block in document.blocks]
        self.sentences: dict[int, list[tuple[int, str]]] = {}

    def passage(self, start: int, end: int) -> Passage:
        """The passage `text[start:end]`; an empty one says where something went in or out."""
        text = self.document.text
        first = start + len(text[start:end]) - len(text[start:end].lstrip()) if start < end else start
        index = max(0, bisect_right(self.starts, first) - 1)
        block = self.document.blocks[index] if self.starts else _NOWHERE
        return Passage(
            text=text[start:end],
            start=start,
            end=end,
            place=self.document.place(start),
            section=block.section,
            paragraph=block.paragraph,
            block=block.kind,
            sentence=self._sentence(index, block, first, max(first, end)),
        )

    def _sentence(self, index: int, block: Block, start: int, end: int) -> str:
        """The sentence around an offset; of a passage over several, from the first through the last."""
        sentences = self.sentences.get(index)
        if sentences is None:
            sentences = self.sentences[index] = _sentences(self.document.text, block)
        starts = [at for at, _ in sentences]
        first = max(0, bisect_right(starts, start) - 1)
        last = max(first, bisect_right(starts, max(start, min(end, block.end) - 1)) - 1)
        if first == last:
            return sentences[first][1]
        return self.document.text[starts[first] : starts[last] + len(sentences[last][1])]


def _sentences(text: str, block: Block) -> list[tuple[int, str]]:
    """The sentences of a block with their starts; a table row or heading is one."""
    cuts = [block.start]
    if block.kind not in (BlockKind.TABLE_ROW, BlockKind.HEADING, BlockKind.FRONT_MATTER):
        content = text[block.start : block.end]
        cuts += [block.start + match.end() for match in _SENTENCE_END.finditer(content) if _ends(content, match)]
    cuts = [cut for cut in cuts if cut < block.end] or [block.start]
    ends = [*cuts[1:], block.end]
    return [(start, text[start:end].rstrip()) for start, end in zip(cuts, ends, strict=True)]


def _ends(content: str, match: re.Match[str]) -> bool:
    before = content[max(0, match.start() - 12) : match.start() + 1]
    return not _ABBREVIATION.search(before)

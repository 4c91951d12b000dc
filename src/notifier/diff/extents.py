"""A document cut into extents: each block with its markers before and the line ends and blanks after it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from notifier.diff.streams import ADDRESSES, STRUCK, Stream, enumerators, stream_of
from notifier.text.document import Block, BlockKind, Document, Run, RunKind, TextStyle, runs_between

_BLANK = re.compile(r"\n(?:[ \t\r>]*\n)+")


class Extents:
    """Extents lie side by side and make up the text, so that whole ones can be taken out or put in.

    What no page shows has extents of its own, without a word in them; code is cut at its blank lines.
    """

    def __init__(self, text: str, blocks: list[Block]) -> None:
        self.text = text
        self.blocks = blocks or [Block(BlockKind.UNSEEN, 0, len(text), (), 0)]
        self.cuts = [0, *_cuts(text, self.blocks), len(text)]
        self.raw = [text[start:end] for start, end in pairwise(self.cuts)]
        self.texts = [block.text for block in self.blocks]
        self.wholes = list(zip(self.raw, self.texts, strict=True))
        """How each extent is written and what it says: equal source does not say the same where a definition elsewhere
        makes a link of it, or a tag hides it."""
        self._streams: list[Stream | None] = [None] * len(self.raw)
        self._offsets: dict[int, list[int]] = {}
        self._keys: list[str | None] = [None] * len(self.raw)
        self._words: dict[int, frozenset[str]] = {}

    def content(self, index: int) -> tuple[str, str]:
        """How a block is written, without what stands before and after it, and what it says."""
        block = self.blocks[index]
        return self.text[block.start : block.end], self.texts[index]

    def length(self, index: int) -> int:
        """How many characters of the source a block has."""
        block = self.blocks[index]
        return block.end - block.start

    @cached_property
    def _numbers(self) -> frozenset[str]:
        return enumerators(self.blocks, self.texts)

    def stream(self, index: int) -> Stream:
        """The tokens of one extent."""
        stream = self._streams[index]
        if stream is None:
            low, high = self.cuts[index], self.cuts[index + 1]
            stream = self._streams[index] = stream_of(self.text, self.blocks[index], low, high, self._numbers)
        return stream

    def joined(self, low: int, high: int) -> Stream:
        """The tokens of several extents in a row."""
        return self.stream(low) if high - low == 1 else _joined(map(self.stream, range(low, high)))

    def between(self, start: int, end: int) -> Stream:
        """The tokens of a stretch of the source; one that it cuts through is a token of what is left of it."""
        first, last = self.at(start), self.at(max(start, end - 1))
        return _joined(self._part(index, start, end) for index in range(first, last + 1))

    def _part(self, index: int, start: int, end: int) -> Stream:
        low, high = self.cuts[index], self.cuts[index + 1]
        if start <= low and end >= high:
            return self.stream(index)
        stream, offsets = self.stream(index), self.offsets(index)
        parts, seen = [""], [""]
        keys: list[str] = []
        for at in range(max(bisect_right(offsets, start) - 1, 0), min(bisect_left(offsets, end), len(stream.parts))):
            a, b = max(start, offsets[at]), min(end, offsets[at + 1])
            is_whole = a == offsets[at] and b == offsets[at + 1]
            key = stream.keys[at // 2] if at % 2 else ""
            if key and not is_whole:
                left = self.seen(a, b).replace(STRUCK, "")
                key = STRUCK + left if left and key.startswith(STRUCK) else left
            if key:
                parts += (self.text[a:b], "")
                keys.append(key)
                seen.append("")
            else:
                parts[-1] += self.text[a:b]
                seen[-1] += stream.seen[at // 2] if at % 2 == 0 and is_whole else self.seen(a, b)
        return Stream(parts, keys, seen)

    def offsets(self, index: int) -> list[int]:
        """Where each part of the stream of an extent starts, and where the last one ends."""
        offsets = self._offsets.get(index)
        if offsets is None:
            offsets = self._offsets[index] = self.stream(index).offsets(self.cuts[index])
        return offsets

    def tokens(self, start: int, end: int) -> list[str]:
        """The keys of the tokens that begin in a stretch of the source."""
        found: list[str] = []
        for index in range(self.at(start), len(self.raw)):
            low, high = self.cuts[index], self.cuts[index + 1]
            if low >= end:
                break
            keys = self.stream(index).keys
            if start > low or end < high:  # token `n` begins at offset `2n + 1`
                offsets = self.offsets(index)
                keys = keys[bisect_left(offsets, start) // 2 : bisect_left(offsets, end, 0, len(offsets) - 1) // 2]
            found += keys
        return found

    def runs(self, start: int, end: int) -> tuple[Run, ...]:
        """What a reader reads of a stretch of the source."""
        low, high = self.at(start), self.at(max(start, end - 1))
        return runs_between(self.blocks[low : high + 1], start, end)

    def seen(self, start: int, end: int, *, with_numbers: bool = True) -> str:
        """The same as one text without addresses, with a sign where what is struck out begins and ends.

        `with_numbers`: and with the numbers of items as they are typed. A page shows them in any case: where a list
        comes to count up to one, it is no word any more and still the same number.
        """
        texts: list[str] = []
        was_struck = False
        for run in self.runs(start, end):
            is_number = run.kind is RunKind.NUMBER and self.text[run.start : run.end] == run.text
            if run.kind in ADDRESSES or (is_number and not with_numbers):
                continue
            is_struck = TextStyle.STRUCK in run.styles
            texts.append(STRUCK * (is_struck is not was_struck) + run.text)
            was_struck = is_struck
        return "".join(texts)

    def at(self, offset: int) -> int:
        """The index of the extent that an offset lies in."""
        return min(bisect_right(self.cuts, offset), len(self.raw)) - 1

    def key(self, index: int) -> str:
        """What an extent is compared by: its words; without any, its source."""
        key = self._keys[index]
        if key is None:
            keys = self.stream(index).keys
            key = " ".join(keys) if keys else f"\n{self.raw[index].strip()}\n{self.texts[index]}"
            self._keys[index] = key
        return key

    def words(self, index: int) -> frozenset[str]:
        """The different words of an extent."""
        words = self._words.get(index)
        if words is None:
            words = self._words[index] = frozenset(self.stream(index).keys)
        return words

    def size(self, index: int) -> int:
        """How many words an extent has."""
        return len(self.stream(index).keys)


def extents_of(document: Document) -> Extents:
    """The extents of a document, kept with it."""
    extents = document.memo.get("extents")
    if not isinstance(extents, Extents):
        extents = document.memo["extents"] = Extents(document.text, list(_blocks(document)))
    return extents


def _blocks(document: Document) -> Iterator[Block]:
    """What is seen and what is not, in order; code cut at blank lines, the numbers of items without their points."""
    for block in sorted((*document.blocks, *document.unseen), key=lambda block: block.start):
        if block.kind is BlockKind.CODE:
            yield from _cut_code(document.text, block)
        elif block.runs and block.runs[0].kind is RunKind.NUMBER:
            yield block._replace(runs=(_bare(document.text, block.runs[0]), *block.runs[1:]))
        else:
            yield block


def _bare(text: str, number: Run) -> Run:
    """The number of an item without the point behind it, which is a matter of form like the dash of another list."""
    bare = number.text.replace(".", "")
    digits = bare.rstrip()
    if not text.startswith(digits, number.start):
        return number._replace(text=bare)
    return number._replace(text=digits, end=number.start + len(digits))


def _cut_code(text: str, block: Block) -> Iterator[Block]:
    start = block.start
    for blank in [*_BLANK.finditer(text, block.start, block.end), None]:
        end = blank.start() if blank else block.end
        runs = runs_between([block], start, end)
        if start < end and runs:
            yield block._replace(start=start, end=end, runs=runs)
            start = blank.end() if blank else end


def _cuts(text: str, blocks: list[Block]) -> Iterator[int]:
    """Where each extent but the first begins: at its line, or where the block before it on that line ends."""
    for before, block in pairwise(blocks):
        yield max(text.rfind("\n", before.end, block.start) + 1, before.end)


def _joined(streams: Iterable[Stream]) -> Stream:
    parts: list[str] = []
    keys: list[str] = []
    seen: list[str] = []
    gap: list[str] = []
    seen_gap: list[str] = []
    for stream in streams:
        gap.append(stream.parts[0])
        seen_gap.append(stream.seen[0])
        if stream.keys:
            parts += ("".join(gap), *stream.parts[1:-1])
            seen += ("".join(seen_gap), *stream.seen[1:-1])
            keys += stream.keys
            gap, seen_gap = [stream.parts[-1]], [stream.seen[-1]]
    return Stream([*parts, "".join(gap)], keys, [*seen, "".join(seen_gap)])

"""Spans → hunks: one changed block of the policy each, with its section and line, for renderers of plain text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from notifier.diff import Layer
from notifier.diff.redline import Redline, SpanKind
from notifier.render.redline.interleave import WORDS_ONLY, PlacedSpan, interleave
from notifier.render.redline.notes import shortened
from notifier.text.document import Block, BlockKind, Document
from notifier.text.sentences import sentences


@dataclass(frozen=True, slots=True)
class Hunk:
    """A block in which something changed; `skipped` counts the unchanged blocks since the hunk before."""

    section: tuple[str, ...]
    line: int
    """In the new text; in the old one for a block that is gone."""
    kind: BlockKind
    spans: tuple[PlacedSpan, ...]
    skipped: int

    @property
    def before(self) -> str:
        """In the order of the old text: what moved within the block stands where it stood."""
        old = sorted((s for s in self.spans if s.kind is not SpanKind.INSERTED), key=lambda s: s.old)
        apart = {b.old for a, b in pairwise(old) if b.old > a.old + len(a.text) and not _touch_a_blank(a.text, b.text)}
        return "".join(" " * (s.old in apart) + s.text for s in old)

    @property
    def after(self) -> str:
        return "".join(s.text for s in self.spans if s.kind is not SpanKind.DELETED)

    @property
    def is_whole(self) -> bool:
        """Is nothing of it in both texts?"""
        return not any(span.is_standing and _letters(span.text) for span in self.spans)

    @property
    def is_rewritten(self) -> bool:
        """Does so little stand that two whole texts read better than one with marks?"""
        standing = sum(_letters(s.text) for s in self.spans if s.is_standing)
        gone = sum(_letters(s.text) for s in self.spans if s.kind is SpanKind.DELETED)
        come = sum(_letters(s.text) for s in self.spans if s.kind is SpanKind.INSERTED)
        return bool(gone and come) and standing < 0.4 * min(standing + gone, standing + come)


LINK_TARGET = re.compile(r"\]\((?:[^()\s]|\([^()\s]*\))*\)")
"""Left out of unchanged text, where it only stands between the words."""
_SAID_TWICE = re.compile(r"\[((?:https?://|www\.|mailto:)?)([^\[\]\s]{4,})\]\((?:https?://|mailto:)?\2/?\)")
_UNDERLINE = re.compile(r"\n[ \t>]*(?:=+|-{2,}|#{1,6})\s*\Z")
_LINE_BREAK = re.compile(r"\s*(?:<br\s*/?>\s*)+")
_CELL_BORDER = re.compile(r"</t[dh]>\s*<t[dh]\b[^<>]*>")
_ROW_TAG = re.compile(r"\s*</?(?:table|thead|tbody|tr|td|th)\b[^<>]*>\s*")
_TARGET_ALONE = re.compile(r"\A\]\((?=[^()\s])")


def whole(text: str) -> str:
    """A block that is gone or new, as its reader would have it: no underline of a heading, no address said twice."""
    return _SAID_TWICE.sub(r"[\1\2]", with_breaks(not_underlined(text))).strip()


def changed(text: str) -> str:
    """Changed words without the markup at their edges that belongs to what stands beside them."""
    return with_breaks(_TARGET_ALONE.sub("(", not_underlined(text)))


def with_breaks(text: str) -> str:
    """Text with its `<br>` as a sign, and a raw table by its cells: full of tags they could not be read."""
    if "<t" in text or "</t" in text:
        text = _ROW_TAG.sub(" ", _CELL_BORDER.sub(" | ", text))
    return _LINE_BREAK.sub(" ⏎ ", text) if "<br" in text else text


def not_underlined(text: str) -> str:
    """Text without the line of dashes that makes a heading of the line above, and without an empty heading."""
    return _UNDERLINE.sub("", text)


def _touch_a_blank(text: str, following: str) -> bool:
    return text[-1:].isspace() or following[:1].isspace()


def hunks(redline: Redline, *, layers: frozenset[Layer] = WORDS_ONLY) -> tuple[Hunk, ...]:
    """The changed blocks in reading order. Edits on other layers are shown as the new text has them."""
    return tuple(_hunks(redline, layers))


def _hunks(redline: Redline, layers: frozenset[Layer]) -> Iterator[Hunk]:
    before, after = redline.diff.before, redline.diff.after
    skipped = 0
    for block, is_gone, spans in _by_block(redline, layers):
        shown = tuple(_merged(_shown(spans, layers)))
        change = next((s for s in shown if s.is_change), None)
        if change is None:
            skipped += not is_gone
            continue
        document, offset = (before, change.old) if is_gone else (after, change.new)
        yield Hunk(block.section, document.place(offset).line, block.kind, shown, skipped)
        skipped = 0


def _shown(spans: list[PlacedSpan], layers: frozenset[Layer]) -> Iterator[PlacedSpan]:
    for index, span in enumerate(spans):
        if _is_rest(spans, index):
            continue
        if not span.is_change or span.layer in layers:
            yield span
        elif span.kind is SpanKind.INSERTED and _is_amid_new_words(spans, index, layers):
            yield replace(span, layer=Layer.WORDS)
        elif span.kind is SpanKind.INSERTED:
            yield replace(span, kind=SpanKind.KEPT)


def _is_amid_new_words(spans: list[PlacedSpan], index: int, layers: frozenset[Layer]) -> bool:
    """Is it markup of what is new before and after it: the address of a new link?"""
    beside = (spans[index - 1], spans[index + 1]) if 0 < index < len(spans) - 1 else ()
    return bool(beside) and all(s.kind is SpanKind.INSERTED and s.layer in layers for s in beside)


def _is_rest(spans: list[PlacedSpan], index: int) -> bool:
    """Blanks that came or went with words beside them, or at the end of a block: nobody would look for them."""
    span, beside = spans[index], spans[max(index - 1, 0) : index + 2]
    if not (span.is_change and span.layer is Layer.WORDS and span.text.isspace()):
        return False
    return len(beside) < 3 or beside[0].is_change or beside[2].is_change


def _merged(spans: Iterable[PlacedSpan]) -> Iterator[PlacedSpan]:
    """Neighbours of one kind as one span."""
    waiting: PlacedSpan | None = None
    for span in spans:
        if waiting is not None and _is_alike(waiting, span):
            waiting = PlacedSpan(waiting.kind, waiting.layer, waiting.text + span.text, waiting.old, waiting.new)
            continue
        if waiting is not None:
            yield waiting
        waiting = span
    if waiting is not None:
        yield waiting


def _is_alike(one: PlacedSpan, other: PlacedSpan) -> bool:
    return one.kind is other.kind and (one.layer is other.layer or one.is_standing)


def _by_block(redline: Redline, layers: frozenset[Layer]) -> Iterator[tuple[Block, bool, list[PlacedSpan]]]:
    """Each block of the new text, and of the old one where nothing of it stands, with the spans in it."""
    old_blocks, new_blocks = _Blocks(redline.diff.before), _Blocks(redline.diff.after)
    pieces = [piece for span in interleave(redline, layers) for piece in _cut(span, old_blocks, new_blocks)]
    homes: dict[int, set[int]] = {}
    for piece in pieces:
        if piece.is_standing and _letters(piece.text):
            homes.setdefault(old_blocks.at(piece.old), set()).add(new_blocks.at(piece.new))
    gathered: dict[tuple[bool, int], list[PlacedSpan]] = {}
    for piece in pieces:
        if piece.kind is SpanKind.MOVED_AWAY:
            continue
        index = new_blocks.at(piece.new)
        is_gone = False
        if piece.kind is SpanKind.DELETED:
            old_index = old_blocks.at(piece.old)
            is_gone = old_index not in homes
            index = old_index if is_gone else _nearest(homes[old_index], index)
        gathered.setdefault((is_gone, index), []).append(piece)
    found = [
        ((old_blocks if is_gone else new_blocks).block(i), is_gone, spans) for (is_gone, i), spans in gathered.items()
    ]
    yield from sorted(found, key=_place)


def _place(found: tuple[Block, bool, list[PlacedSpan]]) -> tuple[int, bool]:
    """Where a block is read in the new text; one that is gone, before what stands where it stood."""
    block, is_gone, spans = found
    return (spans[0].new if is_gone else block.start), not is_gone


def _nearest(indexes: set[int], index: int) -> int:
    return min(indexes, key=lambda other: (abs(other - index), other))


class _Blocks:
    """A document's blocks, found by offset; markup before a block on its line counts to it, else to the one before."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self.blocks = document.blocks
        self.starts = [block.start for block in document.blocks]
        edges = {edge for block in document.blocks for edge in (block.start, block.end)}
        self.edges = sorted(edges | {document.text.rfind("\n", 0, block.start) + 1 for block in document.blocks[1:]})

    def at(self, offset: int) -> int:
        index = max(bisect_right(self.starts, offset) - 1, 0)
        following = self.starts[index + 1] if index + 1 < len(self.starts) else None
        if following is None or not self.is_between(offset) or "\n" in self.text[offset:following]:
            return index
        return index + 1

    def is_between(self, offset: int) -> bool:
        """Is it outside every block: markup, blank lines?"""
        index = bisect_right(self.starts, offset) - 1
        return index < 0 or offset >= self.blocks[index].end

    def is_bullet(self, offset: int, text: str) -> bool:
        """Is it the bullet or number of a list item?"""
        end, index = offset + len(text), bisect_right(self.starts, offset)
        is_marker = index < len(self.blocks) and self.blocks[index].kind is BlockKind.LIST_ITEM
        return is_marker and self.starts[index] == end and "\n" not in text and not text.isspace()

    def block(self, index: int) -> Block:
        if not self.blocks:
            return Block(BlockKind.PARAGRAPH, 0, 0, (), 1)
        return self.blocks[index]

    def borders(self, start: int, end: int) -> list[int]:
        """Where blocks begin or end inside `start:end`, counted from `start`."""
        return [e - start for e in self.edges[bisect_right(self.edges, start) : bisect_right(self.edges, end - 1)]]


def _cut(span: PlacedSpan, old_blocks: _Blocks, new_blocks: _Blocks) -> Iterator[PlacedSpan]:
    """The span in pieces that lie each in one block; what stands between blocks is left out, but for bullets."""
    length = len(span.text)
    cuts = {0, length}
    if span.kind is not SpanKind.INSERTED:
        cuts.update(old_blocks.borders(span.old, span.old + length))
    if span.kind not in (SpanKind.DELETED, SpanKind.MOVED_AWAY):
        cuts.update(new_blocks.borders(span.new, span.new + length))
    borders = sorted(cuts)
    for start, end in pairwise(borders):
        piece = span.part(start, end)
        is_rest = piece.is_change and piece.text.isspace() and not span.text.isspace()
        is_between = piece.is_standing and new_blocks.is_between(piece.new)
        if not is_rest and (not is_between or new_blocks.is_bullet(piece.new, piece.text)):
            yield piece


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


_CONTEXT = 160
"""Characters of unchanged text shown beside a change; up to half as many more where a sentence begins there."""
_LONGEST_NAME = 60
_BULLET = re.compile(r"\s*([-*+•]|\d{1,4}[.)])\s")


def context(text: str, *, is_first: bool, is_last: bool) -> str:
    """Unchanged text between two changes, cut to what a reader needs to understand them."""
    if len(text) <= _CONTEXT * (2 if is_first or is_last else 3):
        return text
    head = _label(text) if is_first else _head(text[: _CONTEXT * 3 // 2])
    tail = "" if is_last else _tail(text[-_CONTEXT * 3 // 2 :])
    return f"{head} … {tail}"


def _label(text: str) -> str:
    """What says which one it is: the bullet or number of an item, the first cell of a row; nothing of other text."""
    bullet = _BULLET.match(text)
    before, bar, cells = text.lstrip().partition("|")
    if bullet or before or not bar:
        return bullet[1] if bullet else ""
    name, border, _ = cells.replace("**", "").partition("|")
    name = shortened(name, _LONGEST_NAME)
    return f"| {name} |" if border else f"| {name.rstrip('…')}"


def _head(text: str) -> str:
    spans = sentences(text)
    return text[: spans[0][1]] if len(spans) > 1 else text[:_CONTEXT].rsplit(maxsplit=1)[0]


def _tail(text: str) -> str:
    spans = sentences(text)
    return text[spans[-1][0] :] if len(spans) > 1 else text[-_CONTEXT:].split(maxsplit=1)[-1]

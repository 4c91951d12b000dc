"""Redline → annotations: what is gone and what is new, block by block, in the blocks of the old and the new text."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from notifier.diff import Edit, Layer
from notifier.diff.redline import Redline, SpanKind
from notifier.render.block_html import note_of
from notifier.render.redline.interleave import PlacedSpan, interleave
from notifier.text.document import Block, Cell, Container, Document

_LETTER = re.compile(r"[^\W_]")
_CALLS = re.compile(r"\s*(?:\[\^[^\]\s]+\]\s*)+")


def is_drawn(edit: Edit) -> bool:
    """Is it marked where it is: a change of words, or what calls a footnote?"""
    return edit.layer is Layer.WORDS or bool(_CALLS.fullmatch(edit.before.text + edit.after.text))


@dataclass(slots=True)
class BlockAnnotations:
    """What happened in one block: stretches of its own text, as (start, end) in the source."""

    standing: int = 0
    """How much of it is in both texts, here, in characters."""
    moved: dict[int, int] = field(default_factory=dict)
    """How much of it stands elsewhere in the other text, by move."""
    changed: list[tuple[int, int]] = field(default_factory=list)
    moves: list[tuple[int, int, int]] = field(default_factory=list)
    """(start, end, move)."""
    missing: list[tuple[int, int]] = field(default_factory=list)
    """New blocks only: (offset here, index in `Annotations.gone`)."""
    targets: list[tuple[int, int]] = field(default_factory=list)
    """New blocks only: (where a link ends that leads elsewhere now, its number)."""
    missing_at: int = -1
    """Old blocks only: where in the new text words of it are missing first."""
    partners: dict[int, int] = field(default_factory=dict)
    """Blocks of the other text that share words with it, by how much."""

    is_footed: bool = False
    """Is all that is left of it in a footnote in one text, and in none in the other? Then it stands elsewhere."""

    @property
    def is_as_before(self) -> bool:
        """Is it in both texts, here, and nothing to be marked in it?"""
        return not (self.changed or self.missing or self.targets or self.moved or self.is_footed)


class BlockPlaces:
    """The blocks of one text by their places in it."""

    def __init__(self, document: Document) -> None:
        self.blocks = document.blocks
        self.starts = [block.start for block in document.blocks]

    def at(self, offset: int) -> int:
        """The index of the block around an offset, -1 where there is none (markers, blank lines)."""
        index = bisect_right(self.starts, offset) - 1
        return index if index >= 0 and offset < self.blocks[index].end else -1

    def between(self, start: int, end: int) -> range:
        """The indexes of the blocks that share characters with `start:end`."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        while first < len(self.blocks) and self.blocks[first].end <= start:
            first += 1
        return range(first, max(bisect_left(self.starts, end), first))

    def nearest(self, offset: int) -> int:
        """The block around an offset, else the one after which it stands; -1 in an empty text."""
        return min(max(bisect_right(self.starts, offset) - 1, 0), len(self.blocks) - 1)

    def of_day(self, offset: int) -> tuple[int, str]:
        """The block in which a date that was taken out stands, and a blank before it where it ends the block."""
        index = self.nearest(offset)
        is_last = index >= 0 and offset > max((run.end for run in self.blocks[index].runs), default=offset)
        return index, " " * is_last


@dataclass(slots=True)
class Annotations:
    """A redline laid over the blocks of both texts."""

    old: Document
    new: Document
    old_blocks: list[BlockAnnotations]
    new_blocks: list[BlockAnnotations]
    gone: list[tuple[int, int, int]] = field(default_factory=list)
    """Deleted stretches inside blocks that live on: (old block, start, end)."""
    departures: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Move → (first old block it took along whole, or -1; the place in the new text) where it left."""
    unshown: int = 0
    """Changed stretches outside every block: link definitions, comments."""

    def became(self) -> dict[Container, Container]:
        """Which container of the new text took over from one of the old: they share a block that did not move."""
        heirs: dict[Container, Container] = {}
        for block, found in zip(self.old.blocks, self.old_blocks, strict=True):
            if block.path and found.standing and found.partners:
                heir = self.new.blocks[max(found.partners, key=found.partners.__getitem__)]
                for one, other in zip(block.path, heir.path, strict=False):
                    if one.kind is not other.kind:
                        break
                    heirs.setdefault(one, other)
        return heirs

    def home(self, cells: tuple[Cell, ...], at: int, number: int) -> int:
        """The cell in which a stretch is missing: the one it stood in, where a row has as many as before; in a row with
        a column more or less, the only one that has what stood around it."""
        index, start, end = self.gone[number]
        before = self.old.blocks[index].cells
        stood = cell_at(before, start)
        if len(before) == len(cells):
            return stood
        lead, tail = _source(self.old, before[stood], until=start), _source(self.old, before[stood], since=end)
        around = [n for n, cell in enumerate(cells) if _is_around(_source(self.new, cell), lead, tail)]
        return around[0] if len(around) == 1 and len(cells) > 1 else cell_at(cells, at)


def _source(document: Document, cell: Cell, *, since: int = 0, until: int = sys.maxsize) -> str:
    """What was written into a cell, from one place on or up to one."""
    if not cell.runs:
        return ""
    return document.text[max(cell.runs[0].start, since) : min(cell.runs[-1].end, until)].strip()


def _is_around(text: str, lead: str, tail: str) -> bool:
    return bool(lead or tail) and text.startswith(lead) and text.endswith(tail)


def cell_at(cells: tuple[Cell, ...], offset: int) -> int:
    """The cell a place belongs to: the last with words that begins at or before it."""
    begun = [position for position, cell in enumerate(cells) if cell.runs and cell.runs[0].start <= offset]
    return begun[-1] if begun else next((position for position, cell in enumerate(cells) if cell.runs), 0)


def annotate(redline: Redline) -> Annotations:
    """The annotations of a redline; only words are marked, and what calls a footnote that came or went. The other
    layers are as the new text has them."""
    return _Annotator(redline.diff.before, redline.diff.after).read(interleave(redline))


class _Annotator:
    """Lays the spans of a redline over the blocks, one by one."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = BlockPlaces(old), BlockPlaces(new)
        old_blocks, new_blocks = ([BlockAnnotations() for _ in document.blocks] for document in (old, new))
        self.laid = Annotations(old, new, old_blocks, new_blocks)

    def read(self, spans: tuple[PlacedSpan, ...]) -> Annotations:
        for span in spans:
            if span.is_standing:
                self._stand(span)
            elif span.move is not None and span.kind is SpanKind.MOVED_AWAY:
                self._leave(span, span.move)
        for span in spans:
            is_marked = span.layer is Layer.WORDS or _CALLS.fullmatch(span.text)
            if span.is_change and is_marked and span.text.strip():
                (self._insert if span.kind is SpanKind.INSERTED else self._delete)(span)
        if self.laid.old.footnotes or self.laid.new.footnotes:
            _foot(self.old.blocks, self.laid.old_blocks, self.new.blocks)
            _foot(self.new.blocks, self.laid.new_blocks, self.old.blocks)
        return self.laid

    def _stand(self, span: PlacedSpan) -> None:
        """Text that is in both: cut where a block of either text begins, and counted to both."""
        length = len(span.text)
        cuts = {0, length}
        for side, offset in ((self.old, span.old), (self.new, span.new)):
            for index in side.between(offset, offset + length):
                start, end = _within(side.blocks[index], offset, offset + length)
                cuts.update((start - offset, end - offset))
        for start, end in pairwise(sorted(cuts)):
            letters = _letters(span.text[start:end])
            one, other = self.old.at(span.old + start), self.new.at(span.new + start)
            if other >= 0 and span.move is not None:
                _count(self.laid.new_blocks[other].moved, span.move, letters)
                self.laid.new_blocks[other].moves.append((span.new + start, span.new + end, span.move))
            if one < 0 or other < 0 or not letters:
                continue
            _count(self.laid.old_blocks[one].partners, other, letters)
            _count(self.laid.new_blocks[other].partners, one, letters)
            if span.move is None:
                self.laid.old_blocks[one].standing += letters
                self.laid.new_blocks[other].standing += letters

    def _leave(self, span: PlacedSpan, move: int) -> None:
        end = span.old + len(span.text)
        whole = -1
        for index in self.old.between(span.old, end):
            block = self.old.blocks[index]
            start, stop = _within(block, span.old, end)
            letters = _letters(span.text[start - span.old : stop - span.old])
            _count(self.laid.old_blocks[index].moved, move, letters)
            is_whole = all(start <= run.start and run.end <= stop for run in block.runs)
            whole = index if whole < 0 and is_whole else whole
        self.laid.departures[move] = (whole, span.new)

    def _insert(self, span: PlacedSpan) -> None:
        end = span.new + len(span.text)
        found = self.new.between(span.new, end)
        self.laid.unshown += not found
        for index in found:
            start, stop = _within(self.new.blocks[index], span.new, end)
            if span.text[start - span.new : stop - span.new].strip():
                self.laid.new_blocks[index].changed.append((start, stop))

    def _delete(self, span: PlacedSpan) -> None:
        end = span.old + len(span.text)
        found = self.old.between(span.old, end)
        self.laid.unshown += not found
        for index in found:
            start, stop = _within(self.old.blocks[index], span.old, end)
            if not span.text[start - span.old : stop - span.old].strip():
                continue
            touched = self.laid.old_blocks[index]
            touched.changed.append((start, stop))
            touched.missing_at = span.new if touched.missing_at < 0 else touched.missing_at
            if touched.partners:
                near = self.new.nearest(span.new)
                heir = min(touched.partners, key=lambda other: abs(other - near))
                self.laid.new_blocks[heir].missing.append((span.new, len(self.laid.gone)))
                self.laid.gone.append((index, start, stop))


def _foot(blocks: Sequence[Block], found: Sequence[BlockAnnotations], others: Sequence[Block]) -> None:
    """Mark the blocks that share words with footnotes alone and are none, or are one and share them with none."""
    for block, touched in zip(blocks, found, strict=True):
        is_note = note_of(block.path) is not None
        partners = [note_of(others[partner].path) is not None for partner in touched.partners]
        touched.is_footed = bool(partners) and all(one is not is_note for one in partners)


def _count(counts: dict[int, int], what: int, letters: int) -> None:
    counts[what] = counts.get(what, 0) + letters


def _letters(text: str) -> int:
    """How much there is to read in it: nothing where no letter or digit is."""
    return len(text) if _LETTER.search(text) else 0


def _within(block: Block, start: int, end: int) -> tuple[int, int]:
    return max(start, block.start), min(end, block.end)

"""Annotations → blocks in the order of a redline page: the new ones, and what is gone where it stood."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from notifier.render.block_html import drawing_order, note_of
from notifier.render.redline.annotations import Annotations
from notifier.text.document import BlockKind, Document


class LostBlock(NamedTuple):
    """An old block that is gone, or the first of those that went with a move."""

    block: int
    move: int | None = None


def reading_order(laid: Annotations) -> Iterator[tuple[list[LostBlock], int | None]]:
    """The new blocks by their index, each after what is gone from before it; None with what is gone from the end."""
    lost = _LostPlaces(laid).lost()
    for index in drawing_order(laid.new):
        yield lost.get(index, []), index
    yield lost.get(len(laid.new.blocks), []), None


class _LostPlaces:
    """Where in the new text what is gone stood; footnotes stand among footnotes."""

    def __init__(self, laid: Annotations) -> None:
        self.laid = laid
        self.noted, self.unnoted = (
            [i for i, block in enumerate(laid.new.blocks) if (note_of(block.path) is not None) is is_note]
            for is_note in (True, False)
        )
        self.end = len(laid.new.blocks)
        self.end_of_text = drawing_order(laid.new)[len(self.unnoted)] if self.noted else self.end

    def lost(self) -> dict[int, list[LostBlock]]:
        """Blocks that are wholly gone, and where moved text stood, by the new block they stand before."""
        found: list[tuple[int, LostBlock]] = []
        for index, touched in enumerate(self.laid.old_blocks):
            if touched.changed and not touched.partners:
                found.append((touched.missing_at, LostBlock(index)))
        for move, (whole, offset) in self.laid.departures.items():
            if whole >= 0:
                found.append((offset, LostBlock(whole, move)))
        by_place: dict[int, list[LostBlock]] = {}
        for offset, one in sorted(found, key=lambda entry: entry[1].block):
            is_note = note_of(self.laid.old.blocks[one.block].path) is not None
            by_place.setdefault(self._place(offset, is_note=is_note), []).append(one)
        for place in sorted(by_place, reverse=True):
            self._put_headings_together(by_place, place)
        return by_place

    def _put_headings_together(self, by_place: dict[int, list[LostBlock]], place: int) -> None:
        """A heading that is gone, with what stood under it, goes before the new heading of that gap: what is new before
        that belongs to the section above."""
        at = next((at for at, one in enumerate(by_place[place]) if self._is_heading(self.laid.old, one.block)), None)
        heading = next((index for index in self._wholly_new(place) if self._is_heading(self.laid.new, index)), place)
        if at is not None and heading != place:
            by_place[heading] = by_place[place][at:] + by_place.get(heading, [])
            del by_place[place][at:]

    def _wholly_new(self, place: int) -> Iterator[int]:
        """The new blocks from a place on that share nothing with an old one, up to the first that does."""
        for index in range(place, self.end):
            touched = self.laid.new_blocks[index]
            if touched.partners or not touched.changed:
                return
            yield index

    @staticmethod
    def _is_heading(document: Document, block: int) -> bool:
        return document.blocks[block].kind is BlockKind.HEADING

    def _place(self, offset: int, *, is_note: bool) -> int:
        indexes = self.noted if is_note else self.unnoted
        found = bisect_left(indexes, offset, key=lambda index: self.laid.new.blocks[index].start)
        if found < len(indexes):
            return indexes[found]
        return self.end if is_note else self.end_of_text

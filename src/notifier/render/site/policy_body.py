"""A policy's text as its page shows it: the body, and the contents with lasting anchors."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from notifier.render.block_html import (
    PlacedBlock,
    block_html,
    drawing_order,
    note_numbers,
    note_of,
    own_anchors,
    page_cells,
    page_path,
    way_back,
)
from notifier.render.containers import assemble
from notifier.render.inline_html import InlineHtml
from notifier.render.labels import Labels
from notifier.render.sanitiser import clean
from notifier.render.site.anchors import Anchors
from notifier.render.styled_text import harmless
from notifier.text.document import Block, BlockKind, Document

_DEEPEST = 3
"""Levels of headings that the contents name."""


class ContentsEntry(NamedTuple):
    """A heading in the contents; `depth` counts from 1."""

    title: str
    anchor: str
    depth: int


class DrawnPolicy(NamedTuple):
    """A policy as HTML.

    `title` is the heading it begins with, taken out of the body where it can stand as the page's own; `has_title`:
    there is such a heading, if not at the very beginning.
    """

    body: str
    contents: tuple[ContentsEntry, ...]
    title: str
    has_title: bool


def draw_policy(document: Document, anchors: Anchors, labels: Labels, href: Callable[[str], str] = str) -> DrawnPolicy:
    """The text as sanitised HTML with its contents. `href` says where a link of the policy leads from its page."""
    drawing = _PolicyDrawing(document, anchors, InlineHtml(labels, href))
    placed = drawing.placed()
    body = unbroken(clean(assemble(placed, labels, drawing.notes)))
    shallow = tuple(entry for entry in drawing.contents if 0 < entry.depth <= _DEEPEST)
    return DrawnPolicy(body, shallow, clean(drawing.title), drawing.has_title)


def unbroken(html: str) -> str:
    """With each date in figures held together: a narrow column parted it at its hyphens."""
    return _FIGURES.sub(r'<span class="held">\g<0></span>', html)


_FIGURES = re.compile(r"\d{4}(?<![\w/-]\d{4})([-/])\d{1,2}\1\d{1,2}(?![\w/-])(?=[^<>]*<)")


class _PolicyDrawing:
    """One policy on its way to HTML."""

    def __init__(self, document: Document, anchors: Anchors, inline: InlineHtml) -> None:
        self.document, self.anchors, self.inline = document, anchors, inline
        self.notes = note_numbers(document)
        self.taken = set(anchors.ids.values())
        self.contents: list[ContentsEntry] = []
        self.title = ""
        levels = [block.level for block in document.blocks if block.kind is BlockKind.HEADING]
        self.has_title = bool(levels) and levels[0] == 1 and levels.count(1) == 1
        self.shift = self.level = 0 if self.has_title else 1

    def placed(self) -> list[PlacedBlock]:
        """The blocks as the page has them."""
        order = drawing_order(self.document)
        ends = {note_of(self.document.blocks[index].path): index for index in order}
        placed = []
        for index in order:
            block = self.document.blocks[index]
            note = note_of(block.path)
            back = way_back(self.notes[note], self.inline.labels) if note in self.notes and ends[note] == index else ""
            html = self._block(index, block, back)
            if index == 0 and self.has_title and block.kind is BlockKind.HEADING and not block.path:
                self.title = html
            else:
                placed.append(PlacedBlock(page_path(block.path), html, block.kind is BlockKind.TABLE_ROW))
        return placed

    def _block(self, index: int, block: Block, back: str) -> str:
        inline = [self.inline.draw(cell.runs) for cell in page_cells(block, self.inline.labels)]
        if inline:
            inline[0] = own_anchors(block, self.taken) + inline[0]
            inline[-1] += back
        if block.kind is not BlockKind.HEADING:
            return block_html(block, inline)
        self.level = min(block.level + self.shift, self.level + 1, 6)
        anchor = self.anchors.ids[index]
        self.contents.append(ContentsEntry(harmless(block.line), anchor, self.level - 1))
        return block_html(block, inline, attributes=f' id="{anchor}"', level=self.level)

"""Redline → HTML: the new text as a page, `<del>` and `<ins>` in it, inside its real lists, tables and headings.

What is gone stands where it stood, in the list or table it stood in. Nothing depends on colour: a reader hears
"removed", "inserted" and "moved", and both ends of a move link to each other.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from notifier.diff.redline import Redline
from notifier.render.block_html import (
    PlacedBlock,
    block_html,
    note_numbers,
    note_of,
    own_anchors,
    page_cells,
    page_path,
    way_back,
)
from notifier.render.containers import among, assemble
from notifier.render.inline_html import InlineHtml, Inset, Mark
from notifier.render.labels import Labels, said
from notifier.render.redline.annotations import Annotations, BlockAnnotations, BlockPlaces, annotate, cell_at
from notifier.render.redline.folding import folded
from notifier.render.redline.link_targets import lay_targets, target_html
from notifier.render.redline.notes import shortened
from notifier.render.redline.reading_order import LostBlock, reading_order
from notifier.render.sanitiser import clean
from notifier.text.compared_text import OwnDays
from notifier.text.document import Block, BlockKind, Cell

_TARGET_ALONE = re.compile(r"\]\((\S+)\)")
_MOVED_MARK = '<span class="moved">', "</span>"


@dataclass(frozen=True, slots=True)
class ChangedSection:
    """A heading with changes under it: where the first one is, and how many there are."""

    title: str
    first_id: str
    count: int


@dataclass(frozen=True, slots=True)
class DrawnRedline:
    """The body of a redline page. `unshown` counts changes in parts that a page has no place for."""

    body: str
    sections: tuple[ChangedSection, ...]
    unshown: int
    old_lines: Mapping[int, str] = field(default_factory=dict)
    """Line of the old text on which a block begins that lost words → the id of the change."""
    new_lines: Mapping[int, str] = field(default_factory=dict)

    def change_at(self, line: int, *, is_new: bool) -> str:
        """The id of the change on a line of the new or the old text; empty where none is shown there."""
        lines = self.new_lines if is_new else self.old_lines
        return lines.get(max((one for one in lines if one <= line), default=0), "")

    @property
    def count(self) -> int:
        return sum(section.count for section in self.sections)


def draw_html(
    redline: Redline,
    *,
    labels: Labels | None = None,
    anchors: Mapping[int, str] | None = None,
    href: Callable[[str], str] = str,
    level_shift: int = 1,
    show_targets: bool = False,
) -> DrawnRedline:
    """The redline as sanitised HTML. `anchors` are ids for headings of the new text, by index of the block.

    `href` says where a link leads from the page, `level_shift` makes room above the policy's own headings for the
    page's; `show_targets` tells beside a link that it leads elsewhere now.
    """
    drawing = _RedlineDrawing(
        annotate(redline), redline, InlineHtml(labels or Labels(), href), anchors or {}, level_shift
    )
    drawing.lay_days(*redline.days)
    if show_targets:
        drawing.targets = lay_targets(drawing.laid, redline)
    return drawing.drawn()


class _RedlineDrawing:
    """One redline on its way to HTML: counts its changes and remembers under which heading they stand."""

    def __init__(
        self, laid: Annotations, redline: Redline, inline: InlineHtml, anchors: Mapping[int, str], level_shift: int
    ) -> None:
        self.laid, self.redline, self.inline, self.anchors, self.shift = laid, redline, inline, anchors, level_shift
        self.labels = inline.labels
        self.level = level_shift
        self.taken = set(anchors.values())
        self.notes = note_numbers(laid.new)
        self.heading = ""
        self.sections: list[ChangedSection] = []
        self.count = 0
        self.arrived: set[int] = set()
        self.targets: list[tuple[str, str]] = []
        self.days: dict[int, list[tuple[int, str]]] = {}
        self.last_id = ""
        self.old_lines: dict[int, str] = {}
        self.new_lines: dict[int, str] = {}

    def lay_days(self, before: OwnDays, after: OwnDays) -> None:
        """Those of the later text, with those of the earlier one beside them where it has as many."""
        earlier = [day for _, day in before] if len(before) == len(after) else [""] * len(after)
        places = BlockPlaces(self.laid.new)
        for (at, day), was in zip(after, earlier, strict=True):
            index, gap = places.of_day(at)
            html = f'{gap}<span class="day" data-before="{escape(was)}">{escape(day)}</span>'
            self.days.setdefault(index, []).append((at, html))

    def drawn(self) -> DrawnRedline:
        body = assemble(folded(list(self._in_place()), self.labels.unchanged), self.labels, self.notes)
        return DrawnRedline(clean(body), tuple(self.sections), self.laid.unshown, self.old_lines, self.new_lines)

    def _in_place(self) -> Iterator[PlacedBlock]:
        """The new blocks in order, and between them what is gone or has moved away."""
        became = self.laid.became()
        order = list(reading_order(self.laid))
        ends = {note_of(self.laid.new.blocks[index].path): index for _, index in order if index is not None}
        before: PlacedBlock | None = None
        for gone, index in order:
            lost = [self._lost(one) for one in gone]
            placed: PlacedBlock | None = None
            if index is not None:
                block = self.laid.new.blocks[index]
                placed = self._new_block(index, block, is_last=ends[note_of(block.path)] == index)
            for one in lost:
                before = among(one, before, placed, became)
                yield before
            if placed is not None:
                before = placed
                yield before

    # what is gone

    def _gone_stretch(self, number: int) -> str:
        """The `<del>` of a stretch that is gone from a block that lives on."""
        index, start, end = self.laid.gone[number]
        cells = page_cells(self.laid.old.blocks[index], self.labels)
        quoted = [self.inline.quote(cell.runs, start, end) for cell in cells]
        html = " ".join(filter(None, quoted))
        text = self.redline.diff.before.text[start:end]
        before, after = " " * text[:1].isspace(), " " * text[-1:].isspace()
        return f"{before}{self._deleted(html.strip() or self._raw_stretch(start, end))}{after}"

    def _raw_stretch(self, start: int, end: int) -> str:
        text = self.redline.diff.before.text[start:end].strip()
        target = _TARGET_ALONE.fullmatch(text)
        return f' <small class="target">({escape(target[1])})</small>' if target else escape(text)

    def _deleted(self, html: str) -> str:
        return f"<del>{said(self.labels.removed)}{html}{said(self.labels.mark_end)}</del>"

    def _inserted_mark(self, start: int, end: int) -> Mark:
        """Around the words: blanks beside them would be underlined too."""
        text = self.redline.diff.after.text[start:end]
        start, end = end - len(text.lstrip()), start + len(text.rstrip())
        opening, closing = f"<ins>{said(self.labels.inserted)}", f"{said(self.labels.mark_end)}</ins>"
        return Mark(start, end, opening, closing)

    def _lost(self, lost: LostBlock) -> PlacedBlock:
        block = self.laid.old.blocks[lost.block]
        return self._gone_block(block) if lost.move is None else self._stub(lost.move, block)

    def _gone_block(self, block: Block) -> PlacedBlock:
        drawn = [self.inline.quote(cell.runs, block.start, block.end) for cell in page_cells(block, self.labels)]
        inline = [self._deleted(html) if html else "" for html in drawn]
        if block.kind is BlockKind.HEADING:
            html = f'<p class="gone was-heading"{self._change_id()}>{inline[0]}</p>'
        else:
            html = block_html(block, inline, attributes=f' class="gone"{self._change_id()}')
        self.old_lines[self.laid.old.place(block.start).line] = self.last_id
        return PlacedBlock(page_path(block.path), html, block.kind is BlockKind.TABLE_ROW)

    def _stub(self, move: int, block: Block) -> PlacedBlock:
        text = self.labels.moved_away.format(title=shortened(self.redline.moves[move].title, 60))
        link = f'<a id="move-{move + 1}-from" href="#move-{move + 1}-here">{escape(text)}</a>'
        return PlacedBlock(page_path(block.path), f'<p class="moved-away">{link}</p>')

    # what is new or stays

    def _new_block(self, index: int, block: Block, *, is_last: bool) -> PlacedBlock:
        """The block with its marks; `is_last`: with it ends the footnote it stands in."""
        touched = self.laid.new_blocks[index]
        if block.kind is BlockKind.HEADING:
            self.heading = block.line
        if touched.is_as_before and not block.anchors and not is_last and index not in self.days:
            inline = [self.inline.draw(cell.runs) for cell in page_cells(block, self.labels)]
            return self._placed(block, self._block(index, block, inline, "", is_change=False), is_unchanged=True)
        is_whole = bool(touched.changed) and not touched.partners
        is_edited = bool(touched.changed or touched.missing)
        is_moved = (bool(touched.moved) and not touched.standing) or touched.is_footed
        cells = page_cells(block, self.labels)
        inline = [self._whole(cell) for cell in cells] if is_whole else self._edited(index, cells, touched)
        if inline:
            inline[0] = own_anchors(block, self.taken) + "".join(self._arrivals(touched)) + inline[0]
            note = note_of(block.path)
            inline[-1] += way_back(self.notes[note], self.labels) if is_last and note in self.notes else ""
        names = ["added" if is_whole else "edited"] * is_edited + ["moved-here"] * is_moved
        attributes = f' class="{" ".join(names)}"' if names else ""
        html = self._block(index, block, inline, attributes, is_change=is_edited)
        if is_edited:
            self._remember(block, touched)
        return self._placed(block, html, is_unchanged=touched.is_as_before)

    def _remember(self, block: Block, touched: BlockAnnotations) -> None:
        """Where the change of this block is, by the lines that a reason may name."""
        self.new_lines[self.laid.new.place(block.start).line] = self.last_id
        for _, number in touched.missing:
            old = self.laid.old.blocks[self.laid.gone[number][0]]
            self.old_lines[self.laid.old.place(old.start).line] = self.last_id

    def _placed(self, block: Block, html: str, *, is_unchanged: bool) -> PlacedBlock:
        level = self.level if block.kind is BlockKind.HEADING else 0
        return PlacedBlock(page_path(block.path), html, block.kind is BlockKind.TABLE_ROW, level, is_unchanged)

    def _block(self, index: int, block: Block, inline: list[str], attributes: str, *, is_change: bool) -> str:
        anchor = self.anchors.get(index)
        if is_change:
            attributes += self._change_id(anchor)
        elif anchor is not None:
            attributes += f' id="{anchor}"'
        if block.kind is not BlockKind.HEADING:
            return block_html(block, inline, attributes=attributes)
        self.level = min(block.level + self.shift, self.level + 1, 6)
        return block_html(block, inline, attributes=attributes, level=self.level)

    def _whole(self, cell: Cell) -> str:
        if not cell.runs:
            return ""
        return self.inline.draw(cell.runs, [self._inserted_mark(cell.runs[0].start, cell.runs[-1].end)])

    def _edited(self, index: int, cells: tuple[Cell, ...], touched: BlockAnnotations) -> list[str]:
        """The cells with what changed in them."""
        marks = [self._inserted_mark(*stretch) for stretch in touched.changed]
        if touched.standing:
            marks += [Mark(first, last, *_MOVED_MARK) for first, last, _ in touched.moves]
        marks.sort()
        starts, ends = [mark.start for mark in marks], [mark.end for mark in marks]
        insets = self._insets(index, cells, touched)
        inline = []
        for position, cell in enumerate(cells):
            first, last = (cell.runs[0].start, cell.runs[-1].end) if cell.runs else (0, 0)
            here = marks[bisect_right(ends, first) : bisect_left(starts, last)]
            inline.append(self.inline.draw(cell.runs, here, insets.get(position, [])))
        return inline

    def _insets(self, index: int, cells: tuple[Cell, ...], touched: BlockAnnotations) -> dict[int, list[Inset]]:
        """What stands in the midst of the text, cell by cell: what is gone from it, where links led, our own days."""
        spoken = said(self.labels.removed), said(self.labels.inserted)
        found = [(at, self.laid.home(cells, at, number), self._gone_stretch(number)) for at, number in touched.missing]
        for at, number in touched.targets:
            found.append((at, cell_at(cells, at), target_html(*self.targets[number], spoken)))
        found += [(at, cell_at(cells, at), html) for at, html in self.days.get(index, ())]
        insets: dict[int, list[Inset]] = {}
        for at, position, html in sorted(found, key=lambda one: one[0]):
            insets.setdefault(position, []).append(Inset(at, html))
        return insets

    def _arrivals(self, touched: BlockAnnotations) -> Iterator[str]:
        """The note at the first block of a move, where its other end links to; a footnote's has none."""
        if touched.is_footed:
            yield f'<span class="move-note">{escape(self.labels.moved_here)}</span> '
        for move in touched.moved:
            if move in self.arrived or move not in self.laid.departures:
                continue
            self.arrived.add(move)
            has_stub = self.laid.departures[move][0] >= 0
            target = f' href="#move-{move + 1}-from"' if has_stub else ""
            yield f'<a class="move-note" id="move-{move + 1}-here"{target}>{escape(self.labels.moved_here)}</a> '

    def _change_id(self, taken: str | None = None) -> str:
        """The id of the next change, counted under the heading it stands below; a heading keeps its own."""
        self.count += 1
        name = self.last_id = taken or f"change-{self.count}"
        if self.sections and self.sections[-1].title == self.heading:
            last = self.sections[-1]
            self.sections[-1] = ChangedSection(last.title, last.first_id, last.count + 1)
        else:
            self.sections.append(ChangedSection(self.heading, name, 1))
        return f' id="{name}"'

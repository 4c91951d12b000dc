"""Redline → hunks: each changed block as its reader reads it, with its section and line, for renderers of plain text.

What is drawn are the words of the `Document`, as on the page: no Markdown, no tags. What a page says by its looks (the
bullet of an item, the level of a heading, code) is a value here, and each renderer has a sign for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from notifier.diff.redline import Redline, SpanKind
from notifier.render.block_html import note_of
from notifier.render.plain_text import leads
from notifier.render.redline.annotations import Annotations, BlockAnnotations, BlockPlaces, annotate, cell_at
from notifier.render.redline.notes import move_sentence, shortened
from notifier.render.redline.pieces import Piece, Pieces, joined, read_runs, whole_links, with_marks
from notifier.render.redline.reading_order import reading_order
from notifier.text.document import Block, BlockKind, Container, ContainerKind, Document, RunKind


@dataclass(frozen=True)
class Hunk:
    """A block in which something changed; `skipped` counts the unchanged blocks since the hunk before."""

    section: tuple[str, ...]
    line: int
    """In the new text; in the old one for a block that is gone."""
    block: Block
    lead: str
    """The bullet or number of an item, where its number is no words of it, or the number of a footnote."""
    cells: tuple[Pieces, ...]
    """Of a table row; what any other block says is one."""
    skipped: int
    replaced: tuple[Pieces, ...] = ()
    """The old block, where so little of it stands that two whole texts read better than one with marks."""
    path: tuple[Container, ...] = ()
    """What it stands in, of the new text."""
    head: tuple[Pieces, ...] = field(default=(), repr=False)
    """The heading cells of the table it is a row of."""

    @property
    def kind(self) -> BlockKind:
        return self.block.kind

    @property
    def table(self) -> Container | None:
        """That it is a row of."""
        is_row = self.kind is BlockKind.TABLE_ROW
        return next((c for c in reversed(self.path) if is_row and c.kind is ContainerKind.TABLE), None)

    @cached_property
    def before(self) -> str:
        return _side(self.replaced or self.cells, SpanKind.INSERTED)

    @cached_property
    def after(self) -> str:
        return _side(self.cells, SpanKind.DELETED)

    @property
    def is_whole(self) -> bool:
        """Is nothing of it in both texts?"""
        return not _letters(self.cells, SpanKind.KEPT)

    def sides(self) -> Iterator[tuple[SpanKind, tuple[Pieces, ...]]]:
        """What is drawn of it: all with marks in line (`KEPT`), or the old text and the new one, each whole."""
        if not self.replaced and not self.is_whole:
            yield SpanKind.KEPT, self.cells
            return
        for kind, cells in ((SpanKind.DELETED, self.replaced or self.cells), (SpanKind.INSERTED, self.cells)):
            side = tuple(tuple(piece for piece in pieces if piece.kind is kind) for pieces in cells)
            if self.replaced and kind is SpanKind.INSERTED:
                side = tuple(_whole_side(pieces, kind) for pieces in cells)
            if any(side):
                yield kind, side


def hunks(redline: Redline) -> tuple[Hunk, ...]:
    """The blocks in which words changed, in reading order."""
    return tuple(_Hunks(annotate(redline), redline).found())


def moved(redline: Redline) -> Iterator[str]:
    """What stands elsewhere now, in sentences: what was moved, and what became a footnote or is none any more."""
    yield from (move_sentence(redline, index) for index in range(len(redline.moves)))
    for block, is_note in _footed(annotate(redline)):
        where = "in a footnote" if is_note else "in the text, no longer in a footnote"
        yield f"“{shortened(block.line, 60)}” now stands {where}"


def _footed(laid: Annotations) -> Iterator[tuple[Block, bool]]:
    """What became a footnote or is none any more, and whether it is one now; each once."""
    told: set[int] = set()
    for block, touched in zip(laid.new.blocks, laid.new_blocks, strict=True):
        if touched.is_footed:
            told.update(touched.partners)
            yield block, note_of(block.path) is not None
    for index, (block, touched) in enumerate(zip(laid.old.blocks, laid.old_blocks, strict=True)):
        if touched.is_footed and index not in told:
            yield block, note_of(block.path) is None


def rows_together(shown: Iterable[tuple[int, Hunk | None]]) -> Iterator[tuple[int, list[Hunk]]]:
    """The hunks, each with how many were left out before it; rows of one table that follow each other as one list."""
    return grouped(shown, lambda before, hunk: before.table is not None and before.table is hunk.table)


def grouped(
    shown: Iterable[tuple[int, Hunk | None]], goes_with: Callable[[Hunk, Hunk], bool]
) -> Iterator[tuple[int, list[Hunk]]]:
    """The hunks in lists of those that go with the one before them, unless something was left out between them."""
    count, together = 0, list[Hunk]()
    for left_out, hunk in shown:
        if together and hunk is not None and not left_out and goes_with(together[-1], hunk):
            together.append(hunk)
            continue
        if together:
            yield count, together
        count, together = left_out, [hunk] if hunk else []
    yield count, together


class _Hunks:
    """Reads the hunks off a redline that is laid over its blocks."""

    def __init__(self, laid: Annotations, redline: Redline) -> None:
        self.laid = laid
        self.lines = redline.lines
        self.became = laid.became()
        self.leads = {id(document): leads(document) for document in (laid.old, laid.new)}
        self.heads = {id(document): _heads(document) for document in (laid.old, laid.new)}
        self.days: dict[tuple[int, int], list[tuple[int, str]]] = {}
        for document, days in zip((laid.old, laid.new), redline.days, strict=True):
            places = BlockPlaces(document)
            for at, day in days:
                index, gap = places.of_day(at)
                self.days.setdefault((id(document), index), []).append((at, gap + day))

    def found(self) -> Iterator[Hunk]:
        skipped = 0
        for gone, index in reading_order(self.laid):
            for lost in gone:
                hunk = self._gone(lost.block, skipped) if lost.move is None else None
                if hunk:
                    yield hunk
                    skipped = 0
            if index is None:
                return
            hunk = self._new(index, skipped)
            if hunk:
                yield hunk
            skipped = 0 if hunk else skipped + 1

    def _gone(self, index: int, skipped: int) -> Hunk | None:
        return self._hunk(self.laid.old, index, self._all(self.laid.old, index, SpanKind.DELETED), skipped)

    def _new(self, index: int, skipped: int) -> Hunk | None:
        block, touched = self.laid.new.blocks[index], self.laid.new_blocks[index]
        if not (touched.changed or touched.missing):
            return None
        if not touched.partners and touched.changed:
            return self._hunk(self.laid.new, index, self._all(self.laid.new, index, SpanKind.INSERTED), skipped)
        cells = tuple(self._edited(index, block, touched))
        return self._hunk(self.laid.new, index, cells, skipped, self._replaced(index, touched, cells))

    def _hunk(
        self,
        document: Document,
        index: int,
        cells: tuple[Pieces, ...],
        skipped: int,
        replaced: tuple[Pieces, ...] = (),
    ) -> Hunk | None:
        changes = [piece for pieces in cells for piece in pieces if piece.kind is not SpanKind.KEPT]
        if not any(piece.text.strip() for piece in changes):
            return None
        block = document.blocks[index]
        touched = (self.laid.old_blocks if document is self.laid.old else self.laid.new_blocks)[index]
        first = min([start for start, _ in touched.changed] + [at for at, _ in touched.missing])
        path = tuple(self.became.get(c, c) for c in block.path) if document is self.laid.old else block.path
        head = next((self.heads[id(document)][c] for c in block.path if c in self.heads[id(document)]), ())
        says_number = (
            bool(block.runs) and block.runs[0].kind is RunKind.NUMBER and cells[0][0].kind is not SpanKind.KEPT
        )
        lead = "" if says_number else self.leads[id(document)].get(index, "")
        line = self.lines[document is self.laid.new].in_file(document.place(first).line)
        return Hunk(block.section, line, block, lead, cells, skipped, replaced, path, head)

    def _all(self, document: Document, index: int, kind: SpanKind) -> tuple[Pieces, ...]:
        block = document.blocks[index]
        days = self._days_in(document, index, kind)
        return tuple(
            read_runs(cell.runs, kind, whole_links(cell.runs, [(block.start, block.end)]), days.get(position, []))
            for position, cell in enumerate(block.cells)
        )

    def _edited(self, index: int, block: Block, touched: BlockAnnotations) -> Iterator[Pieces]:
        """The cells with what changed in them."""
        insets = self._days_in(self.laid.new, index, SpanKind.KEPT)
        for at, number in touched.missing:
            insets.setdefault(self.laid.home(block.cells, at, number), []).append((at, self._stretch(number)))
        for position, cell in enumerate(block.cells):
            yield with_marks(cell.runs, sorted(touched.changed), insets.get(position, []))

    def _days_in(self, document: Document, index: int, kind: SpanKind) -> dict[int, list[tuple[int, Pieces]]]:
        """The posted dates of a block, by cell."""
        found: dict[int, list[tuple[int, Pieces]]] = {}
        for at, day in self.days.get((id(document), index), []):
            found.setdefault(cell_at(document.blocks[index].cells, at), []).append((at, (Piece(kind, day),)))
        return found

    def _stretch(self, number: int) -> Pieces:
        """What is gone from a block that lives on."""
        index, start, end = self.laid.gone[number]
        pieces: list[Piece] = []
        for cell in self.laid.old.blocks[index].cells:
            kept = [run.between(start, end) for run in cell.runs if run.start < end and start < run.end]
            pieces += [Piece(SpanKind.DELETED, " ")] * bool(pieces and kept)
            pieces += read_runs(kept, SpanKind.DELETED, whole_links(cell.runs, [(start, end)]))
        if pieces:
            return tuple(pieces)
        text = self.laid.old.text[start:end]
        target = _TARGET_ALONE.search(text)
        return (Piece(SpanKind.DELETED, f" ({target[1]})" if target else text),)

    def _replaced(self, index: int, touched: BlockAnnotations, cells: tuple[Pieces, ...]) -> tuple[Pieces, ...]:
        """The old block that this one took the place of, where nothing else did and little of it stands."""
        if len(touched.partners) != 1:
            return ()
        (old,) = touched.partners
        if set(self.laid.old_blocks[old].partners) != {index}:
            return ()
        standing, gone, come = (_letters(cells, kind) for kind in (SpanKind.KEPT, SpanKind.DELETED, SpanKind.INSERTED))
        if not (gone and come and standing < 0.4 * min(standing + gone, standing + come)):
            return ()
        return self._all(self.laid.old, old, SpanKind.DELETED)


_TARGET_ALONE = re.compile(r"\A\]\((\S+)\)\Z")


def is_heading(block: Block) -> bool:
    """Is it a row of heading cells, in a raw table too?"""
    is_row, in_head = (
        block.kind is BlockKind.TABLE_ROW,
        block.path[-1:] and block.path[-1].kind is ContainerKind.TABLE_HEAD,
    )
    return is_row and (bool(in_head) or all(cell.is_head for cell in block.row))


def _heads(document: Document) -> dict[Container, tuple[Pieces, ...]]:
    """The heading cells of each table."""
    found: dict[Container, tuple[Pieces, ...]] = {}
    for block in document.blocks:
        if is_heading(block):
            table = next(c for c in reversed(block.path) if c.kind is ContainerKind.TABLE)
            found.setdefault(table, tuple(read_runs(cell.runs, SpanKind.KEPT) for cell in block.cells))
    return found


def _whole_side(pieces: Pieces, kind: SpanKind) -> Pieces:
    """What stands in the new text, all of it as new."""
    return joined(piece._replace(kind=kind) for piece in pieces if piece.kind is not SpanKind.DELETED)


def _side(cells: tuple[Pieces, ...], without: SpanKind) -> str:
    return " | ".join("".join(piece.text for piece in pieces if piece.kind is not without) for pieces in cells)


def _letters(cells: tuple[Pieces, ...], kind: SpanKind) -> int:
    return sum(sum(map(str.isalnum, piece.text)) for pieces in cells for piece in pieces if piece.kind is kind)

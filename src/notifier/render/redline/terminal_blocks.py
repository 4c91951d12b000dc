"""Changed blocks as lines of a terminal: their words with marks, in the lists, quotations and tables they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from notifier.diff.redline import SpanKind
from notifier.plurals import counted
from notifier.render.redline.hunks import Hunk, is_heading
from notifier.render.redline.pieces import Piece, Pieces, cell_in_context, in_context
from notifier.render.styled_text import Style, Styled, columns, harmless, wrap
from notifier.render.table_layout import Line, laid_out
from notifier.text.document import BlockKind, ContainerKind

_MARKS = {SpanKind.DELETED: ("[-", "-]", Style.GONE), SpanKind.INSERTED: ("[+", "+]", Style.NEW)}
"""Coloured, and neither struck through nor underlined: a line through `[-15-]` would hide marks and figures."""


def drawn(together: list[Hunk], width: int, without: SpanKind | None = None) -> Iterator[Line]:
    """Hunks one below the other, without what is gone or what is new where that stands beside it."""
    if together[0].table is not None:
        yield from _table(together, width, without)
        return
    is_first = True
    for hunk in together:
        lines = list(_hunk(hunk, width, without))
        yield from [[]] if lines and not is_first and hunk.kind is not BlockKind.LIST_ITEM else []
        yield from lines
        is_first = is_first and not lines


_MARGINS = {
    SpanKind.KEPT: Styled("   "),
    SpanKind.DELETED: Styled(" - ", Style.GONE),
    SpanKind.INSERTED: Styled(" + ", Style.NEW),
}


def _hunk(hunk: Hunk, width: int, without: SpanKind | None) -> Iterator[Line]:
    """A block with its mark before every line where it is whole, so that none is lost where a screen cuts it."""
    first, following = _surroundings(hunk)
    for kind, cells in hunk.sides():
        if kind is without:
            continue
        lines = _lines(hunk, cells[0], kind, without, width - 3 - columns(first))
        while lines and not any(run.text.strip() for run in lines[-1]):
            lines.pop()
        for index, line in enumerate(lines):
            yield [_MARGINS[kind], Styled(following if index else first, _MARGINS[kind].style), *line]


def _lines(hunk: Hunk, pieces: Pieces, side: SpanKind, without: SpanKind | None, width: int) -> list[Line]:
    if hunk.kind is not BlockKind.CODE:
        return wrap(list(in_line(in_context(pieces), side, without)), width)
    typed = _typed(in_line(pieces, side, without))
    return [line for runs in typed for line in wrap(runs, width, as_typed=True) or [[]]]


def _typed(runs: Iterable[Styled]) -> Iterator[Line]:
    """The lines of code in which something changed, each with its neighbours."""
    lines: list[Line] = [[]]
    for run in runs:
        for index, text in enumerate(run.text.split("\n")):
            lines += [[]] if index else []
            lines[-1].append(Styled(text, run.style))
    changed = [any(run.style is not Style.PLAIN for run in line) for line in lines]
    skips = False
    for index, line in enumerate(lines):
        if any(changed[max(index - 1, 0) : index + 2]):
            yield from [[Styled("…", Style.FAINT)]] if skips else []
            yield line
        skips = not any(changed[max(index - 1, 0) : index + 2])


def _surroundings(hunk: Hunk) -> tuple[str, str]:
    """What stands before the first line of a block and before those that follow."""
    first = ""
    for container in hunk.path:
        if container.kind in (ContainerKind.QUOTE, ContainerKind.ALERT):
            first += "> "
        elif container.kind in (ContainerKind.ITEM, ContainerKind.DEFINITION, ContainerKind.FOOTNOTE):
            first += "  "
    following = first
    if hunk.lead:
        first = first.removesuffix("  ") + hunk.lead
        following = following.removesuffix("  ") + " " * len(hunk.lead)
    if hunk.kind is BlockKind.HEADING:
        first += "#" * hunk.block.level + " "
    if hunk.kind is BlockKind.CODE:
        first, following = f"{first}    ", f"{following}    "
    return first, following


def in_line(pieces: Pieces, side: SpanKind, without: SpanKind | None = None) -> Iterator[Styled]:
    """The words in line, marks around what changed unless all of it did."""
    pieces = tuple(piece for piece in pieces if piece.kind is not without)
    if side is not SpanKind.KEPT:
        text = "".join(f"`{piece.text}`" if piece.is_code else piece.text for piece in pieces)
        yield Styled(harmless(text, show_unseen=True), _MARGINS[side].style)
        return
    for index, piece in enumerate(pieces):
        before = pieces[index - 1] if index else None
        if piece.kind is SpanKind.INSERTED and before and before.kind is SpanKind.DELETED:
            yield Styled(" ")
        yield Styled("`" * (piece.is_code and not (before and before.is_code)))
        yield from [Styled(harmless(piece.text))] if piece.kind is SpanKind.KEPT else _between_marks(piece)
        yield Styled("`" * (piece.is_code and not (index + 1 < len(pieces) and pieces[index + 1].is_code)))


def _between_marks(piece: Piece) -> Iterator[Styled]:
    opening, closing, style = _MARKS[piece.kind]
    text = harmless(piece.text, show_unseen=True)
    inner = text.strip()
    yield Styled(text[: len(text) - len(text.lstrip())] if inner else "")
    yield Styled(f"{opening}{inner or _visible(text)}{closing}", style)
    yield Styled(text[len(text.rstrip()) :] if inner else "")


def _visible(text: str) -> str:
    """Space as marks of its own: drawn only where space is all that changed."""
    return text.replace("\n", "⏎").replace("\t", "⇥").replace(" ", "␣").replace("\u00a0", "⍽")


def _table(rows: list[Hunk], width: int, without: SpanKind | None) -> Iterator[Line]:
    """Rows below each other in their columns, under the heading cells of their table."""
    drawn: list[tuple[Styled, list[Line], int]] = []
    if rows[0].head and not is_heading(rows[0].block):
        heading = [[Styled(harmless(piece.text), Style.FAINT) for piece in pieces] for pieces in rows[0].head]
        drawn.append((_MARGINS[SpanKind.KEPT], heading, 0))
    for index, row in enumerate(rows):
        for kind, cells in row.sides():
            if kind is not without:
                shown = [list(in_line(cell_in_context(pieces), kind, without)) for pieces in cells]
                drawn.append((_MARGINS[kind], shown, row.skipped if index else 0))
    lines = laid_out([cells for _, cells, _ in drawn], width - 3) if drawn else []
    for (margin, _, skipped), row_lines in zip(drawn, lines, strict=True):
        if skipped:
            yield [Styled(f"   … {counted(skipped, 'row')} unchanged", Style.FAINT)]
        yield from ([margin, *line] for line in row_lines)


def side_by_side_of(together: list[Hunk], width: int) -> Iterator[Line]:
    """The old blocks left, the new ones right."""
    column = (width - 3) // 2
    left, right = (list(drawn(together, column, kind)) for kind in (SpanKind.INSERTED, SpanKind.DELETED))
    for row in range(max(len(left), len(right))):
        line = left[row] if row < len(left) else []
        gap = column - sum(columns(run.text) for run in line)
        yield [*line, Styled(" " * gap), Styled(" │ ", Style.FAINT), *(right[row] if row < len(right) else [])]

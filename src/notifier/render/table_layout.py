"""Rows of a table in lines of text, their cells in columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from notifier.render.styled_text import Style, Styled, columns, wrap

Line = list[Styled]
_BORDER = " | "
_NARROWEST = 8
"""Columns of the terminal in which a cell can still be read."""


def laid_out(rows: Sequence[Sequence[Line]], width: int) -> list[list[Line]]:
    """Each row as lines of at most `width`: the cells beside each other, or below each other where there is no room."""
    widest = max(len(row) for row in rows)
    room = width - len(_BORDER) * (widest - 1)
    if room < _NARROWEST * widest:
        return [[line for cell in row for line in wrap(cell, width) if line] for row in rows]
    widths = [max((_length(row[at]) for row in rows if at < len(row)), default=0) for at in range(widest)]
    while sum(widths) > room:
        widths[widths.index(max(widths))] -= 1
    return [_row(row, widths) for row in rows]


def _length(cell: Line) -> int:
    return sum(columns(run.text) for run in cell)


def _row(row: Sequence[Line], widths: Sequence[int]) -> list[Line]:
    cells = [wrap(cell, max(width, 1)) for cell, width in zip(row, widths, strict=False)]
    lines = []
    for parts in zip_longest(*cells, fillvalue=list[Styled]()):
        line: Line = []
        for at, part in enumerate(parts):
            line += [Styled(_BORDER, Style.FAINT)] if at else []
            line += part
            line += [Styled(" " * (widths[at] - _length(part)))] if at < len(parts) - 1 else []
        lines.append(line)
    return lines

"""Blocks → HTML: one block around its inline HTML, and the containers around blocks that stand in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from notifier.render.labels import Labels
from notifier.text.document import Block, BlockKind, Cell, Container, ContainerKind, Document

NOTES = Container(ContainerKind.ORDERED_LIST)
"""The list of footnotes at the end of a page; GitHub shows them there too, wherever they are written."""
UNCHANGED = "unchanged"
"""The label of the `<details>` that a redline page puts around what did not change."""
_RESERVED = re.compile(r"(?:change|move|text)-?\d*\Z|move-\d+-(?:here|from)\Z|(?:note|page)\.")
"""Names that a page itself gives to its places. Those with a dot cannot be made of a heading's words."""
TAGS = {
    ContainerKind.BULLET_LIST: "ul",
    ContainerKind.ORDERED_LIST: "ol",
    ContainerKind.ITEM: "li",
    ContainerKind.FOOTNOTE: "li",
    ContainerKind.QUOTE: "blockquote",
    ContainerKind.ALERT: "div",
    ContainerKind.TABLE: "table",
    ContainerKind.CAPTION: "caption",
    ContainerKind.TABLE_HEAD: "thead",
    ContainerKind.TABLE_BODY: "tbody",
    ContainerKind.DEFINITION_LIST: "dl",
    ContainerKind.TERM: "dt",
    ContainerKind.DEFINITION: "dd",
    ContainerKind.DETAILS: "details",
    ContainerKind.SUMMARY: "summary",
}
_BARE_IN = frozenset(
    {ContainerKind.ITEM, ContainerKind.TERM, ContainerKind.DEFINITION, ContainerKind.SUMMARY, ContainerKind.CAPTION}
)
"""Where text can stand without a paragraph around it."""


class PlacedBlock(NamedTuple):
    """A block's HTML and the containers it stands in. `is_row`: a `<tr>`, which only stands in a table.

    `level` is a heading's on the page; `is_unchanged`: on a redline page, it stands as it stood.
    """

    path: tuple[Container, ...]
    html: str
    is_row: bool = False
    level: int = 0
    is_unchanged: bool = False


def is_reserved(anchor: str) -> bool:
    """Does the page itself use this name for one of its places?"""
    return _RESERVED.match(anchor) is not None


def block_html(block: Block, inline: Sequence[str], *, attributes: str = "", level: int = 0) -> str:
    """One block around its inline HTML (one string for each cell); `level` is a heading's on the page."""
    kind = block.kind
    if kind is BlockKind.HEADING:
        return f"<h{level or block.level}{attributes}>{inline[0]}</h{level or block.level}>"
    if kind is BlockKind.TABLE_ROW:
        return f"<tr{attributes}>{''.join(_cells(block, inline))}</tr>"
    if kind is BlockKind.CODE:
        return f"<pre{attributes}><code>{inline[0]}</code></pre>"
    if kind is BlockKind.RULE:
        return f"<hr{attributes}>"
    if kind is BlockKind.LABEL:
        return f"<p{attributes}><strong>{inline[0]}</strong></p>"
    if block.is_tight and not attributes and block.path and block.path[-1].kind in _BARE_IN:
        return inline[0]
    return f"<p{attributes}>{inline[0]}</p>"


def page_cells(block: Block, labels: Labels) -> tuple[Cell, ...]:
    """The cells of a block as the page has them: what an alert calls itself, in the page's language."""
    alert = block.path[-1].alert if block.kind is BlockKind.LABEL and block.path else None
    if alert is None:
        return block.cells
    return tuple(
        cell._replace(runs=tuple(run._replace(text=labels.alerts[alert]) for run in cell.runs)) for cell in block.cells
    )


def _cells(block: Block, inline: Sequence[str]) -> Iterator[str]:
    in_head = bool(block.path) and block.path[-1].kind is ContainerKind.TABLE_HEAD
    for cell, html in zip(block.cells, inline, strict=True):
        tag = 'th scope="col"' if in_head else 'th scope="row"' if cell.is_head else "td"
        align = f' class="{cell.align}"' if cell.align else ""
        size = f' colspan="{cell.columns}"' * (cell.columns > 1) + f' rowspan="{cell.rows}"' * (cell.rows > 1)
        yield f"<{tag}{align}{size}>{html}</{tag[:2]}>"


def own_anchors(block: Block, taken: set[str]) -> str:
    """Places that the policy itself names (`{#id}`, `<a name=…>`), each once on a page; `taken` learns them."""
    if not block.anchors:
        return ""
    names = [name for name in dict.fromkeys(block.anchors) if name not in taken and not is_reserved(name)]
    taken.update(names)
    return "".join(f'<a id="{escape(name)}"></a>' for name in names)


def drawing_order(document: Document) -> list[int]:
    """The indexes of the blocks as a page has them: footnotes last, by number."""
    if not document.footnotes:
        return list(range(len(document.blocks)))
    numbers = {label: number for number, label in enumerate(document.footnotes, 1)}

    def rank(index: int) -> int:
        note = note_of(document.blocks[index].path)
        return numbers.get(note.label, len(numbers) + 1) if note else 0

    return sorted(range(len(document.blocks)), key=rank)


def note_numbers(document: Document) -> dict[Container, int]:
    """The numbers of a page's footnotes; of two with one label, references lead to the first."""
    notes = [note for block in document.blocks if block.path and (note := note_of(block.path))]
    first = {note.label: note for note in reversed(notes)}
    return {first[label]: number for number, label in enumerate(document.footnotes, 1) if label in first}


def way_back(number: int, labels: Labels) -> str:
    """The link from a footnote to the place that refers to it."""
    label = escape(labels.note_back.format(number=number))
    return f' <a class="back" href="#note.{number}.from" aria-label="{label}">↩</a>'


def note_of(path: Sequence[Container]) -> Container | None:
    """The footnote that a block stands in."""
    for container in path:
        if container.kind is ContainerKind.FOOTNOTE:
            return container
    return None


def page_path(path: tuple[Container, ...]) -> tuple[Container, ...]:
    """Where a block stands on the page: a footnote in the list of footnotes, whatever it was written in."""
    note = note_of(path)
    return path if note is None else (NOTES, *path[path.index(note) :])

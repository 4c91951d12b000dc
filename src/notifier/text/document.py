"""A policy as its reader sees it: blocks of inline runs, each with its place in the source. Values only.

`Document.text` is the source as it was given, to the last character; every offset counts its characters. What a run
says is *visible*; what lies between runs (markers, tags, addresses of links, comments, front matter) is not. Lines end
at `\\n`; a `\\r` before it belongs to the line ending.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import takewhile
from typing import Any, NamedTuple


class BlockKind(StrEnum):
    """What a block is to its reader."""

    __hash__ = str.__hash__  # that of an enum is written in Python, and asked for at every look-up

    FRONT_MATTER = "front_matter"  #: A key of the front matter; never on a page.
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"  #: The text that a list item begins with; what follows in it are paragraphs.
    TABLE_ROW = "table_row"
    CODE = "code"  #: Text shown as it is typed.
    LABEL = "label"  #: What an alert calls itself: `Note`, `Warning`.
    RULE = "rule"  #: A line across the page, without a word.
    UNSEEN = "unseen"  #: A comment, a script, a link definition: in the source, never on a page.


class ContainerKind(StrEnum):
    """What blocks may stand in."""

    __hash__ = str.__hash__  # that of an enum is written in Python, and asked for at every look-up

    BULLET_LIST = "bullet_list"
    ORDERED_LIST = "ordered_list"
    ITEM = "item"
    QUOTE = "quote"
    ALERT = "alert"
    TABLE = "table"
    CAPTION = "caption"
    TABLE_HEAD = "table_head"
    TABLE_BODY = "table_body"
    DEFINITION_LIST = "definition_list"
    TERM = "term"
    DEFINITION = "definition"
    FOOTNOTE = "footnote"
    DETAILS = "details"
    SUMMARY = "summary"


class AlertKind(StrEnum):
    """`> [!NOTE]` and its like; the value is the label that a reader reads."""

    NOTE = "Note"
    TIP = "Tip"
    IMPORTANT = "Important"
    WARNING = "Warning"
    CAUTION = "Caution"


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """A list, an item, a quotation, a part of a table …; two are the same only if they are one object."""

    kind: ContainerKind
    start: int = 1
    """The first number of an ordered list."""
    numbering: str = "1"
    """How an ordered list counts, as HTML says it: `1`, `a`, `A`, `i`, `I`."""
    is_done: bool | None = None
    """The state of an item that is a task."""
    alert: AlertKind | None = None
    label: str = ""
    """What references call a footnote; its number is its place in `Document.footnotes`."""


class TextStyle(StrEnum):
    """How inline text is set; the value is the HTML element that says so."""

    __hash__ = str.__hash__  # that of an enum is written in Python, and asked for at every look-up

    EMPHASIS = "em"
    STRONG = "strong"
    STRUCK = "s"  #: Struck out by the editor: said to be no longer so.
    CODE = "code"
    SUB = "sub"
    SUP = "sup"
    UNDERLINED = "u"
    SMALL = "small"
    KEYBOARD = "kbd"
    CITED = "cite"
    QUOTED = "q"
    HIGHLIGHTED = "mark"


class RunKind(StrEnum):
    """What a run of inline text is."""

    __hash__ = str.__hash__  # that of an enum is written in Python, and asked for at every look-up

    TEXT = "text"
    ADDRESS = "address"  #: A web address written out; in code it is no link.
    BREAK = "break"  #: A new line that the editor asked for.
    TASK = "task"  #: The box of a task, ticked or not.
    FOOTNOTE = "footnote"  #: The number of a footnote; `label` says which.
    NUMBER = "number"  #: The number of an item, where the list does not just count; the list itself draws it.
    PICTURE = "picture"  #: The words that stand for a picture; `link` leads to it.


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """Where runs lead; the runs of one link share one object."""

    target: str
    title: str = ""


class Run(NamedTuple):
    """Inline text set in one way: what a reader reads of `source[start:end]`.

    It `is_verbatim`, and can be cut anywhere, where each character of it is one of the source; an entity, a break or
    the number of a footnote or item is one whole.
    """

    text: str
    start: int
    end: int
    styles: tuple[TextStyle, ...] = ()
    """Outermost first."""
    link: Link | None = None
    kind: RunKind = RunKind.TEXT
    label: str = ""

    @property
    def is_verbatim(self) -> bool:
        return len(self.text) == self.end - self.start and self.kind is not RunKind.NUMBER

    def between(self, start: int, end: int) -> Run:
        """The part of it between two places of the source; all of it where it cannot be cut."""
        if not self.is_verbatim or (start <= self.start and end >= self.end):
            return self
        start, end = max(start, self.start), min(end, self.end)
        return self._replace(text=self.text[start - self.start : end - self.start], start=start, end=end)


class Cell(NamedTuple):
    """A cell of a table row."""

    runs: tuple[Run, ...]
    align: str = ""
    """`left`, `center`, `right` or nothing."""
    is_head: bool = False
    columns: int = 1
    rows: int = 1

    @property
    def text(self) -> str:
        return "".join([run.text for run in self.runs])


class Place(NamedTuple):
    """A place in a text as an editor counts it: line and column from 1."""

    line: int
    column: int


class Block(NamedTuple):
    """One block: `source[start:end]` is its content, under the headings `section` (outermost first).

    `paragraph` counts the blocks of its section from 1 (the heading itself is 0).
    """

    kind: BlockKind
    start: int
    end: int
    section: tuple[str, ...]
    paragraph: int
    level: int = 0
    """Of a heading, 1 to 6."""
    path: tuple[Container, ...] = ()
    """What it stands in, outermost first."""
    runs: tuple[Run, ...] = ()
    """What it says, of a row cell after cell."""
    row: tuple[Cell, ...] = ()
    """The cells of a table row."""
    is_tight: bool = False
    """Whether an item or cell holds it without a paragraph around it."""
    anchors: tuple[str, ...] = ()
    """Names that links may call it by: `{#id}` of a heading, `<a name=…>` in it."""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells of a row; what any other block says is one."""
        return self.row or (Cell(self.runs),) * bool(self.runs)

    @property
    def text(self) -> str:
        """What a reader reads of it; cells are parted by tabs."""
        if self.row:
            return "\t".join([cell.text for cell in self.row])
        runs = self.runs
        return runs[0].text if len(runs) == 1 else "".join([run.text for run in runs])

    @property
    def line(self) -> str:
        """What a reader reads of it, on one line."""
        return " ".join(self.text.split())


def runs_between(blocks: Sequence[Block], start: int, end: int) -> tuple[Run, ...]:
    """What a reader reads of a stretch of the source, of blocks in order; cells and blocks are parted by breaks."""
    found: list[Run] = []
    index = max(bisect_right(blocks, start, key=lambda block: block.start) - 1, 0)
    while index < len(blocks) and blocks[index].start < end:
        block = blocks[index]
        for line in [cell.runs for cell in block.row] or [block.runs]:
            first = bisect_right(line, start, key=lambda run: run.end)
            runs = [run.between(start, end) for run in takewhile(lambda run: run.start < end, line[first:])]
            if runs and found:
                found.append(Run("\n", runs[0].start, runs[0].start, kind=RunKind.BREAK))
            found += runs
        index += 1
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Document:
    """A Markdown text: the blocks of its page in order, and what of it no page shows."""

    text: str
    blocks: tuple[Block, ...]
    unseen: tuple[Block, ...] = ()
    """Keys of the front matter, comments, scripts, link definitions, in order; no block of the page meets them."""
    footnotes: tuple[str, ...] = ()
    """Labels in the order of their numbers, from 1."""
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def place(self, offset: int) -> Place:
        """The line and column of an offset."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        return Place(line, offset - starts[line - 1] + 1)

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset of each line's first character."""
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def runs_between(self, start: int, end: int) -> tuple[Run, ...]:
        """What a reader reads of a stretch of the source."""
        return runs_between(self.blocks, start, end)

    def visible_words(self) -> list[str]:
        """Every word that the page shows, as white space parts them; what only counts items or footnotes is no word."""
        cells = (cell for block in self.blocks for cell in block.cells)
        texts = ("".join([run.text for run in cell.runs if run.kind is not RunKind.FOOTNOTE]) for cell in cells)
        return "\n".join(texts).split()

"""A policy as its reader sees it: blocks of inline runs, each with its place in the source. Values only.

`Document.text` is the source as it was given, to the last character; every offset counts its characters. What a run
says is *visible*; what lies between runs (markers, tags, addresses of links, comments, front matter) is not. Lines end
at `\\n`; a `\\r` before it belongs to the line ending.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from notifier.text.front_matter import body_start, find_front_matter


class BlockKind(StrEnum):
    """What a block is to its reader."""

    FRONT_MATTER = "front_matter"  #: A key of the front matter; never on a page.
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"  #: The text that a list item begins with; what follows in it are paragraphs.
    TABLE_ROW = "table_row"
    CODE = "code"  #: Text shown as it is typed.
    LABEL = "label"  #: What an alert calls itself: `Note`, `Warning`.
    RULE = "rule"  #: A line across the page, without a word.
    HTML = "html"
    UNSEEN = "unseen"  #: A comment, a script, a link definition: in the source, never on a page.


class ContainerKind(StrEnum):
    """What blocks may stand in."""

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

    TEXT = "text"
    ADDRESS = "address"  #: A web address written out: text that says where its link leads.
    BREAK = "break"  #: A new line that the editor asked for.
    TASK = "task"  #: The box of a task, ticked or not.
    FOOTNOTE = "footnote"  #: The number of a footnote; `label` says which.
    PICTURE = "picture"  #: The words that stand for a picture; `link` leads to it.


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """Where runs lead; the runs of one link share one object."""

    target: str
    title: str = ""


class Run(NamedTuple):
    """Inline text set in one way: what a reader reads of `source[start:end]`.

    It `is_verbatim`, and can be cut anywhere, where each character of it is one of the source; an entity, a break or
    a footnote's number is one whole.
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
        return len(self.text) == self.end - self.start

    def between(self, start: int, end: int) -> Run:
        """The part of it between two places of the source; all of it where it cannot be cut."""
        if not self.is_verbatim or (start <= self.start and end >= self.end):
            return self
        start, end = max(start, self.start), min(end, self.end)
        return self._replace(text=self.text[start - self.start : end - self.start], start=start, end=end)


class Cell(NamedTuple):
    """A cell of a table row; every other block has exactly one."""

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
    cells: tuple[Cell, ...] = ()
    is_tight: bool = False
    """Whether an item or cell holds it without a paragraph around it."""
    anchors: tuple[str, ...] = ()
    """Names that links may call it by: `{#id}` of a heading, `<a name=…>` in it."""

    @property
    def runs(self) -> tuple[Run, ...]:
        """All its runs in order, of a row cell after cell."""
        return self.cells[0].runs if len(self.cells) == 1 else tuple(run for cell in self.cells for run in cell.runs)

    @property
    def text(self) -> str:
        """What a reader reads of it; cells are parted by tabs."""
        return "\t".join([cell.text for cell in self.cells])

    @property
    def line(self) -> str:
        """What a reader reads of it, on one line."""
        return " ".join(self.text.split())


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

    def visible_words(self) -> list[str]:
        """Every word that the page shows, as white space parts them; numbers of lists and footnotes are no words."""
        cells = (cell for block in self.blocks for cell in block.cells)
        texts = ("".join([run.text for run in cell.runs if run.kind is not RunKind.FOOTNOTE]) for cell in cells)
        return "\n".join(texts).split()


@lru_cache(maxsize=16)
def parse(text: str) -> Document:
    """The leaf blocks of a Markdown text; the last few texts are remembered, so a history is parsed once a text."""
    return Document(text, tuple(_with_sections(text, _leaves(text))))


_Leaf = tuple[BlockKind, int, int, int]
"""Kind, start and end in the text, and the heading level (0 for everything else)."""

_LEAD = re.compile(r"[ \t>]*")
_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|(?=\r?\n|\Z))")
_ATX = re.compile(r"(#{1,6})(?:[ \t]+|(?=\r?\n|\Z))")
_ATX_CLOSE = re.compile(r"[ \t]+#+[ \t\r]*$")
_SETEXT = re.compile(r"(?:=+|-+)[ \t\r]*$")
_RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})\r?$")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_DEFINITION = re.compile(r"\[[^\]\n]+\]:")
_DELIMITER_ROW = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t\r]*$")
_HTML_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|"
    r"fieldset|figcaption|figure|footer|form|frame|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|"
    r"ol|optgroup|option|p|param|pre|script|search|section|style|summary|table|tbody|td|textarea|tfoot|th|thead|"
    r"title|tr|track|ul)(?=[\s/>]|$)|<[?!]",
    re.IGNORECASE,
)
_HTML_ENDS = {
    opening: re.compile(closing, re.IGNORECASE)
    for opening, closing in (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"), ("<pre", "</pre"))
}
_MARKER_STARTS = frozenset("-*+0123456789")
_PLAIN_STARTS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\"'“‘(")


class _Scanner:
    """Walks the lines once; `open` is the paragraph being gathered."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.leaves: list[_Leaf] = []
        self.kind: BlockKind | None = None
        self.start = self.end = 0
        self.in_list = False

    def close(self) -> None:
        """End the paragraph being gathered."""
        if self.kind is not None:
            self.emit(self.kind, self.start, self.end)
            self.kind = None

    def emit(self, kind: BlockKind, start: int, end: int, level: int = 0) -> None:
        """Add a leaf, without the blanks around it; nothing when nothing is left."""
        content = self.text[start:end]
        stripped = content.strip()
        if stripped:
            start += 0 if content[0] == stripped[0] else len(content) - len(content.lstrip())
            self.leaves.append((kind, start, start + len(stripped), level))

    def gather(self, kind: BlockKind, start: int, end: int) -> None:
        """Begin a paragraph, or go on with the open one."""
        if self.kind is None:
            self.kind, self.start = kind, start
        self.end = end

    def scan(self, at: int) -> list[_Leaf]:
        text, size = self.text, len(self.text)
        while at < size:
            if text[at] == "\n":
                self.close()
                at += 1
                continue
            end = text.find("\n", at)
            end = size if end < 0 else end
            if text[at] in _PLAIN_STARTS and (self.kind is not None or "|" not in text[at:end]):
                self.in_list = self.in_list and self.kind is not None
                self.gather(BlockKind.PARAGRAPH, at, end)
                at = end + 1
            else:
                at = self.line(at, end)
        self.close()
        return self.leaves

    def line(self, at: int, end: int) -> int:
        """Take in the line from `at` to `end`; the next line's start."""
        lead = _LEAD.match(self.text, at)
        content = lead.end() if lead else at
        if content >= end or self.text[content] == "\r":
            self.close()
            return end + 1
        if self.kind is None and self._is_code(at, content):
            return self.indented(at, end)
        return self.content(content, end, BlockKind.PARAGRAPH)

    def content(self, at: int, end: int, kind: BlockKind) -> int:
        """Take in a line from its first visible character, behind indentation, quote and list markers."""
        text, first = self.text, self.text[at]
        if first in "=-" and self.kind is not None and _SETEXT.match(text[at:end]):
            return self.setext(first, end)
        if first in "*-_" and _RULE.match(text[at:end]):
            self.close()
            return end + 1
        marker = _MARKER.match(text, at, end + 1) if first in _MARKER_STARTS else None
        if marker:
            return self.item(marker.end(), end)
        if first == "#" and (atx := _ATX.match(text, at, end + 1)):
            return self.heading(atx, end)
        if first in "`~" and (fence := _FENCE.match(text, at, end)):
            return self.fenced(fence[1], end)
        if first == "[" and self.kind is None and _DEFINITION.match(text, at, end):
            self.emit(BlockKind.PARAGRAPH, at, end)
            return end + 1
        if first == "<" and _HTML_BLOCK.match(text, at, end):
            return self.html(at)
        if "|" in text[at:end] and self._is_table(end):
            return self.table(at, end)
        self.gather(kind, at, end)
        return end + 1

    def setext(self, underline: str, end: int) -> int:
        self.emit(BlockKind.HEADING, self.start, self.end, 1 if underline == "=" else 2)
        self.kind = None
        return end + 1

    def item(self, at: int, end: int) -> int:
        """A list item from behind its marker; an item may begin with further markers, however many."""
        self.close()
        self.in_list = True
        marker: re.Match[str] | None = None
        while at < end and (marker is None or self.text[at] in _MARKER_STARTS):
            lead = _LEAD.match(self.text, at)
            at = lead.end() if lead else at
            marker = _MARKER.match(self.text, at, end + 1)
            if marker is None:
                break
            at = marker.end()
        if at >= end or self.text[at] == "\r":
            return end + 1
        return self.content(at, end, BlockKind.LIST_ITEM)

    def heading(self, atx: re.Match[str], end: int) -> int:
        self.close()
        self.in_list = False
        content = _ATX_CLOSE.sub("", self.text[atx.end() : end])
        self.emit(BlockKind.HEADING, atx.end(), atx.end() + len(content), len(atx[1]))
        return end + 1

    def fenced(self, fence: str, end: int) -> int:
        """A fenced block, cut at its blank lines; an unclosed one runs to the end, as CommonMark has it."""
        self.close()
        closing = re.compile(rf"^[ \t>]*{re.escape(fence[0])}{{{len(fence)},}}[ \t\r]*$", re.MULTILINE)
        found = closing.search(self.text, end + 1) if end < len(self.text) else None
        stop = found.start() if found else len(self.text)
        self.runs(BlockKind.CODE, end + 1, stop)
        return self._next_line(found.end()) if found else len(self.text)

    def indented(self, at: int, end: int) -> int:
        self.emit(BlockKind.CODE, at, end)
        return end + 1

    def html(self, at: int) -> int:
        """An HTML block: to its closing mark where its kind has one, else to the next blank line."""
        self.close()
        opening = self.text[at : at + 8].lower()
        closing = next((end for start, end in _HTML_ENDS.items() if opening.startswith(start)), None)
        found = (closing or _BLANK).search(self.text, at)
        stop = found.start() if found else len(self.text)
        if closing is not None and found:
            stop = self._next_line(found.end()) - 1
        self.runs(BlockKind.HTML, at, stop)
        return self._next_line(stop)

    def runs(self, kind: BlockKind, start: int, stop: int) -> None:
        """Emit `start` to `stop`, cut at blank lines."""
        for blank in _BLANK.finditer(self.text, start, stop):
            self.emit(kind, start, blank.start())
            start = blank.end()
        self.emit(kind, start, stop)

    def table(self, at: int, end: int) -> int:
        """The header row, then every row until a line without a cell border."""
        self.close()
        self.emit(BlockKind.TABLE_ROW, at, end)
        at = self._next_line(end + 1)
        while at < len(self.text):
            end = self.text.find("\n", at)
            end = len(self.text) if end < 0 else end
            if "|" not in self.text[at:end]:
                break
            lead = _LEAD.match(self.text, at)
            self.emit(BlockKind.TABLE_ROW, lead.end() if lead else at, end)
            at = end + 1
        return at

    def _is_table(self, end: int) -> bool:
        following = self.text[end + 1 : self._next_line(end + 1) - 1]
        return "-" in following and "|" in following and _DELIMITER_ROW.match(following) is not None

    def _is_code(self, at: int, content: int) -> bool:
        indent = self.text[at:content]
        return not self.in_list and ">" not in indent and ("\t" in indent or len(indent) >= 4)

    def _next_line(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) + 1 if end < 0 else end + 1


_BLANK = re.compile(r"\n(?:[ \t\r>]*\n)+")
_FRONT_MATTER_KEY = re.compile(r"^[^\s#-][^\n]*(?:\n(?:[ \t-][^\n]*)?(?=\n))*", re.MULTILINE)


def _leaves(text: str) -> list[_Leaf]:
    scanner = _Scanner(text)
    front = find_front_matter(text)
    if front is not None:
        for key in _FRONT_MATTER_KEY.finditer(text, front.start, front.stop):
            scanner.emit(BlockKind.FRONT_MATTER, key.start(), key.end())
    return scanner.scan(body_start(text))


def _with_sections(text: str, leaves: list[_Leaf]) -> Iterator[Block]:
    """Give each leaf the headings above it and its number below them."""
    levels: list[int] = []
    section: tuple[str, ...] = ()
    paragraph = 0
    for kind, start, end, level in leaves:
        paragraph += 1
        if level:
            while levels and levels[-1] >= level:
                levels.pop()
            section = (*section[: len(levels)], plain(text[start:end]))
            levels.append(level)
            paragraph = 0
        yield Block(kind, start, end, section, paragraph)


_LINK = re.compile(r"!?\[([^\[\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])")
_MARKS = re.compile(r"<[^<>]*>|[*`]+|(?<!\w)_+|_+(?!\w)|\\(?=[^\w\s])")


def plain(source: str) -> str:
    """Inline Markdown as its words read: without emphasis, link targets and tags, on one line."""
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", source)).split())

"""The events of pulldown-cmark, one by one → blocks and runs in a builder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pyromark
from pyromark import Options

from notifier.text.builder import MARKDOWN, Builder
from notifier.text.document import AlertKind, BlockKind, Cell, Container, ContainerKind, Link, RunKind, TextStyle
from notifier.text.html_elements import HtmlElements
from notifier.text.source_offsets import offsets_in

OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_HEADING_ATTRIBUTES
    | Options.ENABLE_DEFINITION_LIST
    | Options.ENABLE_GFM
)


_ALIGNMENTS = {"None": "", "Left": "left", "Center": "center", "Right": "right"}
_Step = Callable[[], None]


class MarkdownReader:
    """Takes in the parser's events one by one."""

    def __init__(self, source: str, skipped: int, options: Options = OPTIONS) -> None:
        self.source, self.options = source, options
        self.builder = Builder(source)
        self.html = HtmlElements(self.builder)
        self.body = source[skipped:] if skipped else source
        self.at = offsets_in(self.body, skipped)
        self.numbers: dict[str, int] = {}
        """Footnotes by label, as they are counted: in the order in which they are first referred to."""
        self.defined: list[str] = []
        self.detail: Any = None
        self.start = self.end_byte = 0
        """Of the element that starts: what is said of it, where it does, and in bytes where it ends."""
        self.base = 0
        """How many elements are open around the block that is growing."""
        self.around = BlockKind.PARAGRAPH, 0
        self.pieces: list[tuple[str, int]] = []
        self.columns: Iterator[str] = iter(())
        self.alignments: tuple[str, ...] = ()
        self.is_head = self.is_flat = False
        """Is the table one inside a cell of raw HTML: its text is the cell's."""
        self.images: list[tuple[RunKind, str, int, int, int]] = []
        """Of each picture that is open: what runs were before it, how many, and where it stands."""

    def read(self) -> None:
        """Read the text behind its front matter."""
        builder, at, close = self.builder, self.at, self._close
        starts, ends = self._starts(), self._ends()
        events: Iterator[tuple[Any, Any]] = iter(pyromark.events_with_range(self.body, options=self.options))
        for event, span in events:
            if event.__class__ is str:
                self._mark(event, at(span["start"]), span["end"] - span["start"])
                continue
            ((name, value),) = event.items()
            if name == "Text":
                start, size = at(span["start"]), len(value)
                if (size if value.isascii() else len(value.encode())) != span["end"] - span["start"]:
                    builder.atom(value, start, at(span["end"]))
                elif builder.end == start:
                    builder.end = builder.high = start + size
                else:
                    builder.text(start, start + size)
            elif name == "Start":
                ((kind, self.detail),) = ((value, None),) if value.__class__ is str else value.items()
                self.start, self.end_byte = at(span["start"]), span["end"]
                starts[kind]()
            elif name == "End":
                ends.get(value if value.__class__ is str else next(iter(value)), close)()
            else:
                self._inline(name, value, at(span["start"]), at(span["end"]))
        self._boundary()
        builder.pop_to(0)
        for label in self.defined:
            self.numbers.setdefault(label, len(self.numbers) + 1)

    def _starts(self) -> dict[str, _Step]:
        """What each start does. Kept nowhere: a reader that held it would live until the collector found it."""
        return {
            "Paragraph": partial(self._leaf, BlockKind.PARAGRAPH),
            "CodeBlock": partial(self._leaf, BlockKind.CODE),
            "Heading": self._start_heading,
            "Emphasis": partial(self._start_style, TextStyle.EMPHASIS),
            "Strong": partial(self._start_style, TextStyle.STRONG),
            "Strikethrough": partial(self._start_style, TextStyle.STRUCK),
            "Link": self._start_link,
            "Image": self._start_image,
            "HtmlBlock": self._boundary,
            "List": self._start_list,
            "Item": self._start_item,
            "BlockQuote": self._start_quote,
            "FootnoteDefinition": self._start_footnote,
            "DefinitionList": partial(self._open, ContainerKind.DEFINITION_LIST),
            "DefinitionListTitle": partial(self._open, ContainerKind.TERM),
            "DefinitionListDefinition": partial(self._open, ContainerKind.DEFINITION),
            "Table": self._start_table,
            "TableHead": self._start_head,
            "TableRow": self._start_row,
            "TableCell": self._start_cell,
        }

    def _ends(self) -> dict[str, _Step]:
        """What each end does; any other closes a container."""
        return {
            **dict.fromkeys(("Paragraph", "CodeBlock", "Heading"), self._end_leaf),
            **dict.fromkeys(("Emphasis", "Strong", "Strikethrough", "Link"), self.builder.finish),
            "Image": self._end_image,
            "HtmlBlock": self._end_html,
            "Table": self._end_table,
            "TableHead": self._end_head,
            "TableRow": self._end_row,
            "TableCell": self._end_cell,
        }

    # inline

    def _mark(self, name: str, start: int, size: int) -> None:
        if name == "SoftBreak":
            self.builder.text(start, start + size)
        elif name == "HardBreak":
            self.builder.atom("\n", start, start + size, RunKind.BREAK)
        else:
            self.start = start
            self._boundary()
            self.builder.emit(BlockKind.RULE, start, start + size)

    def _inline(self, name: str, value: Any, start: int, end: int) -> None:
        if name == "Html":
            self.pieces.append((value, start))
        elif name == "InlineHtml":
            self.html.inline(value, start, end)
        elif name == "Code":
            self._code(value, start, end)
        elif name == "FootnoteReference":
            label = _label(value)
            number = self.numbers.setdefault(label, len(self.numbers) + 1)
            self.builder.atom(str(number), start, end, RunKind.FOOTNOTE, label)
        elif name == "TaskListMarker":
            self.builder.tick(value)
            self.builder.atom("☑" if value else "☐", start, end, RunKind.TASK)
            self.builder.text(end, end + 1)

    def _code(self, value: str, start: int, end: int) -> None:
        """A code span, without its backticks; word by word where its lines lie apart."""
        builder, source = self.builder, self.source
        builder.touch(start, end)
        builder.begin(TextStyle.CODE, None)
        low, high = start, end
        while low < high - 1 and source[low] == source[high - 1] == "`":
            low, high = low + 1, high - 1
        if source[low : low + 1] == " " != value[:1]:
            low += 1
        words = [value] if source.startswith(value, low) else _WORD_OR_BLANKS.findall(value)
        places = list(_places(words, source, low, high))
        if min(places, default=0) < 0:  # something in it is read as something else, such as `\\|` in a table
            builder.atom(value, low, high)
        else:
            for place, word in zip(places, words, strict=True):
                builder.text(place, place + len(word))
        builder.finish()

    def _start_style(self, style: TextStyle) -> None:
        self.builder.touch(self.start, self.at(self.end_byte))
        self.builder.begin(style, None)

    def _start_link(self) -> None:
        target, title = self.detail["dest_url"], self.detail["title"]
        self.builder.touch(self.start, self.at(self.end_byte))
        is_mail = self.detail["link_type"] == "Email"
        self.builder.begin(None, Link(f"mailto:{target}" if is_mail else target, title))

    def _start_image(self) -> None:
        builder, address, end = self.builder, self.detail["dest_url"], self.at(self.end_byte)
        builder.touch(self.start, end)
        builder.begin(None, Link(address, self.detail["title"]))
        self.images.append((builder.run_kind, builder.label, len(builder.runs), self.start, end))
        builder.run_kind, builder.label = RunKind.PICTURE, builder.label or address

    def _end_image(self) -> None:
        builder = self.builder
        builder.flush()
        kind, label, before, start, end = self.images.pop()
        if len(builder.runs) == before:
            builder.atom("", start, end)
        builder.finish()
        builder.run_kind, builder.label = kind, label

    # blocks

    def _boundary(self) -> None:
        """Between two blocks: what is growing ends, with the raw HTML left open in it, and there is room for more."""
        builder = self.builder
        if builder.low >= 0:
            builder.end_block()
            builder.styles, builder.link = (), None
        frames = builder.frames
        if len(frames) > self.base:
            builder.pop_to(self.base)
        if builder.cell is not None or (frames and frames[-1].tag != MARKDOWN):
            self.html.make_room(self.start)

    def _leaf(self, kind: BlockKind) -> None:
        builder = self.builder
        if not builder.has_only_number or kind is not BlockKind.PARAGRAPH:
            self._boundary()
        self.around = builder.kind, builder.level
        builder.kind, builder.is_tight = kind, False

    def _start_heading(self) -> None:
        self._leaf(BlockKind.HEADING)
        self.builder.level = int(self.detail["level"][1])
        if self.detail["id"]:
            self.builder.anchors.append(self.detail["id"])

    def _end_leaf(self) -> None:
        builder = self.builder
        builder.end_block()
        if len(builder.frames) > self.base:
            builder.pop_to(self.base)
        builder.styles, builder.link = (), None  # raw HTML and Markdown may have been closed crosswise
        builder.kind, builder.level = self.around
        builder.is_tight = True

    def _open(self, kind: ContainerKind | None, **details: Any) -> None:
        self._boundary()
        self.builder.enter(Container(kind, **details) if kind else None)
        self.base = len(self.builder.frames)

    def _close(self) -> None:
        builder = self.builder
        if builder.low >= 0:
            builder.end_block()
        builder.leave()
        self.base = len(builder.frames)

    def _start_list(self) -> None:
        if self.detail is None:
            self._open(ContainerKind.BULLET_LIST)
        else:
            self._open(ContainerKind.ORDERED_LIST, start=self.detail)
            self.builder.begin_list(self.builder.path[-1])

    def _start_item(self) -> None:
        is_counted = bool(self.builder.path) and self.builder.path[-1].kind is ContainerKind.ORDERED_LIST
        self._open(ContainerKind.ITEM)
        marker = _MARKER.match(self.source, self.start) if is_counted else None
        if marker:
            self.builder.number_item(*marker.span())

    def _start_footnote(self) -> None:
        label = _label(self.detail)
        self.defined.append(label)
        self._open(ContainerKind.FOOTNOTE, label=label)

    def _start_quote(self) -> None:
        if self.detail is None:
            self._open(ContainerKind.QUOTE)
            return
        alert = AlertKind(self.detail)
        self._open(ContainerKind.ALERT, alert=alert)
        at = self.source.index("[!", self.start)
        self.builder.kind = BlockKind.LABEL
        self.builder.atom(alert.value, at, self.source.index("]", at) + 1)
        self.builder.end_block()
        self.builder.kind = BlockKind.PARAGRAPH

    def _end_html(self) -> None:
        pieces, self.pieces = self.pieces, []
        if pieces:
            self.html.block(pieces)
        self.base = len(self.builder.frames)

    # tables

    def _start_table(self) -> None:
        self.is_flat, self.alignments = self.builder.cells is not None, self.detail
        self._open(None if self.is_flat else ContainerKind.TABLE)

    def _start_head(self) -> None:
        self._open(None if self.is_flat else ContainerKind.TABLE_HEAD)
        self.is_head = True
        self._start_row()

    def _end_head(self) -> None:
        self._end_row()
        self._close()
        self.is_head = False
        self._open(None if self.is_flat else ContainerKind.TABLE_BODY)

    def _end_table(self) -> None:
        self._close()
        self._close()

    def _start_row(self) -> None:
        self.columns = iter(self.alignments)
        if not self.is_flat:
            self.builder.start_row()
            self.builder.touch(self.start, self.at(self.end_byte))

    def _end_row(self) -> None:
        if not self.is_flat:
            self.builder.end_row()

    def _start_cell(self) -> None:
        if self.is_flat:
            self.builder.part(self.start, self.start)
        else:
            self.builder.start_cell(Cell((), _ALIGNMENTS[next(self.columns, "None")], self.is_head))

    def _end_cell(self) -> None:
        if not self.is_flat:
            self.builder.end_cell()


def _places(words: list[str], source: str, at: int, end: int) -> Iterator[int]:
    """Where each word or blank stands in the source, one after the other; -1 for one that does not."""
    for word in words:
        place = source.find(word, at, end) if word.strip() else at
        is_there = place >= 0 and (bool(word.strip()) or source[at : at + len(word)].isspace())
        yield place if is_there else -1
        at = max(place, at) + len(word)


_MARKER = re.compile(r"\d{1,9}[.)]")
_WORD_OR_BLANKS = re.compile(r"\s+|\S+")


def _label(label: str) -> str:
    """What a footnote is called, however its label is typed."""
    return " ".join(label.split()).casefold()

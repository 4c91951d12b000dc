"""Raw HTML → runs and blocks: its headings, paragraphs, lists and tables are those of the page."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from html import unescape
from itertools import accumulate

from notifier.text.builder import LISTS, MARKDOWN, TABLE_PARTS, Builder
from notifier.text.document import BlockKind, Cell, Container, ContainerKind, Link, RunKind
from notifier.text.raw_html import (
    BORDERS,
    CLOSED_BY,
    CONTAINERS,
    HEADINGS,
    PARTING,
    STYLES,
    TABLE,
    UNSEEN,
    VOID,
    HtmlTag,
    tag_of,
    tags_of,
)

_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")
_PARENTS = {
    ContainerKind.ITEM: LISTS,
    ContainerKind.TERM: frozenset({ContainerKind.DEFINITION_LIST}),
    ContainerKind.DEFINITION: frozenset({ContainerKind.DEFINITION_LIST}),
    ContainerKind.CAPTION: frozenset({ContainerKind.TABLE}),
    ContainerKind.TABLE_HEAD: frozenset({ContainerKind.TABLE}),
    ContainerKind.TABLE_BODY: frozenset({ContainerKind.TABLE}),
    ContainerKind.SUMMARY: frozenset({ContainerKind.DETAILS}),
}
"""What a container must stand in to be one; elsewhere its tag only parts the text."""
_NUMBERINGS = frozenset("1aAiI")
_ALIGNMENTS = frozenset({"left", "center", "right"})
_CODE = frozenset({"pre", "xmp", "listing"})
_CELLS = frozenset({"td", "th"})
"""What a closing tag does not reach out of, but for those of tables."""
_TABLE_TAGS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th"})


class HtmlElements:
    """Reads raw HTML into a builder; elements stay open from one piece of HTML to the next where they are closed."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._last_closing: dict[str, int] = {}

    @cached_property
    def _lower(self) -> str:
        return self.builder.source.lower()

    # in the midst of Markdown's inline text

    def inline(self, source: str, start: int, end: int) -> None:
        """One tag, comment or declaration between words."""
        builder = self.builder
        builder.touch(start, end)
        tag = tag_of(source)
        if not tag.name:
            return
        if tag.name in PARTING:
            builder.part(start, end)
        if tag.is_closing:
            self._close_inline(tag.name)
        else:
            self._open_inline(tag, start, end)

    def _open_inline(self, tag: HtmlTag, start: int, end: int) -> None:
        builder, name = self.builder, tag.name
        self._note_anchor(tag)
        if name == "br":
            builder.atom("\n", start, end, RunKind.BREAK)
        elif name == "img" and not tag.is_hidden:
            self._picture(tag, start, end)
        elif name == "input" and (tag.attribute("type") or "").lower() == "checkbox" and not tag.is_hidden:
            builder.atom("☐" if tag.attribute("checked") is None else "☑", start, end, RunKind.TASK)
        elif name not in VOID:
            target = tag.attribute("href") if name == "a" else None
            link = Link(target.strip(), tag.attribute("title") or "") if target is not None else None
            hides = name in UNSEEN or tag.is_hidden
            builder.open(name, style=STYLES.get(name), link=link, hides=hides)

    def _picture(self, tag: HtmlTag, start: int, end: int) -> None:
        builder, address = self.builder, tag.attribute("src") or ""
        outer = builder.link
        builder.flush()
        builder.link = outer or Link(address, tag.attribute("title") or "")
        builder.atom(" ".join((tag.attribute("alt") or "").split()), start, end, RunKind.PICTURE, address)
        builder.link = outer

    def _close_inline(self, name: str) -> None:
        """Close the element of this name that was opened last, though others are open in it; not beyond a block."""
        frames = self.builder.frames
        for index in range(len(frames) - 1, -1, -1):
            frame = frames[index]
            if frame.tag == name:
                self.builder.without(index)
                return
            if frame.container is not None or frame.tag in PARTING:
                return

    def _note_anchor(self, tag: HtmlTag) -> None:
        if not tag.attributes or self.builder.hidden:
            return
        anchor = tag.attribute("id") or (tag.attribute("name") if tag.name == "a" else None)
        if anchor:
            self.builder.anchors.append(anchor)

    # a block of HTML

    def block(self, pieces: list[tuple[str, int]]) -> None:
        """A block of raw HTML: its lines as they read behind the markers of what they stand in, and their places."""
        builder, places = self.builder, _Places(pieces)
        html = places.html
        if html.startswith("<!--") and html.find("-->") + 3 >= len(html.rstrip()):
            builder.emit(BlockKind.UNSEEN, places.of(0), places.of(len(html) - 1) + 1)
            return
        depth, before = len(builder.frames), len(builder.blocks)
        at = 0
        for tag in tags_of(html):
            self._text(places, at, tag.start)
            self._element(tag, places.of(tag.start), places.of(tag.end - 1) + 1)
            at = tag.end
        self._text(places, at, len(html))
        builder.end_block()
        end = places.of(len(html) - 1) + 1
        self._close_what_never_closes(depth, end)
        if before == len(builder.blocks):
            builder.emit(BlockKind.UNSEEN, places.of(0), end)

    def make_room(self, at: int) -> None:
        """Before a block of Markdown or text: leave a table that has no cell open; in a cell begin a new line."""
        builder = self.builder
        if builder.cell is not None:
            builder.part(at, at)
        elif builder.cells is not None:
            self._start_cell(HtmlTag("td", False, "", 0, 0))
        while builder.cells is None and builder.path and builder.path[-1].kind in TABLE_PARTS:
            if builder.frames[-1].tag == MARKDOWN:
                return
            builder.pop()

    def _text(self, places: _Places, start: int, end: int) -> None:
        builder, html = self.builder, places.html
        if start >= end:
            return
        if builder.cell is None and not html[start:end].isspace():
            self.make_room(places.of(start))
        if builder.low < 0:
            start = end - len(html[start:end].lstrip())
        at = start
        for match in _ENTITY.finditer(html, start, end) if "&" in html[start:end] else ():
            text = unescape(match[0])
            if text != match[0]:
                places.write(builder, at, match.start())
                builder.atom(text, places.of(match.start()), places.of(match.end() - 1) + 1)
                at = match.end()
        places.write(builder, at, end)

    def _element(self, tag: HtmlTag, start: int, end: int) -> None:
        builder, name = self.builder, tag.name
        if name not in PARTING:
            if name and tag.is_closing:
                self._close_inline(name)
            elif name:
                self._open_inline(tag, start, end)
            return
        if tag.is_closing:
            self._part(start, end)
            self._end(name)
            return
        if builder.frames and builder.frames[-1].tag == "p":
            self._part(start, end)
            builder.pop()
        if name in CLOSED_BY:
            self._end_left_open(name)
        self._part(start, end)
        self._note_anchor(tag)
        if name == "hr" and not builder.hidden:
            builder.emit(BlockKind.RULE, start, end)
        elif name not in VOID:
            self._open(tag, start, end)

    def _part(self, start: int, end: int) -> None:
        if self.builder.cell is not None:
            self.builder.part(start, end)
        else:
            self.builder.end_block()

    def _open(self, tag: HtmlTag, start: int, end: int) -> None:
        builder, name = self.builder, tag.name
        in_table = bool(builder.path) and builder.path[-1].kind in TABLE_PARTS
        if name in ("td", "th") and builder.cell is None and (in_table or builder.cells is not None):
            if builder.cells is None:
                self._start_row(HtmlTag("tr", False, "", 0, 0))
            self._start_cell(tag)
        elif name == "tr" and builder.cells is None and in_table:
            self._start_row(tag)
        else:
            container = self._container(tag) if builder.cells is None else None
            builder.open(name, container=container, hides=tag.is_hidden)
            if container is not None:
                builder.begin_list(container)
            if name == "li" and container is not None:
                builder.number_item(start, end)
            if name in HEADINGS:
                builder.kind, builder.level = BlockKind.HEADING, HEADINGS[name]
            elif name in _CODE:
                builder.kind = BlockKind.CODE

    def _start_row(self, tag: HtmlTag) -> None:
        builder = self.builder
        if builder.path[-1].kind is ContainerKind.TABLE:
            builder.open("tbody", container=Container(ContainerKind.TABLE_BODY))
        builder.start_row()
        builder.open("tr", hides=tag.is_hidden, part="row")

    def _start_cell(self, tag: HtmlTag) -> None:
        align = (tag.attribute("align") or "").lower()
        is_head = tag.name == "th"
        cell = Cell((), align if align in _ALIGNMENTS else "", is_head, tag.number("colspan"), tag.number("rowspan"))
        self.builder.open(tag.name, hides=tag.is_hidden, part="cell")
        self.builder.start_cell(cell)

    def _container(self, tag: HtmlTag) -> Container | None:
        kind = CONTAINERS.get(tag.name)
        path = self.builder.path
        if kind is None or (kind in _PARENTS and not (path and path[-1].kind in _PARENTS[kind])):
            return None
        numbering = tag.attribute("type") or "1"
        return Container(kind, tag.number("start"), numbering if numbering in _NUMBERINGS else "1")

    def _end(self, name: str) -> None:
        """Close the element of this name that was opened last, and all that is open in it."""
        borders = TABLE if name in _TABLE_TAGS else _CELLS
        for index in range(len(self.builder.frames) - 1, -1, -1):
            tag = self.builder.frames[index].tag
            if tag == name:
                self._close(index)
                return
            if tag == MARKDOWN or (tag in borders and name != "table"):
                return

    def _end_left_open(self, name: str) -> None:
        """Close what a tag ends by beginning: the outermost of its kind that no border parts from here."""
        found, borders = -1, BORDERS.get(name, TABLE)
        for index in range(len(self.builder.frames) - 1, -1, -1):
            tag = self.builder.frames[index].tag
            if tag in CLOSED_BY[name]:
                found = index
            elif tag == MARKDOWN or tag in borders:
                break
        if found >= 0:
            self._close(found)

    def _close(self, depth: int) -> None:
        self.builder.end_block()
        self.builder.pop_to(depth)

    def _close_what_never_closes(self, depth: int, end: int) -> None:
        """At the end of a block: what is closed further down stays open over the Markdown in between."""
        frames = self.builder.frames
        kept = depth
        while kept < len(frames) and self._stays_open(frames[kept].tag, end):
            kept += 1
        self.builder.pop_to(max(kept, min(depth, len(frames))))

    def _stays_open(self, name: str, end: int) -> bool:
        if name in CLOSED_BY:
            return True
        if name not in PARTING or name == "p":
            return False
        if name not in self._last_closing:
            self._last_closing[name] = self._lower.rfind(f"</{name}")
        return self._last_closing[name] >= end


class _Places:
    """The lines of a block of HTML as one string, and where each of its characters stands in the source."""

    def __init__(self, pieces: list[tuple[str, int]]) -> None:
        self.html = "".join([piece for piece, _ in pieces])
        self.sources = [source for _, source in pieces]
        self.starts = [0, *accumulate(len(piece) for piece, _ in pieces)]
        self.is_one = pieces[-1][1] + len(pieces[-1][0]) - pieces[0][1] == len(self.html)

    def of(self, offset: int) -> int:
        """Where a character stands in the source."""
        if self.is_one:
            return self.sources[0] + offset
        index = min(bisect_right(self.starts, offset), len(self.sources)) - 1
        return self.sources[index] + offset - self.starts[index]

    def write(self, builder: Builder, start: int, end: int) -> None:
        """Add text to a builder, line by line where something stands in between."""
        while start < end:
            index = min(bisect_right(self.starts, start), len(self.sources)) - 1
            stop = end if self.is_one else min(end, self.starts[index + 1])
            builder.text(self.of(start), self.of(stop - 1) + 1)
            start = stop

"""What is open while a policy is read, of Markdown and HTML alike: containers, styles, the block that is growing."""

from __future__ import annotations

from dataclasses import dataclass

from notifier.text.document import Block, BlockKind, Cell, Container, ContainerKind, Link, Run, RunKind, TextStyle
from notifier.text.list_numbers import ListNumbers
from notifier.text.web_addresses import signs_of_addresses, with_addresses

MOST_NESTED = 100
"""Containers around a block that are kept; what stands deeper is read as if it stood there. GitHub stops at less."""
MOST_OPEN = 200
"""Elements of raw HTML open at a time; further ones fall away, so that no text takes the square of its length."""
LISTS = frozenset({ContainerKind.BULLET_LIST, ContainerKind.ORDERED_LIST})
TABLE_PARTS = frozenset({ContainerKind.TABLE, ContainerKind.TABLE_HEAD, ContainerKind.TABLE_BODY})
MARKDOWN = ""
"""The tag of a frame that Markdown opened: no tag of raw HTML closes it, or anything around it."""


@dataclass(slots=True)
class Frame:
    """One open element, and what held before it."""

    tag: str
    container: Container | None
    style: TextStyle | None
    link: Link | None
    hides: bool
    part: str = ""
    """`row` or `cell` where it is one of a table."""
    before: tuple[object, ...] = ()


class Builder:
    """Gathers runs into blocks. `source` is the text with what no page can show replaced, character for character."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.blocks: list[Block] = []
        self.unseen: list[Block] = []
        self.frames: list[Frame] = []
        self.path: tuple[Container, ...] = ()
        self.styles: tuple[TextStyle, ...] = ()
        self.link: Link | None = None
        self.hidden = 0
        self.kind, self.level = BlockKind.PARAGRAPH, 0
        self.run_kind, self.label = RunKind.TEXT, ""
        self.runs: list[Run] = []
        self.cells: list[Cell] | None = None
        self.cell: Cell | None = None
        self.is_tight = True
        self.anchors: list[str] = []
        self.low = self.high = -1
        self._start = self.end = -1
        """Text that waits for more of its kind, or -1."""
        self._inline: list[tuple[int, tuple[TextStyle, ...], Link | None]] = []
        self._addresses = signs_of_addresses(source)
        """Where web addresses may be written out, the next one last."""
        self.numbers = ListNumbers()
        self._first_of: Container | None = None
        self._levels: list[int] = []
        self._section: tuple[str, ...] = ()
        self._paragraph = 0

    # inline text

    def touch(self, start: int, end: int) -> None:
        """Count a stretch of the source to the block that is growing."""
        if self.low < 0:
            self.low = start
        if end > self.high:
            self.high = end

    def text(self, start: int, end: int) -> None:
        """Text that reads as it is written."""
        if self.low < 0:
            self.low = start
        if end > self.high:
            self.high = end
        if self.hidden:
            return
        if self.end == start:
            self.end = end
            return
        if self.end >= 0:
            self.flush()
        self._start, self.end = start, end

    def atom(self, text: str, start: int, end: int, kind: RunKind | None = None, label: str = "") -> None:
        """Text that stands for the source between two places as a whole."""
        self.touch(start, end)
        if self.hidden:
            return
        self.flush()
        self.runs.append(Run(text, start, end, self.styles, self.link, kind or self.run_kind, label or self.label))

    def flush(self) -> None:
        """Make a run of the text that waits for more of its kind."""
        if self.end >= 0:
            start, end = self._start, self.end
            text = self.source[start:end]
            self.runs.append(Run(text, start, end, self.styles, self.link, self.run_kind, self.label))
            self._start = self.end = -1

    def part(self, start: int, end: int) -> None:
        """A new line, unless one has just begun."""
        self.flush()
        if self.runs and self.runs[-1].kind is not RunKind.BREAK:
            self.atom("\n", start, end, RunKind.BREAK)

    # elements

    def open(
        self,
        tag: str,
        *,
        container: Container | None = None,
        style: TextStyle | None = None,
        link: Link | None = None,
        hides: bool = False,
        part: str = "",
    ) -> None:
        """Open an element; of links in links the outer one leads."""
        if tag and len(self.frames) >= MOST_OPEN:
            return
        self._enter(Frame(tag, container, style, link, hides, part))

    def _enter(self, frame: Frame) -> None:
        self.flush()
        frame.before = (self.path, self.styles, self.link, self.hidden, self.kind, self.level)
        self.frames.append(frame)
        if frame.container is not None and len(self.path) < MOST_NESTED:
            self.path = (*self.path, frame.container)
            self._first_of = frame.container
        if frame.style is not None and frame.style not in self.styles:
            self.styles = (*self.styles, frame.style)
        self.link = self.link or frame.link
        self.hidden += frame.hides

    def enter(self, container: Container | None) -> None:
        """Open what Markdown opens around blocks."""
        frame = Frame(MARKDOWN, container, None, None, False)
        frame.before = (self.path, self.styles, self.link, self.hidden, self.kind, self.level)
        self.frames.append(frame)
        if container is not None and len(self.path) < MOST_NESTED:
            self.path = (*self.path, container)
            self._first_of = container

    def begin(self, style: TextStyle | None, link: Link | None) -> None:
        """Begin what Markdown sets in a style of its own, or makes a link."""
        if self.end >= 0:
            self.flush()
        self._inline.append((len(self.frames), self.styles, self.link))
        if style is not None and style not in self.styles:
            self.styles = (*self.styles, style)
        self.link = self.link or link

    def finish(self) -> None:
        """End what began last, with any raw HTML left open in it."""
        if self.end >= 0:
            self.flush()
        depth, styles, link = self._inline.pop()
        if len(self.frames) > depth:
            self.pop_to(depth)
        self.styles, self.link = styles, link

    def pop(self) -> Frame:
        """Close the element that was opened last."""
        self.flush()
        frame = self.frames.pop()
        if frame.part:
            (self.end_row if frame.part == "row" else self.end_cell)()
        self.path, self.styles, self.link, self.hidden, self.kind, self.level = frame.before  # type: ignore[assignment]
        return frame

    def leave(self) -> None:
        """Close what Markdown opened last around blocks, and any raw HTML left open in it."""
        while self.pop().tag != MARKDOWN:
            pass

    def pop_to(self, depth: int) -> None:
        """Close all but the outermost `depth` elements."""
        while len(self.frames) > depth:
            self.pop()

    def without(self, index: int) -> None:
        """Close one element in the midst of others, which stay open: `<b>one <i>two</b> three</i>`."""
        inner = self.frames[index + 1 :]
        self.pop_to(index)
        for frame in inner:
            self._enter(frame)

    def tick(self, is_done: bool) -> None:
        """Say of the item that has just begun that it is a task."""
        item = Container(ContainerKind.ITEM, is_done=is_done)
        frame = next((frame for frame in reversed(self.frames) if frame.container is not None), None)
        if frame is None or not self.path or frame.container is not self.path[-1]:
            return
        frame.container = item
        self.path = (*self.path[:-1], item)
        self._first_of = item

    def begin_list(self, listed: Container) -> None:
        """Begin to count the items of an ordered list."""
        if listed.kind is ContainerKind.ORDERED_LIST:
            self.numbers.begin(listed)

    def number_item(self, start: int, end: int) -> None:
        """Say the number of the item that has just begun, where it says something; its marker stands there."""
        listed = self.path[-2] if len(self.path) > 1 and not self.hidden else None
        number = self.numbers.of_next_item(listed) if listed and listed.kind is ContainerKind.ORDERED_LIST else ""
        if not number:
            return
        has_blank = self.source[end : end + 1] in _BLANK_IN_LINE
        self.atom(number if has_blank else f"{number} ", start, end, RunKind.NUMBER)
        if has_blank:
            self.text(end, end + 1)

    @property
    def has_only_number(self) -> bool:
        """Does the block that is growing hold the number of its item and nothing else?"""
        is_number = len(self.runs) == 1 and self.runs[0].kind is RunKind.NUMBER
        return is_number and (self.end < 0 or self.source[self._start : self.end].isspace())

    # blocks

    def end_block(self) -> None:
        """Close the block that is growing; in a table cell it goes on."""
        if self.cells is not None or self.low < 0:
            return
        runs = self._runs(self.kind)
        self.emit(self.kind if runs else BlockKind.UNSEEN, self.low, self.high, runs)
        self.low = self.high = -1

    def _runs(self, kind: BlockKind) -> tuple[Run, ...]:
        """What was read since the last block or cell."""
        if self.end >= 0:
            self.flush()
        runs = self.runs
        if not runs:
            return ()
        self.runs = []
        if runs[0].text[:1] in _BLANKS or runs[-1].text[-1:] in _BLANKS:
            runs = _trimmed(runs, is_code=kind is BlockKind.CODE)
        low, high, addresses = self.low, self.high, self._addresses
        while addresses and addresses[-1] < low:
            addresses.pop()
        if addresses and addresses[-1] < high:
            return with_addresses(runs, is_code=kind is BlockKind.CODE)
        return tuple(runs)

    def start_row(self) -> None:
        """Begin a row of a table."""
        self.end_block()
        self.cells = []

    def start_cell(self, cell: Cell) -> None:
        """Begin a cell; `cell` is what it will be but for its runs."""
        self.end_cell()
        self.cell = cell

    def end_cell(self) -> None:
        """End the cell that was being read."""
        runs, cell, self.cell = self._runs(BlockKind.TABLE_ROW), self.cell, None
        if cell is not None and self.cells is not None:
            self.cells.append(Cell(runs, *cell[1:]))

    def end_row(self) -> None:
        """End the row; one without a cell is none."""
        self.end_cell()
        cells, self.cells = self.cells, None
        if cells and self.low >= 0:
            runs = tuple(run for cell in cells for run in cell.runs)
            self.emit(BlockKind.TABLE_ROW, self.low, self.high, runs, tuple(cells))
        self.low = self.high = -1

    def emit(
        self, kind: BlockKind, start: int, end: int, runs: tuple[Run, ...] = (), row: tuple[Cell, ...] = ()
    ) -> None:
        """Add a block with what is known of the place it stands in; nothing while a row is open."""
        if self.cells is not None:
            return
        source = self.source
        while start < end and source[start].isspace() and kind is not BlockKind.CODE:
            start += 1
        while start < end and source[end - 1].isspace():
            end -= 1
        if kind is BlockKind.UNSEEN:
            self.unseen.append(Block(kind, start, end, self._section, self._paragraph))
            return
        if runs and runs[-1].end > end:
            end = runs[-1].end
        self._paragraph += 1
        path = self.path
        if path and (path[-1] is self._first_of or path[-1].kind in LISTS):
            kind, path = self._item(kind, path)
        level = 0
        if kind is BlockKind.HEADING:
            level = self.level
            self._descend(" ".join("".join([run.text for run in runs]).split()))
        self._first_of = None
        anchors: tuple[str, ...] = ()
        if self.anchors:
            anchors, self.anchors = tuple(self.anchors), []
        place = self._section, self._paragraph, level, path
        self.blocks.append(Block(kind, start, end, *place, runs, row, self.is_tight, anchors))

    def _item(self, kind: BlockKind, path: tuple[Container, ...]) -> tuple[BlockKind, tuple[Container, ...]]:
        """What begins an item is its text; text that stands in a list, but in no item of it, gets one."""
        if path[-1].kind in LISTS:
            path = (*path, Container(ContainerKind.ITEM))
        is_text = kind is BlockKind.PARAGRAPH and path[-1].kind is ContainerKind.ITEM
        return BlockKind.LIST_ITEM if is_text else kind, path

    def _descend(self, title: str) -> None:
        """Go below a heading."""
        while self._levels and self._levels[-1] >= self.level:
            self._levels.pop()
        self._section = (*self._section[: len(self._levels)], title)
        self._levels.append(self.level)
        self._paragraph = 0


_BLANK_IN_LINE = frozenset(" \t")
_BLANKS = frozenset(filter(str.isspace, map(chr, range(0x3001)))) | {""}
"""White space, all of which stands below U+3001, and what a run without text begins with."""


def _trimmed(runs: list[Run], *, is_code: bool) -> list[Run]:
    """The runs without white space at their ends; code keeps its indentation."""
    first, last = 0, len(runs)
    while first < last and not runs[last - 1].text.strip() and runs[last - 1].kind is not RunKind.PICTURE:
        last -= 1
    while not is_code and first < last and not runs[first].text.strip() and runs[first].kind is not RunKind.PICTURE:
        first += 1
    runs = runs[first:last]
    if runs and runs[-1].is_verbatim:
        end, size = runs[-1], len(runs[-1].text.rstrip())
        runs[-1] = end._replace(text=end.text[:size], end=end.start + size)
    if runs and runs[0].is_verbatim and not is_code:
        start, size = runs[0], len(runs[0].text) - len(runs[0].text.lstrip())
        runs[0] = start._replace(text=start.text[size:], start=start.start + size)
    return runs

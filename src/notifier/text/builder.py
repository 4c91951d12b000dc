"""What is open while a policy is read, of Markdown and HTML alike: containers, styles, the block that is growing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from notifier.text.document import Block, BlockKind, Cell, Container, ContainerKind, Link, Run, RunKind, TextStyle

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
        self._start = self._end = -1
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
        if self._end == start:
            self._end = end
            return
        if self._end >= 0:
            self.flush()
        self._start, self._end = start, end

    def atom(self, text: str, start: int, end: int, kind: RunKind | None = None, label: str = "") -> None:
        """Text that stands for the source between two places as a whole."""
        self.touch(start, end)
        if self.hidden:
            return
        self.flush()
        self.runs.append(Run(text, start, end, self.styles, self.link, kind or self.run_kind, label or self.label))

    def flush(self) -> None:
        """Make a run of the text that waits for more of its kind."""
        if self._end >= 0:
            start, end = self._start, self._end
            text = self.source[start:end]
            self.runs.append(Run(text, start, end, self.styles, self.link, self.run_kind, self.label))
            self._start = self._end = -1

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

    def pop(self) -> Frame:
        """Close the element that was opened last."""
        self.flush()
        frame = self.frames.pop()
        if frame.part:
            (self.end_row if frame.part == "row" else self.end_cell)()
        self.path, self.styles, self.link, self.hidden, self.kind, self.level = frame.before  # type: ignore[assignment]
        return frame

    def pop_markdown(self, tag: str) -> None:
        """Close what Markdown opened last, and any raw HTML left open in it."""
        while self.pop().tag != tag:
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

    # blocks

    def end_block(self) -> None:
        """Close the block that is growing; in a table cell it goes on."""
        if self.cells is not None or self.low < 0:
            return
        self.flush()
        runs = _trimmed(self.runs, self.kind)
        cells = (Cell(runs),) if runs else ()
        self.emit(self.kind if runs else BlockKind.UNSEEN, self.low, self.high, cells)
        self.runs, self.low, self.high = [], -1, -1

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
        self.flush()
        if self.cell is not None and self.cells is not None:
            self.cells.append(self.cell._replace(runs=_trimmed(self.runs, BlockKind.TABLE_ROW)))
        self.cell = None
        self.runs = []

    def end_row(self) -> None:
        """End the row; one without a cell is none."""
        self.end_cell()
        cells, self.cells = self.cells, None
        if cells and self.low >= 0:
            self.emit(BlockKind.TABLE_ROW, self.low, self.high, tuple(cells))
        self.low = self.high = -1

    def emit(self, kind: BlockKind, start: int, end: int, cells: tuple[Cell, ...] = ()) -> None:
        """Add a block with what is known of the place it stands in; nothing while a row is open."""
        if self.cells is not None:
            return
        source = self.source
        while start < end and source[start].isspace() and kind is not BlockKind.CODE:
            start += 1
        while start < end and source[end - 1].isspace():
            end -= 1
        if cells and cells[-1].runs:
            end = max(end, cells[-1].runs[-1].end)
        if kind is BlockKind.UNSEEN:
            self.unseen.append(Block(kind, start, end, self._section, self._paragraph))
            return
        self._paragraph += 1
        path = self._path()
        if kind is BlockKind.HEADING:
            self._descend(" ".join("".join([run.text for run in cells[0].runs]).split()))
        elif kind is BlockKind.PARAGRAPH and path and path[-1] is self._first_of:
            kind = BlockKind.LIST_ITEM if path[-1].kind is ContainerKind.ITEM else kind
        self._first_of = None
        anchors, self.anchors = tuple(self.anchors), []
        level = self.level if kind is BlockKind.HEADING else 0
        place = self._section, self._paragraph, level, path
        self.blocks.append(Block(kind, start, end, *place, cells, self.is_tight, anchors))

    def _path(self) -> tuple[Container, ...]:
        """The containers; text that stands in a list, but in no item of it, gets one."""
        if self.path and self.path[-1].kind in LISTS:
            self._first_of = Container(ContainerKind.ITEM)
            return (*self.path, self._first_of)
        return self.path

    def _descend(self, title: str) -> None:
        """Go below a heading."""
        while self._levels and self._levels[-1] >= self.level:
            self._levels.pop()
        self._section = (*self._section[: len(self._levels)], title)
        self._levels.append(self.level)
        self._paragraph = 0


def _trimmed(runs: list[Run], kind: BlockKind) -> tuple[Run, ...]:
    """The runs without white space at their ends; code keeps its indentation."""
    if len(runs) == 1 and not (runs[0].text[:1].isspace() or runs[0].text[-1:].isspace()):
        return tuple(runs) if kind is BlockKind.CODE else _with_addresses(runs)
    while runs and not runs[-1].text.strip() and runs[-1].kind is not RunKind.PICTURE:
        runs.pop()
    if runs and runs[-1].text[-1:].isspace() and runs[-1].is_verbatim:
        last = runs[-1]
        size = len(last.text.rstrip())
        runs[-1] = last._replace(text=last.text[:size], end=last.start + size)
    if kind is BlockKind.CODE:
        return tuple(runs)
    first = 0
    while first < len(runs) and not runs[first].text.strip() and runs[first].kind is not RunKind.PICTURE:
        first += 1
    runs = runs[first:]
    if runs and runs[0].text[:1].isspace() and runs[0].is_verbatim:
        size = len(runs[0].text) - len(runs[0].text.lstrip())
        runs[0] = runs[0]._replace(text=runs[0].text[size:], start=runs[0].start + size)
    return _with_addresses(runs)


_ADDRESS = re.compile(r"(?<![\w/])(?:https?://|ftp://|www\.)[^\s<>|`\"]*[^\s<>|`\".,:;!?'’”*_~\\]")


def _with_addresses(runs: list[Run]) -> tuple[Run, ...]:
    """The runs; web addresses written out, which GitHub makes links, as runs of their own."""
    for run in runs:
        if "://" in run.text or "www." in run.text:
            return tuple(part for run in runs for part in _parted(run))
    return tuple(runs)


def _parted(run: Run) -> list[Run]:
    if run.kind is not RunKind.TEXT or TextStyle.CODE in run.styles or not run.is_verbatim:
        return [run]
    parts: list[Run] = []
    at = run.start
    for match in _ADDRESS.finditer(run.text):
        address = _balanced(match[0])
        start = run.start + match.start()
        if at < start:
            parts.append(run.between(at, start))
        at = start + len(address)
        link = run.link or Link(address if "://" in address else f"http://{address}")
        parts.append(run.between(start, at)._replace(link=link, kind=RunKind.ADDRESS))
    if at < run.end:
        parts.append(run.between(at, run.end))
    return parts


def _balanced(address: str) -> str:
    """The address without the bracket that closes one opened before it."""
    spare = min(address.count(")") - address.count("("), len(address) - len(address.rstrip(")")))
    return address[: len(address) - spare] if spare > 0 else address

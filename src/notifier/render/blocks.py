"""Markdown → leaves: its paragraphs, headings and table rows, each with the containers around it and its place.

Leaves are what pages are built from: a page is its leaves in their containers, a redline page the leaves of two texts
in one row. The inline text of a leaf keeps a map to the source, so that a changed word can be found again in it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from notifier.text.front_matter import body_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_CONTAINERS = {
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
}
_PLAIN_LEAVES = {"fence": "code", "code_block": "code", "html_block": "html", "hr": "rule"}


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """A list, list item, quotation or table part; two are the same only if they are one object."""

    tag: str
    start: int | None = None
    """The first number of an ordered list."""
    is_gone: bool = False
    """Part of the old text only."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Inline Markdown of one leaf or table cell. `segments` are (offset in `content`, offset in source, length)."""

    content: str
    segments: tuple[tuple[int, int, int], ...]
    align: str = ""

    def position(self, offset: int) -> int:
        """Where the source's `offset` stands in `content`; the nearest place where it is in no line of it."""
        for start, source, length in self.segments:
            if offset < source:
                return start
            if offset <= source + length:
                return start + offset - source
        return len(self.content)

    @property
    def first(self) -> int:
        return self.segments[0][1] if self.segments else -1


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf: `kind` is heading, paragraph, row, code, html or rule; `source[start:end]` are its lines."""

    kind: str
    path: tuple[Container, ...]
    start: int
    end: int
    proses: tuple[Prose, ...] = ()
    level: int = 0
    is_tight: bool = False
    raw: str = ""
    """The text of code, or raw HTML as written."""

    @property
    def text_start(self) -> int:
        """Where its text begins, behind list markers and hashes."""
        return self.proses[0].first if self.proses and self.proses[0].segments else self.start


@dataclass(frozen=True, slots=True)
class Leaves:
    """A text's leaves in order, and the link definitions its inline text may refer to."""

    leaves: tuple[Leaf, ...]
    references: References
    _starts: tuple[int, ...] = field(repr=False, default=())

    def at(self, offset: int) -> int:
        """The index of the leaf around a source offset, -1 where there is none (blank lines, link definitions)."""
        index = bisect_right(self._starts, offset) - 1
        return index if index >= 0 and offset < self.leaves[index].end else -1

    def after(self, offset: int) -> int:
        """How many leaves stand before a source offset; one whose text begins only there does not."""
        count = bisect_right(self._starts, offset)
        if count and offset <= self.leaves[count - 1].text_start:
            return count - 1
        return count

    def between(self, start: int, end: int) -> range:
        """The indexes of the leaves that share characters with `start:end`."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        while first < len(self.leaves) and self.leaves[first].end <= start:
            first += 1
        return range(first, max(bisect_right(self._starts, end - 1), first))


class References(dict[str, dict[str, str]]):
    """Link definitions by label, hashable by what they say, so that rendered inline text can be remembered."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted((label, target.get("href", "")) for label, target in self.items())))


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough; what GitHub shows an editor is what customers see."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True, "maxNesting": 200}).enable(["table", "strikethrough"])


@lru_cache(maxsize=128)
def leaves(text: str) -> Leaves:
    """The leaves of a Markdown text, its front matter left out."""
    skipped = body_start(text)
    lines = [(m.start(), m.group()) for m in _LINE.finditer(text, skipped)]
    source = re.sub(r"\r\n?", "\n", text[skipped:]).replace("\0", "\ufffd")
    env: dict[str, dict[str, dict[str, str]]] = {}
    tokens: list[Token] = []
    parser().block.parse(source, parser(), env, tokens)
    found = tuple(_Reader(lines).read(tokens))
    references = References({label: dict(target) for label, target in env.get("references", {}).items()})
    return Leaves(found, references, tuple(leaf.start for leaf in found))


class _Reader:
    """Walks block tokens with the stack of open containers."""

    def __init__(self, lines: list[tuple[int, str]]) -> None:
        self.lines = lines
        self.path: list[Container] = []

    def read(self, tokens: Sequence[Token]) -> Iterator[Leaf]:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            name, _, side = token.type.rpartition("_")
            if name in _CONTAINERS:
                self._step(token, name, side)
            elif token.type in ("heading_open", "paragraph_open"):
                index += 1
                yield self._text_leaf(token, tokens[index])
            elif token.type == "tr_open":
                cells = _until(tokens, index, "tr_close")
                yield self._row(token, cells)
                index += len(cells)
            elif token.type in _PLAIN_LEAVES:
                start, end = self._span(token)
                yield Leaf(_PLAIN_LEAVES[token.type], tuple(self.path), start, end, raw=token.content)
            index += 1

    def _step(self, token: Token, name: str, side: str) -> None:
        if side == "close":
            self.path.pop()
            return
        start = token.attrs.get("start") if name == "ordered_list" else None
        self.path.append(Container(_CONTAINERS[name], int(start) if start is not None else None))

    def _span(self, token: Token) -> tuple[int, int]:
        first, last = token.map or [0, 0]
        end = self.lines[last][0] if last < len(self.lines) else self.lines[-1][0] + len(self.lines[-1][1])
        return self.lines[first][0], end

    def _text_leaf(self, opening: Token, inline: Token) -> Leaf:
        start, end = self._span(opening)
        first = (inline.map or [0, 0])[0]
        kind = opening.type.removesuffix("_open")
        level = int(opening.tag[1]) if kind == "heading" else 0
        prose = Prose(inline.content, tuple(self._segments(inline.content, first, 0)))
        return Leaf(kind, tuple(self.path), start, end, (prose,), level, opening.hidden)

    def _row(self, opening: Token, tokens: Sequence[Token]) -> Leaf:
        start, end = self._span(opening)
        first = (opening.map or [0, 0])[0]
        proses: list[Prose] = []
        after = 0
        for cell, inline in pairwise(tokens):
            if cell.type in ("th_open", "td_open"):
                segments = tuple(self._segments(inline.content, first, after))
                after = segments[0][1] + segments[0][2] - self.lines[first][0] if segments else after
                align = str(cell.attrs.get("style", "")).removeprefix("text-align:")
                proses.append(Prose(inline.content, segments, align))
        return Leaf("row", tuple(self.path), start, end, tuple(proses))

    def _segments(self, content: str, line: int, after: int) -> Iterator[tuple[int, int, int]]:
        """Each line of the content found again in its source line (it is what the block markup left over)."""
        at = 0
        for part in content.split("\n"):
            if line < len(self.lines):
                start, source = self.lines[line]
                found = source.find(part, after) if after or "|" in source else source.rfind(part)
                if found >= 0 and part:
                    yield at, start + found, len(part)
            at += len(part) + 1
            line += 1


def _until(tokens: Sequence[Token], index: int, kind: str) -> Sequence[Token]:
    end = next(i for i in range(index, len(tokens)) if tokens[i].type == kind)
    return tokens[index + 1 : end + 1]

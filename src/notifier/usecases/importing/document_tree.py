"""Pandoc's tree of a document → the tree of a policy: title, headings, paragraphs, lists, tables, notes, nothing else.

What Word and web pages leave behind (bookmarks, spans, styles, tables of contents) goes without a word; what readers
saw and Markdown cannot say is counted in `Losses`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from notifier.render.site.anchors import slug_of
from notifier.usecases.importing.document_title import titled, with_bold_lines_as_headings
from notifier.usecases.importing.losses import Losses
from notifier.usecases.importing.note_links import with_notes
from notifier.usecases.importing.tree_nodes import Node, header, headers_in, inlines_of, words_of

_SUPER = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
_SUB = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_PLAIN = {
    "Underline": "underlining is left out",
    "SmallCaps": "small capitals are written as plain letters",
    "Cite": "citations are written as plain text",
}
_STYLES = {
    "Strong": re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.I),
    "Emph": re.compile(r"font-style:\s*italic", re.I),
}
"""What web pages made by word processors say of their words in place of tags."""


def clean(tree: Node, losses: Losses, *, otherwise: str, is_web: bool) -> Node:
    """The tree with a title as its first heading: the document's own, else the only top heading, else `otherwise`."""
    blocks = _without_contents(with_notes(list(tree["blocks"]), losses), losses)
    ids = {block["c"][1][0]: slug_of(words_of(block["c"][2])) for block in headers_in(blocks)}
    inside = _Cleaner(losses, ids)
    blocks = inside.blocks(blocks)
    if not any(True for _ in headers_in(blocks)):
        blocks = with_bold_lines_as_headings(blocks, losses)
    own = inside.inlines(tree.get("meta", {}).get("title", {}).get("c", [])) if not is_web else []
    return {**tree, "meta": {}, "blocks": titled(blocks, own, otherwise, losses)}


def _without_contents(blocks: list[Node], losses: Losses) -> list[Node]:
    """Without the table of contents, which pages make by themselves."""
    kept = [one for one in blocks if not _is_contents(one)]
    if len(kept) < len(blocks):
        losses.add("the table of contents is left out: pages make their own")
    return kept


def _is_contents(block: Node) -> bool:
    if block["t"] == "Header" and "TOC-Heading" in block["c"][1][1]:
        return True
    if block["t"] in ("Para", "Plain"):
        links = [one for one in block["c"] if one["t"] == "Link"]
        return (
            bool(links) and all(one["c"][2][0].startswith("#_Toc") for one in links) and len(links) == len(block["c"])
        )
    if block["t"] in ("BulletList", "OrderedList"):
        items = block["c"] if block["t"] == "BulletList" else block["c"][1]
        return bool(items) and all(item and all(_is_contents(one) for one in item) for item in items)
    return False


# Blocks and inlines


class _Cleaner:
    """Walks the tree once; each kind of node has one rule, and an unknown one keeps its words."""

    def __init__(self, losses: Losses, ids: dict[str, str]) -> None:
        self._losses, self._ids = losses, ids
        self._rules: dict[str, Callable[[Node], list[Node]]] = {
            "Div": self._div, "Figure": self._figure, "Table": self._table, "OrderedList": self._ordered,
            "RawBlock": self._raw, "RawInline": self._raw, "Image": self._image, "Span": self._span,
            "Link": self._link, "Math": self._math, "Superscript": self._raised, "Subscript": self._raised,
            "Header": self._heading, "LineBlock": self._line_block,
        }  # fmt: skip

    def blocks(self, nodes: list[Node]) -> list[Node]:
        return [made for node in nodes for made in self._one(node) if not _is_empty(made)]

    def inlines(self, nodes: list[Node]) -> list[Node]:
        return [made for node in nodes for made in self._one(node)]

    def _one(self, node: Node) -> list[Node]:
        kind = node["t"]
        if kind in self._rules:
            return self._rules[kind](node)
        if kind in _PLAIN:
            self._losses.add(_PLAIN[kind])
            return self.inlines(node["c"] if kind != "Cite" else node["c"][1])
        if "c" in node:
            return [{**node, "c": self._deep(node["c"])}]
        return [node]

    def _deep(self, content: Any) -> Any:
        """Lists of nodes inside a node that stays, wherever they are."""
        if isinstance(content, list):
            if content and all(isinstance(one, dict) and "t" in one for one in content):
                return [made for one in content for made in self._one(one)]
            return [self._deep(one) for one in content]
        return content

    def _div(self, node: Node) -> list[Node]:
        return self.blocks(node["c"][1])

    def _figure(self, node: Node) -> list[Node]:
        return self.blocks(node["c"][2])

    def _raw(self, _: Node) -> list[Node]:
        return []

    def _heading(self, node: Node) -> list[Node]:
        level, _, inlines = node["c"]
        kept = [one for one in self.inlines(inlines) if one["t"] not in ("LineBreak", "Note")]
        bare = kept[0]["c"] if len(kept) == 1 and kept[0]["t"] == "Strong" else kept
        return [header(level, bare)] if words_of(bare).strip() else []

    def _line_block(self, node: Node) -> list[Node]:
        lines = [self.inlines(line) for line in node["c"]]
        return [{"t": "Para", "c": [one for line in lines for one in (*line, {"t": "LineBreak"})][:-1]}]

    def _ordered(self, node: Node) -> list[Node]:
        (start, style, _), items = node["c"]
        if style["t"] not in ("Decimal", "DefaultStyle"):
            self._losses.add("lists numbered (a), (b) or i, ii are numbered 1, 2")
        shape = [start, {"t": "Decimal"}, {"t": "Period"}]
        return [{"t": "OrderedList", "c": [shape, [self.blocks(item) for item in items]]}]

    def _image(self, node: Node) -> list[Node]:
        said = words_of(node["c"][1]).strip()
        name = node["c"][2][0]
        told = said or ("" if name.startswith("data:") else name[:60])
        self._losses.add(f"an image is left out: {told}" if told else "an image is left out")
        return []

    def _span(self, node: Node) -> list[Node]:
        (_, classes, attributes), inlines = node["c"]
        if "deletion" in classes:
            self._losses.add("tracked changes are taken as accepted")
            return []
        if "insertion" in classes:
            self._losses.add("tracked changes are taken as accepted")
        if "comment-start" in classes:
            author = dict(attributes).get("author", "somebody")
            self._losses.add(f'a comment by {author} is left out: "{words_of(inlines)[:60]}"')
            return []
        if "comment-end" in classes:
            return []
        style = dict(attributes).get("style", "")
        made = self.inlines(inlines)
        for kind, pattern in _STYLES.items():
            made = [{"t": kind, "c": made}] if made and pattern.search(style) else made
        return made

    def _link(self, node: Node) -> list[Node]:
        _, inlines, (target, title) = node["c"]
        made = self.inlines(inlines)
        target = _behind_google(target)
        if target.startswith("#") and target[1:] not in self._ids:
            self._losses.add("a link within the document has lost its place, and only its words are kept")
            return made
        if target.lower().startswith(("javascript:", "data:", "file:")):
            self._losses.add("a link that works nowhere else is left out, and its words are kept")
            return made
        target = f"#{self._ids[target[1:]]}" if target.startswith("#") else target
        return [{"t": "Link", "c": [["", [], []], made, [target, title]]}]

    def _math(self, node: Node) -> list[Node]:
        self._losses.add("a formula is written as code")
        return [{"t": "Code", "c": [["", [], []], node["c"][1]]}]

    def _raised(self, node: Node) -> list[Node]:
        """`²` has a letter of its own; "th" in 5th is read without its height; what would mislead stands apart."""
        words, letters = words_of(node["c"]), _SUPER if node["t"] == "Superscript" else _SUB
        if all(letter in letters for letter in words):
            return [{"t": "Str", "c": "".join(letters[letter] for letter in words)}]
        if not any(letter.isdigit() for letter in words):
            return self.inlines(node["c"])
        self._losses.add(f'raised or lowered "{words[:20]}" stands in brackets')
        return [{"t": "Str", "c": f"({words})"}]

    # Tables

    def _table(self, node: Node) -> list[Node]:
        """One line a cell, no cell over several rows or columns: what Markdown's tables can hold."""
        _, caption, columns, head, bodies, foot = node["c"]
        rows = [*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1]]
        grid = self._grid(rows, len(columns))
        if not grid:
            return []
        plain = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in columns]
        nothing = ["", [], []]
        body = [nothing, 0, [], [_row(one) for one in grid[1:]]]
        made = [nothing, [None, []], plain, [nothing, [_row(grid[0])]], [body], [nothing, []]]
        below = self.blocks(caption[1])
        return [{"t": "Table", "c": made}, *below]

    def _grid(self, rows: list[Any], width: int) -> list[list[list[Node]]]:
        """Each row's cells as inlines; a cell that spans is repeated, so that each row reads by itself."""
        grid: list[list[list[Node]]] = []
        hanging: dict[int, tuple[int, list[Node]]] = {}
        for row in rows:
            line: list[list[Node]] = []
            cells = iter(row[1])
            while len(line) < width:
                left, words = hanging.pop(len(line), (0, []))
                if left:
                    hanging |= {len(line): (left - 1, words)} if left > 1 else {}
                    line.append(words)
                    continue
                cell = next(cells, None)
                if cell is None:
                    line.append([])
                    continue
                _, _, down, across, blocks = cell
                if down > 1 or across > 1:
                    self._losses.add("a table's cell over several rows or columns is repeated in each")
                words = self._cell(blocks)
                for _ in range(max(1, across)):
                    hanging |= {len(line): (down - 1, words)} if down > 1 else {}
                    line.append(words)
            grid.append(line[:width])
        return grid

    def _cell(self, blocks: list[Node]) -> list[Node]:
        lines = [line for block in self.blocks(blocks) for line in _lines(block)]
        if len(lines) > 1:
            self._losses.add("a table's cell of several paragraphs is written in one line")
        joined = [one for line in lines for one in (*line, {"t": "Str", "c": ";"}, {"t": "Space"})][:-2]
        return [{"t": "Space"} if one["t"] in ("LineBreak", "SoftBreak") else one for one in joined]


def _behind_google(target: str) -> str:
    """The address itself, where a document of Google's leads there by way of Google."""
    place = urlsplit(target)
    is_detour = place.hostname in ("www.google.com", "google.com") and place.path == "/url"
    return parse_qs(place.query).get("q", [target])[0] if is_detour else target


def _row(cells: list[list[Node]]) -> list[Any]:
    nothing = ["", [], []]
    return [nothing, [[nothing, {"t": "AlignDefault"}, 1, 1, [{"t": "Plain", "c": cell}]] for cell in cells]]


def _lines(block: Node) -> Iterator[list[Node]]:
    """The paragraphs in a block, items of a list among them."""
    kind, content = block["t"], block.get("c", [])
    if kind in ("Para", "Plain"):
        yield content
    elif kind == "Header":
        yield content[2]
    elif kind in ("BulletList", "OrderedList"):
        for item in content if kind == "BulletList" else content[1]:
            for inner in item:
                yield from _lines(inner)
    elif kind == "BlockQuote":
        for inner in content:
            yield from _lines(inner)
    elif kind == "CodeBlock":
        yield inlines_of(content[1])
    elif kind == "Table":
        for row in (*content[3][1], *(row for body in content[4] for row in body[3])):
            yield [one for cell in row[1] for one in (*cell[4][0]["c"], {"t": "Space"})][:-1]


def _is_empty(block: Node) -> bool:
    return block["t"] in ("Para", "Plain") and not words_of(block["c"]).strip()

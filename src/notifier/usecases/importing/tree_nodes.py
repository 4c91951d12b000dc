"""Nodes of Pandoc's tree: what one says, and how to make one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]


def header(level: int, inlines: list[Node]) -> Node:
    return {"t": "Header", "c": [level, ["", [], []], inlines]}


def headers_in(blocks: list[Node]) -> Iterator[Node]:
    for block in blocks:
        if block["t"] == "Header":
            yield block
        elif block["t"] in ("Div", "Figure"):
            yield from headers_in(block["c"][-1])


def words_of(node: Any) -> str:
    """What a reader reads of it."""
    if isinstance(node, list):
        return "".join(map(words_of, node))
    if not isinstance(node, dict):
        return ""
    kind, content = node["t"], node.get("c", "")
    if kind == "Str":
        return str(content)
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind in ("Code", "Math", "RawInline"):
        return str(content[1])
    return words_of(content)


def inlines_of(text: str) -> list[Node]:
    return [one for word in text.split() for one in ({"t": "Str", "c": word}, {"t": "Space"})][:-1]

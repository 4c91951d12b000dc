"""Footnotes and comments that a word processor's web page makes of links to and fro, as notes of the document."""

from __future__ import annotations

import re
from typing import Any

from notifier.usecases.importing.losses import Losses
from notifier.usecases.importing.tree_nodes import Node, words_of

_TO_NOTE = re.compile(r"#_?(?P<kind>ftnt?|edn|cmnt)(?P<number>\d+)")
_FROM_NOTE = re.compile(r"#_?(?P<kind>ftnt?|edn|cmnt)_?ref(?P<number>\d+)")


def with_notes(blocks: list[Node], losses: Losses) -> list[Node]:
    """Each note where it is referred to; comments of those who wrote the document are left out, and named."""
    notes: dict[str, list[Node]] = {}
    kept = [block for block in _unwrapped(blocks) if not _is_note(block, notes)]
    if not notes:
        return blocks
    for key in (one for one in notes if one.startswith("cmnt")):
        losses.add(f'a comment is left out: "{words_of(notes[key]).strip()[:60]}"')
    while kept and kept[-1]["t"] == "HorizontalRule":
        kept.pop()
    made: list[Node] = _placed(kept, notes)
    return made


def _unwrapped(blocks: list[Node]) -> list[Node]:
    return [one for block in blocks for one in (_unwrapped(block["c"][1]) if block["t"] == "Div" else [block])]


def _is_note(block: Node, notes: dict[str, list[Node]]) -> bool:
    """Is it the text of a note, by the way back that it begins with? It is kept for where it belongs."""
    inlines = block["c"] if block["t"] in ("Para", "Plain") else []
    key = _key(inlines[0], _FROM_NOTE) if inlines else ""
    if key:
        notes[key] = inlines[1:]
    return bool(key)


def _key(node: Node, pattern: re.Pattern[str]) -> str:
    while node["t"] in ("Span", "Superscript") and len(_inside(node)) == 1:
        node = _inside(node)[0]
    found = pattern.fullmatch(node["c"][2][0]) if node["t"] == "Link" else None
    return f"{found['kind']}{found['number']}" if found else ""


def _inside(node: Node) -> list[Node]:
    inside: list[Node] = node["c"][1] if node["t"] == "Span" else node["c"]
    return inside


def _placed(content: Any, notes: dict[str, list[Node]]) -> Any:
    if isinstance(content, dict):
        return {**content, "c": _placed(content["c"], notes)} if "c" in content else content
    if not isinstance(content, list):
        return content
    made = []
    for one in content:
        key = _key(one, _TO_NOTE) if isinstance(one, dict) and "t" in one else ""
        if key not in notes:
            made.append(_placed(one, notes))
        elif not key.startswith("cmnt"):
            made.append({"t": "Note", "c": [{"t": "Para", "c": _without_space(notes[key])}]})
    return made


def _without_space(inlines: list[Node]) -> list[Node]:
    """Without the space between a note's number and its words."""
    first = inlines[0] if inlines else None
    if first and first["t"] in ("Space", "SoftBreak"):
        return _without_space(inlines[1:])
    if first and first["t"] == "Span":
        return [{**first, "c": [first["c"][0], _without_space(first["c"][1])]}, *inlines[1:]]
    if first and first["t"] == "Str":
        return [{**first, "c": first["c"].lstrip("\u00a0 ")}, *inlines[1:]]
    return inlines

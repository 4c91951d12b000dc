"""One leaf as HTML, and where in it a stretch of the source stands."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from notifier.render.blocks import Leaf, Prose
from notifier.render.sanitiser import clean_block


def leaf_html(leaf: Leaf, inline: list[str], *, attributes: str = "", level: int = 0) -> str:
    """One leaf around its inline HTML (one string for each prose)."""
    if leaf.kind == "heading":
        return f"<h{level or leaf.level}{attributes}>{inline[0]}</h{level or leaf.level}>"
    if leaf.kind == "paragraph":
        return inline[0] if leaf.is_tight and not attributes else f"<p{attributes}>{inline[0]}</p>"
    if leaf.kind == "row":
        return f"<tr{attributes}>{''.join(_cells(leaf, inline))}</tr>"
    if leaf.kind == "code":
        return f"<pre{attributes}><code>{inline[0] if inline else escape(leaf.raw)}</code></pre>"
    if leaf.kind == "html":
        return f"<div{attributes}>{inline[0] if inline else clean_block(leaf.raw)}</div>"
    return f"<hr{attributes}>"


def _cells(leaf: Leaf, inline: list[str]) -> Iterator[str]:
    is_head = bool(leaf.path) and leaf.path[-1].tag == "thead"
    for prose, html in zip(leaf.proses, inline, strict=True):
        align = f' class="{prose.align}"' if prose.align else ""
        yield f'<th scope="col"{align}>{html}</th>' if is_head else f"<td{align}>{html}</td>"


def said(text: str) -> str:
    """Text for those who hear the page."""
    return f'<span class="said">{escape(text)}</span>'


def stretch(prose: Prose, start: int, end: int) -> tuple[int, int]:
    """A stretch of the source as one of the prose's content; empty where they do not meet."""
    if not prose.segments or end <= prose.first:
        return 0, 0
    return prose.position(start), prose.position(end)


def prose_at(leaf: Leaf, offset: int) -> int:
    """The cell an offset belongs to: the last that begins at or before it."""
    begun = [position for position, prose in enumerate(leaf.proses) if prose.segments and prose.first <= offset]
    return begun[-1] if begun else next((i for i, prose in enumerate(leaf.proses) if prose.segments), 0)

"""Leaves → HTML: puts leaves in a row into their containers, and places leaves of the old text among the new ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from notifier.render.blocks import Container

_TABLE_PARTS = ("table", "thead", "tbody")


@dataclass(frozen=True, slots=True)
class Placed:
    """A leaf's HTML and the containers it stands in. `is_row`: a `<tr>`, which only stands in a table."""

    path: tuple[Container, ...]
    html: str
    is_row: bool = False


def assemble(placed: Iterable[Placed], *, table_label: str) -> str:
    """The leaves as one body of HTML. A table gets a box of its own that scrolls, also by keyboard."""
    parts: list[str] = []
    stack: list[Container] = []
    tables = count(1)
    for leaf in placed:
        shared = _shared(stack, leaf.path)
        while len(stack) > shared:
            parts.append(_closing(stack.pop()))
        for container in leaf.path[shared:]:
            parts.append(_opening(container, f"{table_label} {next(tables)}" if container.tag == "table" else ""))
            stack.append(container)
        parts.append(leaf.html)
    while stack:
        parts.append(_closing(stack.pop()))
    return "\n".join(parts)


def _shared(one: Sequence[Container], other: Sequence[Container]) -> int:
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a is not b:
            break
        shared += 1
    return shared


def _opening(container: Container, label: str) -> str:
    if container.tag == "table":
        return f'<div class="wide" role="region" aria-label="{label}" tabindex="0"><table>'
    if container.tag == "ol" and container.start not in (None, 1):
        return f'<ol start="{container.start}">'
    return f"<{container.tag}>"


def _closing(container: Container) -> str:
    return "</table></div>" if container.tag == "table" else f"</{container.tag}>"


def among(gone: Placed, before: Placed | None, after: Placed | None, became: Mapping[Container, Container]) -> Placed:
    """A leaf of the old text, given a place between two neighbours without breaking the list or table around them.

    `became` says which container of the new text took over from one of the old. The leaf goes on in a neighbour's
    list, table or quotation of its own kind; else it gets one of its own.
    """
    left = before.path if before else ()
    right = after.path if after else ()
    path = tuple(_followed(gone.path, left, right, became))
    enclosing = left[: _shared(left, right)]
    if path[: len(enclosing)] != enclosing:
        path = enclosing + _rest(gone, enclosing)
    return _fitted(replace(gone, path=path), right)


def _followed(
    path: tuple[Container, ...],
    left: tuple[Container, ...],
    right: tuple[Container, ...],
    became: Mapping[Container, Container],
) -> Iterator[Container]:
    """The old path, walked down the neighbours' containers as long as these are the same or of the same kind."""
    on_left = on_right = True
    for depth, container in enumerate(path):
        heir = became.get(container, container)
        at_left = left[depth] if on_left and depth < len(left) else None
        at_right = right[depth] if on_right and depth < len(right) else None
        choice = next((c for c in (at_left, at_right) if c is not None and _continues(c, container, heir)), None)
        if choice is None:
            yield from path[depth:]
            return
        on_left, on_right = choice is at_left, choice is at_right
        yield choice


def _continues(candidate: Container, container: Container, heir: Container) -> bool:
    return candidate is heir or candidate is container or (candidate.tag == container.tag != "li")


def _rest(gone: Placed, enclosing: tuple[Container, ...]) -> tuple[Container, ...]:
    """What the leaf needs of its own containers inside the ones it cannot leave."""
    last = enclosing[-1].tag
    if last in _TABLE_PARTS:
        return ()
    item: tuple[Container, ...] = ()
    if last in ("ul", "ol"):
        item = (next((c for c in gone.path if c.tag == "li"), Container("li", is_gone=True)),)
    if gone.is_row:
        return (*item, *(c for c in gone.path if c.tag in _TABLE_PARTS))
    return item or gone.path


def _fitted(gone: Placed, right: tuple[Container, ...]) -> Placed:
    """In a table only a row can stand, and in no part of it but a head or body."""
    tags = [container.tag for container in gone.path]
    inner = tags[-1] if tags else ""
    if inner in _TABLE_PARTS and not gone.is_row:
        gone = replace(gone, html=f'<tr class="gone"><td colspan="99">{gone.html}</td></tr>', is_row=True)
    if inner == "table":
        depth = len(gone.path)
        is_body = len(right) > depth and right[depth - 1] is gone.path[-1]
        gone = replace(gone, path=(*gone.path, right[depth] if is_body else Container("tbody", is_gone=True)))
    return gone

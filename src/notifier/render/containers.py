"""Blocks in a row → one body of HTML in its lists, tables and notes; blocks of the old text among those of the new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import count

from notifier.render.block_html import NOTES, TAGS, UNCHANGED, PlacedBlock
from notifier.render.labels import Labels
from notifier.text.document import Container, ContainerKind

_TABLE_PARTS = frozenset({ContainerKind.TABLE, ContainerKind.TABLE_HEAD, ContainerKind.TABLE_BODY})
_LISTS = frozenset({ContainerKind.BULLET_LIST, ContainerKind.ORDERED_LIST})
_MEMBERS = {
    ContainerKind.BULLET_LIST: (ContainerKind.ITEM,),
    ContainerKind.ORDERED_LIST: (ContainerKind.FOOTNOTE, ContainerKind.ITEM),
    ContainerKind.DEFINITION_LIST: (ContainerKind.TERM, ContainerKind.DEFINITION),
}
"""What alone can stand in a container; the last is made for what stands there without one."""
_ONE_EACH = frozenset({ContainerKind.ITEM, ContainerKind.TERM, ContainerKind.DEFINITION, ContainerKind.FOOTNOTE})
"""Of these, two of one kind beside each other are still two."""


def assemble(placed: Iterable[PlacedBlock], labels: Labels, notes: Mapping[Container, int]) -> str:
    """The blocks as one body of HTML. A table gets a box of its own that scrolls, also by keyboard.

    `notes` are the numbers of the footnotes that references lead to.
    """
    parts: list[str] = []
    stack: list[Container] = []
    tables = count(1)
    for block in placed:
        shared = _shared(stack, block.path)
        while len(stack) > shared:
            parts.append(_closing(stack.pop()))
        for container in block.path[shared:]:
            label = f"{labels.table} {next(tables)}" if container.kind is ContainerKind.TABLE else labels.notes
            parts.append(_opening(container, escape(label), notes.get(container)))
            stack.append(container)
        parts.append(block.html)
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


def _opening(container: Container, label: str, number: int | None) -> str:
    kind = container.kind
    if container is NOTES:
        return f'<div class="notes" role="doc-endnotes" aria-label="{label}"><ol>'
    if kind is ContainerKind.TABLE:
        return f'<div class="wide" role="region" aria-label="{label}" tabindex="0"><table>'
    if kind is ContainerKind.ORDERED_LIST:
        numbering = f' type="{container.numbering}"' * (container.numbering != "1")
        return f"<ol{numbering}" + f' start="{container.start}"' * (container.start != 1) + ">"
    if kind is ContainerKind.ITEM and container.is_done is not None:
        return '<li class="task">'
    if kind is ContainerKind.FOOTNOTE and number is not None:
        return f'<li id="note.{number}" value="{number}">'
    if kind is ContainerKind.ALERT and container.alert is not None:
        return f'<div class="alert {container.alert.name.lower()}" role="note">'
    if kind is ContainerKind.DETAILS:
        return f'<details class="{UNCHANGED}">' if container.label == UNCHANGED else "<details open>"
    return f"<{TAGS[kind]}>"


def _closing(container: Container) -> str:
    if container is NOTES:
        return "</ol></div>"
    return "</table></div>" if container.kind is ContainerKind.TABLE else f"</{TAGS[container.kind]}>"


def among(
    gone: PlacedBlock, before: PlacedBlock | None, after: PlacedBlock | None, became: Mapping[Container, Container]
) -> PlacedBlock:
    """A block of the old text, given a place between two neighbours without breaking the list or table around them.

    `became` says which container of the new text took over from one of the old. The block goes on in a neighbour's
    list, table or quotation of its own kind; else it gets one of its own.
    """
    left = before.path if before else ()
    right = after.path if after else ()
    path = tuple(_followed(gone.path, left, right, became))
    enclosing = left[: _shared(left, right)]
    if path[: len(enclosing)] != enclosing:
        path = enclosing + _rest(gone, enclosing)
    return _fitted(gone._replace(path=path), right)


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
    is_alike = candidate.kind is container.kind and candidate.kind not in _ONE_EACH and candidate is not NOTES
    return candidate is heir or candidate is container or is_alike


def _rest(gone: PlacedBlock, enclosing: tuple[Container, ...]) -> tuple[Container, ...]:
    """What the block needs of its own containers inside the ones it cannot leave."""
    last = enclosing[-1].kind
    if last in _TABLE_PARTS:
        return ()
    member: tuple[Container, ...] = ()
    if kinds := _MEMBERS.get(last):
        member = (next((c for c in gone.path if c.kind in kinds), Container(kinds[-1])),)
    if gone.is_row:
        return (*member, *(c for c in gone.path if c.kind in _TABLE_PARTS))
    return member or gone.path


def _fitted(gone: PlacedBlock, right: tuple[Container, ...]) -> PlacedBlock:
    """In a table only a row can stand, and in no part of it but a head or body."""
    inner = gone.path[-1].kind if gone.path else None
    if inner in _TABLE_PARTS and not gone.is_row:
        gone = gone._replace(html=f'<tr class="gone"><td colspan="99">{gone.html}</td></tr>', is_row=True)
    if inner is ContainerKind.TABLE:
        depth = len(gone.path)
        is_body = len(right) > depth and right[depth - 1] is gone.path[-1]
        gone = gone._replace(path=(*gone.path, right[depth] if is_body else Container(ContainerKind.TABLE_BODY)))
    return gone

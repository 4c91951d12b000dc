"""Long stretches without a change, folded away: a redline page shows what changed and a little around it.

All of the text stays on the page; browsers open a folded stretch for a link into it and for a word searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple

from notifier.render.block_html import UNCHANGED, PlacedBlock
from notifier.text.document import Container, ContainerKind

_FEWEST_BLOCKS = 4
"""A shorter stretch is read faster than it is opened."""


class _Unit(NamedTuple):
    """Blocks that stand in one outermost list, table or quotation, or one block that stands in none."""

    blocks: Sequence[PlacedBlock]

    @property
    def is_changed(self) -> bool:
        return not all(block.is_unchanged for block in self.blocks)

    @property
    def level(self) -> int:
        """Of the heading that it is, else 0."""
        return self.blocks[0].level


def folded(placed: Sequence[PlacedBlock], label: str) -> Iterator[PlacedBlock]:
    """The same blocks; those of a long stretch without a change stand in a `<details>` that is closed.

    What surrounds a change stays open: the block before it, the one after it, and the headings it stands under.
    `label` names a stretch, with the count of its blocks for `{count}`. A text without a change is not folded.
    """
    units = list(_units(placed))
    is_open = _open(units)
    if not any(is_open):
        yield from placed
        return
    for shown, stretch in groupby(zip(units, is_open, strict=True), key=lambda one: one[1]):
        blocks = [block for unit, _ in stretch for block in unit.blocks]
        yield from blocks if shown or len(blocks) < _FEWEST_BLOCKS else _closed(blocks, label)


def _units(placed: Sequence[PlacedBlock]) -> Iterator[_Unit]:
    start = 0
    for index in range(1, len(placed) + 1):
        is_one = index < len(placed) and placed[index].path and placed[index - 1].path
        if is_one and placed[index].path[0] is placed[index - 1].path[0]:
            continue
        yield _Unit(placed[start:index])
        start = index


def _open(units: Sequence[_Unit]) -> list[bool]:
    """Which units are shown: changed ones, their neighbours, and the headings over them."""
    is_open = [False] * len(units)
    above: list[int] = []
    for index, unit in enumerate(units):
        if unit.level:
            above = [*(heading for heading in above if units[heading].level < unit.level), index]
        if not unit.is_changed:
            continue
        beside = (other for other in (index - 1, index + 1) if 0 <= other < len(units) and not units[other].level)
        for shown in (index, *above, *beside):
            is_open[shown] = True
    return is_open


def _closed(blocks: Sequence[PlacedBlock], label: str) -> Iterator[PlacedBlock]:
    fold = Container(ContainerKind.DETAILS, label=UNCHANGED)
    summary = Container(ContainerKind.SUMMARY)
    yield PlacedBlock((fold, summary), f'<span class="folded">{escape(label.format(count=len(blocks)))}</span>')
    yield from (block._replace(path=(fold, *block.path)) for block in blocks)

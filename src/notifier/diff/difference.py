"""`Diff`: what became of one document on its way to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from notifier.diff.opcodes import Opcode
from notifier.diff.passages import Passages
from notifier.diff.values import Edit, Layer, Move, Span
from notifier.text.document import Document


@dataclass(frozen=True)
class Diff:
    """What became of `before` on its way to `after`. `budget_reached`: coarser than it could be, still lossless."""

    before: Document
    after: Document
    changes: tuple[Opcode, ...]
    moves: tuple[Move, ...]
    budget_reached: bool = False
    spans: tuple[Span, ...] = ()
    """Both texts to the last character, in the order a reader meets them."""

    @cached_property
    def edits(self) -> tuple[Edit, ...]:
        """Every change with its place, section and sentence; cut on first use, a drawing does without them."""
        return tuple(_edits(self))


def _edits(diff: Diff) -> Iterator[Edit]:
    old, new = Passages(diff.before), Passages(diff.after)
    for layer, a0, a1, b0, b1, _, _, in_move in diff.changes:
        yield Edit(layer or Layer.WORDS, old.passage(a0, a1), new.passage(b0, b1), in_move)

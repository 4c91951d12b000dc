"""Two Documents → `Diff`: edits and moves, each with its section and its place in both texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from notifier.diff.assemble import assemble
from notifier.diff.opcodes import Opcode
from notifier.diff.passages import Passages
from notifier.diff.values import NEW_KINDS, OLD_KINDS, Edit, Layer, Move, Passage, Span, SpanKind
from notifier.text.document import BlockKind, Document

__all__ = [
    "NEW_KINDS",
    "OLD_KINDS",
    "Diff",
    "Edit",
    "Layer",
    "Move",
    "Passage",
    "Span",
    "SpanKind",
    "diff",
]


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


def diff(before: Document, after: Document) -> Diff:
    """What became of `before` on its way to `after`."""
    assembly = assemble(before, after)
    moves = tuple(_moves(assembly.moves, before, after)) if assembly.moves else ()
    return Diff(before, after, tuple(assembly.changes), moves, assembly.budget_reached, tuple(assembly.spans))


def _moves(runs: Iterable[Opcode], document: Document, changed: Document) -> Iterator[Move]:
    old, new = Passages(document), Passages(changed)
    for run in runs:
        before, after = old.passage(run.a0, run.a1), new.passage(run.b0, run.b1)
        words = "".join([visible.text for visible in document.runs_between(run.a0, run.a1)]).split()
        title = before.section[-1] if before.block is BlockKind.HEADING and before.section else " ".join(words[:8])
        yield Move(before, after, len(words), title)

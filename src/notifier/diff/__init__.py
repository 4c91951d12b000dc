"""Two Documents → `Diff`: edits and moves, each with its section and its place in both texts."""

from __future__ import annotations

from notifier.diff.assemble import assemble
from notifier.diff.difference import Diff
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


def diff(before: Document, after: Document) -> Diff:
    """What became of `before` on its way to `after`."""
    assembly = assemble(before, after)
    old, new = Passages(before), Passages(after)
    moves = tuple(_move(run, before, old, new) for run in assembly.moves)
    return Diff(before, after, tuple(assembly.changes), moves, assembly.budget_reached, tuple(assembly.spans))


def _move(run: Opcode, document: Document, old: Passages, new: Passages) -> Move:
    before, after = old.passage(run.a0, run.a1), new.passage(run.b0, run.b1)
    words = "".join([visible.text for visible in document.runs_between(run.a0, run.a1)]).split()
    title = before.section[-1] if before.block is BlockKind.HEADING and before.section else " ".join(words[:8])
    return Move(before, after, len(words), title)

"""What a defined word means, and what a rule covers."""

from __future__ import annotations

from tests.edits.operator import Operator, backward, either, forward, significant

OPERATORS: tuple[Operator, ...] = (
    significant("definitions", "definition-widened", "the word covers more", forward("def")),
    significant("definitions", "definition-narrowed", "the word covers less", backward("def")),
    significant("definitions", "term-redefined", "the word means something else", either("term")),
    significant("definitions", "coverage-changed", "the rule covers more or less", either("wide")),
    significant("definitions", "act-replaced", "something else is done", either("act")),
)

"""Words that carry the promise: explicit, anonymous, encrypted, prior, free of charge."""

from __future__ import annotations

from tests.edits.operator import Operator, either, grown, shrunk, significant

OPERATORS: tuple[Operator, ...] = (
    significant("qualifiers", "qualifier-dropped", "the promise is weaker", shrunk("qual")),
    significant("qualifiers", "qualifier-added", "the promise is stronger", grown("qual")),
    significant("qualifiers", "qualifier-replaced", "another promise", either("qualr")),
)

"""`Sign`: something a lawyer would remark on a change, with what it means and an example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from notifier.significance.view import View


@dataclass(frozen=True, slots=True)
class Sign:
    """`name` is the rule id. `test` tells how strongly it shows: 0 not at all, 1 for most signs that do.

    `guards`: a revision on which it shows is never called clearly minor, whatever the model says.
    `compels`: a revision on which it shows is called clearly significant, whatever the model says.
    `before` and `after` are an example in which it shows (one side may be empty).
    """

    name: str
    test: Callable[[View], float]
    says: str
    before: str
    after: str
    guards: bool = False
    compels: bool = False

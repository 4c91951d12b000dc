"""`Rule`: a difference in facts that a lawyer would remark on, with what it means and an example."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from notifier.significance.unexplained import Difference


class Rule(NamedTuple):
    """`name` is the rule id, `test` whether it shows.

    `forces`: whether a revision on which it shows is called clearly significant, whatever the model says. Any rule
    keeps a revision from being called clearly minor. `before` and `after` are an example in which it shows.
    """

    name: str
    test: Callable[[Difference], bool]
    says: str
    before: str
    after: str
    forces: Callable[[Difference], bool] | None = None
    language: str = "en"
    """Of the example."""

    def decides(self, difference: Difference) -> bool:
        """Is a difference on which it shows called significant for it?"""
        return self.forces is not None and (self.forces is self.test or self.forces(difference))

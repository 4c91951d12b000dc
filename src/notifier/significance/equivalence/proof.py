"""`Proof`: a narrow reason for which two sentences say the same although they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Kind

Test = Callable[[ChangeFeatures, Sequence[WordRun]], bool]
WORDS = frozenset({Kind.WORD, Kind.TERM, Kind.NAME, Kind.GLUE, Kind.SEPARATOR})
"""Kinds that bind nobody by themselves."""
ANY = frozenset(Kind)


class Proof(NamedTuple):
    """`test` is asked only of runs of the kinds in `explains`: a proof may never explain another kind of fact.

    `name` is the rule id of a minor verdict's reason; `before` and `after` are an example that it explains.
    """

    name: str
    explains: frozenset[Kind]
    test: Test
    says: str
    before: str
    after: str
    language: str = "en"
    """Of the example."""

    def holds(self, features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
        """Does it explain these runs?"""
        for run in runs:
            if not run.kinds <= self.explains:
                return False
        return self.test(features, runs)

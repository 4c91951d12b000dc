"""Change → signs: every sign that shows on it, with its strength. What a sign weighs is learned, not written here."""

from __future__ import annotations

import math
from collections.abc import Iterator

from notifier.significance.hints import HINTS
from notifier.significance.moved import MOVED
from notifier.significance.sameness import PROOFS
from notifier.significance.shape import SHAPES
from notifier.significance.sign import Sign
from notifier.significance.topics import TOPICS
from notifier.significance.view import View

OPEN_SIGNS: tuple[Sign, ...] = HINTS + SHAPES + MOVED
ALL_SIGNS: tuple[Sign, ...] = PROOFS + OPEN_SIGNS
GUARDS = frozenset(sign.name for sign in OPEN_SIGNS if sign.guards)
COMPELS = frozenset(sign.name for sign in OPEN_SIGNS if sign.compels)


def signs_of(view: View) -> dict[str, float]:
    """The signs on a change: one proof that it says the same, or all that speaks for and against."""
    for proof in PROOFS:
        if proof.test(view):
            return {proof.name: 1.0}
    signs = {sign.name: strength for sign in OPEN_SIGNS if (strength := float(sign.test(view)))}
    signs.update(_topics(view))
    return signs


def _topics(view: View) -> Iterator[tuple[str, float]]:
    """`topic retention`: its words changed; `near retention`: it is what the sentence or the heading is about."""
    if not view.content:
        return
    for topic in TOPICS:
        mark = f"topic.{topic}"
        if view.delta[mark]:
            yield f"topic {topic}", min(2.0, 1 + math.log2(view.delta[mark]) / 2)
        elif view.around[mark] or view.heading[mark]:
            yield f"near {topic}", 1.0

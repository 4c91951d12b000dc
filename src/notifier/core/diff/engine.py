"""Two sequences → what they share, in order: the one place that calls a compiled differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

MOST_CELLS = 64_000_000
"""The largest table (old times new) of one exact comparison: 8 MB of bits. What is longer is compared more coarsely."""
LIKE = 0.45
"""Share of words two stretches must have in common to be one stretch edited."""


class Match(NamedTuple):
    """`old[i:i + size] == new[j:j + size]`, as difflib's matching blocks say it."""

    i: int
    j: int
    size: int


def matches_of(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    """A longest common subsequence, as runs in order. Time and memory grow with len(old) * len(new) / 64."""
    if not old or not new:
        return []
    blocks = LCSseq.opcodes(old, new).as_matching_blocks()
    return [Match(block.a, block.b, block.size) for block in blocks if block.size]


def shared(old: Sequence[str], new: Sequence[str], *, at_least: int = 0) -> int:
    """How many elements a longest common subsequence has; 0 when fewer than `at_least`."""
    return int(LCSseq.similarity(old, new, score_cutoff=at_least))


def likeness(old: Sequence[str], new: Sequence[str], at_least: float = LIKE) -> float:
    """Words in common, in order, of all words: 0 to 1; 0 when below `at_least`."""
    total = len(old) + len(new)
    if not total or 2 * min(len(old), len(new)) < at_least * total:
        return 0.0
    found = 2 * shared(old, new, at_least=int(at_least * total / 2)) / total
    return found if found >= at_least else 0.0

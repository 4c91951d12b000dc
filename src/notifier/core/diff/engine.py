"""Two sequences → what they share, in order: the one place that calls a compiled differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq


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

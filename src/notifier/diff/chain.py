"""The heaviest chain: of pairs that cross, which stay in order. Whoever is left out has moved."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def heaviest_chain(pairs: Sequence[tuple[int, int, int]]) -> list[int]:
    """The positions of the pairs (i, j, weight) that make the heaviest chain with both i and j rising.

    Of chains equally heavy the one found first wins, so the answer is always the same. O(n log n).
    """
    order = sorted(range(len(pairs)), key=lambda at: (pairs[at][0], -pairs[at][1]))
    if _is_rising([pairs[at] for at in order]):
        return order
    ranks = {j: rank for rank, j in enumerate(sorted({pair[1] for pair in pairs}), start=1)}
    best: list[tuple[int, int]] = [(0, -1)] * (len(ranks) + 1)
    before = [-1] * len(pairs)
    for at in order:
        rank = ranks[pairs[at][1]]
        weight, before[at] = _heaviest_below(best, rank)
        _raise(best, rank, (weight + pairs[at][2], at))
    return _traced(before, _heaviest_below(best, len(ranks) + 1)[1])


def _is_rising(pairs: list[tuple[int, int, int]]) -> bool:
    return all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(pairs))


def _heaviest_below(best: list[tuple[int, int]], rank: int) -> tuple[int, int]:
    """The heaviest chain that ends below `rank`, from a Fenwick tree of running maxima."""
    found = (0, -1)
    rank -= 1
    while rank > 0:
        if best[rank][0] > found[0]:
            found = best[rank]
        rank &= rank - 1
    return found


def _raise(best: list[tuple[int, int]], rank: int, entry: tuple[int, int]) -> None:
    while rank < len(best):
        if entry[0] > best[rank][0]:
            best[rank] = entry
        rank += rank & -rank


def _traced(before: list[int], last: int) -> list[int]:
    chain: list[int] = []
    while last >= 0:
        chain.append(last)
        last = before[last]
    return chain[::-1]

"""Which extents of a gap are worth comparing: in a short one all, in a long one those that share a rare word."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from notifier.diff.extents import Extents

MOST_LIKENESSES = 1_000
"""Comparisons of blocks in one gap; beyond it only blocks with a rare word in common are compared."""


def candidates(one: Extents, other: Extents, old: list[int], new: list[int]) -> list[tuple[int, int]]:
    """The pairs of extents worth comparing: all of them, or in a long gap those with rare words in common."""
    if len(old) * len(new) <= MOST_LIKENESSES:
        return [(i, j) for i in old for j in new]
    return _with_rare_words(one, other, old, new)


def _with_rare_words(one: Extents, other: Extents, old: list[int], new: list[int]) -> list[tuple[int, int]]:
    """For each old extent the new ones that share most of its rare words, and those as far down the gap."""
    old_words, new_words = [one.words(i) for i in old], [other.words(j) for j in new]
    rare: dict[str, list[int]] = {word: [] for word in _rare(old_words) & _rare(new_words)}
    for j, words in zip(new, new_words, strict=True):
        for word in rare.keys() & words:
            rare[word].append(j)
    found: list[tuple[int, int]] = []
    for at, i in enumerate(old):
        votes = Counter(chain.from_iterable(map(rare.__getitem__, rare.keys() & old_words[at])))
        likeliest = sorted(votes, key=lambda j: (-votes[j], j))[:MOST_LIKELY]
        found += [(i, j) for j in sorted({*likeliest, *_level(at, len(old), new)})]
    return found


def _rare(sets: list[frozenset[str]]) -> set[str]:
    """Words that stand in few of these blocks."""
    counts = Counter(chain.from_iterable(sets))
    return {word for word, count in counts.items() if count <= MOST_PLACES}


MOST_PLACES = 8
"""Blocks a word may stand in to count as rare."""
MOST_LIKELY = 4
"""Blocks compared with one because of the rare words they share."""


def _level(at: int, size: int, new: list[int]) -> set[int]:
    """The new extents as far down the gap as number `at` of `size` old ones: from the top, the end, in proportion."""
    options = (at, len(new) - size + at, at * len(new) // size)
    return {new[option] for option in options if 0 <= option < len(new)}

"""Which extents of a gap are worth comparing, and how much two have in common, asked thousands of times.

In a short gap all are compared, in a long one those that share a rare word. A word has the same character on both
sides, whatever the hash seed: the compiled search takes text several times faster than a list of words.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain

from notifier.diff.engine import LIKE, likeness, shared
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


_LAST = 0x10FFFF
"""The last character there is: a text of over a million different words has the rest of them taken for one word, which
can make two extents look more alike than they are, and nothing else."""


class _Codes(dict[str, str]):
    """A character for every word."""

    def __missing__(self, word: str) -> str:
        code = self[word] = chr(min(len(self) + 1, _LAST))
        return code


class Coded:
    """Two sides on their way to an alignment."""

    def __init__(self, old: Extents, new: Extents) -> None:
        self._sides = old, new
        self._code_of = _Codes().__getitem__
        self._old: dict[int, str] = {}
        self._new: dict[int, str] = {}

    def old(self, i: int) -> str:
        """The words of an extent of the old text, a character each."""
        code = self._old.get(i)
        if code is None:
            code = self._old[i] = "".join(map(self._code_of, self._sides[0].stream(i).keys))
        return code

    def new(self, j: int) -> str:
        """The words of an extent of the new text, a character each."""
        code = self._new.get(j)
        if code is None:
            code = self._new[j] = "".join(map(self._code_of, self._sides[1].stream(j).keys))
        return code

    def joined(self, a0: int, a1: int, b0: int, b1: int) -> tuple[str, str]:
        """The words of extents in a row, of the old text and of the new one."""
        return "".join(map(self.old, range(a0, a1))), "".join(map(self.new, range(b0, b1)))

    def likeness(self, i: int, j: int, at_least: float = LIKE) -> float:
        """As `engine.likeness`, of two extents."""
        return likeness(self.old(i), self.new(j), at_least)

    def shared(self, i: int, j: int) -> int:
        """As `engine.shared`, of two extents."""
        return shared(self.old(i), self.new(j))

"""Blocks that were split, merged or laid out anew: several extents of one text for one or several of the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from notifier.diff.candidates import Coded
from notifier.diff.engine import MOST_CELLS, likeness, shared
from notifier.diff.extents import Extents

LAID_OUT_ANEW = 0.4
"""Share of words two stretches must have in common, as a whole, to be one stretch laid out anew."""
TAKEN_IN = 0.6
"""Share of its words a lone neighbour must find in the block beside it, to be a part of it split off."""


class Group(NamedTuple):
    """Extents `a0:a1` of the old text became `b0:b1` of the new one."""

    a0: int
    a1: int
    b0: int
    b1: int


def joined(
    old: Extents, new: Extents, coded: Coded, groups: list[Group], moved: tuple[set[int], set[int]]
) -> list[Group]:
    """The groups, with what stands alone between them taken in where its words are found there."""
    joiner = _Joiner(old, new, coded, moved)
    end = Group(len(old.raw), len(old.raw), len(new.raw), len(new.raw))
    out: list[Group] = []
    for group, following in pairwise([*groups, end]):
        gap = joiner.gap(out[-1] if out else _START, group)
        if joiner.is_laid_out_anew(gap):
            out.append(gap)
        out.append(joiner.grown(group, out[-1] if out else _START, following))
    last = joiner.gap(out[-1] if out else _START, end)
    return [*out, last] if joiner.is_laid_out_anew(last) else out


_START = Group(0, 0, 0, 0)


class _Joiner:
    def __init__(self, old: Extents, new: Extents, coded: Coded, moved: tuple[set[int], set[int]]) -> None:
        self.old, self.new, self.coded = old, new, coded
        self.moved_old, self.moved_new = moved

    def gap(self, before: Group, after: Group) -> Group:
        return Group(before.a1, after.a0, before.b1, after.b0)

    def words(self, group: Group) -> tuple[str, str]:
        """The words of a group on both sides, a character each."""
        return self.coded.joined(*group)

    def is_free(self, group: Group) -> bool:
        """Whether nothing in the group has moved."""
        olds, news = range(group.a0, group.a1), range(group.b0, group.b1)
        return self.moved_old.isdisjoint(olds) and self.moved_new.isdisjoint(news)

    def is_laid_out_anew(self, gap: Group) -> bool:
        """Whether both sides of a gap have much the same words."""
        if gap.a0 >= gap.a1 or gap.b0 >= gap.b1 or not self.is_free(gap):
            return False
        one, other = self.words(gap)
        return len(one) * len(other) <= MOST_CELLS and likeness(one, other, LAID_OUT_ANEW) > 0

    def grown(self, group: Group, before: Group, after: Group) -> Group:
        """The group with the lone extents around it that were split off it or merged into it."""
        if group.a1 - group.a0 > 1 or self._is_same(group.a0, group.b0):
            return group
        wider: Group | None = group
        while wider is not None:
            group = wider
            wider = self._wider(group, before, after)
        return group

    def _wider(self, group: Group, before: Group, after: Group) -> Group | None:
        """The group with one more part taken in: an extent whose words are among those without a partner here."""
        one, other = self.words(group)
        alone = shared(one, other)
        for option, size in self._room(group, before, after):
            spare = len(one if option.a1 - option.a0 == group.a1 - group.a0 else other) - alone
            if size >= LEAST_TAKEN and spare >= TAKEN_IN * size and self._gains(option, alone + TAKEN_IN * size):
                return option
        return None

    def _is_same(self, i: int, j: int) -> bool:
        return self.old.content(i) == self.new.content(j) or self.old.key(i) == self.new.key(j)

    def _room(self, group: Group, before: Group, after: Group) -> Iterator[tuple[Group, int]]:
        """Wider groups, each with the words of the extent at its new end; it may lie a little further off."""
        a0, a1, b0, b1 = group
        for step in range(FURTHEST):
            if b1 + step < after.b0:
                yield Group(a0, a1, b0, b1 + step + 1), self.new.size(b1 + step)
            if before.b1 < b0 - step:
                yield Group(a0, a1, b0 - step - 1, b1), self.new.size(b0 - step - 1)
            if a1 + step < after.a0:
                yield Group(a0, a1 + step + 1, b0, b1), self.old.size(a1 + step)
            if before.a1 < a0 - step:
                yield Group(a0 - step - 1, a1, b0, b1), self.old.size(a0 - step - 1)

    def _gains(self, option: Group, at_least: float) -> bool:
        """Whether the words of a wider group share as many as they should."""
        if not self.is_free(option):
            return False
        one, other = self.words(option)
        return len(one) * len(other) <= MOST_CELLS and shared(one, other) >= at_least


FURTHEST = 3
"""How many extents away a part that was split off may stand, with new ones in between."""
LEAST_TAKEN = 2

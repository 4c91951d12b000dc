"""Which extents of two texts belong together: in order, moved, or alone.

Exact first (equal words), then the heaviest chain decides who stayed and who moved, then like with like inside each
gap, then halves of what was split or merged. Every step is bounded by a count of comparisons, never by a clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from notifier.core.diff.chain import heaviest_chain
from notifier.core.diff.engine import matches_of, shared
from notifier.core.diff.words import Side

MOST_CELLS = 100_000_000
"""The largest table (old times new) of an exact comparison; a longer gap is compared more coarsely."""
LEAST_MOVED = 4
"""Words a moved stretch must have; anything shorter turns up elsewhere by chance."""
LIKE = 0.45
"""Share of words two blocks must have in common to be one block edited."""


class Group(NamedTuple):
    """Extents `a0:a1` of the old text became `b0:b1` of the new one."""

    a0: int
    a1: int
    b0: int
    b1: int


@dataclass(slots=True)
class Alignment:
    """`groups` in the order of both texts; `moves` elsewhere, each a run of groups; the rest went out or came in."""

    groups: list[Group]
    moves: list[list[Group]]
    budget_reached: bool = False


@dataclass(slots=True)
class _Table:
    """The pairing as it grows: partner of each extent or -1; whether it is in order or moved."""

    old: Side
    new: Side
    to_new: list[int]
    to_old: list[int]
    moved: set[int] = field(default_factory=set)
    budget_reached: bool = False

    def pair(self, i: int, j: int) -> None:
        self.to_new[i], self.to_old[j] = j, i

    def is_free(self, i: int, j: int) -> bool:
        return 0 <= i < len(self.to_new) and 0 <= j < len(self.to_old) and self.to_new[i] < 0 and self.to_old[j] < 0

    def likeness(self, i: int, j: int) -> float:
        return likeness(self.old.stream(i).keys, self.new.stream(j).keys)


def likeness(one: list[str], other: list[str], at_least: float = LIKE) -> float:
    """Words in common, in order, of all words: 0 to 1; 0 when below `at_least`."""
    total = len(one) + len(other)
    if not total or 2 * min(len(one), len(other)) < at_least * total:
        return 0.0
    found = 2 * shared(one, other, at_least=int(at_least * total / 2)) / total
    return found if found >= at_least else 0.0


def align(old: Side, new: Side) -> Alignment:
    """Pair the extents of two texts."""
    head, tail = _same_ends(old.raw, new.raw)
    table = _Table(old, new, [-1] * len(old.raw), [-1] * len(new.raw))
    a1, b1 = len(old.raw) - tail, len(new.raw) - tail
    if head < a1 and head < b1:
        crossing = _pair_unique(table, Group(head, a1, head, b1))
        for gap in list(_gaps(table, Group(head, a1, head, b1))):
            _pair_repeated(table, gap)
        _pair_moved(table, crossing)
        for gap in list(_gaps(table, Group(head, a1, head, b1))):
            _pair_alike(table, gap)
    return _alignment(table, head, tail)


def _same_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    size = min(len(old), len(new))
    head = next((at for at in range(size) if old[at] != new[at]), size)
    size -= head
    tail = next((at for at in range(size) if old[-1 - at] != new[-1 - at]), size)
    return head, tail


def _pair_unique(table: _Table, span: Group) -> list[tuple[int, int]]:
    """Pair what stands once in each text and in the same order; the pairs that cross."""
    old = _once({i: table.old.key(i) for i in range(span.a0, span.a1)})
    new = _once({j: table.new.key(j) for j in range(span.b0, span.b1)})
    pairs = [(i, new[key], 1 + table.old.size(i)) for key, i in old.items() if key in new]
    chain = set(heaviest_chain(pairs))
    for at in chain:
        table.pair(*pairs[at][:2])
    return [pair[:2] for at, pair in enumerate(pairs) if at not in chain]


def _once(keys: dict[int, str]) -> dict[str, int]:
    counts = Counter(keys.values())
    return {key: at for at, key in keys.items() if counts[key] == 1}


def _gaps(table: _Table, span: Group) -> Iterator[Group]:
    """The stretches between pairs in order where both sides have something free."""
    a, b = span.a0, span.b0
    for i in range(span.a0, span.a1 + 1):
        if i == span.a1:
            to = span.b1
        elif table.to_new[i] < 0 or i in table.moved:
            continue
        else:
            to = table.to_new[i]
        if a < i and b < to:
            yield Group(a, i, b, to)
        a, b = i + 1, to + 1


def _free(table: _Table, gap: Group) -> tuple[list[int], list[int]]:
    old = [i for i in range(gap.a0, gap.a1) if table.to_new[i] < 0]
    new = [j for j in range(gap.b0, gap.b1) if table.to_old[j] < 0]
    return old, new


def _pair_repeated(table: _Table, gap: Group) -> None:
    """Pair equal extents that stand more than once, in order."""
    old, new = _free(table, gap)
    old_keys, new_keys = [table.old.key(i) for i in old], [table.new.key(j) for j in new]
    if set(old_keys).isdisjoint(new_keys):
        return
    if len(old) * len(new) > MOST_CELLS:
        table.budget_reached = True
        return
    for match in matches_of(old_keys, new_keys):
        for at in range(match.size):
            table.pair(old[match.i + at], new[match.j + at])


def _pair_moved(table: _Table, crossing: list[tuple[int, int]]) -> None:
    """Let runs of crossing pairs grow over their neighbours, and keep those long enough to be moves."""
    for i, j in crossing:
        table.pair(i, j)
        table.moved.add(i)
    for i, j in sorted(crossing):
        _grow(table, i, j, 1)
        _grow(table, i, j, -1)
    for run in _runs(table):
        if sum(table.old.size(i) for i, _ in run) < LEAST_MOVED:
            for i, j in run:
                table.to_new[i] = table.to_old[j] = -1
                table.moved.discard(i)


def _grow(table: _Table, i: int, j: int, step: int) -> None:
    """Take in neighbours that are equal, or alike, as long as they stand side by side in both texts."""
    i, j = i + step, j + step
    while table.is_free(i, j) and (table.old.key(i) == table.new.key(j) or table.likeness(i, j)):
        table.pair(i, j)
        table.moved.add(i)
        i, j = i + step, j + step


def _runs(table: _Table) -> list[list[tuple[int, int]]]:
    """Moved pairs, gathered where they stand side by side in both texts."""
    runs: list[list[tuple[int, int]]] = []
    for i in sorted(table.moved):
        j = table.to_new[i]
        if runs and runs[-1][-1] == (i - 1, j - 1):
            runs[-1].append((i, j))
        else:
            runs.append([(i, j)])
    return runs


MOST_LIKENESSES = 3_000
"""Comparisons of blocks in one gap; beyond it only blocks with a rare word in common are compared."""


def _pair_alike(table: _Table, gap: Group) -> None:
    """Pair edited extents in order, the heaviest chain of those that are alike."""
    old, new = _free(table, gap)
    if not old or not new:
        return
    if len(old) == len(new) == 1:
        table.pair(old[0], new[0])
        return
    pairs = []
    for i, j in _candidates(table, old, new):
        alike = table.likeness(i, j)
        if alike:
            pairs.append((i, j, 1 + int(alike * 100 * min(table.old.size(i), table.new.size(j)))))
    for at in heaviest_chain(pairs):
        table.pair(*pairs[at][:2])


def _candidates(table: _Table, old: list[int], new: list[int]) -> list[tuple[int, int]]:
    if len(old) * len(new) <= MOST_LIKENESSES:
        return [(i, j) for i in old for j in new]
    table.budget_reached = True
    return _with_rare_words(table, old, new)


def _with_rare_words(table: _Table, old: list[int], new: list[int]) -> list[tuple[int, int]]:
    """For each old extent the new ones that share most of its rare words, and the one as far down the gap."""
    index: dict[str, list[int]] = {}
    for j in new:
        for word in set(table.new.stream(j).keys):
            index.setdefault(word, []).append(j)
    found: list[tuple[int, int]] = []
    for at, i in enumerate(old):
        votes: Counter[int] = Counter()
        for word in sorted(set(table.old.stream(i).keys)):
            places = index.get(word, ())
            if len(places) <= 8:
                votes.update(places)
        level = new[at * len(new) // len(old)]
        same_end = new[at - len(old)] if len(old) - at <= len(new) else level
        same_start = new[at] if at < len(new) else level
        near = {j for j, _ in votes.most_common(4)} | {level, same_end, same_start}
        found += [(i, j) for j in sorted(near)]
    return found


def _alignment(table: _Table, head: int, tail: int) -> Alignment:
    groups = [Group(0, head, 0, head)] if head else []
    size_a, size_b = len(table.to_new), len(table.to_old)
    for i in range(head, size_a - tail):
        j = table.to_new[i]
        if j >= 0 and i not in table.moved:
            groups.append(Group(i, i + 1, j, j + 1))
    if tail:
        groups.append(Group(size_a - tail, size_a, size_b - tail, size_b))
    moves = [[Group(i, i + 1, j, j + 1) for i, j in run] for run in _runs(table)]
    return Alignment(groups, moves, table.budget_reached)

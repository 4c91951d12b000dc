"""Which extents of two texts belong together: in order, moved, or alone.

Exact first (equal words), then the heaviest chain decides who stayed and who moved, then like with like inside each
gap, then halves of what was split or merged. Every step is bounded by a count of comparisons, never by a clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from notifier.diff.candidates import Coded, candidates
from notifier.diff.engine import LIKE, MOST_CELLS, heaviest_chain, likeness, matches_of, same_ends, shared
from notifier.diff.extents import Extents
from notifier.diff.gap_atoms import reading
from notifier.diff.join import Group, joined

LEAST_MOVED = 4
"""Words a moved stretch must have; anything shorter turns up elsewhere by chance."""


@dataclass(slots=True)
class Alignment:
    """`groups` in the order of both texts; `moves` elsewhere, each a run of groups; the rest went out or came in."""

    groups: list[Group]
    moves: list[list[Group]]
    budget_reached: bool = False


@dataclass(slots=True)
class _Table:
    """The pairing as it grows: partner of each extent or -1; whether it is in order or moved."""

    old: Extents
    new: Extents
    coded: Coded
    to_new: list[int]
    to_old: list[int]
    old_keys: dict[int, _Key]
    new_keys: dict[int, _Key]
    moved: set[int] = field(default_factory=set)
    budget_reached: bool = False

    def pair(self, i: int, j: int) -> None:
        self.to_new[i], self.to_old[j] = j, i

    def is_free(self, i: int, j: int) -> bool:
        return 0 <= i < len(self.to_new) and 0 <= j < len(self.to_old) and self.to_new[i] < 0 and self.to_old[j] < 0

    def is_in_order(self, i: int, j: int) -> bool:
        """Whether a pair (or -1 for none) stands in the same order in both texts."""
        return i >= 0 and j >= 0 and i not in self.moved

    def is_same(self, i: int, j: int) -> bool:
        """Whether two extents have equal words."""
        return self.old_keys[i] == self.new_keys[j]

    def is_alike(self, i: int, j: int) -> bool:
        """Whether two extents have equal words, or most of them."""
        return self.is_same(i, j) or self.coded.likeness(i, j) > 0

    def move(self, i: int, j: int) -> None:
        """Pair extents that do not stand in the same order."""
        self.pair(i, j)
        self.moved.add(i)


def align(old: Extents, new: Extents) -> Alignment:
    """Pair the extents of two texts."""
    head, tail = same_ends(old.wholes, new.wholes)
    span = Group(head, len(old.raw) - tail, head, len(new.raw) - tail)
    if span.a1 - span.a0 == span.b1 - span.b0 == 1:  # so are most edits of a long history: one block became another
        return _as_they_stand(old, new, span)
    keys = _keys(old, new, span)
    if _may_read_alike(old, new, keys) and _read_alike(old, new, span):
        return _as_they_stand(old, new, span)
    coded = Coded(old, new)
    table = _paired(_table(coded, old, new, span, keys), span, [])
    if _is_suspect(table, span):
        alike = _alike(table, list(range(span.a0, span.a1)), list(range(span.b0, span.b1)))
        other = _paired(_table(coded, old, new, span, keys), span, alike)
        table = max(table, other, key=_kept)
    return _alignment(table, head, tail)


def _as_they_stand(old: Extents, new: Extents, span: Group) -> Alignment:
    """The equal ends, and all that stands between them as one."""
    groups = (Group(0, span.a0, 0, span.b0), span, Group(span.a1, len(old.raw), span.b1, len(new.raw)))
    return Alignment([group for group in groups if group.a0 < group.a1 and group.b0 < group.b1], [])


def _read_alike(old: Extents, new: Extents, span: Group) -> bool:
    """Whether both texts say the same, however it is laid out: then no word has come, gone or moved."""
    one = reading(map(old.stream, range(span.a0, span.a1)))
    other = reading(map(new.stream, range(span.b0, span.b1)))
    return all(here == there for here, there in zip_longest(one, other))


_Key = str | tuple[str, str]
_Keys = tuple[dict[int, _Key], dict[int, _Key]]


def _table(coded: Coded, old: Extents, new: Extents, span: Group, keys: _Keys) -> _Table:
    """A table with nothing paired but the equal ends around the span."""
    tail = len(old.raw) - span.a1
    to_new = [*range(span.a0), *[-1] * (span.a1 - span.a0), *range(span.b1, span.b1 + tail)]
    to_old = [*range(span.b0), *[-1] * (span.b1 - span.b0), *range(span.a1, span.a1 + tail)]
    return _Table(old, new, coded, to_new, to_old, *keys)


def _keys(old: Extents, new: Extents, span: Group) -> _Keys:
    """What each extent is compared by: its words, or for short its source where both texts have that equally often."""
    olds = {i: old.content(i) for i in range(span.a0, span.a1)}
    news = {j: new.content(j) for j in range(span.b0, span.b1)}
    old_counts, new_counts = Counter(olds.values()), Counter(news.values())
    same = {content for content, count in old_counts.items() if new_counts.get(content) == count}
    return (
        {i: content if content in same else old.key(i) for i, content in olds.items()},
        {j: content if content in same else new.key(j) for j, content in news.items()},
    )


def _may_read_alike(old: Extents, new: Extents, keys: _Keys) -> bool:
    """Whether what is not written alike has as many words in both texts: else they cannot say the same."""
    sizes = [
        sum(side.size(at) for at, key in of_side.items() if isinstance(key, str))
        for side, of_side in zip((old, new), keys, strict=True)
    ]
    return sizes[0] == sizes[1]


def _paired(table: _Table, span: Group, alike: list[tuple[int, int, int]]) -> _Table:
    """Pairs by equal words first; `alike` are edited pairs that may outweigh them."""
    if span.a0 < span.a1 and span.b0 < span.b1:
        _pair_moved(table, _pair_unique(table, alike))
        for gap in list(_gaps(table, span)):
            _pair_repeated(table, gap)
        _settle_moved(table)
        for gap in list(_gaps(table, span)):
            _pair_alike(table, gap)
        _pair_moved_alike(table, span)
    return table


def _kept(table: _Table) -> int:
    """Words that found their partner, in order or moved."""
    pairs = [(i, table.to_new[i]) for i in table.old_keys if table.to_new[i] >= 0]
    return sum(table.old.size(i) if table.is_same(i, j) else table.coded.shared(i, j) for i, j in pairs)


MOST_SUSPECTED = 160_000_000_000
"""Length of the old text times the new one's, up to which an alignment is checked against the words as a whole."""


def _is_suspect(table: _Table, span: Group) -> bool:
    """Whether much is alone or out of order on both sides that the words, taken as a whole, would have kept.

    So it is with a text that holds its own last edition below: the old text equals the new one's lower half.
    """
    olds, news = range(span.a0, span.a1), range(span.b0, span.b1)
    alone_old = [i for i in olds if not table.is_in_order(i, table.to_new[i])]
    alone_new = [j for j in news if not table.is_in_order(table.to_old[j], j)]
    sizes = [sum(map(len, found)) for found in (table.old.raw[span.a0 : span.a1], table.new.raw[span.b0 : span.b1])]
    alone = [sum(len(side.raw[at]) for at in found) for side, found in ((table.old, alone_old), (table.new, alone_new))]
    if min(alone) * 4 < max(sizes) or sizes[0] * sizes[1] > MOST_SUSPECTED:
        return False
    one, other = table.coded.joined(*span)
    return shared(one, other) * 10 > 13 * (len(one) - sum(map(table.old.size, alone_old)))


def _pair_unique(table: _Table, alike: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Pair what stands once in each text and in the same order; the pairs that cross."""
    old, new = _once(table.old_keys), _once(table.new_keys)
    pairs = [(i, new[key], 100 * table.old.length(i)) for key, i in old.items() if key in new]
    for at in heaviest_chain(pairs + alike):
        table.pair(*(pairs + alike)[at][:2])
    return [(i, j) for i, j, _ in pairs if table.is_free(i, j)]


def _once(keys: dict[int, _Key]) -> dict[_Key, int]:
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
    old_keys, new_keys = [table.old_keys[i] for i in old], [table.new_keys[j] for j in new]
    if set(old_keys).isdisjoint(new_keys):
        return
    if len(old) * len(new) > MOST_CELLS:
        table.budget_reached = True
        return
    for match in matches_of(old_keys, new_keys):
        for at in range(match.size):
            table.pair(old[match.i + at], new[match.j + at])


def _pair_moved(table: _Table, crossing: list[tuple[int, int]]) -> None:
    """Take pairs that cross as moved, with the equal neighbours of those that are long enough to lead them."""
    for i, j in crossing:
        table.move(i, j)
    for run in _runs(table):
        if sum(table.old.size(i) for i, _ in run) >= LEAST_LEADING:
            _grow(table, *run[-1], 1, table.is_same)
            _grow(table, *run[0], -1, table.is_same)


def _settle_moved(table: _Table) -> None:
    """Let moved runs grow over neighbours that are alike, and keep those long enough to be moves."""
    for run in _runs(table):
        _grow(table, *run[-1], 1, table.is_alike)
        _grow(table, *run[0], -1, table.is_alike)
    for run in _runs(table):
        if sum(table.old.size(i) for i, _ in run) < LEAST_MOVED:
            for i, j in run:
                table.to_new[i] = table.to_old[j] = -1
                table.moved.discard(i)


LEAST_LEADING = 12
"""Words a moved run must have to take along neighbours that stand elsewhere too."""


def _grow(table: _Table, i: int, j: int, step: int, fits: Callable[[int, int], bool]) -> None:
    """Take in neighbours that fit, as long as they stand side by side in both texts."""
    i, j = i + step, j + step
    while table.is_free(i, j) and fits(i, j):
        table.move(i, j)
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


def _pair_alike(table: _Table, gap: Group) -> None:
    """Pair edited extents in order, the heaviest chain of those that are alike."""
    old, new = _free(table, gap)
    if not old or not new:
        return
    if len(old) == len(new) == 1:
        table.pair(old[0], new[0])
        return
    pairs = _alike(table, old, new)
    for at in heaviest_chain(pairs):
        table.pair(*pairs[at][:2])


def _pair_moved_alike(table: _Table, span: Group) -> None:
    """Pair what is left alone with its edited self elsewhere, the likest first."""
    old = [i for i in range(span.a0, span.a1) if table.to_new[i] < 0 and table.old.size(i) >= LEAST_EDITED]
    new = [j for j in range(span.b0, span.b1) if table.to_old[j] < 0 and table.new.size(j) >= LEAST_EDITED]
    pairs = [(weight, i, j) for i, j, weight in _alike(table, old, new, MOVED_LIKE)] if old and new else []
    for _, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if table.is_free(i, j):
            table.move(i, j)


LEAST_EDITED = 8
"""Words an edited block must have to be found again elsewhere."""
MOVED_LIKE = 0.6


def _alike(table: _Table, old: list[int], new: list[int], at_least: float = LIKE) -> list[tuple[int, int, int]]:
    """Pairs that have much in common, weighed by the words they would keep."""
    pairs = []
    olds, news = {i: table.coded.old(i) for i in old}, {j: table.coded.new(j) for j in new}
    for i, j in candidates(table.old, table.new, old, new):
        alike = likeness(olds[i], news[j], at_least)
        if alike:
            least = min(table.old.length(i), table.new.length(j))
            pairs.append((i, j, 1 + int(alike * 100 * least)))
    return pairs


def _alignment(table: _Table, head: int, tail: int) -> Alignment:
    groups = [Group(0, head, 0, head)] if head else []
    size_a, size_b = len(table.to_new), len(table.to_old)
    groups += _in_order(table, head, size_a - tail)
    if tail:
        groups.append(Group(size_a - tail, size_a, size_b - tail, size_b))
    runs = _runs(table)
    moved = {i for run in runs for i, _ in run}, {j for run in runs for _, j in run}
    moves = [[Group(i, i + 1, j, j + 1) for i, j in run] for run in runs]
    return Alignment(joined(table.old, table.new, table.coded, groups, moved), moves, table.budget_reached)


def _in_order(table: _Table, low: int, high: int) -> Iterator[Group]:
    """The pairs in order; those of equal source that stand side by side in both texts as one group."""
    old, new = table.old.wholes, table.new.wholes
    start = size = shift = 0
    for i in range(low, high):
        j = table.to_new[i]
        if j < 0 or i in table.moved:
            continue
        is_equal = old[i] == new[j]
        if size and is_equal and i == start + size and j - i == shift:
            size += 1
            continue
        if size:
            yield Group(start, start + size, start + shift, start + size + shift)
        if not is_equal:
            yield Group(i, i + 1, j, j + 1)
        start, size, shift = i, int(is_equal), j - i
    if size:
        yield Group(start, start + size, start + shift, start + size + shift)

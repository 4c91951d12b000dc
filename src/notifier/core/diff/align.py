"""Which extents of two texts belong together: in order, moved, or alone.

Exact first (equal words), then the heaviest chain decides who stayed and who moved, then like with like inside each
gap, then halves of what was split or merged. Every step is bounded by a count of comparisons, never by a clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from notifier.core.diff.chain import heaviest_chain
from notifier.core.diff.engine import LIKE, MOST_CELLS, likeness, matches_of, same_ends, shared
from notifier.core.diff.join import Group, joined
from notifier.core.diff.words import Side

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

    def is_in_order(self, i: int, j: int) -> bool:
        """Whether a pair (or -1 for none) stands in the same order in both texts."""
        return i >= 0 and j >= 0 and i not in self.moved

    def likeness(self, i: int, j: int) -> float:
        return likeness(self.old.stream(i).keys, self.new.stream(j).keys)


def align(old: Side, new: Side) -> Alignment:
    """Pair the extents of two texts."""
    head, tail = same_ends(old.raw, new.raw)
    span = Group(head, len(old.raw) - tail, head, len(new.raw) - tail)
    table = _paired(old, new, span, [])
    if _is_suspect(table, span):
        alike = _alike(table, list(range(span.a0, span.a1)), list(range(span.b0, span.b1)))
        table = max(table, _paired(old, new, span, alike), key=_kept)
    return _alignment(table, head, tail)


def _paired(old: Side, new: Side, span: Group, alike: list[tuple[int, int, int]]) -> _Table:
    """Pairs by equal words first; `alike` are edited pairs that may outweigh them."""
    table = _Table(old, new, [-1] * len(old.raw), [-1] * len(new.raw))
    if span.a0 < span.a1 and span.b0 < span.b1:
        crossing = _pair_unique(table, span, alike)
        for gap in list(_gaps(table, span)):
            _pair_repeated(table, gap)
        _pair_moved(table, crossing)
        for gap in list(_gaps(table, span)):
            _pair_alike(table, gap)
        _pair_moved_alike(table, span)
    return table


def _kept(table: _Table) -> int:
    """Words that found their partner, in order or moved."""
    return sum(
        table.old.size(i)
        if table.old.key(i) == table.new.key(j)
        else shared(table.old.stream(i).keys, table.new.stream(j).keys)
        for i, j in enumerate(table.to_new)
        if j >= 0
    )


MOST_SUSPECTED = 4_000_000_000
"""Words of the old times words of the new text, up to which an alignment is checked against the words as a whole."""


def _is_suspect(table: _Table, span: Group) -> bool:
    """Whether much is alone or out of order on both sides that the words, taken as a whole, would have kept.

    So it is with a text that holds its own last edition below: the old text equals the new one's lower half.
    """
    old, new = range(span.a0, span.a1), range(span.b0, span.b1)
    alone_old = sum(table.old.size(i) for i in old if not table.is_in_order(i, table.to_new[i]))
    alone_new = sum(table.new.size(j) for j in new if not table.is_in_order(table.to_old[j], j))
    words_old, words_new = sum(map(table.old.size, old)), sum(map(table.new.size, new))
    if min(alone_old, alone_new) * 4 < max(words_old, words_new) or words_old * words_new > MOST_SUSPECTED:
        return False
    whole = shared(table.old.joined(span.a0, span.a1).keys, table.new.joined(span.b0, span.b1).keys)
    return whole * 10 > 13 * (words_old - alone_old)


def _pair_unique(table: _Table, span: Group, alike: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Pair what stands once in each text and in the same order; the pairs that cross."""
    old = _once({i: table.old.key(i) for i in range(span.a0, span.a1)})
    new = _once({j: table.new.key(j) for j in range(span.b0, span.b1)})
    pairs = [(i, new[key], 100 * (1 + table.old.size(i))) for key, i in old.items() if key in new]
    chain = heaviest_chain(pairs + alike)
    for at in chain:
        table.pair(*(pairs + alike)[at][:2])
    return [(i, j) for i, j, _ in pairs if table.is_free(i, j)]


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


MOST_LIKENESSES = 1_000
"""Comparisons of blocks in one gap; beyond it only blocks with a rare word in common are compared."""


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
            table.pair(i, j)
            table.moved.add(i)


LEAST_EDITED = 8
"""Words an edited block must have to be found again elsewhere."""
MOVED_LIKE = 0.6


def _alike(table: _Table, old: list[int], new: list[int], at_least: float = LIKE) -> list[tuple[int, int, int]]:
    """Pairs that have much in common, weighed by the words they would keep."""
    pairs = []
    for i, j in _candidates(table, old, new):
        alike = likeness(table.old.stream(i).keys, table.new.stream(j).keys, at_least)
        if alike:
            pairs.append((i, j, 1 + int(alike * 100 * min(table.old.size(i), table.new.size(j)))))
    return pairs


def _candidates(table: _Table, old: list[int], new: list[int]) -> list[tuple[int, int]]:
    if len(old) * len(new) <= MOST_LIKENESSES:
        return [(i, j) for i in old for j in new]
    return _with_rare_words(table, old, new)


def _with_rare_words(table: _Table, old: list[int], new: list[int]) -> list[tuple[int, int]]:
    """For each old extent the new ones that share most of its rare words, and those as far down the gap."""
    words = {j: set(table.new.stream(j).keys) for j in new}
    counts: Counter[str] = Counter()
    for found_in in words.values():
        counts.update(found_in)
    rare: dict[str, list[int]] = {word: [] for word, count in counts.items() if count <= MOST_PLACES}
    for j, found_in in words.items():
        for word in rare.keys() & found_in:
            rare[word].append(j)
    found: list[tuple[int, int]] = []
    for at, i in enumerate(old):
        votes: dict[int, int] = {}
        for word in rare.keys() & set(table.old.stream(i).keys):
            for j in rare[word]:
                votes[j] = votes.get(j, 0) + 1
        likeliest = sorted(votes, key=lambda j: (-votes[j], j))[:MOST_LIKELY]
        found += [(i, j) for j in sorted({*likeliest, *_level(at, len(old), new)})]
    return found


MOST_PLACES = 8
"""Blocks a word may stand in to count as rare."""
MOST_LIKELY = 4
"""Blocks compared with one because of the rare words they share."""


def _level(at: int, size: int, new: list[int]) -> set[int]:
    """The new extents as far down the gap as number `at` of `size` old ones: from the top, the end, in proportion."""
    options = (at, len(new) - size + at, at * len(new) // size)
    return {new[option] for option in options if 0 <= option < len(new)}


def _alignment(table: _Table, head: int, tail: int) -> Alignment:
    groups = [Group(0, head, 0, head)] if head else []
    size_a, size_b = len(table.to_new), len(table.to_old)
    for i in range(head, size_a - tail):
        j = table.to_new[i]
        if j >= 0 and i not in table.moved:
            groups.append(Group(i, i + 1, j, j + 1))
    if tail:
        groups.append(Group(size_a - tail, size_a, size_b - tail, size_b))
    runs = _runs(table)
    moved = {i for run in runs for i, _ in run}, {j for run in runs for _, j in run}
    moves = [[Group(i, i + 1, j, j + 1) for i, j in run] for run in runs]
    return Alignment(joined(table.old, table.new, groups, moved), moves, table.budget_reached)

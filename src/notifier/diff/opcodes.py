"""Two streams and the tokens they share → `Opcode`s that cover both sources to the last character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from notifier.diff.cleanup import clean
from notifier.diff.engine import Match, long_matches_of, same_ends
from notifier.diff.extents import Extents
from notifier.diff.gap_atoms import Changed, atoms, changes, seen_changes
from notifier.diff.streams import Stream
from notifier.diff.values import Layer


class Sides(NamedTuple):
    """The two texts that are compared."""

    old: Extents
    new: Extents

    def are_same(self, a0: int, a1: int, b0: int, b1: int) -> bool:
        """Whether two stretches are written and read the same."""
        if self.old.text[a0:a1] != self.new.text[b0:b1]:
            return False
        if self.old.seen(a0, a1) == self.new.seen(b0, b1):
            return True
        one, other = self.old.seen(a0, a1, with_numbers=False), self.new.seen(b0, b1, with_numbers=False)
        return one.split() == other.split()


class Opcode(NamedTuple):
    """`old[a0:a1]` became `new[b0:b1]`; without a layer both are the same text. Words lost and gained are counted."""

    layer: Layer | None
    a0: int
    a1: int
    b0: int
    b1: int
    lost: int = 0
    gained: int = 0
    in_move: bool = False


def compared(sides: Sides, old: Stream, new: Stream, a: int, b: int) -> tuple[list[Opcode], bool]:
    """The opcodes of two streams that start at `a` and `b`; whether some of it was too long to be compared."""
    if old.keys == new.keys:
        return opcodes_of(sides, old, new, [Match(0, 0, len(old.keys))] if old.keys else [], a, b), False
    matches, is_cut_short = long_matches_of(old.keys, new.keys)
    return opcodes_of(sides, old, new, clean(old, new, matches), a, b), is_cut_short


def opcodes_of(sides: Sides, old: Stream, new: Stream, matches: list[Match], a: int, b: int) -> list[Opcode]:
    """Everything that became of `old` on its way to `new`; `a` and `b` are where they start in their texts."""
    return list(_Walk(sides, old, new, old.offsets(a), new.offsets(b)).opcodes(matches))


class _Walk:
    """Goes along two streams from match to match. Word `n` is `parts[2n + 1]`, the gap before it `parts[2n]`."""

    def __init__(self, sides: Sides, old: Stream, new: Stream, a_at: list[int], b_at: list[int]) -> None:
        self.sides = sides
        self.old, self.new = old.parts, new.parts
        self.old_seen, self.new_seen = old.seen, new.seen
        self.a_at, self.b_at = a_at, b_at
        self.sizes = len(old.keys), len(new.keys)

    def opcodes(self, matches: list[Match]) -> Iterator[Opcode]:
        i = j = 0
        for match in [*matches, Match(*self.sizes, 0)]:
            yield from self.changed(i, match.i, j, match.j)
            yield from self.kept(match)
            i, j = match.i + match.size, match.j + match.size

    def kept(self, match: Match) -> Iterator[Opcode]:
        """Words that stayed, with the gaps between (not around) them."""
        if not match.size:
            return
        low, high = 2 * match.i + 1, 2 * (match.i + match.size)
        shift = 2 * (match.j - match.i)
        seen = self.old_seen[match.i + 1 : match.i + match.size]
        is_seen_alike = seen == self.new_seen[match.j + 1 : match.j + match.size]
        if is_seen_alike and self.old[low:high] == self.new[low + shift : high + shift]:
            yield self.opcode(None, low, high, low + shift, high + shift)
            return
        start = low
        for part in range(low, high):
            if self.is_same(part, part + shift):
                continue
            if start < part:
                yield self.opcode(None, start, part, start + shift, part + shift)
            start = part + 1
            yield from self.between(part, part + shift)
        if start < high:
            yield self.opcode(None, start, high, start + shift, high + shift)

    def is_same(self, at: int, to: int) -> bool:
        """Whether two gaps, or two tokens that are compared by one key, are written and read the same."""
        return self.old[at] == self.new[to] and (at % 2 == 1 or self.old_seen[at // 2] == self.new_seen[to // 2])

    def gap(self, at: int, to: int) -> Iterator[Opcode]:
        """What became of the gap `at` on its way to the gap `to`."""
        if self.is_same(at, to):
            yield self.opcode(None, at, at + 1, to, to + 1)
        else:
            yield from self.between(at, to)

    def between(self, at: int, to: int, skipped: int = 0) -> Iterator[Opcode]:
        """What became of a part, atom by atom; so many characters of both are passed over.

        Of markup written the same on both sides nothing changed, though it may begin a quotation on one side only.
        """
        a, b = self.a_at[at] + skipped, self.b_at[to] + skipped
        one, other = self.sides.old.text, self.sides.new.text
        for layer, lost, gained in self._changes(at, to, a, b):
            has_stayed = layer is not Layer.WORDS and one[a : a + lost] == other[b : b + gained]
            yield Opcode(None if has_stayed else layer, a, a + lost, b, b + gained)
            a, b = a + lost, b + gained

    def _changes(self, at: int, to: int, a: int, b: int) -> Iterable[Changed]:
        is_token = at % 2 == 1
        one, other = self.old[at], self.new[to]
        if is_token or not (_is_seen(one, self.old_seen[at // 2]) and _is_seen(other, self.new_seen[to // 2])):
            old, new = self.sides
            starts_line = at == 0 and to == 0
            return changes(
                atoms(old, a, self.a_at[at + 1], starts_line=starts_line, in_token=is_token),
                atoms(new, b, self.b_at[to + 1], starts_line=starts_line, in_token=is_token),
            )
        skipped = a - self.a_at[at]
        return seen_changes(one[skipped:], other[skipped:])

    def opcode(self, layer: Layer | None, a0: int, a1: int, b0: int, b1: int) -> Opcode:
        return Opcode(layer, self.a_at[a0], self.a_at[a1], self.b_at[b0], self.b_at[b1])

    def changed(self, i0: int, i1: int, j0: int, j1: int) -> Iterator[Opcode]:
        """The words `i0:i1` became `j0:j1`; with the gaps around them."""
        if i0 == i1 and j0 == j1:
            yield from self.gap(2 * i0, 2 * j0)
        elif i0 == i1:
            yield from self.inserted(2 * i0, 2 * j0, 2 * j1)
        elif j0 == j1:
            yield from self.deleted(2 * i0, 2 * i1, 2 * j0)
        else:
            yield from self.replaced(i0, i1, j0, j1)

    def replaced(self, i0: int, i1: int, j0: int, j1: int) -> Iterator[Opcode]:
        """Words for words; a bracket opened on both sides is closed with them."""
        old_gap, new_gap = self.old[2 * i1], self.new[2 * j1]
        closes = int(
            old_gap.startswith(")")
            and new_gap.startswith(")")
            and _is_open(self.old[2 * i0 + 1 : 2 * i1])
            and _is_open(self.new[2 * j0 + 1 : 2 * j1])
        )
        a1, b1 = self.a_at[2 * i1] + closes, self.b_at[2 * j1] + closes
        yield from self.gap(2 * i0, 2 * j0)
        yield Opcode(Layer.WORDS, self.a_at[2 * i0 + 1], a1, self.b_at[2 * j0 + 1], b1, i1 - i0, j1 - j0)
        yield from self.between(2 * i1, 2 * j1, closes) if closes else self.gap(2 * i1, 2 * j1)

    def inserted(self, gap: int, first: int, last: int) -> Iterator[Opcode]:
        """Words from gap `first` to gap `last` of the new side went into one gap of the old side."""
        a0, a1 = self.a_at[gap], self.a_at[gap + 1]
        b0, b1 = self.b_at[first], self.b_at[last + 1]
        if self.sides.are_same(a0, a1, b0, b1):  # the number of a clause, a word only on one side
            yield Opcode(None, a0, a1, b0, b1)
            return
        head, tail = _cut(self.old[gap], self.new[first : last + 1])
        yield from self.cut_opcodes(head, tail, a0, a1, b0, b1, 0, (last - first) // 2)

    def deleted(self, first: int, last: int, gap: int) -> Iterator[Opcode]:
        """The words from gap `first` to gap `last` of the old side went out."""
        a0, a1 = self.a_at[first], self.a_at[last + 1]
        b0, b1 = self.b_at[gap], self.b_at[gap + 1]
        if self.sides.are_same(a0, a1, b0, b1):
            yield Opcode(None, a0, a1, b0, b1)
            return
        head, tail = _cut(self.new[gap], self.old[first : last + 1])
        yield from self.cut_opcodes(head, tail, a0, a1, b0, b1, (last - first) // 2, 0)

    def cut_opcodes(
        self, head: int, tail: int, a0: int, a1: int, b0: int, b1: int, lost: int, gained: int
    ) -> Iterator[Opcode]:
        """A change with what stays before and after it, if it is read the same on both sides."""
        head *= self.are_same(a0, a0 + head, b0, b0 + head)
        tail *= self.are_same(a1 - tail, a1, b1 - tail, b1)
        yield Opcode(None, a0, a0 + head, b0, b0 + head)
        yield Opcode(Layer.WORDS, a0 + head, a1 - tail, b0 + head, b1 - tail, lost, gained)
        yield Opcode(None, a1 - tail, a1, b1 - tail, b1)

    def are_same(self, a0: int, a1: int, b0: int, b1: int) -> bool:
        """Whether two stretches are read the same, of which the source is."""
        source = self.sides.old.text[a0:a1]
        return not source or source.isspace() or self.sides.are_same(a0, a1, b0, b1)


def _is_seen(source: str, seen: str) -> bool:
    """Whether a reader reads a gap as it is written: most are blanks, or a sign and a blank."""
    return source == seen or (source.isascii() and source.isspace())


def _is_open(parts: list[str]) -> bool:
    """Whether a bracket is opened between these words and not closed."""
    gaps = "".join(parts[1::2])
    return gaps.count("(") > gaps.count(")")


def _cut(gap: str, parts: list[str]) -> tuple[int, int]:
    """How much of a gap goes before, and how much after, the words that went into it; whole lines if it can be."""
    first, last = parts[0], parts[-1]
    if gap == "".join(parts):  # written the same, and read as something else
        return 0, 0
    head = _shared_start(gap, first)
    line = gap.rfind("\n", 0, head) + 1
    if line and last.endswith(gap[line:]):
        return line, len(gap) - line
    tail = _shared_start(gap[head:][::-1], last[::-1])
    return head, tail


def _shared_start(one: str, other: str) -> int:
    size = min(len(one), len(other))
    return next((at for at in range(size) if one[at] != other[at]), size)


NARROWED = frozenset({Layer.LINKS, Layer.MARKUP})
_TOKEN = re.compile(r"\w+|(\W)\1*")
"""A word, or one sign however often: `**` is not `*` and a bit, nor a longer line under a heading a shorter one."""


def narrowed(opcode: Opcode, old: str, new: str) -> list[Opcode]:
    """For drawing: of a link's target or of markup that changed only the tokens that did."""
    if opcode.layer not in NARROWED or opcode.a0 == opcode.a1 or opcode.b0 == opcode.b1:
        return [opcode]
    one = [token[0] for token in _TOKEN.finditer(old, opcode.a0, opcode.a1)]
    other = [token[0] for token in _TOKEN.finditer(new, opcode.b0, opcode.b1)]
    head, tail = same_ends(one, other)
    start, end = sum(map(len, one[:head])), sum(map(len, one[len(one) - tail :]))
    a0, a1, b0, b1 = opcode.a0 + start, opcode.a1 - end, opcode.b0 + start, opcode.b1 - end
    cut = [
        Opcode(None, opcode.a0, a0, opcode.b0, b0),
        Opcode(opcode.layer, a0, a1, b0, b1),
        Opcode(None, a1, opcode.a1, b1, opcode.b1),
    ]
    return [part for part in cut if part.a0 < part.a1 or part.b0 < part.b1]

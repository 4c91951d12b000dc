"""Two streams and the words they share → `Piece`s that cover both sources to the last character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from notifier.diff.engine import Match, matches_of, same_ends
from notifier.diff.values import Layer
from notifier.diff.words import OPAQUE, Stream


class Piece(NamedTuple):
    """`old[a0:a1]` became `new[b0:b1]`; without a layer both are the same text. Words lost and gained are counted."""

    layer: Layer | None
    a0: int
    a1: int
    b0: int
    b1: int
    lost: int = 0
    gained: int = 0
    in_move: bool = False


_ATOM = re.compile(
    rf"(?P<opaque>{OPAQUE})"
    r"|(?P<marker>(?<=\n)[ \t>]*(?:[-*+•·][ \t]+)+|(?<=\n)[ \t>]*\#{1,6}[ \t]+|(?<=\n)[ \t]*(?:>[ \t]*)+)"
    r"|(?P<space>[ \t\f\v]+|\r?\n|\r)"
    r"|(?P<number>\(?[^\W_]+\\?[.)]?)"
    r"|(?P<link>!?\[|\])"
    r"|(?P<markup>[*_`~\#|\\=]+|:?-{2,}:?|\+(?=[ \t]))"
    r"|(?P<override>[\u202a-\u202e\u2066-\u2069])"
    r"|(?P<typography>[\"'“”‘’„‚«»‹›…–—―‐‑•·\-\s\u00a0\u00ad\u200b-\u200f\u2060\ufeff]|\.\.\.)"
    r"|(?P<sign>.)",
    re.MULTILINE | re.DOTALL,
)
_LAYER_OF: dict[str, Layer | None] = {
    "marker": Layer.MARKUP,
    "space": None,  # goes with what changed beside it
    "number": Layer.MARKUP,
    "link": Layer.LINKS,
    "markup": Layer.MARKUP,
    "override": Layer.WORDS,  # turns the letters after it round: what is read is another text
    "typography": Layer.TYPOGRAPHY,
    "sign": Layer.WORDS,
}
_ADDRESS = re.compile(r"\]|\w+:|www\.|<\w+:|<[^>]*\b(?:href|src)\b|[ \t>]*\[")

_Atom = tuple[str, Layer | None]


def _atoms(gap: str, starts_line: bool) -> list[_Atom]:
    """What a gap is made of; a list marker is one only where a line starts."""
    if starts_line:
        return [(match[0], _layer_of(match)) for match in _ATOM.finditer(f"\n{gap}", 1)]
    return [(match[0], _layer_of(match)) for match in _ATOM.finditer(gap)]


def _layer_of(match: re.Match[str]) -> Layer | None:
    group = match.lastgroup or ""
    if group != "opaque":
        return _LAYER_OF[group]
    if match[0].startswith("&"):
        return Layer.TYPOGRAPHY
    return Layer.LINKS if _ADDRESS.match(match[0]) else Layer.MARKUP


def gap_pieces(old: str, new: str, a: int, b: int, *, starts_line: bool = False) -> Iterator[Piece]:
    """What became of one gap; `a` and `b` are where it starts."""
    if old == new:
        yield Piece(None, a, a + len(old), b, b + len(new))
        return
    changes = _gap_changes if len(old) + len(new) < MOST_REMEMBERED else _gap_changes.__wrapped__
    for layer, lost, gained in changes(old, new, starts_line):
        yield Piece(layer, a, a + lost, b, b + gained)
        a, b = a + lost, b + gained


MOST_REMEMBERED = 200
"""Characters of gaps worth remembering: the common ones are short."""


@lru_cache(maxsize=1024)
def _gap_changes(old: str, new: str, starts_line: bool) -> tuple[tuple[Layer | None, int, int], ...]:
    """The layers touched in turn, with how much of each gap they take; no layer where both are the same."""
    old_atoms, new_atoms = _atoms(old, starts_line), _atoms(new, starts_line)
    found: list[tuple[Layer | None, int, int]] = []
    i = j = 0
    matches = matches_of([text for text, _ in old_atoms], [text for text, _ in new_atoms])
    for match in [*matches, Match(len(old_atoms), len(new_atoms), 0)]:
        found += _changed_atoms(old_atoms[i : match.i], new_atoms[j : match.j])
        i, j = match.i + match.size, match.j + match.size
        kept = sum(len(text) for text, _ in old_atoms[match.i : i])
        if kept:
            found.append((None, kept, kept))
    return tuple(found)


def _changed_atoms(old: list[_Atom], new: list[_Atom]) -> Iterator[tuple[Layer, int, int]]:
    """Changed atoms, by the layers touched: what one layer lost beside what it gained, in order."""
    while old or new:
        layer = _first_layer(old, new)
        lost, old = _taken(old, layer)
        gained, new = _taken(new, layer)
        yield layer or Layer.MARKUP, lost, gained


def _first_layer(old: list[_Atom], new: list[_Atom]) -> Layer | None:
    """The layer to deal with first: the first on either side, of two the one the other side does not come to."""
    first = [next((layer for _, layer in side if layer is not None), None) for side in (old, new)]
    if first[0] is None or first[1] is None or first[0] is first[1]:
        return first[0] or first[1]
    return first[1] if any(layer is first[0] for _, layer in new) else first[0]


def _taken(atoms: list[_Atom], layer: Layer | None) -> tuple[int, list[_Atom]]:
    """The length of the leading atoms of a layer, white space with them, and the atoms after them."""
    count = next((at for at, atom in enumerate(atoms) if atom[1] is not layer and atom[1] is not None), len(atoms))
    return sum(len(text) for text, _ in atoms[:count]), atoms[count:]


def pieces_of(old: Stream, new: Stream, matches: list[Match], a: int, b: int) -> list[Piece]:
    """Everything that became of `old` on its way to `new`; `a` and `b` are where they start in their texts."""
    return list(_Walk(old, new, old.offsets(a), new.offsets(b)).pieces(matches))


class _Walk:
    """Goes along two streams from match to match. Word `n` is `parts[2n + 1]`, the gap before it `parts[2n]`."""

    def __init__(self, old: Stream, new: Stream, a_at: list[int], b_at: list[int]) -> None:
        self.old, self.new = old.parts, new.parts
        self.a_at, self.b_at = a_at, b_at
        self.sizes = len(old.keys), len(new.keys)

    def pieces(self, matches: list[Match]) -> Iterator[Piece]:
        i = j = 0
        for match in [*matches, Match(*self.sizes, 0)]:
            yield from self.changed(i, match.i, j, match.j)
            yield from self.kept(match)
            i, j = match.i + match.size, match.j + match.size

    def kept(self, match: Match) -> Iterator[Piece]:
        """Words that stayed, with the gaps between (not around) them."""
        if not match.size:
            return
        low, high = 2 * match.i + 1, 2 * (match.i + match.size)
        shift = 2 * (match.j - match.i)
        if self.old[low:high] == self.new[low + shift : high + shift]:
            yield self.piece(None, low, high, low + shift, high + shift)
            return
        start = low
        for part in range(low, high):
            if self.old[part] == self.new[part + shift]:
                continue
            if start < part:
                yield self.piece(None, start, part, start + shift, part + shift)
            start = part + 1
            if part % 2 == 0:
                yield from self.gap(part, part + shift)
            else:
                yield self.piece(Layer.TYPOGRAPHY, part, start, part + shift, start + shift)
        if start < high:
            yield self.piece(None, start, high, start + shift, high + shift)

    def gap(self, at: int, to: int) -> Iterator[Piece]:
        starts_line = at == 0 and to == 0
        return gap_pieces(self.old[at], self.new[to], self.a_at[at], self.b_at[to], starts_line=starts_line)

    def piece(self, layer: Layer | None, a0: int, a1: int, b0: int, b1: int) -> Piece:
        return Piece(layer, self.a_at[a0], self.a_at[a1], self.b_at[b0], self.b_at[b1])

    def changed(self, i0: int, i1: int, j0: int, j1: int) -> Iterator[Piece]:
        """The words `i0:i1` became `j0:j1`; with the gaps around them."""
        if i0 == i1 and j0 == j1:
            yield from self.gap(2 * i0, 2 * j0)
        elif i0 == i1:
            yield from self.inserted(2 * i0, 2 * j0, 2 * j1)
        elif j0 == j1:
            yield from self.deleted(2 * i0, 2 * i1, 2 * j0)
        else:
            yield from self.replaced(i0, i1, j0, j1)

    def replaced(self, i0: int, i1: int, j0: int, j1: int) -> Iterator[Piece]:
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
        yield Piece(Layer.WORDS, self.a_at[2 * i0 + 1], a1, self.b_at[2 * j0 + 1], b1, i1 - i0, j1 - j0)
        yield from gap_pieces(old_gap[closes:], new_gap[closes:], a1, b1)

    def inserted(self, gap: int, first: int, last: int) -> Iterator[Piece]:
        """Words from gap `first` to gap `last` of the new side went into one gap of the old side."""
        head, tail = _cut(self.old[gap], self.new[first : last + 1])
        a0, a1 = self.a_at[gap], self.a_at[gap + 1]
        b0, b1 = self.b_at[first], self.b_at[last + 1]
        yield from _cut_pieces(head, tail, a0, a1, b0, b1, 0, (last - first) // 2)

    def deleted(self, first: int, last: int, gap: int) -> Iterator[Piece]:
        """The words from gap `first` to gap `last` of the old side went out."""
        head, tail = _cut(self.new[gap], self.old[first : last + 1])
        a0, a1 = self.a_at[first], self.a_at[last + 1]
        b0, b1 = self.b_at[gap], self.b_at[gap + 1]
        yield from _cut_pieces(head, tail, a0, a1, b0, b1, (last - first) // 2, 0)


def _cut_pieces(head: int, tail: int, a0: int, a1: int, b0: int, b1: int, lost: int, gained: int) -> Iterator[Piece]:
    """A change with what stays before and after it."""
    yield Piece(None, a0, a0 + head, b0, b0 + head)
    yield Piece(Layer.WORDS, a0 + head, a1 - tail, b0 + head, b1 - tail, lost, gained)
    yield Piece(None, a1 - tail, a1, b1 - tail, b1)


def _is_open(parts: list[str]) -> bool:
    """Whether a bracket is opened between these words and not closed."""
    gaps = "".join(parts[1::2])
    return gaps.count("(") > gaps.count(")")


def _cut(gap: str, parts: list[str]) -> tuple[int, int]:
    """How much of a gap goes before, and how much after, the words that went into it; whole lines if it can be."""
    first, last = parts[0], parts[-1]
    if gap == "".join(parts):  # the number of a clause, a word only on one side
        return len(gap), 0
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


def narrowed(piece: Piece, old: str, new: str) -> list[Piece]:
    """For drawing: of a link's target or of markup that changed only the tokens that did."""
    if piece.layer not in NARROWED or piece.a0 == piece.a1 or piece.b0 == piece.b1:
        return [piece]
    one = [token[0] for token in _TOKEN.finditer(old, piece.a0, piece.a1)]
    other = [token[0] for token in _TOKEN.finditer(new, piece.b0, piece.b1)]
    head, tail = same_ends(one, other)
    start, end = sum(map(len, one[:head])), sum(map(len, one[len(one) - tail :]))
    a0, a1, b0, b1 = piece.a0 + start, piece.a1 - end, piece.b0 + start, piece.b1 - end
    cut = [
        Piece(None, piece.a0, a0, piece.b0, b0),
        Piece(piece.layer, a0, a1, b0, b1),
        Piece(None, a1, piece.a1, b1, piece.b1),
    ]
    return [part for part in cut if part.a0 < part.a1 or part.b0 < part.b1]

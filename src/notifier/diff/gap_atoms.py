"""What stands between two tokens, and in one: signs, blanks, markup, addresses, each on its layer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from notifier.diff.engine import Match, long_matches_of
from notifier.diff.extents import Extents
from notifier.diff.streams import ADDRESSES, Stream
from notifier.diff.values import Layer
from notifier.text.document import Run


class GapAtom(NamedTuple):
    """`key` is what it is compared by; without a layer it goes with what changed beside it."""

    key: str
    source: str
    layer: Layer | None


Changed = tuple[Layer | None, int, int]
"""A layer with how much of each side it takes; no layer where both are the same."""

_SEEN = re.compile(
    r"(?P<space>[ \t\f\v]+|\r?\n|\r)"
    r"|(?P<override>[\u202a-\u202e\u2066-\u2069])"
    r"|(?P<number>\(?[^\W_]+[.)]?)"
    r"|(?P<typography>[\"'“”‘’„‚«»‹›…–—―‐‑•·\-\s\u00a0\u00ad\u200b-\u200f\u2060\ufeff]|\.\.\.)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
"""What a reader reads between words. Letters among it are the number of a clause, or inside a word its spelling."""
_UNSEEN = re.compile(
    r"(?P<link>\]\((?:[^()\n\\]|\\.|\([^()\n]*\))*\)|\]\[[^\]\n]*\]|^[ \t>]*\[[^\]\n]+\]:[^\n]*"
    r"|<[^>]*\b(?:href|src)\b[^>]*>|!?\[|\]|(?:https?|ftp|mailto|tel):[^\s<>\"|)\]]+)"
    r"|(?P<opaque><!--.*?(?:-->|\Z)|</?[a-zA-Z][^<>]*>|&#?\w{1,31};)"
    r"|(?P<marker>(?<=\n)[ \t>]*(?:[-*+•·][ \t]+)+|(?<=\n)[ \t>]*\#{1,6}[ \t]+|(?<=\n)[ \t]*(?:>[ \t]*)+)"
    r"|(?P<space>[ \t\f\v]+|\r?\n|\r)"
    r"|(?P<markup>\(?\w+[.)]?|[*_`~\#|\\=]+|:?-{2,}:?|\+(?=[ \t])|.)",
    re.MULTILINE | re.DOTALL,
)
"""What no reader reads: targets of links, tags, comments, markers."""
_LAYERS: dict[str, Layer | None] = {
    "space": None,
    "override": Layer.WORDS,  # turns the letters after it round: what is read is another text
    "number": Layer.MARKUP,
    "typography": Layer.TYPOGRAPHY,
    "sign": Layer.WORDS,
    "link": Layer.LINKS,
    "opaque": Layer.MARKUP,
    "marker": Layer.MARKUP,
    "markup": Layer.MARKUP,
}


@lru_cache(maxsize=4096)
def _seen(text: str) -> tuple[GapAtom, ...]:
    return tuple(GapAtom(match[0], match[0], _LAYERS[match.lastgroup or ""]) for match in _SEEN.finditer(text))


@lru_cache(maxsize=4096)
def _unseen(source: str, starts_line: bool) -> tuple[GapAtom, ...]:
    """A list marker is one only where a line starts."""
    matches = _UNSEEN.finditer(f"\n{source}", 1) if starts_line else _UNSEEN.finditer(source)
    return tuple(map(_unseen_atom, matches))


def _unseen_atom(match: re.Match[str]) -> GapAtom:
    """A blank is one whether it is seen or not; anything else is not what it looks like."""
    group = match.lastgroup or ""
    return GapAtom(match[0] if group == "space" else f"\0{match[0]}", match[0], _LAYERS[group])


def atoms(side: Extents, start: int, end: int, *, starts_line: bool = False, in_token: bool = False) -> list[GapAtom]:
    """What a stretch of the source is made of; inside a token what is read is its spelling."""
    source = side.text[start:end]
    if source.isascii() and source.isspace():
        return list(_seen(source))
    found: list[GapAtom] = []
    at = start
    for run in side.runs(start, end):
        if run.end <= at:  # a break that stands for no source
            continue
        if at < run.start:
            found += _unseen(side.text[at : run.start], starts_line and at == start)
        at = run.end
        found += (_spelling if in_token else _read)(run, side.text[run.start : run.end])
    if at < end:
        found += _unseen(side.text[at:end], starts_line and at == start)
    return found


def _read(run: Run, source: str) -> tuple[GapAtom, ...]:
    """The atoms of one run; what stands for its source as a whole reads as the character it stands for."""
    if run.kind in ADDRESSES or not run.text:
        return (GapAtom(source, source, Layer.LINKS),)
    if run.is_verbatim:
        return _seen(run.text) if run.text == source else tuple(_seen_of(run.text, source))
    layers = [atom.layer for atom in _seen(run.text)]
    return (GapAtom(run.text, source, next((layer for layer in _HEAVIEST if layer in layers), Layer.MARKUP)),)


def _spelling(run: Run, source: str) -> tuple[GapAtom, ...]:
    """The characters of a token; they are compared by a key that leaves out how they are written."""
    pieces = zip(run.text, source, strict=True) if run.is_verbatim else [(run.text, source)]
    return tuple(GapAtom(text, piece, Layer.TYPOGRAPHY) for text, piece in pieces)


def _seen_of(text: str, source: str) -> Iterator[GapAtom]:
    """The atoms of text that is read as another of the same length: with U+FFFD for what no page can hold."""
    at = 0
    for atom in _seen(text):
        yield atom._replace(source=source[at : at + len(atom.source)])
        at += len(atom.source)


_HEAVIEST = (Layer.WORDS, Layer.TYPOGRAPHY)


@lru_cache(maxsize=4096)
def _signs(seen: str) -> tuple[str, ...]:
    return tuple(atom.key for atom in _seen(seen) if atom.layer is Layer.WORDS)


def reading(streams: Iterable[Stream]) -> Iterator[str]:
    """What streams say: their words and signs, without typography, addresses and numbers of clauses."""
    for stream in streams:
        for seen, key in zip_longest(stream.seen, stream.keys):
            yield from _signs(seen)
            if key is not None:
                yield key


def changes(old: Sequence[GapAtom], new: Sequence[GapAtom]) -> Iterator[Changed]:
    """How the atoms of one side became those of the other; signs that both have in the same order have stayed."""
    i = j = 0
    for match in _stayed(old, new):
        if i < match.i or j < match.j:
            yield from _changed(old[i : match.i], new[j : match.j])
        i, j = match.i + match.size, match.j + match.size
        if match.size:
            yield from _kept(old[match.i : i], new[match.j : j])


def _stayed(old: Sequence[GapAtom], new: Sequence[GapAtom]) -> Iterator[Match]:
    one, other = [atom.key for atom in old], [atom.key for atom in new]
    signs = [[at for at, atom in enumerate(side) if atom.layer is Layer.WORDS] for side in (old, new)]
    if [one[at] for at in signs[0]] != [other[at] for at in signs[1]]:
        signs = [[], []]
    i = j = 0
    for i_to, j_to in zip([*signs[0], len(old)], [*signs[1], len(new)], strict=True):
        between = long_matches_of(one[i:i_to], other[j:j_to])[0] if i < i_to and j < j_to else []
        yield from (Match(i + match.i, j + match.j, match.size) for match in between)
        yield Match(i_to, j_to, int(i_to < len(old)))
        i, j = i_to + 1, j_to + 1


@lru_cache(maxsize=4096)
def seen_changes(old: str, new: str) -> tuple[Changed, ...]:
    """The same of two stretches that are read as they are written."""
    return tuple(changes(_seen(old), _seen(new)))


def _kept(old: Sequence[GapAtom], new: Sequence[GapAtom]) -> Iterator[Changed]:
    """Atoms that read the same; written another way they are changed markup: `&` and `&amp;`."""
    kept = 0
    for one, other in zip(old, new, strict=True):
        if one.source == other.source:
            kept += len(one.source)
            continue
        if kept:
            yield None, kept, kept
        yield Layer.MARKUP, len(one.source), len(other.source)
        kept = 0
    if kept:
        yield None, kept, kept


def _changed(old: Sequence[GapAtom], new: Sequence[GapAtom]) -> Iterator[tuple[Layer, int, int]]:
    """Changed atoms, by the layers touched: what one layer lost beside what it gained, in order."""
    while old or new:
        layer = _first_layer(old, new)
        lost, old = _taken(old, layer)
        gained, new = _taken(new, layer)
        yield layer or Layer.MARKUP, lost, gained


def _first_layer(old: Sequence[GapAtom], new: Sequence[GapAtom]) -> Layer | None:
    """The layer to deal with first: the first on either side, of two the one the other side does not come to."""
    first = [next((atom.layer for atom in side if atom.layer is not None), None) for side in (old, new)]
    if first[0] is None or first[1] is None or first[0] is first[1]:
        return first[0] or first[1]
    return first[1] if any(atom.layer is first[0] for atom in new) else first[0]


def _taken(side: Sequence[GapAtom], layer: Layer | None) -> tuple[int, Sequence[GapAtom]]:
    """The length of the leading atoms of a layer, white space with them, and the atoms after them."""
    others = (at for at, atom in enumerate(side) if atom.layer is not layer and atom.layer is not None)
    count = next(others, len(side))
    return sum(len(atom.source) for atom in side[:count]), side[count:]

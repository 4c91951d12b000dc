"""A block → a `Stream` of its tokens with what stands between them, losing nothing of the source.

Only words are aligned. Punctuation, markup, addresses and white space lie in the gaps between words and are compared
where both neighbours stayed, so that they can neither drown nor hide a changed word. A word is one to its reader,
whatever markup stands in it: `**un**happy` is `unhappy`; and struck out it is another word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from notifier.text.document import Block, BlockKind, Run, RunKind, TextStyle
from notifier.text.tokens import find_tokens, split_tokens, token_key

_ENUMERATOR = re.compile(
    r"(?:\(?(?:(?P<marked>\d{1,3}(?:\.\d{1,3})*)|[a-zA-Z]|[ivxIVX]{1,5})[.)]|(?P<bare>\d{1,3}(?:\.\d{1,3})+))\s+(?=\S)"
)
"""The number of a section or clause at the start of a block: its place in the order, not what it says."""
_BORDER = "\0"
"""Stands where text on both sides is never one word: no text of a page holds it."""
STRUCK = "\u0336"
"""What the key of a word begins with that the editor struck out."""
_RAISED = frozenset({TextStyle.SUB, TextStyle.SUP})
ADDRESSES = frozenset({RunKind.ADDRESS, RunKind.FOOTNOTE})
"""Runs that say where something is to be found: on the layer of links, and no words."""


class Stream(NamedTuple):
    """`parts`: gap, token, gap, …, token, gap, together the source; `keys`: what each token is compared by.

    `seen` is what a reader reads of each gap.
    """

    parts: list[str]
    keys: list[str]
    seen: list[str]

    def offsets(self, base: int) -> list[int]:
        """Where each part starts, when the first starts at `base`; and where the last ends."""
        return list(accumulate(map(len, self.parts), initial=base))


def stream_of(text: str, block: Block, low: int, high: int, numbers: frozenset[str]) -> Stream:
    """The tokens of a block, with what stands around it from `low` to `high`.

    The number it begins with is no token of it where it counts on among `numbers`, those that other blocks begin with.
    """
    visible, places = _visible(block)
    lead = _lead(visible, block.kind, numbers)
    is_plain = len(places) == 1 and places[0].is_plain and text.startswith(visible, places[0].start)
    if not is_plain:
        stream = _by_place(text, visible, places, lead, low, high)
        return stream or _mapped(text, visible, places, find_tokens(visible, lead), low, high)
    parts = split_tokens(visible[lead:])
    keys = parts[1::2] if visible.isascii() else [token_key(word) for word in parts[1::2]]
    parts[0] = visible[:lead] + parts[0]
    seen = parts[0::2]
    place = places[0]
    parts[0] = text[low : place.start] + parts[0]
    parts[-1] += text[place.end : high]
    return Stream(parts, keys, seen)


def enumerators(blocks: Iterable[Block], texts: Iterable[str]) -> frozenset[str]:
    """The numbers like `2.5` or `(3)` that blocks begin with; `texts` are what they say."""
    numbered = (
        text
        for block, text in zip(blocks, texts, strict=True)
        if block.kind in _NUMBERED and (text[:1].isdigit() or text[:1] == "(") and not _says_number(block)
    )
    found = (match["marked"] or match["bare"] for match in map(_ENUMERATOR.match, numbered) if match)
    return frozenset(number for number in found if number)


def _says_number(block: Block) -> bool:
    """Is it an item whose number is one of its words?"""
    return bool(block.runs) and block.runs[0].kind is RunKind.NUMBER


_NUMBERED = frozenset({BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})


def _lead(visible: str, kind: BlockKind, numbers: frozenset[str]) -> int:
    match = _ENUMERATOR.match(visible) if kind in _NUMBERED else None
    if match is None:
        return 0
    number = match["marked"] or match["bare"]
    is_counted = not number or number in _FIRST or _counts_on(number, numbers)
    return match.end() if is_counted else 0


_FIRST = frozenset({"0", "1"})
"""What is counted from; whoever makes another number of it has one that does not count on."""


def _counts_on(number: str, numbers: frozenset[str]) -> bool:
    """Whether a number stands beside the one before or after it: `2.5` beside `2.4`; alone it is an amount or a day."""
    before, dot, last = number.rpartition(".")
    return any(f"{before}{dot}{int(last) + step}" in numbers for step in (-1, 1))


class _Place(NamedTuple):
    """Visible text from `at` on is the source from `start` to `end`, character for character or as a whole."""

    at: int
    start: int
    end: int
    is_verbatim: bool
    is_struck: bool

    @property
    def is_plain(self) -> bool:
        return self.is_verbatim and not self.is_struck


def _visible(block: Block) -> tuple[str, list[_Place]]:
    """What a reader reads of a block as words and signs, and where it stands."""
    if len(block.runs) == 1 and not block.row:
        run = block.runs[0]
        if run.kind is RunKind.TEXT:
            return run.text, [_Place(0, run.start, run.end, run.is_verbatim, TextStyle.STRUCK in run.styles)]
    texts: list[str] = []
    places: list[_Place] = []
    at = 0
    for run, is_apart in _with_borders(block):
        if is_apart:
            texts.append(_BORDER)
            places.append(_Place(at, run.start, run.start, False, False))
            at += 1
        if run.kind not in ADDRESSES and run.text:
            texts.append(run.text)
            places.append(_Place(at, run.start, run.end, run.is_verbatim, TextStyle.STRUCK in run.styles))
            at += len(run.text)
    return "".join(texts), places


def _with_borders(block: Block) -> Iterator[tuple[Run, bool]]:
    """The runs of a block, and whether each is parted from the one before it."""
    before: Run | None = None
    for cell in block.cells:
        is_new_cell = before is not None
        for run in cell.runs:
            yield run, is_new_cell or (before is not None and _are_apart(before, run))
            before, is_new_cell = run, False


def _are_apart(one: Run, two: Run) -> bool:
    if one.kind is not two.kind:
        return True
    return one.styles is not two.styles and bool(_RAISED.intersection(one.styles) ^ _RAISED.intersection(two.styles))


def _by_place(text: str, visible: str, places: list[_Place], lead: int, low: int, high: int) -> Stream | None:
    """As `_mapped`, and fast: place by place. None where a token reaches from one into the next."""
    parts: list[str] = []
    keys: list[str] = []
    seen: list[str] = []
    gap = seen_gap = ""
    source = low
    for number, (at, start, end, is_verbatim, is_struck) in enumerate(places):
        until = places[number + 1].at if number + 1 < len(places) else len(visible)
        if at and _reaches_over(visible, at):
            return None
        piece = visible[at:until]
        skipped = max(0, min(lead - at, until - at))
        found = split_tokens(piece[skipped:])
        found[0] = piece[:skipped] + found[0]
        if len(found) > 1:
            if not is_verbatim or not text.startswith(piece, start):
                return None
            words = found[1::2]
            if not visible.isascii():
                words = [token_key(word) for word in words]
            parts += (gap + text[source:start] + found[0], *found[1:-1])
            seen += (seen_gap + found[0], *found[2:-1:2])
            keys += [STRUCK + word for word in words] if is_struck else words
            gap = seen_gap = found[-1]
        else:
            gap += text[source:end]
            seen_gap += piece.replace(_BORDER, "")
        source = end
    return Stream([*parts, gap + text[source:high]], keys, [*seen, seen_gap])


def _reaches_over(visible: str, at: int) -> bool:
    """Whether a token begins before a place and goes on in it."""
    before = visible[max(0, at - 2) : at]
    return any(match.start() < len(before) < match.end() for match in find_tokens(before + visible[at : at + 2]))


def _mapped(
    text: str, visible: str, places: list[_Place], tokens: Iterator[re.Match[str]], low: int, high: int
) -> Stream:
    """The stream of a block whose visible text is not its source as it stands."""
    parts: list[str] = []
    keys: list[str] = []
    seen: list[str] = []
    done = index = 0
    source, most = low, len(places) - 1
    place = places[0] if places else None
    for token in tokens:
        first, last = token.span()
        while index < most and places[index + 1].at <= first:
            index += 1
            place = places[index]
        assert place is not None  # noqa: S101 - a token stands in a place
        at, begin, end, is_verbatim, is_struck = place
        start = begin + first - at if is_verbatim else begin
        until = index
        while until < most and places[until + 1].at < last:
            until += 1
            at, begin, end, is_verbatim, is_other_struck = places[until]
            is_struck = is_struck or is_other_struck
        if is_verbatim:
            end = begin + last - at
        word = visible[first:last]
        key = token_key(word)
        if start < source and keys:  # of one whole with the token before: the words of a picture
            keys[-1] = f"{keys[-1]} {key}"
            parts[-1] += text[source:end]
        else:
            parts += (text[source:start], text[start:end])
            gap = visible[done:first]
            seen.append(gap.replace(_BORDER, "") if _BORDER in gap else gap)
            keys.append(STRUCK + key if is_struck else key)
        source, done = end, last
    parts.append(text[source:high])
    seen.append(visible[done:].replace(_BORDER, ""))
    return Stream(parts, keys, seen)

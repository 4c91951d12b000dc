"""Diff → `SentencePair`s: what changed, sentence by sentence, with every edit in exactly one of them.

The edits of the differ are brought to one grain. A pair holds the fewest whole sentences on both sides between which
words were kept; nearly always one and one, one and none, or none and one. Everything shown is cut from the source.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, takewhile

from notifier.diff import Diff, Edit, Layer
from notifier.significance.reading.alignment import matches
from notifier.significance.reading.atoms import Atom, atoms_of
from notifier.significance.reading.lexicon import Lexicon
from notifier.significance.reading.resettled import resettled, restructured
from notifier.significance.reading.section_numbers import stale_citations
from notifier.significance.reading.sentence_spans import Span, blocks_between, sentences_between
from notifier.significance.sentence_pair import PairSide, SentencePair, side_of
from notifier.significance.unseen_pairs import noted_otherwise, unseen_pairs
from notifier.text.document import Block, BlockKind, Document

TELLS = re.compile(r"[–—]|\s-\s|[^\s*_#>+.•\"'“”‘’`(),;:\-–—|]|[\-–—](?=\s*\d)|\d\s*[\-–—]|~~")
"""What a change of markup or typography must hold to say anything: more than quotes, emphasis and list marks."""
MINUS = re.compile(r"[-–−+]\d")
"""A sign right before a number: `-2 %` is no `2 %`."""
IN_LISTS = frozenset({BlockKind.LIST_ITEM, BlockKind.TABLE_ROW})
LIKE = 0.34
"""The share of the shorter sentence's words that two sentences must have in common to be one reworded."""
LEAD_ENDS = re.compile(r"[.!?:;,][*_\"'”)]*$")
"""How a sentence ends that no other one goes on with."""
AGAIN = 2
"""Words that a sentence begins with as the one before it, from which on they say again of what it is."""
GAP = 40
"""Characters of markup between two list items, at most."""
SEVERAL, NEAR = 4, 3
ROUNDS = 8
"""How often a region may grow; only a text without full stops needs as many."""


@dataclass(slots=True)
class _Region:
    """Sentences on both sides; `closed`, what was kept of the one stands in the other."""

    old: list[Span]
    new: list[Span]
    edits: list[Edit]


def pairs_of(diff: Diff, lexicon: Lexicon) -> tuple[SentencePair, ...]:
    """Every pair of sentences of which something changed that a reader may notice, in order of the new text."""
    found: dict[tuple[str, str, Layer], SentencePair] = {}
    beside = _set_otherwise(diff, lexicon), _citing_otherwise(diff, lexicon), noted_otherwise(diff, lexicon)
    for pair in chain(_reworded(diff, lexicon), _moved(diff, lexicon), *beside):
        key = (pair.before.text, pair.after.text, pair.layer)
        seen = found.get(key)
        found[key] = seen._replace(times=seen.times + 1) if seen else pair
    return tuple(found.values())


def _reworded(diff: Diff, lexicon: Lexicon) -> Iterator[SentencePair]:
    for region in _regions(diff):
        yield from _pairs(diff, region, lexicon)


def _moved(diff: Diff, lexicon: Lexicon) -> Iterator[SentencePair]:
    """Items and rows that moved as they are: another list may say another thing of them; and so may another rule of a
    paragraph that speaks of the one before it."""
    for one, other in chain(resettled(diff, lexicon), _moved_items(diff)):
        before = side_of(diff.before, (one.start, one.end), lexicon, is_new=False)
        after = side_of(diff.after, (other.start, other.end), lexicon, is_new=True)
        if before.text == after.text:
            yield SentencePair(before, after, Layer.WORDS, in_move=True)


def _set_otherwise(diff: Diff, lexicon: Lexicon) -> Iterator[SentencePair]:
    """What stands under another heading, in another item or in another column, though not a word of it changed."""
    found = list(restructured(diff))
    for one, other in found if len(found) <= SEVERAL else ():  # a text that is laid out anew keeps its sense
        before = side_of(diff.before, (one.start, one.end), lexicon, is_new=False)
        yield SentencePair(before, side_of(diff.after, (other.start, other.end), lexicon, is_new=True), Layer.MARKUP)


def _citing_otherwise(diff: Diff, lexicon: Lexicon) -> Iterator[SentencePair]:
    """What cites a number that another section has now, though not a word of it changed."""
    for one, other in stale_citations(diff, lexicon):
        sides = side_of(diff.before, one, lexicon, is_new=False), side_of(diff.after, other, lexicon, is_new=True)
        yield SentencePair(*sides, Layer.WORDS)


def _moved_items(diff: Diff) -> Iterator[tuple[Block, Block]]:
    for move in diff.moves:
        spans = ((diff.before, move.before), (diff.after, move.after))
        old, new = (
            [block for block in blocks_between(document, span.start, span.end) if block.kind in IN_LISTS]
            for document, span in spans
        )
        yield from zip(old, new, strict=False)


def _regions(diff: Diff) -> Iterator[_Region]:
    """Edits that share a sentence, together with the sentences they touch; what moved by itself."""
    for in_move in (False, True):
        edits = sorted(
            (edit for edit in diff.edits if edit.in_move is in_move),
            key=lambda edit: (edit.before.start, edit.after.start),
        )
        to_new = _Mapping([(edit.before.start, edit.before.end, edit.after.start, edit.after.end) for edit in edits])
        to_old = _Mapping(
            sorted((edit.after.start, edit.after.end, edit.before.start, edit.before.end) for edit in edits)
        )
        found: list[_Region] = []
        for edit in edits:
            if not _tells(diff, edit):
                continue
            region = _closed(diff, _touched(diff, edit), to_new, to_old)
            for at in range(len(found) - 1, max(-1, len(found) - NEAR - 1), -1):  # what came alone may stand between
                if _share_sentence(found[at], region) or (
                    at == len(found) - 1 and _are_neighbours(diff, found[at], region)
                ):
                    region = _joined(diff, found.pop(at), region)
            found.append(region)
        yield from found


def _tells(diff: Diff, edit: Edit) -> bool:
    if edit.layer in (Layer.WORDS, Layer.LINKS):
        return True
    sides = ((diff.before, edit.before), (diff.after, edit.after))
    if any(MINUS.match(document.text, max(0, side.end - 1)) for document, side in sides if side.text):
        return True
    return TELLS.search(edit.before.text) is not None or TELLS.search(edit.after.text) is not None


def _touched(diff: Diff, edit: Edit) -> _Region:
    """The sentences of which an edit takes or gives something."""
    old, new = edit.before, edit.after
    return _Region(
        sentences_between(diff.before, old.start, old.end), sentences_between(diff.after, new.start, new.end), [edit]
    )


class _Mapping:
    """Where an offset of one text stands in the other, by the edits between them."""

    def __init__(self, edits: Sequence[tuple[int, int, int, int]]) -> None:
        self.edits = edits
        self.starts = [edit[0] for edit in edits]

    def left(self, offset: int) -> int:
        """Of a stretch that begins here: what was put in right before it is no part of it."""
        at = bisect_right(self.starts, offset) - 1
        if at < 0:
            return offset + (self.edits[0][2] - self.edits[0][0] if self.edits else 0)
        _, end, other_start, other_end = self.edits[at]
        if offset >= end:
            return other_end + offset - end
        return other_start

    def right(self, offset: int) -> int:
        """Of a stretch that ends here: what was put in right behind it is no part of it."""
        at = bisect_left(self.starts, offset) - 1
        if at < 0:
            return offset + (self.edits[0][2] - self.edits[0][0] if self.edits else 0)
        _, end, _, other_end = self.edits[at]
        return other_end + max(0, offset - end)


def _closed(diff: Diff, region: _Region, to_new: _Mapping, to_old: _Mapping) -> _Region:
    """The region with all sentences into which kept words of its sentences went."""
    for _ in range(ROUNDS):
        old = _with(diff.before, region.old, region.new, to_old)
        new = _with(diff.after, region.new, old, to_new)
        if old == region.old and new == region.new:
            break
        region = _Region(old, new, region.edits)
    return region


def _with(document: Document, own: list[Span], other: list[Span], mapping: _Mapping) -> list[Span]:
    if not other:
        return own
    start, end = mapping.left(other[0][0]), mapping.right(other[-1][1])
    if own:
        start, end = min(start, own[0][0]), max(end, own[-1][1])
    return sentences_between(document, start, end) if start < end else own


def _share_sentence(one: _Region, other: _Region) -> bool:
    olds = one.old and other.old and one.old[-1][1] > other.old[0][0]
    news = one.new and other.new and one.new[-1][1] > other.new[0][0] and one.new[0][0] < other.new[-1][1]
    return bool(olds or news)


def _are_neighbours(diff: Diff, one: _Region, other: _Region) -> bool:
    """Do only blanks and marks stand between them, on the side that both have?"""
    between = ""
    if one.new and other.new:
        between = diff.after.text[one.new[-1][1] : other.new[0][0]]
    elif one.old and other.old:
        between = diff.before.text[one.old[-1][1] : other.old[0][0]]
    else:
        return False
    return len(between) < GAP and not any(letter.isalnum() for letter in between)


def _joined(diff: Diff, one: _Region, other: _Region) -> _Region:
    return _Region(
        _filled(diff.before, one.old + other.old), _filled(diff.after, one.new + other.new), one.edits + other.edits
    )


def _filled(document: Document, spans: list[Span]) -> list[Span]:
    if not spans:
        return []
    return sentences_between(document, min(start for start, _ in spans), max(end for _, end in spans))


def _pairs(diff: Diff, region: _Region, lexicon: Lexicon) -> Iterator[SentencePair]:
    old = [side_of(diff.before, span, lexicon, is_new=False) for span in region.old]
    new = [side_of(diff.after, span, lexicon, is_new=True) for span in region.new]
    layer = _layer(region.edits)
    in_move = any(edit.in_move for edit in region.edits)
    if not old and not new:
        yield from unseen_pairs(diff, region.edits, layer, lexicon)
        return
    if len(old) <= 1 and len(new) <= 1:
        yield SentencePair(old[0] if old else PairSide(), new[0] if new else PairSide(), layer, in_move)
        return
    for olds, news in _with_leads(_grouped(old, new)):
        before, after = _whole(diff.before, olds, lexicon), _whole(diff.after, news, lexicon)
        if before.text != after.text:
            yield SentencePair(before, after, layer, in_move)


def _layer(edits: Iterable[Edit]) -> Layer:
    layers = {edit.layer for edit in edits}
    return next((layer for layer in (Layer.WORDS, Layer.LINKS, Layer.MARKUP) if layer in layers), Layer.TYPOGRAPHY)


def _whole(document: Document, sides: Sequence[PairSide], lexicon: Lexicon) -> PairSide:
    """Sentences in a row as one side; a phrase may begin in what introduces a list: `You have the right to:`."""
    if len(sides) <= 1:
        return sides[0] if sides else PairSide()
    start, end = sides[0].start, sides[-1].end
    atoms = tuple(_shifted(atom, side.start - start) for side in sides for atom in side.atoms)
    text = document.text[start:end]
    if "<" not in text and not LEAD_ENDS.search(sides[0].text) and sides[0].kind is BlockKind.PARAGRAPH:
        pieces = (side.text.rjust(side.start - one.end + len(side.text)) for one, side in pairwise(sides))
        atoms = atoms_of("".join((sides[0].text, *pieces)), lexicon)
    return sides[0]._replace(text=text, atoms=atoms)


def _shifted(atom: Atom, by: int) -> Atom:
    return atom._replace(start=atom.start + by, end=atom.end + by) if by else atom


def _grouped(old: Sequence[PairSide], new: Sequence[PairSide]) -> Iterator[tuple[list[PairSide], list[PairSide]]]:
    """The sentences of a region, parted between those that kept words of each other, in order."""
    links = _links(old, new)
    i = j = 0
    while i < len(old) or j < len(new):
        a, b = _component(links, i, j, len(old), len(new))
        if a == i or b == j:  # nothing was kept: what stands alone came or went
            yield from (([side], []) for side in old[i:a])
            yield from (([], [side]) for side in new[j:b])
        else:
            yield list(old[i:a]), list(new[j:b])
        i, j = a, b


def _with_leads(
    groups: Iterable[tuple[list[PairSide], list[PairSide]]],
) -> Iterator[tuple[list[PairSide], list[PairSide]]]:
    """With what introduces a list beside its items, where these became a sentence that says it last, or the reverse."""
    lead: tuple[list[PairSide], list[PairSide]] | None = None
    for olds, news in groups:
        if lead and olds and news and _is_led(lead[0], olds) | _is_led(lead[1], news):
            olds, news, lead = lead[0] + olds, lead[1] + news, None
        if lead:
            yield lead
        lead = (olds, news)
    if lead:
        yield lead


def _is_led(lead: Sequence[PairSide], items: Sequence[PairSide]) -> bool:
    """Does the last of these introduce a list that begins with the first of those?"""
    return bool(lead) and lead[-1].text.endswith(":") and items[0].kind is BlockKind.LIST_ITEM is not lead[-1].kind


def _component(links: set[tuple[int, int]], i: int, j: int, olds: int, news: int) -> tuple[int, int]:
    """Where the first group ends that begins at these sentences."""
    if i == olds or j == news:
        return olds, news
    first = min(((a, b) for a, b in links if a >= i and b >= j), default=None)
    if first is None:
        return (i + 1, j + 1) if olds - i == news - j == 1 else (olds, j) if i < olds else (olds, news)
    if first != (i, j) and (first[0] > i or first[1] > j):
        alone = (first[0] - i, first[1] - j)
        return (i + 1, j + 1) if alone == (1, 1) else (first[0], j) if alone[0] else (i, first[1])
    a, b = i + 1, j + 1
    grown = True
    while grown:
        grown = False
        for x, y in links:
            if (i <= x < a) != (j <= y < b) and x >= i and y >= j:
                a, b, grown = max(a, x + 1), max(b, y + 1), True
    return a, b


def _links(old: Sequence[PairSide], new: Sequence[PairSide]) -> set[tuple[int, int]]:
    """Which sentences kept a good part of each other's words."""
    olds = [(at, atom.value) for at, side in enumerate(old) for atom in side.atoms if atom.has_meaning]
    news = [(at, atom.value) for at, side in enumerate(new) for atom in side.atoms if atom.has_meaning]
    kept: dict[tuple[int, int], int] = {}
    for a, b, size in matches([value for _, value in olds], [value for _, value in news]):
        for step in range(size):
            link = (olds[a + step][0], news[b + step][0])
            kept[link] = kept.get(link, 0) + 1
    sizes, others = _own_words(olds), _own_words(news)
    return {(a, b) for (a, b), count in kept.items() if count >= LIKE * max(1, min(sizes[a], others[b]))}


def _own_words(words: Sequence[tuple[int, str]]) -> Counter[int]:
    """How many words each sentence has, but for those that it begins with as the one before: `No data is lent`."""
    said: dict[int, list[str]] = {}
    for at, word in words:
        said.setdefault(at, []).append(word)
    sizes = Counter({at: len(own) for at, own in said.items()})
    for at, own in said.items():
        again = sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(own, said.get(at - 1, ()), strict=False)))
        sizes[at] -= again if AGAIN <= again < len(own) else 0
    return sizes

"""Diff → `Change`s: what changed, sentence by sentence, with the words taken out and put in.

Edits are brought to one grain: one change is one sentence (table row, heading) that was reworded, put in or taken
out, wherever the differ cut it. Everything shown is cut from the source as it stands there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, islice

from notifier.diff import Diff, Edit, Layer, Passage
from notifier.significance.words import masked, plain_words, words_of
from notifier.text.document import Block, BlockKind, Document

SENTENCE_END = re.compile(
    r"""(?<=[.!?])["”’»)*_\]]*\s+(?=["“‘«(*_\[]*[A-ZÀ-ÞА-Я0-9])|<br\s*/?>|(?<=[。！？])|(?<=;)\s*\n|\n\s*\n"""
)
ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|No|Art|Sec|Inc|Ltd|Corp|Co|Mr|Mrs|Ms|Dr|St|bzw|z\.B|d\.h|Abs|Nr|ca|usw)|\b[A-Za-z])\.$"
)
LABEL = re.compile(r"(?<!!)\[[^\]]{0,300}\]\(")
"""Bounded: a text of nothing but brackets is read in one go, too."""
WHOLE = frozenset({BlockKind.TABLE_ROW, BlockKind.HEADING})
"""Blocks that are one sentence however they are punctuated."""
Span = tuple[int, int]
Cut = tuple[Span, Span]
"""A sentence and the part of it that changed."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a change: the sentence as it stands in the source, and the cuts of it that changed."""

    sentence: str = ""
    cuts: tuple[str, ...] = ()
    start: int = 0
    section: tuple[str, ...] = ()
    paragraph: int = 0
    kind: BlockKind = BlockKind.PARAGRAPH
    words: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    in_label: bool = True
    """Does all that changed lie in the labels of links?"""

    @property
    def is_whole(self) -> bool:
        """Did all of the sentence come or go?"""
        return bool(self.words) and len(self.changed) >= len(self.words)

    def plain_cuts(self) -> list[str]:
        """The bare words that changed, as a whole text's are kept."""
        return plain_words(" ".join(self.cuts))


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence before and after; a side is empty where the sentence came or went whole.

    `removed` and `added` leave out the words that changed on both sides alike. `times`: how often the same words
    were changed the same way.
    """

    before: Side
    after: Side
    removed: tuple[str, ...]
    added: tuple[str, ...]
    layer: Layer
    in_move: bool = False
    times: int = 1

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.before, self.after

    @property
    def side(self) -> Side:
        """Where a reader finds it: in the new text, or in the old one for a deletion."""
        return self.after if self.after.sentence else self.before


@dataclass(frozen=True, slots=True)
class Part:
    """What one edit does to one pair of sentences; spans in the two texts, None where a side has no sentence."""

    layer: Layer
    in_move: bool
    before: Span | None
    after: Span | None
    before_cut: Span | None
    after_cut: Span | None

    @property
    def sentences(self) -> tuple[Layer, Span | None, Span | None]:
        return (self.layer, self.before, self.after)


def changes_of(diff: Diff) -> tuple[Change, ...]:
    """Every change on the words and links layers, in order; the same words changed alike are one change.

    Figures and dates are not: the date of the posting in one sentence may be a day that people go by in another.
    """
    merged: dict[tuple[object, ...], Change] = {}
    for _, parts in groupby(_parts(diff), key=lambda part: part.sentences):
        change = _change(diff, list(parts))
        key = (change.removed, change.added, change.layer) if _may_recur(change) else (change.before, change.after)
        seen = merged.get(key)
        merged[key] = replace(seen, times=seen.times + 1) if seen else change
    return tuple(merged.values())


def _may_recur(change: Change) -> bool:
    words = change.removed + change.added
    return bool(words) and not any(letter.isdigit() for word in words for letter in word)


def _parts(diff: Diff) -> Iterator[Part]:
    for edit in diff.edits:
        if edit.layer not in (Layer.WORDS, Layer.LINKS):
            continue
        old, new = list(_cuts(diff.before, edit.before)), list(_cuts(diff.after, edit.after))
        if len(old) <= 1 and len(new) <= 1:
            yield _pair(diff, edit, old, new)
            continue
        yield from _many(edit, old, new)


def _pair(diff: Diff, edit: Edit, old: list[Cut], new: list[Cut]) -> Part:
    """One sentence a side; where only part of it came or went, the other side is the sentence it came into."""
    old_sentence, old_cut = old[0] if old else (None, None)
    new_sentence, new_cut = new[0] if new else (None, None)
    if old_sentence is None and new_sentence and not _covers(diff.after, new_cut, new_sentence):
        old_sentence = _sentence_at(diff.before, edit.before.start)
    if new_sentence is None and old_sentence and not _covers(diff.before, old_cut, old_sentence):
        new_sentence = _sentence_at(diff.after, edit.after.start)
    return Part(edit.layer, edit.in_move, old_sentence, new_sentence, old_cut, new_cut)


def _many(edit: Edit, old: list[Cut], new: list[Cut]) -> Iterator[Part]:
    """Several sentences: the first two are one where both began before the edit; the others came and went."""
    if old and new and old[0][0][0] < old[0][1][0] and new[0][0][0] < new[0][1][0]:
        yield Part(edit.layer, edit.in_move, old[0][0], new[0][0], old[0][1], new[0][1])
        old, new = old[1:], new[1:]
    for sentence, cut in old:
        yield Part(edit.layer, edit.in_move, sentence, None, cut, None)
    for sentence, cut in new:
        yield Part(edit.layer, edit.in_move, None, sentence, None, cut)


def _covers(document: Document, cut: Span | None, sentence: Span) -> bool:
    if cut is None:
        return False
    outside = document.text[sentence[0] : cut[0]] + " " + document.text[cut[1] : sentence[1]]
    return not words_of(outside)


def _sentence_at(document: Document, offset: int) -> Span | None:
    """The sentence that an offset lies in, or the one that ends there."""
    for block in _blocks_in(document, offset, offset + 1):
        for start, end in sentences_in(document, block):
            if start <= offset <= end:
                return start, end
    return None


def _cuts(document: Document, passage: Passage) -> Iterator[Cut]:
    """The sentences that a passage touches, each with the part of it that lies in the passage."""
    if not passage.text.strip():
        return
    for block in _blocks_in(document, passage.start, passage.end):
        for start, end in sentences_in(document, block):
            cut = (max(start, passage.start), min(end, passage.end))
            if cut[0] < cut[1] and document.text[cut[0] : cut[1]].strip():
                yield (start, end), cut


def _blocks_in(document: Document, start: int, end: int) -> Iterator[Block]:
    index = max(0, bisect_right(document.blocks, start, key=lambda block: block.start) - 1)
    for block in islice(document.blocks, index, None):
        if block.start >= end:
            return
        if block.end >= start:
            yield block


def sentences_in(document: Document, block: Block) -> tuple[Span, ...]:
    """The sentences of a block as spans of the source, without the space around them; kept with the document."""
    known = document.memo.setdefault("sentences", {})
    assert isinstance(known, dict)  # noqa: S101 - the memo holds what each stage puts there
    if block.start not in known:
        known[block.start] = tuple(_sentences(document, block))
    spans: tuple[Span, ...] = known[block.start]
    return spans


def _sentences(document: Document, block: Block) -> Iterator[Span]:
    if block.kind in WHOLE:
        yield block.start, block.end
        return
    start = block.start
    for match in SENTENCE_END.finditer(document.text, block.start, block.end):
        if ABBREVIATION.search(document.text, max(start, match.start() - 12), match.start()):
            continue
        if document.text[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if document.text[start : block.end].strip():
        yield start, block.end


def _change(diff: Diff, parts: list[Part]) -> Change:
    first = parts[0]
    before = _side(diff.before, first.before, [part.before_cut for part in parts])
    after = _side(diff.after, first.after, [part.after_cut for part in parts])
    removed = Counter(word.lower() for word in before.changed)
    added = Counter(word.lower() for word in after.changed)
    return Change(
        before,
        after,
        tuple((removed - added).elements()),
        tuple((added - removed).elements()),
        first.layer,
        any(part.in_move for part in parts),
    )


def _tight(plain: str, spans: list[Span]) -> Iterator[Span]:
    """The spans without the blanks around their words; those without words left out."""
    for start, end in spans:
        cut = plain[start:end]
        if words_of(cut):
            yield start + len(cut) - len(cut.lstrip()), end - len(cut) + len(cut.rstrip())


def _side(document: Document, sentence: Span | None, cuts: list[Span | None]) -> Side:
    if sentence is None:
        return Side()
    index = max(0, bisect_right(document.blocks, sentence[0], key=lambda block: block.start) - 1)
    block = document.blocks[index]
    text = document.text[sentence[0] : sentence[1]]
    shouts, plain = text.isupper(), masked(text)
    spans = [(cut[0] - sentence[0], cut[1] - sentence[0]) for cut in cuts if cut]
    changed = tuple(word for start, end in spans for word in words_of(plain[start:end], shouts=shouts))
    labels = [match.span() for match in LABEL.finditer(text)] if "](" in text else []
    return Side(
        text,
        tuple(text[start:end] for start, end in spans),
        sentence[0],
        block.section,
        block.paragraph,
        block.kind,
        words_of(text, shouts=shouts),
        changed,
        all(any(low <= start and end <= high for low, high in labels) for start, end in _tight(plain, spans))
        if labels
        else not changed,
    )

"""Redline → strands: one stream for readers, in which moved text carries its edits at the place where it stands now.

A redline keeps deleted words where the old text had them. Inside a move that is the place the text has left, where
nobody would look for them; here they are woven in beside the words that replace them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from notifier.diff import Layer
from notifier.diff.grouping import joined
from notifier.diff.redline import NEW_KINDS, OLD_KINDS, Redline, Span, SpanKind


@dataclass(frozen=True, slots=True)
class Strand:
    """A stretch of text with its offsets in both texts (for a deletion `new` is where the words are missing).

    A `MOVED_AWAY` strand stands for the whole text that left, edits included.
    """

    kind: SpanKind
    layer: Layer
    text: str
    old: int
    new: int
    move: int | None = None

    @property
    def is_change(self) -> bool:
        return self.kind in (SpanKind.DELETED, SpanKind.INSERTED)

    @property
    def is_standing(self) -> bool:
        """Is it part of both texts, here?"""
        return self.kind in (SpanKind.KEPT, SpanKind.MOVED_HERE)

    def part(self, start: int, end: int) -> Strand:
        """The stretch `text[start:end]` with its own offsets."""
        return replace(
            self,
            text=self.text[start:end],
            old=self.old + (start if self.kind is not SpanKind.INSERTED else 0),
            new=self.new + (start if self.kind is not SpanKind.DELETED else 0),
        )


WORDS_ONLY = frozenset({Layer.WORDS})
ALL_LAYERS = frozenset(Layer)


def weave(redline: Redline, layers: frozenset[Layer] = WORDS_ONLY) -> tuple[Strand, ...]:
    """The strands of a redline in reading order of the new text; close changes on these layers are one."""
    spans = redline.spans if layers == ALL_LAYERS else joined(redline.diff.spans, layers)
    strands = tuple(_strands(spans))
    if layers != ALL_LAYERS:
        strands = tuple(_with_emphasis_as_markup(strands))
    leaving: dict[int, list[Strand]] = {}
    coming: dict[int, list[Strand]] = {}
    for strand in strands:
        if strand.move is not None:
            side = leaving if strand.kind in OLD_KINDS else coming
            side.setdefault(strand.move, []).append(strand)
    return tuple(_woven(strands, leaving, coming))


def is_but_emphasis(before: str, after: str) -> bool:
    """Do two texts differ only in where words are stressed: `end.**` and `end**.`?"""
    is_stressed = "**" in before or "**" in after
    return is_stressed and before != after and before.replace("**", "") == after.replace("**", "")


def _with_emphasis_as_markup(strands: Iterable[Strand]) -> Iterator[Strand]:
    gone: Strand | None = None
    for strand in strands:
        is_same = gone is not None and strand.kind is SpanKind.INSERTED and is_but_emphasis(gone.text, strand.text)
        if gone is not None:
            yield replace(gone, layer=Layer.MARKUP) if is_same else gone
        gone = strand if strand.kind is SpanKind.DELETED else None
        if gone is None:
            yield replace(strand, layer=Layer.MARKUP) if is_same else strand
    if gone is not None:
        yield gone


def _strands(spans: tuple[Span, ...]) -> Iterator[Strand]:
    old = new = 0
    for span in spans:
        yield Strand(span.kind, span.layer, span.text, old, new, span.move)
        old += len(span.text) if span.kind in OLD_KINDS else 0
        new += len(span.text) if span.kind in NEW_KINDS else 0


def _woven(
    strands: tuple[Strand, ...], leaving: dict[int, list[Strand]], coming: dict[int, list[Strand]]
) -> Iterator[Strand]:
    done: set[tuple[int, bool]] = set()
    for strand in strands:
        if strand.move is None:
            yield strand
            continue
        is_old = strand.kind in OLD_KINDS
        if (strand.move, is_old) in done:
            continue
        done.add((strand.move, is_old))
        if is_old:
            yield _stub(leaving[strand.move])
        else:
            yield from _braid(leaving.get(strand.move, []), coming[strand.move])


def _stub(leaving: list[Strand]) -> Strand:
    first = leaving[0]
    return Strand(SpanKind.MOVED_AWAY, Layer.WORDS, "".join(s.text for s in leaving), first.old, first.new, first.move)


def _braid(leaving: list[Strand], coming: list[Strand]) -> Iterator[Strand]:
    """Both sides of one move as one stream; they share the moved characters, which is how they are aligned."""
    starts, olds, missing = _moved_positions(leaving)
    at, waiting = 0, 0

    def due(new: int) -> Iterator[Strand]:
        nonlocal waiting
        while waiting < len(missing) and missing[waiting][0] <= at:
            yield replace(missing[waiting][1], new=new)
            waiting += 1

    for strand in coming:
        yield from due(strand.new)
        if strand.kind is SpanKind.INSERTED:
            yield replace(strand, old=_old_offset(at, starts, olds, strand.old))
            continue
        cuts = {position - at for position in (*starts, *(m[0] for m in missing)) if at < position}
        borders = [0, *sorted(cut for cut in cuts if cut < len(strand.text)), len(strand.text)]
        for start, end in pairwise(borders):
            yield from due(strand.new + start)
            piece = strand.part(start, end)
            yield replace(piece, old=_old_offset(at, starts, olds, piece.old))
            at += end - start
    last = coming[-1]
    at = max([at, *(position for position, _ in missing)])
    yield from due(last.new + len(last.text))


def _moved_positions(leaving: list[Strand]) -> tuple[list[int], list[int], list[tuple[int, Strand]]]:
    """Where, counted in moved characters, each moved stretch begins, its old offset, and where words are missing."""
    starts: list[int] = []
    olds: list[int] = []
    missing: list[tuple[int, Strand]] = []
    at = 0
    for strand in leaving:
        if strand.kind is SpanKind.DELETED:
            missing.append((at, strand))
            continue
        starts.append(at)
        olds.append(strand.old)
        at += len(strand.text)
    return starts, olds, missing


def _old_offset(at: int, starts: list[int], olds: list[int], otherwise: int) -> int:
    if not starts:
        return otherwise
    index = max(bisect_right(starts, at) - 1, 0)
    return olds[index] + at - starts[index]

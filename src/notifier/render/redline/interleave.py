"""Redline → spans: one stream for readers, in which moved text carries its edits at the place where it stands now.

A redline keeps deleted words where the old text had them. Inside a move that is the place the text has left, where
nobody would look for them; here they are woven in beside the words that replace them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from notifier.diff import Layer
from notifier.diff.grouping import joined
from notifier.diff.redline import NEW_KINDS, OLD_KINDS, Redline, Span, SpanKind


class PlacedSpan(NamedTuple):
    """A stretch of text with its offsets in both texts (for a deletion `new` is where the words are missing).

    A `MOVED_AWAY` span stands for the whole text that left, edits included.
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

    def part(self, start: int, end: int) -> PlacedSpan:
        """The stretch `text[start:end]` with its own offsets."""
        return self._replace(
            text=self.text[start:end],
            old=self.old + (start if self.kind is not SpanKind.INSERTED else 0),
            new=self.new + (start if self.kind is not SpanKind.DELETED else 0),
        )


_WORDS = frozenset({Layer.WORDS})


def interleave(redline: Redline) -> tuple[PlacedSpan, ...]:
    """The spans of a redline in reading order of the new text; close changes of words are one."""
    spans = tuple(_with_emphasis_as_markup(_placed(joined(redline.diff, _WORDS))))
    leaving: dict[int, list[PlacedSpan]] = {}
    coming: dict[int, list[PlacedSpan]] = {}
    for span in spans:
        if span.move is not None:
            side = leaving if span.kind in OLD_KINDS else coming
            side.setdefault(span.move, []).append(span)
    return tuple(_interleaved(spans, leaving, coming))


def is_but_emphasis(before: str, after: str) -> bool:
    """Do two texts differ only in where words are stressed: `end.**` and `end**.`?"""
    is_stressed = "**" in before or "**" in after
    return is_stressed and before != after and before.replace("**", "") == after.replace("**", "")


def _with_emphasis_as_markup(spans: Iterable[PlacedSpan]) -> Iterator[PlacedSpan]:
    gone: PlacedSpan | None = None
    for span in spans:
        is_same = gone is not None and span.kind is SpanKind.INSERTED and is_but_emphasis(gone.text, span.text)
        if gone is not None:
            yield gone._replace(layer=Layer.MARKUP) if is_same else gone
        gone = span if span.kind is SpanKind.DELETED else None
        if gone is None:
            yield span._replace(layer=Layer.MARKUP) if is_same else span
    if gone is not None:
        yield gone


def _placed(spans: tuple[Span, ...]) -> Iterator[PlacedSpan]:
    old = new = 0
    for span in spans:
        yield PlacedSpan(span.kind, span.layer, span.text, old, new, span.move)
        old += len(span.text) if span.kind in OLD_KINDS else 0
        new += len(span.text) if span.kind in NEW_KINDS else 0


def _interleaved(
    spans: tuple[PlacedSpan, ...], leaving: dict[int, list[PlacedSpan]], coming: dict[int, list[PlacedSpan]]
) -> Iterator[PlacedSpan]:
    done: set[tuple[int, bool]] = set()
    for span in spans:
        if span.move is None:
            yield span
            continue
        is_old = span.kind in OLD_KINDS
        if (span.move, is_old) in done:
            continue
        done.add((span.move, is_old))
        if is_old:
            yield _stub(leaving[span.move])
        else:
            yield from _braid(leaving.get(span.move, []), coming[span.move])


def _stub(leaving: list[PlacedSpan]) -> PlacedSpan:
    first = leaving[0]
    return PlacedSpan(
        SpanKind.MOVED_AWAY, Layer.WORDS, "".join(s.text for s in leaving), first.old, first.new, first.move
    )


def _braid(leaving: list[PlacedSpan], coming: list[PlacedSpan]) -> Iterator[PlacedSpan]:
    """Both sides of one move as one stream; they share the moved characters, which is how they are aligned."""
    starts, olds, missing = _moved_positions(leaving)
    at, waiting = 0, 0

    def due(new: int) -> Iterator[PlacedSpan]:
        nonlocal waiting
        while waiting < len(missing) and missing[waiting][0] <= at:
            yield missing[waiting][1]._replace(new=new)
            waiting += 1

    for span in coming:
        yield from due(span.new)
        if span.kind is SpanKind.INSERTED:
            yield span._replace(old=_old_offset(at, starts, olds, span.old))
            continue
        cuts = {position - at for position in (*starts, *(m[0] for m in missing)) if at < position}
        borders = [0, *sorted(cut for cut in cuts if cut < len(span.text)), len(span.text)]
        for start, end in pairwise(borders):
            yield from due(span.new + start)
            piece = span.part(start, end)
            yield piece._replace(old=_old_offset(at, starts, olds, piece.old))
            at += end - start
    last = coming[-1]
    at = max([at, *(position for position, _ in missing)])
    yield from due(last.new + len(last.text))


def _moved_positions(leaving: list[PlacedSpan]) -> tuple[list[int], list[int], list[tuple[int, PlacedSpan]]]:
    """Where, counted in moved characters, each moved stretch begins, its old offset, and where words are missing."""
    starts: list[int] = []
    olds: list[int] = []
    missing: list[tuple[int, PlacedSpan]] = []
    at = 0
    for span in leaving:
        if span.kind is SpanKind.DELETED:
            missing.append((at, span))
            continue
        starts.append(at)
        olds.append(span.old)
        at += len(span.text)
    return starts, olds, missing


def _old_offset(at: int, starts: list[int], olds: list[int], otherwise: int) -> int:
    if not starts:
        return otherwise
    index = max(bisect_right(starts, at) - 1, 0)
    return olds[index] + at - starts[index]

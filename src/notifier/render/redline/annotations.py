"""Redline → marks: what is gone and what is new, leaf by leaf, in the leaves of the old and the new text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from notifier.diff import Layer
from notifier.diff.redline import Redline, SpanKind
from notifier.render.blocks import Container, Leaf, Leaves, leaves
from notifier.render.redline.interleave import PlacedSpan, interleave


@dataclass(slots=True)
class BlockAnnotations:
    """What happened in one leaf: stretches of its own text, as (start, end) in the source."""

    standing: int = 0
    """Letters and digits of it that are in both texts, here."""
    moved: Counter[int] = field(default_factory=Counter)
    """Letters and digits of it that stand elsewhere in the other text, by move."""
    changed: list[tuple[int, int]] = field(default_factory=list)
    moves: list[tuple[int, int, int]] = field(default_factory=list)
    """(start, end, move)."""
    missing: list[tuple[int, int]] = field(default_factory=list)
    """New leaves only: (offset here, index in `Annotations.gone`)."""
    targets: list[tuple[int, int]] = field(default_factory=list)
    """New leaves only: (where a link ends that leads elsewhere now, its number)."""
    missing_at: int = -1
    """Old leaves only: where in the new text words of it are missing first."""
    partners: Counter[int] = field(default_factory=Counter)
    """Leaves of the other text that share letters with it, by how many."""


@dataclass(slots=True)
class Annotations:
    """A redline laid over the leaves of both texts."""

    old: Leaves
    new: Leaves
    old_touched: list[BlockAnnotations]
    new_touched: list[BlockAnnotations]
    gone: list[tuple[int, int, int]]
    """Deleted stretches inside leaves that live on: (old leaf, start, end)."""
    departures: dict[int, tuple[int, int, int]]
    """Move → (first old leaf it took along whole, or -1; new leaf, new offset) where it left."""
    unshown: int = 0
    """Changed stretches outside every leaf: link definitions, comments."""

    def became(self) -> dict[Container, Container]:
        """Which container of the new text took over from one of the old: they share a leaf that did not move."""
        heirs: dict[Container, Container] = {}
        for leaf, touched in zip(self.old.leaves, self.old_touched, strict=True):
            if touched.standing and touched.partners:
                heir = self.new.leaves[touched.partners.most_common(1)[0][0]]
                for one, other in zip(leaf.path, heir.path, strict=False):
                    if one.tag != other.tag:
                        break
                    heirs.setdefault(one, other)
        return heirs


def marks(redline: Redline) -> Annotations:
    """The marks of a redline; only words are marked, the other layers are as the new text has them."""
    old, new = leaves(redline.diff.before.text), leaves(redline.diff.after.text)
    laid = Annotations(
        old, new, [BlockAnnotations() for _ in old.leaves], [BlockAnnotations() for _ in new.leaves], [], {}
    )
    spans = interleave(redline)
    for span in spans:
        if span.is_standing:
            _stand(laid, span)
        elif span.move is not None and span.kind is SpanKind.MOVED_AWAY:
            _leave(laid, span, span.move)
    for span in spans:
        if span.is_change and span.layer is Layer.WORDS and span.text.strip():
            (_insert if span.kind is SpanKind.INSERTED else _delete)(laid, span)
    return laid


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _within(leaf: Leaf, start: int, end: int) -> tuple[int, int]:
    return max(start, leaf.start), min(end, leaf.end)


def _stand(laid: Annotations, span: PlacedSpan) -> None:
    """Text that is in both: cut where a leaf of either text begins, and counted to both."""
    length = len(span.text)
    cuts = {0, length}
    for found, offset in ((laid.old, span.old), (laid.new, span.new)):
        for index in found.between(offset, offset + length):
            start, end = _within(found.leaves[index], offset, offset + length)
            cuts.update((start - offset, end - offset))
    for start, end in pairwise(sorted(cut for cut in cuts if 0 <= cut <= length)):
        letters = _letters(span.text[start:end])
        one, other = laid.old.at(span.old + start), laid.new.at(span.new + start)
        if other >= 0 and span.move is not None:
            laid.new_touched[other].moved[span.move] += letters
            laid.new_touched[other].moves.append((span.new + start, span.new + end, span.move))
        if one < 0 or other < 0 or not letters:
            continue
        laid.old_touched[one].partners[other] += letters
        laid.new_touched[other].partners[one] += letters
        if span.move is None:
            laid.old_touched[one].standing += letters
            laid.new_touched[other].standing += letters


def _leave(laid: Annotations, span: PlacedSpan, move: int) -> None:
    end = span.old + len(span.text)
    whole = -1
    for index in laid.old.between(span.old, end):
        leaf = laid.old.leaves[index]
        start, stop = _within(leaf, span.old, end)
        laid.old_touched[index].moved[move] += _letters(span.text[start - span.old : stop - span.old])
        is_whole = stop - start >= len(_read(leaf))
        whole = index if whole < 0 and is_whole else whole
    laid.departures[move] = (whole, _nearest_leaf(laid.new, span.new), span.new)


def _read(leaf: Leaf) -> str:
    """The text of a leaf as its reader sees it, roughly: for comparing lengths."""
    return leaf.raw.strip() or " ".join(prose.content for prose in leaf.proses)


def _insert(laid: Annotations, span: PlacedSpan) -> None:
    end = span.new + len(span.text)
    found = laid.new.between(span.new, end)
    laid.unshown += not found
    for index in found:
        start, stop = _within(laid.new.leaves[index], span.new, end)
        if stop > start and span.text[start - span.new : stop - span.new].strip():
            laid.new_touched[index].changed.append((start, stop))


def _delete(laid: Annotations, span: PlacedSpan) -> None:
    end = span.old + len(span.text)
    found = laid.old.between(span.old, end)
    laid.unshown += not found
    for index in found:
        start, stop = _within(laid.old.leaves[index], span.old, end)
        if stop <= start or not span.text[start - span.old : stop - span.old].strip():
            continue
        touched = laid.old_touched[index]
        touched.changed.append((start, stop))
        touched.missing_at = span.new if touched.missing_at < 0 else touched.missing_at
        if touched.partners:
            near = _nearest_leaf(laid.new, span.new)
            heir = _closest(touched.partners, near)
            laid.new_touched[heir].missing.append((span.new, len(laid.gone)))
            laid.gone.append((index, start, stop))


def _closest(indexes: Iterable[int], index: int) -> int:
    return min(indexes, key=lambda other: abs(other - index))


def _nearest_leaf(found: Leaves, offset: int) -> int:
    """The leaf around an offset, else the one after which it stands; -1 in an empty text."""
    index = found.at(offset)
    return index if index >= 0 else min(max(found.after(offset) - 1, 0), len(found.leaves) - 1)

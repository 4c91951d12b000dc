"""Inline runs → pieces: what is read of a block, cut where words are gone or new, for renderers of plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from notifier.diff.redline import SpanKind
from notifier.render.inline_html import cut
from notifier.render.plain_text import struck
from notifier.render.redline.notes import shortened
from notifier.text.document import Link, Run, RunKind, TextStyle
from notifier.text.sentences import sentences


class Piece(NamedTuple):
    """Words of a block that stand (`KEPT`), are gone (`DELETED`) or are new (`INSERTED`)."""

    kind: SpanKind
    text: str
    is_code: bool = False


Pieces = tuple[Piece, ...]


def with_marks(runs: Sequence[Run], changed: list[tuple[int, int]], missing: list[tuple[int, Pieces]]) -> Pieces:
    """The runs of a cell, cut where words are new, with what is gone, and the days that are ours, where they stand."""

    def kind_of(part: Run) -> SpanKind:
        is_new = any(start < part.end and part.start < end for start, end in changed)
        return SpanKind.INSERTED if is_new else SpanKind.KEPT

    places = [place for stretch in changed for place in stretch]
    return _pieces(runs, kind_of, places, missing, whole_links(runs, changed), SpanKind.INSERTED)


def whole_links(runs: Sequence[Run], stretches: Iterable[tuple[int, int]]) -> set[Link]:
    """The links of which all words lie in the stretches, or whose address begins there."""
    stretches = list(stretches)
    ends = {run.link: run.end for run in runs if run.link}
    apart = {
        run.link
        for run in runs
        if run.link and not any(start <= run.start and run.end <= end for start, end in stretches)
    }
    return {link for link, at in ends.items() if link not in apart or any(s <= at < e for s, e in stretches)}


def _ends_link(runs: Sequence[Run], index: int) -> bool:
    following = runs[index + 1].link if index + 1 < len(runs) else None
    return runs[index].link is not None and runs[index].link is not following


def read_runs(
    runs: Sequence[Run],
    kind: SpanKind,
    led: Collection[Link | None] = (),
    days: Sequence[tuple[int, Pieces]] = (),
) -> Pieces:
    """All that runs say, with the days that stand among them; of links that came or went also where they lead."""
    return _pieces(runs, lambda _: kind, [], days, led, kind)


def _pieces(
    runs: Sequence[Run],
    kind_of: Callable[[Run], SpanKind],
    places: list[int],
    insets: Sequence[tuple[int, Pieces]],
    led: Collection[Link | None],
    led_kind: SpanKind,
) -> Pieces:
    """The runs cut at the places, with the insets where they belong and the targets of the links that are `led`."""
    cuts = sorted({*places, *(at for at, _ in insets)})
    parts = [part for run in runs for part in cut(run, cuts)]
    pieces: list[Piece] = []
    waiting = sorted(insets, key=lambda inset: inset[0])
    for index, part in enumerate(parts):
        while waiting and waiting[0][0] <= part.start:
            pieces += waiting.pop(0)[1]
        pieces += _said(part, kind_of(part))
        if _ends_link(parts, index) and part.link in led:
            pieces += _target(part, led_kind)
    return joined((*pieces, *(piece for _, inset in waiting for piece in inset)))


def _said(run: Run, kind: SpanKind) -> Iterator[Piece]:
    text, is_code = run.text, TextStyle.CODE in run.styles
    if run.kind is RunKind.BREAK:
        text = " ⏎ "
    elif run.kind is RunKind.FOOTNOTE:
        text = f"[{text}]"
    elif run.kind is RunKind.NUMBER:  # one that stands is the item's lead
        text = "" if kind is SpanKind.KEPT else f"{text} "
    elif run.kind is RunKind.PICTURE:
        text = f"[{text or 'picture'}]"
    if TextStyle.STRUCK in run.styles:
        text = struck(text)
    if text:
        yield Piece(kind, text, is_code)


def _target(run: Run, kind: SpanKind) -> Iterator[Piece]:
    """Where a link leads that came or went, unless its words say it."""
    target = run.link.target if run.link else ""
    if target.removeprefix("mailto:").strip("/") not in (run.text.strip("/"), ""):
        yield Piece(kind, f" ({target})")


def joined(pieces: Iterable[Piece]) -> Pieces:
    """Neighbours of one kind as one piece."""
    grouped = groupby(pieces, lambda piece: (piece.kind, piece.is_code))
    return tuple(
        Piece(kind, _BREAKS.sub(" ⏎ ", "".join(piece.text for piece in group)), is_code)
        for (kind, is_code), group in grouped
    )


_BREAKS = re.compile(r"\s*⏎[\s⏎]*")


_CONTEXT = 160
"""Characters of unchanged text shown beside a change; up to half as many more where a sentence begins there."""
_LONGEST_CELL = 60


def in_context(pieces: Pieces) -> Pieces:
    """The pieces with what stands unchanged cut to what a reader needs to understand the changes."""
    last = len(pieces) - 1
    return tuple(
        piece._replace(text=_context(piece.text, is_first=index == 0, is_last=index == last))
        if piece.kind is SpanKind.KEPT
        else piece
        for index, piece in enumerate(pieces)
    )


def cell_in_context(pieces: Pieces) -> Pieces:
    """The same of a cell: one without a change only says which row or column it is."""
    if all(piece.kind is SpanKind.KEPT for piece in pieces):
        text = "".join(piece.text for piece in pieces)
        return (Piece(SpanKind.KEPT, shortened(text, _LONGEST_CELL)),) if len(text) > _LONGEST_CELL else pieces
    return in_context(pieces)


def _context(text: str, *, is_first: bool, is_last: bool) -> str:
    if len(text) <= _CONTEXT * (2 if is_first or is_last else 3):
        return text
    head = "" if is_first else _head(text[: _CONTEXT * 3 // 2])
    tail = "" if is_last else _tail(text[-_CONTEXT * 3 // 2 :])
    return f"{head} … {tail}"


def _head(text: str) -> str:
    spans = sentences(text)
    return text[: spans[0][1]] if len(spans) > 1 else text[:_CONTEXT].rsplit(maxsplit=1)[0]


def _tail(text: str) -> str:
    spans = sentences(text)
    return text[spans[-1][0] :] if len(spans) > 1 else text[-_CONTEXT:].split(maxsplit=1)[-1]

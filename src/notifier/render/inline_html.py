"""Inline runs → HTML, plain or with what a redline lays on them. The one place where inline HTML of a policy is made.

What is laid on is given by places in the source: a mark goes around a stretch, an inset stands at a place. A run is
cut where a mark begins or ends; one that stands for its source as a whole (an entity) takes the mark that meets it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple

from notifier.render.labels import Labels, said
from notifier.text.document import Link, Run, RunKind, TextStyle

_HARMLESS = re.compile(r"(?:https?|mailto|tel):|[^:]*(?:[/?#]|\Z)", re.IGNORECASE)
"""An address with a scheme that pages link to, or with none: what stands before its first slash has no colon."""


class Mark(NamedTuple):
    """HTML around a stretch of the source."""

    start: int
    end: int
    opening: str
    closing: str


class Inset(NamedTuple):
    """HTML at a place of the source."""

    at: int
    html: str


class _Piece(NamedTuple):
    """A run, or a part of one, and the mark around it; or an inset, which is no run."""

    run: Run | None
    link: Link | None = None
    mark: Mark | None = None
    html: str = ""


class InlineHtml:
    """Draws the inline text of one page, block by block. `href` says where a link leads from there, "" nowhere."""

    def __init__(self, labels: Labels, href: Callable[[str], str] = str) -> None:
        self.labels, self._href = labels, href
        self._references: Counter[str] = Counter()

    def draw(self, runs: Sequence[Run], marks: Sequence[Mark] = (), insets: Sequence[Inset] = ()) -> str:
        """The runs as HTML. Marks come in order and apart from each other, insets in order."""
        if len(runs) == 1 and not marks and not insets and runs[0].kind is RunKind.TEXT and not runs[0].styles:
            return self._linked(runs[0].link, escape(runs[0].text))
        return _marked(self._linked_elements(_pieces(runs, marks, insets)))

    def quote(self, runs: Iterable[Run], start: int, end: int) -> str:
        """What of the runs stands between two places, with its styles; nothing in it leads anywhere."""
        kept = (run.between(start, end) for run in runs if run.start < end and start < run.end)
        return self._styled([_Piece(run, mark=_QUOTED) for run in kept])

    # links outside, then marks, then styles: a link in which a word changed is still one link

    def _linked_elements(self, pieces: Iterable[_Piece]) -> Iterator[tuple[Mark | None, str]]:
        for link, group in groupby(pieces, _link_of):
            found = list(group)
            parts = [(mark, self._styled(list(alike))) for mark, alike in groupby(found, _mark_of)]
            if link is None:
                yield from parts
                continue
            is_picture = any(piece.run and piece.run.kind is RunKind.PICTURE for piece in found)
            mark = parts[0][0] if len(parts) == 1 else None
            html = parts[0][1] if len(parts) == 1 else _marked(parts)
            yield mark, self._linked(link, html, is_picture=is_picture)

    def _linked(self, link: Link | None, html: str, *, is_picture: bool = False) -> str:
        href = self._href(link.target) if link else ""
        if not href or not _HARMLESS.match(href):
            return html
        address = escape(href)
        kind = _PICTURE if is_picture else _BARE * (html == address)
        return f'<a{kind} href="{address}">{html}</a>'

    def _styled(self, pieces: Sequence[_Piece]) -> str:
        """Pieces with their styles; one that goes on from piece to piece is one element."""
        if len(pieces) == 1 and pieces[0].run is not None and not pieces[0].run.styles:
            return self._text(pieces[0])
        parts: list[str] = []
        opened: tuple[TextStyle, ...] = ()
        for piece in (*pieces, _Piece(None)):
            styles = piece.run.styles if piece.run else ()
            shared = _shared(opened, styles)
            parts += [self._closing(style) for style in reversed(opened[shared:])]
            parts += [self._opening(style) for style in styles[shared:]]
            parts.append(self._text(piece))
            opened = styles
        return "".join(parts)

    def _opening(self, style: TextStyle) -> str:
        return f"<s>{said(self.labels.struck)}" if style is TextStyle.STRUCK else f"<{style}>"

    def _closing(self, style: TextStyle) -> str:
        return f"{said(self.labels.mark_end)}</s>" if style is TextStyle.STRUCK else f"</{style}>"

    def _text(self, piece: _Piece) -> str:
        run = piece.run
        if run is None:
            return piece.html
        if run.kind is RunKind.BREAK:
            return "<br>\n"
        if run.kind is RunKind.FOOTNOTE:
            return self._reference(run, is_linked=piece.mark is not _QUOTED)
        if run.kind is RunKind.TASK and piece.mark is None:
            return self._box(run.text)
        if run.kind is RunKind.NUMBER and piece.mark is None:  # the list draws it
            return ""
        if run.kind is RunKind.PICTURE:
            return escape(run.text) or f'<span class="ours">{escape(self.labels.picture)}</span>'
        return escape(run.text)

    def _box(self, text: str) -> str:
        label = escape(self.labels.done if "☑" in text else self.labels.not_done)
        return f'<span role="img" aria-label="{label}">{text[:1]}</span>{text[1:]}'

    def _reference(self, run: Run, *, is_linked: bool) -> str:
        """The number of a footnote. The first reference has the name that the footnote leads back to."""
        number = run.text
        if not is_linked:
            return f"<sup>{number}</sup>"
        self._references[run.label] += 1
        name = f' id="note.{number}.from"' if self._references[run.label] == 1 else ""
        return f'<sup><a class="note-number"{name} href="#note.{number}">{number}</a></sup>'


_PICTURE = ' class="picture"'
_BARE = ' class="bare"'
"""An address that is written out: print adds it to no other."""
_QUOTED = Mark(0, 0, "", "")


def _link_of(piece: _Piece) -> Link | None:
    return piece.link


def _mark_of(piece: _Piece) -> Mark | None:
    return piece.mark


def _marked(elements: Iterable[tuple[Mark | None, str]]) -> str:
    """Elements in a row, those with the same mark inside one."""
    parts: list[str] = []
    for mark, group in groupby(elements, lambda element: element[0]):
        html = "".join([html for _, html in group])
        parts.append(f"{mark.opening}{html}{mark.closing}" if mark and html.strip() else html)
    return "".join(parts)


def _shared(one: Sequence[TextStyle], other: Sequence[TextStyle]) -> int:
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] is other[shared]:
        shared += 1
    return shared


def _pieces(runs: Sequence[Run], marks: Sequence[Mark], insets: Sequence[Inset]) -> list[_Piece]:
    """The runs, cut where something is laid on them."""
    cuts = sorted({place for mark in marks for place in mark[:2]} | {inset.at for inset in insets})
    ends = [mark.end for mark in marks]
    pieces: list[_Piece] = []
    at = 0
    for run in runs:
        for part in cut(run, cuts):
            while at < len(insets) and insets[at].at <= part.start:
                pieces.append(_Piece(None, html=insets[at].html))
                at += 1
            following = bisect_right(ends, part.start)
            is_marked = following < len(marks) and marks[following].start < part.end
            pieces.append(_Piece(part, part.link, marks[following] if is_marked else None))
    pieces += [_Piece(None, html=inset.html) for inset in insets[at:]]
    return _with_links(pieces) if insets else pieces


def cut(run: Run, cuts: Sequence[int]) -> Iterator[Run]:
    """The run in the parts that lie between places of the source; one that cannot be cut stays whole."""
    inner = cuts[bisect_right(cuts, run.start) : bisect_left(cuts, run.end)] if run.is_verbatim else ()
    if not inner:
        yield run
        return
    for start, end in zip([run.start, *inner], [*inner, run.end], strict=True):
        yield run.between(start, end)


def _with_links(pieces: list[_Piece]) -> list[_Piece]:
    """An inset between two parts of one link stands in it."""
    following: list[Link | None] = []
    link: Link | None = None
    for piece in reversed(pieces):
        link = piece.link if piece.run else link
        following.append(link)
    link = None
    for index, after in enumerate(reversed(following)):
        if pieces[index].run is not None:
            link = pieces[index].link
        elif link is after:
            pieces[index] = pieces[index]._replace(link=link)
    return pieces

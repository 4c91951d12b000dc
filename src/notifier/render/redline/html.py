"""Redline → HTML: the new text as a page, `<del>` and `<ins>` in it, inside its real lists, tables and headings.

What is gone stands where it stood, in the list or table it stood in. Nothing depends on colour: a reader hears
"removed", "inserted" and "moved", and both ends of a move link to each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from notifier.diff.redline import Redline
from notifier.render.block_html import leaf_html, prose_at, said, stretch
from notifier.render.blocks import Leaf, Prose
from notifier.render.containers import Placed, among, assemble
from notifier.render.inline import cut_out, marked, plain, words
from notifier.render.redline.annotations import Annotations, BlockAnnotations, marks
from notifier.render.redline.link_targets import lay_targets, target_html
from notifier.render.redline.notes import shortened
from notifier.render.sanitiser import clean, clean_block

_TARGET_ALONE = re.compile(r"\]\((\S+)\)")
_INSERTED, _MOVED, _GONE, _TARGET = 1, 2, 1_000_000, 2_000_000
"""Numbers of marks: inserted; moved by the move `n - 2`; the gone stretch `n - 1_000_000`; the link `n - 2_000_000`."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What the page says for those who hear it, and beside moved text; `moved_away` names the `{title}`."""

    removed: str = "removed: "
    inserted: str = "inserted: "
    mark_end: str = " (end)"
    table: str = "Table"
    moved_away: str = "“{title}” stood here; it was moved: read it where it stands now"
    moved_here: str = "moved here from another place"


@dataclass(frozen=True, slots=True)
class ChangedSection:
    """A heading with changes under it: where the first one is, and how many there are."""

    title: str
    first_id: str
    count: int


@dataclass(frozen=True, slots=True)
class DrawnRedline:
    """The body of a redline page. `unshown` counts changes in parts that a page has no place for."""

    body: str
    sections: tuple[ChangedSection, ...]
    unshown: int

    @property
    def count(self) -> int:
        return sum(section.count for section in self.sections)


def draw_html(
    redline: Redline,
    *,
    labels: Labels | None = None,
    anchors: Mapping[int, str] | None = None,
    level_shift: int = 1,
    show_targets: bool = False,
) -> DrawnRedline:
    """The redline as sanitised HTML. `anchors` are ids for headings of the new text, by index of the leaf.

    `level_shift` makes room above the policy's own headings for the page's; `show_targets` tells beside a link that
    it leads elsewhere now.
    """
    drawing = _Drawing(marks(redline), redline, labels or Labels(), anchors or {}, level_shift)
    if show_targets:
        drawing.targets = lay_targets(drawing.laid, redline)
    return drawing.drawn()


@dataclass(frozen=True, slots=True)
class _Lost:
    """An old leaf that is gone, or the first of those that went with a move."""

    leaf: int
    move: int | None = None


class _Drawing:
    """One redline on its way to HTML: counts its changes and remembers under which heading they stand."""

    def __init__(
        self, laid: Annotations, redline: Redline, labels: Labels, anchors: Mapping[int, str], level_shift: int
    ) -> None:
        self.laid, self.redline, self.labels, self.anchors, self.shift = laid, redline, labels, anchors, level_shift
        self.level = level_shift
        self.gone_html = dict(self._gone_html())
        self.heading = ""
        self.sections: list[ChangedSection] = []
        self.count = 0
        self.arrived: set[int] = set()
        self.targets: list[tuple[str, str]] = []

    def drawn(self) -> DrawnRedline:
        body = assemble(self._in_place(), table_label=escape(self.labels.table))
        return DrawnRedline(clean(body), tuple(self.sections), self.laid.unshown)

    def _in_place(self) -> Iterator[Placed]:
        """The new leaves in order, and between them what is gone or has moved away."""
        became = self.laid.became()
        by_place = self._lost_by_place()
        before: Placed | None = None
        for index, leaf in enumerate((*self.laid.new.leaves, None)):
            lost = [self._lost(one) for one in by_place.get(index, [])]
            shown = list(self._new_leaf(index, leaf)) if leaf else [None]
            for placed in (*lost, *shown[:-1]):
                if placed is not None:
                    before = among(placed, before, shown[-1], became)
                    yield before
            if shown[-1] is not None:
                before = shown[-1]
                yield before

    # what is gone

    def _gone_html(self) -> Iterator[tuple[int, str]]:
        """The `<del>` of each stretch that is gone from a leaf that lives on."""
        by_leaf: dict[int, list[int]] = {}
        for number, (index, _, _) in enumerate(self.laid.gone):
            by_leaf.setdefault(index, []).append(number)
        for index, numbers in by_leaf.items():
            leaf = self.laid.old.leaves[index]
            pieces: dict[int, list[str]] = {number: [] for number in numbers}
            for prose in leaf.proses:
                for number, html in self._cut_from(prose, numbers).items():
                    pieces[number].append(html)
            for number in numbers:
                _, start, end = self.laid.gone[number]
                yield number, self._deleted(" ".join(pieces[number]) or self._raw_stretch(start, end))

    def _cut_from(self, prose: Prose, numbers: list[int]) -> dict[int, str]:
        stretches: list[tuple[int, int]] = []
        for number in numbers:
            _, start, end = self.laid.gone[number]
            first, last = stretch(prose, start, end)
            if last > first:
                stretches += [(first, number + 1), (last, 0)]
        if not stretches:
            return {}
        found = cut_out(prose.content, self.laid.old.references, stretches)
        return {state - 1: html for state, html in (found or {}).items()}

    def _raw_stretch(self, start: int, end: int) -> str:
        text = self.redline.diff.before.text[start:end].strip()
        target = _TARGET_ALONE.fullmatch(text)
        return f' <small class="target">({escape(target[1])})</small>' if target else escape(text)

    def _deleted(self, html: str) -> str:
        return f"<del>{said(self.labels.removed)}{html}{said(self.labels.mark_end)}</del>"

    def _inserted(self, html: str) -> str:
        return f"<ins>{said(self.labels.inserted)}{html}{said(self.labels.mark_end)}</ins>"

    def _lost_by_place(self) -> dict[int, list[_Lost]]:
        """Leaves that are wholly gone, and the notes where moved text stood, by the new leaf they stand before."""
        lost: list[tuple[int, _Lost]] = []
        for index, touched in enumerate(self.laid.old_touched):
            if touched.changed and not touched.partners:
                lost.append((touched.missing_at, _Lost(index)))
        for move, (whole, _, offset) in self.laid.departures.items():
            if whole >= 0:
                lost.append((offset, _Lost(whole, move)))
        by_place: dict[int, list[_Lost]] = {}
        for offset, one in sorted(lost, key=lambda entry: entry[1].leaf):
            by_place.setdefault(self.laid.new.after(offset), []).append(one)
        return by_place

    def _lost(self, lost: _Lost) -> Placed:
        leaf = self.laid.old.leaves[lost.leaf]
        return self._gone_leaf(leaf) if lost.move is None else self._stub(lost.move, leaf)

    def _gone_leaf(self, leaf: Leaf) -> Placed:
        references = self.laid.old.references
        inline = [self._deleted(plain(prose.content, references)) for prose in leaf.proses if prose.content]
        if leaf.kind == "heading":
            html = f'<p class="gone was-heading"{self._change_id()}>{inline[0] if inline else ""}</p>'
        elif leaf.kind == "row":
            inline = [self._deleted(plain(p.content, references)) if p.content else "" for p in leaf.proses]
            html = leaf_html(leaf, inline, attributes=f' class="gone"{self._change_id()}')
        elif leaf.kind == "html":
            html = f'<div class="gone"{self._change_id()}>{self._deleted(clean_block(leaf.raw))}</div>'
        else:
            inline = inline or [self._deleted(escape(leaf.raw))]
            html = leaf_html(leaf, inline, attributes=f' class="gone"{self._change_id()}')
        return Placed(leaf.path, html, leaf.kind == "row")

    def _stub(self, move: int, leaf: Leaf) -> Placed:
        return Placed(leaf.path, f'<p class="moved-away">{self._stub_link(move)}</p>')

    def _stub_link(self, move: int) -> str:
        text = self.labels.moved_away.format(title=shortened(self.redline.moves[move].title, 60))
        return f'<a id="move-{move + 1}-from" href="#move-{move + 1}-here">{escape(text)}</a>'

    # what is new or stays

    def _new_leaf(self, index: int, leaf: Leaf) -> Iterator[Placed]:
        """The leaf; before it the old one where the two cannot be shown as one."""
        touched = self.laid.new_touched[index]
        if leaf.kind == "heading":
            self.heading = words(leaf.proses[0].content, self.laid.new.references)
        if not (touched.changed or touched.missing or touched.moved or touched.targets):
            yield Placed(leaf.path, self._plain_leaf(index, leaf), leaf.kind == "row")
            return
        if touched.changed and not touched.partners:
            yield self._whole_leaf(index, leaf, touched)
            return
        inline = self._edited(leaf, touched)
        if inline is None and not (touched.changed or touched.missing):
            yield Placed(leaf.path, self._plain_leaf(index, leaf), leaf.kind == "row")
            return
        if inline is None:
            yield self._gone_leaf(self.laid.old.leaves[touched.partners.most_common(1)[0][0]])
            yield self._whole_leaf(index, leaf, touched)
            return
        is_edited = bool(touched.changed or touched.missing)
        classes = [name for name, is_so in (("edited", is_edited), ("moved-here", self._is_moved(touched))) if is_so]
        yield self._with_class(index, leaf, inline, " ".join(classes), is_change=is_edited)

    def _plain_leaf(self, index: int, leaf: Leaf) -> str:
        inline = [plain(prose.content, self.laid.new.references) for prose in leaf.proses]
        return self._leaf(index, leaf, inline, "")

    def _whole_leaf(self, index: int, leaf: Leaf, touched: BlockAnnotations) -> Placed:
        inline = [
            self._inserted(plain(prose.content, self.laid.new.references)) if prose.content else ""
            for prose in leaf.proses
        ]
        raw = clean_block(leaf.raw) if leaf.kind == "html" else escape(leaf.raw)
        inline = inline or [self._inserted(raw)]
        return self._with_class(index, leaf, inline, "added", is_change=bool(touched.changed))

    def _with_class(self, index: int, leaf: Leaf, inline: list[str], name: str, *, is_change: bool) -> Placed:
        attributes = (f' class="{name}"' if name else "") + (
            self._change_id(self.anchors.get(index)) if is_change else ""
        )
        html = self._leaf(index, leaf, inline, attributes)
        return Placed(leaf.path, html, leaf.kind == "row")

    def _leaf(self, index: int, leaf: Leaf, inline: list[str], attributes: str) -> str:
        if leaf.kind != "heading":
            return leaf_html(leaf, inline, attributes=attributes)
        self.level = min(leaf.level + self.shift, self.level + 1, 6)
        if index in self.anchors:
            attributes = f' id="{self.anchors[index]}"' + attributes.partition(" id=")[0]
        return leaf_html(leaf, inline, attributes=attributes, level=self.level)

    def _is_moved(self, touched: BlockAnnotations) -> bool:
        return bool(touched.moved) and not touched.standing

    def _edited(self, leaf: Leaf, touched: BlockAnnotations) -> list[str] | None:
        """The leaf's proses with their marks; None where marks cannot be set inside it."""
        if not leaf.proses or not all(prose.segments or not prose.content for prose in leaf.proses):
            return None
        inline: list[str] = []
        for position, prose in enumerate(leaf.proses):
            events = sorted(self._events(leaf, position, touched), key=lambda event: event[:2])
            html = plain(prose.content, self.laid.new.references)
            if events:
                found = self._marked(prose, [(offset, number) for offset, _, number in events])
                if found is None:
                    return None
                html = found
            inline.append(html)
        inline[0] = "".join(self._arrivals(touched)) + inline[0]
        return inline

    def _marked(self, prose: Prose, events: list[tuple[int, int]]) -> str | None:
        inserted = self._inserted("\0").split("\0")
        around = {_INSERTED: (inserted[0], inserted[1])}
        around |= {number: ('<span class="moved">', "</span>") for _, number in events if _MOVED <= number < _GONE}
        inserts = {_GONE + number: html for number, html in self.gone_html.items()}
        labels = said(self.labels.removed), said(self.labels.inserted)
        links = {number - _TARGET for _, number in events if number >= _TARGET}
        inserts |= {_TARGET + link: target_html(*self.targets[link], labels) for link in links}
        return marked(prose.content, self.laid.new.references, events, around=around, inserts=inserts)

    def _events(self, leaf: Leaf, position: int, touched: BlockAnnotations) -> Iterator[tuple[int, int, int]]:
        """(place in the prose, order among marks at one place, number of the mark)."""
        prose = leaf.proses[position]
        stretches = [(start, end, _INSERTED) for start, end in touched.changed]
        if not self._is_moved(touched):
            stretches += [(start, end, _MOVED + move) for start, end, move in touched.moves]
        for start, end, number in stretches:
            first, last = stretch(prose, start, end)
            if last > first:
                yield first, 2, number
                yield last, 0, 0
        for offset, number in touched.missing:
            if prose_at(leaf, offset) == position:
                yield prose.position(offset), 1, _GONE + number
        for offset, number in touched.targets:
            if prose_at(leaf, offset) == position:
                yield prose.position(offset), 1, _TARGET + number

    def _arrivals(self, touched: BlockAnnotations) -> Iterator[str]:
        """The note at the first leaf of a move, where its other end links to."""
        for move in touched.moved:
            if move in self.arrived or move not in self.laid.departures:
                continue
            self.arrived.add(move)
            has_stub = self.laid.departures[move][0] >= 0
            target = f' href="#move-{move + 1}-from"' if has_stub else ""
            yield f'<a class="move-note" id="move-{move + 1}-here"{target}>{escape(self.labels.moved_here)}</a> '

    def _change_id(self, taken: str | None = None) -> str:
        """The id of the next change, counted under the heading it stands below; a heading keeps its own."""
        self.count += 1
        name = taken or f"change-{self.count}"
        if self.sections and self.sections[-1].title == self.heading:
            last = self.sections[-1]
            self.sections[-1] = ChangedSection(last.title, last.first_id, last.count + 1)
        else:
            self.sections.append(ChangedSection(self.heading, name, 1))
        return f' id="{name}"'

"""A comparison for a terminal: the verdict with its reasons, then the redline, readable without colour.

`[-words-]` are gone and `[+words+]` are new; a whole block that is gone or new has its mark in the margin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from notifier.diff import Layer
from notifier.diff.redline import Redline, SpanKind
from notifier.render.redline.hunks import LINK_TARGET, Hunk, changed, context, hunks, whole, with_breaks
from notifier.render.redline.interleave import ALL_LAYERS, WORDS_ONLY, PlacedSpan
from notifier.render.redline.link_targets import apart
from notifier.render.redline.notes import counted, move_sentence, shortened
from notifier.render.redline.quoted_once import QuotedChange, quoted_once
from notifier.render.redline.repeated_edits import folded, left_out_note, repeated_edits
from notifier.render.styled_text import Style, Styled, columns, harmless, paint, wrap
from notifier.significance import Reason, Significance
from notifier.text.document import BlockKind
from notifier.text.markdown import parse

if TYPE_CHECKING:
    from notifier.significance.comparison import Comparison

SIDE_BY_SIDE_FROM = 120
"""Columns; below this two texts do not fit beside each other."""
_MARKS = {SpanKind.DELETED: ("[-", "-]", Style.GONE), SpanKind.INSERTED: ("[+", "+]", Style.NEW)}
"""Coloured, and neither struck through nor underlined: a line through `[-15-]` would hide marks and figures."""
_TIGHT = frozenset({BlockKind.LIST_ITEM, BlockKind.TABLE_ROW})
"""Drawn without a blank line between them where several come or go."""
_Line = list[Styled]


def draw_comparison(
    comparison: Comparison,
    *,
    width: int,
    colour: bool,
    side_by_side: bool = False,
    show_all: bool = False,
    heading: str = "",
    heading_right: str = "",
    told: str = "",
    dates: str = "",
) -> str:
    """The whole preview, lines of at most `width` columns, no final newline.

    `heading` and `heading_right` stand first on one line, `told` beside the verdict ("customers will be told: …"),
    `dates` under the reasons. `side_by_side` needs `SIDE_BY_SIDE_FROM` columns and is ignored below.
    """
    blocks = [
        _heading(heading, heading_right, width),
        _verdict(comparison, told, width),
        [[Styled(harmless(dates))]] if dates else [],
        list(_redline(comparison.redline, width, side_by_side=side_by_side, show_all=show_all)),
    ]
    return "\n\n".join("\n".join(paint(line, colour=colour) for line in block) for block in blocks if block)


def draw_redline(
    redline: Redline, *, width: int, colour: bool, side_by_side: bool = False, show_all: bool = False
) -> str:
    """The redline alone, without a verdict."""
    lines = _redline(redline, width, side_by_side=side_by_side, show_all=show_all)
    return "\n".join(paint(line, colour=colour) for line in lines)


def _heading(heading: str, right: str, width: int) -> list[_Line]:
    if not heading:
        return []
    left, right = harmless(heading), harmless(right)
    gap = width - columns(left) - columns(right)
    if not right or gap < 2:
        return [[Styled(text, Style.STRONG)] for text in (left, right) if text]
    return [[Styled(left, Style.STRONG), Styled(" " * gap), Styled(right, Style.FAINT)]]


def _verdict(comparison: Comparison, told: str, width: int) -> list[_Line]:
    is_significant = comparison.significance is Significance.SIGNIFICANT
    verdict = f"{comparison.significance.value.upper()}, {comparison.certainty.value}"
    first: _Line = [Styled(verdict, Style.ALARM if is_significant else Style.CALM)]
    lines = [first]
    if told and columns(verdict) + columns(told) + 8 <= width:
        first += [Styled(" " * max(36 - columns(verdict), 2)), Styled(told)]
    elif told:
        lines += [[Styled("  "), *line] for line in wrap([Styled(told)], width - 2)]
    return lines + list(_reasons(comparison.reasons, width))


def _reasons(reasons: tuple[Reason, ...], width: int) -> Iterator[_Line]:
    """Numbered, aligned: topic, where, what, basis; what wraps in its own column."""
    rows = [
        (f"{n}", harmless(change.about), where(change.reason, 32), change)
        for n, change in enumerate(quoted_once(reasons), 1)
    ]
    if not rows:
        return
    number, topic, place = (max(columns(str(row[i])) for row in rows) for i in range(3))
    indent = number + topic + place + 8
    is_narrow = width - indent < 40
    for row in rows:
        label = f"  {row[0]:>{number}}  {_padded(row[1], topic)}  {_padded(row[2], place)}"
        told = _what(row[3])
        lines = wrap(told, width - 6) if is_narrow else wrap(told, width - indent)
        if is_narrow:
            yield [Styled(label.rstrip())]
            yield from ([Styled(" " * 6), *line] for line in lines)
            continue
        yield [Styled(f"{label}  "), *lines[0]]
        yield from ([Styled(" " * indent), *line] for line in lines[1:])


def where(reason: Reason, width: int = 60) -> str:
    """`Information sharing ¶2`: the innermost heading and the paragraph under it."""
    section = shortened(harmless(reason.section[-1]), width) if reason.section else "the beginning"
    return f"{section} ¶{reason.paragraph}" if reason.paragraph else section


def _what(change: QuotedChange) -> _Line:
    before, after = (shortened(harmless(t, show_unseen=True), 120) for t in changed_words(change.reason))
    runs: _Line = []
    if before and after:
        runs = [Styled(before, Style.GONE), Styled(" → "), Styled(after, Style.NEW)]
    elif after:
        runs = [Styled("new: "), Styled(f"“{after}”", Style.NEW)]
    elif before:
        runs = [Styled("gone: "), Styled(f"“{before}”", Style.GONE)]
    else:
        runs = [Styled(change.reason.rule)]
    return [*runs, Styled(f" ({harmless(change.basis)})", Style.FAINT)] if change.bases else runs


def changed_words(reason: Reason) -> tuple[str, str]:
    """The words that changed, or the sentences around them where a reason names none, without their Markdown."""
    before, after = reason.before, reason.after
    if reason.changed_before or reason.changed_after:
        before, after = reason.changed_before, reason.changed_after
    read = _read(before), _read(after)
    return (before, after) if read[0] == read[1] else apart(*read)


def _read(markdown: str) -> str:
    return _UNCLOSED.sub("", _line(_BREAK.sub(" ", _TARGET_ALONE.sub(r"\1", markdown)))).strip(" |")


def _line(markdown: str) -> str:
    """A stretch of Markdown as its words read, on one line."""
    return " ".join(block.line for block in parse(markdown).blocks)


_UNCLOSED = re.compile(r"\[(?=[^\[\]]*\Z)")
_BREAK = re.compile(r"<br\s*/?>")
_TARGET_ALONE = re.compile(r"\A\]\(([^()\s]+)\)")


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - columns(text), 0)


def _redline(redline: Redline, width: int, *, side_by_side: bool, show_all: bool) -> Iterator[_Line]:
    beside = side_by_side and width >= SIDE_BY_SIDE_FROM
    before: Hunk | None = None
    names = () if show_all else repeated_edits(redline)
    for name in names:
        yield [Styled(harmless(str(name)), Style.STRONG)]
    shown = folded(hunks(redline, layers=ALL_LAYERS if show_all else WORDS_ONLY), names)
    for left_out, together in _together(shown) if beside else ((n, [h] if h else []) for n, h in shown):
        if left_out:
            yield [Styled(f"   … {left_out_note(left_out, names)}", Style.FAINT)]
        if not together:
            break
        hunk = together[0]
        if before is None or before.section != hunk.section:
            yield _rule(_title(hunk), f" line {hunk.line:,} ──", width)
        elif hunk.skipped:
            yield [Styled(f"   … {_counted(hunk.skipped, 'paragraph')} unchanged", Style.FAINT)]
        elif not (hunk.is_whole and hunk.kind is before.kind and hunk.kind in _TIGHT):
            yield []
        before = together[-1]
        yield from _beside(together, width) if beside else _hunk(hunk, width)
    yield from _moves(redline, width)
    yield from _end(redline, width, is_whole=show_all, is_empty=before is None and not redline.moves)


def _title(hunk: Hunk) -> str:
    return " › ".join(harmless(heading) for heading in hunk.section[-2:]) or "the beginning"


def _rule(title: str, right: str, width: int) -> _Line:
    left = f"── {shortened(title, max(width - columns(right) - 8, 8))} "
    return [Styled(left + "─" * max(width - columns(left) - columns(right), 2) + right, Style.STRONG)]


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _hunk(hunk: Hunk, width: int) -> Iterator[_Line]:
    if hunk.is_rewritten or hunk.is_whole:
        yield from _marked(hunk.before, " - ", Style.GONE, width)
        yield from _marked(hunk.after, " + ", Style.NEW, width)
        return
    for line in _wrapped(hunk.spans, width - 3):
        yield [Styled("   "), *line]


def _wrapped(spans: tuple[PlacedSpan, ...], width: int) -> list[_Line]:
    """A block with its marks as lines; the blank lines after it are left to what follows."""
    lines = wrap(list(_marked_runs(spans)), width)
    while lines and not any(run.text.strip() for run in lines[-1]):
        lines.pop()
    return lines


def _marked(text: str, mark: str, style: Style, width: int) -> Iterator[_Line]:
    """A whole block with its mark before every line, so that none is lost where a screen cuts it."""
    if not text.strip():
        return
    for line in wrap([Styled(harmless(whole(text), show_unseen=True), style)], width - 3):
        yield [Styled(mark, style), *line]


def _marked_runs(spans: tuple[PlacedSpan, ...]) -> Iterator[Styled]:
    """The spans of one block in line, marks around what changed, long unchanged text cut to what gives context."""
    for index, span in enumerate(spans):
        if span.kind not in _MARKS:
            text = _SHORTENED.sub(_host_and_end, LINK_TARGET.sub("]", with_breaks(span.text)))
            yield Styled(context(harmless(text), is_first=index == 0, is_last=index == len(spans) - 1))
            continue
        if span.kind is SpanKind.INSERTED and index and spans[index - 1].kind is SpanKind.DELETED:
            yield Styled(" ")
        yield from _between_marks(span)


def _between_marks(span: PlacedSpan) -> Iterator[Styled]:
    opening, closing, style = _MARKS[span.kind]
    text = changed(span.text) if span.layer is Layer.WORDS else span.text
    text = harmless(text, show_unseen=True)
    if span.layer is Layer.LINKS and text.startswith("]("):
        text = text.removeprefix("](").removesuffix(")")
    inner = text.strip()
    if not inner:
        inner = _visible(text)
    yield Styled(text[: len(text) - len(text.lstrip())] if text.strip() else "")
    yield Styled(f"{opening}{inner}{closing}", style)
    yield Styled(text[len(text.rstrip()) :] if text.strip() else "")


_SHORTENED = re.compile(r"(?<=\]\()(\w+:/*[^/()\s]+/)[^()\s]{20,}?([^()\s]{16})\Z")
"""The unchanged start of an address whose end changed."""


def _host_and_end(match: re.Match[str]) -> str:
    return f"{match[1]}…{match[2]}"


def _visible(text: str) -> str:
    """Space as marks of its own: drawn only where space is all that changed."""
    return text.replace("\n", "⏎").replace("\t", "⇥").replace(" ", "␣").replace("\u00a0", "⍽")


def _sides(hunk: Hunk, column: int) -> tuple[list[_Line], list[_Line]]:
    """The old block and the new one as lines of a column."""
    if hunk.is_rewritten or hunk.is_whole:
        gone, new = (" - ", Style.GONE, column), (" + ", Style.NEW, column)
        return list(_marked(hunk.before, *gone)), list(_marked(hunk.after, *new))
    old = tuple(span for span in hunk.spans if span.kind is not SpanKind.INSERTED)
    new_strands = tuple(span for span in hunk.spans if span.kind is not SpanKind.DELETED)
    left = _wrapped(old, column) if hunk.before.strip() else []
    return left, _wrapped(new_strands, column) if hunk.after.strip() else []


def _together(shown: Iterable[tuple[int, Hunk | None]]) -> Iterator[tuple[int, list[Hunk]]]:
    """Blocks that are gone with the new ones in their place: beside each other though nothing of them is the same."""
    count, together = 0, list[Hunk]()
    for left_out, hunk in shown:
        if together and hunk is not None and not left_out and _goes_with(together[-1], hunk):
            together.append(hunk)
            continue
        if together:
            yield count, together
        count, together = left_out, [hunk] if hunk else []
    yield count, together


def _goes_with(before: Hunk, hunk: Hunk) -> bool:
    is_next = before.section == hunk.section and not hunk.skipped and before.is_whole and hunk.is_whole
    is_gone, is_new = not before.after.strip(), not hunk.before.strip()
    return is_next and (is_new or (is_gone and not hunk.after.strip())) and (is_gone or not before.before.strip())


def _beside(together: list[Hunk], width: int) -> Iterator[_Line]:
    """The old blocks left, the new ones right."""
    column = (width - 3) // 2
    left, right = list[_Line](), list[_Line]()
    for hunk in together:
        for side, lines in zip((left, right), _sides(hunk, column), strict=True):
            side += [[]] if side and lines and hunk.kind not in _TIGHT else []
            side += lines
    for row in range(max(len(left), len(right))):
        line = left[row] if row < len(left) else []
        gap = column - sum(columns(run.text) for run in line)
        yield [*line, Styled(" " * gap), Styled(" │ ", Style.FAINT), *(right[row] if row < len(right) else [])]


def _moves(redline: Redline, width: int) -> Iterator[_Line]:
    if redline.moves:
        yield _rule("moved", "", width)
    for index in range(len(redline.moves)):
        yield from (
            [Styled("   "), *line] for line in wrap([Styled(harmless(move_sentence(redline, index)))], width - 3)
        )


def _end(redline: Redline, width: int, *, is_whole: bool, is_empty: bool) -> Iterator[_Line]:
    small = counted(redline)
    if is_empty:
        yield [Styled("No words changed." if small else "Nothing changed.")]
    if redline.diff.budget_reached:
        yield [Styled("Too much changed to match word by word everywhere: some parts are shown whole.", Style.FAINT)]
    if small and not is_whole:
        hint = "--all shows them"
        *lines, last = wrap([Styled(f"and {', '.join(small)}")], width)
        gap = width - sum(columns(run.text) for run in last) - len(hint)
        yield []
        yield from lines
        yield [*last, Styled(" " * gap), Styled(hint, Style.FAINT)] if gap >= 2 else last
        if gap < 2:
            yield [Styled(hint, Style.FAINT)]

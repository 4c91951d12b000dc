"""A comparison for a terminal: the verdict with its reasons, then the redline, readable without colour.

`[-words-]` are gone and `[+words+]` are new; a whole block that is gone or new has its mark in the margin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from notifier.diff import Edit
from notifier.diff.redline import Redline, SpanKind
from notifier.plurals import counted
from notifier.render.quoted_once import QuotedChange, quoted_once
from notifier.render.redline.annotations import is_drawn
from notifier.render.redline.hunks import Hunk, grouped, hunks, moved, rows_together
from notifier.render.redline.link_targets import apart
from notifier.render.redline.notes import shortened, small_edits
from notifier.render.redline.pieces import Piece
from notifier.render.redline.repeated_edits import folded, left_out_note, repeated_edits
from notifier.render.redline.terminal_blocks import drawn, in_line, side_by_side_of
from notifier.render.styled_text import Style, Styled, columns, harmless, paint, wrap
from notifier.render.table_layout import Line
from notifier.significance import Reason, Significance
from notifier.text.document import BlockKind
from notifier.text.markdown import parse

if TYPE_CHECKING:
    from notifier.significance.comparison import Comparison

SIDE_BY_SIDE_FROM = 120
"""Columns; below this two texts do not fit beside each other."""


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
    word: str = "",
) -> str:
    """The whole preview, lines of at most `width` columns, no final newline.

    `heading` and `heading_right` stand first on one line, `told` beside the verdict ("customers will be told: …"),
    `dates` under the reasons; `word`: what is said where there is nothing to compare.
    `side_by_side` needs `SIDE_BY_SIDE_FROM` columns and is ignored below.
    """
    blocks = [
        _heading(heading, heading_right, width),
        _verdict(comparison, told, width, word),
        [[Styled(harmless(dates))]] if dates else [],
        [] if word else list(_redline(comparison.redline, width, side_by_side=side_by_side, show_all=show_all)),
    ]
    return "\n\n".join("\n".join(paint(line, colour=colour) for line in block) for block in blocks if block)


def draw_redline(
    redline: Redline, *, width: int, colour: bool, side_by_side: bool = False, show_all: bool = False
) -> str:
    """The redline alone, without a verdict."""
    lines = _redline(redline, width, side_by_side=side_by_side, show_all=show_all)
    return "\n".join(paint(line, colour=colour) for line in lines)


def _heading(heading: str, right: str, width: int) -> list[Line]:
    if not heading:
        return []
    left, right = harmless(heading), harmless(right)
    gap = width - columns(left) - columns(right)
    if not right or gap < 2:
        return [[Styled(text, Style.STRONG)] for text in (left, right) if text]
    return [[Styled(left, Style.STRONG), Styled(" " * gap), Styled(right, Style.FAINT)]]


def _verdict(comparison: Comparison, told: str, width: int, word: str) -> list[Line]:
    is_significant = comparison.significance is Significance.SIGNIFICANT
    verdict = word or f"{comparison.significance.value.upper()}, {comparison.certainty.value}"
    first: Line = [Styled(verdict, Style.ALARM if is_significant else Style.CALM)]
    lines = [first]
    if told and columns(verdict) + columns(told) + 8 <= width:
        first += [Styled(" " * max(36 - columns(verdict), 2)), Styled(told)]
    elif told:
        lines += [[Styled("  "), *line] for line in wrap([Styled(told)], width - 2)]
    return lines + list(_reasons(comparison.reasons, width))


def _reasons(reasons: tuple[Reason, ...], width: int) -> Iterator[Line]:
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


def _what(change: QuotedChange) -> Line:
    before, after = (shortened(harmless(t, show_unseen=True), 120) for t in changed_words(change.reason))
    runs: Line = []
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
    words = _CALL.sub(r" footnote \1", _BREAK.sub(" ", _TARGET_ALONE.sub(r"\1", markdown)))
    return _UNCLOSED.sub("", _line(words)).strip(" |")


def _line(markdown: str) -> str:
    """A stretch of Markdown as its words read, on one line."""
    return " ".join(block.line for block in parse(markdown).blocks)


_CALL = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_UNCLOSED = re.compile(r"\[(?=[^\[\]]*\Z)")
_BREAK = re.compile(r"<br\s*/?>")
_TARGET_ALONE = re.compile(r"\A\]\(([^()\s]+)\)")


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - columns(text), 0)


def _redline(redline: Redline, width: int, *, side_by_side: bool, show_all: bool) -> Iterator[Line]:
    beside = side_by_side and width >= SIDE_BY_SIDE_FROM
    before: Hunk | None = None
    names = () if show_all else repeated_edits(redline)
    for name in names:
        yield [Styled(harmless(str(name)), Style.STRONG)]
    shown = folded(hunks(redline), names)
    for left_out, together in grouped(shown, _is_in_place) if beside else rows_together(shown):
        if left_out:
            yield [Styled(f"   … {left_out_note(left_out, names)}", Style.FAINT)]
        if not together:
            break
        hunk = together[0]
        if before is None or before.section != hunk.section:
            yield _rule(_title(hunk), f" line {hunk.line:,} ──", width)
        elif hunk.skipped:
            yield [Styled(f"   … {counted(hunk.skipped, 'paragraph')} unchanged", Style.FAINT)]
        elif not (hunk.is_whole and hunk.kind is before.kind is BlockKind.LIST_ITEM):
            yield []
        before = together[-1]
        yield from side_by_side_of(together, width) if beside else drawn(together, width)
    yield from _moves(redline, width)
    yield from _small_edits(redline, width) if show_all else ()
    yield from _end(redline, width, is_whole=show_all, is_empty=before is None and not any(moved(redline)))


def _title(hunk: Hunk) -> str:
    return " › ".join(harmless(heading) for heading in hunk.section[-2:]) or "the beginning"


def _rule(title: str, right: str, width: int) -> Line:
    left = f"── {shortened(title, max(width - columns(right) - 8, 8))} "
    return [Styled(left + "─" * max(width - columns(left) - columns(right), 2) + right, Style.STRONG)]


def _is_in_place(before: Hunk, hunk: Hunk) -> bool:
    """Is it new in the place of what is gone, or more of either?"""
    if before.table is not None or hunk.table is not None:
        return before.table is hunk.table
    is_next = before.section == hunk.section and not hunk.skipped and before.is_whole and hunk.is_whole
    is_gone, is_new = not before.after.strip(), not hunk.before.strip()
    return is_next and (is_new or (is_gone and not hunk.after.strip())) and (is_gone or not before.before.strip())


def _moves(redline: Redline, width: int) -> Iterator[Line]:
    for index, sentence in enumerate(moved(redline)):
        yield from [_rule("moved", "", width)] if index == 0 else []
        yield from ([Styled("   "), *line] for line in wrap([Styled(harmless(sentence))], width - 3))


def _small_edits(redline: Redline, width: int) -> Iterator[Line]:
    """What is no change of words, each by its place in the Markdown, with the marks where it was made."""
    edits = [edit for edit in redline.diff.edits if not is_drawn(edit)]
    if edits:
        yield _rule("links, markup, typography", "", width)
    for edit in edits:
        runs = [Styled(f"line {redline.lines[1].in_file(edit.after.line):,}  ", Style.FAINT)]
        runs += in_line(tuple(_in_source(redline.diff.after.text, edit)), SpanKind.KEPT)
        yield from ([Styled("   "), *line] for line in wrap(runs, width - 3))


def _in_source(text: str, edit: Edit) -> Iterator[Piece]:
    """An edit with the Markdown beside it; what both sides begin and end with is no part of it."""
    before, after = edit.before.text, edit.after.text
    same = _same(before, after)
    end = _same(before[same:][::-1], after[same:][::-1])
    start, stop = edit.after.start + same, edit.after.start + len(after) - end
    yield Piece(SpanKind.KEPT, _beside_edit(text[:start], is_before=True))
    if before[same : len(before) - end]:
        yield Piece(SpanKind.DELETED, before[same : len(before) - end])
    if text[start:stop]:
        yield Piece(SpanKind.INSERTED, text[start:stop])
    yield Piece(SpanKind.KEPT, _beside_edit(text[stop:], is_before=False))


def _same(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    differs = (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differs, min(len(one), len(other)))


_CONTEXT = 30
"""Characters of the Markdown shown on each side of an edit that is none of words."""


def _beside_edit(text: str, *, is_before: bool) -> str:
    line = text.rpartition("\n")[2] if is_before else text.partition("\n")[0]
    if len(line) <= _CONTEXT:
        return line
    return f"…{line[-_CONTEXT:]}" if is_before else f"{line[:_CONTEXT]}…"


def _end(redline: Redline, width: int, *, is_whole: bool, is_empty: bool) -> Iterator[Line]:
    small = small_edits(redline)
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

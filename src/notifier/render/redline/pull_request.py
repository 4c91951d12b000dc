"""A comparison as Markdown for a pull request, escaped so that policy text can neither break it nor call anyone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from notifier.diff.redline import Redline, SpanKind
from notifier.render.quoted_once import quoted_once
from notifier.render.redline.hunks import Hunk, hunks, is_heading, moved, rows_together
from notifier.render.redline.notes import shortened, small_edits
from notifier.render.redline.pieces import Pieces, cell_in_context, in_context
from notifier.render.redline.repeated_edits import folded, left_out_note, repeated_edits
from notifier.render.redline.terminal import changed_words, where
from notifier.render.styled_text import harmless
from notifier.significance import Reason
from notifier.text.document import BlockKind, ContainerKind

if TYPE_CHECKING:
    from notifier.significance.comparison import Comparison

LENGTH_LIMIT = 60_000
"""Characters; GitHub refuses a comment of more than 65,536."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+.!|~>=:-])")
_MENTION = re.compile(r"([@#])(?=\w)")
_BLANKS = re.compile(" {2,}")
_TAGS = {SpanKind.DELETED: ("<del>", "</del>"), SpanKind.INSERTED: ("<ins>", "</ins>")}


def draw_markdown(
    comparison: Comparison, *, heading: str, told: str = "", dates: str = "", tasks: Iterable[str] = ()
) -> str:
    """The whole comment: verdict, reasons as a table, who is told, what is left to do (`tasks`), the redline folded."""
    verdict = draw_verdict(comparison, heading=heading, told=told, dates=dates, tasks=tasks)
    return f"{verdict}\n\n{draw_redline_details(comparison)}\n"


def draw_verdict(
    comparison: Comparison, *, heading: str, told: str = "", dates: str = "", tasks: Iterable[str] = ()
) -> str:
    """The same without the redline."""
    verdict = f"{comparison.significance.value} ({comparison.certainty.value})"
    parts = [f"### {escaped(heading)}: {verdict}", _table(comparison.reasons)]
    parts.append("; ".join(escaped(text) for text in (told, dates) if text))
    parts.append("\n".join(f"- [ ] {escaped(task)}" for task in tasks))
    return "\n\n".join(part for part in parts if part)


def draw_redline_details(comparison: Comparison, name: str = "") -> str:
    """The redline, folded; `name` of what, where several stand together."""
    summary = f"Redline of {escaped(name)}" if name else "Redline"
    return f"<details><summary>{summary}</summary>\n\n{draw_redline_markdown(comparison.redline)}\n\n</details>"


def escaped(text: str) -> str:
    """Policy text as inert inline Markdown: no markup, no HTML, no mention, no issue link, one line."""
    text = harmless(" ".join(text.split()), show_unseen=False)
    text = _MENTION.sub("\\1\u2060", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return _SPECIAL.sub(_escaped_special, text)


def inert(text: str) -> str:
    """Text of many lines for within `<pre>`: no HTML, no mention, no issue link."""
    return _MENTION.sub("\\1\u2060", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escaped_special(match: re.Match[str]) -> str:
    """A backslash only where the character could mean something inside a line; prose stays readable as source."""
    character = match.group()
    at_start = not match.string[: match.start()].strip()
    before = match.string[match.start() - 1 : match.start()]
    if character in "\\`*_[]|~":
        return f"\\{character}"
    if character in "#+-=>:" and at_start:
        return f"\\{character}"
    if character in ".)" and match.string[: match.start()].strip().isdigit():
        return f"\\{character}"
    if character == ":" and match.string[match.end() : match.end() + 2] == "//":
        return "&#58;"  # a bare address must not become a link
    if character == "." and before.lower() == "w":
        return "&#46;"  # nor one that begins with www
    return character


def _table(reasons: tuple[Reason, ...]) -> str:
    if not reasons:
        return ""
    rows = ["| | topic | where | before | after | basis |", "|---|---|---|---|---|---|"]
    for number, change in enumerate(quoted_once(reasons), 1):
        before, after = (shortened(text, 160) for text in changed_words(change.reason))
        cells = (str(number), change.about, where(change.reason, 32), before, after, change.basis)
        rows.append(f"| {' | '.join(escaped(cell) for cell in cells)} |")
    return "\n".join(rows)


def draw_redline_markdown(redline: Redline) -> str:
    """The changed blocks under their headings, `<del>` and `<ins>` inside; cut with a word about it when too long."""
    parts: list[str] = []
    length = 0
    for part in _parts(redline):
        length += len(part) + 2
        if length > LENGTH_LIMIT:
            parts.append("… the rest is too long for a comment: `notifier preview` shows it whole.")
            break
        parts.append(part)
    return "\n\n".join(parts) or "No words changed."


def _parts(redline: Redline) -> Iterator[str]:
    section: tuple[str, ...] | None = None
    names = repeated_edits(redline)
    yield from (f"**{escaped(str(name))}**" for name in names)
    for left_out, together in rows_together(folded(hunks(redline), names)):
        if left_out:
            yield f"… {left_out_note(left_out, names)}"
        if not together:
            break
        hunk = together[0]
        if section != hunk.section:
            title = " › ".join(escaped(heading) for heading in hunk.section[-2:]) or "the beginning"
            yield f"**{title}**, line {hunk.line:,}"
            section = hunk.section
        yield _table_of(together) if hunk.table is not None else "\n>\n".join(_quoted(hunk))
    moves = list(moved(redline))
    yield from (f"- moved: {escaped(sentence)}" for sentence in moves)
    if redline.diff.budget_reached:
        yield "Too much changed to match word by word everywhere: some parts are shown whole."
    small = small_edits(redline)
    if small and section is None and not moves:
        yield "No words changed."
    if small:
        yield f"and {', '.join(small)}"


def _table_of(rows: list[Hunk]) -> str:
    """Rows of one table as a table, under its heading cells."""
    drawn = [[_drawn(cell_in_context(pieces)) for pieces in cells] for row in rows for _, cells in row.sides()]
    head = [] if is_heading(rows[0].block) else [[_drawn(pieces) for pieces in rows[0].head]]
    width = max(len(cells) for cells in (*head, *drawn))
    lines = [cells + [""] * (width - len(cells)) for cells in (*head, *drawn)]
    lines.insert(1, ["---"] * width)
    return "\n".join(f"> | {' | '.join(cells)} |" for cells in lines)


def _quoted(hunk: Hunk) -> Iterator[str]:
    """The block in the lists and quotations it stands in; the old one and the new one where each is whole."""
    quotes = sum(container.kind in (ContainerKind.QUOTE, ContainerKind.ALERT) for container in hunk.path)
    depth = sum(container.kind in _INDENTING for container in hunk.path) - bool(hunk.lead)
    first = ">" + " >" * quotes
    for _, cells in hunk.sides():
        if hunk.kind is BlockKind.CODE:
            yield "\n".join(f"{first} {line}" for line in _typed(cells[0]).split("\n"))
            continue
        text = _drawn(in_context(cells[0]))
        yield f"{first}{' &emsp;' * depth} {_lead(hunk)}{f'<b>{text}</b>' if hunk.kind is BlockKind.HEADING else text}"


_INDENTING = frozenset({ContainerKind.ITEM, ContainerKind.DEFINITION, ContainerKind.FOOTNOTE})


def _lead(hunk: Hunk) -> str:
    return "• " if hunk.lead == "- " else escaped(hunk.lead) + " " * bool(hunk.lead)


def _typed(pieces: Pieces) -> str:
    """Code, which keeps its lines."""
    parts = [inert(harmless(piece.text, show_unseen=piece.kind is not SpanKind.KEPT)) for piece in pieces]
    marked = zip(pieces, parts, strict=True)
    return f"<pre>{''.join(_in_tags(text, piece.kind) for piece, text in marked)}</pre>"


def _drawn(pieces: Pieces) -> str:
    """Words in line; a blank stands where words are gone and others new."""
    parts: list[str] = []
    for index, piece in enumerate(pieces):
        is_instead = piece.kind is SpanKind.INSERTED and index and pieces[index - 1].kind is SpanKind.DELETED
        parts += [" "] if is_instead else []
        text = escaped(harmless(piece.text, show_unseen=piece.kind is not SpanKind.KEPT))
        text = _in_tags(text, piece.kind)
        parts.append(" " * piece.text[:1].isspace())
        parts.append(f"<code>{text}</code>" if piece.is_code and text else text)
        parts.append(" " * (bool(text) and piece.text[-1:].isspace()))
    return _BLANKS.sub(" ", "".join(parts)).strip()


def _in_tags(text: str, kind: SpanKind) -> str:
    opening, closing = _TAGS.get(kind, ("", ""))
    return f"{opening}{text}{closing}" if text else ""

"""A comparison as Markdown for a pull request, escaped so that policy text can neither break it nor call anyone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from notifier.diff.redline import Redline, SpanKind
from notifier.render.redline.hunks import LINK_TARGET, Hunk, changed, context, hunks, whole, with_breaks
from notifier.render.redline.notes import counted, move_sentence, shortened
from notifier.render.redline.quoted_once import quoted_once
from notifier.render.redline.repeated_edits import folded, left_out_note, repeated_edits
from notifier.render.redline.terminal import changed_words, where
from notifier.render.styled_text import harmless
from notifier.significance import Reason

if TYPE_CHECKING:
    from notifier.significance.comparison import Comparison

LENGTH_LIMIT = 60_000
"""Characters; GitHub refuses a comment of more than 65,536."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+.!|~>=:-])")
_MENTION = re.compile(r"([@#])(?=\w)")
_EMPHASIS = re.compile(r"(`[^`\n]*`)|\\([!-/:-@\[-`{-~])|\*\*|(?<![\w`])_{1,2}(?=[^\s_`])|(?<=[^\s_`])_{1,2}(?![\w`])")
"""Left out but for code: escaped it would stand in the comment as stars."""
_BULLET = re.compile(r"\A\s*[-*+]\s+")
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
    for left_out, hunk in folded(hunks(redline), names):
        if left_out:
            yield f"… {left_out_note(left_out, names)}"
        if hunk is None:
            break
        if section != hunk.section:
            title = " › ".join(escaped(heading) for heading in hunk.section[-2:]) or "the beginning"
            yield f"**{title}**, line {hunk.line:,}"
            section = hunk.section
        yield from _quoted(hunk)
    for index in range(len(redline.moves)):
        yield f"- moved: {escaped(move_sentence(redline, index))}"
    if redline.diff.budget_reached:
        yield "Too much changed to match word by word everywhere: some parts are shown whole."
    small = counted(redline)
    if small and section is None and not redline.moves:
        yield "No words changed."
    if small:
        yield f"and {', '.join(small)}"


def _quoted(hunk: Hunk) -> Iterator[str]:
    if hunk.is_rewritten or hunk.is_whole:
        if hunk.before.strip():
            yield f"> {_tagged(_unmarked(hunk.before), SpanKind.DELETED)}"
        if hunk.after.strip():
            yield f"> {_tagged(_unmarked(hunk.after), SpanKind.INSERTED)}"
        return
    last = len(hunk.spans) - 1
    pieces = []
    for index, span in enumerate(hunk.spans):
        text = span.text if index else _BULLET.sub("• ", span.text)
        if span.is_change:
            if span.kind is SpanKind.INSERTED and index and hunk.spans[index - 1].kind is SpanKind.DELETED:
                pieces.append(" ")
            pieces.append(_tagged(_unstressed(changed(text)), span.kind))
        else:
            text = _unstressed(LINK_TARGET.sub("]", with_breaks(text)))
            pieces.append(_spaced(context(text, is_first=index == 0, is_last=index == last)))
    yield f"> {_BLANKS.sub(' ', ''.join(pieces)).strip()}"


def _unstressed(text: str) -> str:
    return _EMPHASIS.sub(r"\1\2", text)


def _unmarked(text: str) -> str:
    """A whole block without its Markdown marker, which would only be noise once escaped."""
    text = re.sub(r"\A\s*#{1,6}\s+", "", _unstressed(whole(text)))
    return _BULLET.sub("• ", text)


def _tagged(text: str, kind: SpanKind) -> str:
    opening, closing = _TAGS[kind]
    inner = escaped(harmless(text, show_unseen=True))
    if not inner:
        return " "
    return f"{' ' * text[:1].isspace()}{opening}{inner}{closing}{' ' * text[-1:].isspace()}"


def _spaced(text: str) -> str:
    """Escaped, with the space at both ends kept: it stands between a kept word and a changed one."""
    if not text.strip():
        return " " if text else ""
    return f"{' ' * text[:1].isspace()}{escaped(text)}{' ' * text[-1:].isspace()}"

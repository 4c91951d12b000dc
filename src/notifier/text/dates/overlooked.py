"""Lines that look like a date line and are read as none: asked for, before a second line is written beside them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from notifier.text.dates.date_lines import date_lines, label_of
from notifier.text.dates.date_rank import DateRank
from notifier.text.dates.date_words import WORDS, keywords
from notifier.text.dates.first_lines import LinesView, head_view
from notifier.text.dates.written import HIDDEN, UnreadableDate, WrittenDate, example, read_date

_LABEL = (
    r"[^:：\r\n\d]{1,60}[:：]|[^\r\n\d,.]{1,30},(?:\s*(?:am|den|le|el|il|on|the|the\s+)(?=\s))?|v\.?\d[\d.]*\s*[–—|-]"
)
"""What may stand before a date: a label, a place (`Wien, am 1. Mai 2014`), a version."""
_BEFORE = re.compile(rf"[\s*_~`#>|{HIDDEN}-]*(?P<label>{_LABEL})?[\s*_~`|{HIDDEN}]*", re.I)
_FEW = 5
"""Or so many words."""
_WORD_START = re.compile(r"(?<!\w)\w")
_BEHIND = re.compile(rf"(?:\s?[гр]\.)?[\s.*_~`#>|:!)\]}}{HIDDEN}-]*")
_TOLD = (DateRank.UPDATED, DateRank.REVIEWED, DateRank.EFFECTIVE)


def overlooked(text: str, language: str) -> UnreadableDate | None:
    """The first such line of a text in which no date line was found: what is wrong with it, and what to write."""
    return next(_of_another_language(text, language), None) or next(_unlabelled(head_view(text), language), None)


def overlooked_beside(text: str, language: str, read: Container[int]) -> UnreadableDate | None:
    """A date line of another language in a text whose own are `read`, by where their dates start: it would go stale."""
    return next((one for one in _of_another_language(text, language) if one.start not in read), None)


def _of_another_language(text: str, language: str) -> Iterator[UnreadableDate]:
    """A date line of another language than the text's: the file counts as in the wrong one, or the line is."""
    primary = re.split(r"[-_]", language.lower())[0]
    for other in WORDS:
        for line in date_lines(text, other) if other != primary else ():
            if line.rank in _TOLD and isinstance(line.date, WrittenDate):
                start, end = line.date.start, line.date.end
                said = f'"{text[start:end]}" is in a date line of another language ({other}) than the text ({language})'
                mend = f"name the file .{other}.md or write language: {other} into it, else write the line anew"
                yield UnreadableDate(start, end, said, mend)


def _unlabelled(view: LinesView, language: str) -> Iterator[UnreadableDate]:
    """A line of nothing but a date, or of a few words and a date."""
    for start, end in view.lines:
        date = _date_at_end(view, start, end, language)
        if date is None:
            continue
        key = keywords(language).pattern.search(view.lowered, start, date.start)
        if key is not None and (key.lastgroup or "").startswith("other"):
            continue
        said = view.text[start : date.end].strip(" \t\r\n*_~`#>|-")
        complaint = f'"{said}" may be a date line, and does not say of what in words that are known'
        yield UnreadableDate(date.start, date.end, complaint, _mend(language))


def _date_at_end(view: LinesView, start: int, end: int, language: str) -> WrittenDate | None:
    """The date with which the line ends, where little stands before it."""
    before = _BEFORE.match(view.seen, start, end)
    places = [before.end()] if before else []
    words = _WORD_START.finditer(view.seen, start, end)
    places += [found.start() for _, found in zip(range(_FEW + 1), words, strict=False)]
    for at in places:
        date = read_date(view.seen, at, language) if at < end else None
        if isinstance(date, WrittenDate) and _BEHIND.fullmatch(view.seen[date.end : end]):
            return date
    return None


def _mend(language: str) -> str:
    if keywords(language).label:
        return f'say when the text was updated on a line of its own, as in "{label_of(language)}"'
    return f"write last_updated: {example('')} into the front matter and take the line out"

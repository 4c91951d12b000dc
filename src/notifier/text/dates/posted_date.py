"""The two dates of a policy that Notifier owns: when it was last posted, and since when it applies.

A line that says *updated, revised, Stand* carries the first, one that says *effective, in force, gültig ab* the
second; front matter is kept in step. Where no line says the first, the second's is where readers look. Only the
dates' own characters are ever written; what could be two days, or is none, is an error and never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from notifier.errors import Finding, FindingCode, PolicyError
from notifier.text.dates.date_lines import date_lines
from notifier.text.dates.date_rank import DateLine, DateRank
from notifier.text.dates.date_words import keywords
from notifier.text.dates.first_lines import head_end
from notifier.text.dates.locale_calendar import long_date
from notifier.text.dates.placeholders import placeholder_at
from notifier.text.dates.written import Edit, UnreadableDate, WrittenDate, example, not_a_date, read_date, rewritten
from notifier.text.front_matter import body_start, find_front_matter, front_matter_fields
from notifier.text.front_matter_syntax import FieldKind, FrontMatterField
from notifier.text.source_offsets import breaks_in, line_end

_EMPHASIS = frozenset("*_")


class PostedDate(NamedTuple):
    """A date that a text bears: `text[start:end]` are its words, on `line` (from 1); a month reads as its first day."""

    value: date
    start: int
    end: int
    line: int


def find_posted_date(text: str, *, language: str, path: str = "") -> PostedDate | None:
    """The posted date that readers see: in the document if it is there, else in the front matter.

    Where a text says only since when it applies, that. Raises PolicyError (`path:line:`) for a date that is
    ambiguous, a placeholder, or none.
    """
    chosen = _chosen(text, language)
    _refuse_unreadable(text, chosen, path)
    return _first(text, chosen.posted or chosen.effective)


def find_effective_date(text: str, *, language: str, path: str = "") -> PostedDate | None:
    """The day that a text says it applies from. Raises PolicyError as `find_posted_date` does."""
    chosen = _chosen(text, language)
    _refuse_unreadable(text, chosen, path)
    return _first(text, chosen.effective)


def set_posted_date(text: str, on: date, *, effective_on: date | None = None, language: str, path: str = "") -> str:
    """The text with `on` as its posted date and `effective_on` as its effective one, in the styles they had.

    Without `effective_on`, what says since when it applies stays, save where nothing says when it was posted. A text
    without either gets a line under its heading. Raises PolicyError as `find_posted_date` does, and where a line
    would be needed in a language whose words nobody knows.
    """
    chosen = _chosen(text, language)
    _refuse_unreadable(text, chosen, path)
    if not chosen.posted and not chosen.effective:
        _refuse_overlooked(text, language, path)
        return _with_line(text, _new_line(on, language, path))
    _refuse_overlooked(text, language, path, {line.date.start for line in date_lines(text, language)})
    _refuse_both_in_one(text, chosen, path, is_one_day=effective_on in (None, on))
    since = effective_on if chosen.posted else effective_on or on
    edits = [edit for line in chosen.posted for edit in _moved(text, line, on, language)]
    if since is not None:
        edits += [edit for line in chosen.effective for edit in _moved(text, line, since, language)]
    return _edited(text, edits)


def without_posted_date(text: str, *, language: str) -> str:
    """The text as it is compared: without its two dates, whatever they are, even unreadable ones.

    A line that is nothing but the posted date's becomes empty, and a text without one gets that empty line, so that
    the same text before and after `set_posted_date` compares equal.
    """
    chosen = _chosen(text, language)
    if not chosen.posted and not chosen.effective:
        return _with_line(text, "")
    return _edited(text, _taken_out(text, chosen))


def days_taken_out(text: str, *, language: str) -> tuple[tuple[int, str], ...]:
    """Of each line of which `without_posted_date` leaves words: how far from its end a date is lacking, and which."""
    chosen = _chosen(text, language)
    cut = _taken_out(text, chosen)
    lines = [line for line in (*chosen.posted, *chosen.effective) if not line.in_front_matter and not _whole(line)]
    stretches = [_with_its_marks(text, line.date.start, line.date.end) for line in lines]
    return tuple(
        (len(_edited(text, cut)) - len(_edited(text[:low], [one for one in cut if one[1] <= low])), text[low:high])
        for low, high in stretches
    )


def _taken_out(text: str, chosen: _Chosen) -> list[Edit]:
    edits: list[Edit] = []
    for line in (*chosen.posted, *chosen.effective):
        low, high = _whole(line) or _with_its_marks(text, line.date.start, line.date.end)
        edits += [(low, high, ""), *((*span, "") for span in _machine_dates(text, line) if not low <= span[0] < high)]
        edits += [(*line.time, "")] if line.time else []
    return edits


def _whole(line: DateLine) -> tuple[int, int] | None:
    """The line, where it is nothing but the posted date's."""
    return line.line if line.rank is not DateRank.EFFECTIVE else None


def _with_its_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch to take out, so that what is left around it is still emphasis: `**Updated: **` would be none."""
    while start > 0 and text[start - 1] in _EMPHASIS and text[end : end + 1] == text[start - 1]:
        start, end = start - 1, end + 1
    if text[end : end + 1] in _EMPHASIS:
        start = len(text[:start].rstrip(" "))
    elif start and text[start - 1] in _EMPHASIS:
        end = len(text) - len(text[end:].lstrip(" "))
    return start, end


class _Chosen(NamedTuple):
    """The lines that carry the two dates, and why the first cannot be told where that is so."""

    posted: tuple[DateLine, ...]
    effective: tuple[DateLine, ...]
    doubts: tuple[DateLine, ...]


@lru_cache(maxsize=16)
def _chosen(text: str, language: str) -> _Chosen:
    """For each date the first line of the body that says most, and of equal rank the front matter's."""
    body, front = date_lines(text, language), list(_in_front_matter(text, language))
    posted = [line for line in (*body, *front) if line.rank < DateRank.EFFECTIVE]
    effective = [line for line in (*body, *front) if line.rank is DateRank.EFFECTIVE]
    best = min((line.rank for line in posted), default=DateRank.DATED)
    posted = [line for line in posted if line.rank is best]
    doubts = tuple(line for line in body if line.rank is DateRank.UNCLEAR)
    return _Chosen(_one_of_body(posted), _one_of_body(effective), doubts)


def _one_of_body(lines: list[DateLine]) -> tuple[DateLine, ...]:
    body = [line for line in lines if not line.in_front_matter][:1]
    return (*body, *(line for line in lines if line.in_front_matter))


def _refuse_unreadable(text: str, chosen: _Chosen, path: str) -> None:
    is_updated = any(line.rank is DateRank.UPDATED for line in chosen.posted)
    lines = (*chosen.posted, *chosen.effective, *(() if is_updated else chosen.doubts))
    faults = [line.date for line in lines if isinstance(line.date, UnreadableDate)]
    if faults:
        fault = faults[0]
        raise PolicyError(Finding(FindingCode.POSTED_DATE, path, _line(text, fault.start), fault.complaint, fault.mend))


def _refuse_overlooked(text: str, language: str, path: str, read: Collection[int] = ()) -> None:
    from notifier.text.dates.overlooked import overlooked, overlooked_beside

    fault = overlooked_beside(text, language, read) if read else overlooked(text, language)
    if fault:
        raise PolicyError(Finding(FindingCode.POSTED_DATE, path, _line(text, fault.start), fault.complaint, fault.mend))


def _refuse_both_in_one(text: str, chosen: _Chosen, path: str, *, is_one_day: bool) -> None:
    both = next((line.date for line in (*chosen.posted, *chosen.effective) if line.is_both), None)
    if both and not is_one_day:
        said = f'"{text[both.start : both.end]}" is both when this was updated and since when it applies'
        mend = "these are two days: write two lines, one for each"
        raise PolicyError(Finding(FindingCode.POSTED_DATE, path, _line(text, both.start), said, mend))


def _first(text: str, lines: tuple[DateLine, ...]) -> PostedDate | None:
    for line in lines:
        if isinstance(line.date, WrittenDate):
            return PostedDate(line.date.value, line.date.start, line.date.end, _line(text, line.date.start))
    return None


def _moved(text: str, line: DateLine, on: date, language: str) -> Iterator[Edit]:
    """What changes so that a line says another day, for readers and for machines."""
    if not isinstance(line.date, WrittenDate):
        return
    yield from rewritten(text, line.date, on, language)
    if line.time and line.date.value != on:
        yield (*line.time, "")
    for low, high in _machine_dates(text, line):
        yield low, high, on.isoformat()


def _edited(text: str, edits: list[Edit]) -> str:
    """The text with each stretch replaced; stretches do not overlap."""
    parts, at = [], 0
    for start, end, words in sorted(set(edits)):
        parts += [text[at:start], words]
        at = end
    return "".join((*parts, text[at:]))


_UPDATED_KEYS = frozenset((
    "lastupdated", "lastupdate", "lastmodified", "lastmod", "lastrevised", "lastchanged", "updated", "updatedat",
    "updatedon", "updateddate", "lastupdatedat", "lastupdatedon", "lastmodifiedat", "lastmodifieddate", "modifieddate",
    "lastedited", "gitrevisiondate", "modified", "modifiedat", "revised", "revisiondate", "datemodified", "dateupdated",
    "lastupdate.date", "lastupdated.date", "date.updated", "date.modified",
))  # fmt: skip
_KEYS = {
    **dict.fromkeys(_UPDATED_KEYS, DateRank.UPDATED),
    **dict.fromkeys(("lastreviewed", "reviewed", "reviewedon"), DateRank.REVIEWED),
    **dict.fromkeys(("posted", "postedon", "posteddate"), DateRank.DATED),
    **dict.fromkeys(("effectivedate", "effectiveon", "dateeffective", "validfrom"), DateRank.EFFECTIVE),
}
"""What site generators call them; their `date` is the day of creation. `effective` is Notifier's own key."""
_ISO_TIME = re.compile(r"[T \t]+\d{1,2}:\d{2}[^\r\n\"']*")


def _in_front_matter(text: str, language: str) -> Iterator[DateLine]:
    span = find_front_matter(text)
    if span is None or not re.search(r"dat|mod|revi|post|valid|effe", text[span.start : span.stop], re.I):
        return
    for field in front_matter_fields(text):
        rank = _KEYS.get(re.sub(r"[^a-z.]", "", field.name.lower()))
        is_worded = field.kind in (FieldKind.TEXT, FieldKind.TYPED) or text[field.start : field.start + 1] == "["
        if rank is not None and is_worded and field.start < field.end:
            line = _field_line(text, field, rank, language)
            if line is not None:
                yield line


def _field_line(text: str, field: FrontMatterField, rank: DateRank, language: str) -> DateLine | None:
    value = text[: field.end]
    found = placeholder_at(value, field.start, language) or read_date(value, field.start, language)
    if found is None:
        found = not_a_date(text[field.start : field.end], field.start, language)
    time = _ISO_TIME.match(value, found.end)
    if isinstance(found, WrittenDate) and found.end < field.end and (time is None or time.end() < field.end):
        found = not_a_date(text[field.start : field.end], field.start, language)
    return DateLine(rank, found, time=time.span() if time else None, in_front_matter=True)


_MACHINE_DATE = re.compile(r"\bdatetime=[\"']?(?P<iso>\d{4}-\d{1,2}-\d{1,2})")
_ATTRIBUTES_ALONE = re.compile(r"(?:\r\n|\n|\r)[ \t]*\{:[^{}\r\n]*\}[ \t]*(?=[\r\n]|\Z)")


def _machine_dates(text: str, line: DateLine) -> list[tuple[int, int]]:
    """The same date for machines (`datetime="2024-05-01"`): around it on its line, or alone on the next."""
    if line.in_front_matter:
        return []
    start, end = _line_start(text, line.date.start), line_end(text, line.date.end)
    after = _ATTRIBUTES_ALONE.match(text, end)
    spans = [span.span("iso") for span in _MACHINE_DATE.finditer(text, start, after.end() if after else end)]
    return spans if len(spans) < 2 else [max((span for span in spans if span[0] < line.date.start), default=spans[0])]


_HEADING = re.compile(
    r"^ {0,3}#{1,6}[ \t][^\r\n]*"
    r"|^ {0,3}\S[^\r\n]*(?:\r\n|\n|\r) {0,3}=+[ \t]*(?=[\r\n]|\Z)"
    r"|^ {0,3}<h[1-6][^\r\n]*</h[1-6]>",
    re.M,
)
_BLANKS = re.compile(r"(?:[ \t]*(?:\r\n|\n|\r))*")


def _new_line(on: date, language: str, path: str) -> str:
    label = keywords(language).label
    if not label:
        message = f'it has no posted date, and how one is introduced in "{language}" is not known'
        mend = f"write last_updated: {example('')} into its front matter, or a line that says it"
        raise PolicyError(Finding(FindingCode.POSTED_DATE, path, 1, message, mend))
    return label + long_date(on, language)


def _with_line(text: str, written: str) -> str:
    """The text with a date line under its first heading, or at its start; the line is empty if `written` is."""
    start = body_start(text)
    head = _blank_comments(text[start : head_end(text)])
    heading = _HEADING.search(head)
    at = start + (heading.end() if heading else 0)
    opened = _BLANKS.match(text, at)
    after = opened.end() if opened else at
    found = re.search(r"\r\n|\n|\r", text)
    newline = found[0] if found else "\n"
    is_open = text[:after] in ("", "\ufeff") or text[:after].endswith(("\n", "\r"))
    is_tight = not is_open or (heading and "<" in heading[0] and breaks_in(text[at:after]) < 2)
    return (
        text[:after]
        + (newline if is_tight else "")
        + written
        + newline
        + (newline if text[after:] else "")
        + text[after:]
    )


def _blank_comments(text: str) -> str:
    return re.sub(r"<!--.*?(?:-->|\Z)", lambda found: re.sub(r"[^\r\n]", " ", found[0]), text, flags=re.S)


def _line_start(text: str, offset: int) -> int:
    before = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset))
    return 1 if before < 0 and text.startswith("\ufeff") else before + 1  # a byte order mark is no part of the line


def _line(text: str, offset: int) -> int:
    """The line of an offset, as editors count: from 1, any of the three line endings."""
    return breaks_in(text[:offset]) + 1

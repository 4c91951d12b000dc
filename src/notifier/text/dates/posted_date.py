"""The posted date: the "last updated" line at the top of a policy, as people write it.

Notifier owns the date and nothing around it: wording, emphasis and date style stay as the editor wrote them, line
endings to the byte. A date that could be two days, or is none yet, is an error, never a guess. Only the first lines
of a text are looked at, and of several dates there the one that says "updated" comes before "published", and that
before "effective".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from notifier.errors import Finding, FindingCode, PolicyError
from notifier.text.dates.calendar import CONNECTORS, EAST_ASIAN_KEYWORDS, ENGLISH, TONGUES, tongue
from notifier.text.dates.written import Form, Unreadable, placeholder_at, read_date, write_date, write_line
from notifier.text.front_matter import body_start

HEAD_LINES = 15
"""How many lines with words in them count as the first lines of a document."""


@dataclass(frozen=True, slots=True)
class PostedDate:
    """The posted date a text bears: `text[start:end]` are the words of the date, on `line` (from 1).

    A month without a day reads as its first day.
    """

    value: date
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A date line's date, readable or not. Lower `rank` wins; `line` is the whole line where nothing else is on it."""

    rank: float
    start: int
    end: int
    form: Form | Unreadable
    in_front_matter: bool
    line: tuple[int, int] | None = None


def find_posted_date(text: str, *, language: str, path: str = "") -> PostedDate | None:
    """The posted date that readers see: in the document if it is there, else in the front matter.

    Raises PolicyError (`path:line:`) for a date that is ambiguous, a placeholder, or none.
    """
    chosen = _chosen(text, language)
    for found in chosen:
        if isinstance(found.form, Unreadable):
            fault = found.form
            raise PolicyError(
                Finding(FindingCode.POSTED_DATE, path, _line(text, found.start), fault.complaint, fault.mend)
            )
    for found in chosen:
        if isinstance(found.form, Form):
            return PostedDate(found.form.value, found.start, found.end, _line(text, found.start))
    return None


def set_posted_date(text: str, on: date, *, language: str, path: str = "") -> str:
    """The text with `on` as its posted date, in the style it had; without one, a line is added under the heading.

    Raises PolicyError as `find_posted_date` does.
    """
    if find_posted_date(text, language=language, path=path) is None:
        return _with_line(text, write_line(on, language))
    edits = []
    for found in _chosen(text, language):
        if isinstance(found.form, Form):
            edits += [(found.start, found.end, write_date(found.form, on, language))]
            edits += [(start, end, on.isoformat()) for start, end in _machine_dates(text, found)]
    return _edited(text, edits)


def without_posted_date(text: str, *, language: str) -> str:
    """The text as it is compared: without its posted date, whatever that is, even an unreadable one.

    A line that is nothing but the date line becomes empty, and a text without one gets that empty line, so that the
    same text before and after `set_posted_date` compares equal.
    """
    chosen = _chosen(text, language)
    if not chosen:
        return _with_line(text, "")
    edits = []
    for found in chosen:
        edits += [(start, end, "") for start, end in _machine_dates(text, found) if not _is_inside(start, found.line)]
        edits += [(*(found.line or (found.start, found.end)), "")]
    return _edited(text, edits)


def _is_inside(offset: int, span: tuple[int, int] | None) -> bool:
    return span is not None and span[0] <= offset < span[1]


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    """The text with each stretch replaced; stretches do not overlap."""
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return text


def _chosen(text: str, language: str) -> list[_Found]:
    """The dates that are the posted date: the best one of the document and, of equal rank, the front matter's."""
    head = _Head.of(text)
    candidates = [*_in_front_matter(text, head, language), *_in_body(text, head, language)]
    if not candidates:
        return []
    best = min(found.rank for found in candidates)
    top = [found for found in candidates if found.rank == best]
    body = [found for found in top if not found.in_front_matter][:1]
    return body + [found for found in top if found.in_front_matter]


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a text's front matter and its first lines lie."""

    front_end: int
    end: int

    @classmethod
    def of(cls, text: str) -> _Head:
        start = body_start(text)
        end, seen = start, 0
        for line in _LINE.finditer(text, start):
            seen += bool(line["words"].strip())
            if seen > HEAD_LINES or not line[0]:
                break
            end = line.end()
        return cls(start, end)


_LINE = re.compile(r"(?P<words>[^\r\n]*)(?P<break>\r\n|\n|\r|\Z)")
_FRONT_KEY = re.compile(
    r"^(?P<key>[Ll]ast[_ -]?(?:[Uu]pdated?|[Mm]odified|[Rr]evised)|updated(?:[_-]?(?:at|on))?|modified|revised"
    r"|posted(?:[_-]?on)?|date)[ \t]*:[ \t]*[\"']?(?P<value>[^\r\n\"'#]*)",
    re.M,
)
_MACHINE_DATE = re.compile(r"\bdatetime=[\"']?(?P<iso>\d{4}-\d{1,2}-\d{1,2})")
_ATTRIBUTES_ALONE = re.compile(r"(?:\r\n|\n|\r)[ \t]*\{:[^{}\r\n]*\}[ \t]*(?=[\r\n]|\Z)")
_VERSION = re.compile(r"\bversion\s+v?[\d.]+,?", re.I)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_HIDDEN = re.compile(r"<[^<>\r\n]*>|\{:[^{}]*\}|(?<=\])\([^()\s]*\)", re.S)
_NOTHING_ELSE = re.compile(r"(?:[\s.*_~`#>|:!)\]}-]|<[^<>]*>|\{:[^{}]*\})*")
_HEADING = re.compile(
    r"^ {0,3}#{1,6}[ \t][^\r\n]*"
    r"|^ {0,3}\S[^\r\n]*(?:\r\n|\n|\r) {0,3}=+[ \t]*(?=[\r\n]|\Z)"
    r"|^ {0,3}<h[1-6][^\r\n]*</h[1-6]>",
    re.M,
)


def _in_front_matter(text: str, head: _Head, language: str) -> Iterator[_Found]:
    for key in _FRONT_KEY.finditer(text, 0, head.front_end):
        start = key.start("value")
        value = text[: key.end("value")]
        form = placeholder_at(value, start, language) or read_date(value, start, language, is_expected=True)
        rank = 2.5 if key["key"] in ("date", "posted", "posted_on", "posted-on") else 1
        if form is not None:
            yield _Found(rank, start + form.offset, start + form.offset + len(form.text), form, in_front_matter=True)


def _in_body(text: str, head: _Head, language: str) -> Iterator[_Found]:
    """Date lines among the first lines; comments, tags and link targets are looked through, not at."""
    seen = _HIDDEN.sub(_blank, _COMMENT.sub(_blank, text[: head.end]))
    for rank, keyword in enumerate(_keywords(language), 1):
        for said in keyword.finditer(seen, head.front_end):
            before = seen[_line_start(seen, said.start()) : said.start()]
            connected = _CONNECTED.match(seen, said.end())
            if connected is None or not _may_lead(before, rank):
                continue
            blank = placeholder_at(text, said.end(), language)
            start = said.end() if blank else connected.end()
            form = blank or read_date(seen, start, language, is_expected=_is_announced(before, connected[0]))
            if form is not None:
                yield _found(text, said.start(), rank, start + form.offset, form)


_CONNECTED = re.compile(
    rf"(?:[ \t\xa0\u202f:：*_~`\[\](/|,–—>-]|\b(?:{'|'.join(CONNECTORS)})\b){{0,24}}+"
    rf"(?:(?:\r\n|\n|\r)[ \t]*){{0,2}}+(?:[ \t\xa0\u202f:*_~`\[(|>-]){{0,12}}+",
    re.I,
)


@cache
def _keywords(language: str) -> tuple[re.Pattern[str], ...]:
    """By rank, the words of this language and the English ones, which many sites keep in every language."""
    spoken = tongue(language)
    tables = [ENGLISH] if spoken is ENGLISH else [spoken, ENGLISH] if spoken else [*TONGUES.values()]
    ranked = zip(*(table.keywords for table in tables), EAST_ASIAN_KEYWORDS, strict=True)
    return tuple(re.compile(rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])", re.I) for words in ranked)


def _may_lead(before: str, rank: int) -> bool:
    """Whether a date line may begin with these words: few of them, and none at all but a name for weak keywords."""
    words = re.findall(r"\w+", _VERSION.sub("", before).rsplit(". ", 1)[-1])
    if rank < 3:
        return len(words) <= (8 if rank == 1 else 0)
    return len(words) <= 4 or words[0].lower() in ("this", "diese", "cette", "esta", "este", "deze", "dit", "questa")


def _is_announced(before: str, connected: str) -> bool:
    """Whether what follows was plainly meant to be a date, so that an unreadable one is a mistake to mend."""
    if re.search(r"\w", before) or re.search(r"[\r\n]", connected):
        return False
    return bool(re.search(r"[:：]|\b(?:on|am|le|el|op|as of)\b", connected, re.I))


def _found(text: str, said_at: int, rank: int, start: int, form: Form | Unreadable) -> _Found:
    """The date with its whole line where nothing but the date line stands there."""
    line_start, end = _line_start(text, said_at), start + len(form.text)
    line_end = _line_end(text, end)
    is_alone = not re.search(r"[^\W_]", text[line_start:said_at]) and _NOTHING_ELSE.fullmatch(text[end:line_end])
    return _Found(rank, start, end, form, in_front_matter=False, line=(line_start, line_end) if is_alone else None)


def _machine_dates(text: str, found: _Found) -> list[tuple[int, int]]:
    """The same date for machines (`datetime="2024-05-01"`): on the date's line, or alone on the next."""
    start, end = _line_start(text, found.start), _line_end(text, found.end)
    after = _ATTRIBUTES_ALONE.match(text, end)
    spans = _MACHINE_DATE.finditer(text, start, after.end() if after else end)
    return [] if found.in_front_matter else [span.span("iso") for span in spans]


def _with_line(text: str, written: str) -> str:
    """The text with a date line under its first heading, or at its start; the line is empty if `written` is."""
    head = _Head.of(text)
    heading = _HEADING.search(_COMMENT.sub(_blank, text[head.front_end : head.end]))
    at = head.front_end + (heading.end() if heading else 0)
    opened = re.compile(r"(?:[ \t]*(?:\r\n|\n|\r))*").match(text, at)
    assert opened is not None  # noqa: S101 - the pattern matches everywhere
    before, after = text[: opened.end()], text[opened.end() :]
    found = re.search(r"\r\n|\n|\r", text)
    newline = found[0] if found else "\n"
    is_open = before in ("", "\ufeff") or before.endswith(("\n", "\r"))
    is_tight = not is_open or (heading and "<" in heading[0] and _breaks(opened[0]) < 2)
    return before + (newline if is_tight else "") + written + newline + (newline if after else "") + after


def _blank(hidden: re.Match[str]) -> str:
    return re.sub(r"[^\r\n]", " ", hidden[0])


def _breaks(text: str) -> int:
    return len(re.findall(r"\r\n|\n|\r", text))


def _line_start(text: str, offset: int) -> int:
    before = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset))
    return 1 if before < 0 and text.startswith("\ufeff") else before + 1  # a byte order mark is no part of the line


def _line_end(text: str, offset: int) -> int:
    found = re.compile(r"[^\r\n]*").match(text, offset)
    return found.end() if found else offset


def _line(text: str, offset: int) -> int:
    """The line of an offset, as editors count: from 1, any of the three line endings."""
    return _breaks(text[:offset]) + 1

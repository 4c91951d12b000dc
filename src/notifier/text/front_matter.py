"""A policy's front matter: where it ends, what Notifier reads of it, and the one thing that is ever taken out.

YAML between a line `---` and a line `---` or `...`, or TOML between two lines `+++`, at the very start (a byte order
mark may stand before it). It is the editor's: what Notifier does not know is kept and ignored; what it knows must be
of its type, or the editor hears of every mistake at once, with its line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeVar

from notifier.errors import Finding, FindingCode, PolicyError
from notifier.text.front_matter_syntax import FieldKind, FrontMatterField, Malformed, toml_fields, yaml_fields


class Syntax(StrEnum):
    """How front matter is written, by the line that opens it."""

    YAML = "---"
    TOML = "+++"


class Consent(StrEnum):
    """What a posting asks of each customer beside hearing of it."""

    NONE = "none"  #: Nothing: continued use says enough.
    ACKNOWLEDGE = "acknowledge"  #: To say that they have seen it.
    ACCEPT = "accept"  #: To say yes to it.


class FrontMatterSpan(NamedTuple):
    """Where front matter lies: its content is `text[start:stop]`, and the body begins at `end`."""

    syntax: Syntax
    start: int
    stop: int
    end: int


class FrontMatter(NamedTuple):
    """What Notifier reads from a policy's front matter; unknown keys stay in the text and are ignored."""

    title: str | None = None
    effective: date | None = None
    audience: frozenset[str] = frozenset()
    """Customer tags; empty means every customer."""
    summary: str | None = None
    """In the language of the file."""
    language: str | None = None
    announce: bool | None = None
    """Whether customers hear of it when it is new; None where it does not say."""
    renamed_from: str | None = None
    """The id that the policy had before: it is the same policy, whatever else came and went with it."""
    summaries: Mapping[str, str] = {}
    """By language, where the controlling text says it in several."""
    post_on: date | None = None
    """The day before which it is not posted."""
    retired: date | None = None
    """The first day on which the policy applies no longer."""
    consent: Consent | None = None
    """What this posting asks of customers; None where the topics of the change decide."""


_OPENING = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*(?:\r\n|\n|\r)")
_CLOSING = {
    Syntax.YAML: re.compile(r"(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)"),
    Syntax.TOML: re.compile(r"(?<=[\r\n])\+\+\+[ \t]*(?:\r\n|\n|\r|\Z)"),
}
_KEY = r"(?:[\w.-]+|\"[^\"\r\n]*\"|'[^'\r\n]*')[ \t]*"
_FIRST_KEY = {
    Syntax.YAML: re.compile(rf"(?:[ \t]*(?:#[^\r\n]*)?[\r\n])*{_KEY}:(?:[ \t\r\n]|\Z)"),
    Syntax.TOML: re.compile(rf"(?:[ \t]*(?:#[^\r\n]*)?[\r\n])*[ \t]*(?:\[|{_KEY}=)"),
}
_READ = {Syntax.YAML: yaml_fields, Syntax.TOML: toml_fields}


def find_front_matter(text: str) -> FrontMatterSpan | None:
    """Where the front matter lies; None without one.

    A blank line after the opening one makes it a thematic break, unless a key follows (as Pandoc has it).
    """
    opening = _OPENING.match(text)
    if opening is None:
        return None
    syntax, start = Syntax(opening[1]), opening.end()
    closing = _CLOSING[syntax].search(text, start)
    if closing is None:
        return None
    is_blank, is_empty = text[start] in " \t\r\n", not text[start : closing.start()].strip()
    if is_blank and not is_empty and not _FIRST_KEY[syntax].match(text, start):
        return None
    return FrontMatterSpan(syntax, start, closing.start(), closing.end())


def body_start(text: str) -> int:
    """Where the body begins: behind the front matter, else at the first character (a byte order mark is none)."""
    span = find_front_matter(text)
    return span.end if span else int(text.startswith("\ufeff"))


def split_front_matter(text: str) -> tuple[str, str]:
    """The text's front matter (with its fences, a BOM with it) and what follows; the first is empty without one."""
    span = find_front_matter(text)
    end = span.end if span else 0
    return text[:end], text[end:]


def front_matter_fields(text: str) -> tuple[FrontMatterField, ...]:
    """Every key with a value, nested ones by dotted names, places in `text`; none where it cannot be read."""
    span = find_front_matter(text)
    if span is None:
        return ()
    try:
        return tuple(field.moved(span.start) for field in _READ[span.syntax](text[span.start : span.stop]))
    except Malformed:
        return ()


def read_front_matter(text: str, path: str = "") -> FrontMatter:
    """What Notifier reads of the front matter.

    Raises PolicyError with a finding for each mistake: unclosed, unreadable, a known key twice or of a wrong type.
    """
    span = find_front_matter(text)
    if span is None:
        _refuse_unclosed(text, path)
        return FrontMatter()
    try:
        fields = _READ[span.syntax](text[span.start : span.stop])
    except Malformed as fault:
        line = fault.line + 1 if fault.line else 1
        raise PolicyError(Finding(FindingCode.UNREADABLE, path, line, f"the front matter {fault}")) from fault
    reading = _Reading(fields, text[span.start : span.stop], path)
    front_matter = FrontMatter(
        title=reading.words("title"),
        effective=reading.day("effective"),
        audience=reading.tags("audience"),
        summary=reading.words_or_more("summary"),
        summaries=reading.by_name("summary"),
        post_on=reading.day("post_on"),
        retired=reading.day("retired"),
        language=reading.words("language"),
        announce=reading.typed("announce", _TRUTH.__getitem__, "true or false"),
        renamed_from=reading.words("renamed_from"),
        consent=reading.typed("consent", Consent, "none, acknowledge or accept"),
    )
    if reading.findings:
        raise PolicyError(*sorted(reading.findings, key=lambda finding: finding.line))
    return front_matter


def _refuse_unclosed(text: str, path: str) -> None:
    opening = _OPENING.match(text)
    if opening and _FIRST_KEY[Syntax(opening[1])].match(text, opening.end()):
        mend = f'end it with a line "{opening[1]}"'
        raise PolicyError(Finding(FindingCode.UNREADABLE, path, 1, "the front matter is not closed", mend))


_Read = TypeVar("_Read")


class _Reading:
    """Reads typed values and gathers every mistake, so that an editor mends them in one go."""

    def __init__(self, fields: tuple[FrontMatterField, ...], source: str, path: str) -> None:
        self.fields = {field.name: field for field in fields}
        self.times = Counter(field.name for field in fields)
        self.source, self.path = source, path
        self.findings: list[Finding] = []

    def words(self, key: str) -> str | None:
        field = self._field(key)
        if field is None or field.kind in _PLAIN:
            return (field.words[0] if field else "").strip() or None
        self._complain(field, "expected a text")
        return None

    def words_or_more(self, key: str) -> str | None:
        """The text of a key that may hold one for each language instead."""
        field = self._field(key)
        return None if field and field.kind is FieldKind.OTHER and self.by_name(key) else self.words(key)

    def by_name(self, key: str) -> dict[str, str]:
        """The texts in a mapping by their names; none where the key holds no mapping."""
        inner = [one for one in self.fields.values() if one.name.startswith(f"{key}.")]
        for one in inner:
            if one.kind not in (*_PLAIN, FieldKind.EMPTY):
                self._complain(one, "expected a text")
        return {one.name.removeprefix(f"{key}."): one.words[0].strip() for one in inner if one.kind in _PLAIN}

    def typed(self, key: str, read: Callable[[str], _Read], expected: str) -> _Read | None:
        """What `read` makes of a value; a value that it does not know is a mistake."""
        field = self._field(key)
        if field is None:
            return None
        try:
            return read(field.words[0].strip().lower() if field.kind in _PLAIN else "")
        except (ValueError, KeyError):
            self._complain(field, f"expected {expected}")
            return None

    def day(self, key: str) -> date | None:
        return self.typed(key, date.fromisoformat, "a date as in 2024-05-01")

    def tags(self, key: str) -> frozenset[str]:
        field = self._field(key)
        if field is None:
            return frozenset()
        if field.kind in (FieldKind.TEXT, FieldKind.LIST) and all(tag.strip() for tag in field.words):
            return frozenset(tag.strip() for tag in field.words)
        self._complain(field, "expected a list of customer tags")
        return frozenset()

    def _field(self, key: str) -> FrontMatterField | None:
        """The one field of that name; None where it is missing or empty. A second one is a mistake."""
        field = self.fields.get(key)
        if field is not None and self.times[key] > 1:
            self._complain(field, f"{self.times[key]} times, expected once")
        return field if field and field.kind is not FieldKind.EMPTY else None

    def _complain(self, field: FrontMatterField, fault: str) -> None:
        got = " ".join(self.source[field.start : field.end].split())[:60]
        line = len(_BREAK.findall(self.source, 0, field.key_start)) + 2
        message = f"front matter {field.name}: {fault}, got {got!r}"
        self.findings.append(Finding(FindingCode.UNREADABLE, self.path, line, message))


_PLAIN = (FieldKind.TEXT, FieldKind.TYPED)
_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
"""As YAML 1.1 has it."""
_BREAK = re.compile(r"\r\n|\n|\r")


USED_UP = ("summary", "effective", "post_on", "consent")
"""What is said of one posting, and leaves the file with it."""


def _table_of(name: str) -> str:
    """Of a dotted name, the table that it stands in: in TOML that has a line of its own."""
    return name.partition(".")[0] if "." in name else ""


def set_day(text: str, key: str, day: date) -> str:
    """The text with that day in its front matter, which it gets where it has none; nothing where it says a day."""
    span = find_front_matter(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    if span is None:
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        return f"{mark}---{newline}{key}: {day}{newline}---{newline}{text.removeprefix(mark)}"
    if any(one.name == key and one.kind is not FieldKind.EMPTY for one in front_matter_fields(text)):
        return text
    colon = ": " if span.syntax is Syntax.YAML else " = "
    return f"{text[: span.start]}{key}{colon}{day}{newline}{text[span.start :]}"


def drop_used_up(text: str) -> str:
    """The text without what is said of one posting alone; nothing else changes, but emptied front matter goes too."""
    span = find_front_matter(text)
    fields = front_matter_fields(text)
    whole = {one.name for one in fields} & set(USED_UP)
    used = [one for one in fields if one.name in whole or _table_of(one.name) in set(USED_UP) - whole]
    if span is None or not used:
        return text
    content = text[span.start : span.stop]
    for one in reversed(used):
        low, high = (offset - span.start for offset in one.lines)
        content = content[:low] + content[high:]
    if content.strip():
        return text[: span.start] + content + text[span.stop :]
    return ("\ufeff" if text.startswith("\ufeff") else "") + text[span.end :]

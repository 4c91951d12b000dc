"""Dates within a sentence, as they are compared: whole as `written` reads them, or without their day or their year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Protocol

from notifier.text.dates.locale_calendar import locale_calendar
from notifier.text.dates.written import WrittenDate, read_date

_IN_FIGURES = re.compile(r"\d{1,2}([./])\d{1,2}\1(?:\d{4}|\d{2})$")
"""Which figure is the month, nobody says: compared as it stands."""
_YEAR_FIRST = re.compile(r"\d{4}[-/.年년]")
_BETWEEN = frozenset(("of", "de", "del", "the", "den", ",", "."))
_YEAR, _DAY = re.compile(r"(?:19|20)\d\d$"), re.compile(r"(?:0?[1-9]|[12]\d|3[01])$")

_OTHER_WORDS = frozenset(("may", "march", "mars"))
_BEFORE_A_DAY = frozenset(("of", "in", "by", "until", "till", "before", "after", "since", "from", "through", "during"))


class _Word(Protocol):
    """A word or number of a text, in lower case, and where it stands."""

    @property
    def key(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def date_at(text: str, words: Sequence[_Word], at: int, language: str) -> tuple[str, int] | None:
    """What the date says that begins at a word of the text, `date 2024-3-1`, and where it ends."""
    key, months = words[at].key, _months(language)
    if not key[:1].isdigit() and key not in months:
        return None
    if _IN_FIGURES.match(key):
        return f"date {key}", words[at].end
    next_at = _skip(words, at + 1)
    beside = words[next_at].key if next_at < len(words) else ""
    if not (beside[:1].isdigit() if key in months else beside in months or _YEAR_FIRST.match(text, words[at].start)):
        return _month_alone(text, words, at, language)
    whole = read_date(text, words[at].start, language)
    if isinstance(whole, WrittenDate) and whole.has_day:
        return f"date {whole.value.year}-{whole.value.month}-{whole.value.day}", whole.end
    if key in months:
        return _from_month(words, at, "", months) or _month_alone(text, words, at, language)
    if _DAY.match(key) and beside in months:
        if text.startswith("may", words[next_at].start):
            return None  # `players under 18 may not buy crates`
        return _from_month(words, next_at, str(int(key)), months)
    return None


def _month_alone(text: str, words: Sequence[_Word], at: int, language: str) -> tuple[str, int] | None:
    """`before the end of June`: by its whole name; what is another word too, only where a day could stand."""
    key, month = words[at].key, _months(language).get(words[at].key)
    calendar = locale_calendar(language)
    if month is None or calendar is None or key in calendar.short_names - {*calendar.months}:
        return None
    if key in _OTHER_WORDS and not (at and words[at - 1].key in _BEFORE_A_DAY and text[words[at].start].isupper()):
        return None
    return f"date -{month}-", words[at].end


def _from_month(words: Sequence[_Word], at: int, day: str, months: dict[str, int]) -> tuple[str, int] | None:
    """A date of which the month stands at `at`: a day, where none stood before, and a year may follow."""
    month, last = months[words[at].key], at
    next_at = _skip(words, at + 1)
    if not day and next_at < len(words) and _DAY.match(words[next_at].key):
        day, last = str(int(words[next_at].key)), next_at
        next_at = _skip(words, next_at + 1)
    year = ""
    if next_at < len(words) and _YEAR.match(words[next_at].key):
        year, last = words[next_at].key, next_at
    return (f"date {year}-{month}-{day}", words[last].end) if day or year else None


def _skip(words: Sequence[_Word], at: int) -> int:
    while at < len(words) and words[at].key in _BETWEEN:
        at += 1
    return at


@cache
def _months(language: str) -> dict[str, int]:
    calendars = (locale_calendar(code) for code in ("en", language))
    return {name: number for one in calendars if one is not None for name, number in one.month_numbers.items()}

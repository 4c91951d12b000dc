"""Numbers and written dates as they are compared: `thirty (30) days`, `30-day` and `30 days` have one value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from notifier.text.dates.locale_calendar import locale_calendar
from notifier.text.numbers import Quantity, QuantityKind, quantities

DOTTED = re.compile(r"\d{1,2}([./])\d{1,2}\1(?:\d{4}|\d{2})$|(?:19|20)\d\d([./])\d{1,2}\2\d{1,2}$")
BETWEEN = frozenset(("of", "de", "del", "the", "den", ",", "."))
YEAR, DAY = re.compile(r"(?:19|20)\d\d$"), re.compile(r"(?:0?[1-9]|[12]\d|3[01])$")
RUN_INTO = re.compile(r"\d+[^\W\d_]{4}")
BARE = frozenset({QuantityKind.COUNT, QuantityKind.REFERENCE, QuantityKind.VERSION})
"""Kinds of numbers that have no unit."""
HOURS_ARE_TIMES = frozenset(("fr", "es"))
"""Languages that write a time of day as so many hours: `de 9 h à 18 h` is `de 9:00 à 18:00`."""
CENTS_ARE_EUROS = frozenset(("de", "fr", "nl"))
"""Languages in which `25 Cent` is a quarter of a euro, whatever stands around."""
AT_THE_CLOCK = re.compile(r"(?<=\blas )([01]?\d|2[0-3])\.([0-5]\d)\b(?!\s*(?:€|%|euros))")
WORKING = re.compile(r"\b(?:working|business|office|arbeits|werk|gesch[äa]fts|ouvr|h[áa]bil|laborabl)", re.IGNORECASE)
"""Hours of work are fewer than hours: `24 working hours`."""
OF_SIX = re.compile(r"ouvrable|werktag(?:e|en)?\b", re.IGNORECASE)
"""Days of a week of six: Saturday is a `jour ouvrable` and a `Werktag`, and neither `ouvré` nor an `Arbeitstag`."""
BY_ITSELF = frozenset({"once", "twice", "one", "second", "may", "a", "an", "un", "une", "una", "uno", "ein", "eine"})
"""Words that are a number only beside a unit."""


def values_in(text: str, language: str) -> dict[int, tuple[str, int]]:
    """What the numbers of a text say, and where each ends, by where it starts."""
    clock = language in HOURS_ARE_TIMES
    found = {one.start: (_value(one, clock=clock), one.end) for one in quantities(text, language) if not _is_word(one)}
    if language in CENTS_ARE_EUROS:
        found.update(
            {start: (_in_euros(value), end) for start, (value, end) in found.items() if value.endswith(" cent")}
        )
    if language == "es":
        found.update((match.start(), (_clock(match), match.end())) for match in AT_THE_CLOCK.finditer(text))
    return found


def _in_euros(value: str) -> str:
    return f"money {(Decimal(value.split()[1]) / 100).normalize():f} EUR"


def _clock(match: re.Match[str]) -> str:
    return f"duration {3600 * int(match[1]) + 60 * int(match[2])} second"


def _is_word(quantity: Quantity) -> bool:
    """Is it a word that counts only beside a unit, or a number that a word ran into: `11Children`?"""
    written = quantity.as_written.lower()
    return written in BY_ITSELF or (quantity.kind is QuantityKind.VERSION and bool(RUN_INTO.match(written)))


def _value(quantity: Quantity, *, clock: bool) -> str:
    if clock and quantity.kind is QuantityKind.TIME:
        return f"duration {60 * quantity.value.normalize():f} second"
    if quantity.kind is QuantityKind.DATE and quantity.value < 9999:
        return quantity.as_written
    if quantity.kind in BARE:
        return quantity.unit or f"{quantity.value.normalize():f}"
    if OF_SIX.search(quantity.as_written):
        return f"{quantity.kind} {quantity.value.normalize():f} day of six"
    worked = " worked" if WORKING.search(quantity.as_written) and "business" not in quantity.unit else ""
    return f"{quantity.kind} {quantity.value.normalize():f} {quantity.unit}".strip() + worked


def date_at(keys: Sequence[str], at: int, language: str) -> tuple[str, int] | None:
    """The written date that begins at a word, with or without its day or its year, and how many words it has."""
    key = keys[at]
    if not key[:1].isdigit():
        month = _months(language).get(key)
        return _date_from(keys, at, at + 1, month, "") if month is not None else None
    if DOTTED.match(key):
        return f"date {key}", 1
    if YEAR.match(key) and [k.strip() for k in keys[at + 1 : at + 4 : 2]] == ["-", "-"] and len(keys) > at + 4:
        return f"date {key}-{int(keys[at + 2])}-{int(keys[at + 4])}", 5
    months = _months(language)
    if key in months:
        return _date_from(keys, at, at + 1, months[key], "")
    if DAY.match(key):
        next_at = _skip(keys, at + 1)
        if next_at < len(keys) and keys[next_at] in months:
            return _date_from(keys, at, next_at + 1, months[keys[next_at]], str(int(key)))
    return None


def _date_from(keys: Sequence[str], at: int, end: int, month: int, day: str) -> tuple[str, int] | None:
    """A date of which the month ends at `end`: a day and a year may follow."""
    next_at = _skip(keys, end)
    if not day and next_at < len(keys) and DAY.match(keys[next_at]):
        day, end = str(int(keys[next_at])), next_at + 1
        next_at = _skip(keys, end)
    year = ""
    if next_at < len(keys) and YEAR.match(keys[next_at]):
        year, end = keys[next_at], next_at + 1
    return (f"date {year}-{month}-{day}", end - at) if day or year else None


def _skip(keys: Sequence[str], at: int) -> int:
    while at < len(keys) and keys[at] in BETWEEN:
        at += 1
    return at


@cache
def _months(language: str) -> dict[str, int]:
    calendars = (locale_calendar(code) for code in ("en", language))
    return {name: number for one in calendars if one is not None for name, number in one.month_numbers.items()}

"""One written date: reading it where it stands, and writing another day in the same form.

A date remembers where its parts stand (day, month, year, weekday, ordinal), so that only they change when it is
written anew: order, padding, abbreviations, capitals and whatever stands between them stay. Text is read with its
markup blanked out by `HIDDEN`, which counts as nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from notifier.text.dates.locale_calendar import LocaleCalendar, day_first, locale_calendar, long_date

HIDDEN = "\x00"
"""Stands for each character of markup: no text of a policy holds it."""
Edit = tuple[int, int, str]
"""A stretch of a text, and what comes in its place."""


class WrittenDate(NamedTuple):
    """A date at `start` to `end`; a month without a day reads as its first day. `parts` are the places of its parts."""

    value: date
    start: int
    end: int
    parts: Mapping[str, tuple[int, int]]
    has_names: bool = False
    """Whether its month is a name, in the language `language`."""
    language: str = ""
    keeps_form: bool = True
    """Whether another day can be written in its form; a month alone, or figures in an order nobody knows, cannot."""

    @property
    def has_day(self) -> bool:
        return "d" in self.parts or "b" in self.parts


class UnreadableDate(NamedTuple):
    """Something that stands where a date should and is none; `complaint` says so, `mend` what to do."""

    start: int
    end: int
    complaint: str
    mend: str


_S = rf"[^\S\r\n{HIDDEN}]"
"""Any space within a line: people's editors put non-breaking ones into dates."""
_G = rf"(?:{_S}|{HIDDEN})"
_H = rf"{HIDDEN}*"
_YEAR = r"(?P<y>\d{4})(?!\d)"
_ORDINAL = rf"(?:{_H}(?P<o>(?:st|nd|rd|th|er|re|ère|ème|\.?[ºª°])(?!\w)))?"
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
"""Japanese eras, with the year before their first."""
_LAST_ERA = "令和"
_YEARS = range(1900, 2100)
_ISO = re.compile(rf"{_YEAR}(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?!\d)")
_EAST_ASIAN = re.compile(
    rf"(?:(?P<e>{'|'.join(_ERAS)})(?P<ey>\d{{1,2}}|元)|(?P<y>\d{{4}})){_G}?[年년]{_G}?(?P<m>\d{{1,2}}){_G}?[月월]{_G}?"
    rf"(?P<d>\d{{1,2}}){_G}?[日일]"
)
_SPACED = re.compile(rf"(?P<y>\d{{4}})\.{_S}(?P<m>\d{{1,2}})\.{_S}(?P<d>\d{{1,2}})(?!\d)")
"""Korean: `2020. 5. 1.`"""
_FIGURES = re.compile(r"(?P<a>\d{1,2})(?P<s>[-/.])[ ]?(?P<b>\d{1,2})(?P=s)[ ]?(?P<y>\d{4}|\d{2})(?![\d/])")
_MONTH_IN_FIGURES = re.compile(rf"(?P<m>\d{{1,2}})[/.]{_YEAR}(?![/.-]\d)")
_SMALL = rf"(?:(?:day{_S}+of|of|de|do|di|del|d[’'])(?:{_G})*)?"


def read_date(text: str, start: int, language: str) -> WrittenDate | UnreadableDate | None:
    """The date that begins at `start`; None where nothing there looks like one. The text's own names come first."""
    read = _read_names(text, start, language) or _read_in_order(text, start, language)
    return read or _read_figures(text, start, language)


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    """A day with its month in words: month first, day first, year first; and a month alone."""
    calendar = locale_calendar(language)
    if calendar is None or not calendar.month_numbers:
        return ()
    month = rf"(?P<m>(?:{_any(calendar.month_numbers)}))(?!\w)\.?"
    week = rf"(?:(?P<w>{_any(calendar.weekday_names)})(?!\w)\.?,?{_G}+(?:(?:the|den|der|le|el|de|kl){_S}+)?)?"
    day = rf"(?P<d>[0-3]?\d)(?!\d){_ORDINAL}"
    month_first = rf"{week}{month}{_G}+(?:the{_S}+)?{day}{_H}(?:[.,]{{1,2}}{_G}*|{_G}+)(?:of{_S}+)?"
    day_first = rf"{week}{day}(?!\w)\.?,?(?:{_G}|-)*{_SMALL}{month},?(?:{_G}|-)+(?:(?:of|de|del|do){_S}+)?"
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            month_first + _YEAR,
            day_first + _YEAR,
            rf"(?P<y>\d{{4}})\.?{_G}*{month}{_G}+(?P<d>\d{{1,2}})(?!\d)\.?",
            rf"{month},?(?:{_G}|-)+(?:(?:of|de|del|do){_S}+)?{_YEAR}",
        )
    )


def _any(names: Mapping[str, int] | frozenset[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


def _languages(language: str) -> Iterator[str]:
    """Languages whose names of months count in a text: its own, and English."""
    if locale_calendar(language) is not None:
        yield language
    if not language.lower().startswith("en"):
        yield "en"


def _read_names(text: str, start: int, language: str) -> WrittenDate | UnreadableDate | None:
    for named in _languages(language):
        calendar = locale_calendar(named)
        for pattern in _patterns(named):
            found = pattern.match(text, start)
            if found is None or calendar is None:
                continue
            month = calendar.month_numbers[found["m"].lower().replace("\u0307", "")]
            has_day = "d" in found.groupdict()
            value = _day(int(found["y"]), month, int(found["d"]) if has_day else 1)
            if value is None:
                return not_a_date(found[0], start, language)
            return WrittenDate(value, start, found.end(), _parts(found), True, named, keeps_form=has_day)
    return None


def _parts(found: re.Match[str]) -> dict[str, tuple[int, int]]:
    return {name: found.span(name) for name, part in found.groupdict().items() if part is not None}


def _read_in_order(text: str, start: int, language: str) -> WrittenDate | UnreadableDate | None:
    """Year, month, day in figures: there is no doubt which is which."""
    found = _ISO.match(text, start) or _EAST_ASIAN.match(text, start) or _SPACED.match(text, start)
    if found is None:
        return None
    era = found.groupdict().get("e")
    year = _ERAS[era] + (1 if found["ey"] == "元" else int(found["ey"])) if era else int(found["y"])
    value = _day(year, int(found["m"]), int(found["d"]))
    if value is None:
        return not_a_date(found[0], start, language)
    return WrittenDate(value, start, found.end(), _parts(found))


def _read_figures(text: str, start: int, language: str) -> WrittenDate | UnreadableDate | None:
    """`01.03.2024`, `3/14/2024`: by the language's order, else only where one figure can be no month. `05/2018`."""
    found = _FIGURES.match(text, start)
    if found is None:
        month = _MONTH_IN_FIGURES.match(text, start)
        value = _day(int(month["y"]), int(month["m"]), 1) if month else None
        return WrittenDate(value, start, month.end(), _parts(month), keeps_form=False) if month and value else None
    if len(found["y"]) == 2:
        return not_a_date(found[0], start, language, "has no four-digit year")
    first, second, year = int(found["a"]), int(found["b"]), int(found["y"])
    order = True if found["s"] == "." else day_first(language)
    days = {_day(year, second, first), _day(year, first, second)} - {None}
    ordered = None if order is None else _day(year, *((second, first) if order else (first, second)))
    value = ordered if ordered or len(days) != 1 else days.pop()
    if value is None:
        return not_a_date(found[0], start, language, "is ambiguous" if days else "is not a date")
    return WrittenDate(value, start, found.end(), _parts(found), keeps_form=ordered is not None)


def find_east_asian(text: str, start: int, end: int) -> Iterator[WrittenDate]:
    """The dates like `2020年5月1日` between two places."""
    for found in _EAST_ASIAN.finditer(text, start, end):
        date = _read_in_order(text, found.start(), "")
        if isinstance(date, WrittenDate):
            yield date


def not_a_date(words: str, start: int, language: str, fault: str = "is not a date") -> UnreadableDate:
    """Words that stand where a date should, and what to write instead."""
    said = words.replace(HIDDEN, "").strip()
    also = ' or "2014-05-01"' if fault == "is ambiguous" else ""
    mend = f'write it as in "{example(language)}"{also}'
    return UnreadableDate(start, start + len(words), f'the posted date "{said}" {fault}', mend)


def example(language: str) -> str:
    """A date as the language writes it."""
    return long_date(date(2014, 5, 1), language)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def rewritten(text: str, old: WrittenDate, on: date, language: str) -> list[Edit]:
    """What of a text changes so that its date `old` says `on`; nothing where it does."""
    if old.value == on and old.keeps_form:
        return []
    if not old.keeps_form:
        return [(old.start, old.end, long_date(on, language)), *_before_a_day(text, old, language)]
    written = dict(_new_parts(text, old, on))
    return [(*old.parts[part], new) for part, new in written.items() if text[slice(*old.parts[part])] != new]


_OF_A_MONTH = re.compile(rf"(?<!\w)(?P<word>in|en|im|nel|i){_S}+$", re.IGNORECASE)
_OF_A_DAY = {
    **{("en", "in"): "on", ("de", "im"): "am", ("fr", "en"): "le", ("es", "en"): "el", ("nl", "in"): "op"},
    **{("it", "in"): "il", ("it", "nel"): "il", ("sv", "i"): "den", ("da", "i"): "den", ("nb", "i"): "den"},
}


def _before_a_day(text: str, month: WrittenDate, language: str) -> Iterator[Edit]:
    """The word before a month alone, where before a day it is another: `in March 2014`, `on March 1, 2014`."""
    found = _OF_A_MONTH.search(text, max(0, month.start - 6), month.start)
    word = _OF_A_DAY.get((language[:2].lower(), found["word"].lower())) if found else None
    if found and word:
        yield (*found.span("word"), word)


def _new_parts(text: str, old: WrittenDate, on: date) -> Iterator[tuple[str, str]]:
    said = {part: text[low:high] for part, (low, high) in old.parts.items()}
    if "e" in said:
        yield "e", _LAST_ERA
        yield "ey", _figure(said["ey"], on.year - _ERAS[_LAST_ERA])
    elif "y" in said:
        yield "y", _figure(said["y"], on.year)
    if "a" in said:
        day_is_first = old.value == _day(old.value.year, int(said["b"]), int(said["a"]))
        width = min(len(said["a"]), len(said["b"]))
        figures = (on.day, on.month) if day_is_first else (on.month, on.day)
        yield from zip("ab", (f"{figure:0{width}d}" for figure in figures), strict=True)
    elif old.has_names:
        calendar = locale_calendar(old.language)
        assert calendar is not None  # noqa: S101 - its names were read by it
        yield from _named_parts(said, old.language, calendar, on)
    else:
        old_figures = said["m"], said["d"]
        are_long = "s" in said and all(len(one) == 2 for one in old_figures)
        is_padded = are_long or any(one[0] in "0０" for one in old_figures)
        yield "m", _figure(said["m"], on.month, 2 if is_padded else 1)
        yield "d", _figure(said["d"], on.day, 2 if is_padded else 1)


def _named_parts(
    said: Mapping[str, str], language: str, calendar: LocaleCalendar, on: date
) -> Iterator[tuple[str, str]]:
    is_short = said["m"].lower() in calendar.short_names
    yield "m", _like(said["m"], (calendar.short_months if is_short else calendar.months)[on.month - 1])
    day = f"{on.day:02d}" if said["d"].startswith("0") else str(on.day)
    if language.startswith("fr") and on.day == 1 and "o" not in said:
        day = "1er"
    yield "d", day
    if "o" in said:
        yield "o", _ordinal(said["o"], on.day)
    if "w" in said:
        weekday = calendar.weekdays[on.weekday()]
        is_whole = said["w"].lower() in {name.lower() for name in calendar.weekdays}
        yield "w", _like(said["w"], weekday if is_whole else weekday[: len(said["w"])])


def _figure(old: str, number: int, width: int = 1) -> str:
    """A number in the digits of the old one: a full-width one stays so."""
    written = f"{number:0{width}d}"
    if old[0].isdecimal() and not old[0].isascii():
        return "".join(chr(ord("０") + int(figure)) for figure in written)
    return written


def _ordinal(old: str, day: int) -> str:
    """The suffix that belongs to `day`, of the kind that `old` was."""
    if old.lower() in ("st", "nd", "rd", "th"):
        ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day not in (11, 12, 13) else 0, "th")
        return _like(old, ending)
    return old if day == 1 else ""


def _like(old: str, new: str) -> str:
    """`new` in the capitals of `old`."""
    letters = re.sub(r"[\W\d_]", "", old)
    if len(letters) > 1 and letters.isupper():
        return new.upper()
    if letters[:1].isupper():
        return new[:1].upper() + new[1:]
    return new.lower() if letters.islower() else new

"""One written date: reading it, and writing another day in the same form.

A form remembers how its date was written (order, month names or figures, padding, ordinals, weekday, capitals), so
that only the day changes when it is rewritten. What could be two days, or none, is `Unreadable` with a complaint
that says how to mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from notifier.text.dates.calendar import ENGLISH, TONGUES, day_first, month_numbers, tongue


@dataclass(frozen=True, slots=True)
class Form:
    """A date as written: `text` begins `offset` characters after where it was looked for."""

    text: str
    value: date
    code: str
    """Language of its month and weekday names."""
    has_day: bool = True
    is_figures: bool = False
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that stands where a date should and is none; `complaint` says so, `mend` what to do."""

    text: str
    complaint: str
    mend: str
    offset: int = 0


_S = r"[^\S\r\n]"
"""Any space within a line: people's editors put non-breaking ones into dates."""
_YEAR = r"(?P<y>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?P<d>[0-3]?\d)(?!\d)"
_ISO = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<s1>[-/.])(?P<m>\d{1,2})(?P<s2>(?P=s1))(?P<d>\d{1,2})(?!\d)")
_EAST_ASIAN = re.compile(r"(?P<y>(?:19|20)\d\d)\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日일]")
_FIGURES = re.compile(r"(?P<a>\d{1,2})(?P<s1>[-/.]) ?(?P<b>\d{1,2})(?P=s1) ?(?P<y>\d{4}|\d{2})(?!\d)")
_MONTHISH = r"[^\W\d_]{3,12}\.?"
_SMALL = rf"(?:[^\W\d_]{{2}}{_S}+)?"
_LOOKS_LIKE = re.compile(
    rf"{_MONTHISH}{_S}+\d{{1,2}}[^\W\d_]{{0,2}}\.?,?{_S}+\d{{4}}(?!\d)"
    rf"|\d{{1,2}}\S{{0,3}}{_S}+{_SMALL}{_MONTHISH},?{_S}+{_SMALL}\d{{4}}(?!\d)"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?!\d)"
)
_SOMETHING_WITH_A_YEAR = re.compile(r"[^\r\n.]{0,30}?(?<!\d)(?:19|20)\d\d(?!\d)")
_BLANK = r"(?:(?:[Xx]{2,4}|DD|MM|YYYY|TT|JJJJ|AAAA|GG)(?!\w)|_{3,}|\?{2,}|[•●]+)"
_EMPHASIS = r"(?:_{1,2}(?=[^\W_]|\[))?"
_LEADING = (
    rf"[ \t\xa0\u202f:：*~`(>|-]*{_EMPHASIS}"
    rf"(?:\b(?i:date|on|as|of|from|am|vom|le|du|el|op|van)\b[ \t\xa0\u202f:：*~`(-]*){{0,3}}+{_EMPHASIS}"
)
_PLACEHOLDERS = (
    r"\[[^\]\d\r\n]*(?i:dat|fecha|insert|month|day|year|tag|monat|jour|tbd|tba|todo|x{2})[^\]\d\r\n]*\](?!\()",
    r"\[[ \t\xa0\u202f_.•●]*\](?!\()",
    r"\{\{.*?\}\}|\{%.*?%\}|\$\{[^}\r\n]*\}",
    r"<[^>\r\n/=]*(?i:date|datum|fecha)[^>\r\n/=]*>",
    r"(?i:(?:T\.?B\.?[DAC]\.?|to be (?:determined|announced|confirmed|decided)|TODO|FIXME)(?![^\W_]))",
    r"(?i:\bmonth[ \t]+day,?[ \t]+year\b)",
    r"(?i:(?:dd|mm|tt|jj)[./-](?:dd|mm)[./-](?:yyyy|jjjj|aaaa)|yyyy[./-]mm[./-]dd)\b",
    rf"(?:[^\W\d_]{{3,12}}\.?{_S}+|\d{{1,4}}[ \t\xa0\u202f./-]+)?{_BLANK}"
    rf"(?:[ \t\xa0\u202f./,-]+(?:{_BLANK}|\d{{1,4}}\b|[^\W\d_]{{3,12}}\b)){{0,3}}",
)
_PLACEHOLDER = re.compile(rf"{_LEADING}(?P<words>{'|'.join(_PLACEHOLDERS)})")


def placeholder_at(text: str, start: int, language: str) -> Unreadable | None:
    """A placeholder for a date (`[DATE]`, `TBD`, `March XX, 2024`) that follows `start`, small words between them."""
    found = _PLACEHOLDER.match(text, start)
    if found is None:
        return None
    words = found["words"]
    mend = f'write a date as in "{_example(language)}"'
    return Unreadable(words, f'the posted date "{words}" is a placeholder', mend, found.start("words") - start)


def read_date(text: str, start: int, language: str, *, is_expected: bool = False) -> Form | Unreadable | None:
    """The date at `start`; None where nothing there looks like one.

    `is_expected`: the words before announce a date, so that anything with a year in it must be one.
    """
    for read in (_read_named, _read_iso, _read_figures):
        found = read(text, start, language)
        if found is not None:
            return found
    odd = _LOOKS_LIKE.match(text, start) or (_SOMETHING_WITH_A_YEAR.match(text, start) if is_expected else None)
    return _not_a_date(odd[0], language) if odd else None


def _codes(language: str) -> list[str]:
    """Languages whose names of months count in a text: its own and English; all where its own is not known."""
    spoken = tongue(language)
    own = [code for code, table in TONGUES.items() if table is spoken]
    return [*dict.fromkeys([*own, "en"])] if own else list(TONGUES)


@cache
def _named(code: str) -> tuple[re.Pattern[str], ...]:
    """Patterns of a day with its month in words: month first, day first, and a month alone."""
    names = sorted(month_numbers(code), key=len, reverse=True)
    month = rf"(?P<m>(?:{'|'.join(map(re.escape, names))}))(?!\w)\.?"
    weekday = "|".join(f"{re.escape(name)}|{re.escape(name[:3])}|{re.escape(name[:2])}" for name in _weekdays(code))
    week = rf"(?:(?P<w>{weekday})(?!\w)\.?,?{_S}+(?:the{_S}+)?)?"
    ordinal = r"(?P<o>st|nd|rd|th|er|re|º|ª|°)?(?!\w)"
    month_first = rf"{week}{month}{_S}+{_DAY}{ordinal}[.,]{{0,2}}{_S}+(?:of{_S}+)?{_YEAR}"
    small = rf"(?:(?:of|de|do|di|d[’']){_S}*)?"
    day = rf"{week}{_DAY}(?:{ordinal}\.?|\.)[ \t\xa0\u202f -]*{small}"
    return (
        re.compile(month_first, re.I),
        re.compile(rf"{day}{month},?[ \t\xa0\u202f -]+(?:(?:de|del|do){_S}+)?{_YEAR}", re.I),
        re.compile(rf"{month},?{_S}+(?:(?:of|de|del|do){_S}+)?{_YEAR}", re.I),
    )


def _weekdays(code: str) -> tuple[str, ...]:
    return TONGUES[code].weekdays


def _read_named(text: str, start: int, language: str) -> Form | Unreadable | None:
    for code in _codes(language):
        for pattern in _named(code):
            found = pattern.match(text, start)
            if found is None:
                continue
            parts = found.groupdict()
            month = month_numbers(code)[parts["m"].lower()]
            value = _day(int(parts["y"]), month, int(parts.get("d") or 1))
            if value is None:
                return _not_a_date(found[0], language)
            return Form(found[0], value, code, has_day="d" in parts)
    return None


def _read_iso(text: str, start: int, language: str) -> Form | Unreadable | None:
    found = _ISO.match(text, start) or _EAST_ASIAN.match(text, start)
    if found is None:
        return None
    value = _day(int(found["y"]), int(found["m"]), int(found["d"]))
    return Form(found[0], value, "", is_figures=True) if value else _not_a_date(found[0], language)


def _read_figures(text: str, start: int, language: str) -> Form | Unreadable | None:
    """`01.03.2024`, `3/14/2024`: by the language's order, else only where one figure can be no month."""
    found = _FIGURES.match(text, start)
    if found is None:
        return None
    if len(found["y"]) == 2:
        return _not_a_date(found[0], language, "has no four-digit year")
    first, second, year = int(found["a"]), int(found["b"]), int(found["y"])
    days = {_day(year, second, first), _day(year, first, second)} - {None}
    ordered = _ordered(found, language)
    value = ordered if ordered or len(days) != 1 else days.pop()
    if value:
        return Form(found[0], value, "", is_figures=True)
    return _not_a_date(found[0], language, "is ambiguous" if days else "is not a date")


def _ordered(found: re.Match[str], language: str) -> date | None:
    """The day that the language's order gives; dots are only written day first."""
    order = True if found["s1"] == "." else day_first(language)
    if order is None:
        return None
    day, month = (found["a"], found["b"]) if order else (found["b"], found["a"])
    return _day(int(found["y"]), int(month), int(day))


def _not_a_date(words: str, language: str, fault: str = "is not a date") -> Unreadable:
    words = words.strip()
    also = ' or "2014-05-01"' if fault == "is ambiguous" else ""
    mend = f'write it as in "{_example(language)}"{also}'
    return Unreadable(words, f'the posted date "{words}" {fault}', mend)


def _example(language: str) -> str:
    spoken = tongue(language)
    return spoken.example if spoken else "2014-05-01"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def write_line(on: date, language: str) -> str:
    """A new date line in the text's language; in figures where Notifier does not know the language."""
    spoken = tongue(language)
    return (spoken.label if spoken else ENGLISH.label) + _long(on, language)


def _long(on: date, language: str) -> str:
    spoken = tongue(language)
    if spoken is None:
        return on.isoformat()
    day = "1er" if spoken is TONGUES["fr"] and on.day == 1 else str(on.day)
    return spoken.long.format(d=day, m=spoken.months[on.month - 1], y=on.year)


def write_date(form: Form, on: date, language: str) -> str:
    """`on` in the form that `form` was written in; the same words where it is that day already.

    A month alone is written out with its day, and figures whose order the language leaves open in words, since the
    next such date could be read as two days.
    """
    if form.value == on and form.has_day:
        return form.text
    if form.is_figures:
        return _write_figures(form, on, language)
    if not form.has_day:
        return _like(form.text, _long(on, form.code))
    return _write_named(form, on)


def _write_figures(form: Form, on: date, language: str) -> str:
    found = _ISO.fullmatch(form.text) or _EAST_ASIAN.fullmatch(form.text)
    if found:
        return _filled(found, {"y": str(on.year), "m": _padded(found["m"], on.month), "d": _padded(found["d"], on.day)})
    found = _FIGURES.fullmatch(form.text)
    order = True if "." in form.text else day_first(language)
    if found is None or order is None:
        return _long(on, language)
    figures = (on.day, on.month) if order else (on.month, on.day)
    width = min(len(found["a"]), len(found["b"]))
    return _filled(found, {"a": f"{figures[0]:0{width}d}", "b": f"{figures[1]:0{width}d}", "y": str(on.year)})


def _padded(old: str, number: int) -> str:
    return f"{number:0{len(old)}d}" if old.startswith("0") or len(old) == 2 else str(number)


def _write_named(form: Form, on: date) -> str:
    found = next(found for pattern in _named(form.code) if (found := pattern.fullmatch(form.text)))
    parts = found.groupdict()
    spoken = TONGUES[form.code]
    values = {"y": str(on.year), "d": _padded_day(parts["d"], on.day), "m": _month_like(parts["m"], on, form.code)}
    if parts.get("w"):
        values["w"] = _like(parts["w"], spoken.weekdays[on.weekday()][: _cut(parts["w"], spoken.weekdays)])
    written = _filled(found, values | ({"o": _ordinal(parts["o"], on.day)} if parts.get("o") else {}))
    if form.code == "fr" and on.day == 1 and not parts.get("o"):
        return re.sub(r"(?<!\d)0?1(?=[ \t\xa0\u202f])", "1er", written, count=1)
    return written


def _padded_day(old: str, day: int) -> str:
    return f"{day:02d}" if old.startswith("0") else str(day)


def _month_like(old: str, on: date, code: str) -> str:
    """The month's name, short where the old one was short ("May" is taken for the whole word)."""
    spoken = TONGUES[code]
    whole = {name.lower() for name in spoken.months} | {"setiembre", "jänner", "feber", "maerz", "fevrier", "aout"}
    is_whole = old.lower() in whole | {"decembre", "marco"}
    return _like(old, (spoken.months if is_whole else spoken.abbreviations)[on.month - 1])


def _cut(old: str, weekdays: tuple[str, ...]) -> int | None:
    return None if old.lower() in {name.lower() for name in weekdays} else len(old)


def _ordinal(old: str, day: int) -> str:
    """The suffix that belongs to `day`, of the kind that `old` was."""
    if old.lower() in ("st", "nd", "rd", "th"):
        ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day not in (11, 12, 13) else 0, "th")
        return _like(old, ending)
    if old.lower() in ("er", "re"):
        return old if day == 1 else ""
    return old


def _like(old: str, new: str) -> str:
    """`new` in the capitals of `old`."""
    letters = re.sub(r"[\W\d_]", "", old)
    if len(letters) > 1 and letters.isupper():
        return new.upper()
    if letters[:1].isupper():
        return new[:1].upper() + new[1:]
    return new.lower() if letters.islower() else new


def _filled(found: re.Match[str], values: dict[str, str]) -> str:
    """The matched text with new words for some of its groups."""
    return "".join(_pieces(found, values))


def _pieces(found: re.Match[str], values: dict[str, str]) -> Iterator[str]:
    at = found.start()
    for group in sorted(values, key=found.start):
        yield found.string[at : found.start(group)]
        yield values[group]
        at = found.end(group)
    yield found.string[at : found.end()]

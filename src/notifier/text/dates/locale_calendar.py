"""Months and weekdays by every name that a text in a language may use: babel's, with spellings that people add.

babel is loaded when the first name is asked for (30 ms), and each language once (8 ms).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class LocaleCalendar:
    """One language's names, in lower case and without their last full stop for reading, as written for writing."""

    months: tuple[str, ...]
    short_months: tuple[str, ...]
    weekdays: tuple[str, ...]
    month_numbers: Mapping[str, int]
    short_names: frozenset[str]
    """Month names that are abbreviations."""
    weekday_names: frozenset[str]
    long_form: str
    """How a date is written out, in babel's letters: `d. MMMM y`."""
    figures_order: str
    """`dmy`, `mdy` or `ymd`."""


_EXTRA_MONTHS = {
    "en": "sept 9 febr 2",
    "de": "jän 1 jänner 1 feber 2 mrz 3 maerz 3 sept 9",
    "fr": "fev 2 fév 2 fevrier 2 aout 8 dec 12 decembre 12 jan 1 jui 6 jul 7",
    "es": "setiembre 9 sept 9 set 9",
    "nl": "maa 3 sept 9",
    "it": "sett 9",
    "pt": "marco 3",
}
"""Spellings that are read but never written."""
_EXTRA_WHOLE = frozenset(["setiembre", "jänner", "feber", "maerz", "fevrier", "aout", "decembre", "marco"])


@cache
def locale_calendar(language: str) -> LocaleCalendar | None:
    """The calendar of a language tag (`pt-BR`); of its language where the region is not known; else None."""
    from babel.core import Locale, UnknownLocaleError

    for tag in (language, re.split(r"[-_]", language)[0]):
        try:
            return _calendar(Locale.parse(tag.replace("-", "_")))
        except (UnknownLocaleError, ValueError):
            continue
    return None


def _calendar(locale: Any) -> LocaleCalendar:
    wide = [locale.months[context]["wide"] for context in ("format", "stand-alone")]
    short = [locale.months[context]["abbreviated"] for context in ("format", "stand-alone")]
    numbers = {_name(names[n]): n for names in (*short, *wide) for n in range(1, 13) if _is_name(names[n])}
    extra = _EXTRA_MONTHS.get(locale.language, "").split()
    numbers |= {name: int(number) for name, number in zip(extra[::2], extra[1::2], strict=True)}
    days = locale.days["format"]
    whole = {_name(names[n]) for names in wide for n in range(1, 13)} | _EXTRA_WHOLE
    weekdays = tuple(days["wide"][n] for n in range(7))
    names = {_name(days[width][n]) for width in ("wide", "abbreviated") for n in range(7)}
    names |= {name[:3] for name in map(_name, weekdays)}
    return LocaleCalendar(
        months=tuple(wide[0][n] for n in range(1, 13)),
        short_months=tuple(str(short[0][n]).rstrip(".") for n in range(1, 13)),
        weekdays=weekdays,
        month_numbers=numbers,
        short_names=frozenset(name for name in numbers if name not in whole),
        weekday_names=frozenset(name for name in names if _is_name(name)),
        long_form=locale.date_formats["long"].pattern,
        figures_order="".join(dict.fromkeys(re.sub("[^dmy]", "", locale.date_formats["short"].pattern.lower()))),
    )


def _name(written: str) -> str:
    return written.lower().rstrip(".").replace("\u0307", "")


def _is_name(written: str) -> bool:
    return len(written) > 1 and written[0].isalpha()


def day_first(language: str) -> bool | None:
    """Whether `03/04/2024` is 3 April in this language; None where people write it both ways, as in plain English."""
    calendar = locale_calendar(language)
    if calendar is None or language.lower() == "en" or calendar.figures_order.startswith("y"):
        return None
    return calendar.figures_order.startswith("d")


def long_date(on: date, language: str) -> str:
    """A day written out in the language; in figures where it is not known."""
    calendar = locale_calendar(language)
    if calendar is None or "G" in calendar.long_form:
        return on.isoformat()
    parts = {"d": str(on.day), "dd": f"{on.day:02d}", "y": str(on.year), "M": str(on.month)}
    parts["MMMM"] = parts["MMM"] = calendar.months[on.month - 1]
    written = re.sub(
        r"'([^']*)'|MMMM|MMM|M|dd|d|y",
        lambda found: found[1] if found[1] is not None else parts[found[0]],
        calendar.long_form,
    )
    return re.sub(r"^1(?= )", "1er", written) if language.lower().startswith("fr") else written

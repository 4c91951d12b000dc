"""Months and weekdays by every name that a text in a language may use: babel's, with spellings that people add.

babel takes longer to start (30 ms) than a policy to read: what it says of the languages of most policies is kept in
`calendars.json` (`python -m docs.calendars` writes it), and it is asked for others only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

CALENDARS = Path(__file__).with_name("calendars.json")
Names = Mapping[str, Sequence[str]]
"""What babel says of a language: its names of `months`, `short_months`, `weekdays` and `short_weekdays`, the months
first as they stand in a date and then as they stand alone, and its `forms` of a date, long and short."""


class LocaleCalendar(NamedTuple):
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
    for tag in (language, re.split(r"[-_]", language)[0]):
        names = _stored().get(tag) or babel_names(tag)
        if names is not None:
            return _calendar(re.split(r"[-_]", tag)[0].lower(), names)
    return None


@cache
def _stored() -> Mapping[str, Names]:
    stored: Mapping[str, Names] = json.loads(CALENDARS.read_text("utf-8"))
    return stored


def babel_names(tag: str) -> Names | None:
    """What babel says of a language tag, nothing of one that it does not know."""
    from babel.core import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
    contexts = [locale.months[context] for context in ("format", "stand-alone")]
    days = locale.days["format"]
    return {
        "months": [names["wide"][n] for names in contexts for n in range(1, 13)],
        "short_months": [names["abbreviated"][n] for names in contexts for n in range(1, 13)],
        "weekdays": [days["wide"][n] for n in range(7)],
        "short_weekdays": [days["abbreviated"][n] for n in range(7)],
        "forms": [locale.date_formats[length].pattern for length in ("long", "short")],
    }


def _calendar(language: str, names: Names) -> LocaleCalendar:
    months, short_months, weekdays = names["months"], names["short_months"], names["weekdays"]
    numbers = {
        _name(name): at % 12 + 1 for names in (short_months, months) for at, name in enumerate(names) if _is_name(name)
    }
    extra = _EXTRA_MONTHS.get(language, "").split()
    numbers |= {name: int(number) for name, number in zip(extra[::2], extra[1::2], strict=True)}
    whole = {_name(name) for name in months} | _EXTRA_WHOLE
    days = {_name(name) for name in (*weekdays, *names["short_weekdays"])} | {_name(name)[:3] for name in weekdays}
    long_form, short_form = names["forms"]
    return LocaleCalendar(
        months=tuple(months[:12]),
        short_months=tuple(name.rstrip(".") for name in short_months[:12]),
        weekdays=tuple(weekdays),
        month_numbers=numbers,
        short_names=frozenset(name for name in numbers if name not in whole),
        weekday_names=frozenset(name for name in days if _is_name(name)),
        long_form=long_form,
        figures_order="".join(dict.fromkeys(re.sub("[^dmy]", "", short_form.lower()))),
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

"""Digits with their separators → numbers, as the language writes them."""

from __future__ import annotations

import re
from decimal import Decimal

_GROUPS = re.compile(r"[1-9]\d{0,2}(?:(?P<mark>[.,'’ \xa0\u202f\u2009])\d{3})(?:(?P=mark)\d{3})*")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_SPACES = re.compile(r"['’ \xa0\u202f\u2009]")
_LARGEST_DENOMINATOR = 20
PARTS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅛": "1/8"}
_COMMA_LANGUAGES = (
    "de",
    "fr",
    "es",
    "nl",
    "it",
    "pt",
    "da",
    "nb",
    "no",
    "sv",
    "fi",
    "pl",
    "cs",
    "ru",
    "uk",
    "tr",
    "el",
    "hu",
)
_POINT_REGIONS = ("de-ch", "de-li", "es-mx", "es-us", "es-pr", "es-gt", "es-pe")


def digits_value(written: str, language: str) -> Decimal | None:
    """What `1,000`, `1.000,50` or `1'000` says; None for what is no single number, as `1.2.3`."""
    if written.isdecimal():
        return Decimal(written)
    if _GROUPS.fullmatch(written) or _INDIAN.fullmatch(written):
        return _grouped(written, language)
    whole, mark, rest = _split_last(written)
    if not rest.isdecimal() or mark in whole:
        return None
    if whole.isdecimal():
        return Decimal(f"{whole}.{rest}")
    return Decimal(f"{_digits_of(whole)}.{rest}") if _GROUPS.fullmatch(whole) else None


def _grouped(written: str, language: str) -> Decimal:
    """Threes behind a mark are thousands, save one group behind what the language writes as its decimal mark."""
    marks = [mark for mark in written if mark in ".,"]
    is_point = language.lower() in _POINT_REGIONS or not language.lower().startswith(_COMMA_LANGUAGES)
    if len(marks) == 1 and marks[0] == ("." if is_point else ","):
        return Decimal(written.replace(",", "."))
    return Decimal(_digits_of(written))


def _digits_of(written: str) -> str:
    return re.sub(r"\D", "", written)


def _split_last(written: str) -> tuple[str, str, str]:
    at = max(written.rfind("."), written.rfind(","))
    return written[:at], written[at : at + 1], written[at + 1 :]


def fraction_value(written: str) -> Decimal | None:
    """`1/2`, `¾`: less than one, and of few parts; `24/7` is none."""
    above, bar, below = PARTS.get(written, written).partition("/")
    if not (bar and above.isdecimal() and below.isdecimal()):
        return None
    part, whole = int(above), int(below)
    return Decimal(part) / Decimal(whole) if 0 < part < whole <= _LARGEST_DENOMINATOR else None


def time_value(hours: str, minutes: str, meridiem: str = "") -> Decimal | None:
    """Minutes since midnight; None where the clock has no such time."""
    is_clock = hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2
    if not is_clock or int(hours) > 24 or int(minutes) > 59:
        return None
    hour = int(hours)
    if meridiem and 1 <= hour <= 12:
        hour = hour % 12 + (12 if meridiem.lower() == "p" else 0)
    return Decimal(60 * hour + int(minutes))

"""Dates and lists of names as a reader of a language writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.lists import format_list


def locale_of(language: str) -> Locale:
    """The locale of a language tag such as `de` or `de-AT`; plain `en` writes the day first, unknown ones too."""
    tag = language.replace("_", "-").strip() or "en"
    try:
        return Locale.parse("en-GB" if tag.lower() == "en" else tag, sep="-")
    except (UnknownLocaleError, ValueError):
        base = tag.split("-")[0]
        return Locale.parse("en-GB", sep="-") if base == tag or base.lower() == "en" else locale_of(base)


@lru_cache(maxsize=4096)
def long_date(on: date, language: str) -> str:
    """`22 December 2026`, `22. Dezember 2026`, `22 décembre 2026`."""
    return _first_of_month(format_date(on, "long", locale=locale_of(language)), on, language)


def day_and_month(on: date, language: str) -> str:
    """`22 December`, where the year is plain from what stands around it."""
    return _first_of_month(format_skeleton("MMMMd", on, locale=locale_of(language)), on, language)


def joined(names: Sequence[str], language: str) -> str:
    """`A, B and C`, with the reader's own word for "and"."""
    return str(format_list(list(names), locale=locale_of(language)))


def language_name(code: str, language: str) -> str:
    """What readers of `language` call the language `code`; the code itself where they have no name for it."""
    base = code.replace("_", "-").split("-")[0].lower()
    return str(locale_of(language).languages.get(base, code))


def _first_of_month(written: str, on: date, language: str) -> str:
    """French says `1er décembre`; the locale data writes `1 décembre`."""
    is_french = language.lower().startswith("fr")
    return written.replace("1 ", "1er ", 1) if is_french and on.day == 1 and written.startswith("1 ") else written

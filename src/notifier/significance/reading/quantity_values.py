"""Numbers as they are compared: `thirty (30) days`, `30-day` and `30 days` have one value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from notifier.text.numbers import Quantity, QuantityKind, quantities

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

PARTS: Mapping[str, tuple[tuple[str, str, int], ...]] = MappingProxyType(
    {
        "en": (("quarter", r"(?:a|one)\s+quarter(?=\s+of)", 25), ("quarter", r"three\s+quarters(?=\s+of)", 75),
               ("fifth", r"(?:a|one)\s+fifth(?=\s+of)", 20), ("tenth", r"(?:a|one)\s+tenth(?=\s+of)", 10),
               ("half", r"half(?=\s+(?:of|the|your|its|their|that|this)\b)", 50)),
        "de": (("hälfte", r"(?:die\s+|zur\s+)?hälfte", 50), ("viertel", r"(?:ein|das)\s+viertel", 25),
               ("viertel", r"drei\s+viertel", 75), ("drittel", r"(?:ein|das)\s+drittel", 33),
               ("drittel", r"zwei\s+drittel", 67)),
        "fr": (("moitié", r"(?:la\s+)?moitié", 50), ("quart", r"un\s+quart", 25), ("quarts", r"trois\s+quarts", 75),
               ("tiers", r"deux\s+tiers", 67)),
        "es": (("mitad", r"(?:la\s+)?mitad", 50), ("cuarta", r"(?:la|una)\s+cuarta\s+parte", 25),
               ("tercio", r"un\s+tercio", 33), ("tercios", r"dos\s+tercios", 67)),
        "nl": (("helft", r"(?:de\s+)?helft", 50), ("kwart", r"een\s+kwart", 25), ("driekwart", r"driekwart", 75),
               ("derde", r"twee\s+derde", 67)),
    }
)  # fmt: skip
"""Parts of a whole, in hundredths, each behind letters without which it stands nowhere. `Un tiers` and `een derde` are
third parties as well, and left out."""


def values_in(text: str, language: str) -> dict[int, tuple[str, int]]:
    """What the numbers of a text say, and where each ends, by where it starts."""
    clock = language in HOURS_ARE_TIMES
    found = {one.start: (_value(one, clock=clock), one.end) for one in quantities(text, language) if not _is_word(one)}
    if language in CENTS_ARE_EUROS:
        found.update(
            {start: (_in_euros(value), end) for start, (value, end) in found.items() if value.endswith(" cent")}
        )
    lower = text.lower()
    for sign, words, part in PARTS.get(language, ()):
        if sign in lower:
            found.update((match.start(), (f"percent {part} %", match.end())) for match in _word(words).finditer(text))
    if language == "es":
        found.update((match.start(), (_clock(match), match.end())) for match in AT_THE_CLOCK.finditer(text))
    return found


@cache
def _word(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b{pattern}\b", re.IGNORECASE)


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

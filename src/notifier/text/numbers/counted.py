"""What a number counts: the unit behind it, the currency before it."""

from __future__ import annotations

import re

from notifier.text.numbers.number_tokens import NumberTokens
from notifier.text.numbers.units import (
    BITS,
    BUSINESS,
    CALENDAR,
    OCTETS,
    ONLY_IN,
    QuantityKind,
    Unit,
    duration,
    money_before,
    units,
)

_WHITE = re.compile(r"[\s*_~`]{0,6}")
_CLOSED = re.compile(r"\s*[)\]]")
_PAIRS = {
    ("per", "cent"): "%", ("pour", "cent"): "%", ("por", "ciento"): "%", ("vom", "hundert"): "%",
    ("us", "dollars"): "$", ("us", "dollar"): "$", ("swiss", "francs"): "chf", ("schweizer", "franken"): "chf",
}  # fmt: skip
_BEHIND_DAYS = (BUSINESS | CALENDAR) - frozenset(
    ("business", "working", "full", "whole", "calendar", "consecutive", "volle", "vollen")
)
_DAY = duration("day")

Counted = tuple[Unit | None, int, int]
"""A unit, the place of the word behind it, and where it ends."""


def without_owner(word: str) -> str:
    """English: the month in `a month's notice`."""
    return word[:-2] if word.endswith(("'s", "’s")) else word


def unit_behind(tokens: NumberTokens, after: int, end: int) -> Counted:
    """The unit of a number that ends at `end`, before the word `after`; None without one.

    A number in brackets may have it behind them: `five (5) days`.
    """
    low = tokens.places[after - 1][0]
    closed = _CLOSED.match(tokens.text, end) if tokens.text[low - 1 : low] == "(" else None
    word = without_owner(tokens.word(after, closed.end() if closed else end))
    is_business = word in BUSINESS
    if (is_business or word in CALENDAR) and word not in units():
        after, end = after + 1, tokens.end(after)
        word = without_owner(tokens.word(after, end))
    if not word:
        return None, after, end
    following = tokens.words[after + 1] if after + 1 < len(tokens.words) else ""
    pair = _PAIRS.get((word, following))
    written = tokens.written(after)
    octets = OCTETS.get(written) if tokens.code == "fr" else None
    unit = units().get(pair or octets or BITS.get(written) or word)
    if unit is None or ONLY_IN.get(word, tokens.code) != tokens.code:
        return None, after, end
    after += 2 if pair else 1
    return _qualified(tokens, unit, after, is_business=is_business)


def _qualified(tokens: NumberTokens, unit: Unit, after: int, *, is_business: bool) -> Counted:
    """French and Spanish say behind their days that they are business days."""
    end = tokens.end(after - 1)
    if unit != _DAY:
        return unit, after, end
    word = tokens.word(after, end)
    if word in _BEHIND_DAYS:
        is_business, after, end = word in BUSINESS, after + 1, tokens.end(after)
    return (Unit(QuantityKind.DURATION, "business day") if is_business else unit), after, end


def currency_before(tokens: NumberTokens, at: int, taken: int) -> tuple[Unit, int] | None:
    """The currency before an amount, and where it stands; what lies before `taken` belongs to another number."""
    if not tokens.before(at, _WHITE) or tokens.places[at - 1][0] < taken:
        return None
    sign, start = tokens.written(at - 1), tokens.places[at - 1][0]
    if at > 1 and tokens.end(at - 2) == start and tokens.words[at - 2].isalpha():
        country = money_before(tokens.written(at - 2) + sign)  # `US$`
        if country:
            return country, tokens.places[at - 2][0]
    unit = money_before(sign)
    return (unit, start) if unit else None

"""A quantity is another one: by its number, its unit, its size, its bound."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.edits.operator import Operator, derived, either, exchanged, grown, shrunk, significant
from tests.edits.words import CHANGED, LARGER_UNIT, VALUES, WORKING_UNIT, written

QUANTITY = re.compile(
    r"^(?:(?P<word>\D+?) \((?P<both>\d+)\)|(?P<digits>\d+)|(?P<alone>[^\W\d][\w -]*?)) (?P<unit>\S+)$"
)
CURRENCIES = {"$": "€", "€": "£", "£": "€", "EUR": "USD", "USD": "EUR", "euros": "dollars", "Euro": "Dollar"}
DECIMAL = re.compile(r"\d[.,]\d{1,2}(?!\d)")


def digits_changed(text: str, language: str) -> Iterator[str]:
    """30 days → 90 days."""
    found = QUANTITY.match(text)
    if found and found["digits"]:
        yield f"{other(int(found['digits']))} {found['unit']}"


def word_changed(text: str, language: str) -> Iterator[str]:
    """thirty days → ninety days."""
    found = QUANTITY.match(text)
    word = (
        found and found["alone"] and written(CHANGED.get(VALUES[language].get(found["alone"].lower(), 0), 0), language)
    )
    if found and word:
        yield f"{word.capitalize() if text[0].isupper() else word} {found['unit']}"


def brackets_changed(text: str, language: str) -> Iterator[str]:
    """thirty (30) days → thirty (90) days: the two contradict each other, and one of them binds."""
    found = QUANTITY.match(text)
    if found and found["both"]:
        yield f"{found['word']} ({other(int(found['both']))}) {found['unit']}"


def unit_changed(text: str, language: str) -> Iterator[str]:
    """14 days → 14 weeks."""
    yield from _with_unit(text, LARGER_UNIT[language])


def working_unit(text: str, language: str) -> Iterator[str]:
    """14 days → 14 business days."""
    yield from _with_unit(text, WORKING_UNIT[language])


def _with_unit(text: str, units: dict[str, str]) -> Iterator[str]:
    number, _, unit = text.rpartition(" ")
    if number and unit in units:
        yield f"{number} {units[unit]}"


def count_changed(text: str, language: str) -> Iterator[str]:
    """5 devices → 2 devices; a word is changed as a word."""
    if text.isdigit():
        yield str(other(int(text)))
        return
    word = written(CHANGED.get(VALUES[language].get(text.lower(), 0), 0), language)
    if word:
        yield word.capitalize() if text[0].isupper() else word


def amount_changed(text: str, language: str) -> Iterator[str]:
    """$4.99 → $8.99: the last digit before the point is another."""
    yield re.sub(r"\d(?!\d)", lambda found: str((int(found[0]) + 3) % 9 + 1), text, count=1)


def currency_changed(text: str, language: str) -> Iterator[str]:
    """$5 → €5."""
    for mark, other_mark in CURRENCIES.items():
        if mark in text:
            yield text.replace(mark, other_mark)
            return


def decimal_moved(text: str, language: str) -> Iterator[str]:
    """1.5 → 15, 99.95 → 99.5."""
    found = DECIMAL.search(text)
    if found is None:
        return
    whole = found[0]
    if len(whole) == 3:
        yield text.replace(whole, whole[0] + whole[2])
    elif whole[2] != whole[3]:
        yield text.replace(whole, whole[:2] + whole[3])


def thousands_changed(text: str, language: str) -> Iterator[str]:
    """$1,000 → $10,000."""
    found = re.search(r"(\d{1,3})([.,  ])(\d00)(?!\d)", text)
    if found:
        yield text.replace(found[0], f"{found[1]}0{found[2]}{found[3]}")


def hyphen_lost(text: str, language: str) -> Iterator[str]:
    """1-2 weeks → 12 weeks."""
    if re.search(r"\d[-–]\d", text):
        yield re.sub(r"(\d)[-–](\d)", r"\1\2", text)


def end_moved(text: str, language: str) -> Iterator[str]:
    """1-2 weeks → 1-3 weeks: the upper end."""
    found = re.search(r"([-–])(\d+)", text)
    if found:
        yield text.replace(found[0], f"{found[1]}{int(found[2]) + 3}")


def hour_moved(text: str, language: str) -> Iterator[str]:
    """17:00 → 13:00."""
    found = re.match(r"(\d{1,2})(.*)$", text)
    if found:
        hour = int(found[1])
        yield f"{hour - 4 if hour > 12 else hour + 2}{found[2]}"


def year_older(text: str, language: str) -> Iterator[str]:
    """16 → 13."""
    if text.isdigit():
        yield {"13": "16", "14": "16", "16": "13", "18": "16", "21": "18"}.get(text, str(int(text) + 2))


def other(number: int) -> int:
    """Another number of the same size."""
    return CHANGED.get(number, number * 2)


OPERATORS: tuple[Operator, ...] = (
    significant("numbers", "number-changed", "another period binds", derived(("dur",), digits_changed)),
    significant("numbers", "number-word-changed", "the same, in words", derived(("dur",), word_changed)),
    significant("numbers", "number-in-brackets-changed", "the same, in brackets", derived(("dur",), brackets_changed)),
    significant("numbers", "unit-changed", "another unit, another period", derived(("dur",), unit_changed)),
    significant("numbers", "unit-of-working-time", "working time is longer", derived(("dur",), working_unit)),
    significant("numbers", "period-replaced", "another period", either("period")),
    significant("numbers", "count-changed", "another number of things", derived(("n",), count_changed)),
    significant("numbers", "number-after-abbreviation", "no sentence ends there", derived(("abbrn",), count_changed)),
    significant("numbers", "price-changed", "another price", derived(("money",), amount_changed)),
    significant("numbers", "currency-changed", "other money", derived(("money",), currency_changed)),
    significant("numbers", "thousands-changed", "ten times as much", derived(("money", "big"), thousands_changed)),
    significant("numbers", "percentage-changed", "another share", derived(("pct",), amount_changed)),
    significant("numbers", "decimal-moved", "a point is worth a digit", derived(("money", "pct"), decimal_moved)),
    significant("numbers", "range-lost-its-hyphen", "1-2 is not 12", derived(("range",), hyphen_lost)),
    significant("numbers", "range-end-moved", "another upper end", derived(("range",), end_moved)),
    significant("numbers", "hour-changed", "another time of day", derived(("time",), hour_moved)),
    significant("numbers", "age-changed", "others may take part", derived(("age",), year_older)),
    significant("numbers", "size-changed", "another size", derived(("size",), amount_changed)),
    significant("numbers", "version-changed", "another protocol", either("ver")),
    significant("numbers", "scale-changed", "a thousand times as much", either("scale")),
    significant("numbers", "comparison-turned", "a floor is no ceiling", either("cmp")),
    significant("numbers", "frequency-changed", "more or less often", either("freq")),
    significant("numbers", "periods-exchanged", "each thing has the other's period", exchanged("xperiod")),
    significant("numbers", "limit-added", "a limit where there was none", grown("limit")),
    significant("numbers", "limit-dropped", "no limit where there was one", shrunk("limit")),
)  # fmt: skip

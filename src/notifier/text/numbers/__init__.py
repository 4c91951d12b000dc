"""What number is this? The `Quantity`s of a text: in digits or letters, with their units, each with its place.

`30`, `thirty` and `thirty (30)` are one; so are `1,000` and `1000`, `24 months` and `two years`. What two of them say
is compared by their `measure`: that of 5 is never that of 9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from notifier.text.numbers.number_reader import NumberSpan, read_numbers
from notifier.text.numbers.number_tokens import NumberTokens
from notifier.text.numbers.number_words import number_words
from notifier.text.numbers.spelled import SpelledNumbers
from notifier.text.numbers.units import QuantityKind

__all__ = ["Quantity", "QuantityKind", "number_in_words", "quantities"]


class Quantity(NamedTuple):
    """A number with what it counts: `value` in its base `unit`; it stands at `start` to `end`."""

    kind: QuantityKind
    value: Decimal
    unit: str
    start: int
    end: int
    as_written: str

    @property
    def measure(self) -> tuple[QuantityKind, str, Decimal]:
        """What it says: two numbers that say the same have the same."""
        return self.kind, self.unit, self.value


def quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """Every number in a text, in order. In a language whose number words are not known, those in digits."""
    spans = list(_without_repeats(text, _in_ranges(text, read_numbers(text, language))))
    return tuple(Quantity(s.kind, s.value, s.unit, s.start, s.end, text[s.start : s.end]) for s in spans)


def number_in_words(words: str, language: str) -> Decimal | None:
    """The number that all of `words` spell; None where they spell none."""
    known, tokens = number_words(language), NumberTokens(words, language)
    found = SpelledNumbers(tokens, known).number_at(0) if known else None
    return found[0] if found and found[1] == len(tokens.words) else None


_RANGE = re.compile(r"\s*(?:[-–—‑]|to|bis|à|a|al|tot|t/m|and|und|et|y|en|or|oder|ou|o|of)\s*\Z")
_AGAIN = re.compile(r"[\s*_]*[(\[]\s*\Z")
_HAS_UNIT = frozenset(
    (QuantityKind.DURATION, QuantityKind.PERCENT, QuantityKind.MONEY, QuantityKind.SIZE, QuantityKind.MEASURE)
)


def _in_ranges(text: str, spans: Sequence[NumberSpan]) -> list[NumberSpan]:
    """`7 to 14 days`, `$5–10`: both numbers have the unit that stands at one of them."""
    found = list(spans)
    for at in range(len(found) - 1, 0, -1):
        first, second = found[at - 1], found[at]
        if not _RANGE.match(text[first.end : second.start]):
            continue
        if first.kind is QuantityKind.COUNT and second.kind in _HAS_UNIT:
            found[at - 1] = first.counting(second)
        elif second.kind is QuantityKind.COUNT and first.kind is QuantityKind.MONEY:
            found[at] = second.counting(first)
    return found


def _without_repeats(text: str, spans: Sequence[NumberSpan]) -> Iterator[NumberSpan]:
    """`two years (24 months)`, `thirty (30 days)`: said again in brackets, it is one number."""
    last: NumberSpan | None = None
    for span in spans:
        is_again = (
            last is not None and _AGAIN.match(text[last.end : span.start]) and text[span.end : span.end + 1] in ")]"
        )
        if last is not None and is_again and last.measure == span.measure:
            last = last._replace(end=span.end + 1)
            continue
        if last is not None and is_again and last.kind is QuantityKind.COUNT and last.value * span.factor == span.value:
            last = span._replace(start=last.start, end=span.end + 1)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last

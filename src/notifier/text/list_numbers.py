"""The numbers of ordered lists: how a list writes them, and which of them say something.

A list counts by itself, so its numbers are no words: an item put in renumbers those below. But one that begins at
another number than 1, and not where a list above ended, says that number: `30. Juni ist der Stichtag.` is a list to
Markdown and a date to its reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from notifier.text.document import Container

_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_FIRST = frozenset({0, 1})
"""What a list begins with that is only counted."""


class ListNumbers:
    """Counts the items of ordered lists, from the first list of a text to the last."""

    def __init__(self) -> None:
        self._last: dict[Container, int] = {}
        self._said: set[Container] = set()
        self._ends: Counter[int] = Counter()

    def begin(self, listed: Container) -> None:
        """A list begins."""
        if listed.start not in _FIRST and not self._ends[listed.start - 1]:
            self._said.add(listed)
        self._last[listed] = listed.start - 1

    def of_next_item(self, listed: Container) -> str:
        """The number of the next item, where it says something."""
        number = self._last.get(listed, 0) + 1
        self._last[listed] = number
        self._ends[number] += 1
        if number != listed.start:
            self._ends[number - 1] -= 1
        return f"{numeral(number, listed.numbering)}." if listed in self._said else ""


def numeral(number: int, numbering: str) -> str:
    """A number as a list writes it that counts `1`, `a`, `A`, `i` or `I`."""
    if numbering in "aA" and number > 0:
        letters = ""
        while number > 0:
            number, letter = divmod(number - 1, 26)
            letters = chr(ord(numbering) + letter) + letters
        return letters
    if numbering in "iI" and 0 < number < 4000:
        roman = "".join(sign * count for sign, count in _roman(number))
        return roman.lower() if numbering == "i" else roman
    return str(number)


def _roman(number: int) -> Iterator[tuple[str, int]]:
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        yield sign, count

"""Dates as a lawyer reads them: are months, days, years and versions all that changed?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifier.significance.addresses import is_phone
from notifier.significance.changes import Change
from notifier.significance.figures import is_year
from notifier.significance.lexicon import Lexicon
from notifier.significance.words import lowered

STAMP = re.compile(r"\d{4}-\d\d?-\d\d?(?:t[\d:.z+\-]*)?$|v?\d+(?:\.\d+)+$|\d+:\d\d(?:z|am|pm)?$|[0-9a-f]{8,}$")
BLANKS = frozenset(("month", "day", "year"))
"""What stands in a draft where the date will be."""
DAY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|º)?$")
BETWEEN = frozenset(("of", "de", "the"))
"""What may stand between a day and its month."""


def is_date(change: Change, lexicon: Lexicon) -> bool:
    """Are the words that changed all of a date?"""
    changed: Sequence[str] = change.removed + change.added
    if BLANKS.issubset(changed):
        changed = [word for word in changed if word not in BLANKS]
    if not all(_is_datish(word, lexicon) for word in changed):
        return False
    counted = any(word[0].isdigit() for word in changed)
    if any(is_year(word) or STAMP.match(word) or _is_month(word, counted, lexicon) for word in changed):
        return True
    return counted and _are_days(changed, [lowered(side.words) for side in change.sides], lexicon)


def _is_month(word: str, counted: bool, lexicon: Lexicon) -> bool:
    """`May` is a month only beside a number."""
    marks = lexicon.of(word)
    return "month" in marks and (counted or "may" not in marks)


def _is_datish(word: str, lexicon: Lexicon) -> bool:
    if is_phone(word):
        return False
    if word[0].isdigit() or STAMP.match(word) or word in lexicon.function_words:
        return True
    return bool(lexicon.of(word) & {"month", "date_line"})


def _are_days(changed: Sequence[str], sentences: Sequence[Sequence[str]], lexicon: Lexicon) -> bool:
    """Are the numbers that changed days, each beside the month it is a day of?"""
    numbers = [word for word in changed if word[0].isdigit()]
    return bool(numbers) and all(
        DAY.match(number) and any(_beside_month(number, words, lexicon) for words in sentences) for number in numbers
    )


def _beside_month(number: str, words: Sequence[str], lexicon: Lexicon) -> bool:
    near = [word for word in words if word not in BETWEEN]
    return any(
        word == number
        and any("month" in lexicon.of(other) for other in (*near[max(0, at - 1) : at], *near[at + 1 : at + 2]))
        for at, word in enumerate(near)
    )

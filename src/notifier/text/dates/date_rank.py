"""What a date line says of its date, and where on its line the date stands."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from notifier.text.dates.written import UnreadableDate, WrittenDate


class DateRank(IntEnum):
    """What a date line says of its date; of the first four the lowest one there is, is the posted date."""

    UPDATED = 1
    REVIEWED = 2
    DATED = 3
    EFFECTIVE = 4
    """A date of its own: since when the text applies."""
    UNCLEAR = 5
    """A sentence that may or may not say when the text was updated."""


class DateLine(NamedTuple):
    """A date line's date, readable or not. `line` is the whole line where nothing else is on it."""

    rank: DateRank
    date: WrittenDate | UnreadableDate
    line: tuple[int, int] | None = None
    time: tuple[int, int] | None = None
    """A time of day behind a date that only machines read: it goes when the date changes."""
    in_front_matter: bool = False
    is_both: bool = False
    """One date that is said to be of the update and of the effect."""


_RANKS = {
    "updated": DateRank.UPDATED, "reviewed": DateRank.REVIEWED, "dated": DateRank.DATED,
    "effective": DateRank.EFFECTIVE,
}  # fmt: skip


def rank_of(key: re.Match[str]) -> DateRank | None:
    return _RANKS.get((key.lastgroup or "").rstrip("_"))

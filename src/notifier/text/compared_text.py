"""Which part of a policy is compared: its words, without front matter and without its two dates, which are ours."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from notifier.text.dates.posted_date import days_taken_out, without_posted_date
from notifier.text.front_matter import find_front_matter, split_front_matter
from notifier.text.source_offsets import breaks_in

_EMPHASIS = re.compile(r"[*_]+")
_FIRST_BLANKS = re.compile(r"\A(?:[ \t]*(?:\r\n|\n|\r))+")


@lru_cache(maxsize=32)
def compared_text(text: str, *, language: str) -> str:
    """What counts as the policy's words. Equal for a text and for the same text as Notifier stamps it.

    It never begins as front matter does: a rule and a line with a colon below the front matter are text.
    """
    body = _without_first_blanks(split_front_matter(without_posted_date(text, language=language))[1])
    return "\n" + body if find_front_matter(body) else body


OwnDays = tuple[tuple[int, str], ...]
"""Where in a compared text a date that is ours stands in a line of other words, and its words without emphasis."""


def own_days(old: str, new: str, *, language: str) -> tuple[OwnDays, OwnDays]:
    """Those that two texts lack when they are compared, so that a redline can show them in their places."""
    return _own_days(old, language), _own_days(new, language)


def _own_days(text: str, language: str) -> OwnDays:
    length = len(compared_text(text, language=language))
    days = days_taken_out(text, language=language)
    return tuple((length - before_end, _EMPHASIS.sub("", day)) for before_end, day in days)


def _without_first_blanks(body: str) -> str:
    """Without the blank lines below front matter, which go and come with it."""
    return _FIRST_BLANKS.sub("", body.removeprefix("\ufeff"))


class LineNumbers(NamedTuple):
    """How lines are counted in a file whose compared text lacks its first lines and may have some that it has not."""

    before: int = 0
    added: int = 0
    same: int = 0
    """So many lines stand before the added ones."""

    def in_file(self, line: int) -> int:
        """The line in the file (from 1) of a line of the compared text."""
        return line + self.before - (self.added if line - 1 > self.same else 0)


@lru_cache(maxsize=32)
def line_numbers(text: str, *, language: str) -> LineNumbers:
    """How the lines of a file's `compared_text` are counted in the file."""
    body = _without_first_blanks(split_front_matter(text)[1])
    compared = compared_text(text, language=language)
    before, added = breaks_in(text) - breaks_in(body), breaks_in(compared) - breaks_in(body)
    if not added:
        return LineNumbers(before)
    pairs = zip(compared.splitlines(), body.splitlines(), strict=False)
    same = next((at for at, (one, other) in enumerate(pairs) if one != other), breaks_in(body))
    return LineNumbers(before, added, same)

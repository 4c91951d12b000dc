"""Three versions of a policy's text, made alike in what Notifier owns, so that git merges what editors wrote.

Every posting sets the date line and takes the summary out. To a merge, a revert or a cherry-pick those are edits like
any other, in the very lines that the editor's own commit touched: the way back from a commit would be a conflict.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from notifier.errors import PolicyError
from notifier.text.dates.posted_date import find_effective_date, find_posted_date, set_posted_date
from notifier.text.front_matter import USED_UP, drop_used_up, front_matter_fields


class ThreeTexts(NamedTuple):
    """What a merge is made of: the text both sides began with, and what each has made of it."""

    base: str
    ours: str
    theirs: str


def without_stamps(texts: ThreeTexts, *, language: str) -> ThreeTexts:
    """The three with one date, the latest that either side bears, and without what either side's posting used up.

    They stay as they are where a date cannot be read: then a person has to look.
    """
    try:
        return _with_one_date(_without_used_up(texts), language)
    except PolicyError:
        return texts


def _without_used_up(texts: ThreeTexts) -> ThreeTexts:
    """What the base says of a posting, and one side no longer does, was used up there: the other side means no more
    by it, unless it says something else now.
    """
    said, ours, theirs = _used_up(texts.base), _used_up(texts.ours), _used_up(texts.theirs)
    if not said or (ours and theirs):
        return texts
    return ThreeTexts(
        drop_used_up(texts.base),
        drop_used_up(texts.ours) if ours == said else texts.ours,
        drop_used_up(texts.theirs) if theirs == said else texts.theirs,
    )


def _used_up(text: str) -> dict[str, str]:
    return {one.name: text[one.start : one.end] for one in front_matter_fields(text) if one.name in USED_UP}


def _with_one_date(texts: ThreeTexts, language: str) -> ThreeTexts:
    dates = [found for found in (_dates(texts.ours, language), _dates(texts.theirs, language)) if found]
    if not dates:
        return texts
    on, effective_on = max(dates, key=lambda pair: (pair[0], pair[1] or pair[0]))
    return ThreeTexts(
        *(
            set_posted_date(text, on, effective_on=effective_on, language=language)
            for text in (texts.base, texts.ours, texts.theirs)
        )
    )


def _dates(text: str, language: str) -> tuple[date, date | None] | None:
    posted, effective = find_posted_date(text, language=language), find_effective_date(text, language=language)
    return (posted.value, effective.value if effective else None) if posted else None

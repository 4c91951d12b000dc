"""Which part of a policy is compared: its words, without front matter and without the posted date, which is ours."""

from __future__ import annotations

import re

from notifier.text.dates.posted_date import without_posted_date
from notifier.text.front_matter import split_front_matter


def compared_text(text: str, *, language: str) -> str:
    """What counts as the policy's words. Equal for a text and for the same text as Notifier stamps it."""
    return split_front_matter(without_posted_date(text, language=language))[1].removeprefix("\ufeff")


def lines_before_body(text: str) -> int:
    """How many lines stand before the body: added to a line of `compared_text`, it is the line in the file."""
    return len(re.findall(r"\r\n|\n|\r", split_front_matter(text)[0]))

"""`python -m docs.calendars`: what babel says of months and days, kept for the languages that letters exist in."""

from __future__ import annotations

import json

from babel import localedata

from notifier.shipped import TEMPLATES, shipped
from notifier.text.dates.locale_calendar import CALENDARS, babel_names


def calendars() -> str:
    """The file as it should be, whatever babel was asked before: names of some languages slip into those of others."""
    localedata._cache.clear()
    languages = sorted(words.stem for words in (shipped(TEMPLATES) / "notice" / "words").glob("*.toml"))
    rows = (f"{json.dumps(one)}: {json.dumps(babel_names(one), ensure_ascii=False)}" for one in languages)
    return "{\n" + ",\n".join(rows) + "\n}\n"


if __name__ == "__main__":
    CALENDARS.write_text(calendars(), "utf-8")

"""What people leave where a date is to come: `[DATE]`, `TBD`, `March XX, 2024`, a template's variable."""

from __future__ import annotations

import re

from notifier.text.dates.written import UnreadableDate, example

_S = r"[^\S\r\n]"
_BLANK = r"(?:(?:[Xx]{2,4}|DD|MM|YYYY|TT|JJJJ|AAAA|GG)(?!\w)|_{3,}|\?{2,}|[•●]+)"
_EMPHASIS = r"(?:_{1,2}(?=[^\W_]|\[))?"
_LEADING = (
    rf"[ \t\xa0\u202f:：*~`(>|-]*{_EMPHASIS}"
    rf"(?:\b(?i:date|on|as|of|from|am|vom|le|du|el|op|van)\b[ \t\xa0\u202f:：*~`(-]*){{0,3}}+{_EMPHASIS}"
)
_PLACEHOLDERS = (
    r"\[[^\]\d\r\n]*(?i:dat|fecha|insert|month|day|year|tag|monat|jour|tbd|tba|todo|x{2})[^\]\d\r\n]*\](?!\()",
    r"\[[ \t\xa0\u202f_.•●]*\](?!\()",
    r"\{\{.*?\}\}|\{%.*?%\}|\$\{[^}\r\n]*\}",
    r"<[^>\r\n/=]*(?i:date|datum|fecha)[^>\r\n/=]*>",
    r"(?i:(?:T\.?B\.?[DAC]\.?|to be (?:determined|announced|confirmed|decided)|TODO|FIXME)(?![^\W_]))",
    r"(?i:\bmonth[ \t]+day,?[ \t]+year\b)",
    r"(?i:(?:dd|mm|tt|jj)[./-](?:dd|mm)[./-](?:yyyy|jjjj|aaaa)|yyyy[./-]mm[./-]dd)\b",
    rf"(?:[^\W\d_]{{3,12}}\.?{_S}+|\d{{1,4}}[ \t\xa0\u202f./-]+)?{_BLANK}"
    rf"(?:[ \t\xa0\u202f./,-]+(?:{_BLANK}|\d{{1,4}}\b|[^\W\d_]{{3,12}}\b)){{0,3}}",
)
_PLACEHOLDER = re.compile(rf"{_LEADING}(?P<words>{'|'.join(_PLACEHOLDERS)})")


def placeholder_at(text: str, start: int, language: str) -> UnreadableDate | None:
    """A placeholder for a date that follows `start`, small words between them."""
    found = _PLACEHOLDER.match(text, start)
    if found is None:
        return None
    complaint = f'the posted date "{found["words"]}" is a placeholder'
    return UnreadableDate(*found.span("words"), complaint, f'write a date as in "{example(language)}"')

"""A text's words, digits and signs, as numbers are read from them."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"[^\W\d_]+(?:['’](?!une?\b)[^\W\d_]+)?"  # French: `d'un mois` is one month
    r"|(?<![.,])[1-9]\d{0,2}(?:[ \xa0\u202f\u2009]\d{3})+(?!\d)(?:[.,]\d+)?"
    r"|\d+(?:[.,:/'’]\d+)*|[½⅓⅔¼¾⅛$€£¥₹₽₩₺₴%‰§¢]|°[cf]"
)
_SPACE = r"[^\S\n\r]"
_MARKS = r"[*_~`]{0,3}"
_GAP = re.compile(rf"{_SPACE}{{0,3}}{_MARKS}{_SPACE}?(?:\r?\n|[-‐‑])?{_SPACE}{{0,3}}{_MARKS}{_SPACE}?")
"""A blank, a hyphen, the end of a line, or emphasis; never a blank line."""


class NumberTokens:
    """`words` in lower case, each at one of the `places` of the text."""

    def __init__(self, text: str, language: str) -> None:
        self.text, self.language = text, language.lower()
        lowered = text.lower() if len(text.lower()) == len(text) else text
        found = [(match.span(), match[0]) for match in _TOKEN.finditer(lowered)]
        self.places = [place for place, _ in found]
        self.words = [word for _, word in found]

    @property
    def code(self) -> str:
        """The language without its region."""
        return self.language[:2]

    def written(self, at: int) -> str:
        low, high = self.places[at]
        return self.text[low:high]

    def end(self, at: int) -> int:
        return self.places[at][1]

    def word(self, at: int, end: int) -> str:
        """The word at `at` where only a blank, a hyphen or emphasis parts it from `end`; else an empty one."""
        if at < len(self.words) and _GAP.fullmatch(self.text, end, self.places[at][0]):
            return self.words[at]
        return ""

    def follows(self, at: int) -> bool:
        """Whether a word goes on with the one before it."""
        return 0 < at < len(self.words) and bool(_GAP.fullmatch(self.text, self.places[at - 1][1], self.places[at][0]))

    def before(self, at: int, gap: re.Pattern[str]) -> str:
        """The word before, where nothing but `gap` parts it from this one; else an empty one."""
        if at and gap.fullmatch(self.text, self.places[at - 1][1], self.places[at][0]):
            return self.words[at - 1]
        return ""

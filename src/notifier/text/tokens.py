"""What is a word? The one answer: the tokens of a visible text, with what stands between them, losing nothing.

A token is what a reader takes as one: a word with its marks, apostrophes and hyphens; a number with its separators and
its sign; an address; a family of emoji; one ideograph, or one Thai letter with its signs, where no spaces are written.
A sign that says something of an amount (`€`, `%`, `§`, `≥`) is one by itself; other punctuation lies in the gaps.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

_IDEOGRAPHS = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Thai, Lao, Burmese and Khmer are written without spaces."""
_UNSPACED_SIGNS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b6-\u17d3"
_SIGNS = (
    "\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962-\u0963\u0981-\u0983\u09bc-\u09cd\u0a3c-\u0a4d\u0abc-\u0acd"
    "\u0b3c-\u0b57\u0bbe-\u0bcd\u0c3e-\u0c56\u0cbc-\u0cd6\u0d3e-\u0d4d\u200b-\u200d\u2060\u20d0-\u20ff\ufe00-\ufe0f"
)
"""Combining and invisible marks inside a word."""
_LETTERS = rf"[^\W_{_IDEOGRAPHS}{_UNSPACED}]+(?:[{_SIGNS}]+[^\W_{_IDEOGRAPHS}{_UNSPACED}]*)*"
_PICTOGRAPH = (
    "[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff][\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
)
_EMOJI = rf"[0-9#*]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTOGRAPH}(?:\u200d{_PICTOGRAPH})*"
"""A family, a flag, a skin tone: one sign to its reader, of however many characters."""
_ASCII_SIGNS = "$%<>=+"
_AMOUNT_SIGNS = _ASCII_SIGNS + "€£¥₹₽₩₺₴¢‰§°±≤≥≠×"
_ASCII_WORD = rf"\$?[A-Za-z0-9]+(?:(?:['.\-_@+]|(?<=\d),(?=\d))[A-Za-z0-9]+)*[%$]?|[{_ASCII_SIGNS}]"
_WORD = (
    rf"{_EMOJI}|[{_IDEOGRAPHS}]|[{_UNSPACED}][{_UNSPACED_SIGNS}]*"
    rf"|[$€£¥₹]?{_LETTERS}(?:(?:['’ʼ.\-\u2010\u2011_@+·]|(?<=\d),(?=\d)){_LETTERS})*[%‰€$£¥°]?|[{_AMOUNT_SIGNS}]"
)
_ASCII_TOKEN = re.compile(f"({_ASCII_WORD})")
_SAME = str.maketrans({"’": "'", "ʼ": "'", "\u2010": "-", "\u2011": "-", "\u00ad": None})
"""Typography: a word with one is the word with the other."""


@cache
def any_token() -> re.Pattern[str]:
    """Compiled when a text needs it: it takes 10 ms."""
    return re.compile(f"({_WORD})")


def split_tokens(text: str) -> list[str]:
    """Gap, token, gap, …, token, gap: together the text."""
    return (_ASCII_TOKEN if text.isascii() else any_token()).split(text)


def find_tokens(text: str, start: int = 0) -> Iterator[re.Match[str]]:
    """The tokens of a text from `start` on, in order."""
    return (_ASCII_TOKEN if text.isascii() else any_token()).finditer(text, start)


def token_key(token: str) -> str:
    """What a token is compared by: its letters, however they are typed; case counts."""
    return token if token.isascii() else _normalised(token)


@lru_cache(maxsize=4096)
def _normalised(token: str) -> str:
    return unicodedata.normalize("NFC", token.translate(_SAME))

"""Where a sentence ends: the one answer, for the redline that shows it and the reason that quotes it.

It asks for no language, so that two rooms cannot ask for two: the abbreviations of all languages are known together,
and where a word of one is an abbreviation of another, what follows decides. It splits what a reader reads, and
Markdown or HTML around it alike.
"""

from __future__ import annotations

import re
from functools import lru_cache

from notifier.text.abbreviations import (
    BEFORE_NUMBERS,
    BEFORE_ORDINALS,
    GERMAN_MONTHS,
    MAY_END,
    NEVER_END,
    OFTEN_END,
    STARTERS,
)

Span = tuple[int, int]
"""Start and end in the text."""

_TAG = r"</?[a-zA-Z][^<>]{0,200}>"
_BLOCK_TAG = (
    r"(?:p|div|li|ul|ol|dl|dt|dd|td|th|tr|table|caption|h[1-6]|blockquote|section|article|header|footer|address|hr|pre"
    r"|summary|details|figure|figcaption|option)"
)
_CLOSERS = (
    rf"(?:[\"'”’»›)\]}}*_~`」』）】〉》]|(?<=[.!?…])\s(?=[»›])|(?<=\])\([^()\s]{{0,300}}\)"
    rf"|\[\^[^\]\s]{{1,40}}\]|<sup>[^<>]{{0,40}}</sup>|{_TAG})*"
)
_CANDIDATE = re.compile(
    rf"(?P<mark>[.!?…]+){_CLOSERS}(?=\s|\Z)"
    rf"|[。！？｡．؟।॥۔።։။៕]+{_CLOSERS}"
    rf"|<(?i:br\s*/?>|/{_BLOCK_TAG}\s*>|(?P<opening>{_BLOCK_TAG}(?:\s[^<>]{{0,200}})?>))"
    r"|\n(?:(?<=[;\\]\n)|(?<=[;\\]\r\n)|(?<=[ ]{2}\n)|(?<=[ ]{2}\r\n)|(?=[ \t>]*\r?\n))"
)
"""A full stop that may end a sentence; and what ends one whatever stands there: the end of a block, a hard break.

Each alternative begins with a character of its own: so `re` looks at these characters alone.
"""
_OPENERS = re.compile(rf"(?:[\s\"'“‘«‹(\[{{*_~`#>¿¡「『（-]|{_TAG})*")
_TOKEN = re.compile(r"(?:(?<![^\W_])[^\W\d_]{1,2}\.[ \xa0\u202f]?-?)*[^\W\d_]+(?:[.\-/][^\W\d_]+)*\Z")
_NUMBER = re.compile(r"(?<![\w.,/])(?:(?P<word>[^\W\d_]+)\s+)?(?P<number>\d{1,4})\Z")
_ENUMERATOR = re.compile(r"[\s*_(#>\-+•|]*(?:§+\s*)?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxlcIVXLC]{1,6})\Z")
_FIRST_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_COUNTED = re.compile(r"[\d#§°+]|[IVXLC]+\b(?!['’])|[A-Za-z](?:\)|\.?\d)")
_SPACED_LETTER = re.compile(r"[^\W\d_]{1,2}\.")
_DATE_BEGUN = re.compile(r"(?<!\d)(?:\d{4}\.\s?\d{1,2}\.\s?\d{1,2}|\d{1,2}\.\s\d{1,2})\Z")
_SPACED_DATE = re.compile(r"\d{1,2}\.(?:\s?\d|\s|\Z)")


_REMEMBERED = 4_000
"""Characters of a piece whose sentences are remembered: nearly all that is asked for are the blocks of a text, and most
of those are blocks of the text before."""
_AHEAD = 64
"""Characters behind a piece that are looked at, for what follows its last full stop."""


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of `text[start:end]`, without the space around them; every word lies in one."""
    end = len(text) if end is None else end
    if end - start > _REMEMBERED:
        return _split(text, start, end)
    return [(start + low, start + high) for low, high in _remembered(text[start : end + _AHEAD], end - start)]


@lru_cache(maxsize=4096)
def _remembered(piece: str, end: int) -> list[Span]:
    return _split(piece, 0, end)


def _split(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    unread = start  # from here on a word is looked for: before it the sentence has none yet
    for match in _CANDIDATE.finditer(text, start, end):
        if match["mark"] and not _ends(text, start, match.start(), match.end(), end):
            continue
        cut = match.start() if match["opening"] else match.end()
        if _says_something(text, unread, cut):
            spans.append(_trimmed(text, start, cut))
            start = cut
        unread = cut
    if _says_something(text, unread, end):
        spans.append(_trimmed(text, start, end))
    elif spans:
        spans[-1] = _trimmed(text, spans[-1][0], end)
    return spans


_WORD_CHARACTER = re.compile(r"(?:<[^<>]{0,200}>|[\W_])*+[^\W_]")


def _says_something(text: str, start: int, end: int) -> bool:
    return _WORD_CHARACTER.match(text, start, end) is not None


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return end - len(piece.lstrip()), start + len(piece.rstrip())


def _ends(text: str, start: int, mark: int, after: int, end: int) -> bool:
    """Whether the full stop at `mark` ends the sentence that began at `start`; its closing quotes end at `after`."""
    opened = _OPENERS.match(text, after, end)
    following = opened.end() if opened else after
    if following >= end:
        return True
    if text[following].islower():
        return False
    if text[mark] != "." or text.startswith("..", mark):
        return True
    if _ENUMERATOR.match(text, start, mark):
        return False
    before = text[max(start, mark - 30) : mark]
    number = _NUMBER.search(before)
    if number:
        return not _is_ordinal(number, text, following)
    token = _TOKEN.search(before)
    return token is None or _may_end(token[0], text, following, is_closed=after > mark + 1)


def _may_end(token: str, text: str, following: int, *, is_closed: bool) -> bool:
    """Whether a full stop behind this word ends a sentence, and does not just shorten the word."""
    name = re.sub(r"\s", "", token).lower()
    last = name.rpartition(".")[2]
    is_letter, is_in_capitals = len(last) == 1, token.isupper()
    if is_letter and _SPACED_LETTER.match(text, following):
        return False
    counts = _COUNTED.match(text, following) is not None
    is_counting = name in BEFORE_NUMBERS or last in BEFORE_NUMBERS or last.endswith("str")
    if counts and is_counting:
        return False
    if len(token) > 1 and is_in_capitals and "." not in token and name != "ee":
        return not (counts and name in NEVER_END and len(token) > 2)  # `CA` is no `ca.`, and `APPROX` is `approx.`
    if name in NEVER_END:
        return False
    if name in OFTEN_END:
        return not text[following].isdigit()
    if name in MAY_END or last in MAY_END or ("." in name and is_letter):
        return _first_word(text, following) in STARTERS
    if is_letter and is_in_capitals:
        return is_closed or _first_word(text, following) in STARTERS  # an initial: `J. Smith`
    return True


def _first_word(text: str, at: int) -> str:
    found = _FIRST_WORD.match(text, at)
    return found[0].lower() if found else ""


def _is_ordinal(number: re.Match[str], text: str, following: int) -> bool:
    """German `1. Mai` and `am 3. Tag`; `1. 5. 2018` and Korean `2018. 5. 1.`."""
    if _SPACED_DATE.match(text, following) or _DATE_BEGUN.search(number.string):
        return True
    word = _first_word(text, following)
    if len(number["number"]) > 2 or not word:
        return False
    is_led = number["word"] is not None and number["word"].lower() in BEFORE_ORDINALS
    return word in GERMAN_MONTHS or (is_led and word not in STARTERS)

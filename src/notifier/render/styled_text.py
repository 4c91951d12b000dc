"""Styled text on a terminal: its width in columns, wrapping, and nothing in it that could steer the terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple


class Style(Enum):
    """How a run looks in colour; the value is its ANSI code."""

    PLAIN = ""
    GONE = "31"
    NEW = "32"
    FAINT = "2"
    STRONG = "1"
    ALARM = "1;31"
    CALM = "1;32"


class Styled(NamedTuple):
    """Text in one style."""

    text: str
    style: Style = Style.PLAIN


_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
_UNSEEN = re.compile(
    "[\u00ad\u115f\u1160\u180e\u200b-\u200d\u2060-\u2064\u3164\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_WORD = re.compile(r"\s+|[^\s]+")


def harmless(text: str, *, show_unseen: bool = False) -> str:
    """The text without characters that act on a terminal; `show_unseen` makes zero-width characters visible."""
    text = _STEERING.sub(_named, text)
    return _UNSEEN.sub(_named, text) if show_unseen else text


def _named(match: re.Match[str]) -> str:
    code = ord(match.group())
    return "" if code == 0x0D else f"⟨U+{code:04X}⟩"


@lru_cache(maxsize=4096)
def _columns_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def columns(text: str) -> int:
    """How many columns the text takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def paint(runs: list[Styled], *, colour: bool) -> str:
    if not colour:
        return "".join(run.text for run in runs)
    return "".join(
        f"\x1b[{run.style.value}m{run.text}\x1b[0m" if run.style.value and run.text else run.text for run in runs
    )


def wrap(runs: list[Styled], width: int, *, as_typed: bool = False) -> list[list[Styled]]:
    """The runs as lines of at most `width` columns, broken at spaces, and inside a word only where it must be.

    Blanks in a row are one, unless they stand as they were typed.
    """
    lines: list[list[Styled]] = [[]]
    used = 0
    for word in _words(runs, as_typed=as_typed):
        length = sum(columns(run.text) for run in word)
        is_space = word[0].text.isspace()
        if is_space and not as_typed and (not used or lines[-1][-1].text == " "):
            continue
        if used + length > width and used:
            lines.append([])
            used = 0
            if is_space:
                continue
        for piece in _fitting(word, width) if length > width else [word]:
            if used and used + sum(columns(run.text) for run in piece) > width:
                lines.append([])
                used = 0
            lines[-1].extend(piece)
            used += sum(columns(run.text) for run in piece)
    return [_trimmed(line) for line in lines]


def _words(runs: list[Styled], *, as_typed: bool) -> Iterator[list[Styled]]:
    """What may not be broken: a word with the marks that touch it; wide characters stand each for themselves."""
    word: list[Styled] = []
    for run in runs:
        for text in _WORD.findall(run.text):
            if text.isspace():
                if word:
                    yield word
                word = []
                yield [Styled(text if as_typed else " ", run.style)]
                continue
            for part in _parts(text):
                if word and _columns_of(part[0]) == 2:
                    yield word
                    word = []
                word.append(Styled(part, run.style))
    if word:
        yield word


def _parts(text: str) -> Iterator[str]:
    if text.isascii():
        yield text
        return
    part = ""
    for character in text:
        if part and _columns_of(character) == 2:
            yield part
            part = ""
        part += character
    yield part


def _fitting(word: list[Styled], width: int) -> Iterator[list[Styled]]:
    piece: list[Styled] = []
    used = 0
    for run in word:
        part = ""
        for character in run.text:
            if used + _columns_of(character) > width:
                yield [*piece, Styled(part, run.style)]
                piece, part, used = [], "", 0
            part += character
            used += _columns_of(character)
        piece.append(Styled(part, run.style))
    yield piece


def _trimmed(line: list[Styled]) -> list[Styled]:
    while line and line[-1].text.isspace():
        line = line[:-1]
    return line

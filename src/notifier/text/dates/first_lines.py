"""The lines of a text where a reader looks for its dates: the first ones, and the last where they are set apart."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from notifier.text.dates.written import HIDDEN
from notifier.text.front_matter import body_start

HEAD_LINES = 15
"""How many lines with words in them count as the first lines of a document."""
LAST_LINES = 3
_MOST_LINES = 200
"""With the blank ones."""
_LINE = re.compile(r"(?P<words>[^\r\n]*)(?P<break>\r\n|\n|\r|\Z)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_MARKUP = re.compile(r"<[^<>]{1,400}>|\{:[^{}\r\n]*\}|(?<=\])\([^()\r\n]{0,400}\)")
_SPACE = re.compile(r"&(?:nbsp|ensp|emsp|thinsp|#160|#xa0);", re.I)
_SET_APART = re.compile(r"[ \t]*(?:[*_]{1,3}(?=\S)|<(?:p|small|em|i|footer)\b)|[^\r\n]{0,60}[:：]", re.I)


class LinesView(NamedTuple):
    """The lines that are looked at, in a text whose markup is blanked out."""

    text: str
    seen: str
    lowered: str
    lines: tuple[tuple[int, int], ...]


def head_end(text: str) -> int:
    """Where the first lines of a document end."""
    lines = _head_lines(text)
    return lines[-1][1] if lines else body_start(text)


@lru_cache(maxsize=16)
def _head_lines(text: str) -> tuple[tuple[int, int], ...]:
    """The first lines with words in them."""
    lines: list[tuple[int, int]] = []
    for count, line in enumerate(_LINE.finditer(text, body_start(text))):
        if len(lines) == HEAD_LINES or not line[0] or count > _MOST_LINES:
            break
        if not line["words"].isspace() and line["words"]:
            lines.append((line.start(), line.end()))
    return tuple(lines)


def head_view(text: str) -> LinesView:
    lines = _head_lines(text)
    return _view(text, lines, lines[0][0], lines[-1][1]) if lines else LinesView(text, "", "", ())


def foot_view(text: str) -> LinesView:
    """The last lines of a longer text, as far as they are set apart: by emphasis, a tag or a label's colon."""
    lines: list[tuple[int, int]] = []
    end = len(text.rstrip())
    limit = head_end(text)
    while end > limit and len(lines) < LAST_LINES:
        start = max(text.rfind("\n", limit, end), text.rfind("\r", limit, end), limit - 1) + 1
        lines.append((start, end))
        end = len(text[:start].rstrip())
    apart = [line for line in reversed(lines) if _SET_APART.match(text, *line)]
    return _view(text, tuple(apart), apart[0][0], len(text)) if apart else LinesView(text, "", "", ())


def _view(text: str, lines: tuple[tuple[int, int], ...], start: int, end: int) -> LinesView:
    """The part from `start` to `end` with markup blanked out, kept at its offsets."""
    part = text[start:end]
    if "<" in part or "](" in part or "{:" in part:
        part = _MARKUP.sub(_blank, _COMMENT.sub(_blank, part))
    if "&" in part:
        part = _SPACE.sub(lambda space: " " * len(space[0]), part)
    lowered = part.lower()
    if len(lowered) != len(part):
        lowered = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in part)
    return LinesView(text, HIDDEN * start + part, HIDDEN * start + lowered, lines)


def _blank(hidden: re.Match[str]) -> str:
    return re.sub(r"[^\r\n]", HIDDEN, hidden[0])

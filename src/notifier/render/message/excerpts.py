"""Two sentences → the words in which they differ, with a little of what stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PIECE = re.compile(
    r"\d+(?:[.,:]\d+)*|[^\s!-/:-@\[-^`{-~\u00a0-\u00bf\u2010-\u205e\u3000-\u303f\uff00-\uff0f]+|\s+|.", re.DOTALL
)
"""A number, a word with the marks that belong to its letters, blanks, or one sign."""
_LEAD, _CHANGED, _TAIL = 90, 220, 70
"""About so many characters before, in and after the changed words of an excerpt."""
_SLACK = 25
"""Fewer than so many are not worth a cut."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A short quotation: the changed words, and a little of what stands around them."""

    lead: str
    changed: str
    tail: str

    def __str__(self) -> str:
        return f"{self.lead}{self.changed}{self.tail}"


def excerpts(before: str, after: str) -> tuple[Excerpt, Excerpt]:
    """Both sentences, shortened to the words in which they differ and a little around them."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    return _excerpt(old, start, end), _excerpt(new, start, end)


def _shared(old: list[str], new: list[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _excerpt(words: list[str], start: int, end: int) -> Excerpt:
    stop = len(words) - end
    lead, changed, tail = "".join(words[:start]), "".join(words[start:stop]), "".join(words[stop:])
    core = changed.strip()
    if not core:
        return Excerpt(_last(lead + changed, _LEAD), "", _first(tail, _TAIL))
    at = changed.index(core)
    blanks_before, blanks_after = changed[:at], changed[at + len(core) :]
    return Excerpt(_last(lead + blanks_before, _LEAD), _first(core, _CHANGED), _first(blanks_after + tail, _TAIL))


def _first(text: str, limit: int) -> str:
    return text if len(text) <= limit + _SLACK else f"{text[:limit].rsplit(' ', 1)[0]} …"


def _last(text: str, limit: int) -> str:
    return text if len(text) <= limit + _SLACK else f"… {text[-limit:].split(' ', 1)[-1]}"

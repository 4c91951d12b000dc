"""Two sentences → the words in which they differ, with a little of what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_PIECE = re.compile(
    r"\d+(?:[.,:]\d+)*|[^\s!-/:-@\[-^`{-~\u00a0-\u00bf\u2010-\u205e\u20a0-\u20cf\u3000-\u303f\uff00-\uff0f]+|\s+|.",
    re.DOTALL,
)
"""A number, a word with the marks that belong to its letters, blanks, or one sign."""
_LEAD, _CHANGED, _TAIL = 90, 220, 70
"""About so many characters before, in and after the changed words of an excerpt."""
_SLACK = 25
"""Fewer than so many are not worth a cut."""
_LEAST_SHARED = 3
"""Words that stay unmarked between two changed stretches; fewer would only break them up."""
_BETWEEN_CELLS = "·"


class Excerpt(NamedTuple):
    """A short quotation: the changed words, and a little of what stands around them."""

    lead: str
    changed: str
    tail: str
    marks: tuple[tuple[str, bool], ...] = ()
    """`changed` in stretches: is each changed itself, or does it stand in the other sentence as well?"""

    def __str__(self) -> str:
        return f"{self.lead}{self.changed}{self.tail}"


def excerpts(before: str, after: str) -> tuple[Excerpt, Excerpt]:
    """Both sentences, shortened to the words in which they differ and a little around them."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    return _marked(_excerpt(old, start, end), _excerpt(new, start, end))


def _marked(before: Excerpt, after: Excerpt) -> tuple[Excerpt, Excerpt]:
    """What stands in both in the same order loses its mark where it is long enough, or a whole cell of a row."""
    old, new = (_PIECE.findall(one.changed) for one in (before, after))
    found = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    shared = [one for one in found if _is_long(old[one.a : one.a + one.size])]
    return (
        before._replace(marks=tuple(_stretches(old, [(one.a, one.a + one.size) for one in shared]))),
        after._replace(marks=tuple(_stretches(new, [(one.b, one.b + one.size) for one in shared]))),
    )


def _is_long(words: Sequence[str]) -> bool:
    return _BETWEEN_CELLS in words or sum(word[0].isalnum() for word in words) >= _LEAST_SHARED


def _stretches(words: Sequence[str], shared: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    at = 0
    for start, end in [*shared, (len(words), len(words))]:
        changed = "".join(words[at:start])
        core = changed.strip()
        before, after = changed.partition(core)[::2] if core else (changed, "")
        parts = ((before, False), (core, True), (after + "".join(words[start:end]), False))
        yield from ((text, is_changed) for text, is_changed in parts if text)
        at = end


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

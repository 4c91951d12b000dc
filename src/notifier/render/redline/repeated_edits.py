"""The same words in place of the same others all over a text: said once, not drawn in every paragraph that holds them.

It says what was done to the text and how often, never what that amounts to: whether it is a rename is judged elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from notifier.diff import Layer
from notifier.diff.redline import Redline
from notifier.plurals import counted
from notifier.render.redline.hunks import Hunk

_LEAST, _LONGEST = 6, 4
"""Places from which on an edit of so many words at most is said once: fewer would not bury what else changed."""
_SHOWN = 2
"""Paragraphs with nothing but that which are shown before the rest is counted."""


@dataclass(frozen=True, slots=True)
class RepeatedEdit:
    """`before` gave way to `after` in `count` places."""

    before: str
    after: str
    count: int

    def __str__(self) -> str:
        return f"“{self.before}” became “{self.after}” in {self.count:,} places"


def repeated_edits(redline: Redline) -> tuple[RepeatedEdit, ...]:
    """The edits made all over the text, the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    for edit in redline.diff.edits:
        before, after = edit.before.text, edit.after.text
        if edit.layer is Layer.WORDS and _is_name(before) and _is_name(after):
            counts[before, after] += 1
    found = [RepeatedEdit(*names, count) for names, count in counts.items() if count >= _LEAST]
    return tuple(sorted(found, key=lambda rename: (-rename.count, rename.before, rename.after)))


def _is_name(text: str) -> bool:
    """Words and nothing else, and no figure: a number that changed is shown wherever it did."""
    return bool(text) and len(text.split()) <= _LONGEST and not re.search(r"[\d\n|.;]", text)


def left_out_note(count: int, names: tuple[RepeatedEdit, ...]) -> str:
    """`9 paragraphs with nothing but that`."""
    return f"{counted(count, 'paragraph')} with nothing but {'that' if len(names) == 1 else 'those'}"


def folded(hunks: Iterable[Hunk], names: tuple[RepeatedEdit, ...]) -> Iterator[tuple[int, Hunk | None]]:
    """The hunks, each with how many were left out before it that hold nothing but these; None after the last."""
    left_out = seen = 0
    for hunk in hunks:
        is_rename = bool(names) and _holds_only(hunk, names)
        seen += is_rename
        if is_rename and seen > _SHOWN:
            left_out += 1
            continue
        yield left_out, hunk
        left_out = 0
    if left_out:
        yield left_out, None


def _holds_only(hunk: Hunk, names: tuple[RepeatedEdit, ...]) -> bool:
    before = hunk.before
    for name in names:
        before = re.sub(rf"(?<!\w){re.escape(name.before)}(?!\w)", lambda _, name=name: name.after, before)  # type: ignore[misc]
    return before == hunk.after

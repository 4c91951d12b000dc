"""Whether a translation that changed together with its controlling text changed as that did.

Nobody here reads both languages. What can be seen: a change of weight on one side and none on the other, and, where
both texts are built of the same blocks, a block that changed in weight on one side and stood still on the other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from notifier.policy.revision import PolicyText, Revision
from notifier.policy.revision_comparison import reads_differently
from notifier.significance import Significance
from notifier.text.compared_text import compared_text
from notifier.text.markdown import parse

if TYPE_CHECKING:
    from notifier.diff.values import Edit
    from notifier.significance.comparison import Comparison

Versions = tuple[str, str, str]
"""A text before and after, as it is compared, and its language."""


def has_followed(before: Revision, after: Revision, language: str) -> bool:
    """Is a change of weight in the controlling text also in its translation? True where the first has none."""
    old, new = before.texts.get(language), after.texts[language]
    if old is None or before.language != after.language or not reads_differently(before.controlling, after.controlling):
        return True
    leading = _versions(before.controlling, after.controlling)
    return reads_differently(old, new) and _covers(leading, _versions(old, new))


def is_slight(before: PolicyText, after: PolicyText) -> bool:
    """Is nothing of weight in what a text changed?"""
    return _compared(_versions(before, after)).significance is Significance.MINOR


def _versions(before: PolicyText, after: PolicyText) -> Versions:
    old, new = (compared_text(text.text, language=text.language) for text in (before, after))
    return old, new, after.language


@lru_cache(maxsize=512)
def _covers(leading: Versions, following: Versions) -> bool:
    own, other = _compared(leading), _compared(following)
    if own.significance is Significance.MINOR:
        return True
    if other.significance is Significance.MINOR:
        return False
    sides = [[parse(text).blocks for text in one.texts] for one in (own, other)]
    if any(len(one) != len(its) for one, its in zip(*sides, strict=True)):
        return True
    changed = {block for edit in other.redline.diff.edits for block in _blocks_of(edit, other)}
    return all(changed.intersection(_blocks_of(edit, own)) for edit in _weighty(own))


def _weighty(comparison: Comparison) -> Iterator[Edit]:
    """The edits that a reason speaks of."""
    from notifier.diff.values import Layer

    said = {reason.after or reason.before for reason in comparison.reasons if reason.topic}
    for edit in comparison.redline.diff.edits:
        if edit.layer is not Layer.TYPOGRAPHY and said & {edit.before.sentence, edit.after.sentence}:
            yield edit


def _blocks_of(edit: Edit, comparison: Comparison) -> Iterator[tuple[int, int]]:
    """Where it stands: the side, and how many blocks begin before it there."""
    for side, (passage, text) in enumerate(zip((edit.before, edit.after), comparison.texts, strict=True)):
        if passage.text:
            yield side, bisect_right([block.start for block in parse(text).blocks], passage.start)


@lru_cache(maxsize=64)
def _compared(versions: Versions) -> Comparison:
    from notifier.significance.comparison import compare_compared  # who judges nothing need not load it

    old, new, language = versions
    return compare_compared(old, new, language=language)

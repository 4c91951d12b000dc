"""Translations whose controlling text went on without them: each keeps its own date and its own posted versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notifier.policy.posting import Posted, Posting
from notifier.policy.revision import Revision
from notifier.policy.revision_comparison import reads_differently
from notifier.significance import Significance


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """One translation, and what it lacks."""

    language: str
    since: Posting
    """The first posting of the controlling text that it lacks."""
    is_significant: bool
    """Is anything of weight in what it lacks?"""
    is_gone: bool = False
    """Is it kept no longer?"""


def left_behind(history: Sequence[Posted], language: str) -> LeftBehind | None:
    """What the translation in `language` lacks of the policy as last posted; None where it lacks nothing."""
    at = first_lacked([posted.revision for posted in history], language)
    if at is None:
        return None
    lacked = [posted.posting for posted in history[at:]]
    weighs = any(one.significance is Significance.SIGNIFICANT and not one.restores for one in lacked)
    is_gone = language not in history[-1].revision.texts
    return LeftBehind(language, lacked[0], weighs, is_gone)


def first_lacked(revisions: Sequence[Revision], language: str) -> int | None:
    """The index of the first of these texts, oldest first, that the newest translation in `language` lacks."""
    last = revisions[-1]
    having = [at for at, one in enumerate(revisions) if language in one.texts]
    if language == last.language or not having:
        return None
    if language not in last.texts:
        return having[-1] + 1
    own = _reading_since(revisions, language)
    translated = revisions[own].controlling
    if not reads_differently(translated, last.controlling):
        return None
    later = range(own + 1, len(revisions))
    return next(at for at in later if reads_differently(translated, revisions[at].controlling))


def lagging(before: Revision | None, head: Revision) -> tuple[str, ...]:
    """Translations that did not follow from `before` to `head`, though the controlling text changed."""
    if (
        before is None
        or before.language != head.language
        or not reads_differently(before.controlling, head.controlling)
    ):
        return ()
    return tuple(
        language
        for language, text in sorted(head.texts.items())
        if language != head.language
        and language in before.texts
        and not reads_differently(before.texts[language], text)
    )


def _reading_since(revisions: Sequence[Revision], language: str) -> int:
    """Where the newest text in `language` began to read as it does."""
    at = len(revisions) - 1
    text = revisions[at].texts[language]
    while at and language in revisions[at - 1].texts and not reads_differently(revisions[at - 1].texts[language], text):
        at -= 1
    return at

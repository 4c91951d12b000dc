"""Translations whose controlling text went on without them: each keeps its own date and its own posted versions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from notifier.policy.posting import Posted, Posting
from notifier.policy.revision import Revision
from notifier.policy.revision_comparison import reads_differently
from notifier.policy.translations.translated_change import has_followed, is_slight
from notifier.significance import Significance


class LeftBehind(NamedTuple):
    """One translation, and what it lacks."""

    language: str
    lacked: tuple[Posting, ...]
    """The postings whose change it lacks, oldest first."""
    is_significant: bool
    """Is anything of weight in what it lacks?"""
    is_gone: bool = False
    """Is it kept no longer?"""

    @property
    def since(self) -> Posting:
        """The first posting of the controlling text that it lacks."""
        return self.lacked[0]


def left_behind(history: Sequence[Posted], language: str) -> LeftBehind | None:
    """What the translation in `language` lacks of the policy as last posted; None where it lacks nothing."""
    at = first_lacked([posted.revision for posted in history], language)
    if at is None:
        return None
    since = [posted.posting for posted in history[at:]]
    told = (one for n, one in enumerate(since) if not n or not one.restores)  # what was taken back later is gone again
    weighs = any(one.significance is Significance.SIGNIFICANT for one in told)
    is_gone = language not in history[-1].revision.texts
    later = (
        after.posting
        for before, after in pairwise(history[at:])
        if not _reads_the_same(before.revision, after.revision)
    )
    return LeftBehind(language, (since[0], *later), weighs, is_gone)


def first_lacked(revisions: Sequence[Revision], language: str) -> int | None:
    """The index of the first of these texts, oldest first, that the newest translation in `language` lacks.

    A translation follows by a change of its own: of weight where what it lacks has weight.
    """
    last = revisions[-1]
    having = [at for at, one in enumerate(revisions) if language in one.texts]
    if language == last.language or not having:
        return None
    if language not in last.texts:
        return having[-1] + 1
    lacked: int | None = None
    for at in range(having[0] + 1, len(revisions)):
        lacked = _lacked_at(revisions, at, language, lacked)
    return lacked


def _lacked_at(revisions: Sequence[Revision], at: int, language: str, lacked: int | None) -> int | None:
    """What is lacked after the text `at`, where `lacked` was before it."""
    before, after = revisions[at - 1], revisions[at]
    old, new = before.texts.get(language), after.texts.get(language)
    if old is None or new is None:
        return lacked if new is None else None
    if lacked is not None and _reads_the_same(revisions[lacked - 1], after):
        return None  # what it lacked was taken back
    if not reads_differently(old, new):
        is_same = _reads_the_same(before, after)
        return lacked if lacked is not None or is_same else at
    if not has_followed(before, after, language):
        return at if lacked is None else lacked
    if lacked is None or (_reads_the_same(before, after) and not is_slight(old, new)):
        return None  # whether a translation alone says the same, a person was asked
    if not is_slight(old, new):
        return _still_lacked([*revisions[lacked - 1 : at], after], lacked, language)
    weighs = not is_slight(revisions[lacked - 1].controlling, before.controlling)
    return lacked if weighs else None


def _still_lacked(since: Sequence[Revision], lacked: int, language: str) -> int | None:
    """What a translation lacks that changed together with its controlling text: the first change since it was complete,
    `lacked`, that it has not; None where it caught up with all."""
    first, last = since[0], since[-1]
    if has_followed(first, last, language):
        return None
    old, new = ({language: one.texts[language]} for one in (first, last))
    for at, (before, after) in enumerate(pairwise(since), lacked):
        texts = before._replace(texts={**before.texts, **old}), after._replace(texts={**after.texts, **new})
        if not has_followed(*texts, language):
            return at
    return lacked


def _reads_the_same(before: Revision, after: Revision) -> bool:
    """Does the controlling text read as it did, be it the translation that it was before?"""
    return not reads_differently(before.texts.get(after.language, before.controlling), after.controlling)


def lagging(before: Revision | None, head: Revision) -> tuple[str, ...]:
    """Translations that did not follow from `before` to `head`, though the controlling text changed."""
    if before is None or before.language != head.language:
        return ()
    return tuple(
        language
        for language in sorted(before.texts.keys() & head.texts.keys() - {head.language})
        if not has_followed(before, head, language)
    )

"""Reasons as people read them: what changed is quoted once, with everything that it is about beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from notifier.significance import Reason


class QuotedChange(NamedTuple):
    """One change of words. `reason` is the weightiest that speaks of it."""

    reason: Reason
    topics: tuple[str, ...]
    """What it is about, the weightiest first; a rule's name where no topic is known."""
    bases: tuple[str, ...]

    @property
    def about(self) -> str:
        return ", ".join(self.topics)

    @property
    def basis(self) -> str:
        return "; ".join(self.bases)


def quoted_once(reasons: Iterable[Reason]) -> Iterator[QuotedChange]:
    """The reasons in their order, those of the same words put together."""
    found: dict[tuple[object, ...], list[Reason]] = {}
    for reason in reasons:
        words = (reason.changed_before, reason.changed_after, reason.before, reason.after)
        found.setdefault((reason.section, reason.paragraph, *words), []).append(reason)
    for same in found.values():
        topics = dict.fromkeys(reason.topic for reason in same if reason.topic) or {same[0].rule: None}
        bases = dict.fromkeys(part for reason in same if reason.basis for part in reason.basis.split("; "))
        yield QuotedChange(same[0], tuple(topics), tuple(bases))

"""What changed from one posted text to another: the reasons in plain words, then every change in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from notifier.core.classify import Significance
from notifier.core.comparison import Comparison, compare
from notifier.core.dateline import without_posted_date
from notifier.core.diff import Layer
from notifier.core.notice import Change
from notifier.render.html import draw_html
from notifier.render.letter import Point, entry
from notifier.render.pages.site import Edition
from notifier.render.pages.text import next_anchors

if TYPE_CHECKING:
    from notifier.render.pages.policy import PolicyPages

_MOST_POINTS, _MOST_LINKS = 40, 100
"""Reasons told in words; the redline itself has every change."""

NOTHING_BEFORE: Mapping[str, Any] = MappingProxyType(
    {"before": None, "points": [], "drawn": None, "has_moves": False, "is_coarse": False, "smaller": 0, "links": ()}
)
"""What the page of the first posting says about a change: there is none."""


def compared(pages: PolicyPages, before: int, after: int, address: str) -> dict[str, Any]:
    """All that a redline page says about two editions. The posted date is no part of what is compared."""
    texts = [without_posted_date(pages.editions[index].text.text, language=pages.language) for index in (before, after)]
    comparison = compare(*texts, language=pages.language)
    anchors = next_anchors(pages.anchors[after], texts[1]).ids
    drawn = draw_html(comparison.redline, spoken=pages.voice.spoken, anchors=anchors, level_shift=2)
    body = pages.desk.relinked(drawn.body, address, pages.editions[after].text.path)
    return {
        "before": pages.linked(before),
        "points": list(_points(pages, comparison, pages.editions[after])),
        "drawn": replace(drawn, body=body),
        "has_moves": bool(comparison.redline.moves),
        "smaller": sum(edit.layer is not Layer.WORDS for edit in comparison.redline.diff.edits),
        "links": tuple(_links(comparison))[:_MOST_LINKS],
        "is_coarse": comparison.redline.diff.budget_reached,
    }


def _links(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """Where links led, and where they lead now."""
    for edit in comparison.redline.diff.edits:
        if edit.layer is Layer.LINKS:
            yield edit.before.text.strip("[](): "), edit.after.text.strip("[](): ")


def _points(pages: PolicyPages, comparison: Comparison, edition: Edition) -> Iterator[dict[str, Any]]:
    """The reasons by section, each with a heading in plain words."""
    if comparison.significance is Significance.MINOR:
        return
    change = Change(
        policy_id=edition.posting.policy_id,
        title=edition.text.title,
        language=pages.language,
        is_fallback=False,
        posted_on=edition.posting.posted_on,
        effective_on=edition.posting.effective_on,
        summary=None,
        reasons=comparison.reasons,
        redline_url="",
        text_url="",
    )
    for point in entry(change, most=_MOST_POINTS, hosts=frozenset()).points:
        heading = _heading(point, [pages.voice.topics.get(topic, topic) for topic in point.topics[:4]])
        yield {"heading": heading, "wordings": point.wordings}


def _heading(point: Point, topics: Sequence[str]) -> str:
    about = ", ".join(topics)
    return f"{point.section}: {about}" if point.section else about[:1].upper() + about[1:]

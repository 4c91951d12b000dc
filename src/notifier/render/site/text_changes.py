"""What changed from one posted text to another: the reasons in plain words, then every change in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from notifier.diff import Layer, Passage, diff
from notifier.diff.redline import Redline, draw
from notifier.notice.message import PolicyUpdate
from notifier.render.message.content import Point, update_content
from notifier.render.message.unjudged import reasons_to_quote
from notifier.render.redline.annotations import is_drawn
from notifier.render.redline.html import DrawnRedline, draw_html
from notifier.render.site.anchors import Anchors, next_anchors, written_anchors
from notifier.render.site.editions import Edition
from notifier.render.site.policy_body import unbroken
from notifier.render.site.translations import Translation
from notifier.significance import Significance
from notifier.text.compared_text import compared_text, own_days
from notifier.text.markdown import parse

_MOST_POINTS, _MOST_LINKS = 40, 100
"""Reasons told in words; the redline itself has every change."""

_AROUND_ADDRESS = frozenset(' \t\r\n()<>"')

NOTHING_BEFORE: Mapping[str, Any] = MappingProxyType(
    {"points": [], "drawn": None, "has_moves": False, "is_coarse": False, "smaller": 0, "links": ()}
)
"""What the page of the first posting says about a change: there is none."""


def compared(
    before: Edition,
    after: Edition,
    *,
    anchors: Anchors,
    translation: Translation,
    language: str,
    links: Callable[[Mapping[str, str]], Callable[[str], str]],
    has_reasons: bool,
) -> dict[str, Any]:
    """All that a redline page says about two editions.

    `anchors` are those of the later one, `language` is that of both; `links` says where links lead, given what they
    may call the headings.
    """
    texts = [compared_text(edition.text.text, language=language) for edition in (before, after)]
    days = own_days(before.text.text, after.text.text, language=language)
    redline = draw(diff(*map(parse, texts)), days=days)
    document = redline.diff.after
    own = next_anchors(anchors, document)
    href = links(written_anchors(document, own))
    drawn = draw_html(redline, labels=translation.labels, anchors=own.ids, href=href, level_shift=2)
    return {
        "points": list(_points(redline, drawn, after, translation, language)) if has_reasons else [],
        "drawn": replace(drawn, body=unbroken(drawn.body)),
        "has_moves": bool(redline.moves),
        "smaller": sum(not is_drawn(edit) for edit in redline.diff.edits),
        "links": tuple(_links(redline))[:_MOST_LINKS],
        "is_coarse": redline.diff.budget_reached,
    }


def _links(redline: Redline) -> Iterator[tuple[str, str]]:
    """Where links led, and where they lead now; each once, in order."""
    before, after = redline.diff.before.text, redline.diff.after.text
    edits = (edit for edit in redline.diff.edits if edit.layer is Layer.LINKS and not is_drawn(edit))
    yield from dict.fromkeys((_address(before, edit.before), _address(after, edit.after)) for edit in edits)


def _address(text: str, passage: Passage) -> str:
    """The whole link target around a change in it."""
    if not passage.text:
        return ""
    bare = passage.text.lstrip("[](").rstrip("[]()")
    start = passage.end - len(passage.text.lstrip("[]("))
    end = start + len(bare)
    while start and text[start - 1] not in _AROUND_ADDRESS:
        start -= 1
    while end < len(text) and text[end] not in _AROUND_ADDRESS:
        end += 1
    return text[start:end]


def _points(
    redline: Redline, drawn: DrawnRedline, edition: Edition, translation: Translation, language: str
) -> Iterator[dict[str, Any]]:
    """The reasons by section, each with a heading in plain words that leads to the first change they speak of."""
    from notifier.significance.classifier import classify

    verdict = classify(redline.diff, language=language)
    if verdict.significance is Significance.MINOR:
        return
    change = PolicyUpdate(
        policy_id=edition.posting.policy_id,
        title=edition.text.title,
        language=language,
        is_fallback=False,
        posted_on=edition.posting.posted_on,
        effective_on=edition.posting.effective_on,
        summary=None,
        reasons=reasons_to_quote(verdict.reasons, redline, language),
        redline_url="",
        text_url="",
    )
    for point in update_content(change, most=_MOST_POINTS, hosts=frozenset()).points:
        about = _about(point, translation)
        heading = f"{point.section}: {about}" if point.section else about
        about = about[:1].upper() + about[1:]
        place = drawn.change_at(point.line, is_new=not point.is_gone)
        said = {"heading": heading, "section": point.section, "about": about if point.has_topic else ""}
        yield {**said, "place": place, "wordings": point.wordings}


def _about(point: Point, translation: Translation) -> str:
    return ", ".join(translation.topics.get(topic, topic) for topic in point.topics[:4])

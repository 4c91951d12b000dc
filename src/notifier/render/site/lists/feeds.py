"""What changed, for programs that follow it: Atom and JSON feeds, and a calendar of the days on which texts bind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from notifier.policy.posting import Posting
from notifier.policy.translations.left_behind import left_behind
from notifier.render.localised import language_name
from notifier.render.site.context import SiteContext, addresses_of
from notifier.render.site.editions import Edition, languages
from notifier.render.site.lists.calendar import Event, calendar
from notifier.render.site.policy_pages import PolicyPages
from notifier.render.templates import render
from notifier.significance import Significance

FEED_LENGTH = 200
"""Entries in a feed, the newest; `index.json` has them all."""
_JSON_FEED = "https://jsonfeed.org/version/1.1"


class Feed(NamedTuple):
    """One feed: its title, where it stands, the page that it is about, and the postings in it."""

    title: str
    language: str
    home: str
    pages: Sequence[PolicyPages]
    is_of_told: bool = False
    """Only of what customers are told of."""

    is_of_one: bool = False
    """Of one policy in one language: it says, too, what a translation lacks."""


def feed_files(context: SiteContext, pages: Sequence[PolicyPages]) -> Iterator[tuple[str, str]]:
    """The feeds and the calendar of all policies, with their addresses."""
    words = context.translation(context.site.language).words
    title, language = context.site.title, context.site.language
    everything = Feed(f"{title}: {words['feed_all']}", language, "", pages)
    yield "feed.xml", atom(context, everything, "feed.xml")
    yield "feed.json", json_feed(context, everything, "feed.json")
    significant = Feed(f"{title}: {words['feed_significant']}", language, "", pages, is_of_told=True)
    yield "significant.xml", atom(context, significant, "significant.xml")
    yield "effective.ics", calendar(f"{title}: {words['calendar']}", _events(context, pages))


def policy_feed_files(page: PolicyPages) -> Iterator[tuple[str, str]]:
    """The feeds of one policy in one language, with their addresses."""
    name = page.translation.says("feed_policy", title=page.editions[page.current].text.title)
    feed = Feed(name, page.language, page.addresses.folder, (page,), is_of_one=True)
    yield page.addresses.feed, atom(page.context, feed, page.addresses.feed)
    yield page.addresses.json_feed, json_feed(page.context, feed, page.addresses.json_feed)


def atom(context: SiteContext, feed: Feed, address: str) -> str:
    """An Atom feed (RFC 4287); each entry leads to the page that shows the change to people."""
    translation = context.translation(feed.language)
    entries = _entries(context, feed)
    days = [edition.posting.posted_on for page in feed.pages for edition in page.editions]
    newest = entries[0]["posted_at"] if entries else _midnight(max(days, default=context.site.today))
    said: dict[str, Any] = {
        "site": context.site,
        "t": translation.words,
        "title": feed.title,
        "feed_id": _tag(context, address, min(days, default=context.site.today).year),
        "updated": newest,
        "self_link": context.absolute(address),
        "home_link": context.absolute(feed.home),
        "entries": entries[:FEED_LENGTH],
    }
    return render(context.environment, "pages/feed.xml.j2", said)


def json_feed(context: SiteContext, feed: Feed, address: str) -> str:
    """The same as JSON Feed 1.1. Its own addresses are named only where the public one is configured."""
    entries = _entries(context, feed)[:FEED_LENGTH]
    where = {"home_page_url": context.absolute(feed.home), "feed_url": context.absolute(address)}
    told = {
        "version": _JSON_FEED,
        "title": feed.title,
        **(where if context.site.url else {}),
        "language": feed.language,
        "items": [
            {
                "id": entry["id"],
                "url": entry["link"],
                "title": entry["title"],
                "content_text": entry["summary"],
                "date_published": entry["posted_at"],
                "tags": [entry["significance"]],
            }
            for entry in entries
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _entries(context: SiteContext, feed: Feed) -> list[dict[str, str]]:
    """The postings in it, newest first."""
    found = [
        (edition.posting, _entry(context, page, index, edition))
        for page in feed.pages
        for index, edition in enumerate(page.editions)
        if not feed.is_of_told or _is_told(edition.posting)
    ]
    lacked = [one for page in feed.pages for one in _lacked(context, page)] if feed.is_of_one else []
    ordered = sorted([*found, *lacked], key=lambda one: (one[0].posted_on, one[0].tag), reverse=True)
    return [entry for _, entry in ordered]


def _lacked(context: SiteContext, page: PolicyPages) -> Iterator[tuple[Posting, dict[str, str]]]:
    """What the controlling text has and this translation lacks: who follows the translation alone hears of it, too."""
    controlling = page.history.postings[-1].revision.language
    changes = addresses_of(page.history)[controlling]
    lacked, is_gone = (page.behind.lacked, page.behind.is_gone) if page.behind else ((), False)
    for posting in (one for one in lacked if not one.restores and not page.withdrawn_by(one)):
        entry = {
            "id": _tag(context, _named(page, posting), posting.posted_on.year),
            "title": f"{page.editions[-1].text.title}: {page.named(posting)}",
            "posted_at": _midnight(posting.posted_on),
            "link": context.absolute(changes.folder if is_gone else changes.change(posting.version)),
            "significance": posting.significance.value,
            "summary": page.lacks(posting),
        }
        yield posting, entry


def _entry(context: SiteContext, page: PolicyPages, index: int, edition: Edition) -> dict[str, str]:
    posting = edition.posting
    address = page.addresses.change(edition.version) if index else page.addresses.version(edition.version)
    return {
        "id": _tag(context, _named(page, posting), posting.posted_on.year),
        "title": f"{edition.text.title}: {page.named(posting)}",
        "posted_at": _midnight(posting.posted_on),
        "link": context.absolute(address),
        "significance": edition.significance.value,
        "summary": _joined(_summary(page, index, edition), _untranslated(page, edition)),
    }


def _joined(said: str, more: str) -> str:
    """As two sentences."""
    return f"{said}{'' if said.endswith(('.', '!', '?', '。', ')')) else '.'} {more}" if more else said


def _summary(page: PolicyPages, index: int, edition: Edition) -> str:
    said = page.summary(edition.posting)
    if said and page.timeline.period(index).is_empty:
        return f"{said} ({page.status(index)})"
    return said or (page.status(index) if index else page.translation.words["first_posting"])


def _untranslated(page: PolicyPages, edition: Edition) -> str:
    """Of the controlling text: the languages that do not have this change yet."""
    lacking = []
    for language in languages(page.history)[1:] if not page.addresses.prefix else ():
        behind = left_behind(page.history.postings, language)
        if behind and not behind.is_gone and behind.since.posted_on <= edition.posting.posted_on:
            lacking.append(language_name(language, page.translation.language))
    return page.translation.says("not_translated", languages=", ".join(lacking)) if lacking else ""


def _events(context: SiteContext, pages: Sequence[PolicyPages]) -> Iterator[Event]:
    """The days on which a text that customers are told of comes into force, or a policy ends; what stays in force comes
    on no day.

    A day may only move to a later one, so that the days until it count how often it was changed; one that does not come
    any more is changed once more.
    """
    for page in pages:
        for index, edition in enumerate(page.editions):
            posting = edition.posting
            if not _is_told(posting) or posting.restores:
                continue
            day, is_end = _day_of(page, posting)
            undone_by = _undone_by(page, index, day, is_end=is_end)
            title, comes = edition.text.title, page.translation.says("comes_into_force", title=edition.text.title)
            yield Event(
                uid=_tag(context, _named(page, posting), posting.posted_on.year),
                made_on=undone_by.posted_on if undone_by else posting.posted_on,
                day=day,
                title=f"{title}: {page.dates.ending(day)}" if is_end else comes,
                text=page.summary(posting),
                url=context.absolute(page.addresses.change(edition.version)) if context.site.url else "",
                sequence=max((day - posting.posted_on).days, 0) + bool(undone_by),
                is_cancelled=bool(undone_by),
            )


def _day_of(page: PolicyPages, posting: Posting) -> tuple[date, bool]:
    """The day that was told, and whether the policy ends on it."""
    ends = page.history.ends.get(posting.tag)
    ends = page.history.retired_on if posting.tag == page.history.ended_by else ends
    return ends or posting.effective_on, ends is not None


def _undone_by(page: PolicyPages, index: int, day: date, *, is_end: bool) -> Posting | None:
    """The later posting by which that day does not come; None where it comes or came."""
    later = page.timeline.postings[index + 1 :]
    if is_end:
        return next((one for one in later[:1] if one.effective_on < day), None)
    return None if page.timeline.comes(index) else page.withdrawn_by(page.editions[index].posting) or later[0]


def _is_told(posting: Posting) -> bool:
    """Are customers told of it? Of a policy that was there already they are not, of a new one where it says so."""
    return posting.is_announced or (posting.significance is Significance.SIGNIFICANT and not posting.is_adoption)


def _named(page: PolicyPages, posting: Posting) -> str:
    """By the name that the policy had then: a rename makes no old entry a new one."""
    return f"{page.addresses.prefix}{posting.name}/{posting.version}"


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _tag(context: SiteContext, name: str, year: int) -> str:
    """An id that never changes (RFC 4151)."""
    return f"tag:{urlsplit(context.site.url).hostname or 'localhost'},{year}:{name}"

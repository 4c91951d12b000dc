"""Atom feeds of postings: all of them, and the significant ones alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from notifier.render.site.context import SiteContext
from notifier.render.site.editions import Edition
from notifier.render.site.policy_pages import PolicyPages
from notifier.render.templates import render
from notifier.significance import Significance

FEED_LENGTH = 200
"""Entries in a feed, the newest; `index.json` has them all."""


def feed_files(context: SiteContext, pages: Sequence[PolicyPages]) -> Iterator[tuple[str, str]]:
    """The feeds with their addresses."""
    yield "feed.xml", feed(context, pages, "feed.xml")
    yield "significant.xml", feed(context, pages, "significant.xml", only=Significance.SIGNIFICANT)


def feed(context: SiteContext, pages: Sequence[PolicyPages], address: str, *, only: Significance | None = None) -> str:
    """An Atom feed of postings, newest first; each entry leads to the page that shows the change to people."""
    found = [
        (page, index, edition)
        for page in pages
        for index, edition in enumerate(page.editions)
        if only is None or (edition.posting.significance is only and not edition.posting.is_adoption)
    ]
    found.sort(key=lambda one: (one[2].posting.posted_on, one[2].posting.tag), reverse=True)
    translation = context.translation(context.site.language)
    newest = max((edition.posting.posted_on for _, _, edition in found), default=context.site.today)
    oldest = min((edition.posting.posted_on for page in pages for edition in page.editions), default=context.site.today)
    name = translation.words["feed_significant" if only else "feed_all"]
    said: dict[str, Any] = {
        "site": context.site,
        "t": translation.words,
        "title": f"{context.site.title}: {name}",
        "feed_id": _tag(context, address, oldest.year),
        "updated": f"{newest.isoformat()}T00:00:00Z",
        "self_link": context.absolute(address),
        "home_link": context.absolute(""),
        "entries": [_entry(context, *one) for one in found[:FEED_LENGTH]],
    }
    return render(context.environment, context.templates, "pages/feed.xml.j2", said)


def _entry(context: SiteContext, page: PolicyPages, index: int, edition: Edition) -> dict[str, str]:
    posting = edition.posting
    date = page.day_of(edition)
    address = page.addresses.change(edition.version) if index else page.addresses.version(edition.version)
    return {
        "id": _tag(context, f"{page.addresses.folder}{edition.version}", posting.posted_on.year),
        "title": f"{edition.text.title}: {page.translation.says('changes_title', date=date)}",
        "posted_at": f"{posting.posted_on.isoformat()}T00:00:00Z",
        "link": context.absolute(address),
        "significance": posting.significance.value,
        "summary": posting.summary or (page.status(index) if index else page.translation.words["first_posting"]),
    }


def _tag(context: SiteContext, name: str, year: int) -> str:
    """An id that never changes (RFC 4151)."""
    return f"tag:{urlsplit(context.site.url).hostname or 'localhost'},{year}:{name}"

"""What lists all policies: the first page of each language, the Atom feeds, and `index.json` for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from notifier.render.site.context import SiteContext
from notifier.render.site.editions import Edition, in_force, waiting
from notifier.render.site.policy_pages import PolicyPages
from notifier.render.templates import render
from notifier.significance import Significance

FEED_LENGTH = 200
"""Entries in a feed, the newest; `index.json` has them all."""
SCHEMA = 1
"""The version of `index.json`; within one, keys are only added (docs/index.schema.json)."""


def list_files(context: SiteContext, pages: Sequence[PolicyPages]) -> Iterator[tuple[str, str]]:
    """The lists with their addresses. `pages` are all policies in all their languages."""
    own = [page for page in pages if not page.addresses.prefix]
    yield "feed.xml", feed(context, own, "feed.xml")
    yield "significant.xml", feed(context, own, "significant.xml", only=Significance.SIGNIFICANT)
    yield "index.json", index_json(context, pages)
    prefixes = {"": context.site.language} | {
        page.addresses.prefix: page.language for page in pages if page.addresses.prefix
    }
    others = {language: prefix for prefix, language in prefixes.items()}
    for prefix, language in prefixes.items():
        cards = [page.card() for page in pages if page.addresses.prefix == prefix]
        yield (
            prefix,
            context.page(
                "site.html.j2",
                prefix,
                language=language,
                title=context.site.title,
                others=others,
                home=prefix,
                cards=cards,
            ),
        )


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
        "self": context.absolute(address),
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


def index_json(context: SiteContext, pages: Sequence[PolicyPages]) -> str:
    """Everything that was ever posted, for programs."""
    told = {
        "schema": SCHEMA,
        "title": context.site.title,
        "url": context.site.url or None,
        "policies": [_policy(context, page) for page in sorted(pages, key=lambda page: page.addresses.folder)],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _policy(context: SiteContext, page: PolicyPages) -> dict[str, Any]:
    current = in_force(page.postings, context.site.today)
    coming = waiting(page.postings, context.site.today)
    return {
        "id": page.history.policy_id,
        "language": page.language,
        "is_translation": bool(page.addresses.prefix),
        "title": page.editions[page.current].text.title,
        "page": page.addresses.folder,
        "changes": page.addresses.changes,
        "in_force": None if current is None else page.editions[current].version,
        "waiting": None if coming is None else page.editions[coming].version,
        "postings": [_posting(page, index, edition) for index, edition in enumerate(page.editions)],
    }


def _posting(page: PolicyPages, index: int, edition: Edition) -> dict[str, Any]:
    posting = edition.posting
    return {
        "version": edition.version,
        "posted_on": posting.posted_on.isoformat(),
        "effective_on": posting.effective_on.isoformat(),
        "significance": posting.significance.value,
        "is_adoption": posting.is_adoption,
        "summary": posting.summary,
        "revision": posting.commit_id,
        "page": page.addresses.version(edition.version),
        "change": page.addresses.change(edition.version) if index else None,
        "markdown": page.addresses.source(edition.version),
        "text": page.addresses.plain(edition.version),
    }

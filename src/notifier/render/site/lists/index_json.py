"""What lists all policies: the first page of each language, and `index.json` for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from notifier.render.localised import language_name
from notifier.render.site.context import SiteContext
from notifier.render.site.days import redirects
from notifier.render.site.editions import Edition
from notifier.render.site.lists.cards import card_of
from notifier.render.site.lists.feeds import feed_files
from notifier.render.site.policy_pages import PolicyPages

SCHEMA = 1
"""The version of `index.json`; within one, keys are only added (docs/index.schema.json)."""


def list_files(context: SiteContext, pages: Sequence[PolicyPages]) -> Iterator[tuple[str, str]]:
    """The lists with their addresses. `pages` are all policies in all their languages."""
    yield from feed_files(context, [page for page in pages if not page.addresses.prefix])
    yield "_redirects", redirects(context, pages)
    yield "index.json", index_json(context, pages)
    prefixes = {"": context.site.language} | {
        page.addresses.prefix: page.language for page in pages if page.addresses.prefix
    }
    others = {language: prefix for prefix, language in prefixes.items()}
    for prefix, language in prefixes.items():
        own = [page for page in pages if page.addresses.prefix == prefix]
        here = {page.history.policy_id for page in own}
        others_too = (page for page in pages if not page.addresses.prefix and page.history.policy_id not in here)
        words = context.translation(language)
        yield (
            prefix,
            context.page(
                "site.html.j2",
                prefix,
                language=language,
                title=context.site.title,
                others=others,
                home=prefix,
                cards=[card_of(page, words) for page in own],
                elsewhere=[
                    (card_of(page, words), page.language, language_name(page.language, words.language))
                    for page in others_too
                ],
            ),
        )


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
    retired_on, today = page.history.retired_on, context.site.today
    current = None if retired_on and retired_on <= today else page.timeline.in_force(today)
    coming = page.timeline.pending(context.site.today)
    return {
        "id": page.history.policy_id,
        "language": page.language,
        "is_translation": bool(page.addresses.prefix),
        "title": page.editions[page.current].text.title,
        "page": page.addresses.folder,
        "changes": page.addresses.changes,
        "in_force": None if current is None else page.editions[current].version,
        "behind": _behind(page),
        "retired_on": page.history.retired_on.isoformat() if page.history.retired_on else None,
        "waiting": None if coming is None else page.editions[coming].version,
        "postings": [_posting(page, index, edition) for index, edition in enumerate(page.editions)],
    }


def _behind(page: PolicyPages) -> dict[str, Any] | None:
    """Since when the controlling text has gone on without this translation, and where it stands."""
    behind = page.behind
    if behind is None:
        return None
    return {
        "since": behind.since.posted_on.isoformat(),
        "effective_on": behind.since.effective_on.isoformat(),
        "version": behind.since.version,
        "significance": "significant" if behind.is_significant else "minor",
        "is_kept": not behind.is_gone,
        "page": f"{page.history.policy_id}/",
    }


def _posting(page: PolicyPages, index: int, edition: Edition) -> dict[str, Any]:
    posting, withdrawn = edition.posting, page.withdrawn_by(edition.posting)
    return {
        "version": edition.version,
        "posted_on": posting.posted_on.isoformat(),
        "effective_on": posting.effective_on.isoformat(),
        "significance": edition.significance.value,
        "is_adoption": posting.is_adoption,
        "in_force": _in_force(page, index),
        "translates": edition.translates.version if edition.translates else None,
        "withdrawn_on": withdrawn.posted_on.isoformat() if withdrawn else None,
        "summary": page.summary(posting) or None,
        "revision": posting.commit_id,
        "page": page.addresses.version(edition.version),
        "change": page.addresses.change(edition.version) if index else None,
        "markdown": page.addresses.source(edition.version),
        "text": page.addresses.plain(edition.version),
    }


def _in_force(page: PolicyPages, index: int) -> dict[str, str | None] | None:
    """The days on which the text binds, as they stand; null where it never does."""
    days = page.dates.period(index)
    if days.is_empty:
        return None
    return {"from": days.start.isoformat(), "until": days.until.isoformat() if days.until else None}

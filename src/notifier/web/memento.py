"""A policy's page through time (RFC 7089): which text it showed when, and what a question for another day gets.

The page of a policy shows the text in force, and so it is its own TimeGate: with `Accept-Datetime` it leads to the text
that was in force then. Each permanent page whose text has come into force is a Memento of it, from the day it did.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from notifier.render.site.page_addresses import absolute, relative

TIMEMAP = "timemap.link"
ASKED = "accept-datetime"
HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT")
MALFORMED = "Accept-Datetime: expected a date such as Thu, 31 May 2007 20:35:00 GMT\n"


@dataclass(frozen=True, slots=True)
class Memento:
    """One text of a policy at its permanent address, and since when it was in force."""

    page: str
    since: datetime

    @property
    def stamp(self) -> str:
        return format_datetime(self.since, usegmt=True)


@dataclass(frozen=True, slots=True)
class PageHistory:
    """The page of one policy in one language."""

    page: str
    """Its folder, such as `de/privacy/`."""
    url: str
    """Of the whole site, empty where none is configured."""
    mementos: tuple[Memento, ...]
    """Oldest first."""

    def at(self, asked: datetime) -> Memento | None:
        """The text in force then; the first for what was before it (RFC 7089 §4.5.3)."""
        before = [one for one in self.mementos if one.since <= asked]
        return before[-1] if before else next(iter(self.mementos), None)

    def links(self, source: str) -> str:
        """The `Link` header of a page at `source`."""
        parts = [
            f'<{relative(source, self.page)}>; rel="original timegate"',
            f'<{relative(source, self.page + TIMEMAP)}>; rel="timemap"; type="application/link-format"',
        ]
        if self.mementos:
            ends = {self.mementos[0]: ["first"]}
            ends.setdefault(self.mementos[-1], []).append("last")
            for one, words in ends.items():
                rel = " ".join([*words, "memento"])
                parts.append(f'<{relative(source, one.page)}>; rel="{rel}"; datetime="{one.stamp}"')
        return ", ".join(parts)

    def timemap(self) -> str:
        """Every Memento, as application/link-format."""
        span = f'; from="{self.mementos[0].stamp}"; until="{self.mementos[-1].stamp}"' if self.mementos else ""
        lines = [
            f'<{self._absolute(self.page)}>; rel="original timegate"',
            f'<{self._absolute(self.page + TIMEMAP)}>; rel="self"; type="application/link-format"{span}',
        ]
        last = len(self.mementos) - 1
        for place, one in enumerate(self.mementos):
            rel = " ".join([*(["first"] if not place else []), *(["last"] if place == last else []), "memento"])
            lines.append(f'<{self._absolute(one.page)}>; rel="{rel}"; datetime="{one.stamp}"')
        return ",\n".join(lines) + "\n"

    def _absolute(self, address: str) -> str:
        return absolute(self.url, address) if self.url else relative(self.page, address)


def read_histories(out: Path, zone: tzinfo, today: date) -> Mapping[str, PageHistory]:
    """By folder, from the `index.json` that was published."""
    try:
        told = json.loads((out / "index.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return {one["page"]: _history(one, told["url"] or "", zone, today) for one in told["policies"]}


def _history(policy: Mapping[str, Any], url: str, zone: tzinfo, today: date) -> PageHistory:
    return PageHistory(policy["page"], url, tuple(sorted(_mementos(policy, zone, today), key=lambda one: one.since)))


def _mementos(policy: Mapping[str, Any], zone: tzinfo, today: date) -> Iterator[Memento]:
    for posting in policy["postings"]:
        days = posting["in_force"]
        if days and (start := date.fromisoformat(days["from"])) <= today:
            yield Memento(posting["page"], datetime.combine(start, time(), zone).astimezone(UTC))


def lead_to_day(request: Request, history: PageHistory) -> Response | None:
    """The answer of a TimeGate; None where no day was asked for."""
    asked = request.headers.get(ASKED)
    if asked is None:
        return None
    try:
        moment = parsedate_to_datetime(asked) if HTTP_DATE.fullmatch(asked.strip()) else None
    except ValueError:
        moment = None
    if moment is None:
        return PlainTextResponse(MALFORMED, 400, {"Vary": "Accept-Datetime", "Link": history.links(history.page)})
    found = history.at(moment)
    if found is None:
        return None
    headers = {"Vary": "Accept-Datetime", "Link": history.links(history.page), "Cache-Control": "public, no-cache"}
    return Response(b"", 302, {**headers, "Location": relative(history.page, found.page)})


def memento_headers(history: PageHistory, address: str, out: Path) -> dict[str, str]:
    """What a permanent page says of itself: of which page it is a Memento since when, and the hash of its text."""
    headers = {"Link": history.links(address)}
    since = next((one.stamp for one in history.mementos if one.page == address), None)
    if since is not None:
        headers["Memento-Datetime"] = since
    try:
        source = out / f"{address.rstrip('/')}.md"
        page = out / address / "index.html"
        headers["ETag"] = f'W/"{hashlib.sha256(source.read_bytes()).hexdigest()}"'
        changed_at = datetime.fromtimestamp(int(page.stat().st_mtime), UTC)
        headers["Last-Modified"] = format_datetime(changed_at, usegmt=True)
    except OSError:
        pass
    return headers

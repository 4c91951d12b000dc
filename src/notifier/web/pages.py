"""The posted pages over HTTP: the published files, and what only a server can answer.

Beside the files: `/<policy>/compare/<version>..<version>/` for any two, `/<policy>/at/<date>/`, and what a page was on
other days (`memento`). An address leads
to a file that the manifest lists or to nothing: names that begin with a dot, climb, or are written oddly get 404.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, tzinfo
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from notifier.errors import Refused
from notifier.render.site.context import context_for
from notifier.render.site.days import days_page
from notifier.render.site.editions import Site, languages
from notifier.render.site.output import MANIFEST, Manifest, read_manifest
from notifier.render.site.page_addresses import relative
from notifier.render.site.policy_pages import PolicyPages
from notifier.structured_log import tell_exception
from notifier.web.answers import TYPES, answer, keeping, try_later
from notifier.web.memento import TIMEMAP, lead_to_day, memento_headers, read_histories

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from notifier.config import Config

_TITLE = re.compile(r"<title>(.+?)(?: – [^<]*)?</title>")
_ODD = re.compile(r"[\x00-\x1f\x7f\\]|//|(?:^|/)\.")
_COMPARE = re.compile(r"(?P<folder>.+/)compare/(?P<before>[\d.-]+?)\.\.(?P<after>\d[\d.-]*)/\Z")
_ON = re.compile(r"on=\d{4}-\d{2}-\d{2}")
"""What the form on the page of days asks."""
_AT = re.compile(r"(?P<folder>.+/)at/(?P<day>\d{4}-\d{2}-\d{2})/\Z")
_TEXT = re.compile(r"(?P<folder>.+/)\d{4}-\d{2}-\d{2}(?:\.\d+)?/")
_REVALIDATE = "public, no-cache"
THREADS = 16
"""Pages made or read at the same time; events have threads of their own."""
LONGEST_ADDRESS = 1_000
"""Characters; no page has an address as long. What is longer is answered before anything looks at it."""


class Pages:
    """An ASGI application over one folder of published pages.

    `load` reads everything ever posted; it is called when the folder was published anew since the last call.
    """

    def __init__(
        self,
        out: Path,
        *,
        load: Callable[[], Site],
        templates: Path,
        today: Callable[[], date],
        zone: tzinfo = UTC,
    ) -> None:
        self._out, self._load, self._templates, self._today = out.resolve(), load, templates, today
        self._drawn = lru_cache(maxsize=256)(self._draw)
        self._site = lru_cache(maxsize=1)(lambda _published: self._load())
        self._histories = lru_cache(maxsize=2)(lambda _published, today: read_histories(self._out, zone, today))
        self._threads = CapacityLimiter(THREADS)
        self._listed = lru_cache(maxsize=1)(lambda _published: _listed(read_manifest(self._out)))
        self._moved = lru_cache(maxsize=1)(lambda _published: read_manifest(self._out).moved)
        self._gone = lru_cache(maxsize=1)(lambda _published: frozenset(read_manifest(self._out).gone))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        if request.method not in ("GET", "HEAD"):
            response: Response = PlainTextResponse("only GET and HEAD\n", 405, {"Allow": "GET, HEAD"})
        else:
            response = await to_thread.run_sync(self._respond, request, limiter=self._threads)
        await response(scope, receive, send)

    def _respond(self, request: Request) -> Response:
        try:
            return self.respond(request)
        except Refused:
            tell_exception("page.failed", "a page could not be made")
            return try_later("This page cannot be made right now.", seconds=60)

    def site(self) -> Site:
        """Everything ever posted, as the folder was last published."""
        return self._site(self._published())

    def respond(self, request: Request) -> Response:
        """The answer to a GET or HEAD request."""
        path = request.scope["path"].removeprefix("/")
        if len(path) > LONGEST_ADDRESS or _ODD.search(path) or b"%2f" in request.scope.get("raw_path", b"").lower():
            return self._missing(request, "")
        name = f"{path}index.html" if path.endswith("/") or not path else path
        moved = self._moved(self._published()).get(name) or self._moved_folder(path)
        if moved is not None:
            return RedirectResponse(relative(path, moved), 301)
        content = self._file(name)
        if content is not None and _ON.fullmatch(request.url.query) and path.endswith("/at/"):
            return RedirectResponse(f"./{request.url.query.removeprefix('on=')}/", 303)
        if content is not None:
            return self._kept(request, path, name, content)
        if not path.endswith("/") and self._is_page(f"{path}/"):
            return RedirectResponse(f"./{quote(path.rpartition('/')[2])}/", 308)
        return self._made(request, path) or self._missing(request, path)

    def _kept(self, request: Request, path: str, name: str, content: bytes) -> Response:
        """A published file; a policy's page leads to other days, a permanent one bears the hash of its text."""
        histories = self._histories(self._published(), self._today())
        history, text = histories.get(path), _TEXT.fullmatch(path)
        more: dict[str, str] = {}
        if history is not None:
            led = lead_to_day(request, history)
            if led is not None:
                return led
            more = {"Link": history.links(path), "Vary": "Accept-Encoding, Accept-Datetime"}
        elif text and text["folder"] in histories:
            more = memento_headers(histories[text["folder"]], path, self._out)
        return answer(request, content, _kind(name), keep=keeping(name), more=more)

    def _moved_folder(self, path: str) -> str | None:
        """Where what only a server can answer stands today, of a policy that was renamed."""
        match = _COMPARE.match(path) or _AT.match(path)
        moved = self._moved(self._published()).get(f"{match['folder']}index.html") if match else None
        return f"{moved}{path.removeprefix(match['folder'])}" if moved and match else None

    def _file(self, name: str) -> bytes | None:
        """A published file: one that the manifest lists, and no link out of the folder put in its place."""
        if name not in self._listed(self._published()):
            return None
        path = self._out / name
        try:
            return path.read_bytes() if path.resolve().is_relative_to(self._out) else None
        except OSError:
            return None

    def _is_page(self, path: str) -> bool:
        return self._file(f"{path}index.html") is not None or bool(_COMPARE.match(path) or _AT.match(path))

    # what only a server can answer

    def _published(self) -> int:
        try:
            return (self._out / MANIFEST).stat().st_mtime_ns
        except OSError:
            return 0

    def _made(self, request: Request, path: str) -> Response | None:
        folder, _, name = path.rpartition("/")
        history = self._histories(self._published(), self._today()).get(f"{folder}/") if name == TIMEMAP else None
        if history is not None:
            return answer(request, history.timemap().encode(), "link", keep=_REVALIDATE)
        html = self._drawn(path, self._published(), self._today())
        return None if html is None else answer(request, html, "html", keep=_REVALIDATE)

    def _draw(self, path: str, published: int, today: date) -> bytes | None:
        comparison, day = _COMPARE.match(path), _AT.match(path)
        match = comparison or day
        if match is None:
            return None
        pages = next(
            (found for found in self._policies(published, today) if found.addresses.folder == match["folder"]), None
        )
        if pages is None:
            return None
        html = _compared(pages, comparison, path) if comparison else _on_day(pages, match["day"], path)
        return None if html is None else html.encode()

    def _policies(self, published: int, today: date) -> Iterator[PolicyPages]:
        site = replace(self._site(published), today=today)
        context = context_for(site, self._templates)
        for history in site.policies:
            for language in languages(history):
                yield PolicyPages(context, history, language)

    def _missing(self, request: Request, path: str) -> Response:
        """404, or 410 for what was once published, with where to go from there."""
        name = f"{path}index.html" if path.endswith("/") else path
        is_gone = name in self._gone(self._published()) or f"{name}/index.html" in self._gone(self._published())
        html = self._missing_page(path, is_gone=is_gone).encode()
        return answer(request, html, "html", keep="no-store", status=410 if is_gone else 404)

    def _missing_page(self, path: str, *, is_gone: bool) -> str:
        site = replace(self._site(self._published()), today=self._today(), policies=())
        context = context_for(site, self._templates)
        head = path.partition("/")[0]
        is_language = 2 <= len(head) <= 3 and self._file(f"{head}/index.html") is not None
        language = head if is_language else site.language
        words = context.translation(language).words
        return context.page(
            "missing.html.j2",
            path,
            language=language,
            title=words["gone_title" if is_gone else "not_found"],
            others={},
            explanation=words["gone_page_text" if is_gone else "not_found_text"],
            nearby=list(self._near(path, words["home"])),
        )

    def _near(self, path: str, home: str) -> Iterator[dict[str, str]]:
        """The pages above an address, nearest first."""
        parts = [part for part in path.split("/") if part]
        for depth in range(len(parts) - 1, 0, -1):
            folder = "/".join(parts[:depth]) + "/"
            page = self._file(f"{folder}index.html")
            if page is not None:
                title = _TITLE.search(page.decode(errors="replace"))
                yield {"address": folder, "label": unescape(title[1]) if title else f"/{folder}"}
        yield {"address": "", "label": home}


def _listed(manifest: Manifest) -> frozenset[str]:
    """The files that publishing wrote; whatever else lies in the folder is nobody's business."""
    return frozenset(name for _, names in manifest.units.values() for name in names if _kind(name) in TYPES)


def _kind(name: str) -> str:
    return name.rpartition(".")[2]


def _compared(pages: PolicyPages, match: re.Match[str], path: str) -> str | None:
    versions = [edition.version for edition in pages.editions]
    if match["before"] not in versions or match["after"] not in versions or match["before"] == match["after"]:
        return None
    return pages.comparison_page(versions.index(match["before"]), versions.index(match["after"]), path)


def _on_day(pages: PolicyPages, day: str, path: str) -> str | None:
    try:
        asked_for = date.fromisoformat(day)
    except ValueError:
        return None
    index = pages.timeline.in_force(asked_for)
    retired_on = pages.history.retired_on
    if retired_on and retired_on <= asked_for:
        return days_page(pages, address=path)
    if index is None:
        return days_page(pages, address=path, asked_for=asked_for)
    return pages.text_page(index, path, asked_for=asked_for)


def pages_for(config: Config) -> Pages:
    """The posted pages of an installation; the folder is what `run` and `publish` write."""
    from notifier.bootstrap import open_ledger, open_repository, utc_now
    from notifier.shipped import templates_for
    from notifier.usecases.publish import site_of

    def today() -> date:
        return utc_now().astimezone(config.posting_zone).date()

    def load() -> Site:
        with open_repository(config, is_fresh=False) as repository, open_ledger(config) as ledger:
            return site_of(config, repository, ledger, today=today())

    return Pages(
        config.page_dir, load=load, templates=templates_for(config.root), today=today, zone=config.posting_zone
    )

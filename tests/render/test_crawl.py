"""Every address that a page, a feed or the list for programs names is followed, as a crawler would."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest

from notifier.render.site.build import publish

from .histories import TEMPLATES, hostile, site

URL = "https://chat.example/legal/"
_LINK = re.compile(r'(?:href|src)="([^"]*)"')
_ID = re.compile(r'\b(?:id|name)="([^"]*)"')


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every published file by its address."""
    folder = tmp_path_factory.mktemp("site")
    publish(site(hostile()), folder, templates=TEMPLATES)
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".manifest.json")
    return {_address(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in files}


def _address(path: Path) -> str:
    return URL + path.as_posix().removesuffix("index.html")


def _named(address: str, content: str) -> Iterator[str]:
    """The addresses that one file names, relative ones as they are."""
    kind = posixpath.splitext(address)[1]
    if kind in ("", ".xml"):
        yield from (unescape(link) for link in _LINK.findall(content))
    if kind == ".json":
        yield from _values(json.loads(content))


def _values(told: Any) -> Iterator[str]:
    if isinstance(told, list):
        for one in told:
            yield from _values(one)
    if isinstance(told, dict):
        for name, value in told.items():
            yield from _values(value)
            if name in ("url", "home_page_url", "feed_url", "page", "changes", "change", "markdown", "text") and value:
                yield value


def test_every_link_leads_somewhere(published: dict[str, str]) -> None:
    """Wherever the site is put: no link begins with a slash. A feed names whole addresses, for readers keep no base."""
    named = [(address, link) for address, content in published.items() for link in _named(address, content)]

    assert [(address, link) for address, link in named if not _leads_somewhere(address, link, published)] == []


def _leads_somewhere(address: str, link: str, published: dict[str, str]) -> bool:
    if address.endswith(".xml") and not link.startswith(URL):
        return False
    if re.match(r"[a-z]+:", link) and not link.startswith(URL):
        return True
    target, anchor = urldefrag(urljoin(address, link))
    target = unquote(target)
    if link.startswith("/") or target not in published:
        return False
    return not anchor or unquote(anchor) in _ID.findall(published[target])


def test_a_feed_says_where_it_stands(published: dict[str, str]) -> None:
    for name in ("feed.xml", "significant.xml"):
        assert f'<link rel="self" type="application/atom+xml" href="{URL}{name}"/>' in published[URL + name]

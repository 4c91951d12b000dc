"""A crawler: every published file by its address, and every address that a page, a feed or a list names."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

URL = "https://chat.example/legal/"
_LINK = re.compile(r'(?:href|src)="([^"]*)"')
_ID = re.compile(r'\b(?:id|name)="([^"]*)"')
_NAMING = ("url", "home_page_url", "feed_url", "page", "changes", "change", "markdown", "text")


def published_in(folder: Path) -> dict[str, str]:
    """Every published file by its address."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".manifest.json")
    return {_address(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in files}


def broken_links(published: Mapping[str, str]) -> list[tuple[str, str]]:
    """Where it is named, and what leads nowhere."""
    named = [(address, link) for address, content in published.items() for link in _named(address, content)]
    assert named
    return [(address, link) for address, link in named if not leads_somewhere(address, link, published)]


def leads_somewhere(address: str, link: str, published: Mapping[str, str]) -> bool:
    """Wherever the site is put: no link begins with a slash. A feed names whole addresses, for readers keep no base."""
    if address.endswith(".xml") and not link.startswith(URL):
        return False
    if re.match(r"[a-z]+:", link) and not link.startswith(URL):
        return True
    target, anchor = urldefrag(urljoin(address, link))
    target = unquote(target)
    if link.startswith("/") or target not in published:
        return False
    return not anchor or unquote(anchor) in _ID.findall(published[target])


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
            if name in _NAMING and isinstance(value, str) and value:
                yield value

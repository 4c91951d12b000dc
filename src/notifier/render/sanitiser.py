"""The last door before a page: HTML made from policy text is sanitised, whatever went before."""

from __future__ import annotations

from functools import lru_cache

_TEXT_TAGS = "a b br cite code del em i ins kbd q s small span strong sub sup u"
_BLOCK_TAGS = "blockquote dd details div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre summary ul"
_TABLE_TAGS = "caption col colgroup table tbody td tfoot th thead tr"
_TAGS = frozenset(f"{_TEXT_TAGS} {_BLOCK_TAGS} {_TABLE_TAGS}".split())
_RAW_TAGS = _TAGS - {"del", "ins"}
"""In raw HTML of a policy: not the marks of a redline, which would be a forgery."""
_CELL = {"colspan", "rowspan", "scope"}
_RAW_ATTRIBUTES = {"a": {"href", "name"}, "td": _CELL, "th": _CELL}
_ATTRIBUTES = {**_RAW_ATTRIBUTES, "*": {"id", "class"}, "ol": {"start"}, "div": {"role", "aria-label", "tabindex"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


def clean(html: str) -> str:
    """HTML of our own making: tags and attributes that pages use, links that lead somewhere harmless, well nested."""
    return _cleaned(html, _TAGS, _ATTRIBUTES, "noopener noreferrer")


@lru_cache(maxsize=512)
def clean_block(html: str) -> str:
    """A block of raw HTML from a policy: its structure and text, without classes, ids, styles, scripts or pictures."""
    return _cleaned(html, _RAW_TAGS, _RAW_ATTRIBUTES, None)


def _cleaned(html: str, tags: frozenset[str], attributes: dict[str, set[str]], rel: str | None) -> str:
    import nh3

    return nh3.clean(html, tags=set(tags), attributes=attributes, url_schemes=_SCHEMES, link_rel=rel)

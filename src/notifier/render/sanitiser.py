"""The last door before a page: HTML made from policy text is sanitised, whatever went before.

What a policy says is drawn from its blocks and runs (`text/raw_html.py` says what raw HTML is visible), so that nothing
here should ever find work; it stands for what nobody thought of.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nh3 import Cleaner

_TEXT_TAGS = "a b br cite code del em i ins kbd mark q s small span strong sub sup u"
_BLOCK_TAGS = "blockquote dd details div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre summary ul"
_TABLE_TAGS = "caption table tbody td th thead tr"
_TAGS = set(f"{_TEXT_TAGS} {_BLOCK_TAGS} {_TABLE_TAGS}".split())
_CELL = {"colspan", "rowspan", "scope"}
_ATTRIBUTES = {
    "*": {"id", "class"},
    "a": {"href", "aria-label"},
    "td": _CELL,
    "th": _CELL,
    "ol": {"start", "type"},
    "li": {"value"},
    "details": {"open"},
    "div": {"role", "aria-label", "tabindex"},
    "span": {"role", "aria-label", "data-before"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}


def clean(html: str) -> str:
    """HTML of our own making: tags and attributes that pages use, links that lead somewhere harmless, well nested.

    No link opens a window, and each page forbids its browser to say where a reader came from: `rel` would be weight.
    """
    return _cleaner().clean(html)


@cache
def _cleaner() -> Cleaner:
    from nh3 import Cleaner

    return Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)

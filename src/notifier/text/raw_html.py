"""Raw HTML in a policy: its tags, and which of them a page keeps. The one place that says what HTML is *visible*.

A page never repeats a tag of the policy; it is drawn anew from what was read here. Tags that are not named fall away
and what they hold stays, as a browser that does not know them has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from notifier.text.document import ContainerKind, TextStyle


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


STYLES = {
    "b": TextStyle.STRONG,
    "strong": TextStyle.STRONG,
    "i": TextStyle.EMPHASIS,
    "em": TextStyle.EMPHASIS,
    "dfn": TextStyle.EMPHASIS,
    "var": TextStyle.EMPHASIS,
    "s": TextStyle.STRUCK,
    "del": TextStyle.STRUCK,
    "strike": TextStyle.STRUCK,
    "u": TextStyle.UNDERLINED,
    "ins": TextStyle.UNDERLINED,
    "code": TextStyle.CODE,
    "tt": TextStyle.CODE,
    "samp": TextStyle.CODE,
    "sub": TextStyle.SUB,
    "sup": TextStyle.SUP,
    "small": TextStyle.SMALL,
    "kbd": TextStyle.KEYBOARD,
    "cite": TextStyle.CITED,
    "q": TextStyle.QUOTED,
    "mark": TextStyle.HIGHLIGHTED,
}
"""`<del>` and `<ins>` become what an editor may say; the marks of a redline are Notifier's alone."""
CONTAINERS = {
    "ul": ContainerKind.BULLET_LIST,
    "menu": ContainerKind.BULLET_LIST,
    "dir": ContainerKind.BULLET_LIST,
    "ol": ContainerKind.ORDERED_LIST,
    "li": ContainerKind.ITEM,
    "blockquote": ContainerKind.QUOTE,
    "table": ContainerKind.TABLE,
    "caption": ContainerKind.CAPTION,
    "thead": ContainerKind.TABLE_HEAD,
    "tbody": ContainerKind.TABLE_BODY,
    "tfoot": ContainerKind.TABLE_BODY,
    "dl": ContainerKind.DEFINITION_LIST,
    "dt": ContainerKind.TERM,
    "dd": ContainerKind.DEFINITION,
    "details": ContainerKind.DETAILS,
    "summary": ContainerKind.SUMMARY,
}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
PARTING = _names(
    "address article aside body caption center div fieldset figcaption figure footer form header hgroup hr html "
    "legend main nav optgroup option p pre search section select tr td th xmp listing"
) | frozenset(CONTAINERS | HEADINGS)
"""What parts the text before it from the text after it: two words with such a tag in between are never one."""
UNSEEN = _names("applet datalist embed head iframe noembed noframes object rp script style svg template title")
"""What a browser does not show as text, or Notifier's pages never load."""
RAW_TEXT = frozenset({"iframe", "noembed", "noframes", "script", "style", "title", "xmp"})
"""What ends at its own closing tag only, whatever looks like a tag in it."""
VOID = _names("area base br col embed frame hr img input link meta param source track wbr")
CLOSED_BY = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tr": frozenset({"td", "th", "tr"}),
    "thead": frozenset({"td", "th", "tr", "thead", "tbody", "tfoot"}),
    "tbody": frozenset({"td", "th", "tr", "thead", "tbody", "tfoot"}),
    "tfoot": frozenset({"td", "th", "tr", "thead", "tbody", "tfoot"}),
    "option": frozenset({"option"}),
    **dict.fromkeys(HEADINGS, frozenset(HEADINGS)),
}
"""Elements that a tag ends by beginning, where they were left open."""
BORDERS = {
    "li": frozenset({"ul", "ol", "menu", "dir", "td", "th"}),
    "dt": frozenset({"dl", "td", "th"}),
    "dd": frozenset({"dl", "td", "th"}),
    **dict.fromkeys(HEADINGS, frozenset(CONTAINERS) | {"td", "th"}),
}
"""How far up such an end reaches; in tables, as far as the table."""
TABLE = frozenset({"table"})


class HtmlTag(NamedTuple):
    """A tag, or with an empty name a comment or a declaration; `start` and `end` are offsets in what was read."""

    name: str
    is_closing: bool
    attributes: str
    start: int
    end: int

    def attribute(self, name: str) -> str | None:
        """The value of an attribute, as HTML reads it; empty where it has none, None where it is not there."""
        for match in _ATTRIBUTE.finditer(self.attributes):
            if match[1].lower() == name:
                return unescape(next((value for value in match.groups()[1:] if value is not None), ""))
        return None

    def number(self, name: str, otherwise: int = 1) -> int:
        """The value of an attribute that is a whole number."""
        value = self.attribute(name) or ""
        return int(value) if _NUMBER.fullmatch(value) else otherwise

    @property
    def is_hidden(self) -> bool:
        """Does it hide what it holds: `hidden`, or a style that shows nothing or at no size?"""
        lower = self.attributes.lower()
        if "hidden" not in lower and "style" not in lower:
            return False
        return self.attribute("hidden") is not None or bool(_HIDING.search(self.attribute("style") or ""))


_NUMBER = re.compile(r"-?[0-9]{1,9}")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"?|'([^']*)'?|([^\s>\"'][^\s>]*)))?")
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden"
    r"|(?:opacity|font-size)\s*:\s*0*\.?0+(?![\d.]*[1-9])(?![\d.])",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|<[!?][^>]*(?:>|\Z)"
    r"|</?([a-zA-Z][^\s/>]*)((?:=\s*\"[^\"]*(?:\"|\Z)|=\s*'[^']*(?:'|\Z)|[^>=]++|=)*+)(?:>|\Z)"
    r"|</[^a-zA-Z>][^>]*(?:>|\Z)|</>",
    re.DOTALL,
)
"""A comment, a declaration, a tag; one that is not closed runs to the end, as a browser has it."""


def tag_of(source: str) -> HtmlTag:
    """One tag, comment or declaration that is all of the source."""
    match = _MARKUP.match(source)
    return _tag(match) if match else HtmlTag("", False, "", 0, len(source))


def tags_of(html: str) -> Iterator[HtmlTag]:
    """The tags, comments and declarations of raw HTML in order; what a script and its like hold is passed over."""
    at = 0
    while match := _MARKUP.search(html, at):
        tag = _tag(match)
        at = match.end()
        yield tag
        if tag.name in RAW_TEXT and not tag.is_closing:
            closing = re.compile(rf"</{tag.name}(?=[\s/>])[^>]*(?:>|\Z)", re.IGNORECASE).search(html, at)
            start, at = closing.span() if closing else (len(html), len(html))
            yield HtmlTag(tag.name, True, "", start, at)


def _tag(match: re.Match[str]) -> HtmlTag:
    return HtmlTag((match[1] or "").lower(), match[0].startswith("</"), match[2] or "", *match.span())

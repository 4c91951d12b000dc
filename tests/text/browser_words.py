"""What a browser shows of a text, by other means than ours: pulldown-cmark's HTML, read by html5ever.

`nh3` takes out what browsers never show and nests what is left as a browser does; only text is left to gather.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3
import pyromark

from notifier.text.front_matter import split_front_matter
from notifier.text.list_numbers import numeral
from notifier.text.markdown_events import OPTIONS

_BLOCKS = (
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol optgroup option p pre section select summary "
    "table tbody td tfoot th thead tr ul"
)
_INLINE = "a b br code del em i img input kbd s span strong sub sup u"
_NEVER_SHOWN = "applet datalist embed head iframe noembed noframes object rp script style svg template title"
BLOCKS, INLINE, NEVER_SHOWN = (frozenset(names.split()) for names in (_BLOCKS, _INLINE, _NEVER_SHOWN))
HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px)?\s*(?:;|$)")
LISTS = ("ol", "ul")
NUMBERS = ("footnote-reference", "footnote-definition-label")


@dataclass
class _List:
    """An ordered list, or with no number another one; `is_said`: it does not go on where one before it ended."""

    last: int | None
    is_said: bool = False
    numbering: str = "1"
    is_open: bool = True


class Shown(HTMLParser):
    """Gathers the text of well-nested HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.lists: list[_List] = []
        """Every list so far; those that are open have no end yet."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        names = values.get("class", "")
        is_hidden = "hidden" in values or bool(HIDING.search(values.get("style", ""))) or names in NUMBERS
        self.text.append("\n" if tag in BLOCKS or tag == "br" else "")
        if not is_hidden and not self.is_hidden:
            alert = re.search(r"markdown-alert-(\w+)", names)
            box = "☑" if "checked" in values else "☐"
            self.text += [f"{alert[1].title()}\n"] if alert else []
            self.text += [values.get("alt", "")] if tag == "img" else []
            self.text += [box] if tag == "input" and values.get("type") == "checkbox" else []
            self.count(tag, values.get("start", ""), values.get("type", ""))
        if tag not in ("br", "hr", "img", "input"):
            self.open.append((tag, is_hidden))

    def handle_endtag(self, tag: str) -> None:
        self.text.append("\n" if tag in BLOCKS else "")
        if tag in LISTS and (listed := self.list_open):
            listed.is_open = False
        if self.open and self.open[-1][0] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += [] if self.is_hidden else [data]

    def count(self, tag: str, start: str, numbering: str) -> None:
        """A list begins, or an item of one, whose number stands before it."""
        if tag in LISTS:
            first = int(start) if re.fullmatch(r"-?[0-9]{1,9}", start) else 1
            is_said = first not in (0, 1) and all(listed.last != first - 1 for listed in self.lists)
            self.lists.append(_List(first - 1 if tag == "ol" else None, is_said and tag == "ol", numbering))
        listed = self.list_open
        if tag == "li" and listed and listed.last is not None:
            listed.last += 1
            self.text += [f"{numeral(listed.last, listed.numbering or '1')}. "] if listed.is_said else []

    @property
    def list_open(self) -> _List | None:
        """The innermost list that is open."""
        return next((listed for listed in reversed(self.lists) if listed.is_open), None)

    @property
    def is_hidden(self) -> bool:
        return any(is_hidden for _, is_hidden in self.open)


def browser_words(text: str) -> list[str]:
    """The words, as white space parts them; what only counts items or footnotes is none."""
    body = re.sub("[\0\ud800-\udfff]", "\ufffd", split_front_matter(text)[1].removeprefix("\ufeff"))
    kept = {tag: {"hidden", "style", "class", "alt", "type", "checked", "start"} for tag in BLOCKS | INLINE}
    html = nh3.clean(
        pyromark.html(body, options=OPTIONS),
        tags=set(BLOCKS | INLINE),
        clean_content_tags=set(NEVER_SHOWN),
        attributes=kept,
        link_rel=None,
    )
    shown = Shown()
    shown.feed(html)
    shown.close()
    return "".join(shown.text).split()

"""What a browser shows of a text, by other means than ours: pulldown-cmark's HTML, read by html5ever.

`nh3` takes out what browsers never show and nests what is left as a browser does; only text is left to gather.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3
import pyromark

from notifier.text.front_matter import split_front_matter
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
NUMBERS = ("footnote-reference", "footnote-definition-label")


class Shown(HTMLParser):
    """Gathers the text of well-nested HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[tuple[str, bool]] = []

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
        if tag not in ("br", "hr", "img", "input"):
            self.open.append((tag, is_hidden))

    def handle_endtag(self, tag: str) -> None:
        self.text.append("\n" if tag in BLOCKS else "")
        if self.open and self.open[-1][0] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += [] if self.is_hidden else [data]

    @property
    def is_hidden(self) -> bool:
        return any(is_hidden for _, is_hidden in self.open)


def browser_words(text: str) -> list[str]:
    """The words, as white space parts them; numbers of lists and footnotes are none."""
    body = re.sub("[\0\ud800-\udfff]", "\ufffd", split_front_matter(text)[1].removeprefix("\ufeff"))
    kept = {tag: {"hidden", "style", "class", "alt", "type", "checked"} for tag in BLOCKS | INLINE}
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

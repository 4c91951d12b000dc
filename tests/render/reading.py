"""Reads a page as people do: what its HTML says, with and without what is marked as gone or new."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "wbr", "meta", "link", "input", "col"})

ONLY_IN = {"ul": {"li"}, "ol": {"li"}, "table": {"thead", "tbody"}, "thead": {"tr"}, "tbody": {"tr"}}
NEEDS = {"li": {"ul", "ol"}, "tr": {"thead", "tbody"}, "td": {"tr"}, "th": {"tr"}, "tbody": {"table"}}


class Reader(HTMLParser):
    """Collects the text outside elements that `skipped` names by tag or class, and notices bad nesting."""

    def __init__(self, skipped: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.skipped = skipped
        self.stack: list[tuple[str, bool]] = []
        self.text: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = frozenset((dict(attrs).get("class") or "").split())
        parent = self.stack[-1][0] if self.stack else ""
        if (parent in ONLY_IN and tag not in ONLY_IN[parent]) or (parent and tag in NEEDS and parent not in NEEDS[tag]):
            self.faults.append(f"<{tag}> in <{parent}>")
        if tag not in VOID:
            self.stack.append((tag, bool(({tag} | classes) & self.skipped)))
        if tag in ("p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "br", "pre", "div"):
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack[-1][0] != tag:
            self.faults.append(tag)
            return
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        if not any(is_skipped for _, is_skipped in self.stack):
            self.text.append(data)


def read(html: str, *skipped: str) -> str:
    """The words of a page in order, without those in elements of the tags or classes `skipped`."""
    reader = Reader(frozenset(skipped))
    reader.feed(html)
    assert not reader.faults, f"badly nested: {reader.faults}"
    assert not reader.stack, f"not closed: {reader.stack}"
    return " ".join("".join(reader.text).split())


def elements(html: str, tag: str) -> list[str]:
    """What stands in each element of a tag, as text."""
    return list(_elements(html, tag))


def _elements(html: str, tag: str) -> Iterator[str]:
    for part in html.split(f"<{tag}")[1:]:
        yield read(f"<{tag}{part.partition(f'</{tag}>')[0]}</{tag}>", "said")

"""Google Docs → Download → Web page: what that says by classes of a stylesheet alone, said by elements as pages do."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARK = re.compile(r"\bdoc-content\b|\blst-kix_")
_RULE = re.compile(r"\.(c\d+)\s*\{([^}]*)\}")
_CLASSED = re.compile(r'<span class="([^"]*)"')
_TITLE = re.compile(r'<p class="[^"]*\btitle\b[^"]*"([^>]*)>(.*?)</p>', re.S)
_PAGE_BREAK = re.compile(r'<hr style="[^"]*display:\s*none[^"]*"\s*/?>')
_EDGE = re.compile(r"(?<=>)&nbsp;|&nbsp;(?=</span>)")
"""A space where one style of words ends and another begins."""
_LIST = r'<(?P<{0}>ul|ol)[^>]*class="[^"]*\blst-kix_\w+-\d+[^"]*"[^>]*>.*?</(?P={0})>'
_LISTS = re.compile(_LIST.format("a") + r"(?:\s*" + _LIST.format("b") + ")*", re.S)
_ONE = re.compile(
    r'<(?P<tag>ul|ol)(?P<said>[^>]*class="[^"]*\blst-kix_\w+-(?P<level>\d+)[^"]*"[^>]*)>(?P<items>.*?)</(?P=tag)>', re.S
)


def as_plain_page(html: str) -> str:
    """The page with its title as a heading, bold and italic words, and lists inside lists; any other as it is."""
    if not _MARK.search(html):
        return html
    styles = dict(_RULE.findall(html))
    html = _CLASSED.sub(lambda found: f'{found[0]} style="{_style(found[1], styles)}"', html)
    html = _TITLE.sub(r"<h1\1>\2</h1>", _PAGE_BREAK.sub("", _EDGE.sub(" ", html)))
    return _LISTS.sub(lambda found: "".join(_nested(_ONE.finditer(found[0]))), html)


def _style(classes: str, styles: dict[str, str]) -> str:
    return ";".join(styles[one].replace('"', "'") for one in classes.split() if one in styles)


def _nested(lists: Iterator[re.Match[str]]) -> Iterator[str]:
    """Lists that stand after each other, each with its level, as one inside the other."""
    open_ones: list[tuple[int, str]] = []
    for one in lists:
        level, tag = int(one["level"]), one["tag"]
        while open_ones and open_ones[-1][0] > level:
            yield f"</li></{open_ones.pop()[1]}>"
        if open_ones and open_ones[-1] == (level, tag):
            yield "</li>"
        else:
            if open_ones and open_ones[-1][0] == level:
                yield f"</li></{open_ones.pop()[1]}>"
            yield f"<{tag}{one['said']}>"
            open_ones.append((level, tag))
        yield one["items"].strip().removesuffix("</li>")
    while open_ones:
        yield f"</li></{open_ones.pop()[1]}>"

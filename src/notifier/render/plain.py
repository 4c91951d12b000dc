"""Policy Markdown as the plain words a letter can quote: no marks left over, nothing a mail program would act on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_BLOCK_MARKS = re.compile(r"^\s*(?:>\s*)*(?:#{1,6}\s+|[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,9}[.)]\s+)?")
_TABLE_RULE = re.compile(r"^[\s|:-]*-[\s|:-]*$")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
_ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
"""Characters that steer a terminal or the direction of writing, or cannot be seen; joiners that scripts need stay."""
_SITE_LINK = re.compile(r"\[([^\[\]]+)\]\(\s*\{\{[^{}]*\}\}[^()]*\)")
_SITE_TAG = re.compile(r"\{%.*?%\}")
"""What a site generator fills in: a link whose target is not known here, and marks that no reader sees."""
_LEFT_OVER = re.compile(r"\*\*|~~|(?<!\w)(?:\*|__?)(?=\w)|(?<=[\w.,:;!?])(?:\*|__?)(?!\w)")
"""Emphasis that begins or ends in a neighbouring sentence."""
_BARE_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)
_OUR_TAGS = re.compile(r"-(?=notifier_)")
_PIECE = re.compile(
    r"\d+(?:[.,:]\d+)*|[^\s!-/:-@\[-^`{-~\u00a0-\u00bf\u2010-\u205e\u3000-\u303f\uff00-\uff0f]+|\s+|.", re.DOTALL
)
"""A number, a word with the marks that belong to its letters, blanks, or one sign."""
_LEAD, _CHANGED, _TAIL = 90, 220, 70
"""About so many characters before, in and after the changed words of an excerpt."""
_SLACK = 25
"""Fewer than so many are not worth a cut."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A short quotation: the changed words, and a little of what stands around them."""

    lead: str
    changed: str
    tail: str

    def __str__(self) -> str:
        return f"{self.lead}{self.changed}{self.tail}"


def harmless(text: str) -> str:
    """One line without control characters, marks that turn the direction of writing, or our own name tags."""
    return _OUR_TAGS.sub("", " ".join(_ACTING.sub("", " ".join(text.split())).split()))


def plain(markdown: str, hosts: Collection[str] = ()) -> str:
    """The words of a sentence, list item or table row; a link becomes its text and address.

    The address of a host that is not in `hosts` loses its scheme, so that no mail program makes a link of it.
    """
    lines = [_without_block_marks(line) for line in markdown.splitlines() if not _TABLE_RULE.match(line)]
    source = _SITE_TAG.sub("", _SITE_LINK.sub(r"\1", " ".join(line for line in lines if line)))
    tokens = _markdown().parseInline(_REFERENCE.sub(r"\1", source))
    words = harmless("".join(_words(tokens[0].children or [], hosts))) if tokens else ""
    return _BARE_ADDRESS.sub(lambda found: _address(found[0], hosts), words)


def host_of(href: str) -> str | None:
    """The host an address leads to; None where it leads to none."""
    try:
        return urlsplit(href).hostname
    except ValueError:  # such as "http://[" in a policy
        return None


def excerpts(before: str, after: str) -> tuple[Excerpt, Excerpt]:
    """Both sentences, shortened to the words in which they differ and a little around them."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    return _excerpt(old, start, end), _excerpt(new, start, end)


def _without_block_marks(line: str) -> str:
    bare = _BLOCK_MARKS.sub("", line, count=1).strip()
    if not bare.startswith("|"):
        return bare
    cells = (cell.strip() for cell in _CELL_BORDER.split(bare.strip("|")))
    return " · ".join(cell for cell in cells if cell)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("strikethrough").disable("text_join")  # keeps \\* apart from *


def _words(tokens: Iterable[Token], hosts: Collection[str]) -> Iterable[str]:
    targets: list[tuple[str, str]] = []
    shown = ""
    for token in tokens:
        if token.type == "link_open":
            targets.append((str(token.attrGet("href") or ""), shown))
        word = _address_of(*targets.pop(), shown, hosts) if token.type == "link_close" else _word(token)
        shown += word
        yield word


def _word(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    if token.type == "text":
        return _LEFT_OVER.sub("", token.content)
    if token.type in {"text_special", "code_inline", "image"}:
        return token.content
    return ""


def _address_of(href: str, shown_before: str, shown: str, hosts: Collection[str]) -> str:
    """What to add behind a link's text: its address, unless the text is the address or it leads nowhere outside."""
    if not href.startswith(("http://", "https://")) or shown[len(shown_before) :] == href:
        return ""
    return f" ({_address(href, hosts)})"


def _address(href: str, hosts: Collection[str]) -> str:
    return href if host_of(href) in hosts else href.partition("://")[2]


def _shared(old: list[str], new: list[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _excerpt(words: list[str], start: int, end: int) -> Excerpt:
    stop = len(words) - end
    lead, changed, tail = "".join(words[:start]), "".join(words[start:stop]), "".join(words[stop:])
    core = changed.strip()
    if not core:
        return Excerpt(_last(lead + changed, _LEAD), "", _first(tail, _TAIL))
    at = changed.index(core)
    blanks_before, blanks_after = changed[:at], changed[at + len(core) :]
    return Excerpt(_last(lead + blanks_before, _LEAD), _first(core, _CHANGED), _first(blanks_after + tail, _TAIL))


def _first(text: str, limit: int) -> str:
    return text if len(text) <= limit + _SLACK else f"{text[:limit].rsplit(' ', 1)[0]} …"


def _last(text: str, limit: int) -> str:
    return text if len(text) <= limit + _SLACK else f"… {text[-limit:].split(' ', 1)[-1]}"

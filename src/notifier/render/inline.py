"""Inline Markdown → HTML, plain or with marks; raw HTML comes out as the few tags that are safe, or not at all.

Marks go through the Markdown parser as private-use characters that it takes for letters. They are placed where they
cannot touch its syntax, and the result is compared with the unmarked one; if the two differ the caller is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from notifier.render.blocks import References, parser

if TYPE_CHECKING:
    from markdown_it.token import Token

_FIRST, _DIGITS, _LAST = "\ue000", "\ue010", "\ue001"
_MARK = re.compile("\ue000([\ue010-\ue019]+)\ue001")
_RESERVED = re.compile("[\ue000\ue001\ue010-\ue019]")
_SYNTAX = re.compile(
    r"\\.|&[#\w]+;|<[^<>\n]*>|\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)|\]\[[^\]]*\]|!\[|`+",
)
_RUN = re.compile(r"(?<!\\)[*_~]+")
_RAW_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*?)/?>\Z", re.DOTALL)
_RAW_NAME = re.compile(r"\b(?:name|id)\s*=\s*[\"']?([A-Za-z][\w.:-]*)")
_RAW_TAGS = frozenset(
    {"b", "i", "u", "em", "strong", "s", "small", "sub", "sup", "br", "cite", "code", "kbd", "q", "wbr"}
)
_EMPHASIS = frozenset({"em", "strong", "s"})
_TEXTS = frozenset({"text", "text_special", "code_inline", "softbreak"})


def plain(content: str, references: References) -> str:
    """Inline Markdown as HTML."""
    return _plain(_RESERVED.sub("\ufffd", content), references)


@lru_cache(maxsize=8192)
def _plain(content: str, references: References) -> str:
    return "".join(_rendered(_parse(content, references), {}, {}))


def words(content: str, references: References) -> str:
    """The text of inline Markdown, without any markup: for tables of contents, feeds and plain text."""
    return _plain_words(_RESERVED.sub("\ufffd", content), references)


@lru_cache(maxsize=8192)
def _plain_words(content: str, references: References) -> str:
    return "".join(_words(_parse(content, references)))


def _words(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type == "image":
            yield from _words(token.children or ())
        elif token.type != "html_inline":
            yield token.content


def _parse(content: str, references: References) -> list[Token]:
    tokens: list[Token] = []
    parser().inline.parse(content, parser(), {"references": references}, tokens)
    return tokens


def marked(
    content: str,
    references: References,
    marks: Iterable[tuple[int, int]],
    *,
    around: Mapping[int, tuple[str, str]],
    inserts: Mapping[int, str],
) -> str | None:
    """Inline Markdown as HTML with marks, None where marks would change what the Markdown means.

    `marks` are (offset, number) in order. A number in `inserts` puts that HTML there; any other says in which state
    the text is from there on: `around[number]` is the HTML before and after each piece of it, 0 is unmarked.
    """
    tokens = _marked_tokens(content, references, marks)
    return None if tokens is None else "".join(_rendered(tokens, around, inserts))


def cut_out(content: str, references: References, marks: Iterable[tuple[int, int]]) -> dict[int, str] | None:
    """The HTML of the text in each state but 0, with its emphasis but without its links; None as for `marked`."""
    tokens = _marked_tokens(content, references, marks)
    if tokens is None:
        return None
    found: dict[int, list[str]] = {}
    state, tags = 0, list[str]()
    for token in tokens:
        for mark, text in _split(_content(token)):
            state = state if mark is None else mark
            if state and text:
                found.setdefault(state, []).append(_within(_text(text, token.type), tags))
        if token.tag in _EMPHASIS and token.nesting == 1:
            tags.append(token.tag)
        elif token.tag in _EMPHASIS and token.nesting == -1:
            tags.pop()
    return {state: "".join(parts) for state, parts in found.items()}


def _content(token: Token) -> str:
    """What of a token is text to its reader."""
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "image":
        return "".join(_words(token.children or ()))
    return token.content if token.type in _TEXTS else ""


def _text(text: str, kind: str) -> str:
    return f"<code>{escape(text)}</code>" if kind == "code_inline" else escape(text)


def _within(html: str, tags: list[str]) -> str:
    return "".join(f"<{tag}>" for tag in tags) + html + "".join(f"</{tag}>" for tag in reversed(tags))


def _marked_tokens(content: str, references: References, marks: Iterable[tuple[int, int]]) -> list[Token] | None:
    content = _RESERVED.sub("\ufffd", content)
    tokens = _parse(_with_marks(content, marks), references)
    return tokens if _shape(tokens) == _shape(_parse(content, references)) else None


def _shape(tokens: list[Token]) -> list[tuple[str, str]]:
    """What the Markdown means, for comparing: neighbouring text joined, marks left out."""
    shape: list[tuple[str, str]] = []
    for token in tokens:
        text = _MARK.sub("", token.content + str(token.attrs.get("href", "")))
        if token.type in ("text", "text_special") and shape and shape[-1][0] == "text":
            shape[-1] = ("text", shape[-1][1] + text)
        elif text or token.type not in ("text", "text_special"):
            shape.append(("text" if token.type == "text_special" else token.type, text))
    return shape


def _with_marks(content: str, marks: Iterable[tuple[int, int]]) -> str:
    forbidden = dict(_forbidden(content))
    parts: list[str] = []
    at = 0
    for offset, state in marks:
        place = max(forbidden.get(offset, offset), at)
        parts += (content[at:place], _FIRST, "".join(chr(ord(_DIGITS) + int(d)) for d in str(state)), _LAST)
        at = place
    return "".join((*parts, content[at:]))


def _forbidden(content: str) -> Iterator[tuple[int, int]]:
    """(where no mark may stand, the nearest place where it may): outside Markdown's syntax, inside emphasis."""
    moved = {offset: m.end() for m in _SYNTAX.finditer(content) for offset in range(m.start() + 1, m.end())}
    yield from moved.items()
    for run in _RUN.finditer(content):
        before, after = content[run.start() - 1 : run.start()], content[run.end() : run.end() + 1]
        is_opening = (not before or not before.isalnum()) and bool(after.strip())
        is_closing = (not after or not after.isalnum()) and bool(before.strip())
        if is_opening and not is_closing:
            yield from ((offset, run.end()) for offset in range(run.start(), run.end()) if offset not in moved)
        elif is_closing and not is_opening:
            yield from (
                (offset, run.start()) for offset in range(run.start() + 1, run.end() + 1) if offset not in moved
            )


def _split(text: str) -> Iterator[tuple[int | None, str]]:
    """(the mark before it, or None at the start; the text up to the next mark)."""
    mark: int | None = None
    at = 0
    for match in _MARK.finditer(text):
        yield mark, text[at : match.start()]
        mark = int("".join(str(ord(c) - ord(_DIGITS)) for c in match.group(1)))
        at = match.end()
    yield mark, text[at:]


def _rendered(
    tokens: Iterable[Token], around: Mapping[int, tuple[str, str]], inserts: Mapping[int, str]
) -> Iterator[str]:
    state = 0
    raw_open: list[str] = []
    for token in tokens:
        if token.type == "html_inline":
            yield _raw(_MARK.sub("", token.content), raw_open)
            continue
        if token.type not in _TEXTS:
            yield _tag(token)
            continue
        for mark, text in _split(_content(token)):
            if mark is not None and mark in inserts:
                yield inserts[mark]
            elif mark is not None:
                state = mark
            before, after = around.get(state, ("", "")) if text.strip() else ("", "")
            yield f"{before}{_text(text, token.type)}{after}" if text else ""
    yield from (f"</{tag}>" for tag in reversed(raw_open))


def _tag(token: Token) -> str:
    if token.type == "hardbreak":
        return "<br>\n"
    if token.type == "link_open":
        return f'<a href="{escape(_MARK.sub("", str(token.attrs.get("href", ""))))}">'
    if token.type == "link_close":
        return "</a>"
    if token.type == "image":
        return _image(token)
    if token.tag in _EMPHASIS:
        return f"</{token.tag}>" if token.nesting == -1 else f"<{token.tag}>"
    return escape(_MARK.sub("", token.content))


def _image(token: Token) -> str:
    """A picture is a link to it: the page asks nothing of third parties."""
    alt = _MARK.sub("", "".join(_words(token.children or ()))) or "picture"
    return f'<a class="picture" href="{escape(_MARK.sub("", str(token.attrs.get("src", ""))))}">{escape(alt)}</a>'


def _raw(html: str, open_tags: list[str]) -> str:
    """A raw tag without attributes where it is a harmless one, the name of an anchor, or nothing."""
    match = _RAW_TAG.match(html)
    if match is None:
        return ""
    closing, tag = match.group(1), match.group(2).lower()
    if tag == "a" and not closing:
        name = _RAW_NAME.search(match.group(3))
        return f'<a name="{escape(name.group(1))}"></a>' if name else ""
    if tag not in _RAW_TAGS:
        return ""
    if tag == "br":
        return f"<{tag}>"
    if not closing:
        open_tags.append(tag)
        return f"<{tag}>"
    if open_tags and open_tags[-1] == tag:
        open_tags.pop()
        return f"</{tag}>"
    return ""

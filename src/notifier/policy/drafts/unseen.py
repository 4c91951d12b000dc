"""What stands in a policy's source and on no page: named before it lands, since an editor sees it in the source.

What hides all that follows by never being closed is a mistake; the rest is advice, for a comment may be meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from notifier.errors import Finding, FindingCode, Severity
from notifier.policy.findings import line_at, without_code
from notifier.policy.revision import PolicyText
from notifier.text.document import BlockKind
from notifier.text.markdown import parse
from notifier.text.raw_html import CONTAINERS, HEADINGS, PARTING, STYLES, UNSEEN, VOID, HtmlTag, tags_of

_KEPT = frozenset(CONTAINERS | HEADINGS | STYLES) | PARTING | {"a", "span", "br", "hr", "img", "input", "time", "abbr"}
_DROPPED_ATTRIBUTE = re.compile(r"(?<![\w-])(style|on[a-z]+)\s*=", re.I)
_TOLD_IN_TAGS = ("title", "alt", "aria-label", "placeholder", "content", "data-text")
"""Attributes that may hold words, which a page does not show as text; `alt` of a picture is read, and not named."""
_SENTENCE = re.compile(r"(?:[^\W\d_]{2,}\W+){3}[^\W\d_]{2,}")
"""Four words in a row: more than a label."""
_FENCE = re.compile(r"[ \t>*+\d.)-]*(?P<fence>`{3,}|~{3,})")
_AUTOLINK = re.compile(r"<(?:[a-z][a-z\d+.-]+:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>", re.I)
"""An address in angle brackets, which is no tag (CommonMark 6.5)."""
_MOST = 20
"""Findings of a kind in one text: a page of them says no more."""


def unseen_findings(text: PolicyText) -> list[Finding]:
    """Everything of a text that no page shows, and what hides the rest of it."""
    source = without_code(text.text)
    found = [*_fences(text), *_tags(text, source), *_definitions(text)]
    return sorted(found, key=lambda finding: finding.line)


def _finding(text: PolicyText, offset: int, said: str, mend: str, *, is_error: bool = False) -> Finding:
    severity = Severity.ERROR if is_error else Severity.ADVICE
    return Finding(FindingCode.UNSEEN, text.path, line_at(text.text, offset), said, mend, severity)


def _fences(text: PolicyText) -> Iterator[Finding]:
    """A fence of code that nothing closes: all below it is code."""
    blocks = parse(text.text).blocks
    last = blocks[-1] if blocks else None
    if last is None or last.kind is not BlockKind.CODE:
        return
    above = text.text[: last.start].rstrip("\r\n")
    at = max(above.rfind("\n"), above.rfind("\r")) + 1
    opened = _FENCE.match(above, at)
    if opened is None:
        return
    fence = opened["fence"]
    closing = re.compile(rf"^[ \t>]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*\r?$", re.M)
    if not closing.search(text.text, last.end):
        said = f"{fence} is never closed: all below is shown as code"
        yield _finding(text, at, said, "close it", is_error=True)


def _tags(text: PolicyText, source: str) -> Iterator[Finding]:
    named: set[str] = set()
    for tag in tags_of(source):
        is_escaped = source[max(0, tag.start - 1) : tag.start] == "\\"
        if is_escaped or len(named) > _MOST or _AUTOLINK.fullmatch(source, tag.start, tag.end):
            continue
        for said, mend, is_error in _faults(tag, source):
            if said not in named:
                named.add(said)
                yield _finding(text, tag.start, said, mend, is_error=is_error)


def _faults(tag: HtmlTag, source: str) -> Iterator[tuple[str, str, bool]]:
    written = source[tag.start : tag.end]
    if not tag.name:
        yield from _no_tag(written)
        return
    if tag.is_closing:
        return
    if tag.name in UNSEEN and tag.name not in VOID:
        is_open = f"</{tag.name}" not in source[tag.end :].lower()
        hides = "and hides all below it, since it is never closed" if is_open else "and what stands in it is on no page"
        yield f"<{tag.name}> {hides}", "write the words as text, or take it out", is_open
    elif tag.is_hidden:
        yield f"<{tag.name}> is hidden, and what stands in it is on no page", "show it, or take it out", False
    elif tag.name not in _KEPT:
        yield f"<{tag.name}> is not kept, only the words in it", "write it as Markdown", False
    dropped = _DROPPED_ATTRIBUTE.search(tag.attributes)
    if dropped and not tag.is_hidden:
        yield f"{dropped[1].lower()}= on <{tag.name}> is not kept", "take it out", False
    for name in _TOLD_IN_TAGS:
        words = tag.attribute(name) or ""
        if _SENTENCE.search(words) and not (tag.name == "img" and name == "alt"):
            yield (
                f'the words in {name}="…" of <{tag.name}> are on no page: "{_brief(words)}"',
                "write them as text",
                False,
            )


def _no_tag(written: str) -> Iterator[tuple[str, str, bool]]:
    """A comment, a declaration or a processing instruction."""
    if written.startswith("<!--"):
        if not written.endswith(("->", "-!>")):
            yield "<!-- is never closed, and hides all below it", "close it with -->", True
        return
    if written.startswith("</"):
        return
    is_open = not written.endswith(">")
    if is_open or _SENTENCE.search(written):
        said = f'"{_brief(written)}" is on no page'
        yield (
            said + (", and hides all below it, since it is never closed" if is_open else ""),
            "write it as text",
            is_open,
        )


def _definitions(text: PolicyText) -> Iterator[Finding]:
    """Link definitions of whole sentences: read as an address, shown nowhere."""
    for block in parse(text.text).unseen:
        words = text.text[block.start : block.end]
        if words.startswith("[") and _SENTENCE.search(re.sub(r"\]:\s*\S+", "] ", words)):
            yield _finding(
                text, block.start, f'"{_brief(words)}" defines a link, and is on no page', "write it as text"
            )


def _brief(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"

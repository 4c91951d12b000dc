"""Where links lead: is the document behind a link another one, of another house, or just at another place?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from notifier.significance.reading.sentence_spans import blocks_between
from notifier.text.document import Document

LINK = re.compile(r"(?<!!)\[([^\]]{0,300})\]\(<?([^()\s<>]+(?:\([^()\s]*\)[^()\s]*)?)")
AUTOLINK = re.compile(
    r"(?<![(\"'=\[<])\b(https?://[^\s<>()\]]+)|<((?:https?://|mailto:)?[^<>\s@]+@?[^<>\s]*\.[^<>\s]+)>|<a\b[^>]{0,300}\bhref=[\"']([^\"']+)"
)
BY_REFERENCE = re.compile(r"\](?!\()")
PAGE = re.compile(r"(?<=/)[^/]*[a-z0-9][^/.]*|^[^/.]+")
"""The parts of an address after its host; the last one names the page."""
ANY_PAGE = frozenset(("view", "edit", "preview", "index", "default", "pub"))
"""Names of pages that say nothing of what is on them."""
WORDS = re.compile(r"[^\W\d_]+")
NUMBERED = re.compile(r"^\d{2,}$")
DIGITS = re.compile(r"\d+")
LOCALE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?$")
SUFFIXES = frozenset(
    ("com", "org", "net", "co", "gov", "edu", "ac", "io", "eu", "www", "help", "support", "docs", "legal")
)


class LinkTarget(NamedTuple):
    """A link's label and where it leads."""

    label: str
    target: str


def link_targets(text: str) -> tuple[LinkTarget, ...]:
    """The links of a sentence in order."""
    if "](" not in text and "<" not in text and "://" not in text:
        return ()
    found = [(match.start(), LinkTarget(match[1], match[2])) for match in LINK.finditer(text)]
    found += [(match.start(), LinkTarget("", match[1] or match[2] or match[3])) for match in AUTOLINK.finditer(text)]
    return tuple(link for _, link in sorted(found))


def referenced_links(document: Document, start: int, end: int) -> Iterator[LinkTarget]:
    """The links of a stretch whose address stands elsewhere: `[the list][vendors]`."""
    for block in blocks_between(document, start, end):
        for run in block.runs:
            is_inside = run.link is not None and start <= run.start < end
            if is_inside and run.link and BY_REFERENCE.match(document.text, run.end):
                yield LinkTarget(run.text, run.link.target)


def relinked(old: Sequence[LinkTarget], new: Sequence[LinkTarget]) -> Iterator[tuple[str, str, str]]:
    """Label, old and new address of the links that lead elsewhere; a link is the same one by its label or its place."""
    places = {link.label: at for at, link in enumerate(old)}
    if len(places) == len(old) == len(new) and places.keys() == {link.label for link in new}:
        new = sorted(new, key=lambda link: places[link.label])
    if len(old) != len(new):
        labels = {label for label, _ in old} & {label for label, _ in new}
        old, new = ([link for link in links if link.label in labels] for links in (old, new))
    for (label, was), (other, target) in zip(old, new, strict=False):
        if "://" in label and "://" in other and label != other:
            continue  # the address that a reader reads changed: those are words
        if was.removeprefix("mailto:") != target.removeprefix("mailto:"):
            yield other or label, was, target


def is_mail(address: str) -> bool:
    """Does a link lead to a mailbox or a telephone?"""
    return address.lower().startswith(("mailto:", "tel:")) or ("@" in address and "://" not in address)


def is_same_house(one: str, other: str, text: str | None = None) -> bool:
    """Do two addresses belong to one site, as far as their hosts say? An address without a host is one's own, and so is
    a host that the text itself names."""
    first, second = _house(one), _house(other)
    if first and second:
        return bool(first & second)
    return text is None or all(part in text.lower() for part in first | second)


def _house(address: str) -> frozenset[str]:
    host = re.match(r"(?:https?:)?//([^/:?#]+)", address.lower())
    if host is None:
        return frozenset()
    parts = [part for part in host[1].split(".")[:-1] if part not in SUFFIXES]
    return frozenset(parts[-1:])


def is_same_document(one: str, other: str) -> bool:
    """Do two addresses name one page? A site that is rebuilt moves its pages and keeps their names or their numbers."""
    if "@" in one + other:
        return one == other
    ends = [_page(address) for address in (one, other)]
    if ends[0] == ends[1] or (min(map(len, ends)) > 3 and (ends[0] in ends[1] or ends[1] in ends[0])):
        return True
    if _anchor(one) == ends[1] or _anchor(other) == ends[0]:
        return True
    return bool(NUMBERED.search(ends[0]) and _is_inside(other, one)) or bool(
        NUMBERED.search(ends[1]) and _is_inside(one, other)
    )


def is_same_number(one: str, other: str) -> bool:
    """Do the names of two pages hold the same numbers: years, say?"""
    return DIGITS.findall(_page(one)) == DIGITS.findall(_page(other))


def names_another(one: str, other: str, label: str, generic: frozenset[str]) -> bool:
    """Does the name of one page hold a word that makes another document of it: `terms`, `terms-eu`?

    Words that every such page may be called by (`generic`), those of the label and its initials, and numbers do not.
    """
    words = WORDS.findall(label.lower())
    known = generic | frozenset(words) | {"".join(word[0] for word in words)}
    first, second = (page_words(address) - known for address in (one, other))
    return first != second


def page_words(address: str) -> frozenset[str]:
    """The words of the name of the page."""
    return frozenset(WORDS.findall(_page(address)))


def _page(address: str) -> str:
    """What names the page in an address, but for its language."""
    parts = PAGE.findall(_path(address).lower())
    return next((part for part in reversed(parts) if not LOCALE.match(part) and part not in ANY_PAGE), "")


def _path(address: str) -> str:
    return re.sub(r"^(?:https?:)?//[^/]*", "", address.split("#")[0].split("?")[0])


def _anchor(address: str) -> str:
    """The place in a page that an address leads to; a page of its own, once it has been parted."""
    return address.partition("#")[2].lower() or "#"


def _is_inside(address: str, other: str) -> bool:
    return _path(address).startswith(_path(other).rstrip("/") + "/")

"""What may not leave in a notice: marketing, open placeholders, links elsewhere, a missing date, an unsafe subject.

A notice is only about the change (WP260 ¶29); words quoted from a policy are not ours and are not judged for tone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote

from notifier.errors import Refused
from notifier.notice.marketing import marketing_words
from notifier.notice.message import NAME_TAG_HTML, NAME_TAG_TEXT, Message, PolicyUpdate, UpdateKind
from notifier.render.localised import long_date
from notifier.render.message.compose import MAX_HTML_BYTES
from notifier.render.message.content import update_content
from notifier.render.message.quotation import host_of, one_line

MAX_SUBJECT_CHARACTERS = 150
_OPEN = re.compile(
    r"\{\{|\}\}|\{%|%\}|\[(?:date|insert[^\]]*|todo|tbd|tbc)\]|(?<!\w)(?:TBD|TBC|TODO|FIXME)(?!\w)", re.IGNORECASE
)
"""Placeholders that are wrong wherever they stand, even in words quoted from a policy."""
_OPEN_IN_OURS = re.compile(r"\[(?:name|company|x+)\]|\{[a-z_]+\}|<%|%\w+%|(?<!\w)lorem ipsum", re.IGNORECASE)
_TAG = re.compile(r"-notifier_\w+-")
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)
_LOADING = re.compile(r"@import|url\(\s*['\"]?(?!#)", re.IGNORECASE)
_WITHIN_WORDS = {"a", "b", "del", "em", "i", "ins", "span"}
_REMOTE = {"img", "picture", "video", "audio", "iframe", "object", "embed", "script", "link", "form", "base", "source"}


class MessageFinding(NamedTuple):
    """One thing that keeps a message from being sent: in its `subject`, `text` or `html`, and what is wrong."""

    part: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.part}: {self.wrong}"


def lint(message: Message, changes: Sequence[PolicyUpdate], *, hosts: Collection[str]) -> tuple[MessageFinding, ...]:
    """All that is wrong with `message` about `changes`; empty when it may be sent.

    Links may lead to `hosts`, and to the pages of the changes themselves, wherever those are published.
    """
    page = _Page()
    page.feed(message.html)
    quoted = _quotations(changes, hosts)
    ours = {address for change in changes for address in (change.redline_url, change.text_url)}
    return (
        *_in_subject(message.subject),
        *_in_page(page, hosts, ours),
        *_in_words("subject", message.subject, quoted, own_tags=()),
        *_in_words("text", message.text, quoted, own_tags=(NAME_TAG_TEXT,)),
        *_in_words("html", page.words, quoted, own_tags=(NAME_TAG_HTML,)),
        *_dates(message, page, changes),
        *(
            MessageFinding("text", f"a link leads to {host}, which is not a configured host")
            for host in _foreign(message.text, hosts, ours)
        ),
        *_size(message.html),
    )


def require_clean(message: Message, changes: Sequence[PolicyUpdate], *, hosts: Collection[str]) -> None:
    """Raises Refused with a line for every finding."""
    if findings := lint(message, changes, hosts=hosts):
        name = f"notice about {', '.join(message.policies)} ({message.language})"
        raise Refused("\n".join(f"{name}: {finding}" for finding in findings))


def is_allowed(address: str, hosts: Collection[str]) -> bool:
    """Whether a link may stand in a notice: mail and telephone, or https or http to one of `hosts`."""
    scheme = address.partition(":")[0].lower()
    if scheme in {"mailto", "tel"}:
        return True
    return scheme in {"http", "https"} and host_of(address) in {host.lower() for host in hosts}


@dataclass
class _Page(HTMLParser):
    """What the lint needs to know of the HTML."""

    language: str = ""
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    @property
    def words(self) -> str:
        return "".join(self.pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.pieces += [] if tag in _WITHIN_WORDS else [" "]
        named = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = named.get("lang", "")
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
        if tag in _REMOTE or "src" in named or "background" in named or _LOADING.search(named.get("style", "")):
            self.loads.append(f"<{tag}>")
        self.loads += [f"{name}= on <{tag}>" for name in named if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        self.pieces += [] if tag in _WITHIN_WORDS else [" "]
        if tag in self.tags:
            del self.tags[len(self.tags) - 1 - self.tags[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] == ["style"]:
            self.loads += ["a style sheet that loads from elsewhere"] if _LOADING.search(data) else []
            return
        self.pieces.append(data)


def _in_subject(subject: str) -> Iterator[MessageFinding]:
    if not subject.strip():
        yield MessageFinding("subject", "is empty")
    if subject != one_line(subject):
        yield MessageFinding(
            "subject", "holds a line break, a control character or one that turns the direction of writing"
        )
    if len(subject) > MAX_SUBJECT_CHARACTERS:
        yield MessageFinding("subject", f"has {len(subject)} characters; at most {MAX_SUBJECT_CHARACTERS} are shown")


def _in_page(page: _Page, hosts: Collection[str], ours: Collection[str]) -> Iterator[MessageFinding]:
    if not page.language:
        yield MessageFinding("html", "does not say its language (lang on <html>)")
    for tag in dict.fromkeys(page.loads):
        yield MessageFinding("html", f"has {tag}; a notice loads and runs nothing")
    for link in page.links:
        if link not in ours and not is_allowed(link, hosts):
            where = host_of(link) or f"{link[:40]!r}"
            yield MessageFinding("html", f"a link leads to {where}, which is not a configured host")


def _in_words(part: str, words: str, quoted: Iterable[str], *, own_tags: Collection[str]) -> Iterator[MessageFinding]:
    for tag in dict.fromkeys(_TAG.findall(words)):
        if tag not in own_tags:
            yield MessageFinding(
                part, f"{tag} would stay as it is; only {' '.join(own_tags) or 'no such tag'} is filled in here"
            )
    own = _ADDRESS.sub(lambda found: unquote(found[0]), _our_own(words, quoted))  # `%A9es%` of one is no placeholder
    for found in dict.fromkeys([*_OPEN.findall(words), *_OPEN_IN_OURS.findall(own)]):
        yield MessageFinding(part, f"the placeholder {found} is not filled in")
    for found in dict.fromkeys(marketing_words(own)):
        yield MessageFinding(part, f'"{found}" is marketing; a notice is only about the change')


def _our_own(words: str, quoted: Iterable[str]) -> str:
    """`words` without what is cited from policies."""
    flat = " ".join(words.split())
    for quotation in sorted(filter(None, quoted), key=len, reverse=True):
        flat = flat.replace(" ".join(quotation.split()), " ")
    return flat


def _quotations(changes: Sequence[PolicyUpdate], hosts: Collection[str]) -> tuple[str, ...]:
    return tuple(
        quote
        for change in changes
        for quote in update_content(change, most=len(change.reasons), hosts=hosts).quotations()
    )


def _dates(message: Message, page: _Page, changes: Sequence[PolicyUpdate]) -> Iterator[MessageFinding]:
    days = {day for change in changes for day in _days(change)}
    if len(changes) == 1 or all(_is_plain(change) for change in changes):
        yield from _missing("subject", message.subject, {min(days)}, page.language)
    yield from _missing("text", message.text, days, page.language)
    yield from _missing("html", page.words, days, page.language)


def _days(change: PolicyUpdate) -> tuple[date, ...]:
    """The days that must be said: from when it applies, and when that was announced which does not come."""
    if change.kind is UpdateKind.WITHDRAWAL:
        return tuple(one.told_on for one in change.instead_of)
    return (change.effective_on,)


def _is_plain(change: PolicyUpdate) -> bool:
    return change.kind is UpdateKind.CHANGE and not change.is_in_force


def _missing(part: str, words: str, days: Collection[date], language: str) -> Iterator[MessageFinding]:
    flat = " ".join(words.split())
    for day in sorted(days):
        if long_date(day, language) not in flat:
            yield MessageFinding(part, f"does not say that a change takes effect on {long_date(day, language)}")


def _foreign(text: str, hosts: Collection[str], ours: Collection[str]) -> Iterator[str]:
    for address in dict.fromkeys(_ADDRESS.findall(text)):
        if address not in ours and not is_allowed(address, hosts):
            yield host_of(address) or address


def _size(html: str) -> Iterator[MessageFinding]:
    size = len(html.encode())
    if size > MAX_HTML_BYTES:
        yield MessageFinding(
            "html", f"has {size:,} bytes; mail programs cut off what is longer than {MAX_HTML_BYTES:,}"
        )

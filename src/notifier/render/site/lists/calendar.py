"""Days → a calendar that people subscribe to (iCalendar, RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

_LONGEST = 75
"""Octets of a line before it is folded (RFC 5545, 3.1)."""
_SPECIAL = re.compile(r"[\\;,]")


class Event(NamedTuple):
    """One whole day."""

    uid: str
    made_on: date
    day: date
    title: str
    text: str
    url: str
    sequence: int = 0
    """How often it was changed since it was given out."""
    is_cancelled: bool = False
    """Does it not come? Whoever has it in a calendar needs to be told, by the same `uid`."""


def calendar(name: str, events: Iterable[Event]) -> str:
    """The calendar as a file, its lines ended by CRLF and folded."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Notifier//Policies//EN", f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        lines += _lines(event)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _lines(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{event.made_on:%Y%m%d}T000000Z"
    yield f"SEQUENCE:{event.sequence}"
    if event.is_cancelled:
        yield "STATUS:CANCELLED"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"SUMMARY:{_text(event.title)}"
    if event.text:
        yield f"DESCRIPTION:{_text(event.text)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(value: str) -> str:
    """A value of type TEXT: no line can be made by what a policy is called."""
    escaped = _SPECIAL.sub(lambda found: "\\" + found[0], value)
    return " ".join(part for part in escaped.split() if part.isprintable()) if escaped.strip() else ""


def _folded(line: str) -> str:
    """At most 75 octets a line, no character cut in two."""
    parts, part, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LONGEST:
            parts.append(part)
            part, size = " ", 1
        part, size = part + character, size + octets
    return "\r\n".join([*parts, part])

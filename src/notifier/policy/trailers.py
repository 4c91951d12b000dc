"""What commit messages say to Notifier: trailers, and whatever else in a message speaks of significance.

Trailers are read as `git interpret-trailers --parse` reads them: only in the message's last paragraph, folded lines
joined. A word on significance is looked for everywhere, since squash merges, web forms and slips of the finger put it
elsewhere: what is no trailer, or misspelt, is heard or refused by name, and never passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from notifier.policy.revision import Commit
from notifier.significance import Significance

SIGNIFICANCE = "significance"
REASON = "significance-reason"

_TRAILER = re.compile(r"(?P<key>[A-Za-z0-9-]+)[ \t]*:[ \t]*(?P<value>.*)")
_GIT_WROTE = re.compile(r"Signed-off-by: |\(cherry picked from commit ")
_LINE_END = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff]"
)
"""What takes no room on a screen, so that a word with it inside reads like the word."""
_LOOKS_LIKE = str.maketrans("аеіѕсոցɡıαειϲ", "aeiscnggiaeic")
"""Letters of other scripts that look like those of the word, and what they look like."""
_SAID = re.compile(
    r"[ \t]*(?:[-*•+][ \t]+)?[*_`]{0,3}(?P<key>[^\W\d_]{8,16})[*_`]{0,3}"
    r"(?:[ \t]*[:：=][*_`]{0,3}|[ \t]+(?:[-–—][ \t]+)?(?=(?:minor|significant)\W*\Z))[ \t]*(?P<value>.*)",
    re.I,
)
"""A line that may be a word on significance; a quoted one (`>`) is somebody else's."""
_MAY_SAY = re.compile(r"[:：=]|minor|significant", re.I)
"""Without any of these a message holds no trailer and no word: so are most messages of a long history."""
_REASON_LINE = re.compile(r"[ \t]*(?:[-*•+][ \t]+)?significance-reason[ \t]*:[ \t]*(?P<value>.*)", re.I)
ALIKE = 0.8
"""Of two words as `difflib` measures them: three letters lost or exchanged in twelve are still a slip."""


class Saying(NamedTuple):
    """One word on significance, as written. `is_trailer`: in the last paragraph, and spelt right."""

    written: str
    value: str
    is_trailer: bool

    @property
    def significance(self) -> Significance | None:
        """What it says: "significant" also by a slip, "minor" only to the letter; None where it says neither."""
        if self.value.strip().lower() == Significance.MINOR:
            return Significance.MINOR
        first = re.match(r"[\W_]*([^\W\d_]+)", self.value)
        is_alike = first is not None and _alike(first[1], Significance.SIGNIFICANT)
        return Significance.SIGNIFICANT if is_alike else None


def read_trailers(message: str) -> tuple[tuple[str, str], ...]:
    """The trailers of a whole commit message, in order, keys as written."""
    return _trailers(_last_paragraph(message.replace("\r\n", "\n")))


def _last_paragraph(message: str) -> list[str]:
    """Its lines; none of a message that has but one paragraph, which is the subject's."""
    paragraphs = re.split(r"\n(?:[ \t]*\n)+", message.strip("\n").rstrip())
    return paragraphs[-1].split("\n") if len(paragraphs) > 1 else []


def _trailers(lines: Sequence[str]) -> tuple[tuple[str, str], ...]:
    trailers: list[tuple[str, list[str]]] = []
    strangers = 0
    for line in lines:
        found = _TRAILER.fullmatch(line)
        if line[:1] in " \t" and trailers:
            trailers[-1][1].append(line.strip())
        elif found:
            trailers.append((found["key"], [found["value"].strip()]))
        elif not line.startswith("(cherry picked from commit "):
            strangers += 1
    is_gits = any(_GIT_WROTE.match(line) for line in lines)
    if strangers and not (is_gits and len(trailers) * 3 >= strangers):
        return ()
    return tuple((key, " ".join(filter(None, values))) for key, values in trailers)


def sayings(message: str) -> Iterator[Saying]:
    """Every word on significance in a message, wherever it stands and however its key is spelt."""
    if not _MAY_SAY.search(message):
        return
    text = _UNSEEN.sub("", _LINE_END.sub("\n", message))
    last = _last_paragraph(text)
    trailers = _trailers(last)
    for key, value in trailers:
        if _alike(key, SIGNIFICANCE):
            yield Saying(f"{key}: {value}", value, is_trailer=key.lower() == SIGNIFICANCE)
    lines = text.strip("\n").rstrip().split("\n")
    elsewhere = lines[: len(lines) - len(last)] if trailers else lines
    folded_in = [line for line in last if line[:1] in " \t"] if trailers else []
    for line in (*elsewhere, *folded_in):
        said = _SAID.fullmatch(line)
        if said and _alike(said["key"], SIGNIFICANCE):
            yield Saying(line.strip(), said["value"], is_trailer=False)


def reasons_said(message: str) -> tuple[str, ...]:
    """What a message gives as the reason for its word, as a trailer or on any other line."""
    if ":" not in message:
        return ()
    trailers = [value for key, value in read_trailers(message) if key.lower() == REASON and value]
    if trailers:
        return tuple(trailers)
    lines = (_REASON_LINE.fullmatch(line) for line in _LINE_END.split(message))
    return tuple(line["value"].strip() for line in lines if line and line["value"].strip())


def _alike(word: str, meant: str) -> bool:
    plain = unicodedata.normalize("NFKC", word).casefold().translate(_LOOKS_LIKE)
    if plain == meant:
        return True
    if abs(len(plain) - len(meant)) > 4 or len(set(plain) & set(meant)) < 5 or plain.startswith(("in", "un", "non")):
        return False
    return SequenceMatcher(None, plain, meant, autojunk=False).ratio() >= ALIKE


def message_of(commit: Commit) -> str:
    """A commit's whole message."""
    return f"{commit.subject}\n\n{commit.body}" if commit.body else commit.subject


def folded(trailers: Mapping[str, str]) -> Iterator[str]:
    """Trailer lines as they stand in a message: one line each, whatever is in a value."""
    for key, value in trailers.items():
        yield f"{key}: {' '.join(value.split())}"

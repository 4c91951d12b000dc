"""A name as a letter bears it: on one line, without what nobody sees, by the composition that made the letter.

Joiners stay: without them a Persian name is misspelt (می‌نا), and a family of emoji falls apart. Whoever changes what is
made of a name gives `COMPOSITION` the next number, and keeps what the ones before made.
"""

from __future__ import annotations

import html
import re
import unicodedata

from notifier.notice.message import NAME_TAG_HTML, NAME_TAG_TEXT

COMPOSITION = 2
"""How bytes are made of an envelope; the ledger keeps it with each attempt. All up to this one can be made again."""
LONGEST_NAME = 120
"""Characters of a name that are used; longer ones are not names but attempts at something else."""
TAGS = (NAME_TAG_TEXT, NAME_TAG_HTML)
NOT_OF_A_NAME = re.compile(
    r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]"
)
"""Controls and private characters, named one by one: what Python calls assigned grows with its versions."""
UNSEEN = re.compile(r"[\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
"""Format characters that are no joiners: soft hyphens, marks of direction, tags in which a text can hide."""
JOINERS = "\u180e\u200c\u200d"
LOOSE_JOINER = re.compile(rf"(?<!\S)[{JOINERS}]+|[{JOINERS}]+(?!\S)|(?<=[{JOINERS}])[{JOINERS}]+")
"""One that joins nothing."""


def plain_name(name: str, composition: int = COMPOSITION) -> str:
    """The name on one line, not too long, with none of our substitution tags."""
    if not name.isprintable():
        name = _before_joiners(name) if composition == 1 else _without_unseen(name)
    for tag in TAGS:
        name = name.replace(tag, " ")
    return " ".join(name.split())[:LONGEST_NAME].strip(f" {JOINERS}")


def name_for_text(name: str, composition: int = COMPOSITION) -> str:
    """What replaces the tag in a subject or text: a space and the name, or nothing."""
    plain = plain_name(name, composition)
    return f" {plain}" if plain else ""


def name_for_html(name: str, composition: int = COMPOSITION) -> str:
    """The same for HTML, escaped."""
    return html.escape(name_for_text(name, composition))


def _without_unseen(name: str) -> str:
    return LOOSE_JOINER.sub("", UNSEEN.sub("", NOT_OF_A_NAME.sub(" ", name)))


def _before_joiners(name: str) -> str:
    """As the first composition did: a space for whatever is not printed."""
    return "".join(" " if unicodedata.category(letter).startswith(("C", "Z")) else letter for letter in name)

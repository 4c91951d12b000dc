"""Where people write, call and click: is an address, a telephone number or the document behind a link another one?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from notifier.core.classify.words import words_in

PHONE = re.compile(r"\d[\d.\-]{6,}\d$")
WRITTEN_DATE = re.compile(r"\d{4}-\d\d?-\d\d?$|\d\d?[.\-]\d\d?[.\-]\d{2,4}$")
PHONE_DIGITS = 9
"""So many of the last digits say which phone it is; what stands before is how to dial it from afar."""
STREET = frozenset(
    words_in("""
    street st avenue ave road rd square floor suite box drive dr lane boulevard blvd plaza building way parkway
    center centre house court tower quay straße strasse str platz weg rue allee calle plein laan straat
""")
)
HOUSE = re.compile(r"\d+[a-z]?$")
EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+")
LINK = re.compile(r"(?<!!)\[([^\]]{1,300})\]\(([^()\s]+)")
PAGE = re.compile(r"(?<=/)[^/]*[a-z0-9][^/.]*|^[^/.]+")
"""The parts of an address after its host; the last one names the page."""
LOCALE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?$")


def is_address(changed: Iterable[str], written: Iterable[str]) -> bool:
    """Do a house number among the words that changed, and a street among those written, make a postal address?"""
    return any(HOUSE.match(word) for word in changed) and any(
        word[0].isupper() and word.lower() in STREET for word in written
    )


def phones(words: Iterable[str]) -> set[str]:
    """The telephone numbers among words, by their last digits, however they are written."""
    return {digits(word)[-PHONE_DIGITS:] for word in words if is_phone(word)}


def is_phone(word: str) -> bool:
    return bool(PHONE.match(word)) and not WRITTEN_DATE.match(word) and len(digits(word)) > PHONE_DIGITS - 3


def digits(word: str) -> str:
    return "".join(letter for letter in word if letter.isdigit())


def is_same_document(one: str, other: str) -> bool:
    """Do two addresses end alike? A site that is rebuilt moves its pages and keeps their names."""
    ends = [_page(address) for address in (one, other)]
    return ends[0] == ends[1] or (min(map(len, ends)) > 3 and (ends[0] in ends[1] or ends[1] in ends[0]))


def _page(address: str) -> str:
    """What names the page in an address, but for its language."""
    parts = PAGE.findall(address.split("#")[0].split("?")[0].lower())
    return next((part for part in reversed(parts) if not LOCALE.match(part)), "")


def relinked(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The labels of links that lead to another document than before; links are pairs of label and address.

    One is the same link when its label is, or when its label is its address and it stands in the same place.
    """
    if len(old) != len(new):
        labels = {label for label, _ in old} & {label for label, _ in new}
        old, new = ([link for link in links if link[0] in labels] for links in (old, new))
    for (label, was), (other, target) in zip(old, new, strict=False):
        if (label == other or "://" in label) and not is_same_document(was, target):
            yield other

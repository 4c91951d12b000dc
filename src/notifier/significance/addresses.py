"""Where people write, call and click: is an address, a telephone number or the document behind a link another one?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from notifier.significance.changes import Change
from notifier.significance.words import masked, words_in

PHONE = re.compile(r"\d[\d.\-]{6,}\d$")
WRITTEN_DATE = re.compile(r"\d{4}-\d\d?-\d\d?$|\d\d?[.\-]\d\d?[.\-]\d{2,4}$")
SPACED_PHONE = re.compile(r"(?<![\d$€£¥])(?:\+|\(?0)\(?\d(?:[\s.()/\-]{0,3}\d){6,15}(?!\d)")
"""A telephone number with spaces: one that begins with `+` or `0`, or any other number might be one."""
DATE_INSIDE = re.compile(r"\d\d?[./\-]\d\d?[./\-]\d{4}")
PHONE_DIGITS = 9
"""So many of the last digits say which phone it is; what stands before is how to dial it from afar."""
STREET = frozenset(
    words_in("""
    street st avenue ave road rd square floor suite box drive dr lane boulevard blvd plaza building way parkway
    center centre house court tower quay straße strasse str platz weg rue allee calle plein laan straat via viale
    piazza corso avenida rua paseo ulica ul
""")
)
STREET_ENDINGS = (
    "straße",
    "strasse",
    "platz",
    "gasse",
    "gatan",
    "vägen",
    "gade",
    "vej",
    "veien",
    "straat",
    "laan",
    "plein",
    "katu",
)
HOUSE = re.compile(r"\d+[a-z]?$")
SUPPORT_BOX = re.compile(r"\b(?:support|help|info|hello|press|feedback|care|sales)@")
EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+")
LINK = re.compile(r"(?<!!)\[([^\]]{0,300})\]\(([^()\s]+)")
PAGE = re.compile(r"(?<=/)[^/]*[a-z0-9][^/.]*|^[^/.]+")
"""The parts of an address after its host; the last one names the page."""
ANY_PAGE = frozenset(("view", "edit", "preview", "index", "default", "pub"))
"""Names of pages that say nothing of what is on them."""
NUMBERED = re.compile(r"^\d{2,}$")
LOCALE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?$")


def is_address(changed: Iterable[str], written: Iterable[str]) -> bool:
    """Do a house number among the words that changed, and a street among those written, make a postal address?"""
    return any(HOUSE.match(word) for word in changed) and any(
        word[0].isupper() and (word.lower() in STREET or word.lower().endswith(STREET_ENDINGS)) for word in written
    )


def changes_email(old: str, new: str) -> bool:
    """Does an e-mail address change, be it behind a link? Not where a link is mended to lead where its label says."""
    if "@" not in old and "@" not in new:
        return False
    before, after = emails(old), emails(new)
    if before == after:
        return False
    shown, shown_now = emails(masked(old)), emails(masked(new))
    return not (shown and shown == shown_now == after)


def changes_phone(change: Change) -> bool:
    """Does a telephone number change, however it is written?"""
    if phones(change.removed) != phones(change.added):
        return True
    old, new = (spaced_phones(side.sentence) for side in change.sides)
    return old != new and bool(change.removed + change.added)


def keeps_targets(old: str, new: str) -> bool:
    """Do the links of a sentence lead where they led?"""
    before, after = ([target for _, target in LINK.findall(sentence)] for sentence in (old, new))
    return len(before) == len(after) and all(is_same_document(*pair) for pair in zip(before, after, strict=True))


def emails(text: str) -> set[str]:
    """The e-mail addresses in a text in lower case, those behind links included."""
    return set(EMAIL.findall(text.lower().replace("\\", "")))


def phones(words: Iterable[str]) -> set[str]:
    """The telephone numbers among words, by their last digits, however they are written."""
    return {digits(word)[-PHONE_DIGITS:] for word in words if is_phone(word)}


def spaced_phones(text: str) -> set[str]:
    """The telephone numbers in a text that are written with spaces, by their last digits."""
    found = (match[0] for match in SPACED_PHONE.finditer(text))
    return {digits(number)[-PHONE_DIGITS:] for number in found if not DATE_INSIDE.search(number)}


def is_phone(word: str) -> bool:
    return bool(PHONE.match(word)) and not WRITTEN_DATE.match(word) and len(digits(word)) > PHONE_DIGITS - 3


def digits(word: str) -> str:
    return "".join(letter for letter in word if letter.isdigit())


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


def _page(address: str) -> str:
    """What names the page in an address, but for its language."""
    parts = PAGE.findall(_path(address).lower())
    return next((part for part in reversed(parts) if not LOCALE.match(part) and part not in ANY_PAGE), "")


def _path(address: str) -> str:
    return address.split("#")[0].split("?")[0]


def _anchor(address: str) -> str:
    """The place in a page that an address leads to; a page of its own, once it has been parted."""
    return address.partition("#")[2].lower() or "#"


def _is_inside(address: str, other: str) -> bool:
    return _path(address).startswith(_path(other).rstrip("/") + "/")


def relinked(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The labels of links that lead to another document than before; links are pairs of label and address.

    One is the same link when its label is, or when its label is its address and it stands in the same place; the label
    says then where it leads, whatever a page that counts clicks puts around it.
    """
    if len(old) != len(new):
        labels = {label for label, _ in old} & {label for label, _ in new}
        old, new = ([link for link in links if link[0] in labels] for links in (old, new))
    for (label, was), (other, target) in zip(old, new, strict=False):
        if "://" in label and "://" in other:
            was, target = label, other
        if (label == other or "://" in label) and not is_same_document(was, target):
            yield other

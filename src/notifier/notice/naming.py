"""What a notice is called: a name that stands in message ids (RFC 5322), file names and addresses as it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

LONGEST = 100
"""Characters. A message id stands in one header line of at most 998, and a file name has 255 bytes at most."""
UNDIVIDED = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "Ae"})
"""Letters that Unicode does not take apart into one of ASCII and a mark."""
NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def notice_name(day: date, policy_ids: Iterable[str]) -> str:
    """`2026-11-22-privacy`; many policies are named as far as there is room, and the others counted."""
    names = sorted(_plain(one) or "policy" for one in policy_ids)
    named = "-".join((day.isoformat(), *names))
    if len(named) <= LONGEST:
        return named
    shown = 0
    while len(_cut(day, names, shown + 1)) <= LONGEST:
        shown += 1
    return _cut(day, names, shown)


def as_ascii(text: str) -> str:
    """`données` → `donnees`; letters of another script are left out."""
    apart = unicodedata.normalize("NFKD", text.translate(UNDIVIDED))
    return apart.encode("ascii", "ignore").decode()


def recovered_name(tag: str) -> str:
    """Of a notice that only git, or a person's word, tells of: `recovered-privacy-2026-11-22`."""
    return f"recovered-{_plain(tag.removeprefix('posted/'))}"[:LONGEST]


def _plain(name: str) -> str:
    return NOT_IN_A_NAME.sub("-", as_ascii(name)).strip("-.")


def _cut(day: date, names: list[str], shown: int) -> str:
    rest = len(names) - shown
    return "-".join((day.isoformat(), *names[:shown], f"and-{rest}-more" if shown else f"{rest}-policies"))

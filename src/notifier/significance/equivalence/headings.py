"""Proof on headings: two usual headings for one matter, whatever stands below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import ANY, Proof
from notifier.significance.reading.alignment import WordRun, spoken
from notifier.significance.reading.atoms import Atom, Kind, atoms_of
from notifier.significance.reading.lexicon import entries, lexicon
from notifier.text.document import BlockKind

Said = tuple[str, ...]
UNSAID = frozenset(("we", "you", "|"))
"""Who it is about says nothing in a heading of a matter that is one's own anyway."""
OPENING = 2
"""Letters that no ending changes."""
OWNERS = frozenset(("we", "you"))
BELOW_TITLE = 2
"""Headings above one another, from which on it is no title of the whole text."""


def is_usual_otherwise(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """Are both headings usual ones for the same matter: `How long we keep data`, `Retention`?"""
    side, language = features.pair.side, features.lexicon.language
    if not features.pair.is_reworded or side.kind is not BlockKind.HEADING or len(side.section) < BELOW_TITLE:
        return False
    if not all(_openings(language).issuperset(_opened(one.text)) for one in features.pair.sides):
        return False
    owners = [{atom.value for atom in atoms} & OWNERS for atoms in (features.old, features.new)]
    if all(owners) and owners[0].isdisjoint(owners[1]):
        return False  # `Your responsibility`, `Our responsibility`
    known = _usual(language)
    old, new = (known.get(_said(atoms), frozenset()) for atoms in (features.old, features.new))
    return not old.isdisjoint(new)


def _said(atoms: Sequence[Atom]) -> Said:
    return tuple(atom.value for atom in atoms if atom.value not in UNSAID and atom.kind is not Kind.GLUE)


@cache
def _openings(language: str) -> frozenset[str]:
    """How the words of usual headings begin: most headings are passed over before all usual ones are read."""
    written = lexicon(language).stored.get("headings", {}).values()
    return frozenset(opening for listed in written for entry in entries(listed) for opening in _opened(entry))


def _opened(text: str) -> Iterator[str]:
    """What an ending leaves of each word that is no mark of a list."""
    return (word[:OPENING] for word in re.findall(r"[^\W\d_]{4,}", text.casefold()))


@cache
def _usual(language: str) -> Mapping[Said, frozenset[str]]:
    """What usual headings say → the matters that they head."""
    words = lexicon(language)
    found: dict[Said, set[str]] = {}
    for matter, written in words.stored.get("headings", {}).items():
        for entry in entries(written):
            found.setdefault(_said(spoken(atoms_of(entry.capitalize(), words))), set()).add(matter)
    return {said: frozenset(matters) for said, matters in found.items() if said}


HEADINGS = (
    Proof(
        "usual-heading",
        ANY,
        is_usual_otherwise,
        "A heading gave way to another usual one for the same matter.",
        "# Terms\n\n## How long we keep information\n\nHello.",
        "# Terms\n\n## Retention\n\nHello.",
    ),
)

"""Proof on headings: two usual headings for one matter, whatever stands below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import ANY, Proof
from notifier.significance.reading.alignment import WordRun, spoken
from notifier.significance.reading.atoms import FACTS, Atom, Kind, atoms_of
from notifier.significance.reading.lexicon import entries, lexicon
from notifier.significance.sentence_pair import PairSide
from notifier.text.document import BlockKind

Said = tuple[str, ...]
UNSAID = frozenset(("we", "you", "|"))
"""Who it is about says nothing in a heading of a matter that is one's own anyway."""
OPENING = 2
"""Letters that no ending changes."""
OWNERS = frozenset(("we", "you"))
RUN_IN = re.compile(r"\s*(?:\d{1,3}[.)]\s+)?(?:\*\*|__)([^*_\n]{3,60}?)[.:]?(?:\*\*|__)[.:]?(?=\s|$)")
"""A bold title that a paragraph begins with."""
TITLE = 5
"""Words of such a title, at most; with more it may be a sentence."""
BELOW_TITLE = 2
"""Headings above one another, from which on it is no title of the whole text."""


def is_usual_otherwise(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Are both headings usual ones for the same matter: `How long we keep data`, `Retention`?"""
    side, language = features.pair.side, features.lexicon.language
    if not features.pair.is_reworded:
        return False
    if features.is_table_head:
        return _are_usual_columns(features.pair.before.text, features.pair.after.text, language)
    if side.kind is not BlockKind.HEADING:
        return _is_run_in(features, runs)
    if len(side.section) < BELOW_TITLE:
        return False
    if not all(_openings(language).issuperset(_opened(one.text)) for one in features.pair.sides):
        return False
    return _are_of_one_matter(features.old, features.new, language)


def _are_usual_columns(before: str, after: str, language: str) -> bool:
    """Is every cell of a table's head as it was, or another usual one for the same matter: `Where`, `Country`?"""
    old, new = ([cell.strip(" *_") for cell in text.strip("| ").split("|")] for text in (before, after))
    return len(old) == len(new) and all(
        was == now or _are_usual(was, now, language) for was, now in zip(old, new, strict=True)
    )


def _is_run_in(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Is it the bold title at the beginning of a paragraph: `**Fees.** A course costs …`?"""
    before, after = features.pair.sides
    was, now = (RUN_IN.match(side.text) for side in (before, after))
    if was is None or now is None or not all(_is_first(features, side) for side in (before, after)):
        return False
    are_titles = all(
        atom.end <= title.end()
        for run in runs
        for title, atoms in ((was, run.removed), (now, run.added))
        for atom in atoms
    )
    return are_titles and _are_usual(was[1], now[1], features.lexicon.language)


def is_in_title(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Did only words without a fact change, in a short bold title that a paragraph begins with?"""
    titles = [RUN_IN.match(side.text) for side in features.pair.sides]
    return all(
        title is not None and len(title[1].split()) <= TITLE and _is_first(features, side)
        for title, side in zip(titles, features.pair.sides, strict=True)
    ) and all(
        title is not None and atom.end <= title.end() and atom.kind not in FACTS
        for run in runs
        for title, atoms in zip(titles, (run.removed, run.added), strict=True)
        for atom in atoms
    )


def _is_first(features: ChangeFeatures, side: PairSide) -> bool:
    """Does nothing stand before it in its line but the mark or the number of an item?"""
    text = features.texts.document_of(side).text
    return not any(letter.isalpha() for letter in text[text.rfind("\n", 0, side.start) + 1 : side.start])


def _are_usual(was: str, now: str, language: str) -> bool:
    words, known = lexicon(language), _usual(language)
    was, now = was.casefold(), now.casefold()
    if not known.get((was,), frozenset()).isdisjoint(known.get((now,), frozenset())):
        return True  # `What for` says nothing by a word of its own
    old, new = (spoken(atoms_of(text.capitalize(), words)) for text in (was, now))
    return _are_of_one_matter(old, new, language)


def _are_of_one_matter(old: Sequence[Atom], new: Sequence[Atom], language: str) -> bool:
    owners = [{atom.value for atom in atoms} & OWNERS for atoms in (old, new)]
    if all(owners) and owners[0].isdisjoint(owners[1]):
        return False  # `Your responsibility`, `Our responsibility`
    was, now = (_usual(language).get(_said(atoms), frozenset()) for atoms in (old, new))
    return not was.isdisjoint(now)


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
            for said in (_said(spoken(atoms_of(entry.capitalize(), words))), (entry,)):
                found.setdefault(said, set()).add(matter)
    return {said: frozenset(matters) for said, matters in found.items() if said}


HEADINGS = (
    Proof(
        "usual-heading",
        ANY,
        is_usual_otherwise,
        "A heading, a bold title or the head of a column gave way to another usual one for the same matter.",
        "# Terms\n\n## How long we keep information\n\nHello.",
        "# Terms\n\n## Retention\n\nHello.",
    ),
)

"""A proof on sentences that only say again what another one says: summaries, introductions, do and don't lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from html import unescape

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import ANY, Proof
from notifier.significance.reading.alignment import WordRun, spoken
from notifier.significance.reading.atoms import Atom, Kind, atoms_of
from notifier.significance.reading.lexicon import Lexicon, lexicon
from notifier.significance.reading.sentence_spans import sentences_in
from notifier.significance.reading.written_words import HYPHENS
from notifier.text.document import BlockKind, Document

SAYING = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
IN_ORDER = frozenset({Kind.PARTY, Kind.NAME, Kind.PLACE})
NARROWING = frozenset({Kind.PARTY, Kind.PLACE, Kind.NAME, Kind.WORD, Kind.QUALIFIER})
"""Kinds of words that may say of what, of whom or where it holds."""
SPELT = frozenset({Kind.WORD, Kind.TERM, Kind.NAME, Kind.PARTY, Kind.PLACE})
"""Kinds whose values, unless the lexicon says otherwise, are words without their endings."""
UNSAID = frozenset(("we", "and"))
"""What may stand in the one and not in the other."""
PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w ]")
"""What may be a word, a number or a sign; `cannot` and `cant` are two words."""
STEM = 3
"""Letters with which a word begins in each of its forms."""
NEAR = 3
"""Words before a number among which the one stands that it counts or bounds."""


def restates(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """Does a sentence that stays in both texts say all that this one says, as firmly, of the same, and as much?

    It must stand in the same section, or the sentence must call itself a summary.
    """
    side = features.pair.side
    if features.pair.is_reworded or side.kind not in SAYING:
        return False
    said = _without_label(features, spoken(side.atoms))
    if sum(atom.kind in (Kind.TERM, Kind.WORD) for atom in said) < 2:
        return False
    is_summary = features.sentence_classes["summary"] > 0 or features.follows_summary
    section = None if is_summary else side.section
    diff = features.texts.diff
    staying = _sentences(diff.before, section) & _sentences(diff.after, section)
    wanted = {atom.value for atom in said} - UNSAID
    beginnings = {
        atom.value[:STEM]
        for atom in said
        if atom.kind in SPELT and atom.value[:STEM].isalpha() and atom.value not in features.lexicon.meant_values
    }
    return any(
        text != side.text
        and len(wanted) <= _most_said_by(text)
        and all(beginning in _letters(text) for beginning in beginnings)
        and _says_all(text, said, wanted, features.lexicon)
        and (is_summary or _says_no_more_than(said, text, features.lexicon.language))
        for text in staying
    )


def _says_no_more_than(said: Sequence[Atom], text: str, language: str) -> bool:
    """Does it leave out nobody and nothing of which the other one speaks: `we record calls`, where the other says
    `calls of dealers in Texas`?"""
    values = {atom.value for atom in said}
    return not any(atom.kind in NARROWING and atom.value not in values for atom in _said_by(text, language)[0])


def _sentences(document: Document, section: tuple[str, ...] | None) -> frozenset[str]:
    """The sentences of a section, or of the whole text; kept with the text."""
    known = document.memo.setdefault("sentences_by_section", {})
    if section not in known:
        known[section] = frozenset(
            document.text[low:high]
            for block in document.blocks
            if block.kind in SAYING and (section is None or block.section == section)
            for low, high in sentences_in(document, block)
        )
    found: frozenset[str] = known[section]
    return found


@lru_cache(maxsize=4096)
def _said_by(text: str, language: str) -> tuple[tuple[Atom, ...], frozenset[str]]:
    """What a sentence says, and the values of it."""
    atoms = spoken(atoms_of(text, lexicon(language)))
    return atoms, frozenset(atom.value for atom in atoms)


@lru_cache(maxsize=4096)
def _most_said_by(text: str) -> int:
    """How many values a sentence may have at most, without reading it: one each word, number and sign."""
    return len(PIECE.findall(text)) + text.lower().count("can")


@lru_cache(maxsize=4096)
def _letters(text: str) -> str:
    """In small letters, without what a word may have between them, to look for the beginning of one that is wanted."""
    return unescape(text).lower().replace("ß", "ss").translate(HYPHENS)


def _without_label(features: ChangeFeatures, atoms: Sequence[Atom]) -> list[Atom]:
    """What it says behind `In short:`."""
    labels = features.lexicon.lists.get("summaries", frozenset())
    return [atom for atom in atoms if labels.isdisjoint(atom.key.split())]


def _says_all(text: str, part: Sequence[Atom], wanted: set[str], words: Lexicon) -> bool:
    """Is every fact and word of the one in the other, with the same force, roles and numbers?"""
    whole, values_in_it = _said_by(text, words.language)
    if not wanted <= values_in_it:
        return False
    values = [atom.value for atom in whole]
    if _forces(whole) != _forces(part) or any(atom.kind in (Kind.OPAQUE, Kind.LINK) for atom in part):
        return False
    missing = Counter(atom.value for atom in part) - Counter(values)
    if set(missing) - UNSAID:
        return False
    return _in_order(whole, part) and all(
        _bounds_the_same(values, part, at) for at, atom in enumerate(part) if atom.kind is Kind.QUANTITY
    )


def _forces(atoms: Sequence[Atom]) -> list[str]:
    """Words of force, of direction and what parts alternatives."""
    kinds = (Kind.FORCE, Kind.DIRECTION, Kind.QUALIFIER)
    return sorted(atom.value for atom in atoms if atom.kind in kinds or atom.value == "or")


def _in_order(whole: Sequence[Atom], part: Sequence[Atom]) -> bool:
    """Do those who are named come in the same order?"""
    rest = iter([atom.value for atom in whole if atom.kind in IN_ORDER and atom.value != "we"])
    return all(atom.value in rest for atom in part if atom.kind in IN_ORDER and atom.value != "we")


def _bounds_the_same(values: Sequence[str], part: Sequence[Atom], at: int) -> bool:
    """Does the number stand behind the same words in both?"""
    before = {atom.value for atom in part[max(0, at - NEAR) : at]} - UNSAID
    places = (place for place, value in enumerate(values) if value == part[at].value)
    return any(before <= set(values[max(0, place - NEAR) : place]) for place in places)


RESTATING = (
    Proof(
        "restates",
        ANY,
        restates,
        "A sentence came or went that only says again what another one in the same section says, or a summary of one.",
        "# Chats\n\nWe keep your chats for 30 days. Hello.",
        "# Chats\n\n*In short: we keep chats for 30 days.*\n\nWe keep your chats for 30 days. Hello.",
    ),
)

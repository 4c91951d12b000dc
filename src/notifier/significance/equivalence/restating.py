"""A proof on sentences that only say again what another one says: summaries, introductions, do and don't lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import ANY, Proof
from notifier.significance.reading.alignment import WordRun, spoken
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.reading.sentence_spans import sentences_in
from notifier.significance.sentence_pair import side_of
from notifier.text.document import BlockKind, Document

SAYING = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
IN_ORDER = frozenset({Kind.PARTY, Kind.NAME, Kind.PLACE})
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
    document, other = features.texts.diff.after, features.texts.diff.before
    if not side.is_new:
        document, other = other, document
    is_summary = features.sentence_classes["summary"] > 0 or features.follows_summary
    staying = _sentences(features, other, None if is_summary else side.section)
    here = {text for text, _ in _sentences(features, document, None if is_summary else side.section)}
    return any(text in here and text != side.text and _says_all(atoms, said) for text, atoms in staying)


def _sentences(
    features: ChangeFeatures, document: Document, section: tuple[str, ...] | None
) -> Iterator[tuple[str, tuple[Atom, ...]]]:
    for block in document.blocks:
        if block.kind in SAYING and (section is None or block.section == section):
            for span in sentences_in(document, block):
                side = side_of(document, span, features.lexicon, is_new=False)
                yield side.text, spoken(side.atoms)


def _without_label(features: ChangeFeatures, atoms: Sequence[Atom]) -> list[Atom]:
    """What it says behind `In short:`."""
    labels = features.lexicon.lists.get("summaries", frozenset())
    return [atom for atom in atoms if labels.isdisjoint(atom.key.split())]


def _says_all(whole: Sequence[Atom], part: Sequence[Atom]) -> bool:
    """Is every fact and word of the one in the other, with the same force, roles and numbers?"""
    values = [atom.value for atom in whole]
    if _forces(whole) != _forces(part) or any(atom.kind in (Kind.OPAQUE, Kind.LINK) for atom in part):
        return False
    missing = Counter(atom.value for atom in part) - Counter(values)
    if set(missing) - {"we", "and"}:
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
    before = {atom.value for atom in part[max(0, at - NEAR) : at]} - {"we", "and"}
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

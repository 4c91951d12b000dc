"""Proofs that two sentences say the same: each explains the very difference in facts that it may, and no other.

First those that look at a whole pair, then those for a single run of words, then those on the order of what is left.
What no proof explains stays, and is judged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from notifier.diff import Layer
from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.asides import ASIDES
from notifier.significance.equivalence.elsewhere import ELSEWHERE
from notifier.significance.equivalence.modals import MODALS
from notifier.significance.equivalence.order import ORDER
from notifier.significance.equivalence.proof import Proof
from notifier.significance.equivalence.reaching import REACHING
from notifier.significance.equivalence.references import REFERENCES
from notifier.significance.equivalence.renamed_terms import RENAMES
from notifier.significance.equivalence.restating import RESTATING
from notifier.significance.equivalence.spelling import CELLS, ENCODING, FIGURES, SPELLING
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Atom

WHOLE: tuple[Proof, ...] = (*ASIDES, *ELSEWHERE, *RESTATING, ENCODING, FIGURES)
OF_RUNS: tuple[Proof, ...] = (*REFERENCES, *RENAMES, *SPELLING, CELLS, *MODALS, *REACHING)
PROOFS: tuple[Proof, ...] = (*WHOLE, *OF_RUNS, *ORDER)
RELATIVES = frozenset(("who", "whose", "whom", "which", "qui", "dont", "quien", "quienes", "cuyo", "cuya"))
"""Words that open a clause on what stands before them; where the grammar asks for the comma anyway, it says nothing."""
ONE = re.compile(r"\b(?:an?|ein|eine[nmrs]?|une?|una|een)\s+(?:[\w-]+\s+)?\Z", re.IGNORECASE)
"""What says of the next noun that there is one of it."""
LAYERS = {Layer.LINKS: "link-target", Layer.MARKUP: "markup", Layer.TYPOGRAPHY: "typography"}
"""What a pair is called in which no word differs."""


@dataclass(frozen=True, slots=True)
class Equivalence:
    """What was proven of a pair: by which rules, and which runs no proof explains."""

    rules: tuple[str, ...]
    unexplained: tuple[WordRun, ...] = ()


def prove(features: ChangeFeatures) -> Equivalence:
    """What of a pair's differences is explained, and what is not."""
    runs = features.runs
    if not any(run.atoms for run in runs):
        hidden = _parted_clause(features) or _turned_verb(features) or _turned_number(features)
        return Equivalence((), (hidden,)) if hidden else Equivalence((_written_otherwise(features),))
    if features.is_moved_to_another_list or not features.is_read:
        return Equivalence((), runs)
    for proof in WHOLE:
        if proof.holds(features, runs):
            return Equivalence((proof.name,))
    left, rules = _one_by_one(features, runs)
    if left:
        whole = next((proof for proof in ORDER if proof.holds(features, left)), None)
        if whole is not None:
            return Equivalence((*rules, whole.name))
    return Equivalence(tuple(dict.fromkeys(rules)), tuple(left))


def _parted_clause(features: ChangeFeatures) -> WordRun | None:
    """The comma that came or went before who or which: the clause held for some of them, and holds for all now."""
    if not features.pair.is_reworded or not features.binds:
        return None
    old, new = (_commas_before_relatives(features, side.atoms) for side in features.pair.sides)
    return None if len(old) == len(new) else WordRun(tuple(old), tuple(new), 0, 0)


def _turned_verb(features: ChangeFeatures) -> WordRun | None:
    """The verb that is done to somebody now who did it, or the reverse: `users are notified`, `users notify`."""
    pairs = enumerate(zip(features.old, features.new, strict=False))
    for at, (one, other) in pairs if features.pair.is_reworded else ():
        if one.key != other.key and _is_done_to(features, one, new=False) != _is_done_to(features, other, new=True):
            return WordRun((one,), (other,), at, at)
    return None


def _turned_number(features: ChangeFeatures) -> WordRun | None:
    """The noun of which there was one and may be many now, or the reverse: `on a device`, `on devices`."""
    if not features.pair.is_reworded or not features.binds:
        return None
    before, after = (side.text for side in features.pair.sides)
    for at, (one, other) in enumerate(zip(features.old, features.new, strict=False)):
        if one.value == other.value and before[one.start : one.end] != after[other.start : other.end]:
            was, now = (ONE.search(text[: atom.start]) for text, atom in ((before, one), (after, other)))
            if (was is None) != (now is None):
                return WordRun((one,), (other,), at, at)
    return None


def _is_done_to(features: ChangeFeatures, verb: Atom, *, new: bool) -> bool:
    """Does a form of `to be` stand before a verb in the past, with small words between at most?"""
    copula = features.lexicon.lists.get("copula", frozenset())
    side = features.pair.sides[new]
    before = [atom for atom in side.atoms if atom.start < verb.start][-2:]
    return not verb.key.endswith("ing") and any(atom.key in copula for atom in before)


def _commas_before_relatives(features: ChangeFeatures, atoms: Sequence[Atom]) -> list[Atom]:
    relatives = features.lexicon.lists.get("relatives", frozenset()) & RELATIVES
    return [one for one, next_one in pairwise(atoms) if one.value == "," and next_one.key in relatives]


def _one_by_one(features: ChangeFeatures, runs: Sequence[WordRun]) -> tuple[list[WordRun], list[str]]:
    left, rules = [], []
    for run in runs:
        proof = next((proof for proof in OF_RUNS if proof.holds(features, (run,))), None)
        if proof is None:
            left.append(run)
        else:
            rules.append(proof.name)
    return left, rules


def _written_otherwise(features: ChangeFeatures) -> str:
    """Why two sentences say the same of which every atom is the same."""
    layer = LAYERS.get(features.pair.layer)
    if layer is not None:
        return layer
    if any(
        side.text != "" and not atoms
        for side, atoms in zip(features.pair.sides, (features.old, features.new), strict=True)
    ):
        return "numbering"
    pairs = list(zip(features.old, features.new, strict=True))
    if all(one.key == other.key for one, other in pairs):
        return "same-words"
    is_synonym = any(one.key != other.key and features.lexicon.are_synonyms(one.key, other.key) for one, other in pairs)
    return "synonym" if is_synonym else "word-form"

"""Proofs on words of force that say the same: `shall`, `must` and a plain `will`; all and every."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import Proof
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Atom, Kind

FORCE = frozenset({Kind.FORCE})
BARE = frozenset(("you", "u", "je", "jij", "vous"))
"""Who is told to do something by a verb that is the same, or has lost an ending, when nobody is named."""
NOTHING_ELSE = frozenset({Kind.WORD, Kind.TERM, Kind.NAME, Kind.PARTY})
PARTING = re.compile(r"[.;:,!?]|\b(?:if|unless|except|but|and|or|only|than)\b", re.IGNORECASE)
"""What may stand between a `not` and what it says nothing of."""
THEY = frozenset(("they", "he", "she", "ils", "elles", "ellos", "ellas", "zij", "ze", "hij", "sie", "er"))
"""Who does it, and is neither we nor the reader."""
SAME = (
    frozenset({"shall", "must"}),
    frozenset({"shall", "will"}),
    frozenset({"each", "all"}),
    frozenset({"any", "each"}),
)
DUTY = frozenset({"must", "obliged"})
"""They say the same where nothing is denied: `no debe pagar` forbids, `no tiene que pagar` does not."""

COUNTING = frozenset(("each", "all", "any"))
"""Words by which a sum is for one of them, or for all together."""


def is_same_force(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    return all(_is_same(features, run) for run in runs)


def _is_same(features: ChangeFeatures, run: WordRun) -> bool:
    values = frozenset(atom.value for atom in run.atoms)
    if len(run.removed) == len(run.added) == 1:
        if values & COUNTING and any(atom.kind is Kind.QUANTITY for atom in features.new):
            return False  # `5 euros for each order`, `5 euros for all orders`
        if values == DUTY:
            return not is_denied(features)
        return values in SAME or (values == {"not", "except"} and any(atom.key == "but not" for atom in run.atoms))
    if values == {"any"} and len(run.atoms) == 1:
        return _is_none(features, run)
    if values == {"may"} and len(run.atoms) == 1:
        return _is_unable(features, run)
    if _has_happened(features.pair.before.atoms) != _has_happened(features.pair.after.atoms):
        return False  # `we will delete it`, `we have deleted it`
    if features.sentence_classes["topic.security"]:
        return False  # `we encrypt it`, `we will encrypt it`
    return values in ({"will"}, {"shall"}) and len(run.atoms) == 1 and not _is_asked(features, run)


def _is_none(features: ChangeFeatures, run: WordRun) -> bool:
    """Is `any` said where it is denied anyway: `not for any illegal purpose`, `not for illegal purposes`?"""
    sides = (
        (features.pair.before.text, features.old, run.old_at, len(run.removed)),
        (features.pair.after.text, features.new, run.new_at, len(run.added)),
    )
    for text, atoms, at, size in sides:
        before, behind = atoms[:at], atoms[at + size : at + size + 1]
        denied = next((atom for atom in reversed(before) if atom.value in ("not", "never")), None)
        if denied is None or not behind or not NOTHING_ELSE.issuperset(one.kind for one in behind):
            return False
        if PARTING.search(text[denied.end : behind[0].start]) or before[-1] is denied:
            return False
    return True


def is_denied(features: ChangeFeatures) -> bool:
    return any(atom.value in ("not", "never") for side in (features.old, features.new) for atom in side)


def _is_unable(features: ChangeFeatures, run: WordRun) -> bool:
    """Is what follows `not` on one side and `unable to` on the other: `you may not use it`?"""
    behind = (features.old[run.old_at + len(run.removed) :][:1], features.new[run.new_at + len(run.added) :][:1])
    keys = [atom.key for side in behind for atom in side if atom.value == "not"]
    return len(keys) == len(behind) and ("able" in keys[bool(run.removed)])


def _has_happened(atoms: Sequence[Atom]) -> bool:
    return any(atom.key in ("have", "has", "had") for atom in atoms)


def _is_asked(features: ChangeFeatures, run: WordRun) -> bool:
    """Is it the customer who will do it? Then `will` is an order."""
    before = features.old[: run.old_at] if run.removed else features.new[: run.new_at]
    party = next((atom for atom in reversed(before) if atom.kind is Kind.PARTY), None)
    return party is not None and party.value != "we"


def is_order(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Is it an order to the reader with `you must` in front, or without: `You must not share it`, `Do not share it`?

    Or with `you` alone, where the verb is the same: `U bewaart de bon`, `Bewaar de bon`.
    """
    if is_said_of_others(features):
        return False  # `you bear the loss`, `they bear the loss`
    if all(_is_bare(features, run) for run in runs):
        return True
    orders = features.lexicon.lists.get("orders", frozenset())
    return features.lexicon.language == "en" and all(
        run.old_at == run.new_at == 0
        and not (run.removed and run.added)
        and [atom.key for atom in run.atoms][:1] == ["you"]
        and [atom.value for atom in run.atoms][1:] in (["must"], ["shall"])
        and _orders(features, run, orders)
        for run in runs
    )


def _is_bare(features: ChangeFeatures, run: WordRun) -> bool:
    """Is a `you` at the beginning all that came or went, before the same verb without a word of force?

    A Dutch verb loses its `t` with it: `U meldt verlies`, `Meld verlies`.
    """
    short, long = sorted((run.removed, run.added), key=len)
    if run.old_at or run.new_at or len(long) != len(short) + 1 or long[0].key not in BARE:
        return False
    verbs = [
        spoken[bool(side is long) :][:1] for spoken, side in ((features.old, run.removed), (features.new, run.added))
    ]
    if len(short) > 1 or not all(verb and verb[0].kind in (Kind.TERM, Kind.WORD) for verb in verbs):
        return False
    return not short or (features.lexicon.language == "nl" and long[1].key == f"{short[0].key}t")


def is_said_of_others(features: ChangeFeatures) -> bool:
    """Is it said of them now what was said of you or us, or the reverse?"""
    one, other = (
        (
            sum(atom.value in ("we", "you") for atom in side.atoms),
            sum(atom.kind is Kind.GLUE and atom.key in THEY for atom in side.atoms),
        )
        for side in features.pair.sides
    )
    return (one[0] - other[0]) * (one[1] - other[1]) < 0


def _orders(features: ChangeFeatures, run: WordRun, orders: frozenset[str]) -> bool:
    """Does the other side begin with what is to be done, or not?"""
    first = (features.new if run.removed else features.old)[:1]
    return bool(first) and (
        first[0].value == "not" or "duty_verb" in features.lexicon.of(first[0].key) or first[0].key in orders
    )


MODALS = (
    Proof(
        "order",
        frozenset({Kind.PARTY, Kind.FORCE, Kind.WORD, Kind.TERM}),
        is_order,
        "An order to the reader is said with `you must`, or without.",
        "You must not share your password.",
        "Do not share your password.",
    ),
    Proof(
        "same-force",
        FORCE,
        is_same_force,
        "Another word of the same force: shall and must, shall and will, all and every; or a `will` of the company.",
        "The tenant shall pay the rent.",
        "The tenant must pay the rent.",
    ),
)

"""Differences in direction: before or after, with or without, in or out, lawful or unlawful."""

from __future__ import annotations

from notifier.significance.equivalence.spelling import is_opposite
from notifier.significance.facts.clearly import is_charged, is_other_time
from notifier.significance.facts.plainly import is_free_or_paid
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Kind
from notifier.significance.rule import Rule
from notifier.significance.unexplained import Difference
from notifier.text.document import BlockKind

GRAMMAR = frozenset(("by", "to", "from", "with"))
"""Words that a slip of grammar leaves out, too."""
SEQUEL = frozenset(("thereafter", "subsequently", "afterwards"))
"""Words that say no more than `then` does."""
MORE = 10
"""Words with a meaning of their own that change, at most, where one of them is turned round."""
BESIDE = 2
"""Words with a meaning of their own that belong to a word of direction."""
OPPOSITES = frozenset(
    frozenset(pair)
    for pair in (
        ("before", "after"), ("with", "without"), ("from", "to"), ("by", "to"), ("inside", "outside"),
        ("opt-in", "opt-out"), ("turn-on", "turn-off"), ("free", "paid"), ("free", "charged"), ("free", "no-extra"),
        ("more-than", "less-than"),
        ("at-least", "at-most"), ("at-least", "latest"), ("more-than", "at-most"), ("less-than", "at-least"),
        ("yes", "not"),
        ("include", "except"), ("from", "with"), ("with", "by"), ("if", "unless"), ("only", "not"), ("all", "some"),
        ("before", "until"), ("after", "until"), ("each", "some"), ("always", "never"),
    )
)  # fmt: skip


def is_direction(difference: Difference) -> bool:
    return difference.differs(Kind.DIRECTION)


def is_reversed(difference: Difference) -> bool:
    """Did one of two opposites give way to the other?"""
    if not difference.is_small:
        return False
    return (
        any(_are_opposite(run, len(difference.runs)) for run in difference.runs)
        or _is_exchanged(difference)
        or _is_alone(difference)
    )


def _is_alone(difference: Difference) -> bool:
    """Is it all that changed in one place, with a word or two that belong to it: `after a warning`?"""
    if len(difference.runs) != 1 or difference.features.kind is BlockKind.HEADING:
        return False
    if all(atom.key in SEQUEL for atom in difference.atoms):
        return False
    is_one_sided, run = difference.is_one_sided, difference.runs[0]
    if is_one_sided and run.atoms[-1].value in GRAMMAR:
        return False  # `yours`, `belong to you`
    if [atom.value for atom in run.removed] == [atom.value for atom in run.added]:
        return False  # what stands beside it hides the difference: `are free`, `cost nothing`
    if {atom.value for atom in difference.atoms} == {"free", "not"}:
        return False  # `nothing for orders over 60`, `free for orders over 60`
    if not difference.content and {atom.value for atom in difference.atoms} <= GRAMMAR and is_one_sided:
        return False
    return len(difference.content) <= (BESIDE if is_one_sided else 0)


def _are_opposite(run: WordRun, runs: int) -> bool:
    """Do two opposites stand in each other's place; of `by`, `to`, `from` and `with` alone: `paid by you`, `to you`?"""
    found = [{one.value, other.value} for one in run.removed for other in run.added]
    is_alone = runs == 1 and len(run.atoms) == 2
    return any(pair in OPPOSITES and (is_alone or not pair <= GRAMMAR) for pair in found)


def _is_exchanged(difference: Difference) -> bool:
    """Do the same words of direction stand in each other's place?"""
    old, new = difference.values(Kind.DIRECTION)
    if any(max(len(run.removed), len(run.added)) > BESIDE for run in difference.runs):
        return False
    return len(difference.runs) > 1 and len(set(old)) > 1 and sorted(old) == sorted(new)


def is_turned_round(difference: Difference) -> bool:
    """Did a word give way to its opposite, by a beginning or an end that turns it round or by another word?"""
    return difference.is_reworded and any(_holds_opposites(difference, run) for run in difference.runs)


def _holds_opposites(difference: Difference, run: WordRun) -> bool:
    known = difference.features.lexicon.lists.get("opposites", frozenset())
    return any(
        is_opposite(one.key, other.key) or not known.isdisjoint((f"{one.key}/{other.key}", f"{other.key}/{one.key}"))
        for one, other in zip(run.removed, run.added, strict=False)
        if (one.key + other.key).replace(" ", "").isalpha()
    )


def is_plainly_turned_round(difference: Difference) -> bool:
    """Is it one of a few words that changed, or does one word stand alone in the place of its opposite?"""
    if difference.is_small:
        return True
    ones = [run for run in difference.runs if len(run.removed) == len(run.added) == 1]
    return len(difference.content) <= MORE and any(_holds_opposites(difference, run) for run in ones)


DIRECTION = (
    Rule(
        "direction",
        is_direction,
        "A word such as before, after, with, without, from or to came, went or gave way to another.",
        "We tell you before a change takes effect.",
        "We tell you after a change takes effect.",
        lambda difference: (
            is_reversed(difference)
            or (is_direction(difference) and is_free_or_paid(difference))
            or is_charged(difference)
            or is_other_time(difference)
        ),
    ),
    Rule(
        "opposite",
        is_turned_round,
        "A word gave way to its opposite: un-, non-, in-, -less, allowed and forbidden, first and last.",
        "Fees are refundable.",
        "Fees are non-refundable.",
        is_plainly_turned_round,
    ),
)

"""Differences in words that are no known fact: in a sentence of which the rest stayed, one word is enough."""

from __future__ import annotations

from notifier.significance.facts.clearly import (
    consent_changed,
    consent_is_gone,
    is_another_matter,
    is_clause_of_a_matter,
    is_counted_otherwise,
    is_grave,
    is_multiplied,
    is_no_money,
    is_other_name,
    is_reckoned_otherwise,
    is_sum_said,
    is_word_of_a_matter,
)
from notifier.significance.facts.plainly import (
    is_cell,
    is_gone_alone,
    is_hedged,
    is_named_again,
    is_other_matter,
    is_word_alone,
)
from notifier.significance.facts.swaps import (
    is_limit_lost,
    is_opened,
    is_other_of_a_kind,
    is_other_seat,
    is_put_for_another,
    is_ranked_otherwise,
)
from notifier.significance.reading.atoms import Kind
from notifier.significance.rule import Rule
from notifier.significance.topic_names import TOPICS
from notifier.significance.unexplained import Difference

MEANT = frozenset({Kind.TERM, Kind.WORD, Kind.NAME})
FILLERS = frozenset(("note", "order", "period", "periods", "terms", "o"))
"""Words that come and go without a meaning: `in order to`, `under the terms of`, an `o` that stands for a bullet."""


def _is_meant(difference: Difference) -> bool:
    words = [atom for atom in difference.atoms if atom.kind in MEANT and atom.value not in FILLERS]
    if difference.is_one_sided and all(atom.kind is Kind.NAME for atom in words) and not _is_named(difference):
        return False
    features = difference.features
    if features.only_points and not any(difference.classes[mark] for mark in POINTED):
        return False  # where to read on is called otherwise
    return bool(words) and not (features.speaks_of_the_text or features.sentence_classes["thanks"])


POINTED = (*(f"topic.{topic}" for topic in TOPICS), "duty_verb", "party", "we", "you")
"""What a pointer may say, too: what is to be done, and where, with what."""


def _is_named(difference: Difference) -> bool:
    """Is someone named where others are named who receive something, or behind with, to, by or from?"""
    if difference.features.names_others or difference.features.is_in_list:
        return True
    old, new = difference.features.old, difference.features.new
    before = [(old, run.old_at) if run.removed else (new, run.new_at) for run in difference.runs]
    return any(at > 0 and atoms[at - 1].kind in (Kind.DIRECTION, Kind.SEPARATOR) for atoms, at in before)


def is_swapped(difference: Difference) -> bool:
    """Did a word give way to another in a sentence of which the rest stayed?"""
    return difference.is_small and _is_meant(difference) and bool(difference.removed and difference.added)


def is_bent(difference: Difference) -> bool:
    """Did a word or two come into, or go from, what someone does, may or must do?"""
    return difference.is_small and difference.is_one_sided and _is_meant(difference)


def is_practice_swapped(difference: Difference) -> bool:
    """Does someone do something else with it now?"""
    return (
        is_swapped(difference) and difference.removed_classes["duty_verb"] + difference.added_classes["duty_verb"] > 0
    )


def is_verb_swapped(difference: Difference) -> bool:
    """Did one verb that is known give way to another, and nothing else?"""
    gone, come = (
        [atom for atom in side if atom.kind is not Kind.FORCE] for side in (difference.removed, difference.added)
    )
    if len(difference.runs) != 1 or len(gone) != 1 or len(come) != 1 or _is_near(difference):
        return False
    return (
        difference.features.says and difference.removed_classes["duty_verb"] * difference.added_classes["duty_verb"] > 0
    )


def _is_near(difference: Difference) -> bool:
    """Is it a word that many write for the other, though it promises less: `removed`, `deleted`?"""
    return frozenset(atom.value for atom in difference.atoms) in NEAR


def is_topic_swapped(difference: Difference) -> bool:
    """Was another kind of data, recipient, purpose or measure named in what someone does?"""
    topics = sum(count for name, count in difference.classes.items() if name.startswith("topic."))
    return (is_swapped(difference) or is_bent(difference)) and topics > 0 and difference.features.says


def is_data_kind(difference: Difference) -> bool:
    """Did a kind of data come into what someone does with it, or go from it?"""
    does = difference.features.sentence_classes["duty_verb"] > 0 and difference.features.says
    is_one = difference.is_one_stretch or (difference.is_small and difference.is_one_sided)
    return is_one and does and difference.classes["topic.data_collection"] > 0


NEAR = frozenset(
    frozenset(pair)
    for pair in (
        ("delete", "remov"),
        ("hold", "keep"),
        ("log", "record"),
        ("löschen", "entfern"),
        ("gelöscht", "entfernt"),
    )
)
SWAPS = (
    is_grave, is_cell, is_other_matter, is_another_matter, is_limit_lost, is_other_seat, is_no_money, is_multiplied,
    is_sum_said, is_counted_otherwise, is_reckoned_otherwise, is_other_name, is_word_of_a_matter,
    is_put_for_another, is_other_of_a_kind, is_ranked_otherwise, is_opened,
)  # fmt: skip
BENT = (is_word_alone, is_gone_alone, is_hedged, is_clause_of_a_matter, is_multiplied, is_sum_said)
WORDING = (
    Rule(
        "consent",
        consent_changed,
        "Somebody's consent or permission is asked for in one of the two only.",
        "We ask for your permission before we use your photos.",
        "We may use your photos for other purposes.",
        consent_is_gone,
    ),
    Rule(
        "data-kind",
        is_data_kind,
        "A kind of data came into what someone does with it, or went from it.",
        "We collect your name.",
        "We collect your name and your phone number.",
        is_data_kind,
    ),
    Rule(
        "practice-swapped",
        is_practice_swapped,
        "What someone does gave way to something else.",
        "We share your data.",
        "We sell your data.",
        is_verb_swapped,
    ),
    Rule(
        "topic-named",
        is_topic_swapped,
        "Another kind of data, recipient, purpose or measure is named in what someone does.",
        "We collect your name.",
        "We collect your name and your phone number.",
    ),
    Rule(
        "word-swapped",
        is_swapped,
        "A word gave way to another that is not known to say the same.",
        "We store only hashed passwords.",
        "We store only cached passwords.",
        lambda difference: (
            difference.features.is_read
            and is_swapped(difference)
            and not _is_near(difference)
            and any(is_so(difference) for is_so in SWAPS)
        ),
    ),
    Rule(
        "statement-bent",
        is_bent,
        "A word or two came into a sentence, or went from it.",
        "We keep recordings of calls.",
        "We keep recordings of long calls.",
        lambda difference: (
            is_bent(difference) and not is_named_again(difference) and any(is_so(difference) for is_so in BENT)
        ),
    ),
)

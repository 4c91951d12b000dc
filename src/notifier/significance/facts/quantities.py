"""Differences in quantities: money, percentages, periods, days, times, ages, counts, versions."""

from __future__ import annotations

import re

from notifier.significance.equivalence.reaching import is_phone_number
from notifier.significance.equivalence.references import cites_otherwise
from notifier.significance.facts.clearly import is_counted_otherwise
from notifier.significance.facts.plainly import is_one_thing
from notifier.significance.facts.swaps import is_one_of_several
from notifier.significance.reading.atoms import Kind
from notifier.significance.rule import Rule
from notifier.significance.unexplained import Difference

MONEY, PERIOD = re.compile("money "), re.compile("duration |rate ")
DATE = re.compile(r"date |(?:19|20)\d\d$")
CLAUSE = re.compile(r"\d+\.\d+(?:\.|[a-z])")
"""The number of a clause, as it stands before its words."""
YEAR = re.compile(r"(?:19|20)\d\d$")
CITED = re.compile(r"\b(?:regulation|directive|iso|iec|§|article|art|act|rfc)\b", re.IGNORECASE)
"""What a number names, rather than counts."""


def _quantities(difference: Difference) -> tuple[list[str], list[str]]:
    return difference.values(Kind.QUANTITY) if difference.is_reworded else ([], [])


def is_cross_reference(difference: Difference) -> bool:
    """Is another section of this text cited, and nothing else?"""
    return difference.is_reworded and all(cites_otherwise(difference.features, run) for run in difference.runs)


def is_money(difference: Difference) -> bool:
    old, new = _quantities(difference)
    return any(MONEY.match(value) for value in old + new)


def is_period(difference: Difference) -> bool:
    old, new = _quantities(difference)
    return any(PERIOD.match(value) for value in old + new)


def is_date(difference: Difference) -> bool:
    old, new = _quantities(difference)
    return bool(old or new) and all(DATE.match(value) for value in old + new)


def is_count(difference: Difference) -> bool:
    """Another number that counts something."""
    old, new = _quantities(difference)
    if is_cross_reference(difference):
        return False
    return any(not (MONEY.match(value) or PERIOD.match(value) or DATE.match(value)) for value in old + new)


def is_replaced(difference: Difference) -> bool:
    """Did one quantity give way to another, and little else, in a place that no law or address is named in?"""
    old, new = _quantities(difference)
    if not (old and new) or not _is_other(difference) or not difference.is_small or _is_address(difference):
        return False
    if is_period(difference) and any(YEAR.match(value) for value in old + new):
        return False  # `for over twenty years`, `since 1999`
    if all(atom.kind in (Kind.QUANTITY, Kind.FORCE) for atom in difference.features.new):
        return difference.features.is_in_list  # a line of numbers alone is a counter on a page
    if difference.features.sentence_classes["support"] and all(is_phone_number(atom) for atom in difference.atoms):
        return False
    return not CITED.search(difference.features.pair.side.text)


def _is_address(difference: Difference) -> bool:
    street = difference.features.lexicon.lists.get("streets", frozenset())
    return not street.isdisjoint(difference.features.words)


def is_new_amount(difference: Difference) -> bool:
    """Did a sum come into a sentence, or go, or change?"""
    return is_money(difference) and difference.is_small and _is_other(difference)


def _is_other(difference: Difference) -> bool:
    """Is it another quantity, and not the same at another place: `for a year, we repair`, `we repair for a year`?"""
    old, new = _quantities(difference)
    return sorted(old) != sorted(new)


def is_counted(difference: Difference) -> bool:
    """Did a number come into what somebody does, or go from it, alone or with a word: `the first copy`?"""
    if not difference.is_one_sided or not is_one_thing(difference, 1):
        return False
    if any(CLAUSE.match(atom.key) for atom in difference.atoms):
        return False
    return difference.features.binds or difference.features.is_in_list or len(difference.features.new) > 1


def is_term(difference: Difference) -> bool:
    old, new = _quantities(difference)
    return is_replaced(difference) or (
        bool(old or new)
        and difference.is_small
        and _is_other(difference)
        and (difference.features.binds or _is_dearer(difference))
    )


def _is_dearer(difference: Difference) -> bool:
    """Did a period come behind a sum, or go: `$15`, `$15 a day`?"""
    return difference.is_one_sided and any(MONEY.match(atom.value) for atom in difference.features.new)


def is_timed(difference: Difference) -> bool:
    """Did a period give way to another word for when, or the reverse: `at once`, `within ten days`?"""
    old, new = _quantities(difference)
    is_span = any(value.startswith("duration ") for value in old + new)  # a rate is said in many ways: `and month`
    return is_span and bool(old) != bool(new) and is_one_thing(difference)


def is_deadline(difference: Difference) -> bool:
    classes = difference.features.sentence_classes
    is_bound = classes["binding"] + classes["deadline"] + classes["duty_verb"] > 0
    is_of_the_text = classes["instrument"] + classes["date_line"] + classes["transitional"] > 0
    is_told = is_bound or (is_one_thing(difference) and not is_of_the_text and len(difference.features.new) > 2)
    return is_replaced(difference) and is_told


QUANTITIES = (
    Rule(
        "money",
        is_money,
        "A sum of money changed.",
        "The fee is $5.",
        "The fee is $7.",
        is_new_amount,
    ),
    Rule(
        "period",
        is_period,
        "A period or a deadline changed.",
        "Chats are kept for 30 days.",
        "Chats are kept for forty days.",
        lambda difference: is_term(difference) or is_timed(difference) or is_counted_otherwise(difference),
    ),
    Rule(
        "figure",
        is_count,
        "Another number: a percentage, an age, a count, a size, a time, a version.",
        "You must be 13 or older.",
        "You must be 16 or older.",
        lambda difference: is_replaced(difference) or is_counted(difference) or is_one_of_several(difference),
    ),
    Rule(
        "cross-reference",
        is_cross_reference,
        "Another section is cited: its number changed, or it stands and another section has that number now.",
        "The cap does not apply to section 3.\n\n## 2. Fees\n\n## 3. Harm",
        "The cap does not apply to section 2.\n\n## 2. Fees\n\n## 3. Harm",
    ),
    Rule(
        "date",
        is_date,
        "A day changed that is not the document's own.",
        "The offer that we made to you ends on May 1, 2024, whatever happens.",
        "The offer that we made to you ends on June 1, 2024, whatever happens.",
        is_deadline,
    ),
)

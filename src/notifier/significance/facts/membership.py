"""Differences in membership: what an enumeration, a list or a table holds, and what is said above it."""

from __future__ import annotations

from collections.abc import Sequence

from notifier.significance.change_features import LINKS_ONLY
from notifier.significance.facts.clearly import is_known_member, is_listed_alone, is_the_only_change
from notifier.significance.facts.force import NEGATIONS
from notifier.significance.facts.plainly import is_member_alone, is_plain, names
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.rule import Rule
from notifier.significance.unexplained import Difference
from notifier.text.document import BlockKind

CLEARLY_ONE = 4
"""Words of one member, so that nothing else can have changed."""
SHORT = 8
"""Words with a meaning of their own."""
CLEAR_TOPICS = tuple(
    f"topic.{topic}"
    for topic in (
        "data_collection", "sharing", "subprocessors", "purpose", "rights_choices", "retention", "security",
        "transfers", "user_obligations", "children_age", "fees_refunds", "ai_training", "liability_warranty",
    )
)  # fmt: skip
"""Topics on which everybody wants to know what an enumeration holds."""


def is_member_of_enumeration(difference: Difference) -> bool:
    """Did something come into an enumeration, or go from it?"""
    return difference.is_reworded and difference.features.is_enumeration and any(_one_sided(difference))


def _one_sided(difference: Difference) -> list[bool]:
    meant = (Kind.TERM, Kind.WORD, Kind.NAME, Kind.PARTY, Kind.PLACE)
    before, after = (side.atoms for side in difference.features.pair.sides)
    return [
        any(atom.kind in meant for atom in run.atoms)
        and not (run.removed and run.added)
        and _is_between(before if run.removed else after, run.atoms)
        for run in difference.runs
    ]


def _is_between(sentence: Sequence[Atom], member: Sequence[Atom]) -> bool:
    """Does it stand between commas, or beside an `and` or `or`, in a sentence with several?"""
    starts = [atom.start for atom in sentence if atom.kind is not Kind.GLUE]
    plain = [atom for atom in sentence if atom.kind is not Kind.GLUE]
    parted = [atom.kind is Kind.SEPARATOR and atom.value in (",", "and", "or") for atom in plain]
    if sum(parted) < (2 if all(atom.kind is not Kind.SEPARATOR for atom in member) else 1):
        return False
    low, high = starts.index(member[0].start), starts.index(member[-1].start)
    inner = member[0].kind is Kind.SEPARATOR or member[-1].kind is Kind.SEPARATOR
    return inner or parted[low - 1 : low] == [True] or parted[high + 1 : high + 2] == [True]


def is_promised(difference: Difference) -> bool:
    """Does the enumeration say what someone does, may or must do, in a matter that everybody asks about?"""
    features = difference.features
    return (
        is_member_of_enumeration(difference)
        and len(difference.content) <= CLEARLY_ONE
        and sum(1 for run in difference.runs if run.kinds - {Kind.SEPARATOR}) == 1
        and difference.has(Kind.TERM)
        and features.says
        and any(features.sentence_classes[topic] + features.heading_classes[topic] for topic in CLEAR_TOPICS)
        and not features.sentence_classes["example"]
    )


def _is_plain_member(difference: Difference) -> bool:
    return is_member_of_enumeration(difference) and is_member_alone(difference)


def is_member_of_all(difference: Difference) -> bool:
    """Did a member without a name of its own come into an enumeration, or go, and did nothing else change?"""
    is_one = difference.is_one_sided and is_the_only_change(difference) and not names(difference)
    return is_one and difference.is_reworded and is_plain(difference)


def is_member(difference: Difference) -> bool:
    """Did something short come into a list or table, or go?"""
    features = difference.features
    return (
        not difference.is_reworded
        and features.is_in_list
        and 0 < len(difference.content) <= SHORT
        and not LINKS_ONLY.match(features.pair.side.text)
    )


def is_listed(difference: Difference) -> bool:
    """Does what introduces the list say what someone must or must not do, or what we or you do?"""
    features = difference.features
    classes = features.list_intro_classes
    if not is_member(difference) or features.is_about_the_text or features.pair.in_move or classes["pointer"]:
        return False
    if features.texts.is_ranked(features.pair.side):
        return False
    does = classes["duty_verb"] * (classes["we"] + classes["you"])
    return bool(classes["must"] + classes["negation"] + does)


def is_moved_to_another_list(difference: Difference) -> bool:
    """Does it stand in a list of another kind now?"""
    features = difference.features
    if features.is_moved_to_another_list:
        return True
    is_bound = not difference.is_reworded and (features.refers_back or features.is_referred_to)
    if is_bound and features.texts.other_says(features.pair.side):
        return True  # `This does not apply to invoices` stands behind another sentence now
    if not is_member(difference):
        return False
    elsewhere = features.texts.context_elsewhere(features.pair.side)
    return elsewhere is not None and elsewhere != features.texts.context(features.pair.side)


def is_lead(difference: Difference) -> bool:
    """Did the introduction of a list come, go or change places with it, so that its items stand below another one?"""
    pair, texts = difference.features.pair, difference.features.texts
    return not pair.is_reworded and not difference.features.is_in_list and texts.leads_otherwise(pair.side)


def is_said_otherwise(difference: Difference) -> bool:
    """Is the one list of what is so, and the other of what is not?"""
    features = difference.features
    if not is_moved_to_another_list(difference):
        return False
    texts, pair = features.texts, features.pair
    here = texts.context(pair.side)
    there = texts.context(pair.before) if pair.is_reworded else texts.context_elsewhere(pair.side)
    if there is None:
        return False
    return not NEGATIONS.isdisjoint(set(here) ^ set(there))


def is_row_or_listed(difference: Difference) -> bool:
    """Is it a row of a table on a matter that everybody asks about, or a member of a list of what is so?"""
    features = difference.features
    if features.kind is not BlockKind.TABLE_ROW or not is_member(difference):
        return is_listed(difference) or _is_on_a_list(difference)
    above, inside = features.list_intro_classes + features.heading_classes, features.sentence_classes
    is_asked = len(difference.content) <= CLEARLY_ONE + 1 and any(above[t] + inside[t] for t in CLEAR_TOPICS)
    return is_asked or is_plain(difference)


def _is_on_a_list(difference: Difference) -> bool:
    """Is it a few words on a list whose lead speaks of what everybody asks about, and no order of steps?"""
    features = difference.features
    led = features.list_intro_classes
    is_led = any(led[topic] for topic in CLEAR_TOPICS) and not features.sentence_classes["duty_verb"]
    is_kept = not features.texts.is_ranked(features.pair.side) and not features.pair.in_move
    return is_led and is_kept and len(difference.content) <= CLEARLY_ONE and is_plain(difference)


MEMBERSHIP = (
    Rule(
        "member-of-enumeration",
        is_member_of_enumeration,
        "Something came into an enumeration, or went from it.",
        "You have the right to see, correct or erase your data.",
        "You have the right to see or correct your data.",
        lambda difference: (
            is_promised(difference)
            or _is_plain_member(difference)
            or is_known_member(difference)
            or (is_member_of_enumeration(difference) and is_member_of_all(difference))
        ),
    ),
    Rule(
        "list-member",
        is_member,
        "Something was put on a list or into a table, or taken off it.",
        "You may not sell:\n\n* tobacco",
        "You may not sell:\n\n* tobacco\n* alcohol",
        lambda difference: is_row_or_listed(difference) or is_listed_alone(difference),
    ),
    Rule(
        "list-lead",
        is_lead,
        "Another introduction stands above a list.",
        "We never collect:\n\n* names",
        "* names",
        lambda difference: is_lead(difference) and difference.has_values(NEGATIONS),
    ),
    Rule(
        "other-list",
        is_moved_to_another_list,
        "Something stands in a list now of which another thing is said, or it speaks of another rule before it.",
        "We collect:\n\n* names\n\nWe never collect:\n\n* photos\n* locations",
        "We collect:\n\n* names\n* locations\n\nWe never collect:\n\n* photos",
        is_said_otherwise,
    ),
)

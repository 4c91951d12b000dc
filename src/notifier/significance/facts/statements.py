"""Sentences that came or went: duties, permissions, practices, promises, rules on what a text covers."""

from __future__ import annotations

from notifier.significance.equivalence.asides import BOUND
from notifier.significance.equivalence.elsewhere import is_audience
from notifier.significance.facts.clearly import is_said_alone, is_sentence_gone_alone
from notifier.significance.facts.force import MODALS, NEGATIONS
from notifier.significance.facts.plainly import allows, counts, denies, promises
from notifier.significance.reading.atoms import Kind
from notifier.significance.reading.link_addresses import is_mail
from notifier.significance.rule import Rule
from notifier.significance.unexplained import Difference
from notifier.text.document import BlockKind

GRAVE = ("topic.sharing", "topic.ai_training", "topic.disputes_law", "topic.liability_warranty", "topic.fees_refunds",
         "topic.retention", "topic.children_age", "topic.transfers", "topic.data_collection")  # fmt: skip
"""Topics on which a new sentence, or one gone, is told without asking."""


def _came_or_went(difference: Difference) -> bool:
    return not difference.is_reworded and difference.is_really_new and not _is_aside(difference)


def _is_aside(difference: Difference) -> bool:
    """Does it speak of the text itself, offer help, or send the reader elsewhere without a must?"""
    features, classes = difference.features, difference.features.sentence_classes
    if features.speaks_of_the_text:
        return True
    if features.only_points and not classes["must"] + classes["negation"]:
        return not any(classes[topic] for topic in BOUND)
    return bool(classes["support"] and classes["topic.contact_channel"] and not classes["must"])


def is_duty(difference: Difference) -> bool:
    return _came_or_went(difference) and difference.features.says_duty


def is_practice(difference: Difference) -> bool:
    return (
        _came_or_went(difference)
        and difference.features.says_practice
        and not (difference.features.sentence_classes["pointer"] and not difference.features.is_pointer)
        and not difference.features.only_points
    )


def is_right_gone(difference: Difference) -> bool:
    """Did a sentence go by which the reader may do something, and does nothing like it stand elsewhere?"""
    features, classes = difference.features, difference.features.sentence_classes
    if not features.pair.is_deletion or not is_duty(difference) or features.is_about_the_text:
        return False
    return bool(classes["you"] and classes["may"] and not classes["negation"] + classes["limit"])


def is_grave(difference: Difference) -> bool:
    classes = difference.features.sentence_classes
    if not is_practice(difference) or difference.features.praises or classes["summary"]:
        return False
    return bool(classes["we"]) and bool(
        classes["negation"] + classes["limit"] or any(classes[topic] for topic in GRAVE)
    )


def has_contact(difference: Difference) -> bool:
    is_there = difference.has(Kind.CONTACT) or any(
        is_mail(link.target) for side in difference.features.links for link in side
    )
    return not difference.is_reworded and is_there and not difference.features.sentence_classes["support"]


def is_way(difference: Difference) -> bool:
    return not difference.is_reworded and difference.features.is_way_to_act


def says_something(difference: Difference) -> bool:
    """Does it hold a word of force, a promise, a definition or something that is done, whoever does it?"""
    if not _came_or_went(difference) or difference.features.kind is BlockKind.HEADING:
        return False
    if difference.features.is_about_the_text or difference.features.praises:
        return False
    forces = {atom.value for atom in difference.atoms if atom.kind is Kind.FORCE}
    done = difference.features.sentence_classes["duty_verb"] + difference.features.sentence_classes["defines"]
    return bool(forces & SAYS or done or difference.has(Kind.QUALIFIER))


def is_heading_over_old_text(difference: Difference) -> bool:
    """Did a heading come or go that names for whom something holds, over text that stays: it holds for others now?"""
    features = difference.features
    if difference.is_reworded or features.kind is not BlockKind.HEADING:
        return False
    return is_audience(features, difference.runs) and features.texts.is_over_old_text(features.pair.side)


def is_scope(difference: Difference) -> bool:
    classes = difference.features.sentence_classes
    return (
        _came_or_went(difference)
        and difference.features.pair.is_insertion
        and classes["instrument"] > 0
        and classes["topic.scope"] > 0
        and not difference.features.is_about_the_text
    )


def has_quantity(difference: Difference) -> bool:
    """Does it hold a number with a unit, or a number in what someone does?"""
    old, new = difference.values(Kind.QUANTITY)
    return _came_or_went(difference) and any(" " in value and not value.startswith("date") for value in old + new)


def is_of_its_own(difference: Difference) -> bool:
    """Did a whole sentence come or go that says something, whatever that is, and not of the text itself?"""
    if not _came_or_went(difference) or difference.features.kind is BlockKind.HEADING:
        return False
    features = difference.features
    if (features.is_about_the_text and not features.only_points) or features.praises:
        return False
    return len(difference.content) >= SOMETHING


SOMETHING = 2
"""Words with a meaning of their own in a sentence that says something."""
SAYS = NEGATIONS | MODALS | frozenset(("only", "each", "all", "any", "at-least", "at-most", "latest", "unless", "if"))
STATEMENTS = (
    Rule(
        "practice",
        is_practice,
        "A sentence that says what someone does came or went.",
        "Hello.",
        "Hello. We collect names.",
        is_grave,
    ),
    Rule(
        "duty",
        is_duty,
        "A sentence that says what someone may or must do came or went.",
        "Hello.",
        "Hello. You must pay.",
        lambda difference: is_right_gone(difference) or (is_duty(difference) and allows(difference)),
    ),
    Rule(
        "quantity-said",
        has_quantity,
        "A sentence with a sum, a period or a number came or went.",
        "Hello.",
        "Hello. Deliveries take 30 days.",
        lambda difference: has_quantity(difference) and counts(difference),
    ),
    Rule(
        "way-said",
        is_way,
        "A link came or went by which a reader does something, or a line that is nothing but a link.",
        "Hello.",
        "Hello. Click [here](https://example.org/x) to cancel.",
    ),
    Rule(
        "contact-said",
        has_contact,
        "A sentence with an e-mail address that is no general support came or went.",
        "Hello.",
        "Hello. Requests go to rights@example.org.",
    ),
    Rule(
        "statement",
        says_something,
        "A sentence came or went that says of nobody by name what is, may or must be done.",
        "Hello.",
        "Hello. All laptops are encrypted.",
        lambda difference: says_something(difference) and any(says(difference) for says in (denies, allows, promises)),
    ),
    Rule(
        "heading-said",
        is_heading_over_old_text,
        "A heading came or went that names for whom the text below it holds.",
        "## Trial accounts\n\nWe keep chats.\n\nHello.",
        "We keep chats.\n\nHello.",
    ),
    Rule(
        "scope-said",
        is_scope,
        "A sentence is new that says to whom or what a contract or policy applies.",
        "Hello.",
        "Hello. This policy applies to visitors.",
    ),
    Rule(
        "sentence",
        is_of_its_own,
        "Any other sentence came or went that no proof explains: what it says, nobody here knows.",
        "Hello.",
        "Hello. Insurance ends at the border.",
        lambda difference: (
            is_of_its_own(difference)
            and any(is_so(difference) for is_so in (denies, promises, is_sentence_gone_alone, is_said_alone))
        ),
    ),
)

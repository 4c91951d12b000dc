"""Proofs on sentences that bind nobody: further reading, banners about the text, thanks, languages, a vendor gone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifier.significance.change_features import LINKS_ONLY, ChangeFeatures
from notifier.significance.equivalence.proof import ANY, WORDS, Proof
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.reading.sentence_spans import block_at
from notifier.text.document import BlockKind

TO_TERMS = re.compile(
    r"://[^)\s]{0,500}(?:terms|polic(?:y|ies)|legal|licen[cs]e|agreement|addendum|eula|dpa)", re.IGNORECASE
)
POINTING = WORDS | {Kind.PARTY, Kind.QUALIFIER, Kind.FORCE, Kind.DIRECTION, Kind.PLACE, Kind.LINK}
HARMLESS_FORCE = frozenset(
    ("may", "might", "if", "about", "other", "more", "should", "encouraged", "aim", "some", "several", "selected",
     "particular", "a-few", "any", "all", "each", "more-than")
)  # fmt: skip
"""Words of force in `for more information, you can see our guide`."""
BOUND = ("topic.rights_choices", "topic.contact_channel", "topic.subprocessors", "topic.fees_refunds")
"""Topics on which even a pointer may be the way to do something."""
ACTED_ON = ("topic.rights_choices", "topic.retention", "topic.enforcement_termination", "topic.fees_refunds")
"""Topics of pages on which somebody does something: `/delete-my-data`."""
ADDRESS_WORD = re.compile(r"[a-z]{3,}")
HELD = ("topic.fees_refunds", "topic.service_level", "topic.rights_choices", "topic.liability_warranty")
"""Topics on which a banner may hold something for a while."""
NAME = 4
MARGIN = 6
"""Characters of markup before and behind the words of an item."""
UNDATED = re.compile(r"(?:\b(?:on|of|from|am|vom|le|du|el|op|van)|:)\s*[*_.)]*$")
"""What stands before the document's date, which is left out of what is compared: `This notice was revised on .`"""
STAMPED = frozenset(("from", "on", "date", "last", "version"))
MOSTLY = 0.6


def is_further_reading(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """A whole sentence that only sends the reader elsewhere: no duty, no contract that binds, no way to use a right."""
    classes = features.sentence_classes
    if features.pair.is_reworded or not features.only_points or features.says_practice or features.is_way_to_act:
        return False
    if classes["binding"] and classes["instrument"]:
        return False
    forces = {atom.value for run in runs for atom in run.atoms if atom.kind is Kind.FORCE}
    return forces <= HARMLESS_FORCE and not any(classes[topic] for topic in BOUND)


def is_banner_gone(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """Did a note at the top go that spoke of the text itself: of another version of it, or when it takes effect?"""
    classes = features.sentence_classes
    if not (features.pair.is_deletion and features.is_near_top) or _promises_notice(features):
        return False
    if any(classes[topic] for topic in HELD):
        return False  # `for existing users the old price holds until then`
    dated = any(atom.value.startswith("date ") for atom in features.old)
    if classes["transitional"]:
        return bool(dated or classes["instrument"])
    return bool(dated and classes["upcoming"] and classes["instrument"])


def _promises_notice(features: ChangeFeatures) -> bool:
    """Does it say how long before a change somebody is told: that holds for the next one, too?"""
    return any(atom.kind is Kind.QUANTITY and atom.value.startswith(("duration ", "money ")) for atom in features.old)


def is_thanked(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Did someone come into a list of people who are thanked, or go?"""
    if features.pair.is_reworded or features.kind is not BlockKind.LIST_ITEM or features.says:
        return False
    atoms = [atom for run in runs for atom in run.atoms]
    if features.sentence_classes["duty_verb"]:
        return False
    return len(atoms) <= NAME and features.heading_classes["thanks"] + features.list_intro_classes["thanks"] > 0


def is_vendor_off_the_list(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    return (
        features.pair.is_deletion
        and features.is_in_list
        and _lists_others(features)
        and not features.says_duty
        and not features.sentence_classes["negation"]
        and not _lists_measures(features)
    )


def _lists_measures(features: ChangeFeatures) -> bool:
    """Does it stand in a list of what others must have or do: `each signs:`, `| Safeguard | Detail |`?"""
    intro, lead = features.list_intro_classes, features.texts.list_intro(features.pair.side).rstrip(" *_")
    names_others = intro["topic.subprocessors"] + intro["topic.sharing"] + intro["company"]
    is_said_so = lead.endswith(":") and not names_others
    return bool(is_said_so or intro["topic.security"] or features.heading_classes["topic.security"])


def _lists_others(features: ChangeFeatures) -> bool:
    """Is it a row among those who receive data, or a name in a list of vendors?"""
    if features.kind is BlockKind.TABLE_ROW:
        return features.names_others
    if features.says or not _is_whole_item(features):
        return False
    above = features.list_intro_classes["topic.subprocessors"] + features.heading_classes["topic.subprocessors"]
    return bool(above or features.sentence_classes["company"]) and any(atom.is_capital for atom in features.old)


def _is_whole_item(features: ChangeFeatures) -> bool:
    """Did the item go as it stood, and not one sentence of it: `Access ends when somebody leaves`?"""
    side = features.pair.side
    block = block_at(features.texts.document_of(side), side.start)
    return block.end - side.end <= MARGIN and side.start - block.start <= MARGIN


def is_language_choice(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Did a choice of languages lose or gain some, and nothing else?"""
    words = [atom.key for run in runs for atom in run.atoms if atom.kind is not Kind.SEPARATOR]
    if not features.names_languages or features.says or not words:
        return False
    named = sum(1 for word in words if "language" in features.lexicon.of(word))
    return named >= MOSTLY * len(words) and all(_offers_the_text(features, side.atoms) for side in features.pair.sides)


def _offers_the_text(features: ChangeFeatures, atoms: Sequence[Atom]) -> bool:
    """Does it name languages, and beside them at most the text: no support in them, and nobody who speaks them?"""
    others = [atom for atom in atoms if atom.has_meaning and "language" not in features.lexicon.of(atom.key)]
    names_text = any(atom.key in features.lexicon.lists.get("documents", ()) for atom in others)
    is_row = not features.pair.side.text.rstrip(" *_").endswith(".") and not features.sentence_classes["support"]
    return is_row or not others or (names_text and len(others) <= NAME)


def is_link_line(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """Is it nothing but the address of a page, and of no contract or policy where others or contracts are named?"""
    if features.pair.is_reworded or links_to_terms(features) or features.is_way_to_act:
        return False
    named = features.lexicon.marks(ADDRESS_WORD.findall(features.pair.side.text.lower()))
    return not named["duty_verb"] and not any(named[topic] for topic in ACTED_ON)


def links_to_terms(features: ChangeFeatures) -> bool:
    """A line that is nothing but a link to a contract or policy, where others or contracts are named."""
    text, classes = features.pair.side.text, features.sentence_classes
    if not LINKS_ONLY.match(text) or TO_TERMS.search(text) is None:
        return False
    if "![" in text or classes["pointer"] + classes["language"]:
        return False
    above = features.heading_classes["instrument"] + features.list_intro_classes["instrument"]
    return bool(features.names_others or above)


def is_stamp_label(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Is it the label of the document's date alone, which stands elsewhere or is left out: `Effective from`?"""
    lists = features.lexicon.lists
    known = lists.get("version_labels", frozenset()) | lists.get("revises", frozenset()) | STAMPED
    if UNDATED.search(features.pair.side.text):
        known |= lists.get("documents", frozenset()) | lists.get("subjects", frozenset())
    sides = [[atom.key for atom in atoms] for atoms in (features.old, features.new)]
    return all(len(side) <= NAME and known.issuperset(side) for side in sides) and bool(runs)


def is_front_matter(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    return features.kind is BlockKind.FRONT_MATTER


ASIDES = (
    Proof(
        "front-matter",
        ANY,
        is_front_matter,
        "Only the file's front matter changed.",
        "---\nlayout: page\n---\n# Terms\n\nHello.",
        "---\nlayout: legal\n---\n# Terms\n\nHello.",
    ),
    Proof(
        "link-line",
        frozenset({Kind.LINK}),
        is_link_line,
        "A line that is nothing but the address of a page came or went.",
        "Hello.",
        "Hello.\n\n<https://example.org/imprint>",
    ),
    Proof(
        "stamp-label",
        WORDS | {Kind.DIRECTION},
        is_stamp_label,
        "The label of the document's own date is another one, or stands alone no longer.",
        "# Terms\n\nEffective from\n\nHello.",
        "# Terms\n\nEffective\n\nHello.",
    ),
    Proof(
        "further-reading",
        POINTING,
        is_further_reading,
        "A sentence that only sends the reader elsewhere came or went.",
        "Hello.",
        "Hello. For more information about paper, see [our guide](https://example.org/paper).",
    ),
    Proof(
        "banner-gone",
        ANY,
        is_banner_gone,
        "A banner about an earlier change of the text is gone.",
        "Until then, the previous version of May 1, 2024 stands.\n\nHello.",
        "Hello.",
    ),
    Proof(
        "thanked",
        WORDS,
        is_thanked,
        "Someone was put on a list of people who are thanked, or taken off it.",
        "Thanks to those who helped:\n\n* Ada",
        "Thanks to those who helped:\n\n* Ada\n* Grace",
    ),
    Proof(
        "recipient-off-the-list",
        ANY,
        is_vendor_off_the_list,
        "A vendor, or another who receives data, was only taken off a list.",
        "# Processors\n\n| Who | Why |\n|---|---|\n| Acme | mail |\n| Zephyr | hosting |",
        "# Processors\n\n| Who | Why |\n|---|---|\n| Acme | mail |",
    ),
    Proof(
        "languages-offered",
        ANY - {Kind.QUANTITY, Kind.FORCE, Kind.CONTACT, Kind.LINK},
        is_language_choice,
        "A language was added to those in which the text is offered, or taken away.",
        "English · Deutsch · Español · Polski",
        "English · Deutsch · Español · Polski · Magyar",
    ),
)

"""Differences in who is named and where people are reached: recipients, companies, addresses, documents."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from notifier.significance.equivalence.asides import links_to_terms
from notifier.significance.equivalence.reaching import RIGHTS, RIGHTS_BOX, is_phone_number
from notifier.significance.equivalence.renamed_terms import LEGAL_FORMS
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.reading.link_addresses import is_mail, is_same_house
from notifier.significance.rule import Rule
from notifier.significance.unexplained import Difference
from notifier.text.document import BlockKind


def is_contact(difference: Difference) -> bool:
    return difference.is_reworded and (difference.has(Kind.CONTACT) or is_phone(difference))


def is_phone(difference: Difference) -> bool:
    return any(is_phone_number(atom) for atom in difference.atoms)


def is_where_to_write(difference: Difference) -> bool:
    is_other = bool(difference.removed and difference.added)
    return is_contact(difference) and is_other and _is_for_rights(difference)


def _is_for_rights(difference: Difference) -> bool:
    """Does it stand where rights are used, notices served or complaints made, or is the mailbox named for that?"""
    features = difference.features
    if any(features.sentence_classes[topic] + features.heading_classes[topic] for topic in RIGHTS):
        return not features.sentence_classes["support"]
    return any(RIGHTS_BOX.search(atom.key) for atom in difference.atoms if atom.kind is Kind.CONTACT)


def is_address(difference: Difference) -> bool:
    """Did a number or a name change beside the name of a street, in a sentence with a house number?"""
    if not difference.is_reworded or difference.features.sentence_classes["authority"]:
        return False
    changed = {atom.start for atom in difference.atoms if atom.kind in (Kind.QUANTITY, Kind.NAME, Kind.WORD)}
    streets = difference.features.lexicon.lists.get("streets", frozenset())
    return any(
        atom.is_capital and atom.key in streets and _is_beside(side, at, changed)
        for side in (difference.features.old, difference.features.new)
        for at, atom in enumerate(side)
    )


def _is_beside(side: Sequence[Atom], at: int, changed: set[int]) -> bool:
    near = side[max(0, at - 4) : at + 6]
    return any(atom.kind is Kind.QUANTITY for atom in near) and any(atom.start in changed for atom in near)


def is_link(difference: Difference) -> bool:
    return difference.is_reworded and difference.has(Kind.LINK)


def is_other_house(difference: Difference) -> bool:
    """Does a list of those who receive data stand at another house now?"""
    links = [(run.removed[0].value, run.added[0].value) for run in difference.runs if run.old_at < 0]
    classes = difference.features.sentence_classes
    text = difference.features.texts.diff.before.text
    is_of_others = classes["topic.subprocessors"] + classes["topic.sharing"] > 0
    return is_of_others and len(links) == len(difference.runs) and any(not is_same_house(*pair, text) for pair in links)


def is_mailbox(difference: Difference) -> bool:
    """Do letters go to another mailbox, and is it no general support?"""
    boxes = [atom.value for atom in difference.atoms if atom.kind is Kind.LINK]
    return bool(boxes) and all(is_mail(box) for box in boxes) and not difference.features.sentence_classes["support"]


def changes_company(difference: Difference) -> bool:
    """Did a name change that stands right before a legal form, or the form?"""
    if not difference.is_reworded:
        return False
    changed = {id(atom) for atom in difference.atoms}
    for side in (difference.features.old, difference.features.new):
        for one, other in pairwise(side):
            if other.key in LEGAL_FORMS and other.is_capital and (id(one) in changed or id(other) in changed):
                return one.is_capital
    return False


def is_other_company(difference: Difference) -> bool:
    """Has it another legal form, too, or is it another one all through where it is said who is responsible?"""
    forms = [{atom.key for atom in side} & LEGAL_FORMS for side in (difference.removed, difference.added)]
    has_other_form = bool(forms[0] and forms[1]) and forms[0] != forms[1]
    if not changes_company(difference) or not difference.removed:
        return False
    return has_other_form or _is_replaced(difference)


def _is_replaced(difference: Difference) -> bool:
    """Did the whole name of who is responsible, or party to the contract, give way to another one, here alone?"""
    classes = difference.features.sentence_classes
    if not classes["controls"] or len(difference.runs) != 1 or not difference.added or not difference.is_small:
        return False
    counts = difference.features.texts.changed_counts
    gone = [atom.key for atom in difference.removed if atom.is_capital and atom.key not in LEGAL_FORMS]
    return bool(gone) and all(counts[word] == -1 for word in gone)


def new_names(difference: Difference) -> list[str]:
    """Names that the old text never says."""
    return [
        atom.key
        for atom in difference.added
        if (atom.kind is Kind.NAME or (atom.is_capital and _is_entry(difference)))
        and not difference.features.texts.was_heard(atom.key)
    ]


def _is_entry(difference: Difference) -> bool:
    """Is it a row or an item that is no whole sentence?"""
    return difference.features.is_in_list and len(difference.content) <= ENTRY and not difference.features.says


def is_recipient(difference: Difference) -> bool:
    """Is someone new named where those are named who receive data?"""
    return (
        difference.features.names_others
        and bool(new_names(difference))
        and not difference.features.is_about_the_text
        and not difference.features.is_table_head
    )


def is_recipient_kind(difference: Difference) -> bool:
    """Did a kind of recipient, or a way to hand data on, come into what someone does, or go from it?"""
    changed = difference.classes["topic.sharing"] + difference.classes["topic.subprocessors"]
    is_one = difference.is_one_stretch or (difference.is_small and difference.is_one_sided)
    return is_one and changed > 0 and difference.features.says


def is_recipient_swapped(difference: Difference) -> bool:
    """Does someone else receive it now: another name or another kind of people behind `with`, `to` or `by`?"""
    if len(difference.runs) != 1 or not (difference.removed and difference.added):
        return False
    classes, run = difference.features.sentence_classes, difference.runs[0]
    before = difference.features.old[run.old_at - 1] if run.old_at > 0 else None
    hands_on = classes["topic.sharing"] + classes["topic.subprocessors"] + classes["topic.transfers"] > 0
    is_behind = before is not None and before.value in ("with", "to", "by", "we") and before.key not in SUBJECTS
    if difference.features.is_about_the_text or classes["example"]:
        return False
    return hands_on and is_behind and difference.is_small


def is_recipient_clear(difference: Difference) -> bool:
    if not is_recipient(difference) or difference.features.sentence_classes["pointer"]:
        return False
    if difference.features.pair.is_insertion:
        return not difference.features.is_in_list or _is_entry(difference)
    named = {atom.kind for atom in difference.added} <= {Kind.NAME, Kind.SEPARATOR, Kind.WORD}
    classes = difference.features.sentence_classes
    return named and not difference.removed and classes["topic.sharing"] + classes["topic.subprocessors"] > 0


def is_law_or_court(difference: Difference) -> bool:
    """Are disputes decided elsewhere, under another law, or in another way?"""
    features = difference.features
    if not difference.is_small or features.is_about_the_text or not features.sentence_classes["topic.disputes_law"]:
        return False
    is_swapped = bool(difference.removed and difference.added)
    is_own = any(atom.key in features.texts.opening_words for atom in difference.removed if atom.kind is Kind.NAME)
    is_named = (
        is_swapped
        and not (is_own or changes_company(difference))
        and any(atom.kind in (Kind.NAME, Kind.PLACE) for atom in difference.atoms)
    )
    return is_named or difference.classes["topic.disputes_law"] > 0


def is_link_to_terms(difference: Difference) -> bool:
    """Did a line come or go that is nothing but a link to a contract or policy?"""
    return not difference.is_reworded and links_to_terms(difference.features)


def is_title(difference: Difference) -> bool:
    """Does the title name something else now, and not just another word for a policy?"""
    features = difference.features
    if features.kind is not BlockKind.HEADING or not features.is_near_top or not difference.is_reworded:
        return False
    return any(atom.is_capital and "instrument" not in features.lexicon.of(atom.key) for atom in difference.atoms)


SUBJECTS = frozenset(("we", "wir", "nous", "nosotros", "wij"))
"""`We` before a verb; `our` stands before whom it is handed to."""
ENTRY = 10
"""Words with a meaning of their own in a row on a vendor, at most."""
NAMES = (
    Rule(
        "contact-details",
        is_contact,
        "An e-mail address or a telephone number changed that is no general support.",
        "Send notices to legal@example.org.",
        "Send notices to court@example.org.",
        is_where_to_write,
    ),
    Rule(
        "address",
        is_address,
        "A postal address changed.",
        "Write to us at 12 High Street, Leeds.",
        "Write to us at 7 Low Road, Leeds.",
        is_address,
    ),
    Rule(
        "instrument-relinked",
        is_link,
        "The link to a contract, a policy or a right leads to another document, or to another house.",
        "You agree to the [Privacy Notice](https://example.org/legal/mail).",
        "You agree to the [Privacy Notice](https://example.org/legal/radar).",
        lambda difference: is_mailbox(difference) or (is_link(difference) and is_other_house(difference)),
    ),
    Rule(
        "link-to-terms",
        is_link_to_terms,
        "A line came or went that is nothing but a link to a contract or policy.",
        "# Third parties\n\n1. https://example.org/acme/terms",
        "# Third parties\n\n1. https://example.org/acme/terms\n2. https://example.org/zephyr/terms",
    ),
    Rule(
        "company",
        changes_company,
        "The name before a legal form, or the form, changed: another company, or another name of the same.",
        "This is a contract with Acme GmbH.",
        "This is a contract with Zephyr GmbH.",
        is_other_company,
    ),
    Rule(
        "recipient-named",
        is_recipient,
        "Someone is named among those who receive data whom the old text never names.",
        "# Processors\n\n| Who | Why |\n|---|---|\n| Acme | mail |",
        "# Processors\n\n| Who | Why |\n|---|---|\n| Acme | mail |\n| Blue Ltd | hosting |",
        is_recipient_clear,
    ),
    Rule(
        "recipient-swapped",
        is_recipient_swapped,
        "Someone else receives it now.",
        "We share data with our auditors.",
        "We share data with our sponsors.",
        is_recipient_swapped,
    ),
    Rule(
        "recipient-kind",
        is_recipient_kind,
        "A kind of recipient, or a way to hand data on, came into a sentence or went from it.",
        "We share data with processors.",
        "We share data with processors and advertisers.",
        lambda difference: is_recipient_kind(difference) and not difference.features.is_about_the_text,
    ),
    Rule(
        "law-or-court",
        is_law_or_court,
        "Disputes are decided elsewhere, under another law, or in another way.",
        "These terms are governed by the law of Ireland.",
        "These terms are governed by the law of Delaware.",
        is_law_or_court,
    ),
    Rule(
        "document-title",
        is_title,
        "The title names something else.",
        "# Privacy Notice for Mail\n\nHello.",
        "# Privacy Notice for Mail and Radar\n\nHello.",
    ),
)

"""Signs on who is named and where people are reached: recipients, companies, addresses."""

from __future__ import annotations

from itertools import pairwise

from notifier.significance.duties import is_about_the_text, really
from notifier.significance.renames import LEGAL_FORM
from notifier.significance.sign import Sign
from notifier.significance.view import View
from notifier.text.document import BlockKind


def is_name_swap(view: View) -> bool:
    return bool(view.names_gone and view.names_come) and max(len(view.gone), len(view.come)) <= 6 and not view.is_date


def where_to_write(view: View) -> bool:
    if view.is_support:
        return False
    named = view.around["topic.contact_channel"] + view.heading["topic.contact_channel"]
    return view.changes_address or view.changes_phone or bool(view.changes_email and named)


def title_names(view: View) -> bool:
    """Does the title name something else now, and not just another word for a policy?"""
    if view.kind is not BlockKind.HEADING or not view.is_near_top or view.relabels:
        return False
    names = (*view.names_come, *view.names_gone)
    is_generic = all("instrument" in view.lexicon.of(word) for word in names)
    return not is_generic and (view.has_new_name or view.loses_name)


def renames_company(view: View) -> bool:
    """Did a name change that stands right before a legal form?"""
    changed = {*view.names_gone, *view.names_come}
    if not (view.is_reworded and changed):
        return False
    return any(
        word.lower() in changed and form.lower() in LEGAL_FORM and form[0].isupper()
        for side in view.change.sides
        for word, form in pairwise(side.words)
    )


def recipient_came(view: View) -> bool:
    """Does a new sentence or row name someone new among those who receive data, or a kind of those who do?"""
    if not (view.is_new and really(view)) or is_about_the_text(view):
        return False
    return (view.has_new_name and view.names_others) or view.delta["topic.subprocessors"] > 0


NAMED = (
    Sign(
        "address",
        lambda v: v.changes_address,
        "A postal address changed.",
        "Write to us at 12 High Street, Leeds.",
        "Write to us at 7 Low Road, Leeds.",
    ),
    Sign(
        "e-mail-address",
        lambda v: v.changes_email,
        "An e-mail address changed.",
        "Write to privacy@example.org.",
        "Write to dpo@example.org.",
    ),
    Sign(
        "phone",
        lambda v: v.changes_phone,
        "A telephone number changed.",
        "Call us at 1-800-555-0100.",
        "Call us at 1-800-555-0199.",
    ),
    Sign(
        "contact-details",
        lambda v: (v.changes_email or v.changes_address or v.changes_phone) and not v.is_support,
        "An address changed that is no general support.",
        "Send notices to legal@example.org.",
        "Send notices to court@example.org.",
        guards=True,
    ),
    Sign(
        "where-to-write",
        where_to_write,
        "Where people write or call changed, and it is no general support.",
        "Send notices to 12 High Street, Leeds.",
        "Send notices to 7 Low Road, Leeds.",
        compels=True,
    ),
    Sign(
        "legal-form",
        lambda v: v.changes_legal_form,
        "Another company, or another form of company, is named.",
        "This is a contract with Acme Inc.",
        "This is a contract with Acme LLC.",
        guards=True,
    ),
    Sign(
        "company-renamed",
        renames_company,
        "The name before a legal form changed: another company, or another name of the same.",
        "This is a contract with Acme GmbH.",
        "This is a contract with Acme Holding GmbH.",
        guards=True,
    ),
    Sign(
        "new-name",
        lambda v: v.has_new_name,
        "Someone or something is named that the old text never names.",
        "We work with Acme.",
        "We work with Acme and Zephyr.",
    ),
    Sign(
        "name-gone",
        lambda v: v.loses_name,
        "Someone or something is no longer named.",
        "We work with Acme and Zephyr.",
        "We work with Acme.",
    ),
    Sign("name-swapped", is_name_swap, "One name gives way to another.", "We work with Acme.", "We work with Zephyr."),
    Sign(
        "new-recipient",
        lambda v: v.has_new_name and v.names_others and not v.gone,
        "Someone new is named where those are named who receive data.",
        "We share data with Acme.",
        "We share data with Acme and Zephyr.",
        guards=True,
    ),
    Sign(
        "recipient-came",
        recipient_came,
        "A sentence or row is new that names someone new who receives data, or a kind of those who do.",
        "# Processors\n\n| Who | Why |\n|---|---|\n| Acme | mail |",
        "# Processors\n\n| Who | Why |\n|---|---|\n| Acme | mail |\n| Blue Ltd | hosting |",
        compels=True,
    ),
    Sign(
        "recipient-swapped",
        lambda v: v.has_new_name and v.names_others and bool(v.gone) and not v.is_date,
        "Someone else is named where those are named who receive data.",
        "We share data with Acme.",
        "We share data with Zephyr.",
        guards=True,
    ),
    Sign(
        "recipient-gone",
        lambda v: v.loses_name and v.names_others and not v.come,
        "Someone is no longer named where those are named who receive data.",
        "We share data with Acme and Zephyr.",
        "We share data with Acme.",
    ),
    Sign(
        "title-names",
        title_names,
        "The title names something else.",
        "# Privacy Notice for Mail\n\nHello.",
        "# Privacy Notice for Mail and Radar\n\nHello.",
        guards=True,
    ),
    Sign(
        "new-in-enumeration",
        lambda v: v.has_new_name and v.is_in_list and not v.is_date,
        "Something new is named in an enumeration.",
        "This covers Mail, Chat, and Maps.",
        "This covers Mail, Chat, Radar, and Maps.",
    ),
)

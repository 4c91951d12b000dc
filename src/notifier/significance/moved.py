"""Signs of what moved: who, what, when, how much, whether."""

from __future__ import annotations

from notifier.significance.bent import BENT, changes_period
from notifier.significance.duties import DUTIES, differs, is_about_the_text, really
from notifier.significance.listed import LISTED
from notifier.significance.named import NAMED
from notifier.significance.practices import PRACTICES
from notifier.significance.sameness import is_link_to_terms
from notifier.significance.sign import Sign
from notifier.significance.view import View
from notifier.text.document import BlockKind


def changes_modal(view: View) -> bool:
    gone, come = view.removed, view.added
    one_sided = any((gone[name] > 0) != (come[name] > 0) for name in ("may", "must"))
    asks = view.kind is BlockKind.HEADING and view.change.side.sentence.rstrip().endswith("?")
    return view.is_reworded and one_sided and not (view.is_date or asks)


def swaps(view: View, name: str) -> bool:
    return view.is_reworded and view.removed[name] > 0 and view.added[name] > 0


def is_upcoming(view: View) -> bool:
    dated = view.is_date or (view.changes_figure and view.around["month"] > 0)
    return dated and view.around["upcoming"] > 0 and not view.is_posted_date


def bends_place(view: View) -> bool:
    if view.is_date or view.names_languages or not view.others("place"):
        return False
    return view.is_reworded or len(view.content) <= 3


def topic_unheard(view: View) -> bool:
    return any(mark.startswith("topic.") for word in view.unheard for mark in view.lexicon.of(word))


MOVED = (
    Sign(
        "unread-language",
        lambda v: v.is_unread,
        "Words changed in a language that has no rule words.",
        "Croeso i bawb.",
        "Croeso i neb.",
        guards=True,
    ),
    Sign(
        "period-or-amount",
        changes_period,
        "A figure with a unit changed: a period, a size, a count.",
        "Chats are kept for 30 days.",
        "Chats are kept for 60 days.",
        guards=True,
    ),
    Sign(
        "figure",
        lambda v: v.changes_figure,
        "A figure changed.",
        "You must be 13 or older.",
        "You must be 16 or older.",
    ),
    Sign("money", lambda v: v.has_money, "A sum of money changed.", "The fee is $5.", "The fee is $7.", guards=True),
    Sign(
        "modal",
        changes_modal,
        "A word such as may, must or shall came or went.",
        "We delete your account.",
        "We may delete your account.",
        guards=True,
    ),
    Sign(
        "negation",
        lambda v: differs(v, "negation"),
        "A word such as not, never or without came or went.",
        "We do not sell your data.",
        "We do sell your data.",
        guards=True,
    ),
    Sign(
        "quantifier",
        lambda v: v.is_reworded and v.others("quantifier"),
        "A word such as any, only or at least came or went.",
        "We share data with partners.",
        "We share data only with partners.",
    ),
    Sign(
        "exception",
        lambda v: v.is_reworded and v.others("exception"),
        "An exception or a condition came or went.",
        "We keep your data.",
        "We keep your data unless you object.",
    ),
    Sign(
        "and-to-or",
        lambda v: swaps(v, "conjunction"),
        "And became or, or the reverse.",
        "You need a licence and a permit.",
        "You need a licence or a permit.",
        guards=True,
    ),
    Sign(
        "party",
        lambda v: v.is_reworded and v.others("party"),
        "Another party is meant.",
        "Employees may read your files.",
        "Contractors and employees may read your files.",
        guards=True,
    ),
    Sign(
        "we-or-you",
        lambda v: differs(v, "we", "you"),
        "Who is meant changed between the company and the customer.",
        "You bear the cost.",
        "We bear the cost.",
    ),
    Sign(
        "swapped-in-place",
        lambda v: v.is_swapped_in_place,
        "The same words with the parties, or a not, changed about.",
        "We indemnify you against claims.",
        "You indemnify we against claims.",
        guards=True,
    ),
    Sign(
        "place",
        lambda v: v.delta["place"] > 0,
        "A country, state or region changed.",
        "Data is stored in France.",
        "Data is stored in Brazil.",
    ),
    Sign(
        "place-bent",
        bends_place,
        "Where something holds changed: a country, state or region came into a sentence or list, or went.",
        "For users in France, we route requests.",
        "For users, we route requests.",
        guards=True,
    ),
    Sign(
        "law", lambda v: v.delta["law"] > 0, "A law is named, or no longer.", "We follow rules.", "We follow the GDPR."
    ),
    Sign(
        "instrument",
        lambda v: v.delta["instrument"] > 0,
        "A contract, policy or licence is named, or no longer.",
        "Be kind.",
        "Be kind and read the license.",
    ),
    Sign(
        "scope-said",
        lambda v: (
            v.is_new
            and really(v)
            and v.delta["instrument"] > 0
            and v.delta["topic.scope"] > 0
            and not is_about_the_text(v)
        ),
        "A sentence is new that says to whom or what a contract or policy applies.",
        "Hello.",
        "Hello. This policy applies to visitors.",
        compels=True,
    ),
    Sign(
        "instrument-swapped",
        lambda v: swaps(v, "instrument"),
        "One contract, policy or licence gives way to another.",
        "Use is governed by the license.",
        "Use is governed by the addendum.",
    ),
    Sign(
        "instrument-relinked",
        lambda v: v.relinks_instrument,
        "The link to a contract or policy that binds leads to another document.",
        "You agree to the [Privacy Notice](https://example.org/legal/mail).",
        "You agree to the [Privacy Notice](https://example.org/legal/radar).",
        guards=True,
    ),
    Sign(
        "link-to-terms",
        is_link_to_terms,
        "A line came or went that is nothing but a link to a contract or policy.",
        "# Third parties\n\n1. https://example.org/acme/terms",
        "# Third parties\n\n1. https://example.org/acme/terms\n2. https://example.org/zephyr/terms",
        guards=True,
    ),
    Sign(
        "shown-where",
        lambda v: v.changes_condition,
        "The template shows it to others now: a condition around it changed.",
        "You may use {% if plan == 1 %}chat {% endif %}here.",
        "You may use chat here.",
        guards=True,
    ),
    Sign(
        "definition",
        lambda v: "means" in v.change.side.words,
        "The meaning of a defined term changed.",
        '"Device" means a phone.',
        '"Device" means a phone or watch.',
    ),
    Sign(
        "upcoming-date",
        is_upcoming,
        "The date of something announced changed.",
        "# Rules\n\n"
        + "Hello there. " * 60
        + "\n\nThe rule on photographs of strangers in public parks and the rule on drones over "
        "beaches, starting on May 1, 2024, apply to all.",
        "# Rules\n\n"
        + "Hello there. " * 60
        + "\n\nThe rule on photographs of strangers in public parks and the rule on drones over "
        "beaches, starting on July 1, 2024, apply to all.",
        guards=True,
    ),
    Sign(
        "announced",
        lambda v: not v.is_reworded and v.around["upcoming"] > 0 and v.delta["month"] > 0,
        "Something is announced for a day to come.",
        "Hello.",
        "Hello. Starting 1 July 2030, parking is banned.",
    ),
    Sign(
        "topic-unheard-of",
        topic_unheard,
        "A word of a topic is there that the other text does not know.",
        "We keep records.",
        "We encrypt records.",
    ),
    *NAMED,
    *DUTIES,
    *BENT,
    *PRACTICES,
    *LISTED,
)
"""What moved: these are given as reasons."""

"""What a reader sees at a glance and a machine trips over: days, telephone numbers, titles, links, help desks."""

from __future__ import annotations

import pytest

from notifier import compare
from notifier.significance import Certainty, Classification, Significance

FRAME = """\
# Terms of the Harbour Ferry

These terms are between you and Harbour Ferry, and say how we carry people, bicycles and dogs across the bay.

{}

## Tickets

You need a ticket for every crossing, and you show it to the crew when they ask you for it.

{}

## Words of thanks

The crew is happy that you read this far.
"""


def judged(old: str, new: str, frame: str = FRAME) -> Classification:
    """The verdict on a text in which one paragraph, under the tickets, gives way to another."""
    filler = "The ferry is white, and the sea is mostly blue. " * 12
    return compare(frame.format(filler, old), frame.format(filler, new)).classification


def is_clearly_minor(old: str, new: str) -> bool:
    verdict = judged(old, new)
    return (verdict.significance, verdict.certainty) == (Significance.MINOR, Certainty.CLEAR)


SAME_TO_A_READER = {
    "day of the posting, far below": ("Last updated on May 8, 2025", "Last updated on May 25, 2025"),
    "stamp filled in": ("Version:", "Version: October 28, 2025 (latest)"),
    "blank filled in": ("Effective Month Day, Year", "Effective July 15, 2026"),
    "number written out": (
        "You get seven crossings for the price of six.",
        "You get 7 crossings for the price of six.",
    ),
    "bold title": ("We deliver tickets by post.", "**How tickets reach you.** We deliver tickets by post."),
    "heading": ("We deliver tickets by post.", "### Delivery\n\nWe deliver tickets by post."),
    "number run together": ("### 11Children\n\nThey travel free.", "### 11\\. Children\n\nThey travel free."),
    "street written out": ("Lost bags go to 149 Hill St., Leeds.", "Lost bags go to 149 Hill Street, Leeds."),
    "dollars": ("We owe you no more than USD 1000 for a bag.", "We owe you no more than US$1000 for a bag."),
    "another language": ("English · Deutsch · Español · Polski", "English · Deutsch · Español · Polski · Magyar"),
    "someone else thanked": (
        "### Thanks to those who found a leak\n\n* [Ada](https://ada.example)",
        "### Thanks to those who found a leak\n\n* [Ada](https://ada.example)\n* [Grace](https://grace.example)",
    ),
    "stray mailto": (
        "Write to (mailto:[crew@ferry.example](mailto:crew@ferry.example)).",
        "Write to [crew@ferry.example](mailto:crew@ferry.example).",
    ),
    "hidden address": (
        "Write to [\\[email protected\\]](/cdn-cgi/l/email-protection).",
        "Write to [[email protected]](/cdn-cgi/l/email-protection#f4).",
    ),
    "link mended": (
        "Write to [crew@ferry.example](mailto:creww@ferry.example).",
        "Write to [crew@ferry.example](mailto:crew@ferry.example).",
    ),
    "numbered page named": (
        "You agree to the [Rules on Dogs](https://ferry.example/help/1320?guide=no).",
        "You agree to the [Rules on Dogs](https://ferry.example/help/1320/rules-on-dogs).",
    ),
    "page of its own": (
        "You agree to the [Rules on Dogs](https://ferry.example/terms#rules-on-dogs).",
        "You agree to the [Rules on Dogs](https://ferry.example/rules-on-dogs).",
    ),
    "pointer": ("Hello.", "Hello. You can find more on the tides in our [almanac](https://ferry.example/almanac)."),
    "lines broken elsewhere": (
        "Bring your bicycle on board and leave it at the rail.\n\nThe crew ties it there for the crossing.",
        "Bring your bicycle on board and leave it\n\nat the rail. The crew ties it there for the crossing.",
    ),
}


@pytest.mark.parametrize(("old", "new"), SAME_TO_A_READER.values(), ids=SAME_TO_A_READER)
def test_what_a_reader_would_not_call_a_change_is_clearly_minor(old: str, new: str) -> None:
    assert is_clearly_minor(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ask about your data: +46 771-392 00 00", "Ask about your data: +46 852 50 20 20"),
        ("Hello.", "You adhere to the terms of the [Data Processing Agreement](https://ferry.example/here)."),
        (
            "The [Schedule](https://ferry.example/d/1mIz) means the schedule forming part of these terms.",
            "The [Schedule](https://ferry.example/d/9fRq) means the schedule forming part of these terms.",
        ),
        ("Unused credits expire after 365 days.", "We reserve the right to expire unused credits after 365 days."),
        ("A dog pays until March 15 of each year.", "A dog pays until March 30 of each year."),
        ("### Thanks for sailing with us\n\n* Be kind.", "### Thanks for sailing with us\n\n* Be kind.\n* Dogs pay."),
        ("### Prohibited goods\n\n* tobacco\n* eels", "### Prohibited goods\n\n* tobacco"),
        ("We store travel data.", "We store travel data and holiday data."),
        ("You must be 16 to sail alone.", "You must be 18 to sail alone."),
        ("You can opt out in your settings.", "You can opt out by letter."),
        ("We back up the logbook daily.", "We back up the logbook weekly."),
        ("We keep recordings of calls.", "We keep recordings and transcripts of calls."),
        ("You deal with Acme GmbH.", "You deal with Acme Holding GmbH."),
        ("Write to [crew@ferry.example](mailto:crew@ferry.example).", "Write on [ferry.example/crew](/crew)."),
    ],
    ids=[
        "telephone",
        "contract taken on",
        "another schedule",
        "right reserved",
        "day that people go by",
        "rule under thanks",
        "ban lifted",
        "kind of data",
        "age",
        "way to opt out",
        "how often",
        "one more thing kept",
        "another company",
        "e-mail gives way to a page",
    ],
)
def test_what_people_go_by_is_not_taken_for_form(old: str, new: str) -> None:
    assert not is_clearly_minor(old, new)


def test_an_announced_day_at_the_top_is_no_date_of_posting() -> None:
    old = "We’re updating our terms on July 22, 2026.\n\n# Terms\n\nBe kind to the crew, and to other people's dogs.\n"
    verdict = compare(old, old.replace("22", "29")).classification

    assert [reason.rule for reason in verdict.reasons] != ["posted-date"]


def test_a_bare_address_on_a_list_of_contracts_needs_a_look() -> None:
    old = "The terms of others:\n\n1. https://one.example/terms\n2. https://two.example/terms"
    verdict = judged(old, f"{old}\n3. https://three.example/terms")

    assert verdict.significance is Significance.SIGNIFICANT
    assert [(reason.rule, reason.after) for reason in verdict.reasons] == [
        ("link-to-terms", "https://three.example/terms")
    ]


def test_the_contact_of_an_authority_or_a_help_desk_weighs_less_than_our_own() -> None:
    own = judged("Send claims to 12 High Street, Leeds.", "Send claims to 7 Low Road, Leeds.")
    theirs = judged(
        "You may complain to the supervisory authority at 12 High Street, Leeds.",
        "You may complain to the supervisory authority at 7 Low Road, Leeds.",
    )

    assert own.certainty is Certainty.CLEAR
    assert "address" in {reason.rule for reason in own.reasons}
    assert "address" not in {reason.rule for reason in theirs.reasons}


def test_a_topic_is_named_only_where_words_speak_of_it() -> None:
    verdict = judged("The ferry hoots twice.", "The ferry must hoot thrice.")

    assert {reason.topic for reason in verdict.reasons} <= {None, "scope", "user_obligations"}

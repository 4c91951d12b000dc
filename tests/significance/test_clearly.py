"""Kinds of single edits of which anybody would say at once that customers must be told: clear, and not close."""

from __future__ import annotations

import pytest

from notifier import compare
from notifier.significance import Significance

POLICY = (
    "# Privacy\n\n## What we do\n\nOur office stands in Ghent. {} Thank you for reading.\n\n## Who we are\n\nA shop.\n"
)
CLEAR = {
    "a fee where it was free": (
        "You may ask for a copy free of charge.",
        "You may ask for a copy for a reasonable fee.",
    ),
    "a consent that is gone": (
        "We will ask for your permission before using your photos for anything else.",
        "We may use your photos for other purposes.",
    ),
    "another ground than consent": (
        "We use your address for news only with your consent.",
        "We use your address for news until you object.",
    ),
    "arbitration": (
        "You may bring a claim before the courts where you live.",
        "Every dispute is settled by binding arbitration.",
    ),
    "a voucher for money": ("You get a full refund if you cancel.", "You get a voucher if you cancel."),
    "twice as much": ("You pay the daily price.", "You pay twice the daily price."),
    "all for only": ("Only the owner and the walker see the route.", "All members see the route."),
    "a limit to a case": ("We review messages only when somebody reports them.", "We review messages to keep us safe."),
    "another time": ("We charge your card after the walk.", "We charge your card when you book."),
    "a not with its clause": (
        "You are not liable for stolen goods if you report the theft.",
        "You are liable for stolen goods.",
    ),
    "a country more": (
        "We store data in Belgium and Canada.",
        "We store data in Belgium, Canada and the Philippines.",
    ),
    "kept for deleted": ("When you leave, we erase your notes.", "When you leave, we archive your notes."),
    "a member with a name": (
        "We ask for your name, your address and your age.",
        "We ask for your name, your Social Security number, your address and your age.",
    ),
    "a price for each of something else": (
        "The plan costs 6 euros per person.",
        "The plan costs 6 euros per project.",
    ),
    "ours for yours": ("Suggestions are made on your device.", "Suggestions are made on our servers."),
    "a duty that is none": ("A helmet is mandatory.", "A helmet is advised."),
    "a period that runs from something else": (
        "You may return goods within 14 days of delivery.",
        "You may return goods within 14 days of ordering.",
    ),
    "a name for a name": ("Our servers stand in Vienna.", "Our servers stand in Boston."),
    "what either might": ("Either party may end the contract.", "Only we may end the contract."),
    "this and not that": ("We use it for safety, not for marketing.", "We use it for marketing, not for safety."),
    "a member without a name": (
        "You may see, correct, export or erase your data.",
        "You may see, correct or export your data.",
    ),
    "a deed that came alone": ("", "The caterer may watch the cameras."),
    "a list of partners at another house": (
        "We share it only with the partners on [this list](https://shop.example/p).",
        "We share it only with the partners on [this list](https://adclub.example/p).",
    ),
    "a sentence gone": ("We tell you before we engage another company.", ""),
}


@pytest.mark.parametrize("kind", CLEAR)
def test_what_anybody_would_be_told_of_is_clear(kind: str) -> None:
    before, after = (POLICY.format(said) for said in CLEAR[kind])

    found = compare(before, after, language="en")

    assert (found.significance, found.certainty) == (Significance.SIGNIFICANT, "clear")

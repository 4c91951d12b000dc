"""Footnotes: what they are called is no word of a policy; which of them a sentence calls may change what it says."""

from __future__ import annotations

import pytest

from notifier import compare
from notifier.significance import Certainty, Significance

TEXT = """# Privacy Policy

## Sharing

We share your name.[^a] We share your address.[^b]

## Law

The law of Germany applies.

[^a]: Only with your consent.
[^b]: With advertisers.
"""


def renamed(text: str, **names: str) -> str:
    for old, new in names.items():
        text = text.replace(f"[^{old}]", f"[^{new}-]")
    return text.replace("-]", "]")


def test_what_a_footnote_is_called_is_no_word() -> None:
    found = compare(TEXT, renamed(TEXT, a="consent", b="2"))

    assert (found.significance, found.certainty) == (Significance.MINOR, Certainty.CLEAR)


@pytest.mark.parametrize(
    "after",
    [
        TEXT.replace("name.[^a]", "name.[^b]").replace("address.[^b]", "address.[^a]"),
        TEXT.replace("[^a]:", "[^x]:").replace("[^b]:", "[^a]:").replace("[^x]:", "[^b]:"),
        TEXT.replace("name.[^a]", "name.[^b]"),
        TEXT.replace("name.[^a]", "name."),
        TEXT.replace("name.[^a]", "name.").replace("Germany applies.", "Germany applies.[^a]"),
    ],
    ids=["calls swapped", "notes swapped", "both call one", "call gone", "call elsewhere"],
)
def test_a_sentence_that_calls_another_footnote_is_never_clearly_minor(after: str) -> None:
    found = compare(TEXT, after)

    assert found.significance is Significance.SIGNIFICANT
    assert found.reasons[0].section[-1] == "Sharing"


def test_a_footnote_speaks_of_the_section_that_calls_it() -> None:
    found = compare(TEXT, TEXT.replace("With advertisers.", "With advertisers and brokers."))

    assert {reason.section for reason in found.reasons} == {("Privacy Policy", "Sharing")}

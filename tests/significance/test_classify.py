"""What makes a change significant, told as stories an editor would recognise."""

from __future__ import annotations

import pytest

from notifier.diff import diff
from notifier.significance import Certainty, Classification, Significance
from notifier.significance.classifier import classify
from notifier.text.markdown import parse

BASE = """# Privacy Policy

Last updated: May 1, 2024

## What we collect

We collect your name, your email address, and the pages you visit.

## How long we keep it

We keep chat logs for 30 days after the chat ends.

## Sharing

We do not sell your personal data. We share it only with processors that work for us.

| Processor | Purpose | Country |
|---|---|---|
| Acme Hosting | Hosting | Germany |
| Bluebird Mail | Newsletters | Ireland |

## Your rights

You may ask us to delete your data. Write to privacy@chat.example to do so. We may answer within one month.

## Liability

You indemnify us against claims of third parties.
"""


def judged(old: str, new: str, text: str = BASE) -> Classification:
    assert old in text
    return classify(diff(parse(text), parse(text.replace(old, new))))


@pytest.mark.parametrize(
    ("old", "new", "topic"),
    [
        pytest.param("We do not sell", "We do sell", "sharing", id="a dropped not"),
        pytest.param("for 30 days", "for 60 days", "retention", id="30 days become 60"),
        pytest.param("We may answer", "We will answer", "rights_choices", id="may becomes will"),
        pytest.param(
            "| Bluebird Mail | Newsletters | Ireland |",
            "| Bluebird Mail | Newsletters | Ireland |\n| Zephyr Analytics | Profiling of visitors | United States |",
            "subprocessors",
            id="a new processor in a table",
        ),
        pytest.param(
            "You indemnify us against", "We indemnify you against", "liability_warranty", id="parties swapped"
        ),
        pytest.param(
            "privacy@chat.example", "forms@other.example", "contact_channel", id="another address for requests"
        ),
        pytest.param(
            "and the pages", "your precise location, and the pages", "data_collection", id="a new kind of data"
        ),
    ],
)
def test_a_change_of_substance_is_never_called_minor(old: str, new: str, topic: str) -> None:
    verdict = judged(old, new)

    assert verdict.significance is Significance.SIGNIFICANT
    assert topic in {reason.topic for reason in verdict.reasons}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("May 1, 2024", "June 3, 2024", id="the posted date"),
        pytest.param("What we collect", "What we  collect", id="a space"),
        pytest.param("after the chat ends", "after the\nchat ends", id="another line break"),
        pytest.param("We collect your name", "We colect your name", id="a slip of the pen"),
        pytest.param("Last updated", "**Last updated**", id="bold type"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_change_of_form_is_clearly_minor(old: str, new: str) -> None:
    verdict = judged(old, new)

    assert (verdict.significance, verdict.certainty) == (Significance.MINOR, Certainty.CLEAR)


def test_a_reason_cites_words_that_stand_in_the_texts() -> None:
    verdict = judged("for 30 days", "for 60 days")
    reason = verdict.reasons[0]

    assert reason.before == "We keep chat logs for 30 days after the chat ends."
    assert reason.after == "We keep chat logs for 60 days after the chat ends."
    assert (reason.changed_before, reason.changed_after) == ("30 days", "60 days")
    assert reason.section[-1] == "How long we keep it"
    assert reason.line == 11

"""`notifier rules`: each rule in words, with an example."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Notifier

from notifier import compare


def test_a_rule_is_told_in_words_with_an_example(notifier: Notifier) -> None:
    told = notifier("rules", "figure").out

    assert told.startswith("figure: Another number")
    assert "\n  - You must be 13 or older.\n  + You must be 16 or older.\n" in told


def test_all_rules_are_listed(notifier: Notifier) -> None:
    listed = notifier("rules").out.splitlines()
    rules = notifier("rules", "--json").json

    assert len(listed) == len(rules) + 1
    assert {"rule", "says", "before", "after", "never_clearly_minor"} == set(rules[0])


def test_a_mistyped_rule_comes_with_the_nearest(notifier: Notifier) -> None:
    answer = notifier("rules", "figre")

    assert (answer.code, answer.out) == (2, "")
    assert "figre: no such rule; did you mean figure?" in answer.err


BEFORE = "# Privacy\n\nWe keep chats for 30 days.\n\nWe share data with nobody. See [this](https://a.example).\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("30 days", "90 days"),
        ("nobody", "advertisers"),
        ("a.example", "b.example"),
        ("chats", "*chats*"),
        (". ", ".\u00a0"),
    ],
)
def test_the_rule_of_every_reason_can_be_explained(notifier: Notifier, old: str, new: str) -> None:
    rules = {rule["rule"] for rule in notifier("rules", "--json").json}
    reasons = compare(BEFORE, BEFORE.replace(old, new)).reasons

    assert reasons
    assert {reason.rule for reason in reasons} <= rules

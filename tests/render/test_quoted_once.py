"""Where one change is about several things, its words are quoted once."""

from __future__ import annotations

from dataclasses import replace

from notifier.render.quoted_once import quoted_once
from tests.render.notices import reason

SHARING = replace(reason("We share with processors.", "We share with advertisers."), basis="WP260 ¶30")
PURPOSE = replace(SHARING, topic="purpose", basis="WP260 ¶29; WP260 ¶30")


def test_one_change_is_quoted_once_with_everything_it_is_about() -> None:
    other = reason("Kept for 30 days.", "Kept for 60 days.", topic="retention")

    first, second = quoted_once([PURPOSE, other, SHARING])

    assert (first.about, first.basis) == ("purpose, sharing", "WP260 ¶29; WP260 ¶30")
    assert (second.about, second.basis) == ("retention", "")


def test_a_change_without_a_topic_is_called_by_the_rule_that_spoke() -> None:
    [change] = quoted_once([replace(SHARING, topic=None)])
    assert change.about == "a rule"

"""Close calls wait from when they were first seen; the last word on a revision counts."""

from __future__ import annotations

from datetime import timedelta

from notifier.ledger import Ledger
from notifier.ledger.states import RunOutcome
from notifier.significance import Significance
from tests.scenes import NOON

LATER = NOON + timedelta(hours=5)


def test_each_close_call_waits_from_when_it_was_first_seen_until_it_is_seen_no_more(ledger: Ledger) -> None:
    first, second = ("privacy", "abc"), ("terms", "abc")
    ledger.reviews.see([first, second], NOON)
    ledger.reviews.see([first], LATER)
    assert ledger.reviews.first_seen() == {first: NOON}

    ledger.reviews.see([first, second], LATER + timedelta(hours=1))

    assert ledger.reviews.first_seen() == {first: NOON, second: LATER + timedelta(hours=1)}
    ledger.reviews.see([], LATER)
    assert ledger.reviews.first_seen() == {}


def test_the_last_word_counts_and_both_are_on_the_trail(ledger: Ledger) -> None:
    ledger.reviews.decide("abc", Significance.MINOR, "only a synonym", "anna", NOON)
    ledger.reviews.decide("abc", Significance.SIGNIFICANT, "it widens sharing", "ben", LATER)

    decision = ledger.reviews.decision("abc", "privacy")

    assert decision is not None
    assert (decision.significance, decision.decided_by) == (Significance.SIGNIFICANT, "ben")
    assert [entry.who for entry in ledger.audit.entries()] == ["anna", "ben"]
    assert ledger.reviews.decision("other", "privacy") is None


def test_a_run_that_was_killed_is_seen_to_have_no_end(ledger: Ledger) -> None:
    assert ledger.runs.last() is None
    first = ledger.runs.begin(NOON)
    ledger.runs.finish(first, NOON, outcome=RunOutcome.DONE)
    ledger.runs.begin(LATER)

    last = ledger.runs.last()

    assert last is not None
    assert last.finished_at is None
    assert last.started_at == LATER

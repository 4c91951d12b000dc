"""Postings: planned before git is touched, confirmed after, told of once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from notifier.ledger import Ledger
from notifier.significance import Significance
from tests.scenes import NOON, announced, posted, significant_posting


def test_a_planned_posting_is_read_back_whole(ledger: Ledger) -> None:
    posting = significant_posting()
    ledger.postings.plan(posting, {"policies/privacy.md": "b10b"}, NOON)

    (planned,) = ledger.postings.planned()

    assert planned.posting == posting
    assert dict(planned.blobs) == {"policies/privacy.md": "b10b"}
    assert planned.planned_at == NOON


def test_planning_and_confirming_twice_changes_nothing(ledger: Ledger) -> None:
    posting = posted(ledger)
    posted(ledger, posting)
    ledger.postings.confirm(posting.tag, "other", NOON + timedelta(days=1))

    assert ledger.postings.planned() == ()
    assert ledger.postings.unannounced() == (posting,)


def test_a_plan_that_never_reached_git_can_be_dropped_but_a_posting_cannot(ledger: Ledger) -> None:
    posting = significant_posting()
    ledger.postings.plan(posting, {}, NOON)
    ledger.postings.drop(posting.tag)
    assert ledger.postings.planned() == ()

    posted(ledger, posting)
    ledger.postings.drop(posting.tag)
    assert ledger.postings.all() == (posting,)


def test_minor_postings_and_adoptions_are_not_announced(ledger: Ledger) -> None:
    posted(ledger, replace(significant_posting(), significance=Significance.MINOR))
    posted(ledger, replace(significant_posting("terms"), is_adoption=True))

    assert ledger.postings.unannounced() == ()


def test_customers_know_the_last_text_they_were_told_of(ledger: Ledger) -> None:
    adopted = posted(ledger, replace(significant_posting(day=date(2026, 1, 1)), is_adoption=True))
    posted(ledger, replace(significant_posting(day=date(2026, 2, 1)), significance=Significance.MINOR))

    assert ledger.postings.last_announced("privacy") == adopted.tag
    assert ledger.postings.last_announced("terms") is None


def test_a_cancelled_notice_was_not_told_and_is_not_announced_again(ledger: Ledger) -> None:
    adopted = posted(ledger, replace(significant_posting(day=date(2026, 1, 1)), is_adoption=True))
    notice_id = announced(ledger)
    assert ledger.postings.last_announced("privacy") == adopted.tag, "nobody has been told yet"
    ledger.notices.start(notice_id, NOON)
    assert ledger.postings.last_announced("privacy") == significant_posting().tag

    ledger.notices.cancel(notice_id, "anna", NOON)

    assert ledger.postings.last_announced("privacy") == adopted.tag
    assert ledger.postings.unannounced() == ()


def test_an_effective_date_only_ever_moves_later(ledger: Ledger) -> None:
    posting = posted(ledger)

    assert not ledger.postings.delay_effect(posting.tag, posting.effective_on - timedelta(days=1))
    assert not ledger.postings.delay_effect(posting.tag, posting.effective_on)
    assert ledger.postings.delay_effect(posting.tag, posting.effective_on + timedelta(days=3))
    assert ledger.postings.all()[0].effective_on == posting.effective_on + timedelta(days=3)

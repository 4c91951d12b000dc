"""Postings: planned before git is touched, confirmed after, told of once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from notifier.ledger import Ledger
from notifier.policy.timeline import Telling
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
    assert ledger.postings.facts()[posting.tag].telling is Telling.UNANNOUNCED


def test_a_plan_that_never_reached_git_can_be_dropped_but_a_posting_cannot(ledger: Ledger) -> None:
    posting = significant_posting()
    ledger.postings.plan(posting, {}, NOON)
    ledger.postings.drop(posting.tag)
    assert ledger.postings.planned() == ()

    posted(ledger, posting)
    ledger.postings.drop(posting.tag)
    assert ledger.postings.all() == (posting,)


def test_minor_postings_and_adoptions_need_no_telling(ledger: Ledger) -> None:
    posted(ledger, replace(significant_posting(), significance=Significance.MINOR))
    posted(ledger, replace(significant_posting("terms"), is_adoption=True))

    assert {one.telling for one in ledger.postings.facts().values()} == {Telling.NOT_NEEDED}


def test_how_far_a_posting_was_told_follows_its_notice(ledger: Ledger) -> None:
    notice_id = announced(ledger)
    seen = [_telling(ledger)]
    ledger.notices.start(notice_id, NOON)
    seen.append(_telling(ledger))
    ledger.notices.hold(notice_id, "anna", NOON)
    seen.append(_telling(ledger))
    ledger.notices.cancel(notice_id, "anna", NOON)

    assert [*seen, _telling(ledger)] == [Telling.WAITING, Telling.TOLD, Telling.TOLD, Telling.CANCELLED]


def _telling(ledger: Ledger) -> Telling:
    return ledger.postings.facts()[significant_posting().tag].telling


def test_an_effective_date_only_ever_moves_later(ledger: Ledger) -> None:
    posting = posted(ledger)

    assert not ledger.postings.delay_effect(posting.tag, posting.effective_on - timedelta(days=1))
    assert not ledger.postings.delay_effect(posting.tag, posting.effective_on)
    assert ledger.postings.delay_effect(posting.tag, posting.effective_on + timedelta(days=3))
    assert ledger.postings.all()[0].effective_on == posting.effective_on + timedelta(days=3)

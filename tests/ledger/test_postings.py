"""Postings: planned before git is touched, confirmed after, told of once."""

from __future__ import annotations

from datetime import timedelta

from notifier.ledger import Ledger
from notifier.policy.timeline import Telling
from notifier.significance import Significance
from tests.scenes import NOON, NOTICE, announced, frozen, people, posted, significant_posting


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
    posted(ledger, significant_posting()._replace(significance=Significance.MINOR))
    posted(ledger, significant_posting("terms")._replace(is_adoption=True))

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


def test_a_notice_that_was_cancelled_when_it_had_reached_some_has_told_them(ledger: Ledger) -> None:
    frozen(ledger, people(4), batch_size=2)
    first, _ = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=2)
    ledger.attempts.record_accepted(first, NOON)
    ledger.notices.cancel(NOTICE, "anna", NOON)

    assert {one.telling for one in ledger.postings.facts().values()} == {Telling.PARTLY}


def test_what_was_posted_later_never_binds_before_a_text_that_it_contains(ledger: Ledger) -> None:
    first = posted(ledger)
    day = first.effective_on
    later = {
        "2": ("privacy", day + timedelta(days=2), day + timedelta(days=9)),
        "with it": ("privacy", day, day + timedelta(days=9)),
        "long after": ("privacy", day + timedelta(days=20), day + timedelta(days=20)),
        "taken back": ("privacy", day - timedelta(days=9), day - timedelta(days=9)),
        "another": ("terms", day + timedelta(days=2), day + timedelta(days=2)),
    }
    for name, (policy_id, on, _) in later.items():
        posted(ledger, first._replace(tag=f"posted/{policy_id}/{name}", policy_id=policy_id, effective_on=on))

    assert ledger.postings.delay_effect(first.tag, day + timedelta(days=9))

    found = {one.version: one.effective_on for one in ledger.postings.all()}
    assert {name: found[name] for name in later} == {name: then for name, (_, _, then) in later.items()}


def _telling(ledger: Ledger) -> Telling:
    return ledger.postings.facts()[significant_posting().tag].telling


def test_an_effective_date_only_ever_moves_later(ledger: Ledger) -> None:
    posting = posted(ledger)

    assert not ledger.postings.delay_effect(posting.tag, posting.effective_on - timedelta(days=1))
    assert not ledger.postings.delay_effect(posting.tag, posting.effective_on)
    assert ledger.postings.delay_effect(posting.tag, posting.effective_on + timedelta(days=3))
    assert ledger.postings.all()[0].effective_on == posting.effective_on + timedelta(days=3)

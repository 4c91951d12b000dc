"""Which text is in force when, what of it was ever announced, and what a notice sets a text against."""

from __future__ import annotations

from datetime import date

from notifier.policy.posting import Posting
from notifier.policy.timeline import PostingFacts, Telling, Timeline
from notifier.significance import Significance

MARCH = date(2026, 3, 3)


def posting(
    on: date, effective_on: date, *, known: date | None = None, minor: bool = False, restores: str = ""
) -> Posting:
    significance = Significance.MINOR if minor else Significance.SIGNIFICANT
    told = f"posted/privacy/{known}" if known else ""
    return Posting(
        "privacy", "c0ffee", on, effective_on, significance, f"posted/privacy/{on}",
        is_adoption=on == MARCH, compared_with=told, restores=restores,
    )  # fmt: skip


FIRST = posting(MARCH, MARCH)
ADS = posting(date(2026, 11, 24), date(2026, 12, 24), known=MARCH)
FEES = posting(date(2026, 12, 1), date(2026, 12, 31), known=ADS.posted_on)


def told(*postings: Posting) -> Timeline:
    return Timeline(postings, {one.tag: PostingFacts(Telling.TOLD, one.effective_on) for one in postings})


def test_a_text_that_waits_is_carried_by_a_minor_one_on_top_and_comes() -> None:
    typo = posting(date(2026, 11, 26), ADS.effective_on, known=ADS.posted_on, minor=True)
    timeline = told(FIRST, ADS, typo)

    assert timeline.period(1).is_empty
    assert timeline.comes(1)
    assert timeline.carried_by(1) == 2
    assert timeline.in_force(date(2026, 12, 23)) == 0
    assert timeline.in_force(date(2026, 12, 24)) == 2


def test_of_three_texts_in_waiting_each_has_its_days() -> None:
    law = posting(date(2026, 12, 5), date(2027, 1, 4), known=FEES.posted_on)
    timeline = told(FIRST, ADS, FEES, law)

    days = (date(2026, 12, 6), date(2026, 12, 24), date(2026, 12, 31), date(2027, 1, 4))
    assert [timeline.in_force(day) for day in days] == [0, 1, 2, 3]
    assert timeline.set_against(law) == FEES
    assert timeline.meanwhile(law, date(2026, 12, 5)) == (ADS, FEES)
    assert timeline.meanwhile(law, date(2026, 12, 26)) == (FEES,)


def test_what_was_overtaken_on_its_own_day_is_nobodys_before() -> None:
    same_day = posting(date(2026, 11, 24), ADS.effective_on, known=ADS.posted_on)
    timeline = told(FIRST, ADS, same_day._replace(tag=f"{ADS.tag}.2"))

    assert not timeline.comes(1)
    assert timeline.set_against(timeline.postings[2]) == FIRST


def test_what_was_taken_back_was_never_in_force_and_the_text_before_it_always_was() -> None:
    back = posting(date(2026, 12, 2), date(2026, 12, 2), known=FEES.posted_on, restores=FIRST.tag)
    timeline = told(FIRST, ADS, FEES, back)

    assert [timeline.withdrawn_by(at) for at in range(4)] == [None, back, back, None]
    assert not timeline.comes(1)
    assert not timeline.comes(2)
    assert timeline.in_force(date(2026, 12, 1)) == 0
    assert timeline.in_force(date(2026, 12, 31)) == 3
    assert timeline.pending(date(2026, 12, 3)) is None


def test_a_text_in_waiting_that_is_gone_back_to_still_comes() -> None:
    back = posting(date(2026, 12, 2), ADS.effective_on, known=FEES.posted_on, restores=ADS.tag)
    timeline = told(FIRST, ADS, FEES, back)

    assert [timeline.comes(at) for at in range(4)] == [True, True, False, True]
    assert timeline.carried_by(1) == 3
    assert timeline.withdrawn_by(2) == back
    assert timeline.withdrawn_by(1) is None
    assert timeline.in_force(date(2026, 12, 24)) == 3

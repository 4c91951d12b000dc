"""Random chains of postings, held to a simulation day by day: what is in force, what comes, what a notice quotes."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.policy.posting import Posting
from notifier.policy.timeline import PostingFacts, Telling, Timeline
from notifier.significance import Significance

START = date(2026, 3, 1)
NOTICE = 30
LAST = START + timedelta(days=250)


@st.composite
def chains(draw: st.DrawFn) -> Timeline:
    """As runs make them: minor and significant texts a few days apart, and ways back to one that was or waits."""
    postings = [_posting(START, 0, Significance.MINOR, "", is_adoption=True)]
    for number in range(1, draw(st.integers(2, 5))):
        day = postings[-1].posted_on + timedelta(days=draw(st.integers(0, 20)))
        now = _told(postings)
        kind = draw(st.sampled_from(("minor", "significant", "back")))
        here = now.in_force(day)
        waiting = postings[(here or 0) : -1]
        known = now.last_announced
        assert known is not None
        if kind == "back" and waiting:
            kept = draw(st.sampled_from(waiting))
            binds = max(day, kept.effective_on)
            postings.append(_posting(day, number, Significance.SIGNIFICANT, known.tag, binds=binds, restores=kept.tag))
        elif kind == "minor":
            binds = max(day, postings[-1].effective_on)
            postings.append(_posting(day, number, Significance.MINOR, known.tag, binds=binds))
        else:
            binds = max(day + timedelta(days=NOTICE), postings[-1].effective_on)
            postings.append(_posting(day, number, Significance.SIGNIFICANT, known.tag, binds=binds))
    return _told(postings)


def _posting(
    day: date, number: int, significance: Significance, known: str, *, binds: date | None = None, restores: str = "",
    is_adoption: bool = False,
) -> Posting:  # fmt: skip
    tag = f"posted/privacy/{day}.{number}"
    return Posting(
        "privacy", "c0ffee", day, binds or day, significance, tag, is_adoption, compared_with=known, restores=restores
    )


def _told(postings: list[Posting]) -> Timeline:
    facts = {
        one.tag: PostingFacts(
            Telling.TOLD if one.significance is Significance.SIGNIFICANT else Telling.NOT_NEEDED, one.effective_on
        )
        for one in postings
    }
    return Timeline(tuple(postings), facts)


def _root(timeline: Timeline, posting: Posting) -> str:
    """The text that a minor posting says anew, and the one that a way back goes back to."""
    if posting.restores:
        return _root(timeline, next(one for one in timeline.postings if one.tag == posting.restores))
    if posting.is_adoption or posting.significance is Significance.SIGNIFICANT:
        return posting.tag
    known = timeline.compared_with(posting)
    return _root(timeline, known) if known else posting.tag


@settings(max_examples=300, deadline=None)
@given(chains())
def test_a_notice_is_set_against_what_is_in_force_until_its_day(timeline: Timeline) -> None:
    for at, posting in enumerate(timeline.postings):
        if posting.is_adoption or posting.significance is Significance.MINOR or posting.restores:
            continue
        against = timeline.set_against(posting)
        earlier = Timeline(timeline.postings[:at], timeline.facts)
        before = earlier.in_force(posting.effective_on - timedelta(days=1))
        assert against is not None
        assert before is not None
        assert _root(timeline, against) == _root(timeline, earlier.postings[before])


@settings(max_examples=300, deadline=None)
@given(chains())
def test_each_text_is_in_force_on_the_days_that_are_said_and_what_never_comes_is_never_in_force(
    timeline: Timeline,
) -> None:
    days = [START + timedelta(days=n) for n in range((LAST - START).days)]
    shown = [timeline.in_force(day) for day in days]
    for at, posting in enumerate(timeline.postings):
        own = [day for day, index in zip(days, shown, strict=True) if index == at]
        period = timeline.period(at)
        assert period.is_empty == (own == [])
        if own:
            assert (period.start, period.until or days[-1]) == (own[0], own[-1])
        roots = {_root(timeline, timeline.postings[index]) for index in shown if index is not None and index >= at}
        assert not timeline.comes(at) or _root(timeline, posting) in roots
        if timeline.withdrawn_by(at):
            assert own == []

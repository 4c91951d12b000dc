"""What is public of one policy now, in a line for an editor: posted when, as what, in force since when, told or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from notifier.policy.posting import Posting, is_end
from notifier.policy.standing import Standing
from notifier.policy.timeline import Telling, Timeline

_TOLD = {
    Telling.UNANNOUNCED: "customers are told by the next run",
    Telling.WAITING: "its notice waits to go out",
    Telling.TOLD: "customers are told",
    Telling.CANCELLED: "its notice was cancelled",
    Telling.PARTLY: "its notice was cancelled when it had reached some",
}


def posted_state(standing: Standing, own: Timeline, today: date) -> str:
    """Empty for a policy that was never posted. `own`: the postings of its controlling text."""
    last = standing.timeline.last
    said = list(_said(own, ends_on(standing), today)) if last else []
    if last and last != own.last:
        said.append(f"a translation alone was posted {posted_as(last)}")
    head, posted = standing.head, standing.posted
    if head and posted and standing.posting is None and head.controlling.title != posted.controlling.title:
        said.append(f"its title becomes “{head.controlling.title}” with its next change")
    return "; ".join(said)


def ends_on(standing: Standing) -> date | None:
    """The first day on which the policy applies no longer, where that is settled; None where it goes on."""
    last, head = standing.timeline.last, standing.head
    if last and standing.posted and is_end(last, standing.posted):
        return standing.timeline.effective_on(last)
    return None if standing.wait or standing.posting or head is None else head.controlling.front_matter.retired


def posted_as(posting: Posting) -> str:
    """`2026-11-22 as minor (minor by Ann: a synonym)`: when, and as what by whose word."""
    if posting.is_adoption and posting.is_announced:
        return f"{posting.posted_on} as a new policy"
    if posting.is_adoption:
        return f"{posting.posted_on}, the first text on record"
    return f"{posting.posted_on} as {posting.significance}" + (f" ({posting.word})" if posting.word else "")


def _said(timeline: Timeline, end: date | None, today: date) -> Iterator[str]:
    last = timeline.last
    assert last is not None  # noqa: S101 - the caller has looked
    yield f"posted {posted_as(last)}"
    if end:
        yield f"it applies until {end - timedelta(days=1)}" if today < end else f"it applies no longer since {end}"
    else:
        yield from _in_force(timeline, last, today)
    telling = _TOLD.get(timeline.telling(last))
    if telling and (last.is_announced or not last.is_adoption):
        yield telling


def _in_force(timeline: Timeline, last: Posting, today: date) -> Iterator[str]:
    """Which text binds today, and which ones wait for their day."""
    effective_on = timeline.effective_on(last)
    if effective_on <= today:
        yield f"in force since {effective_on}"
        return
    now = timeline.in_force(today)
    until = f"; until then the text posted {timeline.postings[now].posted_on}" if now is not None else ""
    yield f"in force from {effective_on}{until}"
    before = timeline.postings[(now or 0) + 1 : -1] if now is not None else ()
    waiting = [one for one in before if today < timeline.effective_on(one) < effective_on]
    if waiting:
        texts = ", ".join(f"the text posted {one.posted_on} from {timeline.effective_on(one)}" for one in waiting)
        yield f"before it comes {texts}"

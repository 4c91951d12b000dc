"""Nobody is not everybody: a notice that would reach none, or fewer than before, waits for a person's word.

Whatever speaks against sending is asked when the notice is made and again when it would begin, since rosters change
while notices wait.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from itertools import chain
from typing import TYPE_CHECKING

from notifier.errors import Finding, FindingCode, Refused
from notifier.notice.delivery import NoticeState
from notifier.notice.sending_rules import MOST_LOST
from notifier.plurals import counted
from notifier.usecases.set_back import told_again

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.usecases.plan import Announcement


Joined = Sequence[tuple[str, date, int]]
"""Notices whose period runs, each with its last day and how many joined its audience since."""


def first_state(
    config: Config, ledger: Ledger, announcements: Sequence[Announcement], audiences: Mapping[str, frozenset[str]]
) -> tuple[NoticeState, str | None]:
    """How a notice begins, and why it waits."""
    if not ledger.roster.reader_groups(audiences):
        nobody = "nobody on the roster is in its audience"
        return NoticeState.NO_AUDIENCE, "; ".join(filter(None, (nobody, ledger.held_rows.roster_fault())))
    found = "; ".join(doubts(ledger, announcements))
    if found or config.notice.approval == "manual":
        return NoticeState.AWAITING_APPROVAL, found or None
    return NoticeState.SCHEDULED, None


def doubts(ledger: Ledger, announcements: Collection[Announcement], *, leaving: int = 0) -> Iterator[str]:
    """What speaks against sending it as it is, in words for a person; with so many more about to leave."""
    yield from told_again(ledger, (one.posting.policy_id for one in announcements))
    yield from _other_hand(ledger)
    yield from _cut_off(ledger)
    yield from _losses(ledger, leaving=leaving)
    yield from _crowd(ledger)
    for one in announcements:
        before = one.known.controlling.front_matter.audience if one.known else frozenset()
        after = one.revision.controlling.front_matter.audience
        left_out = _left_out(ledger, before, after) if one.known else 0
        if left_out:
            told = f"now to {', '.join(sorted(after))}, before to {', '.join(sorted(before)) or 'everybody'}"
            people = counted(left_out, "customer")
            yield f"the audience of {one.posting.policy_id} shrank ({told}): {people} would not be told any more"
    yield from _untagged(
        ledger, {one.posting.policy_id: one.revision.controlling.front_matter.audience for one in announcements}
    )


def doubt_where_roster_shrank(ledger: Ledger, now: datetime) -> None:
    """Notices that are about to begin wait where the roster has shrunk since the last one, or since their approval, or
    where another hand was in it; one that waits anyway learns of that, so that whoever approves it reads it first."""
    for notice in ledger.notices.all(NoticeState.SCHEDULED):
        if notice.started_at is not None:
            continue
        again = told_again(ledger, notice.policies)
        cut_off = _cut_off(ledger, notice.approved_at)
        losses, crowd = _losses(ledger, notice.approved_at), _crowd(ledger, notice.approved_at)
        found = next(chain(again, cut_off, losses, crowd, _untagged(ledger, notice.audiences)), None)
        if found:
            ledger.notices.doubt(notice.notice_id, now, found)
    for notice_id, why in unsaid_of_roster(ledger).items():
        ledger.notices.doubt(notice_id, now, why)
    for edit in ledger.held_rows.edits():
        if edit.of_notice and edit.source in ("batch", "attempt"):  # no worker goes on with it
            ledger.notices.stop(edit.of_notice, now, str(edit))


def unsaid_of_roster(ledger: Ledger) -> Mapping[str, str]:
    """Notices that have not begun while another hand was in the roster, each with why it waits now; not those that wait
    for that already."""
    states = (NoticeState.SCHEDULED, NoticeState.AWAITING_APPROVAL)
    waiting = [one for one in ledger.notices.all(*states) if one.started_at is None]
    found = ledger.held_rows.roster_fault() if waiting else ""
    new = [one for one in waiting if found and found not in (one.why or "")]
    return {one.notice_id: "; ".join(filter(None, (one.why, found))) for one in new}


def doubt_where_set_back(ledger: Ledger, now: datetime) -> None:
    """Once a person has said that an older copy goes on: what had not begun in it may have gone out since.

    At once, also where it waits for approval anyway: whoever approves it next reads why that needs a reason."""
    for notice in ledger.notices.all(NoticeState.SCHEDULED, NoticeState.AWAITING_APPROVAL):
        again = next(told_again(ledger, notice.policies), None) if notice.started_at is None else None
        if again:
            ledger.notices.doubt(notice.notice_id, now, "; ".join(filter(None, (notice.why, again))))


def approve(ledger: Ledger, notice_id: str, by: str, at: datetime, because: str) -> None:
    """A person's word: it goes out as it is; where nobody is in its audience, nobody is to be told."""
    notice = ledger.notices.get(notice_id)
    other_hand = next(_other_hand(ledger), "") if notice.started_at is None else ""
    if (
        notice.state is NoticeState.NO_AUDIENCE
        and because.strip()
        and not ledger.roster.reader_groups(notice.audiences)
    ):
        if other_hand:
            raise Refused(f"notice {notice_id}: {other_hand}; import the roster again, then notifier notice resume")
        ledger.notices.give_up(notice_id, by, at, because)
        return
    if notice.started_at is None and (notice.why is None or other_hand not in notice.why):  # what came up since
        since = chain(_cut_off(ledger), _losses(ledger), _crowd(ledger), _untagged(ledger, notice.audiences))
        found = other_hand or next(since, None)
        if found and not because.strip():
            raise Refused(f"notice {notice_id}: {found}; say why it goes out all the same: --because TEXT")
        because = f"{found}; {because}" if found else because
    ledger.notices.approve(notice_id, by, at, because)
    if other_hand:
        ledger.held_rows.take_roster_on(by, at, because)


def resume(ledger: Ledger, notice_id: str, by: str, at: datetime) -> None:
    """It goes on; where it was held for another hand in the roster, with the roster as it is."""
    notice, found = ledger.notices.get(notice_id), ledger.held_rows.roster_fault()
    ledger.notices.resume(notice_id, by, at)
    if found and notice.why == found:
        ledger.held_rows.take_roster_on(by, at, "resumed")


def audience_findings(ledger: Ledger, path: str, audience: Collection[str]) -> Iterator[Finding]:
    """Tags that nobody has: most are misspelt, and whoever was meant would not be told."""
    tags = ledger.roster.tags() if audience and ledger.roster.count() else audience
    for tag in sorted(set(audience) - set(tags)):
        near = get_close_matches(tag, sorted(tags), 1)
        mend = f"write {near[0]}" if near else f"customers have {', '.join(sorted(tags)[:8]) or 'no tags'}"
        yield Finding(FindingCode.AUDIENCE, path, 1, f"audience: nobody on the roster has the tag {tag}", mend)


def not_reached_yet(ledger: Ledger, today: date) -> Iterator[tuple[str, date, int]]:
    """Notices whose period runs and that have not reached customers who joined since: id, last day, how many."""
    for notice in ledger.notices.all(NoticeState.SENDING, NoticeState.FINISHED):
        if notice.frozen_at is None or notice.effective_on is None or notice.effective_on < today:
            continue
        joined = ledger.extensions.joined_since(notice.notice_id)
        if joined:
            yield notice.notice_id, notice.effective_on, joined


def _other_hand(ledger: Ledger) -> Iterator[str]:
    if found := ledger.held_rows.roster_fault():
        yield found


def _cut_off(ledger: Ledger, approved_at: datetime | None = None) -> Iterator[str]:
    """Who stands further down in a list that did not come to its end is told nothing."""
    for name, begun_at in ledger.roster.unfinished().items():
        if approved_at is None or begun_at > approved_at:
            yield (
                f"the list {name}, begun {begun_at:%Y-%m-%d %H:%M} UTC, did not come in to its end, or still does; "
                "if it was cut off, import it again"
            )


def _losses(ledger: Ledger, approved_at: datetime | None = None, *, leaving: int = 0) -> Iterator[str]:
    loss = ledger.departures.since(approved_at) if approved_at else ledger.departures.since_last_notice()
    if loss.is_strange(leaving):
        yield f"the roster lost {loss.lost + leaving:,} of {loss.before:,} customers since {loss.since}"


def _crowd(ledger: Ledger, approved_at: datetime | None = None) -> Iterator[str]:
    found = "" if approved_at else ledger.departures.crowd()
    if found:
        yield found


def _untagged(ledger: Ledger, audiences: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """A list that shifted a column, or was cut from another program, takes people out of an audience unasked."""
    for policy_id, loss in sorted(ledger.departures.by_tags(audiences).items()):
        if loss.lost > MOST_LOST * loss.before:
            yield (
                f"{loss.lost:,} of {loss.before:,} customers lost the tag by which they are told of {policy_id} "
                f"({', '.join(sorted(audiences[policy_id]))})"
            )


def _left_out(ledger: Ledger, before: frozenset[str], after: frozenset[str]) -> int:
    """How many customers the policy concerned before and does not concern now."""
    audiences: Mapping[str, frozenset[str]] = {"before": before, "after": after}
    groups = ledger.roster.reader_groups(audiences)
    return sum(count for (_, policies), count in groups.items() if policies == ("before",))

"""Status: where every policy and every notice stands, and what needs a person. Read only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from notifier.notice.delivery import NoticeState
from notifier.usecases.post import uncommitted

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.ledger.types import CloseCall, NoticeCounts, StoredNotice
    from notifier.repository import Repository

REVIEW_AFTER_DAYS = 335
"""A policy not touched for eleven months is due for its yearly review (Cal. Civ. Code 1798.130(a)(5))."""


@dataclass(frozen=True, slots=True)
class PolicyStanding:
    """One policy: what is posted, which text is in force, and what it waits for."""

    policy_id: str
    posted_on: date | None
    effective_on: date | None
    in_force_on: date | None
    """When the text that binds today was posted."""
    waiting_for: str | None


@dataclass(frozen=True, slots=True)
class NoticeStanding:
    """One notice and its counts; `speed` in deliveries a second and `seconds_left` only while it is being sent."""

    notice: StoredNotice
    counts: NoticeCounts
    is_overdue: bool
    speed: float | None
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Status:
    """Everything `notifier status` says."""

    policies: tuple[PolicyStanding, ...]
    notices: tuple[NoticeStanding, ...]
    alarms: tuple[str, ...]


def take_status(config: Config, repository: Repository, ledger: Ledger, now: datetime) -> Status:
    """How things stand at `now`."""
    calls = {call.policy_id: call for call in ledger.reviews.waiting()}
    today = now.astimezone(config.posting_zone).date()
    policies = tuple(
        _policy_standing(repository, ledger, policy_id, calls.get(policy_id), today, now)
        for policy_id in sorted(set(repository.head_revisions()) | set(repository.policies_posted()))
    )
    notices = notice_standings(ledger, now)
    alarms = tuple(alarms_of(config, ledger, now)) + tuple(_reviews_due(policies, today))
    return Status(policies, notices, alarms)


def alarms_of(config: Config, ledger: Ledger, now: datetime) -> Iterator[str]:
    """What needs a person, one line each."""
    if config.mail.transport == "sendgrid" and config.mail.sendgrid.sandbox:
        yield "mail.sendgrid.sandbox is on: notices are recorded as accepted, and nobody gets them"
    for call in ledger.reviews.waiting():
        yield (
            f"{call.policy_id} waits for an editor's word on {call.commit_id[:7]} "
            f"(until {_until(config, call):%Y-%m-%d %H:%M %Z}, then it goes out as significant)"
        )
    for planned in ledger.postings.planned():
        yield f"{planned.posting.policy_id}: a run was cut short while posting; the next `notifier run` finishes it"
    for posting in ledger.postings.unannounced():
        yield f"{posting.policy_id}: posted {posting.posted_on} and not announced yet; the next `notifier run` does"
    for notice in ledger.notices.all():
        yield from _notice_alarms(ledger, notice, now)
    for mailer, _, why in ledger.rate_limits.stopped():
        yield f"{mailer} takes no mail: {why}"
    yield from ledger.deliveries.check_counts(unfinished_only=True)


def _notice_alarms(ledger: Ledger, notice: StoredNotice, now: datetime) -> Iterator[str]:
    name = f"notice {notice.notice_id}"
    if notice.state is NoticeState.AWAITING_APPROVAL:
        yield f"{name} waits for approval: notifier notice approve {notice.notice_id}"
    if notice.state is NoticeState.HELD:
        yield f"{name} is held ({notice.why}): notifier notice resume {notice.notice_id}, or cancel"
    if notice.is_overdue(now):
        yield f"{name} is overdue: it was to reach everybody by {notice.deadline:%Y-%m-%d}; its effective date moves"
    in_doubt = ledger.deliveries.counts(notice.notice_id).in_doubt
    if in_doubt:
        yield f"{name}: {in_doubt:,} in doubt; nobody can tell yet whether the provider took them"


def _reviews_due(policies: tuple[PolicyStanding, ...], today: date) -> Iterator[str]:
    for standing in policies:
        if standing.posted_on and today - standing.posted_on > timedelta(days=REVIEW_AFTER_DAYS):
            yield f"{standing.policy_id} was last posted {standing.posted_on}: due for its yearly review"


def _policy_standing(
    repository: Repository,
    ledger: Ledger,
    policy_id: str,
    call: CloseCall | None,
    today: date,
    now: datetime,
) -> PolicyStanding:
    posted = [one.posting for one in repository.posted(policy_id)]
    if not posted:
        return PolicyStanding(policy_id, None, None, None, "the next run, which adopts it")
    binding = [posting for posting in posted if posting.effective_on <= today] or posted[:1]
    waiting_for = None
    if call:
        hours = (now - call.first_seen_at) / timedelta(hours=1)
        waiting_for = f"an editor's word on {call.commit_id[:7]}, since {hours:.0f} h"
    elif dirty := uncommitted(repository, ledger, policy_id):
        waiting_for = f"a commit of {', '.join(dirty)}"
    last = posted[-1]
    return PolicyStanding(policy_id, last.posted_on, last.effective_on, binding[-1].posted_on, waiting_for)


def notice_standings(ledger: Ledger, now: datetime) -> tuple[NoticeStanding, ...]:
    """Every notice, oldest first."""
    return tuple(notice_standing(ledger, notice, now) for notice in ledger.notices.all())


def notice_standing(ledger: Ledger, notice: StoredNotice, now: datetime) -> NoticeStanding:
    """One notice with its counts at `now`."""
    counts = ledger.deliveries.counts(notice.notice_id)
    speed = seconds_left = None
    if notice.state is NoticeState.SENDING and notice.frozen_at and counts.taken and now > notice.frozen_at:
        speed = counts.taken / (now - notice.frozen_at).total_seconds()
        seconds_left = counts.queued / speed
    return NoticeStanding(notice, counts, notice.is_overdue(now), speed, seconds_left)


def _until(config: Config, call: CloseCall) -> datetime:
    until = call.first_seen_at + timedelta(hours=config.judgement.wait_hours)
    return until.astimezone(config.posting_zone)

"""Status: where every policy and every notice stands, and what needs a person. Read only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from notifier.notice.delivery import NoticeState
from notifier.policy.standing import Standing, WaitReason
from notifier.usecases.plan import DropPosting, FinishPosting, Plan, make_plan
from notifier.usecases.standings import Records
from notifier.usecases.two_records import difference_alarms

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.ledger.types import NoticeCounts, StoredNotice

TO_APPROVE = (NoticeState.AWAITING_APPROVAL, NoticeState.SCHEDULED)
REVIEW_AFTER_DAYS = 335
"""A policy not touched for eleven months is due for its yearly review (Cal. Civ. Code 1798.130(a)(5))."""


@dataclass(frozen=True, slots=True)
class PolicyStatus:
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

    policies: tuple[PolicyStatus, ...]
    notices: tuple[NoticeStanding, ...]
    alarms: tuple[str, ...]


def take_status(records: Records, ledger: Ledger) -> Status:
    """How things stand."""
    config, now = records.config, records.now
    today = now.astimezone(config.posting_zone).date()
    plan = make_plan(records)
    policies = tuple(_policy_status(standing, today, now, config) for standing in plan.standings)
    alarms = (
        *record_alarms(plan),
        *waiting_alarms(config, plan.standings),
        *_unfinished_alarms(plan),
        *notice_alarms(config, ledger, now),
        *_reviews_due(policies, today),
    )
    return Status(policies, notice_standings(ledger, now), alarms)


def record_alarms(plan: Plan) -> Iterator[str]:
    """Git and ledger were compared, and differ: nothing is posted or announced meanwhile."""
    yield from difference_alarms(plan.differences)


def waiting_alarms(config: Config, standings: Iterable[Standing]) -> Iterator[str]:
    """Policies that need a person before they are posted; not those that somebody is at."""
    for wait in (standing.wait for standing in standings if standing.wait):
        if wait.reason is WaitReason.WORD and wait.until:
            until = wait.until.astimezone(config.posting_zone)
            yield (
                f"{wait.policy_id} waits for an editor's word on {named(wait.commits)} "
                f"(until {until:%Y-%m-%d %H:%M %Z}, then it goes out as significant)"
            )
        if wait.reason in (WaitReason.ANNOUNCE, WaitReason.CLOCK, WaitReason.TEXT):
            yield f"{wait.policy_id} is not posted: {wait.why}"


def named(commits: Iterable[str]) -> str:
    """Commit ids as people write them."""
    return ", ".join(commit_id[:7] for commit_id in commits)


def _unfinished_alarms(plan: Plan) -> Iterator[str]:
    """What a run was cut short in, and the next one does."""
    for step in plan.steps:
        if isinstance(step, FinishPosting | DropPosting):
            posting = step.interrupted.posting
            yield f"{posting.policy_id}: a run was cut short while posting; the next `notifier run` finishes it"
    made = {posting.tag for posting in plan.postings}
    for one in plan.announce.announcements if plan.announce else ():
        if one.posting.tag not in made:
            when = one.posting.posted_on
            yield f"{one.posting.policy_id}: posted {when} and not announced yet; the next `notifier run` does"


def notice_alarms(config: Config, ledger: Ledger, now: datetime) -> Iterator[str]:
    """What is wrong with notices and their delivery, one line each."""
    if config.mail.transport == "sendgrid" and config.mail.sendgrid.sandbox:
        yield "mail.sendgrid.sandbox is on: notices are recorded as accepted, and nobody gets them"
    for notice_id in sorted(unapproved(config, ledger)):
        yield f"notice {notice_id} waits for approval: notifier notice approve {notice_id}"
    for notice in ledger.notices.all():
        yield from _notice_alarms(ledger, notice, now)
    breaker = ledger.breakers.of(config.mail.transport)
    if breaker is not None:
        yield f"{breaker.transport} takes no mail: {breaker.why}"
    yield from ledger.deliveries.check_counts(unfinished_only=True)


def unapproved(config: Config, ledger: Ledger) -> frozenset[str]:
    """Notices that wait for a person's approval; also those made while the config asked for none."""
    if config.notice.approval == "auto":
        return frozenset(one.notice_id for one in ledger.notices.all(NoticeState.AWAITING_APPROVAL))
    waiting = (one for one in ledger.notices.waiting() if one.state in TO_APPROVE)
    return frozenset(one.notice_id for one in waiting if one.approved_by is None)


def _notice_alarms(ledger: Ledger, notice: StoredNotice, now: datetime) -> Iterator[str]:
    name = f"notice {notice.notice_id}"
    if notice.state is NoticeState.NO_AUDIENCE:
        yield (
            f"{name} tells nobody: {notice.why}. Import customers, then notifier notice resume {notice.notice_id}; "
            f"or notifier notice accept-unreached {notice.notice_id} --because TEXT, or cancel"
        )
    if notice.state is NoticeState.HELD:
        yield f"{name} is held ({notice.why}): notifier notice resume {notice.notice_id}, or cancel"
    if notice.is_overdue(now):
        yield f"{name} is overdue: it was to reach everybody by {notice.deadline:%Y-%m-%d}; its effective date moves"
    unreached = ledger.deliveries.unreached(notice.notice_id)
    if notice.state is NoticeState.FINISHED and unreached > notice.given_up:
        yield (
            f"{name} did not reach {unreached - notice.given_up:,}: notifier notice retry {notice.notice_id}, or "
            f"accept-unreached {notice.notice_id} --because TEXT"
        )
    in_doubt = ledger.deliveries.counts(notice.notice_id).in_doubt
    if in_doubt:
        yield f"{name}: {in_doubt:,} in doubt; nobody can tell yet whether the provider took them"


def _reviews_due(policies: tuple[PolicyStatus, ...], today: date) -> Iterator[str]:
    for standing in policies:
        if standing.posted_on and today - standing.posted_on > timedelta(days=REVIEW_AFTER_DAYS):
            yield f"{standing.policy_id} was last posted {standing.posted_on}: due for its yearly review"


def _policy_status(standing: Standing, today: date, now: datetime, config: Config) -> PolicyStatus:
    timeline = standing.timeline
    last, index = timeline.last, timeline.in_force(today)
    if last is None:
        return PolicyStatus(standing.policy_id, None, None, None, "the next run, which adopts it")
    return PolicyStatus(
        standing.policy_id,
        last.posted_on,
        timeline.effective_on(last),
        timeline.postings[index or 0].posted_on,
        _waiting_for(standing, now, config),
    )


def _waiting_for(standing: Standing, now: datetime, config: Config) -> str | None:
    wait = standing.wait
    if wait is None and standing.head is None:
        return "its file, which is gone; what was posted stays public"
    if wait is None:
        return f"the next run, which posts it as {standing.due.significance}" if standing.due else None
    if wait.reason is WaitReason.COMMIT or wait.until is None:
        return wait.why
    since = wait.until - timedelta(hours=config.judgement.wait_hours)
    return f"an editor's word on {named(wait.commits)}, since {(now - since) / timedelta(hours=1):.0f} h"


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

"""Status: where every policy and every notice stands, and what needs a person. Read only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from notifier.alarms import Alarm
from notifier.ledger.types import NoticeCounts
from notifier.notice.delivery import WAITING_STATES, NoticeState
from notifier.policy.agreement import AgreementStatus
from notifier.policy.standing import Standing
from notifier.policy.waiting import WaitReason
from notifier.shipped import templates_for
from notifier.usecases.alarms import (
    live_alarms,
    named,
    noted_alarms,
    notice_alarms,
    record_alarms,
    reviews_due,
    roster_alarms,
    unfinished_alarms,
    waiting_alarms,
    without_repeats,
)
from notifier.usecases.audience import not_reached_yet
from notifier.usecases.disk import disk_alarms
from notifier.usecases.fitting import fitting_plan
from notifier.usecases.people import askings, count_people
from notifier.usecases.posted_state import ends_on
from notifier.usecases.proof.witnesses import journal_alarms
from notifier.usecases.standings import Records

if TYPE_CHECKING:
    from notifier.alarms.memory import AlarmMemory
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.ledger.cluster.processes import SeenProcess
    from notifier.ledger.types import StoredNotice
    from notifier.usecases.audience import Joined


class PolicyStatus(NamedTuple):
    """One policy: what is posted, which text is in force, and what it waits for."""

    policy_id: str
    posted_on: date | None
    effective_on: date | None
    in_force_on: date | None
    """When the text that binds today was posted."""
    waiting_for: str | None
    ends_on: date | None = None
    """The first day on which it applies no longer."""


class NoticeStanding(NamedTuple):
    """One notice and its counts; `speed` (deliveries a second) and `seconds_left` only while something leaves."""

    notice: StoredNotice
    counts: NoticeCounts
    is_overdue: bool
    speed: float | None
    seconds_left: float | None


class Status(NamedTuple):
    """Everything `notifier status` says."""

    policies: tuple[PolicyStatus, ...]
    notices: tuple[NoticeStanding, ...]
    alarms: tuple[Alarm, ...]
    people: Mapping[str, Mapping[AgreementStatus, int]] = {}
    """Of each policy that asks something or was spoken on, how many of its audience stand where."""
    processes: tuple[SeenProcess, ...] = ()
    """Who works on the ledger."""
    joined: Joined = ()


def take_status(records: Records, ledger: Ledger, memory: AlarmMemory | None = None) -> Status:
    """How things stand; `memory` holds what neither git nor the ledger knows."""
    config, now = records.config, records.now
    today = now.astimezone(config.posting_zone).date()
    plan, _ = fitting_plan(records, templates_for(config.root))
    policies = tuple(_policy_status(records, standing) for standing in plan.standings)
    alarms = (
        *disk_alarms(config),
        *record_alarms(plan),
        *roster_alarms(ledger),
        *journal_alarms(records.repository, ledger),
        *waiting_alarms(config, plan.standings),
        *unfinished_alarms(plan),
        *(live_alarms(config, ledger, memory, now) if memory else notice_alarms(config, ledger, now)),
        *reviews_due(((one.policy_id, one.posted_on) for one in policies), today),
        *(noted_alarms(memory, ledger, now) if memory else ()),
    )
    people = count_people(ledger, askings(plan.standings, today))
    notices, processes = notice_standings(ledger, now), ledger.processes.all(now)
    joined = tuple(not_reached_yet(ledger, today))
    return Status(policies, notices, without_repeats(alarms), people, processes, joined)


def _policy_status(records: Records, standing: Standing) -> PolicyStatus:
    timeline = records.own_timeline(standing)
    last, index = timeline.last, timeline.in_force(records.today)
    if last is None:
        waits = standing.wait.why if standing.wait else "the next run, which adopts it"
        return PolicyStatus(standing.policy_id, None, None, None, waits)
    return PolicyStatus(
        standing.policy_id,
        last.posted_on,
        timeline.effective_on(last),
        timeline.postings[index or 0].posted_on,
        _waiting_for(standing, records.now, records.config),
        ends_on(standing),
    )


def _waiting_for(standing: Standing, now: datetime, config: Config) -> str | None:
    wait = standing.wait
    if wait is None and standing.head is None:
        ends = ends_on(standing)
        why = f"as it was posted to end on {ends}" if ends else "and a person said that nobody need be told"
        return f"nothing: its file was removed, {why}; what was posted stays public"
    if wait is None:
        return f"the next run, which posts it as {standing.due.significance}" if standing.due else _untold(standing)
    if wait.reason is not WaitReason.WORD or wait.until is None:
        return wait.why
    since = wait.until - timedelta(hours=config.judgement.wait_hours)
    return f"an editor's word on {named(wait.commits)}, {_ago(now - since)}"


def _ago(waited: timedelta) -> str:
    """Whole hours; a commit whose clock goes before ours has waited for none."""
    return f"since {max(0, round(waited / timedelta(hours=1)))} h"


def _untold(standing: Standing) -> str | None:
    """A notice was cancelled, and nothing since has told its news."""
    untold = standing.timeline.untold
    return f"nothing; of the text of {untold.posted_on} customers were not told" if untold else None


AT_REST = timedelta(minutes=1)
"""Where nothing has begun to leave for so long, nobody can say when the rest will."""


def notice_standings(ledger: Ledger, now: datetime) -> tuple[NoticeStanding, ...]:
    """Every notice, oldest first."""
    return tuple(notice_standing(ledger, notice, now) for notice in ledger.notices.all())


def notice_standing(ledger: Ledger, notice: StoredNotice, now: datetime) -> NoticeStanding:
    """One notice with its counts at `now`; before it begins, of those whom it would go to."""
    counts = ledger.deliveries.counts(notice.notice_id)
    if notice.frozen_at is None and notice.state in WAITING_STATES:
        expected = sum(ledger.readers.by_message(notice.notice_id))
        counts = NoticeCounts(recipients=expected, queued=expected)
    speed = seconds_left = None
    last = ledger.attempts.last_at(notice.notice_id) if notice.state is NoticeState.SENDING else None
    is_going = last is not None and now - last <= AT_REST
    if is_going and notice.frozen_at and counts.taken and now > notice.frozen_at:
        speed = counts.taken / (now - notice.frozen_at).total_seconds()
        seconds_left = counts.queued / speed
    return NoticeStanding(notice, counts, notice.is_overdue(now), speed, seconds_left)

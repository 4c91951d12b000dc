"""What needs a person: each alarm is a code with its fields, and one line that says the mend.

The one list: `status`, `run`, `/metrics`, `/healthz` and the alarms that go out all read it. Nobody parses the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from notifier.alarms import Alarm, AlarmCode
from notifier.notice.delivery import NoticeState
from notifier.policy.standing import Standing, WaitReason
from notifier.policy.timeline import Telling
from notifier.usecases.plan import DropPosting, FinishPosting, Plan
from notifier.usecases.two_records import difference_alarms

if TYPE_CHECKING:
    from notifier.alarms.memory import AlarmMemory
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.ledger.types import NoticeCounts, StoredNotice

TO_APPROVE = (NoticeState.AWAITING_APPROVAL, NoticeState.SCHEDULED)
QUIET = timedelta(minutes=5)
"""A notice that is being sent and has asked nobody for so long is not being sent by anybody."""
REVIEW_AFTER_DAYS = 335
"""A policy not touched for eleven months is due for its yearly review (Cal. Civ. Code 1798.130(a)(5))."""


def record_alarms(plan: Plan) -> Iterator[Alarm]:
    """Git and ledger were compared, and differ: nothing is posted or announced meanwhile."""
    yield from differing(plan.differences)


def differing(differences: Iterable[str]) -> Iterator[Alarm]:
    """The same from the differences alone."""
    for text in difference_alarms(differences):
        yield Alarm(AlarmCode.RECORDS_DIFFER, text)


def waiting_alarms(config: Config, standings: Iterable[Standing]) -> Iterator[Alarm]:
    """Policies that need a person before they are posted; not those that somebody is at."""
    for wait in (standing.wait for standing in standings if standing.wait):
        if wait.reason is WaitReason.WORD and wait.until:
            until = wait.until.astimezone(config.posting_zone)
            text = (
                f"{wait.policy_id} waits for an editor's word on {named(wait.commits)} "
                f"(until {until:%Y-%m-%d %H:%M %Z}, then it goes out as significant)"
            )
            yield Alarm(AlarmCode.CLOSE_CALL, text, policy=wait.policy_id, until=wait.until)
        if wait.reason is WaitReason.GONE:
            yield Alarm(AlarmCode.POLICY_GONE, f"{wait.policy_id}: {wait.why}", policy=wait.policy_id)
        if wait.reason in (WaitReason.ANNOUNCE, WaitReason.CLOCK, WaitReason.TEXT, WaitReason.TRANSLATION):
            text = f"{wait.policy_id} is not posted: {wait.why}"
            if wait.until:
                until = wait.until.astimezone(config.posting_zone)
                text += f" (until {until:%Y-%m-%d %H:%M %Z}, then they are)"
            yield Alarm(AlarmCode.NOT_POSTED, text, policy=wait.policy_id, until=wait.until)


def named(commits: Iterable[str]) -> str:
    """Commit ids as people write them."""
    return ", ".join(commit_id[:7] for commit_id in commits)


def unfinished_alarms(plan: Plan) -> Iterator[Alarm]:
    """What a run was cut short in, and the next one does."""
    for step in plan.steps:
        if isinstance(step, FinishPosting | DropPosting):
            policy_id = step.interrupted.posting.policy_id
            text = f"{policy_id}: a run was cut short while posting; the next `notifier run` finishes it"
            yield Alarm(AlarmCode.CUT_SHORT, text, policy=policy_id)
    for standing in plan.standings:
        left = standing.timeline.unannounced
        if left is not None and standing.timeline.telling(left) is Telling.UNANNOUNCED:
            later = ", with what has come since" if standing.posting else ""
            text = (
                f"{left.policy_id}: posted {left.posted_on} and not announced yet; the next `notifier run` does{later}"
            )
            yield Alarm(AlarmCode.NOT_ANNOUNCED, text, policy=left.policy_id)


def notice_alarms(config: Config, ledger: Ledger, now: datetime) -> Iterator[Alarm]:
    """What is wrong with notices and their delivery."""
    if config.mail.transport == "sendgrid" and config.mail.sendgrid.sandbox:
        text = "mail.sendgrid.sandbox is on: notices are recorded as accepted, and nobody gets them"
        yield Alarm(AlarmCode.SANDBOX, text, transport="sendgrid")
    for notice_id in sorted(unapproved(config, ledger)):
        why = ledger.notices.get(notice_id).why
        text = f"notice {notice_id} waits for approval: notifier notice approve {notice_id}"
        if why:
            text = f"notice {notice_id} waits, for {why}: notifier notice approve {notice_id} --because TEXT, or cancel"
        yield Alarm(AlarmCode.AWAITING_APPROVAL, text, notice=notice_id)
    counted = [(notice, ledger.deliveries.counts(notice.notice_id)) for notice in ledger.notices.all()]
    for notice, counts in counted:
        yield from _notice_alarms(config, ledger, notice, counts, now)
    yield from _transport_alarms(config, ledger, counted)
    for difference in ledger.deliveries.check_counts(unfinished_only=True):
        yield Alarm(AlarmCode.COUNTS_DIFFER, difference)


def unapproved(config: Config, ledger: Ledger) -> frozenset[str]:
    """Notices that wait for a person's approval; also those made while the config asked for none."""
    if config.notice.approval == "auto":
        return frozenset(one.notice_id for one in ledger.notices.all(NoticeState.AWAITING_APPROVAL))
    waiting = (one for one in ledger.notices.waiting() if one.state in TO_APPROVE)
    return frozenset(one.notice_id for one in waiting if one.approved_by is None)


def _transport_alarms(
    config: Config, ledger: Ledger, counted: Iterable[tuple[StoredNotice, NoticeCounts]]
) -> Iterator[Alarm]:
    """Only while somebody waits for it: what it takes after that, the next notice will show."""
    breaker = ledger.breakers.of(config.mail.transport)
    if breaker is None:
        return
    queued = [counts.queued for notice, counts in counted if notice.state is NoticeState.SENDING]
    text = f"{breaker.transport} takes no mail: {breaker.why}"
    if sum(queued):
        text += f"; {sum(queued):,} are still to be told, and each run tries again"
    if queued:
        transport = breaker.transport
        yield Alarm(AlarmCode.NO_MAIL_TAKEN, text, transport=transport, count=sum(queued), until=None)


def _notice_alarms(
    config: Config, ledger: Ledger, notice: StoredNotice, counts: NoticeCounts, now: datetime
) -> Iterator[Alarm]:
    name, notice_id = f"notice {notice.notice_id}", notice.notice_id
    if notice.state is NoticeState.NO_AUDIENCE:
        text = (
            f"{name} tells nobody: {notice.why}. Import customers, then notifier notice resume {notice_id}; "
            f"or notifier notice approve {notice_id} --because TEXT, or cancel"
        )
        yield Alarm(AlarmCode.NO_AUDIENCE, text, notice=notice_id)
    if notice.state is NoticeState.HELD:
        text = f"{name} is held ({notice.why}): notifier notice resume {notice_id}, or cancel"
        yield Alarm(AlarmCode.HELD, text, notice=notice_id, count=counts.queued)
    if notice.is_overdue(now):
        text = f"{name} is overdue: it was to reach everybody by {notice.deadline:%Y-%m-%d}; its effective date moves"
        yield Alarm(AlarmCode.OVERDUE, text, notice=notice_id)
    if _is_left_lying(config, ledger, notice, counts, now):
        text = f"{name}: {counts.queued:,} are still to be told, and nobody sends; notifier run goes on"
        yield Alarm(AlarmCode.UNSENT, text, notice=notice_id, count=counts.queued)
    unreached = ledger.deliveries.unreached(notice_id) - notice.given_up
    if notice.state is NoticeState.FINISHED and unreached > 0:
        text = (
            f"{name} did not reach {unreached:,}: notifier notice retry {notice_id}, or "
            f"accept-unreached {notice_id} --because TEXT"
        )
        silenced = ledger.deliveries.silenced(notice_id)
        if silenced:
            text += (
                f"; {silenced:,} were dropped by the provider, where they are on its own list (unsubscribed, "
                "complained or bounced, of any mail of the account): take them off there, or see mail.sendgrid.bypass"
            )
        yield Alarm(AlarmCode.NOT_REACHED, text, notice=notice_id, count=unreached)
    if counts.in_doubt:
        text = f"{name}: {counts.in_doubt:,} in doubt; nobody can tell yet whether the provider took them"
        yield Alarm(AlarmCode.IN_DOUBT, text, notice=notice_id, count=counts.in_doubt)


def _is_left_lying(config: Config, ledger: Ledger, notice: StoredNotice, counts: NoticeCounts, now: datetime) -> bool:
    """Has it begun, and nobody goes on? Not while its first batch is watched; a transport's trouble has its own."""
    if notice.state is not NoticeState.SENDING or not counts.queued or ledger.breakers.of(config.mail.transport):
        return False
    quiet = QUIET
    if not ledger.canaries.has_passed(notice.notice_id):
        quiet = max(quiet, timedelta(minutes=config.notice.canary_minutes) + QUIET)
    last = ledger.attempts.last_at(notice.notice_id) or notice.started_at
    return last is not None and now - last > quiet


def reviews_due(last_posted: Iterable[tuple[str, date | None]], today: date) -> Iterator[Alarm]:
    """Policies, each with the day it was last posted, whose yearly review is due."""
    for policy_id, posted_on in last_posted:
        if posted_on and today - posted_on > timedelta(days=REVIEW_AFTER_DAYS):
            text = f"{policy_id} was last posted {posted_on}: due for its yearly review"
            yield Alarm(AlarmCode.REVIEW_DUE, text, policy=policy_id)


LIVE = frozenset(
    {
        AlarmCode.AWAITING_APPROVAL,
        AlarmCode.NO_AUDIENCE,
        AlarmCode.HELD,
        AlarmCode.OVERDUE,
        AlarmCode.UNSENT,
        AlarmCode.NOT_REACHED,
        AlarmCode.IN_DOUBT,
        AlarmCode.NO_MAIL_TAKEN,
        AlarmCode.SANDBOX,
        AlarmCode.COUNTS_DIFFER,
    }
)
"""What the ledger alone tells at any moment; everything else is found out by runs, and stands until the next one."""
LOOKED_UP = LIVE | {
    AlarmCode.RECORDS_DIFFER,
    AlarmCode.CLOSE_CALL,
    AlarmCode.NOT_POSTED,
    AlarmCode.POLICY_GONE,
    AlarmCode.CUT_SHORT,
    AlarmCode.NOT_ANNOUNCED,
    AlarmCode.REVIEW_DUE,
    AlarmCode.ENDED_LATE,
}
"""What `status` finds out anew from git and the ledger, or (the last) only tells; all else stands as it was found."""
LOOKED_AT = LIVE | {AlarmCode.CONFIG_BROKEN, AlarmCode.SENDING_FAILED, AlarmCode.BOUNCES_UNREAD}
"""What is looked at between the runs, too."""
LATE = timedelta(minutes=10)
"""How late a run may be before it counts as missed: a restart takes a moment."""


def noted_alarms(memory: AlarmMemory, last_run_at: datetime | None, now: datetime) -> Iterator[Alarm]:
    """What was found out by the last run, by `schedule` and by `serve`, and stands; also that no run comes any more."""
    yield from (one.alarm for one in memory.standing if one.alarm.code not in LOOKED_UP)
    yield from missed_alarms(memory.next_run_at, last_run_at, now)


def missed_alarms(due_at: datetime | None, last_run_at: datetime | None, now: datetime) -> Iterator[Alarm]:
    """A run was due and none has begun since."""
    if due_at is None or now - due_at < LATE or (last_run_at is not None and last_run_at >= due_at):
        return
    text = f"a run was due {due_at:%Y-%m-%d %H:%M %Z} and none was made in time: is notifier schedule running?"
    yield Alarm(AlarmCode.RUN_MISSED, text)


def config_alarms(mistake: str | None) -> Iterator[Alarm]:
    """A config that was changed while Notifier ran, and cannot be used."""
    if mistake:
        yield Alarm(AlarmCode.CONFIG_BROKEN, f"{mistake}; what the file said before holds until it is mended")


def live_alarms(config: Config, ledger: Ledger, memory: AlarmMemory, now: datetime) -> Iterator[Alarm]:
    """What the ledger tells now; what a run left unsent stands for as long as somebody is still to be told."""
    yield from notice_alarms(config, ledger, now)
    for one in memory.standing:
        if one.alarm.code is AlarmCode.UNSENT and one.alarm.notice and _is_unsent(ledger, one.alarm.notice):
            yield one.alarm


def _is_unsent(ledger: Ledger, notice_id: str) -> bool:
    sending = {notice.notice_id for notice in ledger.notices.all(NoticeState.SENDING)}
    return notice_id in sending and ledger.deliveries.counts(notice_id).queued > 0


def all_standing(config: Config, ledger: Ledger, memory: AlarmMemory, now: datetime) -> tuple[Alarm, ...]:
    """Everything that stands, without a look into git: as the last run left it, and as the ledger tells now."""
    left = (one.alarm for one in memory.standing if one.alarm.code not in LIVE)
    last = ledger.runs.last()
    missed = missed_alarms(memory.next_run_at, last.started_at if last else None, now)
    return without_repeats((*left, *live_alarms(config, ledger, memory, now), *missed))


def without_repeats(alarms: Iterable[Alarm]) -> tuple[Alarm, ...]:
    """Each trouble once, as it was told first."""
    first: dict[tuple[str, ...], Alarm] = {}
    for alarm in alarms:
        first.setdefault(alarm.key, alarm)
    return tuple(first.values())

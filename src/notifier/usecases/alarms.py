"""What needs a person: each alarm is a code with its fields; `alarms/alarm_words.py` has the lines.

The one list: `status`, `run`, `/metrics`, `/healthz` and the alarms that go out all read it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from notifier.alarms import Alarm, AlarmCode, alarm
from notifier.ledger.states import RunOutcome
from notifier.notice.delivery import NoticeState, SuppressionReason
from notifier.plurals import are, counted
from notifier.policy.persons.mailbox import without_addresses
from notifier.policy.standing import Standing
from notifier.policy.timeline import Telling, Timeline
from notifier.policy.waiting import WaitReason
from notifier.usecases.audience import unsaid_of_roster
from notifier.usecases.plan import DropPosting, FinishPosting, Plan
from notifier.usecases.proof.anchor import late_anchor_alarms

if TYPE_CHECKING:
    from notifier.alarms.memory import AlarmMemory
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.ledger.types import Cause, NoticeCounts, OpenBreaker, StoredNotice
    from notifier.policy.posting import Posting

TO_APPROVE = (NoticeState.AWAITING_APPROVAL, NoticeState.SCHEDULED)
SENT = (NoticeState.SENDING, NoticeState.FINISHED)
QUIET = timedelta(minutes=5)
"""A notice that is being sent and has asked nobody for so long is not being sent by anybody."""
NOT_POSTED_YET = frozenset(
    {WaitReason.COMMIT, WaitReason.ANNOUNCE, WaitReason.CLOCK, WaitReason.TEXT, WaitReason.TRANSLATION}
)
LONGEST_REASON = 160
BY_HAND = "suppressed by hand: notifier customers suppress ADDRESS --lift lets it go there"
REVIEW_AFTER_DAYS = 335
"""A policy not touched for eleven months is due for its yearly review (Cal. Civ. Code 1798.130(a)(5))."""


def record_alarms(plan: Plan) -> Iterator[Alarm]:
    """Git and ledger were compared, and differ: nothing is posted or announced meanwhile."""
    yield from differing(plan.differences)


def roster_alarms(ledger: Ledger) -> Iterator[Alarm]:
    """Another hand was in the roster of a notice that has not begun: the next run has it wait for a word."""
    for notice_id, why in unsaid_of_roster(ledger).items():
        yield alarm(AlarmCode.AWAITING_APPROVAL, "for a reason", notice=notice_id, why=why)


def differing(differences: Iterable[str]) -> Iterator[Alarm]:
    """The same from the differences alone."""
    for difference in differences:
        yield alarm(AlarmCode.RECORDS_DIFFER, what=difference)


def waiting_alarms(config: Config, standings: Iterable[Standing]) -> Iterator[Alarm]:
    """Policies that need a person before they are posted; also where an uncommitted edit holds up a revision, or the
    folder itself went: nobody edits that for a while."""
    folder = config.policies.path
    is_lost = config.policies_dir.is_symlink() or not config.policies_dir.is_dir()
    for wait in (one.wait for one in standings if one.wait):
        if is_lost and wait.reason is WaitReason.COMMIT:
            why = f"{folder} is no folder in the checkout any more; put it back: git checkout -- {folder}"
            yield alarm(AlarmCode.NOT_POSTED, policy=wait.policy_id, why=why)
            continue
        if not wait.needs_a_person:
            continue
        ends = f"{wait.until.astimezone(config.posting_zone):%Y-%m-%d %H:%M %Z}" if wait.until else ""
        policy, until = wait.policy_id, wait.until
        if wait.reason is WaitReason.WORD and until:
            yield alarm(AlarmCode.CLOSE_CALL, policy=policy, until=until, commits=named(wait.commits), ends=ends)
        if wait.reason is WaitReason.GONE:
            yield alarm(AlarmCode.POLICY_GONE, policy=policy, why=wait.why)
        if wait.reason in NOT_POSTED_YET:
            occasion = "until then" if until else ""
            yield alarm(AlarmCode.NOT_POSTED, occasion, policy=policy, until=until, why=wait.why, ends=ends)


def named(commits: Iterable[str]) -> str:
    """Commit ids as people write them."""
    return ", ".join(commit_id[:7] for commit_id in commits)


def unfinished_alarms(plan: Plan) -> Iterator[Alarm]:
    """What a run was cut short in, and the next one does."""
    for step in plan.steps:
        if isinstance(step, FinishPosting | DropPosting):
            policy_id = step.interrupted.posting.policy_id
            yield alarm(AlarmCode.CUT_SHORT, policy=policy_id)
    for standing in plan.standings:
        left = standing.timeline.unannounced
        if left is not None and standing.timeline.telling(left) is Telling.UNANNOUNCED:
            occasion = "with more" if standing.posting else ""
            yield alarm(AlarmCode.NOT_ANNOUNCED, occasion, policy=left.policy_id, posted_on=left.posted_on)


def notice_alarms(config: Config, ledger: Ledger, now: datetime) -> Iterator[Alarm]:
    """What is wrong with notices and their delivery."""
    if config.mail.transport == "sendgrid" and config.mail.sendgrid.sandbox:
        yield alarm(AlarmCode.SANDBOX, transport="sendgrid")
    yield from late_anchor_alarms(config, ledger, now)
    yield from process_alarms(ledger, now)
    for name, count in ledger.roster.lacking().items():
        yield alarm(AlarmCode.LIST_LACKS, what=name, rows=counted(count, "row"))
    for notice_id in sorted(unapproved(config, ledger)):
        why = ledger.notices.get(notice_id).why
        yield alarm(AlarmCode.AWAITING_APPROVAL, "for a reason" if why else "", notice=notice_id, why=why)
    standing = [(notice, ledger.deliveries.counts(notice.notice_id)) for notice in ledger.notices.all()]
    newest = {policy: notice.notice_id for notice, _ in standing if notice.state in SENT for policy in notice.policies}
    for notice, counts in standing:
        is_newest = notice.notice_id in newest.values()
        yield from _notice_alarms(config, ledger, notice, counts, now, is_newest=is_newest)
    yield from _untold_alarms(ledger, standing, newest.values())
    yield from _transport_alarms(config, ledger, standing, now)
    for difference in ledger.deliveries.check_counts(unfinished_only=True):
        yield alarm(AlarmCode.COUNTS_DIFFER, what=difference)


def process_alarms(ledger: Ledger, now: datetime) -> Iterator[Alarm]:
    """Who works on the ledger, and has said nothing for too long."""
    for one in ledger.processes.all(now):
        if one.is_silent(now):
            yield alarm(AlarmCode.PROCESS_SILENT, role=one.role, host=one.host, pid=one.pid, seen_at=one.seen_at)


def unapproved(config: Config, ledger: Ledger) -> frozenset[str]:
    """Notices that wait for a person's approval; also those made while the config asked for none."""
    if config.notice.approval == "auto":
        return frozenset(one.notice_id for one in ledger.notices.all(NoticeState.AWAITING_APPROVAL))
    waiting = (one for one in ledger.notices.waiting() if one.state in TO_APPROVE)
    return frozenset(one.notice_id for one in waiting if one.approved_by is None)


def _transport_alarms(
    config: Config, ledger: Ledger, counted: Iterable[tuple[StoredNotice, NoticeCounts]], now: datetime
) -> Iterator[Alarm]:
    """Only while somebody waits for it: what it takes after that, the next notice will show."""
    breaker = ledger.breakers.of(config.mail.transport)
    if breaker is None:
        return
    queued = [counts.queued for notice, counts in counted if notice.state is NoticeState.SENDING]
    if queued:
        occasion = "" if sum(queued) else "nobody waits"
        transport, why, again = breaker.transport, breaker.why, trying_again(breaker, now)
        yield alarm(AlarmCode.NO_MAIL_TAKEN, occasion, transport=transport, count=sum(queued), why=why, again=again)


def trying_again(breaker: OpenBreaker, now: datetime) -> str:
    """Who runs once more in its pause sees the same words, though they may have mended it."""
    return f"it is tried again after {breaker.until:%H:%M:%S} UTC" if breaker.until > now else "each run tries again"


def _notice_alarms(
    config: Config, ledger: Ledger, notice: StoredNotice, counts: NoticeCounts, now: datetime, *, is_newest: bool
) -> Iterator[Alarm]:
    """`is_newest`: of some policy; whoever missed one that a later notice overtook was told by that one."""
    notice_id = notice.notice_id
    if notice.state is NoticeState.NO_AUDIENCE:
        yield alarm(AlarmCode.NO_AUDIENCE, notice=notice_id, why=notice.why)
    if notice.state is NoticeState.HELD:
        yield alarm(AlarmCode.HELD, notice=notice_id, count=counts.queued, why=notice.why)
    if notice.finished_at is None and notice.is_overdue(now):  # what ended late has moved its day: nobody can mend it
        yield alarm(AlarmCode.OVERDUE, notice=notice_id, deadline=notice.deadline)
    if _is_left_lying(config, ledger, notice, counts, now):
        yield alarm(AlarmCode.UNSENT, notice=notice_id, count=counts.queued)
    unreached = ledger.deliveries.unreached(notice_id) - notice.given_up
    if notice.state is NoticeState.FINISHED and unreached > 0:
        silenced = ledger.deliveries.silenced(notice_id)
        occasion = "silenced" if silenced else ""
        why = _main_cause(ledger.deliveries.causes(notice_id))
        yield alarm(AlarmCode.NOT_REACHED, occasion, notice=notice_id, count=unreached, silenced=silenced, why=why)
    is_over = notice.effective_on is None or notice.effective_on < now.astimezone(config.posting_zone).date()
    may_be_extended = notice.frozen_at and (is_newest or not is_over) and notice.state in SENT
    if may_be_extended and (joined := ledger.extensions.joined(notice_id).known.told):
        yield alarm(AlarmCode.UNSENT, "joined late" if is_over else "joined", notice=notice_id, count=joined)
    if counts.in_doubt:
        why = next((one.why for one in ledger.in_doubt.batches() if one.notice_id == notice_id), "")
        occasion = "" if notice.state is NoticeState.SENDING else "nobody sends"
        yield alarm(AlarmCode.IN_DOUBT, occasion, notice=notice_id, count=counts.in_doubt, why=without_addresses(why))
    if notice.state is NoticeState.FINISHED and counts.queued:
        lost = f"{counts.queued:,} of its recipients {are(counts.queued)} in no batch"
        yield alarm(AlarmCode.COUNTS_DIFFER, what=f"notice {notice_id} has ended, and {lost}: nobody told them")


def _untold_alarms(
    ledger: Ledger, counted: Iterable[tuple[StoredNotice, NoticeCounts]], newest: Collection[str]
) -> Iterator[Alarm]:
    """Notices that ended without telling anybody, or everybody, and no later one has told it since."""
    doubtful = [
        (notice, counts)
        for notice, counts in counted
        if notice.state is NoticeState.CANCELLED
        or (notice.state is NoticeState.FINISHED and notice.notice_id in newest and not counts.recipients)
    ]
    accepted = ledger.recovered.accepted() if doubtful else frozenset()
    untold = {one.tag for one in _untold(ledger)} if doubtful else set()
    for notice, counts in doubtful:
        notice_id, tags = notice.notice_id, untold.intersection(notice.tags)
        if notice_id in accepted:
            continue
        if notice.state is NoticeState.FINISHED:
            yield alarm(AlarmCode.NOT_REACHED, "nobody", notice=notice_id)
        spared = counts.cancelled or ledger.readers.not_begun(notice_id)
        if tags and spared:
            listed = ", ".join(sorted(tags))
            yield alarm(AlarmCode.NOT_REACHED, "cancelled", notice=notice_id, count=spared, why=notice.why, tags=listed)


def _untold(ledger: Ledger) -> Iterator[Posting]:
    """Of each policy what its last cancelled notice was to tell, unless something since has."""
    postings, facts = ledger.postings.all(), ledger.postings.facts()
    for policy_id in {one.policy_id for one in postings}:
        timeline = Timeline(tuple(one for one in postings if one.policy_id == policy_id), facts)
        yield from (timeline.untold,) if timeline.untold else ()


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
            yield alarm(AlarmCode.REVIEW_DUE, policy=policy_id, posted_on=posted_on)


def _main_cause(causes: Sequence[Cause]) -> str:
    """In a provider's words, which may name a customer: no alarm does."""
    if not causes:
        return "nobody knows why"
    reason = BY_HAND if causes[0].reason == SuppressionReason.MANUAL else causes[0].reason
    words = without_addresses(reason)[:LONGEST_REASON].rstrip(". ")
    more = f", and {counted(len(causes) - 1, 'other reason')}" if len(causes) > 1 else ""
    return f"{words}{more}"


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
        AlarmCode.PROCESS_SILENT,
        AlarmCode.LIST_LACKS,
    }
)
"""What the ledger alone tells at any moment; everything else is found out by runs, and stands until the next one."""
LOOKED_UP = LIVE | {
    AlarmCode.RECORDS_DIFFER,
    AlarmCode.JOURNAL_DIFFERS,
    AlarmCode.CLOSE_CALL,
    AlarmCode.NOT_POSTED,
    AlarmCode.POLICY_GONE,
    AlarmCode.CUT_SHORT,
    AlarmCode.NOT_ANNOUNCED,
    AlarmCode.REVIEW_DUE,
    AlarmCode.DISK_FULL,
    AlarmCode.ENDED_LATE,
}
"""What `status` finds out anew from git and the ledger, or (the last) only tells; all else stands as it was found."""
LOOKED_AT = LIVE | {
    AlarmCode.CONFIG_BROKEN,
    AlarmCode.SENDING_FAILED,
    AlarmCode.BOUNCES_UNREAD,
    AlarmCode.DISK_FULL,
}
"""What is looked at between the runs, too."""
LATE = timedelta(minutes=10)
"""How late a run may be before it counts as missed: a restart takes a moment."""


def noted_alarms(memory: AlarmMemory, ledger: Ledger, now: datetime) -> Iterator[Alarm]:
    """What was found out by the last run, by `schedule` and by `serve`, and stands; also that no run comes any more."""
    last, over = ledger.runs.last(), LOOKED_UP | mended_meanwhile(memory, ledger)
    yield from (one.alarm for one in memory.standing if one.alarm.code not in over)
    yield from missed_alarms(memory.next_run_at, last.started_at if last else None, now)


def missed_alarms(due_at: datetime | None, last_run_at: datetime | None, now: datetime) -> Iterator[Alarm]:
    """A run was due and none has begun since."""
    if due_at is None or now - due_at < LATE or (last_run_at is not None and last_run_at >= due_at):
        return
    yield alarm(AlarmCode.RUN_MISSED, due_at=due_at)


def mended_meanwhile(memory: AlarmMemory, ledger: Ledger) -> frozenset[AlarmCode]:
    """A run that failed is nothing any more where a later one came to its end, on whatever machine."""
    last = ledger.runs.last()
    if last is None or last.outcome is not RunOutcome.DONE:
        return frozenset()
    failed = (one for one in memory.standing if one.alarm.code is AlarmCode.RUN_FAILED)
    return frozenset(one.alarm.code for one in failed if one.raised_at < last.started_at)


def config_alarms(mistake: str | None) -> Iterator[Alarm]:
    """A config that was changed while Notifier ran, and cannot be used."""
    if mistake:
        yield alarm(AlarmCode.CONFIG_BROKEN, why=mistake)


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
    last, over = ledger.runs.last(), LIVE | mended_meanwhile(memory, ledger)
    left = (one.alarm for one in memory.standing if one.alarm.code not in over)
    missed = missed_alarms(memory.next_run_at, last.started_at if last else None, now)
    return without_repeats((*left, *live_alarms(config, ledger, memory, now), *missed))


def without_repeats(alarms: Iterable[Alarm]) -> tuple[Alarm, ...]:
    """Each trouble once, as it was told first."""
    first: dict[tuple[str, ...], Alarm] = {}
    for one in alarms:
        first.setdefault(one.key, one)
    return tuple(first.values())

"""What needs a person: each alarm is a code with its fields, and one line that says the mend.

The one list: `status`, `run`, `/metrics`, `/healthz` and the alarms that go out all read it. Nobody parses the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from notifier.notice.delivery import NoticeState
from notifier.policy.standing import Standing, WaitReason
from notifier.usecases.plan import DropPosting, FinishPosting, Plan
from notifier.usecases.two_records import difference_alarms

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.ledger.types import NoticeCounts, StoredNotice

TO_APPROVE = (NoticeState.AWAITING_APPROVAL, NoticeState.SCHEDULED)
QUIET = timedelta(minutes=5)
"""A notice that is being sent and has asked nobody for so long is not being sent by anybody."""
REVIEW_AFTER_DAYS = 335
"""A policy not touched for eleven months is due for its yearly review (Cal. Civ. Code 1798.130(a)(5))."""


class AlarmCode(StrEnum):
    """What kind of trouble it is. A code is never renamed: other programs wait for it."""

    RECORDS_DIFFER = "records-differ"  #: Git and the ledger tell different stories of what was posted.
    CLOSE_CALL = "close-call"  #: A policy waits for an editor's word.
    NOT_POSTED = "not-posted"  #: A policy cannot be posted as it stands.
    POLICY_GONE = "policy-gone"  #: A policy's file was removed: must customers be told?
    CUT_SHORT = "cut-short"  #: A run was killed while posting.
    NOT_ANNOUNCED = "not-announced"  #: Posted, and no notice tells of it yet.
    AWAITING_APPROVAL = "awaiting-approval"  #: A notice waits for `notifier notice approve`.
    NO_AUDIENCE = "no-audience"  #: A notice has nobody to go to.
    HELD = "held"  #: A notice was stopped, by a person or by the bounce limit.
    OVERDUE = "overdue"  #: A notice did not reach everybody by its deadline.
    UNSENT = "unsent"  #: A notice has begun, somebody is still to be told, and nobody sends.
    NOT_REACHED = "not-reached"  #: A notice ended, and did not reach everybody.
    IN_DOUBT = "in-doubt"  #: Nobody can tell whether the provider took these.
    NO_MAIL_TAKEN = "no-mail-taken"  #: The transport is away, or refuses all we send.
    SANDBOX = "sandbox"  #: Nothing that is sent reaches anybody.
    COUNTS_DIFFER = "counts-differ"  #: The ledger's own figures do not add up.
    ENDED_LATE = "ended-late"  #: A notice ended after its deadline, and the effective date moved.
    BAD_ROWS = "bad-rows"  #: Rows of the roster name nobody: those customers are not told.
    ROSTER_UNREAD = "roster-unread"  #: `customers.file` cannot be read: nobody knows who the customers are now.
    NO_PAGE = "no-page"  #: What was posted has no page that readers can open.
    REVIEW_DUE = "review-due"  #: A policy was not touched for eleven months.


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that needs a person. text is the line for them; the other fields are there where they apply."""

    code: AlarmCode
    text: str
    policy: str | None = None
    notice: str | None = None
    transport: str | None = None
    count: int | None = None
    """How many customers (or rows) it is about."""
    until: datetime | None = None
    """When it ends by itself."""

    def __str__(self) -> str:
        return self.text

    @property
    def key(self) -> tuple[str, ...]:
        """The same as long as it is the same trouble, whatever its figures and words are meanwhile."""
        return (self.code.value, self.policy or "", self.notice or "", self.transport or "")

    def as_json(self) -> dict[str, Any]:
        """The fields that apply."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def record_alarms(plan: Plan) -> Iterator[Alarm]:
    """Git and ledger were compared, and differ: nothing is posted or announced meanwhile."""
    for text in difference_alarms(plan.differences):
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
    made = {posting.tag for posting in plan.postings}
    for one in plan.announce.announcements if plan.announce else ():
        if one.posting.tag not in made:
            policy_id, when = one.posting.policy_id, one.posting.posted_on
            text = f"{policy_id}: posted {when} and not announced yet; the next `notifier run` does"
            yield Alarm(AlarmCode.NOT_ANNOUNCED, text, policy=policy_id)


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


def without_repeats(alarms: Iterable[Alarm]) -> tuple[Alarm, ...]:
    """Each trouble once, as it was told first."""
    first: dict[tuple[str, ...], Alarm] = {}
    for alarm in alarms:
        place = alarm.key if any(alarm.key[1:]) else (*alarm.key, alarm.text)
        first.setdefault(place, alarm)
    return tuple(first.values())

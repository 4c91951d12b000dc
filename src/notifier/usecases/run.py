"""One pass: plan, compose what will be told, carry the plan out, write the pages, deliver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from notifier.alarms import Alarm, AlarmCode, alarm
from notifier.errors import Busy, Refused, RepositoryError
from notifier.ledger.states import RunOutcome
from notifier.ledger.types import StoredNotice
from notifier.notice.delivery import UNFINISHED, NoticeState
from notifier.notice.sending_rules import SendingRules
from notifier.policy.posting import Posting
from notifier.policy.revision import PolicyText
from notifier.repository.objects import blob_id
from notifier.usecases.alarms import (
    notice_alarms,
    record_alarms,
    reviews_due,
    roster_alarms,
    unapproved,
    waiting_alarms,
    without_repeats,
)
from notifier.usecases.announce import Composed, add_notice
from notifier.usecases.audience import doubt_where_roster_shrank, doubts, not_reached_yet
from notifier.usecases.customers import RosterRead, has_list, read_configured_roster
from notifier.usecases.deliver import DeliveryReport, NoticeReport, Phase, Progress, SystemEnvironment, deliver
from notifier.usecases.disk import disk_alarms
from notifier.usecases.fitting import fitting_plan
from notifier.usecases.installation import Installation
from notifier.usecases.late import with_moved_days, with_true_days
from notifier.usecases.plan import (
    Announce,
    DropPosting,
    FinishPosting,
    MakePosting,
    Plan,
    Step,
    Withdraw,
    withheld_notices,
)
from notifier.usecases.proof.after_run import after_run
from notifier.usecases.publish import pageless_notices, publish_what_stands
from notifier.usecases.returned_mail import read_returned_mail
from notifier.usecases.samples import refuse_samples
from notifier.usecases.set_back import under_way
from notifier.usecases.told_in_git import told_differences, write_begun, write_told
from notifier.usecases.two_records import differences

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.usecases.standings import Records


class RunReport(NamedTuple):
    """What a run did, or (a dry one) would do."""

    plan: Plan = Plan()
    posted: tuple[Posting, ...] = ()
    delivery: DeliveryReport = DeliveryReport()
    alarms: tuple[Alarm, ...] = ()
    """What needs a person after this run."""
    reviews: tuple[Alarm, ...] = ()
    """Policies that should be read again; that is no reason for a run to end with 1, and goes out all the same."""
    open_notices: tuple[StoredNotice, ...] = ()
    """Notices that have not ended: not everybody has been told."""
    given_up: int = 0
    """How many a person said need not be reached any more, of those who were to know the texts that stand now."""
    joined: tuple[tuple[str, date, int], ...] = ()  # notice, last day of its period, how many have joined since

    @property
    def notices(self) -> tuple[NoticeReport, ...]:
        return self.delivery.notices

    @property
    def untold(self) -> tuple[Posting, ...]:
        """Texts that were posted, and whose notice was cancelled."""
        found = (standing.timeline.untold for standing in self.plan.standings)
        return tuple(posting for posting in found if posting)

    @property
    def needs_a_person(self) -> bool:
        """Exit code 1: somebody waits, was not reached, or must decide."""
        is_held_back = any(wait.needs_a_person for wait in self.plan.waiting)
        has_failed = any(one.counts.bounced + one.counts.dropped for one in self.notices)
        return bool(is_held_back or has_failed or self.alarms or self.plan.ignored)


def run(installation: Installation) -> RunReport:
    """Make one pass and write down that it was made. Raises `Refused`, with nothing changed, for bad input."""
    runs = installation.ledger.runs
    run_no = runs.begin(installation.now())
    installation.ledger.high_water.keep()
    try:
        report = _pass(installation)
    except Exception as error:
        runs.finish(run_no, installation.now(), outcome=RunOutcome.FAILED, detail=type(error).__name__)
        raise
    runs.finish(run_no, installation.now(), outcome=RunOutcome.DONE)
    return report


def dry_run(installation: Installation) -> RunReport:
    """What `run` would do now; changes nothing and writes nothing down."""
    plan, _ = fitting_plan(installation.records(), installation.templates)
    ledger = installation.ledger
    roster = _read_roster(installation, is_dry=True)
    told = plan.announce.announcements if plan.announce else ()
    against = tuple(doubts(ledger, told, leaving=roster.leaving)) if told else ()
    alarms = (
        *_roster_alarms(roster),
        *disk_alarms(installation.config),
        *record_alarms(plan),
        *roster_alarms(ledger),
        *waiting_alarms(installation.config, plan.standings),
        *(alarm(AlarmCode.AWAITING_APPROVAL, "would", why=one) for one in against),
        *notice_alarms(installation.config, ledger, installation.now()),
    )
    return RunReport(
        plan,
        plan.postings,
        alarms=without_repeats(alarms),
        open_notices=ledger.notices.all(*UNFINISHED),
        given_up=_given_up(plan, ledger),
        joined=tuple(not_reached_yet(ledger, installation.today)),
    )


def _pass(installation: Installation) -> RunReport:
    is_known = False
    try:
        roster = _read_roster(installation)
        is_known = True
        plan, posted, left_out = _post_and_publish(installation)
    except Refused:
        with suppress(Refused):
            deliver_due(installation, may_begin=is_known)  # what is half sent waits for no mistake elsewhere
        raise
    delivery = deliver_due(installation)  # after the pages, which every message links to
    installation.on_step("delivered")
    unwritten = () if plan.differences else tuple(write_told(installation.repository, installation.ledger))
    alarms = (
        *_roster_alarms(roster),
        *disk_alarms(installation.config),
        *delivery.alarms,
        *left_out,
        *(alarm(AlarmCode.TOLD_NOT_IN_GIT, what=line) for line in unwritten),
        *after_run(installation.config, installation.repository, installation.ledger, installation.now()),
        *record_alarms(plan),
        *waiting_alarms(installation.config, plan.standings),
        *notice_alarms(installation.config, installation.ledger, installation.now()),
        *(_left_alarms(delivery) if installation.ledger.breakers.of(installation.mailer.name) is None else ()),
    )
    return RunReport(
        plan,
        posted,
        delivery,
        without_repeats(alarms),
        tuple(reviews_due(_last_posted(installation.records(), plan), installation.today)),
        installation.ledger.notices.all(*UNFINISHED),
        _given_up(plan, installation.ledger),
        tuple(not_reached_yet(installation.ledger, installation.today)),
    )


def _post_and_publish(installation: Installation) -> tuple[Plan, tuple[Posting, ...], tuple[Alarm, ...]]:
    """What was planned, what became public of it, and what did not."""
    plan, composed = fitting_plan(installation.records(), installation.templates)  # before anything is changed
    if composed:
        people = (customer.email for customer in installation.ledger.roster.customers())
        refuse_samples(installation.config, _told_texts(plan), people)
        installation.mailer.check(installation.config.mail.from_, installation.config.mail.reply_to)
    installation.on_step("composed")
    posted, stuck = _carry_out(installation, plan, composed)
    # A stop is prompt: the next run writes the pages, and only then delivers. No page is made of a tag that was moved.
    left_out = () if installation.should_stop() or plan.differences else publish_what_stands(installation)
    installation.on_step("published")
    return plan, posted, (*stuck, *left_out)


def _last_posted(records: Records, plan: Plan) -> Iterator[tuple[str, date | None]]:
    for standing in plan.standings:
        last = records.own_timeline(standing).last
        yield standing.policy_id, last.posted_on if last else None


def _given_up(plan: Plan, ledger: Ledger) -> int:
    known = {last.tag for standing in plan.standings if (last := standing.timeline.last_announced)}
    return sum(one.given_up for one in ledger.notices.all(NoticeState.FINISHED) if known & set(one.tags))


def _left_alarms(delivery: DeliveryReport) -> Iterator[Alarm]:
    """What this pass left undone, and no later one takes up by itself at a known time."""
    for one in delivery.notices:
        is_left = one.waiting_for and one.counts.queued and not one.is_expected
        if is_left and one.notice.state is NoticeState.SENDING:  # what is held says so itself
            notice_id, queued, why = one.notice.notice_id, one.counts.queued, one.waiting_for
            yield alarm(AlarmCode.UNSENT, "it waits", notice=notice_id, count=queued, until=one.until, why=why)


def _read_roster(installation: Installation, *, is_dry: bool = False) -> RosterRead:
    """Bring in the company's list, where one is configured; a dry run only looks. Not where the two records differ:
    the ledger may be another company's, whose notices would go to our customers."""
    at, config, ledger = installation.now(), installation.config, installation.ledger
    if not is_dry and has_list(config) and differences(installation.repository, ledger, config.page_dir):
        return RosterRead()
    return read_configured_roster(
        config, ledger, at, is_dry=is_dry,
        on_progress=lambda done: installation.on_progress(Progress("", Phase.READING, done, 0, 0.0)),
    )  # fmt: skip


def _roster_alarms(roster: RosterRead) -> Iterator[Alarm]:
    yield from (alarm(AlarmCode.BAD_ROWS, what=row) for row in roster.bad_rows)
    if roster.away:
        yield alarm(AlarmCode.ROSTER_AWAY, why=roster.away)


def _told_texts(plan: Plan) -> Iterator[PolicyText]:
    for one in plan.announce.announcements if plan.announce else ():
        yield from one.revision.texts.values()


# Carrying out


def _carry_out(
    installation: Installation, plan: Plan, composed: Composed | None
) -> tuple[tuple[Posting, ...], tuple[Alarm, ...]]:
    """Every step, until told to stop; what became public, and what git did not take: that waits alone.

    Each step can be repeated by a plan made after a kill. A notice is made only of what became public.
    """
    if not plan.differences:
        installation.ledger.runs.keep_branch(installation.repository.branch, installation.now())
    installation.ledger.reviews.see(plan.close_calls, installation.now())
    posted: list[Posting] = []
    stuck: dict[str, Alarm] = {}
    for step in plan.steps:
        if installation.should_stop() or (isinstance(step, Announce) and stuck.keys() & plan.announced):
            break
        installation.check_lock()
        try:
            posting = _take(installation, step, composed)
        except (RepositoryError, Busy) as error:
            if not isinstance(step, MakePosting):
                raise
            stuck[step.posting.tag] = alarm(AlarmCode.GIT_REFUSED, policy=step.posting.policy_id, why=error)
            continue
        posted += [posting] if posting else []
    return tuple(posted), tuple(stuck.values())


def _take(installation: Installation, step: Step, composed: Composed | None) -> Posting | None:
    """One step; the posting that it made public, if any."""
    match step:
        case FinishPosting(interrupted):
            _confirm(installation, interrupted.posting, interrupted.stamp_id)
            return interrupted.posting
        case DropPosting(interrupted):
            installation.repository.put_back(interrupted.blobs)
            installation.ledger.postings.drop(interrupted.posting.tag)
        case MakePosting(posting, must_tell, texts):
            _post(installation, posting, texts, must_tell=must_tell)
            return posting
        case Announce() if composed:
            taken = {one.notice_id for one in installation.repository.told.records}
            add_notice(installation.config, installation.ledger, composed, step, installation.now(), taken)
            installation.on_step("notice added")
        case Withdraw(notices, settles):
            installation.ledger.notices.withdraw(notices, settles, installation.now())
            installation.on_step("notice withdrawn")
    return None


def _post(installation: Installation, posting: Posting, texts: Mapping[str, str], *, must_tell: bool) -> None:
    """Record, act, record: a run that dies in between leaves a posting that the next plan finishes or drops."""
    blobs = {path: blob_id(text) for path, text in texts.items()}
    installation.ledger.postings.plan(posting, blobs, installation.now(), must_tell=must_tell)
    installation.on_step("posting planned")
    stamp_id = installation.repository.stamp(posting, texts, _head(installation)) if texts else None
    installation.on_step("stamped")
    _confirm(installation, posting, stamp_id)


def _head(installation: Installation) -> str:
    return str(installation.ledger.journal.head())


def _confirm(installation: Installation, posting: Posting, stamp_id: str | None) -> None:
    """The posting stands in git: tag it there, and say so in the ledger. Does nothing twice."""
    made = installation.repository.tag(posting, stamp_id or posting.commit_id, _head(installation))
    installation.ledger.journal.tagged(posting.tag, made)
    installation.on_step("tagged")
    installation.ledger.postings.confirm(posting.tag, stamp_id, installation.now())
    installation.on_step("posted")


def deliver_due(installation: Installation, *, may_begin: bool = True) -> DeliveryReport:
    """Send what is due, as far as one pass gets; never a notice that was overtaken, or that nobody has approved.

    Where `may_begin` is False, nobody knows who the customers are: only what has begun goes on.
    """
    environment = SystemEnvironment(
        now=installation.now, should_stop=installation.should_stop, on_progress=installation.on_progress
    )
    unread = read_returned_mail(installation.config, installation.ledger, installation.now())
    doubt_where_roster_shrank(installation.ledger, installation.now())
    config, repository, ledger = installation.config, installation.repository, installation.ledger
    withheld = withheld_notices(installation.records()) | unapproved(config, ledger)
    withheld |= told_differences(repository, ledger).keys() | ledger.held_rows.notices()
    withheld |= {one.notice_id for one in under_way(ledger)} if ledger.high_water.fault() else frozenset()
    withheld |= frozenset() if may_begin else {one.notice_id for one in ledger.notices.waiting()}
    left, late = with_true_days(installation, withheld) if may_begin else ({}, [])
    pageless = pageless_notices(config, ledger)
    withheld |= pageless.keys() | left.keys()
    rules = sending_rules(config)
    delivery = deliver(
        ledger, installation.mailer, rules, environment,
        withheld=withheld, on_begun=lambda notice_id: write_begun(repository, ledger, notice_id),
    )  # fmt: skip
    lacking = (alarm(AlarmCode.NO_PAGE, what=line) for line in pageless.values())
    moved = with_moved_days(installation, delivery)
    return delivery._replace(alarms=(*delivery.alarms, *left.values(), *late, *unread, *lacking, *moved))


def sending_rules(config: Config) -> SendingRules:
    """The operator's rules for sending."""
    notice = config.notice
    return SendingRules(
        sender=config.mail.from_,
        reply_to=config.mail.reply_to,
        max_bounce_rate=notice.max_bounce_rate,
        resends_in_doubt=notice.in_doubt == "resend",
        rate_per_second=config.mail.rate_per_second,
        period_days=notice.period_days,
        zone=config.posting_zone,
        canary_wait=timedelta(minutes=notice.canary_minutes),
        in_doubt_wait=timedelta(minutes=notice.in_doubt_minutes),
    )

"""One pass, in order: finish what a killed run began, look ahead, compose, post, announce, publish, deliver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.ledger.states import RunOutcome
from notifier.notice.sending_rules import SendingRules
from notifier.policy.posting import Posting
from notifier.usecases.announce import Untold, add_notice, compose_notice, read_back, since_told, unannounced
from notifier.usecases.customers import import_roster_file
from notifier.usecases.deliver import DeliveryReport, NoticeReport, Progress, Surroundings, deliver
from notifier.usecases.post import OnStep, Outlook, Plan, Waiting, carry_out, finish_planned, look_ahead
from notifier.usecases.publish import publish_pages
from notifier.usecases.status import alarms_of

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.ledger.types import StoredNotice
    from notifier.mail import Mailer
    from notifier.repository import Repository


@dataclass(frozen=True, slots=True)
class Parts:
    """One installation's concrete parts, as `bootstrap` puts them together."""

    config: Config
    repository: Repository
    ledger: Ledger
    mailer: Mailer
    templates: Path
    now: Callable[[], datetime]
    on_step: OnStep = lambda _: None
    on_progress: Callable[[Progress], None] = lambda _: None
    should_stop: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did, or (rehearsed) would do."""

    plans: tuple[Plan, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    ignored: tuple[str, ...] = ()
    """Editors' words that did not count, in lines for people."""
    delivery: DeliveryReport = field(default_factory=DeliveryReport)
    alarms: tuple[str, ...] = ()
    """What needs a person after this run."""

    @property
    def posted(self) -> tuple[Posting, ...]:
        return tuple(plan.posting for plan in self.plans)

    @property
    def notices(self) -> tuple[NoticeReport, ...]:
        return self.delivery.notices

    @property
    def needs_a_person(self) -> bool:
        """Exit code 1: somebody waits, was not reached, or must decide."""
        is_held_back = any(wait.needs_a_person for wait in self.waiting)
        has_failed = any(one.counts.bounced + one.counts.dropped for one in self.notices)
        return bool(is_held_back or has_failed or self.alarms or self.ignored)


def run(parts: Parts) -> RunReport:
    """Make one pass and write down that it was made. Raises `Refused`, with nothing changed, for bad input."""
    run_no = parts.ledger.runs.begin(parts.now())
    try:
        report = _pass(parts)
    except Exception as error:
        parts.ledger.runs.finish(run_no, parts.now(), outcome=RunOutcome.FAILED, detail=type(error).__name__)
        raise
    parts.ledger.runs.finish(run_no, parts.now(), outcome=RunOutcome.DONE)
    return report


def rehearse(parts: Parts) -> RunReport:
    """What `run` would post and announce now; changes nothing and writes nothing down."""
    outlook = _look_ahead(parts, is_dry=True)
    compose_notice(parts.config, parts.ledger, parts.templates, _untold(parts, outlook))
    return RunReport(outlook.plans, outlook.waiting, outlook.ignored)


def _pass(parts: Parts) -> RunReport:
    bad_rows = _read_roster(parts)
    finish_planned(parts.config, parts.repository, parts.ledger, parts.now(), parts.on_step)
    parts.on_step("recovered")
    outlook = _look_ahead(parts, is_dry=False)
    left_over = _left_over(parts, outlook)
    plans = _post_and_announce(parts, outlook, left_over)
    if not parts.should_stop():  # a stop is prompt; the next run writes the pages, and only then delivers
        today = parts.now().astimezone(parts.config.posting_zone).date()
        publish_pages(parts.config, parts.repository, parts.templates, today=today)
    parts.on_step("published")
    delivery = deliver_due(parts)  # after the pages, which every message links to
    parts.on_step("delivered")
    alarms = (*bad_rows, *delivery.alarms, *alarms_of(parts.config, parts.ledger, parts.now()))
    return RunReport(plans, outlook.waiting, outlook.ignored, delivery, alarms)


def _read_roster(parts: Parts) -> tuple[str, ...]:
    """Bring in `customers.file`, where one is configured; its bad rows, in lines for people."""
    path = parts.config.customers_file
    return import_roster_file(parts.ledger, path).bad_rows if path else ()


def deliver_due(parts: Parts) -> DeliveryReport:
    """Send what is due, as far as one pass gets."""
    around = Surroundings(now=parts.now, should_stop=parts.should_stop, on_progress=parts.on_progress)
    return deliver(parts.ledger, parts.mailer, sending_rules(parts.config), around)


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
        canary_wait=timedelta(minutes=notice.canary_minutes),
        in_doubt_wait=timedelta(minutes=notice.in_doubt_minutes),
    )


def _look_ahead(parts: Parts, *, is_dry: bool) -> Outlook:
    return look_ahead(parts.config, parts.repository, parts.ledger, parts.now(), is_dry=is_dry)


def _left_over(parts: Parts, outlook: Outlook) -> tuple[Untold, ...]:
    """What a killed run posted and did not announce: told together with this run's postings, as it would have been.

    Where a policy has moved on since, it gets a notice of its own first: one message tells of one change of a policy.
    """
    left_over = (*unannounced(parts.repository, parts.ledger), *_overtaken_with(parts, outlook))
    if {one.posting.policy_id for one in left_over} & {one.posting.policy_id for one in _untold(parts, outlook)}:
        _announce(parts, left_over)
        return ()
    return left_over


def _post_and_announce(parts: Parts, outlook: Outlook, left_over: tuple[Untold, ...]) -> tuple[Plan, ...]:
    """Whatever could be refused is refused before the first posting is made."""
    untold = sorted((*left_over, *_untold(parts, outlook)), key=lambda one: one.posting.policy_id)
    composed = compose_notice(parts.config, parts.ledger, parts.templates, untold)
    if composed:
        parts.mailer.check()
    parts.on_step("composed")
    posted: list[Plan] = []
    for plan in outlook.plans:
        if parts.should_stop():
            return tuple(posted)
        carry_out(parts.repository, parts.ledger, plan, parts.now(), parts.on_step)
        posted.append(plan)
    for notice in _overtaken(parts, outlook):
        moved_on = {plan.posting.policy_id for plan in posted} & set(notice.policies)
        parts.ledger.notices.withdraw(notice.notice_id, moved_on, parts.now())
    if composed:
        add_notice(parts.config, parts.ledger, composed, parts.now())
        parts.on_step("notice added")
    return tuple(posted)


def _overtaken(parts: Parts, outlook: Outlook) -> tuple[StoredNotice, ...]:
    """Notices that have reached nobody and tell of a policy that has moved on."""
    moved_on = {plan.posting.policy_id for plan in outlook.plans}
    return tuple(one for one in parts.ledger.notices.waiting() if moved_on & set(one.policies))


def _overtaken_with(parts: Parts, outlook: Outlook) -> Iterator[Untold]:
    """The other postings of those notices: told of in this run's notice instead."""
    moved_on = {plan.posting.policy_id for plan in outlook.plans}
    tags = {tag for notice in _overtaken(parts, outlook) for tag in notice.tags}
    for posting in parts.ledger.postings.all():
        if posting.tag in tags and posting.policy_id not in moved_on:
            yield read_back(parts.repository, parts.ledger, posting)


def _announce(parts: Parts, untold: tuple[Untold, ...]) -> None:
    composed = compose_notice(parts.config, parts.ledger, parts.templates, untold)
    if composed:
        add_notice(parts.config, parts.ledger, composed, parts.now())


def _untold(parts: Parts, outlook: Outlook) -> tuple[Untold, ...]:
    return tuple(_of(parts, plan) for plan in outlook.plans if plan.must_tell)


def _of(parts: Parts, plan: Plan) -> Untold:
    if plan.judgement is None:
        return Untold(plan.posting, plan.revision, None)
    told = plan.judgement.told
    earlier = parts.repository.postings(plan.posting.policy_id)
    since = since_told(earlier, plan.posting, told.posting.tag)
    return Untold(plan.posting, plan.revision, told.revision, since)

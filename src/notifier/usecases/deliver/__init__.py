"""Deliver: notices that are due → frozen recipients → batches to the provider, each recorded before and after.

On SQLite one process sends at a time. On PostgreSQL as many as there are: a run begins a notice and sends along with
the workers, who go on with what has begun (`send_along`). Requests run in threads; the ledger is written by the
caller's thread alone. If the program dies on any line, the ledger tells the truth: a batch without an outcome is in
doubt, and stays so until `reconcile` or an event settles it. `hold` and `cancel` from another process take effect
before the next batch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from socket import gethostname
from typing import TYPE_CHECKING, NamedTuple

from notifier.alarms import Alarm, AlarmCode, alarm
from notifier.errors import Refused
from notifier.ledger.sending.batches import FOR_GOOD, Tenure
from notifier.ledger.types import NoticeCounts, StoredNotice
from notifier.notice.delivery import NoticeState
from notifier.notice.sending_rules import SendingRules
from notifier.plurals import counted
from notifier.usecases.deliver.environment import Environment, Phase, Progress, SystemEnvironment
from notifier.usecases.deliver.outcomes import Provider
from notifier.usecases.deliver.reconcile import reconcile
from notifier.usecases.deliver.sender import NoticeSender, letterhead_of
from notifier.usecases.deliver.traces import end_notice, freezing

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.sending.letterheads import BegunNotice
    from notifier.mail import Mailer

__all__ = [
    "DeliveryReport",
    "Environment",
    "NoticeReport",
    "Phase",
    "Progress",
    "SendingRules",
    "SystemEnvironment",
    "deliver",
    "send_along",
]


class NoticeReport(NamedTuple):
    """Where a notice stands after a pass; `waiting_for` says why the pass left anything undone, until when if known."""

    notice: StoredNotice
    counts: NoticeCounts
    sent: int = 0
    """Recipients whose messages the provider took in this pass."""
    waiting_for: str | None = None
    until: datetime | None = None
    is_expected: bool = False
    """It waits for nobody's act: its first batch is watched, or the pass was told to stop."""


class DeliveryReport(NamedTuple):
    """What a pass of the sender did."""

    notices: tuple[NoticeReport, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    """What a person must know and the ledger does not show by itself."""
    blocked_because: str | None = None
    """Why the provider takes nothing of ours, so that this pass gave up."""


def deliver(
    ledger: Ledger,
    mailer: Mailer,
    rules: SendingRules,
    environment: Environment | None = None,
    *,
    withheld: Collection[str] = (),
    on_begun: Callable[[str], None] = lambda _: None,
) -> DeliveryReport:
    """Send what is due and settle what is in doubt, as far as this pass gets. `withheld`: notices that must not start.

    `on_begun` is told each notice before its first message leaves; where it raises `Refused`, none does.
    Raises `Busy` where another process sends and only one may, `Refused` where the mailer cannot send at all (nothing
    is frozen then), and `LedgerError` where the ledger cannot be written; what was under way is in doubt afterwards.
    """
    env = environment or SystemEnvironment()
    if not _due(ledger, env, withheld) and not ledger.batches.has_unsettled():
        return DeliveryReport()

    def all_due(provider: Provider) -> Iterator[NoticeReport]:
        yield from (_send(ledger, provider, env, one, on_begun) for one in _due(ledger, env, withheld))

    return _pass(ledger, mailer, rules, env, all_due)


def send_along(
    ledger: Ledger, mailer: Mailer, rules: SendingRules, environment: Environment | None = None
) -> DeliveryReport:
    """What a worker does: go on with the notices that a run has begun, as far as this pass gets. Raises as `deliver`.

    Whatever is about beginning one is the run's: who gets it, whether git says so, whether it goes out from here. So is
    how: a machine that would send otherwise leaves it alone, and says so.
    """
    env = environment or SystemEnvironment()
    if not ledger.batches.has_work(env.now()) and not ledger.batches.has_unsettled():
        return DeliveryReport()
    begun = ledger.letterheads.of_begun()
    unlike = {one.notice_id: why for one in begun if (why := _differs(one, mailer, rules))}
    alike = [one.notice_id for one in begun if one.notice_id not in unlike]

    def all_begun(provider: Provider) -> Iterator[NoticeReport]:
        for notice_id in alike:
            sender = NoticeSender(ledger, provider, env, notice_id)
            sender.run()
            _finish(ledger, provider, env, notice_id)
            yield _report(sender)

    report = _pass(ledger, mailer, rules, env, all_begun, only=alike)
    left = (alarm(AlarmCode.SENDING_FAILED, "left alone", notice=one, why=why) for one, why in unlike.items())
    return report._replace(alarms=(*left, *report.alarms))


def _differs(begun: BegunNotice, mailer: Mailer, rules: SendingRules) -> str:
    """In what this machine would send otherwise than where it began; a person has told one of the two wrongly."""
    if begun.destination != mailer.destination:
        return f"mail goes to {mailer.destination} here, and to {begun.destination} where it began"
    return letterhead_of(mailer, rules).differs_from(begun.letterhead) if begun.letterhead else ""


def _pass(
    ledger: Ledger,
    mailer: Mailer,
    rules: SendingRules,
    env: Environment,
    reports_of: Callable[[Provider], Iterable[NoticeReport]],
    only: Collection[str] | None = None,
) -> DeliveryReport:
    """Settle what dead senders left, then send."""
    mailer.check(rules.sender, rules.reply_to)
    with ledger.sending():
        ledger.check_run_lock()
        safe_at, is_run = mailer.destination if mailer.is_idempotent else None, ledger.database.locks.is_run
        ledger.in_doubt.mark_unfinished(env.now(), safe_at=safe_at, is_run=is_run)
        alarms = tuple(reconcile(ledger, mailer, rules, env.now(), only))
        pool = ThreadPoolExecutor(max_workers=mailer.connections, thread_name_prefix="send")
        try:
            provider = _provider(ledger, mailer, rules, pool)
            reports = tuple(reports_of(provider))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return DeliveryReport(reports, (*alarms, *provider.alarms), provider.blocked_because)


def _due(ledger: Ledger, env: Environment, withheld: Collection[str]) -> tuple[str, ...]:
    return tuple(one for one in ledger.notices.due(env.now()) if one not in withheld)


def _provider(ledger: Ledger, mailer: Mailer, rules: SendingRules, pool: ThreadPoolExecutor) -> Provider:
    """With what earlier passes have learned of it."""
    tenure = FOR_GOOD if ledger.database.is_sqlite else Tenure(f"{gethostname()}:{os.getpid()}", rules.lease)
    breaker = ledger.breakers.of(mailer.name)
    if breaker is None:
        return Provider(mailer, rules, pool, tenure=tenure)
    provider = Provider(mailer, rules, pool, last_refusal=breaker.why, tenure=tenure)
    provider.pause(breaker.until, breaker.why)
    return provider


def _send(
    ledger: Ledger, provider: Provider, env: Environment, notice_id: str, on_begun: Callable[[str], None]
) -> NoticeReport:
    """Bring one notice as far as it gets now."""
    sender = NoticeSender(ledger, provider, env, notice_id)
    before = ledger.notices.get(notice_id)
    goes_on = before.frozen_at is not None
    if before.started_at and not goes_on and (why := ledger.held_rows.roster_fault()):  # else asked before it began
        ledger.notices.stop(notice_id, env.now(), why)
        sender.waiting_for = why
        return _report(sender)
    if not env.should_stop() and ledger.notices.start(notice_id, env.now()) and _is_bound(sender):
        with ledger.database.locks.freezing(), freezing(notice_id):
            _freeze(ledger, provider, env, notice_id)
        if goes_on and (unasked := ledger.deliveries.unasked(notice_id)):  # what is sent now would cover it up
            sender.waiting_for = (
                f"{counted(unasked, 'recipient')} said to have been taken, and no attempt of their batch was"
            )
            return _report(sender)
        if ledger.notices.get(notice_id).state is NoticeState.SENDING and _may_begin(sender, on_begun):
            sender.run()
            _finish(ledger, provider, env, notice_id)
    return _report(sender)


def _may_begin(sender: NoticeSender, on_begun: Callable[[str], None]) -> bool:
    """Is it written down elsewhere that it begins? One of which something has left goes on all the same."""
    try:
        on_begun(sender.notice_id)
    except Refused as error:
        if not sender.ledger.deliveries.counts(sender.notice_id).taken:
            sender.waiting_for = str(error)
            return False
    return True


def _report(sender: NoticeSender) -> NoticeReport:
    notice = sender.ledger.notices.get(sender.notice_id)
    why = notice.why if notice.state is NoticeState.NO_AUDIENCE else sender.waiting_for
    counts = sender.ledger.deliveries.counts(sender.notice_id)
    return NoticeReport(notice, counts, sender.sent, why, sender.until, sender.is_expected)


def _is_bound(sender: NoticeSender) -> bool:
    """Does what is left of it go out where it began? Else it is held: a person sets that back, or moves it."""
    now, here = sender.environment.now(), sender.provider.mailer.destination
    began = sender.ledger.notices.bind(sender.notice_id, here, now)
    if began == here:
        return True
    sender.waiting_for = f"it began on {began}, and mail goes to {here} now; set that back, or move it"
    sender.ledger.notices.stop(sender.notice_id, now, sender.waiting_for)
    return False


def _freeze(ledger: Ledger, provider: Provider, env: Environment, notice_id: str) -> None:
    def tell(done: int) -> None:
        env.on_progress(Progress(notice_id, Phase.FREEZING, done, 0, 0.0))

    ledger.recipients.freeze(notice_id, env.now(), batch_size=provider.batch_size, on_progress=tell)


def _finish(ledger: Ledger, provider: Provider, env: Environment, notice_id: str) -> None:
    """Close it if all is done; an end after the deadline moves the effective date, only ever later.

    What was in force already when the notice was made stays in force: no later word can undo that. Nor does what was
    announced before and stays come later because somebody hears late that something else does not come.
    """
    now = env.now()
    if why := ledger.held_rows.sending_fault(notice_id):
        ledger.notices.stop(notice_id, now, why)
    if not ledger.notices.finish(notice_id, now):
        return
    notice = ledger.notices.get(notice_id)
    end_notice(notice_id, notice.created_at, now, lambda: ledger.deliveries.counts(notice_id))
    if not notice.is_overdue(now):
        return
    zone = provider.rules.zone
    effective_on = now.astimezone(zone).date() + timedelta(days=provider.rules.period_days)
    if late := move_days(ledger, notice, effective_on, notice.created_at.astimezone(zone).date()):
        provider.alarms.append(
            alarm(AlarmCode.ENDED_LATE, notice=notice_id, effective_on=effective_on, tags=", ".join(late.tags))
        )


class LateTexts(NamedTuple):
    """What binds on a later day since a notice was late, by tag; whether that moved just now, or at a run before."""

    tags: tuple[str, ...]
    has_moved: bool


def move_days(ledger: Ledger, notice: StoredNotice, day: date, since: date) -> LateTexts | None:
    """Let what a notice tells of bind on `day` at the earliest, but for what was in force by `since`."""
    told = (one for one in ledger.postings.all() if one.tag in notice.tags and not one.restores)
    coming = [one for one in told if one.effective_on > since]
    moved = [one.tag for one in coming if ledger.postings.delay_effect(one.tag, day)]
    late = tuple(one.tag for one in coming if one.tag in moved or one.effective_on == day)
    return LateTexts(late, bool(moved)) if late else None

"""Deliver: notices that are due → frozen recipients → batches to the provider, each recorded before and after.

One process sends at a time. Requests run in threads; the ledger is written by the caller's thread alone. If the program
dies on any line, the ledger tells the truth: a batch without an outcome is in doubt, and stays so until `reconcile`
or an event settles it. `hold` and `cancel` from another process take effect before the next batch.
"""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from notifier.ledger.types import NoticeCounts, StoredNotice
from notifier.notice.sending_rules import SendingRules
from notifier.usecases.reconcile import reconcile
from notifier.usecases.sender import Outing, Progress, Provider, Surroundings

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.mail import Mailer

__all__ = ["DeliveryReport", "NoticeReport", "Progress", "SendingRules", "Surroundings", "deliver"]


@dataclass(frozen=True, slots=True)
class NoticeReport:
    """Where a notice stands after a pass; `waiting_for` says why the pass left anything undone, until when if known."""

    notice: StoredNotice
    counts: NoticeCounts
    sent: int
    """Recipients whose messages the provider took in this pass."""
    waiting_for: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a pass of the sender did."""

    notices: tuple[NoticeReport, ...] = ()
    alarms: tuple[str, ...] = ()
    """What a person must know, a line each."""


def deliver(
    ledger: Ledger,
    mailer: Mailer,
    rules: SendingRules,
    surroundings: Surroundings | None = None,
    *,
    withheld: Collection[str] = (),
) -> DeliveryReport:
    """Send what is due and settle what is in doubt, as far as this pass gets; but not the notices that are `withheld`.

    Raises `Busy` while another process sends, `Refused` where the mailer cannot send at all (nothing is frozen then),
    and `LedgerError` where the ledger cannot be written; whatever was under way is in doubt afterwards.
    """
    around = surroundings or Surroundings()
    if not _due(ledger, around, withheld) and not ledger.batches.has_unsettled():
        return DeliveryReport()
    mailer.check()
    with ledger.sender_lock():
        ledger.in_doubt.mark_unfinished(around.now(), is_idempotent=mailer.is_idempotent)
        alarms = reconcile(ledger, mailer, rules, around.now())
        pool = ThreadPoolExecutor(max_workers=mailer.connections, thread_name_prefix="send")
        try:
            provider = Provider(mailer, rules, pool)
            if block := ledger.rate_limits.stopped_until(mailer.name):
                provider.rest(*block)
            reports = tuple(_send(ledger, provider, around, one) for one in _due(ledger, around, withheld))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return DeliveryReport(reports, (*alarms, *provider.alarms))


def _due(ledger: Ledger, around: Surroundings, withheld: Collection[str]) -> tuple[str, ...]:
    return tuple(one for one in ledger.notices.due(around.now()) if one not in withheld)


def _send(ledger: Ledger, provider: Provider, around: Surroundings, notice_id: str) -> NoticeReport:
    """Bring one notice as far as it gets now."""
    outing = Outing(ledger, provider, around, notice_id)
    if not around.should_stop() and ledger.notices.start(notice_id, around.now()):
        _freeze(ledger, provider, around, notice_id)
        outing.run()
        _finish(ledger, provider, around, notice_id)
    return NoticeReport(
        ledger.notices.get(notice_id),
        ledger.deliveries.counts(notice_id),
        outing.sent,
        outing.waiting_for,
        outing.until,
    )


def _freeze(ledger: Ledger, provider: Provider, around: Surroundings, notice_id: str) -> None:
    def tell(done: int) -> None:
        around.on_progress(Progress(notice_id, "freezing", done, 0, 0.0))

    ledger.recipients.freeze(notice_id, around.now(), batch_size=provider.batch_size, on_progress=tell)


def _finish(ledger: Ledger, provider: Provider, around: Surroundings, notice_id: str) -> None:
    """Close it if all is done; an end after the deadline moves the effective date, only ever later."""
    now = around.now()
    if not ledger.notices.finish(notice_id, now):
        return
    notice = ledger.notices.get(notice_id)
    if not notice.is_overdue(now):
        return
    effective_on = now.date() + timedelta(days=provider.rules.period_days)
    moved = [tag for tag in notice.tags if ledger.postings.delay_effect(tag, effective_on)]
    if moved:
        provider.alarms.append(f"notice {notice_id} ended late; it takes effect on {effective_on}: {', '.join(moved)}")

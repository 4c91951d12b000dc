"""Reconcile: batches in doubt that no event settled → settled by the policy, after its waiting time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from notifier.ledger.audit import SYSTEM
from notifier.notice.delivery import NoticeState
from notifier.notice.sending_rules import SendingRules, Settling, settle

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.types import BatchInDoubt
    from notifier.mail import Mailer

WHY = "no event came within the waiting time"


def reconcile(ledger: Ledger, mailer: Mailer, rules: SendingRules, now: datetime) -> Iterator[str]:
    """Give back what may be sent again, marked as possible duplicates; say of the rest why it stays in doubt."""
    for doubtful in ledger.in_doubt.batches():
        if doubtful.state is not NoticeState.SENDING:
            continue
        verdict = _verdict(ledger, mailer, rules, doubtful, now)
        if verdict is Settling.RESEND:
            ledger.in_doubt.resend(doubtful, now, who=SYSTEM, why=WHY)
            continue
        what = "a person must say what to do" if verdict is Settling.ASK else "waiting for events"
        since = f"{doubtful.since:%Y-%m-%d %H:%M} UTC"
        yield f"notice {doubtful.notice_id}: {doubtful.recipients} recipients in doubt since {since}; {what}"


def _verdict(ledger: Ledger, mailer: Mailer, rules: SendingRules, doubtful: BatchInDoubt, now: datetime) -> Settling:
    """By the mailer that made the attempt: another one's events say nothing about it."""
    return settle(
        doubtful.since,
        now,
        has_events=mailer.has_events and doubtful.mailer == mailer.name,
        others_were_accepted=ledger.attempts.has_accepted_since(doubtful.mailer, doubtful.since),
        feed_seen_at=ledger.events.feed_seen_at(doubtful.mailer),
        rules=rules,
    )

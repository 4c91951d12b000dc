"""Reconcile: batches in doubt that no event settled → settled by the policy, after its waiting time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from notifier.alarms import Alarm, AlarmCode, alarm
from notifier.ledger.audit import SYSTEM
from notifier.notice.delivery import NoticeState
from notifier.notice.sending_rules import SendingRules, patience_in_doubt
from notifier.policy.persons.mailbox import without_addresses

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.types import BatchInDoubt
    from notifier.mail import Mailer

WHY = "no event came within the waiting time"


def reconcile(
    ledger: Ledger, mailer: Mailer, rules: SendingRules, now: datetime, only: Collection[str] | None = None
) -> Iterator[Alarm]:
    """Give back what may be sent again, marked as possible duplicates; say of the rest why it stays in doubt.

    Of each notice in one alarm, by the batch whose time is over first.

    `only`: the notices whose rules these are; by default all.
    """
    left: dict[str, list[tuple[datetime, BatchInDoubt]]] = {}
    for doubtful in ledger.in_doubt.batches():
        if doubtful.state is not NoticeState.SENDING or (only is not None and doubtful.notice_id not in only):
            continue
        until = doubtful.since + _patience(ledger, mailer, rules, doubtful)
        if now >= until and rules.resends_in_doubt:
            ledger.in_doubt.resend(doubtful, now, who=SYSTEM, why=WHY)
            continue
        left.setdefault(doubtful.notice_id, []).append((until, doubtful))
    for notice_id, mine in left.items():
        until, first = min(mine, key=lambda one: one[0])
        yield alarm(
            AlarmCode.IN_DOUBT, "since", notice=notice_id, count=sum(one.recipients for _, one in mine), until=until,
            since=first.since, what_then=_what_then(mailer, rules, first, until, now), why=without_addresses(first.why),
        )  # fmt: skip


def _patience(ledger: Ledger, mailer: Mailer, rules: SendingRules, doubtful: BatchInDoubt) -> timedelta:
    """By the mailer that made the attempt: another one's events say nothing about it."""
    return patience_in_doubt(
        doubtful.since,
        has_events=_has_events(mailer, doubtful),
        others_were_accepted=ledger.attempts.has_accepted_since(doubtful.mailer, doubtful.since),
        feed_seen_at=ledger.events.feed_seen_at(doubtful.mailer),
        rules=rules,
    )


def _has_events(mailer: Mailer, doubtful: BatchInDoubt) -> bool:
    return mailer.has_events and doubtful.mailer == mailer.name


def _what_then(
    mailer: Mailer, rules: SendingRules, doubtful: BatchInDoubt, until: datetime, now: datetime
) -> str:  # fmt: skip
    if not rules.resends_in_doubt and now >= until:
        return f"a person must say what to do: notifier notice settle {doubtful.notice_id} accepted|absent"
    meanwhile = "waiting for events" if _has_events(mailer, doubtful) else f"{doubtful.mailer} reports no events here"
    then = "it is sent again then, to some perhaps twice" if rules.resends_in_doubt else "a person must say then"
    return f"{meanwhile}; until {until:%Y-%m-%d %H:%M} UTC, {then}"

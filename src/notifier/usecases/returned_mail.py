"""Returned mail → the ledger: each report on a delivery of ours is an event, once; everything else is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.mail.returned import read_report, unread

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.mail.returned import MailFile, MailReport
    from notifier.notice.delivery import DeliveryEvent

    Waiting = tuple[MailFile, DeliveryEvent]

AT_ONCE = 500
"""Reports that are recorded in one transaction."""


def take_in_returned_mail(ledger: Ledger, folder: Path, now: datetime) -> int:
    """Record what is new in the Maildir, and mark it seen; how many reports counted.

    A report is believed where it names, beside the key of a delivery, the delivery's own notice and address.
    """
    taken = 0
    waiting: list[Waiting] = []
    for file in unread(folder):
        report = read_report(file.content(), received_at=now)
        if report is not None and _is_true(ledger, report):
            waiting.append((file, report.event))
        if len(waiting) >= AT_ONCE:
            taken += _record(ledger, waiting, now)
            waiting = []
    return taken + _record(ledger, waiting, now)


def _record(ledger: Ledger, waiting: Sequence[Waiting], now: datetime) -> int:
    if not waiting:
        return 0
    counts = ledger.events.record([event for _, event in waiting], now, mailer="smtp")
    for file, _ in waiting:
        file.put_aside()
    return counts.new


def _is_true(ledger: Ledger, report: MailReport) -> bool:
    known = ledger.deliveries.address_of(report.event.delivery_key or "")
    if known is None or known.notice_id != report.notice_id:
        return False
    return not report.recipient or report.recipient.lower() == known.email.lower()

"""Returned mail → the ledger: each report on a delivery of ours is an event, once; everything else is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hmac import compare_digest
from typing import TYPE_CHECKING

from notifier.alarms import Alarm, AlarmCode, alarm
from notifier.errors import DeliveryError
from notifier.mail.returned import open_mailbox, read_report
from notifier.mail.returned.return_path import signature_of

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.mail.returned import MailReport, Returned
    from notifier.notice.delivery import DeliveryEvent

    Waiting = tuple[Returned, DeliveryEvent]

AT_ONCE = 500
"""Reports that are recorded in one transaction."""


def read_returned_mail(config: Config, ledger: Ledger, now: datetime) -> tuple[Alarm, ...]:
    """Take in what came back since, where `mail.bounces` says that it is to be read; an alarm where it cannot be."""
    if config.bounces is None:
        return ()
    try:
        with open_mailbox(config.bounces, config.secrets.imap_password) as mails:
            take_in_returned_mail(ledger, mails, now)
    except DeliveryError as error:
        return (alarm(AlarmCode.BOUNCES_UNREAD, why=error),)
    return ()


def take_in_returned_mail(ledger: Ledger, mails: Iterable[Returned], now: datetime) -> int:
    """Record what is new, and mark it seen; how many reports counted.

    A report is believed where it names, beside the key of a delivery, the delivery's own notice and address; or where
    it came to the return path that was signed for that delivery.
    """
    taken = 0
    waiting: list[Waiting] = []
    for mail in mails:
        report = read_report(mail.content(), received_at=now)
        if report is not None and _is_true(ledger, report):
            waiting.append((mail, report.event))
        if len(waiting) >= AT_ONCE:
            taken += _record(ledger, waiting, now)
            waiting = []
    return taken + _record(ledger, waiting, now)


def _record(ledger: Ledger, waiting: Sequence[Waiting], now: datetime) -> int:
    if not waiting:
        return 0
    counts = ledger.events.record([event for _, event in waiting], now, mailer="smtp")
    for mail, _ in waiting:
        mail.put_aside()
    return counts.new


def _is_true(ledger: Ledger, report: MailReport) -> bool:
    known = ledger.deliveries.address_of(report.event.delivery_key or "")
    if known is None or not (known.notice_id == report.notice_id or _is_signed(ledger, report)):
        return False
    return not report.recipient or report.recipient.lower() == known.email.lower()


def _is_signed(ledger: Ledger, report: MailReport) -> bool:
    """Did it come to an address that only this ledger can have made?"""
    expected = signature_of(ledger.events.return_secret(), report.event.delivery_key or "")
    return not report.notice_id and compare_digest(report.signature, expected)

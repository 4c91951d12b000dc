"""What comes back by mail: reports on delivery (RFC 3464) and complaints (RFC 5965), from a Maildir.

Whoever can write to an address can send such a report, so nothing in it is believed but what only the receiver of a
message of ours can know: its Message-ID, with the delivery's key of 22 random characters, in the headers that the
report returns. It must name the notice and the address of that very delivery. Anything else there is left alone.
"""

from __future__ import annotations

from notifier.mail.returned.maildir import MailFile, unread, usable
from notifier.mail.returned.reports import MailReport, read_report

__all__ = ["MailFile", "MailReport", "read_report", "unread", "usable"]

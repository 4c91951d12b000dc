"""Mail as servers send it when a letter comes back (RFC 3464) or is complained of (RFC 5965)."""

from __future__ import annotations

DELIVERY_REPORT = """\
From: MAILER-DAEMON@relay.example
To: privacy@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you ...
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
Arrival-Date: Sun, 1 Nov 2026 12:00:00 +0000

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: no such user here

--b
Content-Type: {returned}

{headers}

--b--
"""
COMPLAINT = """\
From: abuse@mailbox.example
To: privacy@example.com
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: <redacted@mailbox.example>

--b
Content-Type: message/rfc822

{headers}

Text
--b--
"""

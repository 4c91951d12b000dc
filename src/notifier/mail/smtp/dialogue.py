"""One message over one connection, and what each reply proves (RFC 5321).

Until the final dot has left, nothing can have been accepted; after it, only a reply tells. `smtplib` blurs that line
in `sendmail` and `data`, so the steps are taken one by one.
"""

from __future__ import annotations

import smtplib
from email.headerregistry import Address

from notifier.errors import InDoubt, NotSent, RejectedItems, RejectedRequest
from notifier.mail.base import Accepted
from notifier.mail.smtp.replies import Reply, Stage, plain, refusal
from notifier.mail.sockets import trouble

GOOD_REPLIES = {Stage.SENDER: (250,), Stage.RECIPIENT: (250, 251, 252), Stage.DATA: (354,)}
ACCEPTED = 250


def transmit(connection: smtplib.SMTP, server: str, sender: Address, recipient: Address, content: bytes) -> Accepted:
    """Send one message to one recipient. Raises every kind of `DeliveryError`; the text never shows the address."""
    try:
        _open_transaction(connection, server, sender, recipient, len(content))
        connection.send(_stuffed(content))
    except ValueError as error:
        raise RejectedRequest(f"{server}: sender or recipient cannot stand in an SMTP command") from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"{server} broke off before the message: {trouble(error)}") from error
    return _after_the_dot(connection, server)


def ask_sender(connection: smtplib.SMTP, server: str, sender: Address) -> str:
    """Would the server take mail in this name? The caller resets the connection."""
    try:
        code, words = connection.mail(sender.addr_spec)
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"{server} broke off: {trouble(error)}") from error
    _expect(connection, server, Stage.SENDER, (code, words))
    return f"MAIL FROM is taken: {code} {plain(words)}".rstrip()


def _open_transaction(connection: smtplib.SMTP, server: str, sender: Address, recipient: Address, size: int) -> None:
    options = _mail_options(connection, server, recipient, size)
    _expect(connection, server, Stage.SENDER, connection.mail(sender.addr_spec, options))
    _expect(connection, server, Stage.RECIPIENT, connection.rcpt(recipient.addr_spec))
    _expect(connection, server, Stage.DATA, connection.docmd("DATA"))


def _expect(connection: smtplib.SMTP, server: str, stage: Stage, reply: tuple[int, bytes]) -> None:
    code, words = reply
    if code in GOOD_REPLIES[stage]:
        return
    if not 400 <= code < 600:
        connection.close()  # out of step: a later reply might belong to an earlier command
    raise refusal(Reply(server, stage, code, words))


def _mail_options(connection: smtplib.SMTP, server: str, recipient: Address, size: int) -> list[str]:
    options = [f"SIZE={size}"] if connection.has_extn("size") else []
    if recipient.username.isascii():
        return options
    if not connection.has_extn("smtputf8"):
        raise RejectedItems(f"{server} takes no address outside ASCII", indexes=(0,))
    return [*options, "SMTPUTF8"]


def _after_the_dot(connection: smtplib.SMTP, server: str) -> Accepted:
    try:
        connection.send(b".\r\n")
        code, words = connection.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise InDoubt(f"no reply from {server} after the message: {trouble(error)}") from error
    if code == ACCEPTED:
        return Accepted(plain(words)[:100] or None)
    if 400 <= code < 600:
        raise refusal(Reply(server, Stage.MESSAGE, code, words))
    raise InDoubt(f"{server} answered the message with {code} {plain(words)}")


def _stuffed(content: bytes) -> bytes:
    """Lines that begin with a dot get another (RFC 5321 §4.5.2); the content ends with CRLF."""
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"

"""A frozen message and one addressee → an internet message, as bytes ready for a file or for SMTP.

Names and addresses are untrusted: a name is made plain before it goes anywhere, escaped in HTML, and every header is
encoded, and refused where a line break is left in it. The Message-ID is the same on every attempt.

The same envelope makes the same bytes, on any machine, in any year: a message is not kept, it is made again. Whoever
changes one byte of what is made gives `COMPOSITION` the next number, and keeps what the old one made.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from base64 import encodebytes
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime, quote
from functools import lru_cache

from notifier.errors import Refused, RejectedItems, RejectedRequest
from notifier.mail.base import Addressee, Envelope
from notifier.mail.plain_name import COMPOSITION, name_for_html, name_for_text, plain_name
from notifier.notice.message import NAME_TAG_HTML, NAME_TAG_TEXT
from notifier.policy.persons.mailbox import read_mailbox

LONGEST_ADDRESS = 254
"""Of a whole address (RFC 5321 §4.5.3.1.3, less its angle brackets)."""
DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
LOCAL_PART = re.compile(r"[^\s\"(),:;<>@\[\\\]]{1,64}")
"""Without quoting: mail software does not agree on what a quoted local part means."""
PLAIN_LINES = re.compile(r"(?:[\t -~]{0,76}\r\n)*")
"""What travels as it is. Not every relay takes eight bits (RFC 6152), and one that does not may cut them off."""
LINE_BREAK = re.compile(r"[\r\n]")
NEEDS_ENCODING = re.compile(r'[,;"<>()@:\\\[\]]')
"""What a display name may hold only quoted (RFC 5322 §3.2.3), but for the dot, which everybody takes."""


@lru_cache(maxsize=64)
def sender_address(header: str, key: str, composition: int = COMPOSITION) -> Address:
    """The company's own address from config; `key` names it in the error."""
    try:
        name, address = read_mailbox(header)
        local, _, domain = address.rpartition("@")
        if not LOCAL_PART.fullmatch(local) or not local.isprintable():
            raise ValueError("not an address")
        if not local.isascii():
            raise ValueError("letters outside ASCII before the @, which most servers refuse")
        return Address(plain_name(name, composition), local, ascii_domain(domain))
    except (HeaderParseError, ValueError, IndexError) as error:
        raise Refused(f"config.toml: {key}: {error}; write it as in 'Example <privacy@example.com>'") from error


def refuse_bad_senders(sender: str, reply_to: str | None) -> None:
    """Raise `Refused` where the company's own addresses are none."""
    sender_address(sender, "mail.from")
    if reply_to:
        sender_address(reply_to, "mail.reply_to")


def recipient_address(addressee: Addressee, composition: int = COMPOSITION) -> Address:
    """The addressee's address with a plain name and an ASCII domain. Raises `ValueError`, without the address."""
    local, at, domain = addressee.email.strip().rpartition("@")
    if not at or not LOCAL_PART.fullmatch(local) or not local.isprintable() or len(addressee.email) > LONGEST_ADDRESS:
        raise ValueError("not an address")
    try:
        return Address(plain_name(addressee.name, composition), local, ascii_domain(domain))
    except (HeaderParseError, ValueError, IndexError) as error:
        raise ValueError("not an address") from error


def ascii_domain(domain: str) -> str:
    """The domain as the DNS knows it (`bücher.de` → `xn--bcher-kva.de`). Raises `ValueError`."""
    if not domain.isascii():
        import idna

        domain = idna.encode(domain, uts46=True).decode("ascii")
    if not DOMAIN.fullmatch(domain):
        raise ValueError("not a domain")
    return domain


def message_id(envelope: Envelope, addressee: Addressee) -> str:
    """`<pn.{notice}.{delivery}@{domain}>`: the same on every attempt, so that a duplicate can be shown to be one."""
    domain = sender_address(envelope.sender, "mail.from").domain
    return f"<pn.{envelope.notice_id}.{addressee.delivery_key}@{domain}>"


def build(envelope: Envelope, addressee: Addressee) -> bytes:
    """The whole message with CRLF line ends.

    Raises `RejectedItems` where the address, `RejectedRequest` where the message cannot be written down.
    """
    try:
        recipient = recipient_address(addressee, envelope.composition)
    except ValueError as error:
        raise RejectedItems(f"delivery {addressee.delivery_key}: {error}", indexes=(0,)) from error
    try:
        headers = _headers(envelope, addressee, recipient)
        return headers + _body(*_personal_parts(envelope, addressee), envelope.message.language)
    except UnicodeError as error:
        raise RejectedRequest("the message has letters that mail cannot carry") from error


def _headers(envelope: Envelope, addressee: Addressee, recipient: Address) -> bytes:
    subject = envelope.subject.replace(NAME_TAG_TEXT, name_for_text(addressee.name, envelope.composition))
    lines = {
        "From": mailbox(sender_address(envelope.sender, "mail.from", envelope.composition)),
        "To": mailbox(recipient),
        "Subject": _encoded(" ".join(subject.split()), "Subject"),
        "Date": format_datetime(envelope.made_at),
        "Message-ID": message_id(envelope, addressee),
        "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday replies
        "X-Auto-Response-Suppress": "All",  # the same for Exchange
        "Content-Language": envelope.message.language,
        "MIME-Version": "1.0",
    }
    if envelope.reply_to:
        lines["Reply-To"] = mailbox(sender_address(envelope.reply_to, "mail.reply_to", envelope.composition))
    return "".join(f"{name}: {_one_header(value)}\r\n" for name, value in lines.items()).encode()


def mailbox(address: Address) -> str:
    """`Name <local@domain>` for a header: a name outside ASCII is encoded whole (RFC 2047), any other quoted.

    Not `email.policy`: folding there can leave a comma or an @ of an encoded name bare (CVE-2025-1795 and its kin).
    """
    name = address.display_name
    if not name:
        return f"<{address.addr_spec}>"
    phrase = f'"{quote(name)}"' if name.isascii() else _encoded(name, "Reply-To")
    return f"{phrase} <{address.addr_spec}>"


def encoded_phrase(name: str) -> str:
    """A name for a provider that takes only ASCII and no commas: itself, else as encoded words (RFC 2047)."""
    if name.isascii() and not NEEDS_ENCODING.search(name):
        return name
    return " ".join(Header(name, "utf-8").encode(linesep="\n").split())


def _encoded(words: str, header: str) -> str:
    charset = "us-ascii" if words.isascii() else "utf-8"
    return Header(words, charset, header_name=header).encode(linesep="\r\n")


def _one_header(value: str) -> str:
    """The value, where each line break in it is a fold. Raises `RejectedRequest`: a header must not become two."""
    if LINE_BREAK.search(value.replace("\r\n ", "")):
        raise RejectedRequest("a line break inside a mail header")
    return value


def _personal_parts(envelope: Envelope, addressee: Addressee) -> tuple[str, str]:
    message, name, composition = envelope.message, addressee.name, envelope.composition
    return (
        message.text.replace(NAME_TAG_TEXT, name_for_text(name, composition)),
        message.html.replace(NAME_TAG_HTML, name_for_html(name, composition)),
    )


@lru_cache(maxsize=8)
def _body(text: str, markup: str, language: str) -> bytes:
    """Content headers and the two parts, text first; cached, as a message without names is the same for everybody."""
    if not markup:
        return _part("plain", text)
    spoken = f"Content-Language: {language}\r\n".encode()
    parts = [spoken + _part("plain", text), spoken + _part("html", markup)]
    boundary = f"=_{hashlib.sha256(b''.join(parts)).hexdigest()[:32]}".encode()
    head = b'Content-Type: multipart/alternative; boundary="' + boundary + b'"\r\n\r\n'
    return head + b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"


def _part(kind: str, text: str) -> bytes:
    """One part with its headers, in seven bits: as it is, else as what is shorter of the two encodings."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").replace("\n", "\r\n") + "\r\n"
    content = lines.encode()
    encoding = "7bit"
    if not PLAIN_LINES.fullmatch(lines):
        quoted = binascii.b2a_qp(content, istext=True)
        in_base64 = encodebytes(content).replace(b"\n", b"\r\n")
        encoding, content = min((len(quoted), "quoted-printable", quoted), (len(in_base64), "base64", in_base64))[1:]
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode() + content

"""A server's reply → what it proves: one table by enhanced status code (RFC 3463), one rule for each stage.

A refusal that is final can be about the mailbox, or about us: relaying that is not allowed, a sender that is not
verified, a spam verdict, a size limit. Servers say so by the subject and detail of the enhanced code; those that give
none leave it open, and the sender finds out by what they say to others (`RecipientRefused`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from notifier.errors import DeliveryError, NotSent, RecipientRefused, SendingBlocked, Unavailable
from notifier.policy.persons.mailbox import without_addresses

ENHANCED = re.compile(r"[245]\.(\d{1,3})\.(\d{1,3})\b")
MOST_WORDS = 200
"""Characters of a server's words that are kept: enough for its reason and the link many add."""
FULL = 552
"""In reply to RCPT: the mailbox. Before and after it the message is too large (RFC 5321 §4.2.3 has one code)."""
NEEDS_LOGIN = frozenset({530, 534, 535, 538})
CLOSING = 421


class Stage(StrEnum):
    """What a reply answers."""

    GREETING = "the greeting"
    LOGIN = "the login"
    SENDER = "MAIL FROM"
    RECIPIENT = "RCPT TO"
    DATA = "DATA"
    MESSAGE = "the message"


BEFORE_ANYBODY = frozenset({Stage.GREETING, Stage.LOGIN, Stage.SENDER})
"""Stages that know of no recipient yet: what is said there is said of all we send."""


class About(StrEnum):
    """What an enhanced status code is about."""

    MAILBOX = "mailbox"
    SENDER = "sender"
    SYSTEM = "system"
    OPEN = "open"  #: a policy, the content or the protocol: of this recipient, or of all


ABOUT: Mapping[str, About] = MappingProxyType(
    {
        "1": About.MAILBOX,  # addressing
        "1.7": About.SENDER,  # the sender's address is malformed
        "1.8": About.SENDER,  # the sender's domain does not exist
        "2": About.MAILBOX,  # the mailbox itself: disabled, full, …
        "3": About.SYSTEM,  # the server: full, shutting down, not able to
        "4": About.MAILBOX,  # no way to the recipient's domain
        "7.8": About.SENDER,  # credentials
        "7.9": About.SENDER,
    }
)
"""RFC 3463 §3.2-3.8 and RFC 4954 §6, by subject, or subject and detail where that says more. All else is open."""


class Reply(NamedTuple):
    """One reply to one command, and the server that gave it."""

    server: str
    """`host:port`."""
    stage: Stage
    code: int
    words: bytes | str

    @property
    def about(self) -> About:
        """What it is about, as far as it says."""
        if self.code in NEEDS_LOGIN:
            return About.SENDER
        enhanced = ENHANCED.match(self.text)
        if enhanced is not None:
            subject, detail = enhanced.groups()
            return ABOUT.get(f"{subject}.{detail}", ABOUT.get(subject, About.OPEN))
        return About.MAILBOX if self.code == FULL and self.stage is Stage.RECIPIENT else About.OPEN

    @property
    def text(self) -> str:
        """Its words for logs and ledger."""
        return plain(self.words)

    @property
    def kind(self) -> str:
        """The same for like refusals, whomever they name."""
        enhanced = ENHANCED.match(self.text)
        return f"{self.stage} {self.code} {enhanced[0] if enhanced else ''}".rstrip()


def refusal(reply: Reply) -> DeliveryError:
    """What a reply proves that is not the one hoped for."""
    text = f"{reply.server} refused {reply.stage}: {reply.code} {reply.text}".rstrip()
    is_said_of_all = reply.stage in BEFORE_ANYBODY
    if not 500 <= reply.code < 600:
        is_away = is_said_of_all or reply.about is About.SYSTEM
        return Unavailable(text) if is_away else NotSent(text)
    if is_said_of_all or reply.about is About.SENDER:
        return SendingBlocked(text)
    return RecipientRefused(text, kind=reply.kind, names_mailbox=reply.about is About.MAILBOX)


def plain(words: bytes | str) -> str:
    """A server's words on one line, without addresses, not too long."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return without_addresses(printable)[:MOST_WORDS]

"""Postings → `Notice`, and the `Message`s made from it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from notifier.policy.posting import Posting
    from notifier.significance import Reason

NAME_TAG_TEXT = "-notifier_name_t-"
"""Stands for the customer's name (with a leading space, or nothing) in a frozen subject and text."""
NAME_TAG_HTML = "-notifier_name_h-"
"""The same, HTML-escaped, in frozen HTML."""


class Notice(NamedTuple):
    """What the significant postings of one run tell customers."""

    notice_id: str
    """`2026-11-22-privacy`; `-2` and so on where taken."""
    postings: tuple[Posting, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Company:
    """Who sends the notice, as its last lines say it: name, postal address, and where to ask (an address or link)."""

    name: str = ""
    address: str = ""
    contact: str = ""


class UpdateKind(StrEnum):
    """What became of a policy."""

    CHANGE = "change"  #: Its text changes, from a day on.
    NEW = "new"  #: There was no such policy before.
    WITHDRAWAL = "withdrawal"  #: A change that was announced does not come.
    END = "end"  #: It applies no longer, from a day on.


class Announced(NamedTuple):
    """A text that customers were told of: on which day, and from which day it applies, or was to apply."""

    told_on: date
    effective_on: date


class PolicyUpdate(NamedTuple):
    """What one message says about one policy, in `language`.

    `is_fallback`: the change is not translated for this reader, so summary and reasons are in the controlling
    language; the title is the reader's where there is one. An address is empty where no page is published.
    """

    policy_id: str
    title: str
    language: str
    is_fallback: bool
    posted_on: date
    effective_on: date
    summary: str | None
    reasons: tuple[Reason, ...]
    redline_url: str
    text_url: str
    changes: int = 0
    """In how many places words changed; `reasons` are only the weightiest of them."""
    is_of_translation: bool = False
    """Is it a change of a translation alone, quoted in that, while the text that counts stays as it is?"""
    prevails: str = ""
    """The language of the text that prevails from then on, where that was a translation before."""
    kind: UpdateKind = UpdateKind.CHANGE
    is_in_force: bool = False
    """Does the text apply already when this is told?"""
    instead_of: tuple[Announced, ...] = ()
    """What was announced and does not come: taken back, or overtaken by this."""
    meanwhile: tuple[Announced, ...] = ()
    """What was announced before and still comes: before this, or (where something is taken back) as the text that
    stays."""
    asks_agreement: bool = False
    """Has an editor said that each customer is to say yes to it?"""
    judged: tuple[Reason, ...] = ()
    """Of a translation: the reasons of the text that it follows, for where nobody can judge its own words."""


class Message(NamedTuple):
    """One variant of a notice, frozen when made: for readers of `language` in the audience of just `policies`."""

    language: str
    policies: tuple[str, ...]
    subject: str
    text: str
    html: str

    def to(self, name: str) -> Message:
        """As somebody of this name reads it, in subject and text; its HTML stays as frozen."""
        filled = f" {name}" if name else ""
        subject, text = (part.replace(NAME_TAG_TEXT, filled) for part in (self.subject, self.text))
        return self._replace(subject=subject, text=text)

    @property
    def sha256(self) -> str:
        joined = "\0".join((self.language, *self.policies, self.subject, self.text, self.html))
        return hashlib.sha256(joined.encode()).hexdigest()

"""What the ledger gives back: frozen values, none of which knows SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from notifier.ledger.states import RunOutcome
from notifier.notice.delivery import DeliveryStatus, NoticeState
from notifier.policy.posting import Posting
from notifier.significance import Significance


class ImportCounts(NamedTuple):
    """What an import did to the roster."""

    added: int
    changed: int
    unchanged: int
    left: int = 0
    """Who is no longer in the company's file."""


class PlannedPosting(NamedTuple):
    """A posting that is under way: what will be stamped, so that a killed run can be finished or proved done."""

    posting: Posting
    blobs: Mapping[str, str]
    """Path → blob id of each text as it will stand in the stamp commit."""
    must_tell: bool
    planned_at: datetime


class Decision(NamedTuple):
    """An editor's word on a revision, given by `notifier decide`."""

    commit_id: str
    significance: Significance
    because: str
    decided_by: str
    decided_at: datetime


def may_be_on(commit_id: str, policy_id: str) -> tuple[str, str]:
    """How a word is kept that counts for what a commit did to a policy: on all of it, or on this policy alone."""
    return commit_id, f"{commit_id}:{policy_id}"


class LastRun(NamedTuple):
    """When the schedule last ran, and how it ended; `finished_at` is None while it runs or where it was killed."""

    started_at: datetime
    finished_at: datetime | None
    outcome: RunOutcome | None
    detail: str | None


class StoredNotice(NamedTuple):
    """A notice as the ledger knows it."""

    notice_id: str
    state: NoticeState
    why: str | None
    """Why it is held, or waits for a person's approval with a reason; in words for the operator."""
    policies: tuple[str, ...]
    tags: tuple[str, ...]
    """Of the postings it announces."""
    created_at: datetime
    send_after: datetime
    deadline: datetime
    effective_on: date | None
    """The latest of its postings."""
    approved_by: str | None
    approved_at: datetime | None
    started_at: datetime | None
    frozen_at: datetime | None
    finished_at: datetime | None
    destination: str | None = None
    """Where it began to go out, as its mailer names it; None before it began."""
    audiences: Mapping[str, frozenset[str]] = {}
    """Policy → customer tags, none for everybody."""
    given_up: int = 0
    """How many a person has said need not be reached any more."""

    def is_overdue(self, now: datetime) -> bool:
        """Did, or will, sending end after the deadline?"""
        end = self.finished_at or now
        return end > self.deadline and self.state is not NoticeState.CANCELLED


@dataclass(frozen=True, slots=True)
class NoticeCounts:
    """How many deliveries of a notice stand where. Every recipient is in exactly one of them.

    `accepted` are those the provider took and has said nothing final about (so also processed ones); `queued` also
    counts those in a request that is under way. `possible_duplicates` lie across the others.
    """

    recipients: int = 0
    queued: int = 0
    accepted: int = 0
    delivered: int = 0
    deferred: int = 0
    bounced: int = 0
    dropped: int = 0
    complained: int = 0
    suppressed: int = 0
    in_doubt: int = 0
    cancelled: int = 0
    possible_duplicates: int = 0
    covered: int = field(default=0, compare=False)
    """Of the suppressed, those whom the letter to somebody else at the same address tells."""

    @property
    def not_reached(self) -> int:
        return self.bounced + self.dropped + self.suppressed - self.covered + self.cancelled

    @property
    def taken(self) -> int:
        """Deliveries a provider took at some time, whatever became of them."""
        return self.accepted + self.delivered + self.deferred + self.bounced + self.complained

    @property
    def adds_up(self) -> bool:
        parts = (self.queued, self.accepted, self.delivered, self.deferred, self.bounced, self.dropped)
        return self.recipients == sum(parts) + self.complained + self.suppressed + self.in_doubt + self.cancelled


@dataclass(frozen=True, slots=True)
class Addressed:
    """Which notice a delivery belongs to, and where it went; no address where its customer was forgotten."""

    notice_id: str
    email: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person whom a notice goes to, and how far it has come; no attempt where none was made yet."""

    customer_id: str
    email: str = field(repr=False)
    name: str = field(repr=False)
    language: str
    status: DeliveryStatus
    reason: str | None = None
    attempt_id: str | None = None
    attempt: int | None = None
    """Which one of its batch."""
    attempted_at: datetime | None = None
    is_possible_duplicate: bool = False
    is_elsewhere: bool = False
    """The roster has another address for them now, or they left it; this is the one of their letter."""


class Cause(NamedTuple):
    """Why so many were not reached."""

    status: DeliveryStatus
    reason: str
    customers: int


class CustomerDelivery(NamedTuple):
    """What became of one delivery: the auditor's answer to "was this customer told?"."""

    notice_id: str
    customer_id: str
    language: str
    subject: str
    status: DeliveryStatus
    reason: str | None
    is_possible_duplicate: bool
    accepted_at: datetime | None


class AuditEntry(NamedTuple):
    """Who did what to a notice or a customer, when."""

    at: datetime
    who: str
    what: str
    notice_id: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One batch, taken for one attempt whose intent is committed: only now may bytes leave."""

    notice_id: str
    notice_no: int
    batch_no: int
    attempt_id: str
    message_no: int
    recipients: tuple[tuple[int, str, str, str], ...] = field(repr=False)
    """seq, delivery key, address, name"""
    made_at: datetime
    """When the intent was written down: the date of its messages."""
    setbacks: int = 0
    """How often in a row it was refused before."""
    fence: int = 0
    """The number of this claim on the batch: what is written with an older one than the batch has is refused."""


class BatchInDoubt(NamedTuple):
    """A batch whose last attempt has no known outcome."""

    notice_id: str
    state: NoticeState
    """Of its notice."""
    notice_no: int
    batch_no: int
    attempt_id: str
    mailer: str
    recipients: int
    since: datetime
    destination: str | None = None
    why: str = ""
    """What was seen of it, in words."""


class OpenBreaker(NamedTuple):
    """A transport that serves nobody, or refuses all we send."""

    transport: str
    until: datetime
    """It is left alone so long; behind us where it is to be tried again."""
    why: str


class EventCounts(NamedTuple):
    """What one intake of provider events did."""

    new: int
    repeated: int
    unknown: int
    """Of other mail than this ledger's: counted, and nothing kept."""

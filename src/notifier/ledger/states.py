"""Every closed set of words that the ledger keeps, and what each word means.

`NoticeState` and `DeliveryStatus` are the business's own and stand in `notice/delivery.py`. A word that stands in an
existing ledger is never taken out of its set here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from notifier.notice.delivery import DeliveryStatus


class BatchState(StrEnum):
    """How far a batch has come; it speaks for each delivery in it that has no status of its own."""

    PENDING = "pending"  #: to be claimed, once its `not_before` has come
    SENDING = "sending"  #: claimed: an attempt's intent is committed, its outcome is not
    IN_DOUBT = "in_doubt"  #: its last attempt may have been accepted, nobody can tell
    ACCEPTED = "accepted"  #: the provider took it, or nobody in it was left to be written to
    CANCELLED = "cancelled"  #: its notice was cancelled before it was sent


OPEN_BATCHES = (BatchState.PENDING, BatchState.SENDING, BatchState.IN_DOUBT)
"""While a batch is in one of these its notice is not finished."""

STATUS_OF_BATCH: Mapping[BatchState, DeliveryStatus] = MappingProxyType(
    {
        BatchState.PENDING: DeliveryStatus.QUEUED,
        BatchState.SENDING: DeliveryStatus.ATTEMPTED,
        BatchState.IN_DOUBT: DeliveryStatus.IN_DOUBT,
        BatchState.ACCEPTED: DeliveryStatus.ACCEPTED,
        BatchState.CANCELLED: DeliveryStatus.CANCELLED,
    }
)
"""What a batch says of each delivery in it that has no status of its own."""


SHARED_ADDRESS = "another recipient of this notice has the same address"
"""The reason of a suppressed delivery whose reader gets the notice all the same."""


FROZEN_ANEW = "frozen anew for the address that the roster had by then"
"""The reason of a delivery in whose place another one to the same reader counts."""
LEFT_ROSTER = "left the roster before it was sent"


class AttemptOutcome(StrEnum):
    """How an attempt ended; an attempt without an end is `INTENT`."""

    INTENT = "intent"  #: recorded before the request leaves
    ACCEPTED = "accepted"  #: the provider took the whole request
    NOT_SENT = "not_sent"  #: provably not accepted: sent again after a pause
    REJECTED_ITEMS = "rejected_items"  #: refused because of some recipients: sent again without them
    REJECTED_REQUEST = "rejected_request"  #: refused as a whole: halved when too large, else the notice is held
    ACCOUNT_BLOCKED = "account_blocked"  #: the account cannot send: everything stops
    IN_DOUBT = "in_doubt"  #: nobody can tell


class RunOutcome(StrEnum):
    """How a run ended; one without an end is going on, or was killed."""

    DONE = "done"
    FAILED = "failed"  #: an error ended it; its kind is the detail


class AuditAction(StrEnum):
    """What somebody did, as the audit trail names it."""

    ADDED = "added"
    APPROVED = "approved"
    DOUBTED = "doubted"  #: something speaks against sending it as it is: a person must say why all the same
    STARTED = "sending started"
    FROZEN = "recipients frozen"
    HELD = "held"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    FINISHED = "finished"
    RESENT = "resent"  #: what was in doubt was given back to be sent again
    SETTLED = "settled"  #: a person found out what became of what was in doubt
    RETRIED = "retried"
    FORGOTTEN = "customer forgotten"
    RECOVERED = "recovered"  #: git, or a person, says what became of a notice that this ledger lost
    BOUND = "bound"  #: it goes out there and nowhere else
    MOVED = "moved"  #: a person let it go out elsewhere than where it began
    EXTENDED = "extended"  #: told to customers too who joined the roster while its period runs
    SET_BACK = "set back"  #: a person says that no newer copy of this ledger is left
    GIVEN_UP = "given up"  #: a person accepted that some are not reached
    NO_AUDIENCE = "found no audience"
    DECIDED = "decided"  #: an editor's word on a revision
    LIST_BEGUN = "list begun"  #: a part of a long list of customers is in
    LIST_ENDED = "list ended"
    LIST_LACKS = "list lacks"  #: rows of a list that was brought in by hand name nobody
    LIST_MENDED = "list mended"
    PUBLISHED_FROM = "published from"  #: the branch that runs post, from now on
    TAKEN_BACK = "posting taken back"  #: a commit took it back, which the next run posts

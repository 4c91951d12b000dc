"""Which kinds of alarm there are, and one alarm as a value.

To add one: a code with its meaning here, its sentence in `alarm_words.py`, where it is found out (mostly
`usecases/alarms.py`), and a row in the table "What each alarm means" of docs/operator.md.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class AlarmCode(StrEnum):
    """What kind of trouble it is. A code is never renamed: other programs wait for it."""

    RECORDS_DIFFER = "records-differ"  #: Git and the ledger tell different stories of what was posted.
    CLOSE_CALL = "close-call"  #: A policy waits for an editor's word.
    NOT_POSTED = "not-posted"  #: A policy cannot be posted as it stands.
    POLICY_GONE = "policy-gone"  #: A policy's file was removed: must customers be told?
    CUT_SHORT = "cut-short"  #: A run was killed while posting.
    NOT_ANNOUNCED = "not-announced"  #: Posted, and no notice tells of it yet.
    AWAITING_APPROVAL = "awaiting-approval"  #: A notice waits for `notifier notice approve`.
    NO_AUDIENCE = "no-audience"  #: A notice has nobody to go to.
    HELD = "held"  #: A notice was stopped, by a person or by the bounce limit.
    OVERDUE = "overdue"  #: A notice did not reach everybody by its deadline.
    UNSENT = "unsent"  #: A notice has begun, somebody is still to be told, and nobody sends.
    NOT_REACHED = "not-reached"  #: A notice ended, and did not reach everybody.
    IN_DOUBT = "in-doubt"  #: Nobody can tell whether the provider took these.
    NO_MAIL_TAKEN = "no-mail-taken"  #: The transport is away, or refuses all we send.
    BOUNCES_UNREAD = "bounces-unread"  #: What `mail.bounces` names cannot be read: nobody knows what bounced.
    SANDBOX = "sandbox"  #: Nothing that is sent reaches anybody.
    JOURNAL_DIFFERS = "journal-differs"  #: The ledger's journal was cut off or rewritten, or is an older copy's.
    COUNTS_DIFFER = "counts-differ"  #: The ledger's own figures do not add up.
    ENDED_LATE = "ended-late"  #: A notice ended after its deadline, and the effective date moved.
    ROSTER_AWAY = "roster-away"  #: The company's database could not be asked: who joined or left since is not known.
    BAD_ROWS = "bad-rows"  #: Rows of the roster name nobody: those customers are not told.
    LIST_LACKS = "list-lacks"  #: The same of a list that was imported by hand.
    GIT_REFUSED = "git-refused"  #: Git, or its remote, did not take a posting: that policy waits alone.
    TOLD_NOT_IN_GIT = "told-not-in-git"  #: Git could not be written: the ledger alone knows what was told.
    NOT_ANCHORED = "not-anchored"  #: No authority has stamped the journal's head with its time.
    DISK_FULL = "disk-full"  #: There is no room left to write down what is done.
    NO_PAGE = "no-page"  #: What was posted has no page that readers can open.
    REVIEW_DUE = "review-due"  #: A policy was not touched for eleven months.
    RUN_FAILED = "run-failed"  #: The last run ended in an error: what it did not get to is not done.
    RUN_MISSED = "run-missed"  #: A run was due, and none was made in time.
    PROCESS_SILENT = "process-silent"  #: A worker or schedule hangs, or was killed and not started again.
    SENDING_FAILED = "sending-failed"  #: What `notifier schedule` goes on with between its runs failed.
    CONFIG_BROKEN = "config-broken"  #: A config that was changed cannot be used; the one before it holds.
    ALARM_NOT_SENT = "alarm-not-sent"  #: A channel did not take an alarm: nobody is told by it.


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that needs a person. `text` is the line for them; the other fields are there where they apply."""

    code: AlarmCode
    text: str
    policy: str | None = None
    notice: str | None = None
    transport: str | None = None
    channel: str | None = None
    """Which of `alarms.mail`, `alarms.webhook`, `alarms.command` it is about."""
    count: int | None = None
    """How many customers (or rows) it is about."""
    until: datetime | None = None
    """When it ends by itself."""

    def __str__(self) -> str:
        return self.text

    @property
    def key(self) -> tuple[str, ...]:
        """The same as long as it is the same trouble, whatever its figures and words are meanwhile."""
        about = (self.policy or "", self.notice or "", self.transport or "", self.channel or "")
        is_by_its_words = self.code not in ONE_AT_A_TIME and not any(about)
        return (self.code.value, *about, self.text if is_by_its_words else "")

    def as_json(self) -> dict[str, Any]:
        """The fields that apply."""
        names = {"notice": "notice_id"}
        return {names.get(name, name): value for name, value in asdict(self).items() if value is not None}


REMINDERS = frozenset({AlarmCode.REVIEW_DUE})
"""Nobody must act for them now: no verb ends with 1 for one alone."""
ONE_AT_A_TIME = frozenset(
    {
        AlarmCode.JOURNAL_DIFFERS,
        AlarmCode.RUN_FAILED,
        AlarmCode.RUN_MISSED,
        AlarmCode.SENDING_FAILED,
        AlarmCode.CONFIG_BROKEN,
    }
)
"""The same trouble whatever its words; of any other that names nothing there may be several, told apart by words."""
OF_ONE_MACHINE = frozenset(
    {
        AlarmCode.RUN_FAILED,
        AlarmCode.SENDING_FAILED,
        AlarmCode.CONFIG_BROKEN,
        AlarmCode.BOUNCES_UNREAD,
        AlarmCode.DISK_FULL,
        AlarmCode.ALARM_NOT_SENT,
    }
)
"""What each machine says of itself, and no other can say to be over; some of them while the ledger is away."""

"""Every failure Notifier raises on purpose, named by what the caller can do about it.

The class decides; the text is for a person and names the place and the mend. Nobody parses the text.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class FindingCode(StrEnum):
    """What kind of thing there is to mend; `check` names it behind each finding."""

    NEW_POLICY = "new-policy"  #: It was never posted.
    POLICY_GONE = "policy-gone"  #: Its file is removed.
    RENAMED_POLICY = "renamed-policy"  #: The same policy under another id.
    AUDIENCE = "audience"  #: Nobody on the roster has a tag that it names.
    UNREADABLE = "unreadable"  #: Bytes or front matter that nobody can read, or a file in the wrong place.
    NAME = "name"  #: Its pages would stand where something else does.
    PUBLIC_WORDS = "public-words"  #: A title or summary with an address elsewhere, with what nobody sees, or old.
    MARKETING = "marketing"  #: A summary that sells or cheers.
    DEBRIS = "debris"  #: What a word processor or a converter left behind.
    NO_HEADINGS = "no-headings"  #: A long text that nobody can find their way in.
    POSTED_DATE = "posted-date"  #: A date line that is no date, two dates, or changed by hand.
    PLACEHOLDER = "placeholder"  #: Words that were to be replaced, such as [COMPANY NAME].
    UNSEEN = "unseen"  #: It stands in the source, and on no page.
    SHRUNK = "shrunk"  #: It lost nearly all of its words.
    CONFIG = "config"  #: The change touches `config.toml`, which says who may decide.
    LINK = "link"  #: It leads nowhere.
    ANCHOR = "anchor"  #: A heading that pages and mails out there point to is gone.
    STALE_TRANSLATION = "stale-translation"  #: The controlling text went on without it.
    TRANSLATION_GONE = "translation-gone"  #: A language that was posted is kept no longer.
    TRANSLATION_NEW = "translation-new"  #: A language comes, and nobody has compared it with the others.
    TRAILERS = "trailers"  #: An editor's word that does not count.
    CLOSE_CALL = "close-call"  #: The verdict waits for an editor's word.
    LANGUAGE = "language"  #: It reads like another language than the one it is judged in.
    NO_WORDS = "no-words"  #: Customers read a language in which letters have no words.
    CHECK_BACK = "check-back"  #: Readers are told to look for changes themselves.
    HOW_WE_NOTIFY = "how-we-notify"  #: Nothing says how readers are told of changes.
    EFFECTIVE_DATE = "effective-date"  #: Nothing says since when it applies.
    CONSENT = "consent"  #: Its front matter asks customers to accept what is minor.
    ASKED_DAY = "asked-day"  #: The day that its front matter asks for: one that cannot be, or one to wait for.


class Severity(StrEnum):
    """Whether a finding stands in the way."""

    ERROR = "error"  #: It keeps a revision from being posted right, or misleads its readers.
    ADVICE = "advice"  #: Better mended, and posted all the same.


class Finding(NamedTuple):
    """One thing to mend in a policy. `path` is a file (`line` from 1), or a commit (`line` 0)."""

    code: FindingCode
    path: str
    line: int
    message: str
    mend: str = ""
    severity: Severity = Severity.ERROR
    basis: str = ""
    """The rule behind it, such as `WP260 ¶29`."""

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f"; {self.mend}" if self.mend else "")


class NotifierError(Exception):
    """Something a person must know; its text is one line (or one line a finding) that names the place."""


class Refused(NotifierError):
    """Wrong use, wrong config or wrong input: nothing was changed; exit code 2."""


class ConfigError(Refused):
    """`config.toml` cannot be used; one line for every mistake in it."""


class RepositoryError(Refused):
    """The git repository cannot be used as it is; the text says the command that mends it."""


class PolicyError(Refused):
    """Policy files cannot be read: one `path:line:` line for each of the `findings`."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


class TemplateError(Refused):
    """A template cannot be rendered; the text begins with `path:line:`."""


class CustomerError(Refused):
    """A roster file cannot be read at all (a bad row is a finding, not an error)."""


class RosterAway(CustomerError):
    """The company's database cannot be reached: the roster stays as it was last read."""


class LedgerError(Refused):
    """The ledger cannot be used: newer, damaged, unreachable."""


class LedgerAway(LedgerError):
    """No database answers there: who runs for long waits until one does."""


class LedgerOutgrown(LedgerError):
    """A newer Notifier has changed the ledger's schema, or it was moved: this process must end, not go on."""


class LedgerBehind(LedgerError):
    """The ledger has an older schema than this process, which was told not to change it."""


class Busy(Refused):
    """Another process holds the lock; the text says which."""


class Unsigned(Refused):
    """A request that claims to come from a provider, and does not show it by its signature."""


class Unreadable(Refused):
    """A provider's request that is signed, and yet not a list of events."""


class Unproven(NotifierError):
    """What was handed in as proof is none that can be read: cut off, damaged, or of a newer version."""


class DeliveryError(NotifierError):
    """A request to a provider did not end in plain acceptance; the subclass says what is known."""


class NotSent(DeliveryError):
    """Provably not accepted, and the same may be accepted later (greylisting, a full disk, a line that broke off)."""


class Unavailable(NotSent):
    """Nobody is served now: no connection, no valid certificate, "too busy", 429. Nothing of the mail was looked at.

    `retry_after_s`: how long the provider asks everybody to wait, where it says so.
    """

    def __init__(self, text: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(text)
        self.retry_after_s = retry_after_s


class Overtaken(DeliveryError):
    """Nothing left: who was to send it came too late, or somebody held its notice meanwhile."""


class SendingBlocked(DeliveryError):
    """Nothing of ours is taken as things stand (key, credits, sender); nothing was accepted, a person must act."""


class RejectedItems(DeliveryError):
    """These recipients' addresses are none, whoever asks; nothing was accepted.

    `indexes` are positions in the batch; empty when the provider names none (then bisect).
    """

    def __init__(self, text: str, *, indexes: tuple[int, ...] = ()) -> None:
        super().__init__(text)
        self.indexes = indexes


class RecipientRefused(DeliveryError):
    """The only recipient was refused for good; whether that means this mailbox, or all we send, others will show.

    `names_mailbox`: the reply itself is about the mailbox or its address. `kind` is the same for like refusals.
    """

    def __init__(self, text: str, *, kind: str, names_mailbox: bool = False) -> None:
        super().__init__(text)
        self.kind = kind
        self.names_mailbox = names_mailbox


class RejectedRequest(DeliveryError):
    """The provider refused the request as a whole and would again; nothing was accepted."""

    def __init__(self, text: str, *, too_large: bool = False) -> None:
        super().__init__(text)
        self.too_large = too_large


class InDoubt(DeliveryError):
    """The request may have been accepted; nobody can tell yet."""


def in_a_line(error: BaseException) -> str:
    """What happened, in one line; an error that nobody raised on purpose comes with its kind."""
    kind = "" if isinstance(error, NotifierError) else f"{type(error).__name__}: "
    return kind + "; ".join(str(error).splitlines())


class RefusalCode(StrEnum):
    """Why something that a person is to have said was not written down."""

    UNKNOWN_PERSON = "unknown-person"  #: Nobody on the roster has this id.
    UNKNOWN_POLICY = "unknown-policy"  #: Nothing was ever posted under this name.
    UNKNOWN_POSTING = "unknown-posting"  #: The policy has no such posting.
    UNKNOWN_RECEIPT = "unknown-receipt"  #: No receipt was ever given under this id.
    OTHER_TEXT = "other-text"  #: The hash is of another text than the one that was posted.
    WITHDRAWN = "withdrawn"  #: The posting was taken back before it applied.
    OTHER_REQUEST = "other-request"  #: The idempotency key came before, with something else.
    BAD_VALUE = "bad-value"  #: A value that cannot be.


class NotAccepted(Refused):
    """Something that a person is to have said was not written down; `code` says why."""

    def __init__(self, code: RefusalCode, text: str) -> None:
        super().__init__(text)
        self.code = code

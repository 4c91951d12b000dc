"""The tables of `config.toml` as frozen values, each key with its default; a kind of its own where it is checked.

Defaults stand here and, as comments, in the shipped `config.toml`; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType

from notifier.notice.message import Company

Days = NewType("Days", int)
Hours = NewType("Hours", float)
Minutes = NewType("Minutes", float)
Seconds = NewType("Seconds", float)
Count = NewType("Count", int)
Share = NewType("Share", float)
Rate = NewType("Rate", float)
Port = NewType("Port", int)
Language = NewType("Language", str)
Zone = NewType("Zone", str)
CronText = NewType("CronText", str)
Mailbox = NewType("Mailbox", str)
ReturnPath = NewType("ReturnPath", str)
Author = NewType("Author", str)
Url = NewType("Url", str)
LedgerUrl = NewType("LedgerUrl", str)
Folder = NewType("Folder", str)
FolderInside = NewType("FolderInside", str)
GitName = NewType("GitName", str)
MailPlace = NewType("MailPlace", str)
FilePatterns = NewType("FilePatterns", tuple[str, ...])
HostName = NewType("HostName", str)
Encoding = NewType("Encoding", str)
Hosts = NewType("Hosts", tuple[str, ...])
Accent = NewType("Accent", str)
Font = NewType("Font", str)
FileInside = NewType("FileInside", str)
People = NewType("People", tuple[str, ...])
"""Each as `Name <address>`."""
CustomersUrl = NewType("CustomersUrl", str)
Query = NewType("Query", str)
ColumnMap = NewType("ColumnMap", Mapping[str, str])
Addresses = NewType("Addresses", tuple[str, ...])
Endpoint = NewType("Endpoint", str)
Command = NewType("Command", tuple[str, ...])
Wording = NewType("Wording", Mapping[str, str])
"""By language; under "" where one wording serves every language."""


@dataclass(frozen=True, slots=True)
class RepositoryConfig:
    """What is published, and where it is pushed. `branch` None: the only one there can be meant."""

    branch: GitName | None = None
    remote: GitName | None = None


@dataclass(frozen=True, slots=True)
class PoliciesConfig:
    path: FolderInside = FolderInside("policies")
    language: Language = Language("en")
    layout: Literal["suffix", "dash", "folder", "inside"] = "suffix"
    files: FilePatterns = FilePatterns(())


@dataclass(frozen=True, slots=True)
class PostingConfig:
    timezone: Zone = Zone("UTC")
    stamp: Literal["all", "significant"] = "all"
    translations: Literal["warn", "wait"] = "warn"
    author: Author = Author("Notifier <notifier@localhost>")


@dataclass(frozen=True, slots=True)
class NoticeConfig:
    """`action`: what the customer can do."""

    period_days: Days = Days(30)
    approval: Literal["auto", "manual"] = "auto"
    hold_hours: Hours = Hours(0)
    max_bounce_rate: Share = Share(0.05)
    canary_minutes: Minutes = Minutes(15)
    in_doubt: Literal["resend", "hold"] = "resend"
    in_doubt_minutes: Minutes = Minutes(60)
    action: Wording = field(default_factory=lambda: Wording({}))

    def action_in(self, language: str) -> str | None:
        """What the customer can do, said in `language`; None where the config has no wording for it."""
        return self.action.get(language) or self.action.get("")


@dataclass(frozen=True, slots=True)
class JudgementConfig:
    """`second_person`: where several people commit, the author of a change alone cannot call it minor.

    `approvers`: who may call a change minor against the verdict.
    """

    wait_hours: Hours = Hours(72)
    second_person: bool = True
    approvers: People = People(())


@dataclass(frozen=True, slots=True)
class CustomersConfig:
    """`map`: what the columns are called, by what they hold. `url`, `query`: the list is in a database, in no file."""

    file: str | None = None
    url: CustomersUrl | None = None
    query: Query | None = None
    map: ColumnMap = field(default_factory=lambda: ColumnMap({}))
    encoding: Encoding = Encoding("auto")


@dataclass(frozen=True, slots=True)
class LedgerConfig:
    url: LedgerUrl = LedgerUrl("sqlite:///.notifier/ledger.db")


@dataclass(frozen=True, slots=True)
class OutboxConfig:
    path: Folder = Folder(".notifier/outbox")


@dataclass(frozen=True, slots=True)
class SmtpConfig:
    host: HostName = HostName("localhost")
    port: Port = Port(587)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    return_path: ReturnPath = ReturnPath("none")
    connections: Count = Count(4)


@dataclass(frozen=True, slots=True)
class SendGridConfig:
    """`bypass`: whom SendGrid's own suppressions of the account do not keep a notice from, each more than the last."""

    host: Url = Url("https://api.sendgrid.com")
    timeout_s: Seconds = Seconds(30)
    batch_size: Count = Count(1000)
    connections: Count = Count(8)
    sandbox: bool = False
    bypass: Literal["none", "unsubscribes", "complaints", "all"] = "none"


@dataclass(frozen=True, slots=True)
class MailConfig:
    """`from_` is the key `from`. `rate_per_second` None: as fast as the provider takes them.

    `bounces`: where mail for `from` arrives, a Maildir or an IMAP mailbox's address, or "none".
    """

    from_: Mailbox
    transport: Literal["outbox", "smtp", "sendgrid"] = "outbox"
    reply_to: Mailbox | None = None
    rate_per_second: Rate | None = None
    bounces: MailPlace = MailPlace("none")
    link_hosts: Hosts = Hosts(())
    outbox: OutboxConfig = field(default_factory=OutboxConfig)
    smtp: SmtpConfig = field(default_factory=SmtpConfig)
    sendgrid: SendGridConfig = field(default_factory=SendGridConfig)


@dataclass(frozen=True, slots=True)
class ScheduleConfig:
    """`timezone` None: as `posting.timezone`."""

    cron: CronText = CronText("0 9 * * mon-fri")
    timezone: Zone | None = None


@dataclass(frozen=True, slots=True)
class AlarmsConfig:
    """Where alarms go, once when raised and once when over; by default nowhere."""

    mail: Addresses = Addresses(())
    webhook: Endpoint | None = None
    command: Command = Command(())


@dataclass(frozen=True, slots=True)
class PageConfig:
    path: Folder = Folder("site")
    url: Url | None = None
    title: str | None = None
    logo: FileInside | None = None
    accent: Accent | None = None
    font: Font | None = None
    imprint: Url | None = None


@dataclass(frozen=True, slots=True)
class WebConfig:
    host: HostName = HostName("127.0.0.1")
    port: Port = Port(8080)


@dataclass(frozen=True, slots=True)
class ProofConfig:
    """`anchor`: a time-stamping authority (RFC 3161); `anchor_ca`: its root certificates, in PEM."""

    anchor: Endpoint | None = None
    anchor_ca: FileInside | None = None


@dataclass(frozen=True, slots=True)
class RetentionConfig:
    """`days_after_effect` None: who was told is kept for ever."""

    days_after_effect: Days | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of `config.toml` as written, each checked by itself."""

    mail: MailConfig
    repository: RepositoryConfig = field(default_factory=RepositoryConfig)
    policies: PoliciesConfig = field(default_factory=PoliciesConfig)
    posting: PostingConfig = field(default_factory=PostingConfig)
    notice: NoticeConfig = field(default_factory=NoticeConfig)
    judgement: JudgementConfig = field(default_factory=JudgementConfig)
    customers: CustomersConfig = field(default_factory=CustomersConfig)
    ledger: LedgerConfig = field(default_factory=LedgerConfig)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    alarms: AlarmsConfig = field(default_factory=AlarmsConfig)
    page: PageConfig = field(default_factory=PageConfig)
    web: WebConfig = field(default_factory=WebConfig)
    company: Company = field(default_factory=Company)
    proof: ProofConfig = field(default_factory=ProofConfig)
    retention: RetentionConfig = field(default_factory=RetentionConfig)

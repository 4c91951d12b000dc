"""Ledgers as tests want them: a roster, a posting, a notice at some stage of its life."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from notifier.ledger import Ledger
from notifier.notice.delivery import Customer, DeliveryEvent, DeliveryStatus, NoticeState, SuppressionReason
from notifier.notice.message import Message, Notice
from notifier.notice.sending_rules import SendingRules
from notifier.policy.posting import Posting
from notifier.significance import Reason, Significance
from notifier.usecases.deliver import SystemEnvironment

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
NOTICE = "2026-11-01-privacy"
EVERYONE: Mapping[str, frozenset[str]] = {"privacy": frozenset()}
RULES = SendingRules("Example <privacy@example.com>", patience=timedelta(0))


class Clock:
    """A clock that moves only when somebody waits, or when told."""

    def __init__(self, now: datetime = NOON) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def environment(self, *, should_stop: Callable[[], bool] = lambda: False) -> SystemEnvironment:
        return SystemEnvironment(now=self.now, sleep=self.sleep, chance=lambda: 1.0, should_stop=should_stop)


def people(count: int, *, language: str = "en", tags: frozenset[str] = frozenset()) -> list[Customer]:
    """So many customers, each with an address of their own."""
    return [Customer(f"c{n}", f"person{n}@example.com", f"Person {n}", language, tags) for n in range(count)]


def significant_posting(policy_id: str = "privacy", day: date = date(2026, 11, 1)) -> Posting:
    reason = Reason("sharing", "new-recipient", ("Sharing",), 2, "", "We share it.", "", "share", "WP260 ¶30", 2.0, 7)
    return Posting(
        policy_id=policy_id,
        commit_id="c0ffee",
        posted_on=day,
        effective_on=day + timedelta(days=30),
        significance=Significance.SIGNIFICANT,
        tag=f"posted/{policy_id}/{day}",
        reasons=(reason,),
        summary="We share more.",
    )


def posted(ledger: Ledger, posting: Posting | None = None) -> Posting:
    """A posting that stands in git."""
    one = posting or significant_posting()
    ledger.postings.plan(one, {f"policies/{one.policy_id}.md": "b10b"}, NOON)
    ledger.postings.confirm(one.tag, "57a3b", NOON)
    return one


def message(language: str = "en", *policies: str) -> Message:
    return Message(language, policies or ("privacy",), f"Subject in {language}", "Text", "<p>Text</p>")


def announced(
    ledger: Ledger,
    customers: Iterable[Customer] = (),
    *,
    messages: Iterable[Message] = (),
    audiences: Mapping[str, frozenset[str]] = EVERYONE,
    state: NoticeState = NoticeState.SCHEDULED,
    send_after: datetime = NOON,
) -> str:
    """A notice for these customers, not started; its id."""
    ledger.roster.import_customers(customers)
    postings = tuple(posted(ledger, significant_posting(policy_id)) for policy_id in sorted(audiences))
    ledger.notices.add(
        Notice(NOTICE, postings, NOON),
        tuple(messages) or (message("en", *sorted(audiences)),),
        audiences=audiences,
        language="en",
        send_after=send_after,
        deadline=NOON + timedelta(days=1),
        state=state,
    )
    return NOTICE


def frozen(ledger: Ledger, customers: Iterable[Customer], *, batch_size: int = 10, **more: object) -> str:
    """The same, with its recipients frozen."""
    notice_id = announced(ledger, customers, **more)  # type: ignore[arg-type]  # passed through
    ledger.notices.start(notice_id, NOON)
    ledger.recipients.freeze(notice_id, NOON, batch_size=batch_size)
    return notice_id


def event(
    status: DeliveryStatus | None,
    delivery_key: str | None,
    *,
    attempt_id: str | None = None,
    event_id: str | None = None,
    suppression: SuppressionReason | None = None,
    reason: str = "",
) -> DeliveryEvent:
    """What a provider reports; its id follows from what it says unless given."""
    return DeliveryEvent(
        event_id or f"{status}-{delivery_key}-{attempt_id}",
        status.value if status else "strange",
        NOON,
        status,
        delivery_key,
        attempt_id,
        reason,
        suppression,
    )

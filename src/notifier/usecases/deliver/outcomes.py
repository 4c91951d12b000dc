"""What came back from one attempt → what the ledger says of it, and what the pass knows of its provider."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from notifier.alarms import Alarm, AlarmCode, alarm
from notifier.errors import (
    DeliveryError,
    InDoubt,
    LedgerError,
    NotSent,
    Overtaken,
    RecipientRefused,
    Refused,
    RejectedItems,
    RejectedRequest,
    SendingBlocked,
    Unavailable,
)
from notifier.ledger.sending.batches import FOR_GOOD, Tenure
from notifier.ledger.types import Claim, OpenBreaker
from notifier.notice.sending_rules import SendingRules, pause_after
from notifier.usecases.deliver.traces import UNTRACED, BatchTrace

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.mail import Accepted, Mailer
    from notifier.usecases.deliver.environment import Environment

T = TypeVar("T")

LEDGER_PAUSE_S = 0.5
LEDGER_TRIES = 120
"""An outcome that cannot be written (disk full, locked) is kept and tried for a minute; nothing is sent meanwhile."""
MOST_DOUBTS = 3
"""So many outcomes in doubt one after another, and a pass ends: a storm shall not put everybody in doubt."""
MOST_DEFERRALS = 20
"""So many asked to come again, one after another, and the provider is left alone for a while: it is not about them."""
MOST_REFUSALS = 3
"""So many like refusals in a row that do not name the mailbox, and it is we who are refused: at a bounce rate of 5 %,
the limit at which a notice is held anyway, three in a row by accident are one case in 8,000."""
MOST_DEAD_MAILBOXES = 20
"""The same where each reply names the mailbox: an old roster may begin with some dead ones, a server that has lost its
own list refuses them all."""
REFUSED_PAUSE = timedelta(minutes=10)
"""A refused recipient rests so long while others show whom the refusal meant; a killed sender leaves it so."""


@dataclass(slots=True)
class Departure:
    """Whether the first byte may have left; said by the thread that sends."""

    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Flight:
    """A request under way: `number` counts the requests of the pass."""

    claim: Claim
    number: int
    departure: Departure
    trace: BatchTrace = UNTRACED


@dataclass(frozen=True, slots=True)
class Suspect:
    """A recipient who was refused, until it shows whether that means the mailbox or all of us."""

    claim: Claim
    refusal: RecipientRefused
    after: int
    """Requests that had begun by then; only one that begins later proves that others are still taken."""


@dataclass
class Provider:
    """The mailer in one pass, and what the pass has learned about it."""

    mailer: Mailer
    rules: SendingRules
    pool: ThreadPoolExecutor
    alarms: list[Alarm] = field(default_factory=list)
    blocked_because: str | None = None
    """Why nothing more is sent in this pass."""
    paused_until: datetime | None = None
    paused_because: str = ""
    last_refusal: str = ""
    is_proven: bool = False
    """Has it taken anything since the pass began, or since it last refused? Until then, one request at a time."""
    has_accepted: bool = False
    """Has it taken anything in this pass?"""
    begun: int = 0
    doubts: int = 0
    """Outcomes in doubt since it last said anything certain."""
    deferrals: int = 0
    """Requests put off since it last accepted one."""
    suspects: list[Suspect] = field(default_factory=list)
    tenure: Tenure = FOR_GOOD
    """In whose name this pass claims, and for how long."""

    @property
    def name(self) -> str:
        """As in `mail.transport`."""
        return self.mailer.name

    @property
    def batch_size(self) -> int:
        """No batch is larger than what may go out in a second."""
        if self.rules.rate_per_second is None:
            return self.mailer.batch_size
        return max(1, min(self.mailer.batch_size, int(self.rules.rate_per_second)))

    @property
    def longest_request_s(self) -> float:
        """What a claim must still have before it when its request leaves."""
        return 0.0 if self.tenure.lease is None else self.tenure.lease.total_seconds() / 2

    @property
    def width(self) -> int:
        """How many requests may be under way."""
        return self.mailer.connections if self.is_proven else 1

    def is_paused(self, now: datetime) -> bool:
        """Must everybody wait?"""
        return self.paused_until is not None and self.paused_until > now

    def heed(self, breaker: OpenBreaker | None, now: datetime) -> None:
        """What whichever sender has learned: everybody waits, and then knocks gently."""
        if breaker is not None and breaker.until > now:
            self.is_proven, self.last_refusal = False, breaker.why
            self.pause(breaker.until, breaker.why)

    def pause(self, until: datetime, why: str) -> None:
        """Send nothing before `until`."""
        if self.paused_until is None or until > self.paused_until:
            self.paused_until, self.paused_because = until, why


@dataclass(frozen=True, slots=True)
class OutcomeRecorder:
    """Writes down how attempts ended. Only the thread that runs the pass touches the ledger."""

    ledger: Ledger
    provider: Provider
    environment: Environment

    def record(self, landed: Sequence[tuple[Flight, Future[Accepted]]]) -> tuple[Flight, ...]:
        """Write down how attempts ended, those that were accepted in one go; which these are.

        Raises `LedgerError` where the ledger stays unwritable: the attempts are in doubt then.
        """
        taken = [(flight, future.result()) for flight, future in landed if future.exception() is None]
        if taken:
            (first, accepted), *rest = taken
            also = [(flight.claim, one.provider_request_id) for flight, one in rest]
            name = accepted.provider_request_id
            self._persist(lambda at: self.ledger.attempts.record_accepted(first.claim, at, name, *also))
        for flight, _ in taken:
            self._note_accepted(flight)
        for flight, future in landed:
            if (error := future.exception()) is not None:
                self._fail(flight, _as_failure(error, self.provider.name, flight.departure))
        return tuple(flight for flight, _ in taken)

    def take_back(self, claim: Claim, *, is_last: bool = False) -> None:
        """A request that left no trace: the batch is as it was before it was claimed, or `is_last` in the queue."""
        self._persist(lambda at: self.ledger.attempts.take_back(claim, at, is_last=is_last))

    def settle_suspects(self) -> None:
        """Nothing more goes out to show whom the last refusals meant: the mailbox, where the provider took others."""
        suspects, self.provider.suspects = self.provider.suspects, []
        if not suspects:
            return
        if self.provider.blocked_because is not None:
            self._spare(suspects)
            return
        others_were_taken = self.provider.has_accepted or self._are_the_last(suspects[0].claim.notice_id)
        is_nobody_taken = len(suspects) >= MOST_REFUSALS and self._is_nobody_taken(suspects[0].claim.notice_id)
        meant = [] if is_nobody_taken else [one for one in suspects if one.refusal.names_mailbox or others_were_taken]
        self._drop(meant)
        if open_ones := [one for one in suspects if one not in meant]:
            self._spare(open_ones)
            self._block(str(open_ones[-1].refusal))

    def _fail(self, flight: Flight, failure: DeliveryError) -> None:
        claim, text = flight.claim, str(failure)
        self.provider.last_refusal = text
        is_in_doubt = False
        match failure:
            case Overtaken():
                self.take_back(claim)
            case Unavailable():
                self.take_back(claim)
                self._trip(text, failure.retry_after_s)
            case SendingBlocked():
                self.take_back(claim)
                self._block(text)
            case RecipientRefused():
                self._suspect(claim, failure)
            case RejectedItems(indexes=indexes):
                self._persist(lambda at: self.ledger.attempts.record_rejected_items(claim, at, text, indexes))
            case RejectedRequest(too_large=too_large):
                self._persist(lambda at: self.ledger.attempts.record_rejected_request(claim, at, text, too_large))
                self.provider.is_proven = False
            case _ if isinstance(failure, NotSent) or self.provider.mailer.is_idempotent:
                self._defer(claim, text)
            case _:
                is_in_doubt = True
                self._doubt(claim, text)
        self.provider.doubts = self.provider.doubts * is_in_doubt

    def _note_accepted(self, flight: Flight) -> None:
        """The provider takes mail; an answer to what left before it asked for a pause proves nothing."""
        provider = self.provider
        provider.has_accepted, provider.doubts, provider.deferrals = True, 0, 0
        cleared = [one for one in provider.suspects if one.after < flight.number]
        provider.suspects = [one for one in provider.suspects if one not in cleared]
        self._drop(cleared)
        if provider.is_paused(self.environment.now()):
            return
        if not provider.is_proven:
            self._persist(lambda at: self.ledger.breakers.close(provider.name, at))
        provider.is_proven = True

    def _trip(self, why: str, retry_after_s: float | None = None) -> None:
        """Leave the provider alone for a while, growing with each time."""
        self.provider.is_proven, self.provider.deferrals = False, 0
        chance = self.environment.chance()
        until = self._persist(
            lambda at: self.ledger.breakers.trip(
                self.provider.name, why, at, chance=chance, retry_after_s=retry_after_s
            )
        )
        self.provider.pause(until, why)

    def _block(self, why: str) -> None:
        """Send nothing more in this pass: it would be refused."""
        self._persist(lambda at: self.ledger.breakers.block(self.provider.name, why, at))
        self.provider.is_proven = False
        self.provider.blocked_because = why

    def _suspect(self, claim: Claim, refusal: RecipientRefused) -> None:
        provider = self.provider
        self._persist(
            lambda at: self.ledger.attempts.record_refused(claim, at, str(refusal), not_before=at + REFUSED_PAUSE)
        )
        provider.is_proven = False
        provider.suspects.append(Suspect(claim, refusal, provider.begun))
        alike = sum(one.refusal.kind == refusal.kind for one in provider.suspects)
        most = MOST_DEAD_MAILBOXES if refusal.names_mailbox else MOST_REFUSALS
        if alike >= most and not self._are_the_last(claim.notice_id):
            self._spare(provider.suspects)
            provider.suspects = []
            self._block(str(refusal))

    def _is_nobody_taken(self, notice_id: str) -> bool:
        """Is the notice of so few that all were refused? Not one mailbox shows then that the server knows its own."""
        return not self.provider.has_accepted and not self.ledger.deliveries.counts(notice_id).taken

    def _are_the_last(self, notice_id: str) -> bool:
        """Are no more left than may go wrong? Then nobody is left to show whom the refusals mean."""
        counts = self.ledger.deliveries.counts(notice_id)
        return counts.queued <= self.provider.rules.max_bounce_rate * counts.taken

    def _spare(self, suspects: Iterable[Suspect]) -> None:
        """It is we who are refused: these recipients are as they were, and the next pass begins with others."""
        for one in suspects:
            self.take_back(one.claim, is_last=True)

    def _drop(self, suspects: Iterable[Suspect]) -> None:
        """It was the mailbox: these recipients are not reached."""
        for one in suspects:
            self._drop_one(one)

    def _drop_one(self, suspect: Suspect) -> None:
        self._persist(lambda _: self.ledger.attempts.drop_refused(suspect.claim, str(suspect.refusal)))

    def _defer(self, claim: Claim, why: str) -> None:
        """Back with a growing pause of its own, so that the others come first."""
        pause = pause_after(claim.setbacks, self.environment.chance())
        self._persist(lambda at: self.ledger.attempts.record_not_sent(claim, at, why, not_before=at + pause))
        self.provider.is_proven = False
        self.provider.deferrals += 1
        if self.provider.deferrals >= MOST_DEFERRALS:
            self._trip(why)

    def _doubt(self, claim: Claim, why: str) -> None:
        self._persist(lambda at: self.ledger.attempts.record_in_doubt(claim, at, why))
        self.provider.is_proven = False
        self.provider.doubts += 1
        if self.provider.doubts >= MOST_DOUBTS:
            self.provider.blocked_because = why
            stopped = alarm(AlarmCode.NO_MAIL_TAKEN, "in doubt", transport=self.provider.name, why=why)
            self.provider.alarms.append(stopped)

    def _persist(self, action: Callable[[datetime], T]) -> T:
        """Do it until it is done, for a minute."""
        at = self.environment.now()
        for _ in range(LEDGER_TRIES):
            try:
                return action(at)
            except LedgerError:
                self.environment.sleep(LEDGER_PAUSE_S)
        return action(at)


def _as_failure(error: BaseException, transport: str, departure: Departure) -> DeliveryError:
    if isinstance(error, DeliveryError):
        return error
    if isinstance(error, Refused):  # raised before anything leaves
        return SendingBlocked(str(error))
    fault = f"{type(error).__name__} in the {transport} transport"  # of ours
    return InDoubt(fault) if departure.has_left else NotSent(f"{fault}, before anything left")

"""One notice being sent: claim, send, record, wait, until nothing more can be done in this pass."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from notifier.ledger.states import BatchState
from notifier.ledger.types import Claim
from notifier.mail import Accepted, Addressee, Envelope
from notifier.notice.delivery import NoticeState
from notifier.notice.sending_rules import SendingRules, bounces_too_often, canary_may_pass
from notifier.usecases.outcome import Effect, record_answer, record_unsent

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.mail import Mailer
    from notifier.notice.message import Message

POLL_S = 0.25
"""How often a waiting sender looks whether it may go on, or must stop."""
MOST_DOUBTS = 3
"""So many outcomes in doubt one after another, and a pass ends: a storm shall not put everybody in doubt."""
LOOK_EVERY = timedelta(seconds=1)
"""How often a running sender looks at the bounces."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a notice has come: what a progress bar shows."""

    notice_id: str
    phase: str
    """`freezing` or `sending`."""
    done: int
    total: int
    """0 while it is not known."""
    per_second: float


@dataclass(frozen=True)
class Surroundings:
    """The world outside: the clock, chance, and whoever wants to know or to stop; tests bring their own."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    should_stop: Callable[[], bool] = lambda: False
    on_progress: Callable[[Progress], None] = lambda _: None


@dataclass
class Provider:
    """The mailer in one pass, and what the pass has learned about it."""

    mailer: Mailer
    rules: SendingRules
    pool: ThreadPoolExecutor
    alarms: list[str] = field(default_factory=list)
    blocked_because: str | None = None
    """Why nothing more is sent in this pass: the account cannot send, or too much is in doubt."""
    doubts_in_a_row: int = 0
    is_proven: bool = False
    """Has it taken anything since the pass began or since it last refused? Until then, one request at a time."""
    rests_until: datetime | None = None
    rests_because: str = ""

    @property
    def batch_size(self) -> int:
        """No batch is larger than what may go out in a second."""
        if self.rules.rate_per_second is None:
            return self.mailer.batch_size
        return max(1, min(self.mailer.batch_size, int(self.rules.rate_per_second)))

    @property
    def width(self) -> int:
        """How many requests may be under way."""
        return self.mailer.connections if self.is_proven else 1

    def block(self, why: str) -> None:
        """Send nothing more in this pass, and let a person know."""
        self.blocked_because = why
        self.alarms.append(f"{self.mailer.name}: {why}")

    def rest(self, until: datetime, why: str) -> None:
        """Send nothing before `until`."""
        if self.rests_until is None or until > self.rests_until:
            self.rests_until, self.rests_because = until, why


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why nothing can go out now, and until when if that is known; `is_watched` where it may fall earlier."""

    why: str
    until: datetime | None = None
    is_watched: bool = False


@dataclass
class Outing:
    """One notice in one pass. Only the thread that runs it touches the ledger."""

    ledger: Ledger
    provider: Provider
    around: Surroundings
    notice_id: str
    sent: int = 0
    waiting_for: str | None = None
    until: datetime | None = None
    _flights: dict[Future[Accepted], Claim] = field(default_factory=dict)
    _messages: tuple[Message, ...] = ()
    _taken_before: int = 0
    _total: int = 0
    _is_canary_over: bool = False
    _looked_at: datetime | None = None
    _waits_since: datetime | None = None
    _began_at: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Until all is sent, or something stands in the way for longer than the rules have patience."""
        counts = self.ledger.deliveries.counts(self.notice_id)
        self._taken_before, self._total = counts.taken, counts.recipients
        self._messages = self.ledger.notices.messages(self.notice_id)
        while self._step():
            pass
        self._drain()

    def _step(self) -> bool:
        """One turn; False when this pass is over for this notice."""
        self._collect(0.0)
        if self.around.should_stop():
            return self._leave("told to stop")
        if self.provider.blocked_because is not None:
            return self._leave(self.provider.blocked_because)
        self._mind_bounces(self.around.now())
        if self._launch(self.around.now()):
            self._waits_since = None
            return True
        if self._flights:
            self._collect(POLL_S)
            return True
        return self._wait_or_leave(self.around.now())

    def _launch(self, now: datetime) -> int:
        """Claim what may go now and hand it to the threads; how many batches."""
        free = self.provider.width - len(self._flights)
        if free < 1 or self._rests(now) or self._canary_holds_back(now) or not self._has_tokens(now):
            return 0
        limit = free if self._is_canary_over and self.provider.rules.rate_per_second is None else 1
        claims = self.ledger.batches.claim(self.notice_id, now, mailer=self.provider.mailer.name, limit=limit)
        for claim in claims:
            envelope = self._envelope(claim)
            self._flights[self.provider.pool.submit(self.provider.mailer.send, envelope)] = claim
        return len(claims)

    def _envelope(self, claim: Claim) -> Envelope:
        return Envelope(
            notice_id=claim.notice_id,
            attempt_id=claim.attempt_id,
            sender=self.provider.rules.sender,
            reply_to=self.provider.rules.reply_to,
            message=self._messages[claim.message_no],
            addressees=tuple(Addressee(key, email, name) for _, key, email, name in claim.recipients),
        )

    def _rests(self, now: datetime) -> bool:
        return self.provider.rests_until is not None and self.provider.rests_until > now

    def _has_tokens(self, now: datetime) -> bool:
        """Take the largest batch's worth from the bucket; where it has less, rest until it is full again."""
        per_second = self.provider.rules.rate_per_second
        if per_second is None:
            return True
        wanted = self.provider.batch_size
        seconds = self.ledger.rate_limits.take(
            self.provider.mailer.name, wanted, now, per_second=per_second, burst=max(per_second, 1.0)
        )
        if seconds:
            self.provider.rest(now + timedelta(seconds=seconds), "the rate limit")
        return not seconds

    def _canary_holds_back(self, now: datetime) -> bool:
        """Must everything but the first batch wait?"""
        if self._is_canary_over or self.ledger.canaries.has_passed(self.notice_id):
            self._is_canary_over = True
            return False
        canary = self.ledger.canaries.of(self.notice_id)
        if canary.sent_at is None:
            return bool(self._flights) or self.ledger.batches.is_under_way(self.notice_id)
        rules, has_events = self.provider.rules, self.provider.mailer.has_events
        if not canary_may_pass(canary, now, has_events=has_events, wait=rules.canary_wait):
            return True
        self._looked_at = None
        self._mind_bounces(now)
        if self.ledger.notices.get(self.notice_id).state is NoticeState.SENDING:
            self.ledger.canaries.mark_passed(self.notice_id, now)
            self._is_canary_over = True
        return not self._is_canary_over

    def _mind_bounces(self, now: datetime) -> None:
        """Hold the notice where too many of the accepted go wrong and there is anybody left to spare."""
        if self._looked_at is not None and now < self._looked_at + LOOK_EVERY:
            return
        self._looked_at = now
        bad, forgiven = self.ledger.canaries.bad_outcomes(self.notice_id)
        accepted, limit = self._taken_before + self.sent, self.provider.rules.max_bounce_rate
        if bounces_too_often(bad, forgiven, accepted, limit) and self.ledger.batches.by_state(self.notice_id).get(
            BatchState.PENDING
        ):
            why = f"{bad - forgiven} of {accepted} bounced, were dropped or complained; the limit is {limit:.1%}"
            self.ledger.notices.stop(self.notice_id, now, why)

    def _collect(self, timeout_s: float) -> None:
        """Record every request that has ended; wait up to `timeout_s` for one to end."""
        if not self._flights:
            return
        done, _ = wait(self._flights, timeout=timeout_s, return_when=FIRST_COMPLETED)
        for future in done:
            claim = self._flights.pop(future)
            effect = record_answer(self.ledger, self.provider.mailer, claim, future, self.around)
            self._mind(effect, claim)

    def _mind(self, effect: Effect, claim: Claim) -> None:
        """What one answer means for the requests after it."""
        if effect.is_accepted:
            self.sent += len(claim.recipients)
            self._prove()
            self._tell_progress()
        if effect.rests_until is not None:
            self.provider.rest(effect.rests_until, effect.why)
        if effect.is_refusal:
            self.provider.is_proven = False
        self.provider.doubts_in_a_row = self.provider.doubts_in_a_row + 1 if effect.is_in_doubt else 0
        if effect.is_account_blocked or self.provider.doubts_in_a_row == MOST_DOUBTS:
            self.provider.block(effect.why)

    def _prove(self) -> None:
        """The provider takes mail; an answer to what left before it asked for a pause proves nothing."""
        if self._rests(self.around.now()):
            return
        if not self.provider.is_proven:
            self.ledger.rate_limits.go_on(self.provider.mailer.name)
        self.provider.is_proven = True

    def _tell_progress(self) -> None:
        per_second = self.sent / max(time.monotonic() - self._began_at, 1e-3)
        done = self._taken_before + self.sent
        self.around.on_progress(Progress(self.notice_id, "sending", done, self._total, per_second))

    def _wait_or_leave(self, now: datetime) -> bool:
        """Wait a little for what is in the way, or give this notice up for this pass."""
        obstacle = self._obstacle(now)
        if obstacle is None:
            return False
        self._waits_since = self._waits_since or now
        patience = self.provider.rules.patience
        if obstacle.is_watched:
            is_too_long = now >= self._waits_since + patience
        else:
            is_too_long = obstacle.until is None or obstacle.until > now + patience
        if is_too_long:
            return self._leave(obstacle.why, obstacle.until)
        remaining = (obstacle.until - now).total_seconds() if obstacle.until else POLL_S
        self.around.sleep(min(max(remaining, 0.001), POLL_S))
        return True

    def _obstacle(self, now: datetime) -> Obstacle | None:
        """What stands in the way of the batches that are left; None where none are."""
        state = self.ledger.notices.get(self.notice_id).state
        if state is not NoticeState.SENDING:
            return Obstacle(f"the notice is {state}")
        batches = self.ledger.batches.by_state(self.notice_id)
        if not batches.get(BatchState.PENDING):
            return Obstacle("outcomes in doubt") if batches.get(BatchState.IN_DOUBT) else None
        if self._rests(now):
            return Obstacle(self.provider.rests_because, self.provider.rests_until)
        if not self._is_canary_over:
            sent_at = self.ledger.canaries.of(self.notice_id).sent_at
            if sent_at is not None:
                return Obstacle("events of the first batch", sent_at + self.provider.rules.canary_wait, is_watched=True)
            if batches.get(BatchState.IN_DOUBT):
                return Obstacle("the first batch is in doubt")
        return Obstacle("the provider to take it again", self.ledger.batches.next_due(self.notice_id) or now)

    def _leave(self, why: str, until: datetime | None = None) -> bool:
        self.waiting_for, self.until = why, until
        return False

    def _drain(self) -> None:
        """Wait for what is under way; where the pass was told to stop, only for the grace it has.

        A request that has not begun goes back; one that does not end in time is in doubt at the next start.
        """
        ends_at = time.monotonic() + self.provider.rules.stop_grace.total_seconds()
        for future in [future for future in self._flights if future.cancel()]:
            record_unsent(self.ledger, self._flights.pop(future), self.around.now())
        while self._flights and not (self.around.should_stop() and time.monotonic() > ends_at):
            self._collect(POLL_S)

"""One notice being sent: claim, send, record, wait, until nothing more can be done in this pass.

A batch's way:

    pending ── claim: the intent is committed ──► sending ── the request ──► accepted

and where it does not end in acceptance:

    NotSent           pending again, after a growing pause of its own; many in a row open the breaker
    Unavailable       as if never claimed; the breaker opens, and everybody waits
    SendingBlocked    as if never claimed; the pass ends, a person must act
    RejectedItems     those named are dropped (nobody named: the batch is halved), the others pending again
    RecipientRefused  pending, until others show whether it meant the mailbox (dropped) or us (as SendingBlocked)
    RejectedRequest   halved where it was too large, else the notice is held
    Overtaken         as if never claimed: it was held, or this sender slept too long
    InDoubt           in doubt; so too what a killed process leaves in `sending`. An event or `reconcile` settles it

The transport's breaker is closed while it takes mail, open while it is away (a pause that grows with each time, up to
ten minutes, shared by all through the ledger), and half open after that: one request at a time, until one is taken.

Whoever dies on any line here leaves a truth in the ledger: the intent is committed before the first byte leaves, and
nothing is sent again that may have been accepted, save marked as a possible duplicate.
"""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from notifier.errors import LedgerError, Overtaken
from notifier.ledger.sending.letterheads import Letterhead
from notifier.ledger.states import BatchState
from notifier.ledger.types import Claim
from notifier.mail import Accepted, Addressee, Envelope
from notifier.mail.plain_name import COMPOSITION
from notifier.notice.delivery import NoticeState
from notifier.notice.sending_rules import bounces_too_often, canary_may_pass
from notifier.usecases.deliver.environment import Environment, Phase, Progress
from notifier.usecases.deliver.outcomes import Departure, Flight, OutcomeRecorder, Provider
from notifier.usecases.deliver.traces import begin_batch

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.mail import Mailer
    from notifier.notice.message import Message
    from notifier.notice.sending_rules import SendingRules

OF_ADDRESSEE = itemgetter(1, 2, 3)
"""Of `Claim.recipients`."""
LEAVES_WITHIN_S = 0.5
"""Of a claim; whoever is later asks the ledger again whether it may still leave: a hold is felt at once."""
GATHER_S = 0.01
"""How long the outcome of one request waits for that of another, while others are under way: to write down both, and to
claim for both, costs the ledger little more than for one. Connections to a server that takes its time idle so long."""
POLL_S = 0.25
"""How often a waiting sender looks whether it may go on, or must stop."""
LOOK_EVERY = timedelta(seconds=1)
"""How often a running sender looks at the bounces."""


class Blocker(NamedTuple):
    """Why nothing can go out now, and until when if that is known; `is_watched` where it may fall earlier."""

    why: str
    until: datetime | None = None
    is_watched: bool = False
    """Events of the first batch: nobody need act."""


def letterhead_of(mailer: Mailer, rules: SendingRules) -> Letterhead:
    """As this process writes and sends: who claims the canary or the bounces by other rules undoes them for all."""
    settings = {**mailer.settings, "provider's events": mailer.has_events, **rules.kept_by_all}
    return Letterhead(rules.sender, rules.reply_to, COMPOSITION, settings)


@dataclass
class NoticeSender:
    """One notice in one pass. Only the thread that runs it touches the ledger."""

    ledger: Ledger
    provider: Provider
    environment: Environment
    notice_id: str
    sent: int = 0
    waiting_for: str | None = None
    until: datetime | None = None
    is_expected: bool = False
    """What it waits for is nobody's to mend."""
    _flights: dict[Future[Accepted], Flight] = field(default_factory=dict)
    _messages: tuple[Message, ...] = ()
    _letterhead_no: int = 0
    _return_secret: str = field(default="", repr=False)
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
        self._return_secret = self.ledger.events.return_secret()
        letterhead = letterhead_of(self.provider.mailer, self.provider.rules)
        self._letterhead_no = self.ledger.letterheads.number_of(letterhead)
        try:
            while self._step():
                pass
        finally:  # a ledger that was away for a moment may be back to hear what became of these
            self._drain()
        self._recorder.settle_suspects()
        self.waiting_for = self.waiting_for or self.provider.blocked_because

    @property
    def _recorder(self) -> OutcomeRecorder:
        return OutcomeRecorder(self.ledger, self.provider, self.environment)

    def _step(self) -> bool:
        """One turn; False when this pass is over for this notice."""
        self._collect(0.0)
        if self.environment.should_stop():
            return self._leave("told to stop", is_expected=True)
        if self.provider.blocked_because is not None:
            return self._leave(self.provider.blocked_because)
        self._mind_bounces(self.environment.now())
        if self._launch(self.environment.now()):
            return True
        if self._flights:
            self._collect(POLL_S)
            return True
        return self._wait_or_leave(self.environment.now())

    def _launch(self, now: datetime) -> int:
        """Claim what may go now and hand it to the threads; how many batches."""
        provider = self.provider
        free = provider.width - len(self._flights)
        if free < 1 or provider.is_paused(now) or self._canary_holds_back(now) or not self._has_tokens(now):
            return 0
        limit = free if self._is_canary_over and provider.rules.rate_per_second is None else 1
        claims = self.ledger.batches.claim(
            self.notice_id,
            now,
            mailer=provider.name,
            destination=provider.mailer.destination,
            limit=limit,
            letterhead_no=self._letterhead_no,
            tenure=provider.tenure,
            is_canary=not self._is_canary_over,
        )
        claimed_at = time.monotonic()
        for claim in claims:
            provider.begun += 1
            trace = begin_batch(claim, provider.name)
            departure = Departure()
            envelope = self._envelope(claim, claimed_at, departure)
            future = provider.pool.submit(trace.send, provider.mailer.send, envelope)
            self._flights[future] = Flight(claim, provider.begun, departure, trace)
        return len(claims)

    def _envelope(self, claim: Claim, claimed_at: float, departure: Departure) -> Envelope:
        return Envelope(
            notice_id=claim.notice_id,
            attempt_id=claim.attempt_id,
            sender=self.provider.rules.sender,
            reply_to=self.provider.rules.reply_to,
            message=self._messages[claim.message_no],
            addressees=tuple(map(Addressee._make, map(OF_ADDRESSEE, claim.recipients))),
            made_at=claim.made_at,
            return_secret=self._return_secret,
            before_leaving=lambda: self._let_leave(claim, claimed_at, departure),
        )

    def _let_leave(self, claim: Claim, claimed_at: float, departure: Departure) -> None:
        self._check_claim(claim, claimed_at)
        departure.has_left = True

    def _check_claim(self, claim: Claim, claimed_at: float) -> None:
        """In the thread that sends. Its clock goes on while the process is stopped."""
        if time.monotonic() - claimed_at <= LEAVES_WITHIN_S:
            return
        try:
            is_held = self.ledger.batches.holds(claim, self.provider.longest_request_s)
        except LedgerError as error:
            raise Overtaken(f"the ledger cannot say whether it may still leave: {error}") from error
        if not is_held:
            raise Overtaken("the notice was held, or the claim on the batch has ended")

    def _has_tokens(self, now: datetime) -> bool:
        """Take the largest batch's worth from the bucket; where it has less, pause until it is full again."""
        per_second = self.provider.rules.rate_per_second
        if per_second is None:
            return True
        wanted, burst = self.provider.batch_size, max(per_second, 1.0)
        seconds = self.ledger.rate_limits.take(self.provider.name, wanted, now, per_second=per_second, burst=burst)
        if seconds:
            self.provider.pause(now + timedelta(seconds=seconds), "the rate limit")
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
        """Hold the notice where too many go wrong and there is anybody left to spare."""
        if self._looked_at is not None and now < self._looked_at + LOOK_EVERY:
            return
        self._looked_at = now
        self.ledger.high_water.keep()
        self.provider.heed(self.ledger.breakers.of(self.provider.name), now)
        outcomes = self.ledger.canaries.bad_outcomes(self.notice_id)
        limit = self.provider.rules.max_bounce_rate
        if bounces_too_often(outcomes, self._taken_before + self.sent, limit):
            self._taken_before = self.ledger.deliveries.counts(self.notice_id).taken - self.sent  # whoever sent them
        accepted = self._taken_before + self.sent
        if bounces_too_often(outcomes, accepted, limit) and self._batches().get(BatchState.PENDING):
            of_whom = accepted + outcomes.dropped
            why = f"{outcomes.fresh} of {of_whom} bounced, were dropped or complained; the limit is {limit:.1%}"
            self.ledger.notices.stop(self.notice_id, now, why)

    def _batches(self) -> dict[BatchState, int]:
        return self.ledger.batches.by_state(self.notice_id)

    def _collect(self, timeout_s: float) -> None:
        """Record every request that has ended; wait up to `timeout_s` for one to end."""
        if not self._flights:
            return
        done, others = wait(self._flights, timeout=timeout_s, return_when=FIRST_COMPLETED)
        if done and others:
            done |= wait(others, timeout=GATHER_S, return_when=FIRST_COMPLETED).done
        landed = [(self._flights.pop(future), future) for future in done]
        for flight in self._recorder.record(landed):
            self.sent += len(flight.claim.recipients)
            self._waits_since = None
            self._tell_progress()
        for flight, future in landed:
            flight.trace.end(future)

    def _tell_progress(self) -> None:
        per_second = self.sent / max(time.monotonic() - self._began_at, 1e-3)
        done = self._taken_before + self.sent
        self.environment.on_progress(Progress(self.notice_id, Phase.SENDING, done, self._total, per_second))

    def _wait_or_leave(self, now: datetime) -> bool:
        """Wait a little for what is in the way, or give this notice up for this pass.

        All waiting between two messages that are taken is within the rules' patience.
        """
        blocker = self._blocker(now)
        if blocker is None:
            return False
        self._waits_since = self._waits_since or now
        deadline = self._waits_since + self.provider.rules.patience
        if blocker.until is None or (blocker.until > now and self._is_too_long(blocker, now, deadline)):
            return self._leave(blocker.why, blocker.until, is_expected=blocker.is_watched)
        remaining = (blocker.until - now).total_seconds()
        self.environment.sleep(min(max(remaining, 0.001), POLL_S))
        return True

    def _is_too_long(self, blocker: Blocker, now: datetime, deadline: datetime) -> bool:
        return now >= deadline or (not blocker.is_watched and blocker.until is not None and blocker.until > deadline)

    def _blocker(self, now: datetime) -> Blocker | None:
        """What stands in the way of the batches that are left; None where none are."""
        state = self.ledger.notices.get(self.notice_id).state
        if state is NoticeState.FINISHED:  # by whoever wrote down the last of it
            return None
        if state is not NoticeState.SENDING:
            return Blocker(f"the notice is {state}")
        batches = self._batches()
        if batches.get(BatchState.PENDING, 0) <= len(self.provider.suspects):
            return Blocker("outcomes in doubt") if batches.get(BatchState.IN_DOUBT) else None
        if self.provider.is_paused(now):
            return Blocker(self.provider.paused_because, self.provider.paused_until)
        if not self._is_canary_over:
            sent_at = self.ledger.canaries.of(self.notice_id).sent_at
            if sent_at is not None:
                return Blocker("events of the first batch", sent_at + self.provider.rules.canary_wait, is_watched=True)
            if batches.get(BatchState.IN_DOUBT):
                return Blocker("the first batch is in doubt")
            if batches.get(BatchState.SENDING):
                return Blocker("the first batch, which another process is sending")
        words = f": {self.provider.last_refusal}" if self.provider.last_refusal else ""
        why = f"the provider to take it again{words}"
        return Blocker(why, self.ledger.batches.next_due(self.notice_id) or now)

    def _leave(self, why: str, until: datetime | None = None, *, is_expected: bool = False) -> bool:
        self.waiting_for, self.until, self.is_expected = why, until, is_expected
        return False

    def _drain(self) -> None:
        """Wait for what is under way; where the pass was told to stop, only for the grace it has.

        A request that has not begun goes back; one that does not end in time is in doubt at the next start.
        """
        ends_at = time.monotonic() + self.provider.rules.stop_grace.total_seconds()
        for future in [future for future in self._flights if future.cancel()]:
            flight = self._flights.pop(future)
            self._recorder.take_back(flight.claim)
            flight.trace.end(None)
        while self._flights and not (self.environment.should_stop() and time.monotonic() > ends_at):
            self._collect(POLL_S)

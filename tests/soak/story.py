"""One seed, one story: a notice sent through random faults by processes that are killed at random.

After every process the ledger is compared with the list of whom the provider truly wrote to.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from notifier.ledger import Ledger
from notifier.notice.delivery import DeliveryEvent, DeliveryStatus, NoticeState, SuppressionReason
from notifier.usecases.deliver import SystemEnvironment, deliver
from tests.processes import HASTY, Kill, in_child, let_leases_end, sendgrid_at, standings
from tests.scenes import NOTICE, announced, people
from tests.standins import faults
from tests.standins.faults import Fault
from tests.standins.sendgrid import SendGridProcess, Taken

TIMEOUT_S = 0.4
NEVER_SENT = (DeliveryStatus.SUPPRESSED, DeliveryStatus.CANCELLED, DeliveryStatus.QUEUED, DeliveryStatus.DROPPED)
KILLED_IN = (
    "notifier.ledger.sending.recipients:insert_deliveries",
    "notifier.ledger.sending.recipients:_close",
    "notifier.ledger.sending.batches:Batches.claim",
    "notifier.ledger.sending.batches:_take",
    "http.client:HTTPConnection.send",
    "notifier.ledger.sending.attempts:_accept",
    "notifier.ledger.sending.attempts:_give_back",
    "notifier.ledger.sending.attempts:Attempts.record_accepted",
    "notifier.ledger.sending.attempts:Attempts.record_in_doubt",
    "notifier.ledger.sending.attempts:Attempts.record_not_sent",
    "notifier.ledger.sending.attempts:Attempts.record_rejected_items",
    "notifier.ledger.sending.in_doubt:InDoubtBatches.mark_unfinished",
    "notifier.ledger.sending.in_doubt:InDoubtBatches.resend",
    "notifier.ledger.notices:Notices.finish",
)
WHEN: tuple[Literal["before", "after"], ...] = ("before", "after")
FAULTS: tuple[Callable[[random.Random], Fault], ...] = (
    lambda _: faults.NONE,
    lambda _: faults.NONE,
    lambda _: faults.reset_unread(),
    lambda _: faults.reset_unaccepted(),
    lambda _: faults.accept_and_reset(),
    lambda _: faults.accept_and_close(),
    lambda _: faults.accept_and_hang(TIMEOUT_S * 1.5),
    lambda _: faults.hang(TIMEOUT_S * 1.5),
    lambda chance: faults.status(chance.choice([500, 502, 503, 504]), accepts=chance.random() < 0.5),
    lambda chance: faults.status(chance.choice([200, 201, 204])),
    lambda _: faults.redirect("http://127.0.0.1:9/elsewhere"),
    lambda _: faults.garbage(),
    lambda _: faults.cut_short(),
    lambda _: faults.rate_limited(str(int(time.time()) + 2)),
    lambda _: faults.out_of_credits(),
    lambda _: faults.too_large(),
    lambda _: faults.status(408),
    lambda chance: faults.refuse(chance.randrange(3)),
)


@dataclass
class Story:
    """What happens in one seed."""

    seed: int
    ledger: Ledger
    """Empty at the start. Its engine is shared by all processes, so that each need not compile every statement anew."""
    provider: SendGridProcess
    chance: random.Random = field(init=False)
    ahead: timedelta = timedelta(0)
    keys_retried: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  # repeatable on purpose
        self.batch_size = self.chance.randint(1, 12)
        self.connections = self.chance.randint(1, 4)

    def tell(self) -> None:
        """The whole of it; raises AssertionError where the invariant breaks."""
        announced(self.ledger, people(self.chance.randint(1, 50)), send_after=datetime(2026, 1, 1, tzinfo=UTC))
        for _ in range(self.chance.randint(2, 6)):
            self._trouble()
            self._pass(kills=self._kills(), killed_after_s=self._moment())
            self._meanwhile()
        self._bring_to_an_end()

    def _trouble(self) -> None:
        picked = self.chance.choices(FAULTS, k=self.chance.randint(0, 5))
        self.provider.script(*[faults.NONE] * self.chance.randint(0, 3))
        self.provider.script(*(pick(self.chance) for pick in picked))

    def _kills(self) -> list[Kill]:
        """Where the next process may die; whichever it comes to first."""
        if self.chance.random() < 0.3:
            return []
        targets = self.chance.sample(KILLED_IN, 4)
        return [Kill(each, self.chance.choice(WHEN), self.chance.randint(1, 3)) for each in targets]

    def _moment(self) -> float | None:
        return self.chance.uniform(0.01, 0.2) if self.chance.random() < 0.3 else None

    def _pass(self, *, kills: Sequence[Kill] = (), killed_after_s: float | None = None) -> None:
        """One process, then the comparison; the next one's clock is some minutes ahead."""
        self.ledger.close()
        code = in_child(self._send, kills=kills, killed_after_s=killed_after_s)
        assert code in (0, -9), f"the sender ended with {code}"
        self.ahead += timedelta(minutes=20)
        self._compare()

    def _send(self) -> None:
        let_leases_end(self.ledger)
        mailer = sendgrid_at(
            self.provider.url, batch_size=self.batch_size, connections=self.connections, timeout_s=TIMEOUT_S
        )
        deliver(self.ledger, mailer, HASTY, SystemEnvironment(now=self._now, sleep=self._sleep))

    def _now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def _sleep(self, seconds: float) -> None:
        """Waiting costs the tests nothing."""
        self.ahead += timedelta(seconds=seconds)
        time.sleep(0.001)

    def _mine(self) -> list[Taken]:
        keys = standings(self.ledger)
        return [taken for taken in self.provider.accepted() if taken.delivery_key in keys]

    def _meanwhile(self) -> None:
        """What webhooks and operators do between two passes."""
        for doing in (self._events, self._hold_or_resume, self._retry, self._suppress):
            if self.chance.random() < 0.3:
                doing()
                self._compare()

    def _events(self) -> None:
        taken = self._mine()
        some = self.chance.sample(taken, self.chance.randint(0, len(taken)))
        events = [self._event(one) for one in some]
        twice = events + self.chance.sample(events, len(events) // 2)
        self.chance.shuffle(twice)
        self.ledger.events.record(twice, self._now())

    def _event(self, taken: Taken) -> DeliveryEvent:
        status = self.chance.choice(
            [DeliveryStatus.PROCESSED, DeliveryStatus.DEFERRED, DeliveryStatus.DELIVERED, DeliveryStatus.BOUNCED]
        )
        event_id = f"{self.seed}-{self.chance.getrandbits(60):x}"
        return DeliveryEvent(event_id, status, self._now(), status, taken.delivery_key, taken.attempt_id)

    def _hold_or_resume(self) -> None:
        state = self.ledger.notices.get(NOTICE).state
        if state is NoticeState.HELD:
            self.ledger.notices.resume(NOTICE, "anna", self._now())
        elif state in (NoticeState.SENDING, NoticeState.SCHEDULED):
            self.ledger.notices.hold(NOTICE, "anna", self._now())

    def _retry(self) -> None:
        again = {
            key
            for key, one in standings(self.ledger).items()
            if one.status in (DeliveryStatus.BOUNCED, DeliveryStatus.DROPPED)
        }
        if again and self.ledger.notices.get(NOTICE).state is NoticeState.FINISHED:
            self.ledger.batches.retry_not_reached(NOTICE, "anna", self._now())
            self.keys_retried |= again

    def _suppress(self) -> None:
        self.ledger.roster.suppress("person7@example.com", SuppressionReason.MANUAL, self._now())

    def _compare(self) -> None:
        """The invariant: nobody lost, nobody twice unless marked, and the counts add up."""
        times = Counter(taken.delivery_key for taken in self.provider.accepted())
        for key, one in standings(self.ledger).items():
            if one.status in (
                DeliveryStatus.ACCEPTED,
                DeliveryStatus.PROCESSED,
                DeliveryStatus.DEFERRED,
                DeliveryStatus.DELIVERED,
            ):
                assert times[key] >= 1, f"seed {self.seed}: {one} was never written to"
            if one.status in NEVER_SENT and not one.is_possible_duplicate and key not in self.keys_retried:
                assert times[key] == 0, f"seed {self.seed}: {one} was written to already"
            if times[key] > 1 and key not in self.keys_retried:
                assert one.is_possible_duplicate, f"seed {self.seed}: {one} was written to {times[key]} times, unmarked"
        assert self.ledger.deliveries.check_counts() == (), f"seed {self.seed}"

    def _bring_to_an_end(self) -> None:
        """With an operator who resumes what was held, the notice ends, and everybody in it has an answer."""
        for _ in range(40):
            state = self.ledger.notices.get(NOTICE).state
            if state is NoticeState.HELD:
                self.ledger.notices.resume(NOTICE, "anna", self._now())
            if state is NoticeState.FINISHED:
                break
            self._pass()
        open_ones = [
            one
            for one in standings(self.ledger).values()
            if one.status in (DeliveryStatus.QUEUED, DeliveryStatus.ATTEMPTED, DeliveryStatus.IN_DOUBT)
        ]
        assert not open_ones, f"seed {self.seed}: never ended for {open_ones}"

"""One seed, one story: four workers, two schedules and two takers of events, through whatever happens to machines."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from notifier.errors import Refused
from notifier.ledger import Ledger
from notifier.notice.delivery import DeliveryStatus, SuppressionReason
from tests import databases
from tests.cluster.processes import (
    TIMEOUT_S,
    Cluster,
    cluster,
    cut_off,
    everybody_answered,
    is_finished,
    the_truth,
    until,
)
from tests.processes import Kill
from tests.scenes import NOTICE, announced, people
from tests.soak.story import KILLED_IN, WHEN
from tests.standins import faults
from tests.standins.faults import Fault
from tests.standins.sendgrid import SendGridProcess

SEEDS = 1_000
TOGETHER = 10
FAULTS: tuple[Callable[[random.Random], Fault], ...] = (
    lambda _: faults.reset_unread(),
    lambda _: faults.accept_and_reset(),
    lambda _: faults.accept_and_close(),
    lambda _: faults.accept_and_hang(TIMEOUT_S * 1.5),
    lambda _: faults.hang(TIMEOUT_S * 1.5),
    lambda chance: faults.status(503, accepts=chance.random() < 0.5),
    lambda _: faults.garbage(),
    lambda _: faults.rate_limited(str(int(time.time()) + 1)),
    lambda _: faults.too_large(),
    lambda chance: faults.refuse(chance.randrange(2)),
)


@dataclass
class ClusterStory:
    """What happens in one seed."""

    seed: int
    url: str
    running: Cluster
    chance: random.Random = field(init=False)
    frozen: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  # repeatable on purpose

    def tell(self) -> None:
        """The whole of it; raises AssertionError where the invariant breaks."""
        with Ledger.open(self.url) as ledger:
            announced(ledger, people(self.chance.randint(20, 120)))
        self.running.batch_size = self.chance.randint(2, 12)
        for start in (self.running.scheduler, self.running.worker):
            start(*self._traps())
            start()
        for _ in range(2):
            self.running.worker(*self._traps())
        self.running.taker()
        self.running.taker(DeliveryStatus.PROCESSED)
        for _ in range(self.chance.randint(3, 6)):
            time.sleep(self.chance.uniform(0.05, 0.4))
            happens = (self._kill, self._kill, self._freeze, self._cut, self._trouble, self._hold, self._bar)
            self.chance.choice(happens)()
        self._bring_to_an_end()

    def _traps(self) -> list[Kill]:
        if self.chance.random() < 0.5:
            return []
        targets = self.chance.sample(KILLED_IN, 3)
        return [Kill(each, self.chance.choice(WHEN), self.chance.randint(1, 3)) for each in targets]

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            self.running.kill(self.chance.choice([pid for pid in self.running.pids if pid not in self.frozen]))
        self.chance.choice((self.running.worker, self.running.scheduler))()

    def _freeze(self) -> None:
        """Some of them wake only after their leases have ended."""
        pid = self.chance.choice(self.running.pids)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            self.frozen.append(pid)
        self.running.worker()

    def _cut(self) -> None:
        cut_off(self.url)

    def _trouble(self) -> None:
        self.running.provider.script(*(self.chance.choice(FAULTS)(self.chance) for _ in range(4)))

    def _hold(self) -> None:
        with Ledger.open(self.url) as ledger, suppress(Refused):
            ledger.notices.hold(NOTICE, "anna", ledger.now())
            time.sleep(0.2)
            ledger.notices.resume(NOTICE, "anna", ledger.now())

    def _bar(self) -> None:
        with Ledger.open(self.url) as ledger:
            ledger.roster.suppress("person7@example.com", SuppressionReason.MANUAL, ledger.now())

    def _bring_to_an_end(self) -> None:
        for pid in self.frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self.running.worker()
        self.running.scheduler()
        until(lambda: is_finished(self.url), 90)
        self.running.end()
        everybody_answered(self.url)
        the_truth(self.url, self.running.provider.accepted())


def test_a_seed_of_machines_that_die_freeze_and_lose_each_other(url: str, provider: SendGridProcess) -> None:
    _tell((1,), url, provider)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, SEEDS, TOGETHER))
def test_a_thousand_seeds_of_machines(first: int, url: str, provider: SendGridProcess) -> None:
    _tell(range(first, first + TOGETHER), url, provider)


def _tell(seeds: Iterable[int], url: str, provider: SendGridProcess) -> None:
    for seed in seeds:
        databases.empty_database(url)
        provider.forget()
        with cluster(url, provider) as running:
            try:
                ClusterStory(seed, url, running).tell()
            except AssertionError as error:
                raise AssertionError(f"seed {seed}: {error}") from error

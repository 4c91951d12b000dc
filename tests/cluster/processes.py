"""Workers, schedulers and takers of events as processes of their own, and what must be true of all they did.

Forked, so that each costs milliseconds; killed, stopped and cut off with what does that in earnest.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

import psycopg

from notifier.errors import Busy, LedgerError
from notifier.ledger import Ledger
from notifier.mail import Mailer
from notifier.notice.delivery import DeliveryEvent, DeliveryStatus, NoticeState
from notifier.notice.sending_rules import SendingRules
from notifier.usecases.deliver import SystemEnvironment, deliver
from notifier.usecases.worker import Worker
from tests.processes import HASTY, Kill, sendgrid_at, standings
from tests.scenes import NOTICE
from tests.standins.sendgrid import SendGridProcess, Taken

SHORT = HASTY._replace(lease=timedelta(seconds=1), patience=timedelta(seconds=1))
"""A claim holds a second, and what is in doubt is sent again at once, marked."""
TIMEOUT_S = 0.8
NEVER_SENT = (DeliveryStatus.SUPPRESSED, DeliveryStatus.CANCELLED, DeliveryStatus.QUEUED, DeliveryStatus.DROPPED)
TOLD = (DeliveryStatus.ACCEPTED, DeliveryStatus.PROCESSED, DeliveryStatus.DEFERRED, DeliveryStatus.DELIVERED)
OPEN = (DeliveryStatus.QUEUED, DeliveryStatus.ATTEMPTED, DeliveryStatus.IN_DOUBT)


@dataclass
class Cluster:
    """What runs against one ledger and one provider."""

    url: str
    provider: SendGridProcess
    rules: SendingRules = SHORT
    batch_size: int = 10
    connections: int = 2
    timeout_s: float = TIMEOUT_S
    enter: Callable[[], None] = lambda: None
    """What each process started from now on does first."""
    pids: list[int] = field(default_factory=list)

    def worker(self, *traps: Kill) -> int:
        """One more; its pid."""

        def work(stopping: threading.Event) -> None:
            with Ledger.open(self.url) as ledger:
                Worker(ledger, self._mailer(), self.rules, stopping, lambda *_, **__: None, lambda *_: None).work()

        return self._start(work, traps)

    def scheduler(self, *traps: Kill) -> int:
        """What `schedule` does with notices, each tenth of a second."""

        def work(stopping: threading.Event) -> None:
            while not stopping.wait(0.1):
                with suppress(Busy, LedgerError), Ledger.open(self.url) as ledger, ledger.run_lock():
                    environment = SystemEnvironment(now=ledger.now, should_stop=stopping.is_set)
                    deliver(ledger, self._mailer(), self.rules, environment)

        return self._start(work, traps)

    def taker(self, status: DeliveryStatus = DeliveryStatus.DELIVERED) -> int:
        """Takes in an event for each message that the provider took, in an order of its own, again and again."""

        def work(stopping: threading.Event) -> None:
            while not stopping.wait(0.1):
                taken = self.provider.accepted()
                events = [event_of(one, status) for one in (taken if os.getpid() % 2 else reversed(taken))]
                with suppress(LedgerError), Ledger.open(self.url) as ledger:
                    for first in range(0, len(events), 50):
                        ledger.events.record(events[first : first + 50], ledger.now())

        return self._start(work, ())

    def kill(self, pid: int) -> None:
        """Without a word."""
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self.pids.remove(pid)

    def end(self) -> None:
        for pid in list(self.pids):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
            self.kill(pid)

    def _mailer(self) -> Mailer:
        return sendgrid_at(
            self.provider.url, batch_size=self.batch_size, connections=self.connections, timeout_s=self.timeout_s
        )

    def _start(self, work: Callable[[threading.Event], None], traps: Sequence[Kill]) -> int:
        pid = os.fork()
        if pid == 0:
            _live(work, traps, self.enter)
        self.pids.append(pid)
        return pid


def _live(work: Callable[[threading.Event], None], traps: Sequence[Kill], enter: Callable[[], None]) -> None:
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGTERM,))  # whatever the process of the tests has done
    try:
        enter()
        for one in traps:
            one.arm()
        work(stopping)
    finally:
        os._exit(0)


def event_of(taken: Taken, status: DeliveryStatus = DeliveryStatus.DELIVERED) -> DeliveryEvent:
    """What the provider says of one message."""
    event_id = f"{taken.request_id}-{taken.delivery_key}-{status}"
    return DeliveryEvent(event_id, status, datetime.now(UTC), status, taken.delivery_key, taken.attempt_id)


@contextmanager
def cluster(url: str, provider: SendGridProcess, **more: object) -> Iterator[Cluster]:
    """All its processes end with the block."""
    one = Cluster(url, provider, **more)  # type: ignore[arg-type]  # passed through
    try:
        yield one
    finally:
        one.end()


def until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until it is; an outage of the database meanwhile says nothing."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(LedgerError, psycopg.Error):
            if is_so():
                return
        time.sleep(0.05)
    raise AssertionError(f"it never came to that within {seconds} s")


@cache
def looked_into(url: str) -> Ledger:
    """One that stays open: to open it for each look of `until` costs more than all that is looked at."""
    return Ledger.open(url)


def is_finished(url: str) -> bool:
    ledger = looked_into(url)
    state = ledger.notices.get(NOTICE).state
    if state is NoticeState.HELD:
        ledger.notices.resume(NOTICE, "anna", ledger.now())
    return state is NoticeState.FINISHED


def cut_off(url: str) -> None:
    """End every connection to the database but this one."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(f"SELECT pg_terminate_backend(pid, 5000) {others}")


def the_truth(url: str, taken: Iterable[Taken]) -> Counter[str]:
    """Nobody lost, nobody twice unless marked, the counts add up, the journal chains; how often each was written to."""
    times = Counter(one.delivery_key for one in taken)
    with Ledger.open(url) as ledger:
        for key, one in standings(ledger).items():
            if one.status in TOLD:
                assert times[key] >= 1, f"{one} was never written to"
            if one.status in NEVER_SENT and not one.is_possible_duplicate:
                assert times[key] == 0, f"{one} was written to already"
            if times[key] > 1:
                assert one.is_possible_duplicate, f"{one} was written to {times[key]} times, unmarked"
        assert ledger.deliveries.check_counts() == ()
        assert ledger.journal.tail_fault() == ""
    return times


def everybody_answered(url: str) -> None:
    with Ledger.open(url) as ledger:
        assert not [one for one in standings(ledger).values() if one.status in OPEN]

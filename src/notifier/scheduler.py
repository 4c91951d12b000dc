"""When to make a run: APScheduler with its in-memory store, in one process, told anew at each start.

What is due is read from the ledger, never from a job store: a time that passed while nothing ran is made up for
once. Signals are taken by `sigwait` in the main thread while every other thread and every git has them blocked, so
that a stop never cuts a commit or a transaction in two: the run is asked to stop between two steps.

Between the runs, a notice that has begun goes on: its first batch's events come in, a pause that the provider asked
for ends, what is in doubt has waited long enough. That must not wait for tomorrow's run. At each such step, and at
each run, the times are asked for anew: who changes the config need not start anything again, and SIGHUP makes the
next such step come at once.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from notifier.cron import Cron, next_time
from notifier.errors import Busy, LedgerOutgrown, NotifierError, in_a_line
from notifier.state import Terminal
from notifier.structured_log import Tell

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
HANGUP = signal.SIGHUP
PATIENCE_S = 4.7
"""How long a stop waits for the run to come to rest; what supervisors and people take for prompt is five."""

GO_ON_EVERY_S = 60.0
LOOK_EVERY_S = 1.0
"""How often it looks whether there is more to do, where other machines may have said so."""
TRY_AGAIN_AFTER_S = 600.0
"""How long after a run that failed the next is made; most failures are an outage of a remote or a server."""
GOING_ON, LOOKING = "go on", "look"

Run = Callable[[Callable[[], bool]], None]
"""One pass; it asks its argument between two steps whether to stop."""


@dataclass(frozen=True, slots=True)
class Times:
    """When runs are to be made."""

    cron: Cron
    zone: tzinfo

    def next(self, after: datetime) -> datetime | None:
        return next_time(self.cron, after, self.zone)


class CronTrigger(BaseTrigger):  # type: ignore[misc]  # apscheduler has no types
    """APScheduler's door to `Times`: its own cron trigger counts weekdays from Monday and means "and" by days."""

    def __init__(self, times: Times) -> None:
        self.times = times

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        return self.times.next(previous_fire_time or now)


class Schedule:
    """Makes runs at their times until a stop signal comes."""

    is_outgrown = False
    """Did it stop by itself, as a newer version has changed the ledger?"""

    def __init__(
        self,
        times: Callable[[], Times],
        run: Run,
        tell: Tell,
        *,
        go_on: Run | None = None,
        on_next: Callable[[datetime | None], None] = lambda _: None,
        on_left_out: Callable[[], None] = lambda: None,
        to_do: Callable[[], frozenset[str]] | None = None,
    ) -> None:
        """`times` is asked at the start and at each step; what it raises then is told, and the last times hold.

        `on_next` gets the time of the next run; `on_left_out` is called where one is left out, as the one before it
        has not ended. `to_do` names what there is to do, where others may say so: whatever is new there is a step.
        """
        self._ask = times
        self._trigger = CronTrigger(times())
        self._run = run
        self._go_on = go_on
        self._one_at_a_time = threading.Lock()
        self._tell = tell
        self._on_next = on_next
        self._on_left_out = on_left_out
        self._to_do = to_do
        self._known_to_do = frozenset[str]()
        self._terminal = Terminal()
        self._stopping = threading.Event()
        self._asked_again = threading.Event()
        self._resting = threading.Event()
        self._resting.set()
        self._again_at: datetime | None = None

    def run_until_stopped(self, last_run_at: datetime | None) -> bool:
        """Block until SIGTERM, SIGINT or its terminal's end.

        True where all came to rest, False where a run still goes after `PATIENCE_S`.
        Must be called in the main thread, which has the signals blocked from then on: a process on its way out takes
        no more of them. A time missed since `last_run_at` is made up for at once, once.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, (*STOP_SIGNALS, HANGUP))
        scheduler = self._started(last_run_at)
        while signal.sigwait((*STOP_SIGNALS, HANGUP)) == HANGUP and not self._terminal.is_closed:
            self._tell("config.asked_again", "reading the config again")
            self._asked_again.set()
            scheduler.modify_job(GOING_ON, next_run_time=datetime.now(UTC))
        self._stopping.set()
        scheduler.shutdown(wait=False)
        return self._comes_to_rest()

    def _started(self, last_run_at: datetime | None) -> BackgroundScheduler:
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # the listener below tells it in one line
        now = datetime.now(UTC)
        scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        scheduler.add_listener(self._tell_trouble, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        first = self._trigger.get_next_fire_time(None, last_run_at or now)
        job = scheduler.add_job(self._one_run, self._trigger, next_run_time=first)
        scheduler.add_job(self._go_on_once, "interval", args=[job], seconds=GO_ON_EVERY_S, id=GOING_ON)
        if self._to_do is not None:
            scheduler.add_job(self._look_for_more, "interval", args=[scheduler], seconds=LOOK_EVERY_S, id=LOOKING)
        self._say_next(max(first, now) if first else None)
        scheduler.start()
        return scheduler

    def _one_run(self) -> None:
        try:
            with self._one_at_a_time:
                self._make_run()
        finally:
            if not self._stopping.is_set():
                self._say_next(self._trigger.get_next_fire_time(None, datetime.now(UTC)))

    def _make_run(self) -> None:
        """One that fails is made again, without waiting for its next time."""
        self._again_at = datetime.now(UTC) + timedelta(seconds=TRY_AGAIN_AFTER_S)
        try:
            self._alone(self._run)
        except Busy as error:  # whether that one comes to its end, the next try will show
            return self._tell("run.left_to_another", f"left to another process: {in_a_line(error)}")
        self._again_at = None
        return None

    def _say_next(self, moment: datetime | None) -> None:
        self._tell("schedule.next_run", f"next run {told(moment)}", due_at=moment and moment.isoformat())
        self._on_next(moment)

    def _go_on_once(self, job: Any) -> None:
        """Once more where a SIGHUP came meanwhile, which APScheduler takes for a step too many."""
        self._asked_again.clear()
        self._step(job)
        if self._asked_again.is_set():
            self._go_on_once(job)

    def _step(self, job: Any) -> None:
        """Left out while a run is under way: that one sends what is due."""
        if not self._one_at_a_time.acquire(blocking=False):
            return
        try:
            self._follow(job)
            if self._again_at and datetime.now(UTC) >= self._again_at:
                self._make_run()
            if self._go_on is not None:
                self._alone(self._go_on)
        finally:
            self._one_at_a_time.release()

    def _look_for_more(self, scheduler: BackgroundScheduler) -> None:
        """What somebody approved or resumed, wherever, is not left waiting for the next step."""
        if self._to_do is None or self._one_at_a_time.locked():
            return
        with suppress(NotifierError):
            found = self._to_do()
            if found - self._known_to_do:
                scheduler.modify_job(GOING_ON, next_run_time=datetime.now(UTC))
            self._known_to_do = found

    def _follow(self, job: Any) -> None:
        """Takes up times that have changed."""
        times = self._ask()
        if times == self._trigger.times:
            return
        self._trigger.times = times
        following = times.next(datetime.now(UTC))
        job.modify(next_run_time=following)
        self._say_next(following)

    def _alone(self, run: Run) -> None:
        self._resting.clear()
        try:
            if not self._stopping.is_set():
                run(self._stopping.is_set)
        finally:
            self._resting.set()

    def _tell_trouble(self, event: Any) -> None:
        if event.job_id in (GOING_ON, LOOKING) and event.code != EVENT_JOB_ERROR:
            return
        if event.code == EVENT_JOB_ERROR:
            self._tell("run.failed", f"the run failed: {in_a_line(event.exception)}", level="error")
            self._end_if_outgrown(event.exception)
            return
        self._tell("run.left_out", "the run before is still going; this one is left out", level="warning")
        self._on_left_out()

    def _end_if_outgrown(self, error: BaseException) -> None:
        """Whoever supervises us starts the version that is installed by now."""
        if isinstance(error, LedgerOutgrown):
            self.is_outgrown = True
            os.kill(os.getpid(), signal.SIGTERM)

    def _comes_to_rest(self) -> bool:
        """A second signal means at once."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and not self._resting.wait(0.05):
            if signal.sigpending().intersection(STOP_SIGNALS):
                return False
        return self._resting.is_set()


def told(moment: datetime | None) -> str:
    """A moment as an operator reads it."""
    return moment.strftime("%Y-%m-%d %H:%M %Z") if moment else "never"

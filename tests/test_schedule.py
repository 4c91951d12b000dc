"""The schedule in a real process: runs come at their times, and a stop is clean."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import IO

import pytest

from notifier import scheduler
from notifier.cron import read_cron
from notifier.errors import RepositoryError
from notifier.scheduler import CronTrigger, Run, Schedule, Times
from tests.processes import at_work


def say(text: str) -> None:
    print(text, flush=True)


def tell(_action: str, text: str, /, **_facts: object) -> None:
    say(text)


def steps(should_stop: Callable[[], bool]) -> None:
    say("run begins")
    while not should_stop():
        time.sleep(0.01)
    say("run rests")


def deaf(_: Callable[[], bool]) -> None:
    say("run begins")
    time.sleep(60)


def failing(_: Callable[[], bool]) -> None:
    raise RepositoryError("policies: not a git repository")


def fails_once(_: Callable[[], bool]) -> None:
    scheduler.TRY_AGAIN_AFTER_S, is_first = 600.0, scheduler.TRY_AGAIN_AFTER_S < 600
    if is_first:
        raise RepositoryError("the remote is away")
    say("run done")


def commits(_: Callable[[], bool]) -> None:
    say("child begins")
    say(f"child ends: {subprocess.run(['sleep', '0.5']).returncode}")
    say("run rests")


def goes_on(_: Callable[[], bool]) -> None:
    say("goes on")


def live(run: Run, *, days_missed: int, patience_s: float, go_on: Run | None) -> None:
    """What the process does; what it changes here is its own."""
    scheduler.PATIENCE_S, scheduler.GO_ON_EVERY_S = patience_s, 0.1
    scheduler.TRY_AGAIN_AFTER_S = 0.2 if run is fails_once else 600.0
    last_run_at = datetime.now(UTC) - timedelta(days=days_missed) if days_missed else None
    crons = iter(["0 0 1 * *"] * 3 + ["0 0 1 1 *"] * 1000)
    made = Schedule(lambda: Times(read_cron(next(crons)), UTC), run, tell, go_on=go_on)
    say(f"rested: {made.run_until_stopped(last_run_at)}")


@contextmanager
def scheduling(
    run: Run, *, days_missed: int = 100, patience_s: float = 30, go_on: Run | None = None
) -> Iterator[subprocess.Popen[str]]:
    work = partial(live, run, days_missed=days_missed, patience_s=patience_s, go_on=go_on)
    process = at_work(work, stdout=subprocess.PIPE, start_new_session=True)
    guard = threading.Timer(120, process.kill)  # so that a schedule that never speaks fails instead of hanging
    guard.start()
    try:
        yield process
    finally:
        guard.cancel()
        process.kill()
        process.wait()


def out(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def wait_for(process: subprocess.Popen[str], line: str) -> None:
    for told in out(process):
        if told.strip() == line:
            return
    pytest.fail(f"the schedule never said {line!r}")


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_while_nothing_runs_ends_at_once(stop: signal.Signals) -> None:
    with scheduling(steps, days_missed=0) as process:
        assert out(process).readline().startswith("next run ")
        process.send_signal(stop)

        assert out(process).read() == "rested: True\n"
        assert process.wait() == 0


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_during_a_run_lets_it_come_to_rest_between_two_steps(stop: signal.Signals) -> None:
    with scheduling(steps) as process:
        wait_for(process, "run begins")
        process.send_signal(stop)

        assert out(process).read() == "run rests\nrested: True\n"


def test_a_run_that_failed_is_made_again_long_before_its_next_time() -> None:
    with scheduling(fails_once) as process:
        wait_for(process, "the run failed: the remote is away")
        wait_for(process, "run done")
        process.send_signal(signal.SIGTERM)

        assert out(process).read().endswith("rested: True\n")


def test_a_stop_from_the_keyboard_does_not_reach_a_git_at_work() -> None:
    with scheduling(commits) as process:
        wait_for(process, "child begins")
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: to everything it started

        assert out(process).read() == "child ends: 0\nrun rests\nrested: True\n"


def test_a_run_that_does_not_come_to_rest_is_left_after_a_while() -> None:
    with scheduling(deaf, patience_s=0.2) as process:
        wait_for(process, "run begins")
        process.send_signal(signal.SIGTERM)

        assert out(process).read() == "rested: False\n"


def test_a_second_signal_means_at_once() -> None:
    with scheduling(deaf, patience_s=600) as process:
        wait_for(process, "run begins")
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)

        assert out(process).read() == "rested: False\n"


def test_a_time_missed_while_nothing_ran_is_made_up_for_once() -> None:
    with scheduling(failing, days_missed=100) as process:
        wait_for(process, "the run failed: policies: not a git repository")
        process.send_signal(signal.SIGTERM)

        assert "the run failed" not in out(process).read()


def test_nothing_is_made_up_for_where_nothing_was_missed() -> None:
    with scheduling(steps, days_missed=0) as process:
        out(process).readline()
        process.send_signal(signal.SIGTERM)

        assert "run begins" not in out(process).read()


def test_between_the_runs_a_notice_that_has_begun_goes_on() -> None:
    with scheduling(steps, days_missed=0, go_on=goes_on) as process:
        wait_for(process, "goes on")
        wait_for(process, "goes on")
        process.send_signal(signal.SIGTERM)

        assert "rested: True" in out(process).read()


def test_while_a_run_is_under_way_nothing_else_sends() -> None:
    with scheduling(steps, go_on=goes_on) as process:
        wait_for(process, "run begins")
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)

        assert "goes on" not in out(process).read()


def test_times_that_changed_count_from_the_next_step() -> None:
    with scheduling(steps, days_missed=0) as process:
        told = [out(process).readline(), out(process).readline()]
        process.send_signal(signal.SIGTERM)

    assert told[0] != told[1]
    assert "-01-01 00:00 UTC" in told[1]


def test_apscheduler_is_given_cron_times_one_after_the_other() -> None:
    trigger = CronTrigger(Times(read_cron("0 9 * * sun"), UTC))
    now = datetime(2026, 11, 24, tzinfo=UTC)
    first = trigger.get_next_fire_time(None, now)

    assert first == datetime(2026, 11, 29, 9, tzinfo=UTC)
    assert trigger.get_next_fire_time(first, now) == first + timedelta(days=7)

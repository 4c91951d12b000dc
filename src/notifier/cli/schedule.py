"""`notifier schedule`: runs at the configured times, until SIGTERM or SIGINT."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NoReturn

import click

from notifier.alarms import AlarmCode, alarm
from notifier.bootstrap import (
    ledger_file,
    make_dispatch,
    make_look,
    make_run,
    open_ledger,
    telling_broken_config,
    telling_failure,
    utc_now,
)
from notifier.cli.alive import alive_option, answer_alive, answer_gone, gone_option
from notifier.cli.frame import config_option, json_option, load_config, say_json
from notifier.cli.log_facts import keep_log, tell_run, tell_sent
from notifier.errors import LedgerAway, NotifierError
from notifier.ledger.cluster.processes import ProcessRole, Pulse
from notifier.state import Terminal
from notifier.structured_log import tell
from notifier.usecases.ledger_outage import LedgerOutage

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.config.live import LiveConfig
    from notifier.scheduler import Times

LOOK_EVERY_S = 0.25


@click.command(name="schedule")
@config_option
@json_option
@alive_option
@gone_option
def command(config_path: Path | None, as_json: bool, asks_alive: bool, gone_host: str | None) -> int:
    """Make a run at each time of `schedule.cron`, until stopped by SIGTERM or SIGINT.

    A time that passed while nothing ran is made up for at once. Between the runs a notice that has begun goes on. A
    changed config counts from the next step, at once after SIGHUP; a broken one is told, and the one before it holds.
    A stop lets the run come to rest between two steps. --json prints when the next run is, and ends.
    """
    from notifier.config.live import LiveConfig
    from notifier.scheduler import Schedule
    from notifier.usecases.deliver.traces import set_up_traces

    if asks_alive:
        return answer_alive(load_config(config_path), ProcessRole.SCHEDULE)
    if gone_host:
        return answer_gone(load_config(config_path), ProcessRole.SCHEDULE, gone_host)
    with telling_broken_config(config_path):
        live = LiveConfig(load_config(config_path))
    times = _times(live.current)  # or why there are none, before anything is waited for
    if as_json:
        return _say_next(live.current, times)
    keep_log(live.current)
    set_up_traces()
    with telling_failure(live.current):
        if not _comes(live):
            tell("process.stopped", "stopped")
            return 0
        last_run_at = _last_run_at(live.current)
    pulse = Pulse(lambda is_first: _sign(live.current, is_first=is_first))
    pulse.beat()
    schedule = Schedule(
        lambda: _times(live.read()),
        lambda should_stop: _one_run(live, _beating(pulse, should_stop), pulse),
        tell,
        go_on=lambda should_stop: _go_on(live, _beating(pulse, should_stop)),
        on_next=lambda moment: make_dispatch(live.current).schedule(moment),
        on_left_out=lambda: _tell_left_out(live.current),
        to_do=_to_do(live.current),
    )
    has_rested = schedule.run_until_stopped(last_run_at)
    with suppress(NotifierError), open_ledger(live.current) as ledger:
        ledger.processes.leave(ProcessRole.SCHEDULE)
    if has_rested:
        tell("process.stopped", "stopped")
        return int(schedule.is_outgrown)
    tell("process.cut_short", "stopped in the middle of a run; the next one finishes what it began", level="warning")
    return _leave_at_once()


def _say_next(config: Config, times: Times) -> int:
    when = {"cron": config.schedule.cron, "timezone": config.schedule_zone.key}
    say_json({**when, "next_run_at": times.next(datetime.now(UTC)), "last_run_at": _last_run_at(config)})
    return 0


def _comes(live: LiveConfig) -> bool:
    """Wait for a ledger that is away; False where a person wants no more of it.

    From then on the stop signals are blocked, as the schedule has them.
    """
    from notifier.scheduler import HANGUP, STOP_SIGNALS

    outage = LedgerOutage(tell, lambda alarms, about: make_dispatch(live.current).update(alarms, about))
    terminal = Terminal()
    while True:
        try:
            open_ledger(live.read()).close()
        except LedgerAway as error:
            signal.pthread_sigmask(signal.SIG_BLOCK, (*STOP_SIGNALS, HANGUP))
            until = time.monotonic() + outage.goes_on(error)
        else:
            outage.ends()
            return True
        while time.monotonic() < until:
            time.sleep(LOOK_EVERY_S)
            if signal.sigpending().intersection(STOP_SIGNALS) or terminal.is_closed:
                return False


def _sign(config: Config, *, is_first: bool) -> None:
    with open_ledger(config) as ledger:
        ledger.processes.sign(ProcessRole.SCHEDULE, ledger.now(), is_first=is_first)


def _beating(pulse: Pulse, should_stop: Callable[[], bool]) -> Callable[[], bool]:
    """Asked between any two steps: whoever asks no more hangs."""

    def ask() -> bool:
        pulse.beat()
        return should_stop()

    return ask


def _to_do(config: Config) -> Callable[[], frozenset[str]] | None:
    """Notices that are due, where other machines share the ledger: what is said there acts here."""
    if ledger_file(config):
        return None
    ledger = open_ledger(config)
    return lambda: frozenset(ledger.notices.due(ledger.now()))


def _times(config: Config) -> Times:
    from notifier.cron import read_cron
    from notifier.scheduler import Times

    return Times(read_cron(config.schedule.cron), config.schedule_zone)


def _last_run_at(config: Config) -> datetime | None:
    with open_ledger(config) as ledger:
        last = ledger.runs.last()
    return last.started_at if last else None


def _one_run(live: LiveConfig, should_stop: Callable[[], bool], pulse: Pulse) -> None:
    from notifier.usecases.alarms import config_alarms

    config = live.read()
    with suppress(NotifierError):  # of a ledger that is away the run itself will tell
        _tell_missed(config)
    tell("run.began", "run begins")
    report = make_run(
        config, on_progress=lambda _: pulse.beat(), should_stop=should_stop, noted=config_alarms(live.mistake)
    )
    tell_run(report)


def _go_on(live: LiveConfig, should_stop: Callable[[], bool]) -> None:
    """Send what has come due since the last run, and tell of alarms; silent where there is nothing to tell."""
    from notifier.usecases.alarms import config_alarms

    should_stop()
    for one in make_look(live.read(), should_stop=should_stop, noted=config_alarms(live.mistake)):
        tell_sent(one.notice.notice_id, one.sent)


def _tell_missed(config: Config) -> None:
    from notifier.usecases.alarms import missed_alarms

    last_run_at = _last_run_at(config)
    due_at = _times(config).next(last_run_at) if last_run_at else None
    missed = tuple(missed_alarms(due_at, last_run_at, utc_now()))
    if missed:
        make_dispatch(config).update(missed, frozenset({AlarmCode.RUN_MISSED}))


def _tell_left_out(config: Config) -> None:
    """In a thread of its own: the clock must not wait for a channel."""
    left_out = alarm(AlarmCode.RUN_MISSED, "left out")
    dispatch = make_dispatch(config)
    Thread(target=lambda: dispatch.update((left_out,), frozenset({left_out.code})), daemon=True).start()


def _leave_at_once() -> NoReturn:
    """Not by the usual way, which would wait for the run's threads."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)

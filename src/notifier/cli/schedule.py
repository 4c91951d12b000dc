"""`notifier schedule`: runs at the configured times, until SIGTERM or SIGINT."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from notifier.cli.frame import config_option, counted, json_option, load_config, note, say_json

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.scheduler import Times
    from notifier.usecases.run import RunReport


@click.command(name="schedule")
@config_option
@json_option
def command(config_path: Path | None, as_json: bool) -> int:
    """Make a run at each time of `schedule.cron`, until stopped by SIGTERM or SIGINT.

    A time that passed while nothing ran is made up for at once. Between the runs a notice that has begun goes on. A
    changed config counts from the next step. A stop lets the run come to rest between two steps.
    --json prints when the next run is, and ends.
    """
    from notifier.scheduler import Schedule

    def config() -> Config:
        return load_config(config_path)

    first = config()
    times, last_run_at = _times(first), _last_run_at(first)
    if as_json:
        when = {"cron": first.schedule.cron, "timezone": first.schedule_zone.key}
        say_json({**when, "next_run_at": times.next(datetime.now(UTC)), "last_run_at": last_run_at})
        return 0
    schedule = Schedule(
        lambda: _times(config()),
        lambda should_stop: _one_run(config(), should_stop),
        _log,
        go_on=lambda should_stop: _go_on(config(), should_stop),
    )
    if schedule.run_until_stopped(last_run_at):
        _log("stopped")
        return 0
    _log("stopped in the middle of a run; the next one finishes what it began")
    return _leave_at_once()


def _times(config: Config) -> Times:
    from notifier.cron import read_cron
    from notifier.scheduler import Times

    return Times(read_cron(config.schedule.cron), config.schedule_zone)


def _last_run_at(config: Config) -> datetime | None:
    from notifier.bootstrap import open_ledger

    with open_ledger(config) as ledger:
        last = ledger.runs.last()
    return last.started_at if last else None


def _one_run(config: Config, should_stop: Callable[[], bool]) -> None:
    from notifier.bootstrap import installation, locked
    from notifier.usecases.run import run

    _log("run begins")
    with locked(config), installation(config, should_stop=should_stop) as parts:
        report = run(parts)
    _log(f"run done: {_in_words(report)}")


def _go_on(config: Config, should_stop: Callable[[], bool]) -> None:
    """Send what has come due since the last run; silent where there is nothing to tell."""
    from notifier.bootstrap import installation, locked, open_ledger, utc_now
    from notifier.errors import Busy
    from notifier.usecases.run import deliver_due

    with open_ledger(config) as ledger:
        if not ledger.notices.due(utc_now()) and not ledger.batches.has_unsettled():
            return
    with suppress(Busy), locked(config), installation(config, should_stop=should_stop) as parts:
        for one in deliver_due(parts).notices:
            if one.sent:
                _log(f"{one.notice.notice_id}: {counted(one.sent, 'message')} sent")


def _in_words(report: RunReport) -> str:
    done = [counted(len(report.posted), "posting"), counted(len(report.notices), "notice")]
    waiting = [f"{waiting.policy_id} waits: {waiting.why}" for waiting in report.plan.waiting]
    return "; ".join([", ".join(done), *waiting, *map(str, report.plan.ignored)])


def _log(text: str) -> None:
    note(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ} {text}")


def _leave_at_once() -> NoReturn:
    """Not by the usual way, which would wait for the run's threads."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)

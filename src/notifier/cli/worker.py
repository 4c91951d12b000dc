"""`notifier worker`: sends what runs have begun, beside any number of others, until SIGTERM or SIGINT."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.alarms import AlarmCode
from notifier.bootstrap import ledger_file, make_dispatch, make_mailer, open_ledger
from notifier.cli.alive import alive_option, answer_alive, answer_gone, gone_option
from notifier.cli.frame import config_option, load_config
from notifier.cli.log_facts import keep_log
from notifier.config.live import LiveConfig
from notifier.errors import NotifierError, Refused, in_a_line
from notifier.ledger.cluster.processes import ProcessRole
from notifier.state import Terminal
from notifier.structured_log import tell
from notifier.usecases.alarms import config_alarms
from notifier.usecases.deliver.traces import set_up_traces
from notifier.usecases.run import sending_rules
from notifier.usecases.worker import Worker

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.mail import Mailer

PATIENCE_S = 4.7
"""As `notifier schedule` has it."""
LOOK_EVERY_S = 0.25
FOLLOW_EVERY_S = 60.0
"""How often it looks whether its config has changed."""


@click.command(name="worker")
@config_option
@alive_option
@gone_option
def command(config_path: Path | None, asks_alive: bool, gone_host: str | None) -> int:
    """Send what runs have begun, on as many machines as you like, until stopped by SIGTERM or SIGINT.

    For a ledger on PostgreSQL. `run` and `schedule` post, begin notices and send along; workers go on with what has
    begun. They share one rate limit, and stop together. Each may be killed or cut off at any moment: what it was
    sending is in doubt then, and everybody else goes on. Needs the config, the ledger and the transport; no repository.
    A changed config counts from the next pass, at once after SIGHUP; a broken one is told, and the one before it holds.
    """
    if asks_alive:
        return answer_alive(load_config(config_path), ProcessRole.WORKER)
    if gone_host:
        return answer_gone(load_config(config_path), ProcessRole.WORKER, gone_host)
    with _stopped_by((signal.SIGTERM, signal.SIGINT, signal.SIGHUP)) as signals:
        return _work(config_path, signals)


@contextmanager
def _stopped_by(signals: Sequence[signal.Signals]) -> Iterator[Sequence[signal.Signals]]:
    """They are waited for while the block runs; who calls the verb within a process of its own has them back after."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield signals
    finally:
        while _came(signals) is not None:
            pass  # asked a second time to stop
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _came(signals: Sequence[signal.Signals]) -> signal.Signals | None:
    """Which of them came meanwhile. Not by waiting for them with a limit: where a process was stopped in it, and wakes
    up after that, Python says that one came, and what it says of it was never filled in."""
    pending = signal.sigpending().intersection(signals)
    return signal.Signals(signal.sigwait(pending)) if pending else None


def _work(config_path: Path | None, signals: Sequence[signal.Signals]) -> int:
    terminal = Terminal()
    stopping = threading.Event()
    live = LiveConfig(load_config(config_path))
    keep_log(live.current)
    set_up_traces()
    with _worker(live, stopping) as worker:
        working = threading.Thread(target=worker.work, daemon=True, name="worker")
        working.start()
        where = f"from {worker.ledger.place} to {worker.mailer.destination}"
        tell("worker.began", f"sending what has begun, {where}", transport=worker.mailer.name)
        follower = ConfigFollower(live, worker, live.current)
        while working.is_alive():
            working.join(LOOK_EVERY_S)
            came = _came(signals)
            if came is not None and (came != signal.SIGHUP or terminal.is_closed):
                break
            follower.follow(is_asked=came is not None)
        crashed = not working.is_alive()
        stopping.set()
        working.join(PATIENCE_S)
        if working.is_alive():
            tell(
                "process.cut_short",
                "stopped while requests were under way; what has no outcome is in doubt",
                level="warning",
            )
            with suppress(NotifierError):
                worker.ledger.processes.leave(ProcessRole.WORKER)
            os._exit(1)
    tell("process.stopped", "stopped")
    return int(crashed)


@contextmanager
def _worker(live: LiveConfig, stopping: threading.Event) -> Iterator[Worker]:
    """Open while the block runs. Raises `Refused` for a ledger that only one may send from."""
    config = live.current
    if ledger_file(config):
        raise Refused("ledger.url: workers share a ledger on PostgreSQL; on SQLite `notifier run` and `schedule` send")
    with open_ledger(config, waits=True) as ledger:
        worker = Worker(
            ledger, _checked_mailer(config), sending_rules(config), stopping, tell,
            lambda alarms, about: make_dispatch(live.current, should_stop=stopping.is_set).update(
                alarms, about, is_look=True
            ),
        )  # fmt: skip
        with closing(worker):
            yield worker


def _checked_mailer(config: Config) -> Mailer:
    mailer = make_mailer(config)
    mailer.check(config.mail.from_, config.mail.reply_to)
    return mailer


@dataclass
class ConfigFollower:
    """Has a worker take up a config that has changed; one that cannot be used leaves it as it was, and is an alarm."""

    live: LiveConfig
    worker: Worker
    taken: Config
    mistake: str | None = None
    looked_at: float = field(default_factory=time.monotonic)

    def follow(self, *, is_asked: bool) -> None:
        """Once a minute, and when somebody asks for it."""
        if not is_asked and time.monotonic() < self.looked_at + FOLLOW_EVERY_S:
            return
        self.looked_at, before = time.monotonic(), self.mistake
        config = self.live.read()
        self.mistake = self.live.mistake
        if config != self.taken:
            self._take_up(config, before)
        if self.mistake != before:
            self.worker.alarms(config_alarms(self.mistake), frozenset({AlarmCode.CONFIG_BROKEN}))

    def _take_up(self, config: Config, before: str | None) -> None:
        try:
            self.worker.take_up(_checked_mailer(config), sending_rules(config))
        except NotifierError as error:
            self.mistake = in_a_line(error)
            if self.mistake != before:
                tell("config.broken", f"{self.mistake}; it sends as before until that is mended", level="error")
            return
        note = "; ledger.url counts from the next start" if config.ledger_url != self.taken.ledger_url else ""
        tell("config.read_again", f"{config.path.name} was read again{note}")
        self.taken = config

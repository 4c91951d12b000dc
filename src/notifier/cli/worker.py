"""`notifier worker`: sends what runs have begun, beside any number of others, until SIGTERM or SIGINT."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.bootstrap import ledger_file, make_dispatch, make_mailer, open_ledger
from notifier.cli.alive import alive_option, answer_alive
from notifier.cli.frame import config_option, load_config
from notifier.cli.log_facts import keep_log
from notifier.errors import NotifierError, Refused
from notifier.ledger.cluster.processes import ProcessRole
from notifier.structured_log import tell
from notifier.usecases.deliver.traces import set_up_traces

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.usecases.worker import Worker

PATIENCE_S = 4.7
"""As `notifier schedule` has it."""


@click.command(name="worker")
@config_option
@alive_option
def command(config_path: Path | None, asks_alive: bool) -> int:
    """Send what runs have begun, on as many machines as you like, until stopped by SIGTERM or SIGINT.

    For a ledger on PostgreSQL. `run` and `schedule` post, begin notices and send along; workers go on with what has
    begun. They share one rate limit, and stop together. Each may be killed or cut off at any moment: what it was
    sending is in doubt then, and everybody else goes on. Needs the config, the ledger and the transport; no repository.
    """
    if asks_alive:
        return answer_alive(load_config(config_path), ProcessRole.WORKER)
    signals = (signal.SIGTERM, signal.SIGINT)
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    stopping = threading.Event()
    config = load_config(config_path)
    keep_log(config)
    set_up_traces()
    with _worker(config, stopping) as worker:
        working = threading.Thread(target=worker.work, daemon=True, name="worker")
        working.start()
        where = f"from {worker.ledger.place} to {worker.mailer.destination}"
        tell("worker.began", f"sending what has begun, {where}", transport=worker.mailer.name)
        while working.is_alive() and signal.sigtimedwait(signals, 1.0) is None:
            pass
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
def _worker(config: Config, stopping: threading.Event) -> Iterator[Worker]:
    """Open while the block runs. Raises `Refused` for a ledger that only one may send from."""
    from notifier.usecases.run import sending_rules
    from notifier.usecases.worker import Worker

    if ledger_file(config):
        raise Refused("ledger.url: workers share a ledger on PostgreSQL; on SQLite `notifier run` and `schedule` send")
    dispatch = make_dispatch(config, should_stop=stopping.is_set)
    with open_ledger(config) as ledger, closing(make_mailer(config)) as mailer:
        mailer.check(config.mail.from_, config.mail.reply_to)
        yield Worker(
            ledger, mailer, sending_rules(config), stopping, tell,
            lambda alarms, about: dispatch.update(alarms, about, is_look=True),
        )  # fmt: skip

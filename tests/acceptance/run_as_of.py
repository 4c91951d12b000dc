"""One run at a given moment, killed at a given step, in the installation of the working folder."""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from notifier import config as configs
from notifier.bootstrap import installation, locked
from notifier.cli.frame import say_json
from notifier.cli.run import report_json
from notifier.usecases.run import run


def run_as_of(moment: str, killed_at: str = "") -> int:
    now = datetime.fromisoformat(moment)

    def on_step(step: str) -> None:
        print(step, file=sys.stderr, flush=True)
        if step == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)

    config = configs.load(Path.cwd() / "config.toml")
    with locked(config), installation(config, on_step=on_step, now=lambda: now) as parts:
        report = run(parts)
    say_json(report_json(report))
    return 1 if report.needs_a_person else 0

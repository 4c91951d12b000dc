"""Alarms to a program of the operator's: started without a shell, the event as JSON on its standard input."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from notifier.alarms.dispatch import AlarmEvent
from notifier.alarms.event_json import event_bytes

TIMEOUT_S = 20.0
OURS = ("NOTIFIER_", "SENDGRID_")
"""What the environment holds for Notifier is not for others."""
SHOWN = 200


class CommandFailed(Exception):
    """It did not end well, or not in time."""


@dataclass(frozen=True, slots=True)
class CommandChannel:
    """Runs one command an event, in the installation's folder."""

    command: tuple[str, ...]
    folder: Path
    installation: str
    timeout_s: float = TIMEOUT_S

    name = "command"
    takes_many = False

    @property
    def destination(self) -> str:
        """The command."""
        return "\0".join(self.command)

    def send(self, events: Sequence[AlarmEvent], now: datetime) -> None:
        """One process an event. Raises `CommandFailed`."""
        for event in events:
            self._run(event_bytes(event, self.installation, now))

    def _run(self, given: bytes) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as told:
            told.write(given)
            told.seek(0)
            try:
                process = subprocess.Popen(
                    self.command, cwd=self.folder, env=environment, stdin=told, stdout=subprocess.DEVNULL, stderr=said,
                    start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                raise CommandFailed(f"{self.command[0]}: {(error.strerror or str(error)).lower()}") from error
            try:
                code = process.wait(self.timeout_s)
            except subprocess.TimeoutExpired as error:
                _end(process)
                raise CommandFailed(f"{self.command[0]} did not end within {self.timeout_s:g} s") from error
            if code:
                raise CommandFailed(f"{self.command[0]} ended with {code}{_last_line(said)}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """With all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read(100_000).decode("utf-8", "replace").strip().splitlines()
    return f": {lines[-1][:SHOWN]}" if lines else ""

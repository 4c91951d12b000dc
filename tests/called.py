"""What a command said, called in this process: to start an interpreter and import what a run needs costs a second.

What only a process of its own can show (how long help takes, what a terminal, a signal or a kill does to it) is shown
in `cli/test_frame`, `cli/test_terminal`, `cli/test_schedule`, `acceptance/test_kills` and `test_wheel`.
"""

from __future__ import annotations

import io
import json
import traceback
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Said:
    """What one call of the command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def called(work: Callable[[], int], cwd: Path) -> Said:
    """Do `work` in a folder; its exit code is what it returns, and 1 for an error, as a process would end."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with chdir(cwd), redirect_stdout(out), redirect_stderr(err):
        try:
            code = work()
        except Exception:  # noqa: BLE001  # told as the interpreter tells it
            traceback.print_exc()
            code = 1
    return Said(code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()

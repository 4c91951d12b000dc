"""What Notifier keeps for itself: closed to others, and held by one process at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from notifier.errors import Busy, Refused
from notifier.state import file_lock, state_folder


@pytest.mark.parametrize("is_there", [True, False])
def test_nobody_else_may_look_into_the_state_also_where_it_stood_open(tmp_path: Path, is_there: bool) -> None:
    if is_there:
        (tmp_path / ".notifier").mkdir()
        (tmp_path / ".notifier").chmod(0o755)
    folder = state_folder(tmp_path)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / ".gitignore").read_text() == "*\n"


@pytest.mark.processes
def test_a_lock_says_who_holds_it_since_when_and_is_free_when_that_process_dies(tmp_path: Path) -> None:
    path = tmp_path / "state" / "run.lock"
    program = (
        "import pathlib, sys, time; from notifier.state import file_lock\n"
        f"with file_lock(pathlib.Path({str(path)!r}), 'a run is going'): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"

    told = rf"run\.lock: a run is going already \(process {holder.pid}, since 20\d\d-.*Z\); wait for it to end"
    with pytest.raises(Busy, match=told), file_lock(path, "a run is going"):
        pass
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with file_lock(path, "a run is going"):
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_lock_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Refused, match=r"run\.lock: cannot be written"), file_lock(tmp_path / "file" / "run.lock", "x"):
        pass

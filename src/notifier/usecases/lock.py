"""One run at a time: a lock that the kernel frees, however the process ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from notifier.errors import Busy, Refused


@contextmanager
def run_lock(path: Path, *, at: datetime) -> Iterator[None]:
    """Hold the lock at `path` meanwhile. Raises `Busy`, saying who holds it since when."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("a+")
    except OSError as error:
        raise Refused(f"{path}: cannot be written ({(error.strerror or str(error)).lower()})") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read(200).strip() or "another process"
            raise Busy(f"{path}: a run is going already ({holder}); wait for it to end") from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, since {at.isoformat(timespec='seconds')}")
        lock.flush()
        yield

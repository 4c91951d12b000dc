"""What Notifier keeps for itself in an installation: a folder of its own, and locks that the kernel frees."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from notifier.errors import Busy, Refused

STATE = ".notifier"


def state_folder(root: Path) -> Path:
    """The installation's own folder, made where it is not there: nobody else may look into it, nor does git."""
    folder = root / STATE
    ignore = folder / ".gitignore"
    with suppress(OSError):  # who cannot write here is told by whoever needs to
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    return folder


def keep_copy(path: Path, copy: Path) -> None:
    """Keep what a file says now, readable by its owner only. Where that fails, the copy of before stays."""
    partial = copy.with_suffix(f".{os.getpid()}.partial")
    with suppress(OSError):
        partial.touch(mode=0o600)
        partial.write_bytes(path.read_bytes())
        partial.replace(copy)


class Terminal:
    """The terminal that a process was started in, if it was: where that is closed, SIGHUP means to end."""

    def __init__(self) -> None:
        self._was_there = os.isatty(2)

    @property
    def is_closed(self) -> bool:
        """Was it there at the start, and is it no more?"""
        return self._was_there and not os.isatty(2)


@contextmanager
def file_lock(path: Path, doing: str) -> Iterator[None]:
    """Hold the lock at `path` meanwhile; the kernel frees it, however the process ends.

    Raises `Busy`, saying that it is `doing` already, by whom and since when.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Refused(f"{path}: cannot be written ({(error.strerror or str(error)).lower()})") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(descriptor, 200, 0).decode("utf-8", "replace").strip() or "another process"
            raise Busy(f"{path}: {doing} already ({holder}); wait for it to end") from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}".encode(), 0)
        yield
    finally:
        os.close(descriptor)

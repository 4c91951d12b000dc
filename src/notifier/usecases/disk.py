"""How much room is left where an installation writes: told while there is still enough to say so."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.alarms import Alarm, AlarmCode, alarm

if TYPE_CHECKING:
    from notifier.config import Config

LEAST_FREE = 128 * 1024 * 1024
"""Bytes; a notice to a hundred thousand takes about half of that in the ledger."""


def free_bytes(folder: Path) -> int:
    """What is left on the disk of a folder that is there."""
    return shutil.disk_usage(folder).free


def disk_alarms(config: Config, free: Callable[[Path], int] = free_bytes) -> Iterator[Alarm]:
    """Each disk that is full or nearly so, once: a run could not write down what it did."""
    ledger = config.ledger_file
    wanted = (config.root, ledger.parent if ledger else config.root, config.outbox_dir, config.page_dir)
    folders = {place.stat().st_dev: place for place in map(_present, reversed(wanted))}
    for folder in folders.values():
        left = free(folder)
        if left < LEAST_FREE:
            state = "is full" if left < 1024 * 1024 else f"has only {left // (1024 * 1024)} MB left"
            yield alarm(AlarmCode.DISK_FULL, folder=folder, state=state)


def _present(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(one for one in (folder, *folder.parents) if one.is_dir())

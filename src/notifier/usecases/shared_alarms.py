"""What stands and who was told of it, where machines share a ledger: each alarm goes out once, not once a machine.

It is kept in the ledger; beside that only what a machine says of itself, such as a config that it cannot read. While
the ledger is away, which is an alarm itself, a machine goes by its own file.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifier.alarms.memory import PATIENCE_S, AlarmFile, AlarmMemory, json_of, memory_of
from notifier.errors import Busy, LedgerError, Refused

if TYPE_CHECKING:
    from notifier.ledger import Ledger


@dataclass
class SharedAlarms:
    """Read and written as an `AlarmFile` is."""

    file: AlarmFile
    open: Callable[[], AbstractContextManager[Ledger]]
    _ledger: Ledger | None = None
    """While nobody else tells any."""

    def read(self) -> AlarmMemory:
        """What all know, and what this machine says of itself."""
        own = self.file.read()
        try:
            if self._ledger is not None:
                return own.with_shared(_theirs(self._ledger))
            with self.open() as ledger:
                return own.with_shared(_theirs(ledger))
        except LedgerError:
            self._ledger = None  # what was not read must not be written over
            return own

    def write(self, memory: AlarmMemory) -> None:
        """Only where nobody else does: in the block of `alone`. A ledger that is away leaves it to the file."""
        own = memory
        if self._ledger is not None:
            own, shared = memory.divided()
            try:
                self._ledger.told_alarms.write(json.dumps(json_of(shared), ensure_ascii=False))
            except LedgerError:
                own = memory
        self.file.write(own)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold back everybody else, on this machine and on others; a ledger that is away holds back nobody."""
        with self.file.alone(), ExitStack() as held:
            try:
                ledger = held.enter_context(self.open())
                held.enter_context(_turn(ledger))
                self._ledger = ledger
            except Refused:
                self._ledger = None
            try:
                yield
            finally:
                self._ledger = None


def _theirs(ledger: Ledger) -> AlarmMemory:
    kept = ledger.told_alarms.read()
    return memory_of(json.loads(kept)) if kept else AlarmMemory()


@contextmanager
def _turn(ledger: Ledger) -> Iterator[None]:
    """Not for ever: one that was stopped in the middle must not silence all others."""
    deadline = time.monotonic() + PATIENCE_S
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(ledger.told_alarms.alone())
                break
            except Busy:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield

"""Many threads that each wait for a durable write, and few commits: who is first writes for all that wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Wanted = TypeVar("Wanted")
Answer = TypeVar("Answer")
MOST = 200
"""Written in one transaction: others wait for the lock no longer than that takes."""


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Wanted, Answer]):
    wanted: Wanted
    answers: list[Answer] = field(default_factory=list)
    error: Exception | None = None
    is_called: threading.Event = field(default_factory=threading.Event)
    """Set once it is written, or once it is its turn to write."""

    @property
    def is_done(self) -> bool:
        return bool(self.answers) or self.error is not None


class GroupCommit(Generic[Wanted, Answer]):
    """Calls `write` with all that waits, in the order in which it came; each caller gets the answer to its own."""

    def __init__(self, write: Callable[[Sequence[Wanted]], Sequence[Answer]]) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._waiting: list[_Waiting[Wanted, Answer]] = []
        self._is_written = False
        """Does one of the callers write now? It calls the next when it is done."""

    def __call__(self, wanted: Wanted) -> Answer:
        """Written, and committed. Raises what `write` raises for this one."""
        own = _Waiting[Wanted, Answer](wanted)
        with self._lock:
            self._waiting.append(own)
            must_wait, self._is_written = self._is_written, True
        if must_wait:
            own.is_called.wait()
        if not own.is_done:
            self._write_for_all(own)
        if own.error is not None:
            raise own.error
        return own.answers[0]

    def _write_for_all(self, own: _Waiting[Wanted, Answer]) -> None:
        try:
            while not own.is_done:
                self._write_some()
        finally:
            with self._lock:
                self._is_written = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].is_called.set()

    def _write_some(self) -> None:
        with self._lock:
            some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        try:
            self._settle(some)
        except Exception:  # noqa: BLE001  # whatever it was, it may be one of them: each gets its own try
            for one in some:
                self._alone(one)
        for one in some:
            one.is_called.set()

    def _settle(self, some: Sequence[_Waiting[Wanted, Answer]]) -> None:
        for one, answer in zip(some, self._write([one.wanted for one in some]), strict=True):
            one.answers.append(answer)

    def _alone(self, one: _Waiting[Wanted, Answer]) -> None:
        try:
            self._settle([one])
        except Exception as error:  # noqa: BLE001  # raised where it is waited for
            one.error = error

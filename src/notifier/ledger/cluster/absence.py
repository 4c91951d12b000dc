"""A database server that is away: known by the driver's words, and looked at again at each use."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from notifier.errors import LedgerAway

CONNECT_SECONDS = 10
"""A server's machine that says nothing at all is away; the system itself would wait for minutes."""
AGAIN_AFTER_S = 1.0
FINAL_ANSWERS = ("FATAL", "no password supplied")
PASSING = ("starting up", "shutting down", "recovery mode", "too many", "connection slots", "not yet accepting")


def is_away(error: BaseException | None) -> bool:
    """Does no server answer, or not yet? The driver has no code for what happens while it connects, only words."""
    if type(error).__name__ != "OperationalError" or getattr(error, "sqlstate", "none of its kind") is not None:
        return False
    said = str(error)
    return not any(word in said for word in FINAL_ANSWERS) or any(word in said for word in PASSING)


class FirstUse:
    """What must be done before anything else is asked of a database: once, by whoever comes first."""

    def __init__(self, prepare: Callable[[], None]) -> None:
        self._prepare = prepare
        self._is_over = self._is_under_way = False
        self._one_at_a_time = threading.RLock()
        self._again_at = 0.0
        self.away: LedgerAway | None = None
        """Why nothing can be asked yet."""

    def come(self) -> None:
        """Raises what preparing raises; of a server that is away without asking it at each call."""
        if self._is_over:
            return
        with self._one_at_a_time:
            if self._is_over or self._is_under_way:
                return
            if self.away is not None and time.monotonic() < self._again_at:
                raise LedgerAway(str(self.away))
            self._is_under_way = True
            try:
                self._prepare()
            except LedgerAway as error:
                self.away, self._again_at = error, time.monotonic() + AGAIN_AFTER_S
                raise
            finally:
                self._is_under_way = False
            self._is_over, self.away = True, None

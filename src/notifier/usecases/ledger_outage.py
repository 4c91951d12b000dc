"""A ledger that is away: said once, an alarm where it lasts, tried again ever more rarely, and said when it is over."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from notifier.alarms import Alarm, AlarmCode, alarm
from notifier.errors import in_a_line
from notifier.structured_log import Tell

FIRST_REST_S = 0.5
LONGEST_REST_S = 8.0
"""A database that comes back is found again after this at the latest."""
TOLD_AFTER_S = 60.0
"""One that is away for longer is an alarm."""


@dataclass
class LedgerOutage:
    """Of one process. `tell` gets a line for people, `alarms` what needs one and about which codes that is all."""

    tell: Tell
    alarms: Callable[[Iterable[Alarm], frozenset[AlarmCode]], object]
    _since: float | None = None
    _is_told: bool = False
    _rest_s: float = FIRST_REST_S

    def goes_on(self, error: Exception) -> float:
        """How many seconds to wait before the next try; no two processes come back at the same moment."""
        if self._since is None:
            self._since, self._rest_s = time.monotonic(), FIRST_REST_S
            self.tell("ledger.away", f"{in_a_line(error)}; trying again", level="warning")
        elif not self._is_told and time.monotonic() > self._since + TOLD_AFTER_S:
            self._is_told = True
            failed = alarm(AlarmCode.SENDING_FAILED, why=in_a_line(error))
            self.alarms((failed,), frozenset({failed.code}))
        rest, self._rest_s = self._rest_s, min(2 * self._rest_s, LONGEST_REST_S)
        return rest * random.uniform(0.75, 1.25)  # noqa: S311 - not for secrets

    def ends(self) -> None:
        """It answered."""
        if self._since is not None:
            self.tell("ledger.back", "going on")
        if self._is_told:
            self.alarms((), frozenset({AlarmCode.SENDING_FAILED}))
        self._since, self._is_told = None, False

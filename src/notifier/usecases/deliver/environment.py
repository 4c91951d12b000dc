"""The world outside the sender, as one protocol: the clock, chance, and whoever watches it or stops it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol


class Phase(StrEnum):
    """What a run does with people."""

    READING = "reading customers"  #: the company's list; no notice yet
    FREEZING = "freezing"  #: its recipients are settled
    SENDING = "sending"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come: what a progress bar shows."""

    notice_id: str
    """Empty while customers are read."""
    phase: Phase
    done: int
    total: int
    """0 while it is not known."""
    per_second: float


class Environment(Protocol):
    """What the sender asks of the world. It asks nothing else: no clock, no sleep, no chance stands in its code."""

    def now(self) -> datetime:
        """An aware instant. It may jump, back too."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait; a test moves its clock instead."""
        ...

    def chance(self) -> float:
        """In 0 … 1: how much of a pause is taken, so that senders do not come back all at once."""
        ...

    def should_stop(self) -> bool:
        """Asked before each claim and while waiting: True ends the pass, with what is under way recorded."""
        ...

    def on_progress(self, progress: Progress) -> None:
        """Told after each step that can be seen."""
        ...


@dataclass(frozen=True)
class SystemEnvironment:
    """This machine's clock and chance; whoever watches or stops is the caller's."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    should_stop: Callable[[], bool] = lambda: False
    on_progress: Callable[[Progress], None] = lambda _: None

"""What is new and what is over, told to every channel once; one that fails stops nothing, and is an alarm itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from notifier.alarms.alarm_words import alarm
from notifier.alarms.codes import Alarm, AlarmCode
from notifier.alarms.memory import AlarmMemory, AlarmStore, Failure, StandingAlarm
from notifier.structured_log import without_addresses

EVERYTHING = frozenset(AlarmCode)
OF_THE_MATTER = EVERYTHING - {AlarmCode.ALARM_NOT_SENT}
REST = timedelta(minutes=15)
"""How long a channel that failed is left alone by the looks between the runs; each run tries it."""
ENOUGH_S = 60.0
"""How long one channel may take in a round; what is left goes with the next."""


HIDDEN = "(address)"
"""Instead of one: alarms go to other companies, customers' addresses do not."""


class Occasion(StrEnum):
    """Why somebody is told."""

    RAISED = "raised"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """One alarm, raised or over, on its way out."""

    occasion: Occasion
    standing: StandingAlarm

    @property
    def event_id(self) -> str:
        """The same however often it is tried, so that a receiver knows a repetition."""
        return f"{self.standing.alarm_id}-{self.occasion}"


class AlarmChannel(Protocol):
    """One way out."""

    @property
    def name(self) -> str:
        """The key under `alarms` in the config."""
        ...

    @property
    def destination(self) -> str:
        """Where it leads: another one has been told nothing yet."""
        ...

    @property
    def takes_many(self) -> bool:
        """Does one message carry all that is new?"""
        ...

    def send(self, events: Sequence[AlarmEvent], now: datetime) -> None:
        """Tell them; any exception says that nobody was told."""
        ...


@dataclass(frozen=True, slots=True)
class AlarmDispatch:
    """The channels of one installation, and the memory of what they were told."""

    store: AlarmStore
    channels: tuple[AlarmChannel, ...]
    now: Callable[[], datetime]
    should_stop: Callable[[], bool] = lambda: False
    names_failures: bool = True
    """Not where the process may lack what a channel needs, as `serve` does: whoever has it tells it later."""

    def update(
        self, alarms: Iterable[Alarm], about: frozenset[AlarmCode] = EVERYTHING, *, is_look: bool = False
    ) -> tuple[Alarm, ...]:
        """The alarms of the codes `about` are these now: tell what changed. Afterwards, the channels that failed.

        `is_look`: between the runs, where a channel that failed is given some rest.
        """
        with self.store.alone():
            memory = self._tidied(self.store.read())
            found = [replace(alarm, text=without_addresses(alarm.text, HIDDEN)) for alarm in alarms]
            before, memory = memory, memory.now_standing(found, about & OF_THE_MATTER, self.now())
            resting = {place for place, failure in memory.failures.items() if is_look and self._rests(failure)}
            memory = self._tell(memory, resting, OF_THE_MATTER)  # and of channels only once it shows which fail
            failed = _failed(memory)
            memory = memory.now_standing(failed, frozenset({AlarmCode.ALARM_NOT_SENT}), self.now())
            memory = self._tell(memory, set(memory.failures), EVERYTHING)
            if memory != before:
                self.store.write(memory)
        return tuple(failed)

    def schedule(self, next_run_at: datetime | None) -> None:
        """Remember when the next run is to be, so that others see it missed."""
        with self.store.alone():
            self.store.write(replace(self.store.read(), next_run_at=next_run_at))

    def _rests(self, failure: Failure) -> bool:
        return self.now() - failure.at < REST

    def _tidied(self, memory: AlarmMemory) -> AlarmMemory:
        """Without channels that are configured no more, or lead elsewhere now."""
        known = {_place(channel) for channel in self.channels}
        return replace(
            memory,
            told={place: told for place, told in memory.told.items() if place in known},
            failures={place: failure for place, failure in memory.failures.items() if place in known},
        )

    def _tell(self, memory: AlarmMemory, left_out: set[str], about: frozenset[AlarmCode]) -> AlarmMemory:
        for channel in self.channels:
            if _place(channel) not in left_out and not self.should_stop():
                memory = self._tell_one(channel, memory, about)
        return memory

    def _tell_one(self, channel: AlarmChannel, memory: AlarmMemory, about: frozenset[AlarmCode]) -> AlarmMemory:
        """Written down after each message: a process that dies repeats one of them at most. One that failed and has
        nothing to tell any more has failed nobody."""
        place, deadline = _place(channel), time.monotonic() + ENOUGH_S
        news = ((Occasion.RAISED, memory.raised_for(place)), (Occasion.OVER, memory.over_for(place)))
        events = [AlarmEvent(why, one) for why, those in news for one in those if one.alarm.code in about]
        mended = {other: failure for other, failure in memory.failures.items() if other != place}
        if not events:
            return replace(memory, failures=mended)
        for batch in [events] if channel.takes_many else [[event] for event in events]:
            if time.monotonic() > deadline:
                break
            why = self._attempt(channel, batch)
            if why and not self.names_failures:
                return memory
            if why:
                return replace(memory, failures={**memory.failures, place: Failure(why, self.now())})
            memory = memory.with_told(place, _of(batch, Occasion.RAISED), _of(batch, Occasion.OVER))
            memory = replace(memory, failures=mended)
            self.store.write(memory)
        return memory

    def _attempt(self, channel: AlarmChannel, events: Sequence[AlarmEvent]) -> str:
        """Why it failed; nothing where it did not."""
        try:
            channel.send(events, self.now())
        except Exception as error:  # noqa: BLE001  # no channel may stop a run, whatever is wrong with it
            return without_addresses(str(error) or type(error).__name__, HIDDEN)
        return ""


def _failed(memory: AlarmMemory) -> list[Alarm]:
    """One for each kind of channel; of several addresses the first that failed says why."""
    failed: dict[str, Alarm] = {}
    for place, failure in memory.failures.items():
        name = place.partition(":")[0]
        failed.setdefault(name, alarm(AlarmCode.ALARM_NOT_SENT, channel=name, why=failure.why))
    return list(failed.values())


def _of(events: Sequence[AlarmEvent], occasion: Occasion) -> tuple[StandingAlarm, ...]:
    return tuple(event.standing for event in events if event.occasion is occasion)


def _place(channel: AlarmChannel) -> str:
    """A channel by name and destination, which itself may hold a secret."""
    import hashlib

    return f"{channel.name}:{hashlib.blake2b(channel.destination.encode(), digest_size=8).hexdigest()}"

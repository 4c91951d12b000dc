"""What stands, and what each channel was told of it: a value, and the file `.notifier/alarms.json` that keeps it.

An alarm that went and comes again is another one: it is known by its key and by when it was raised.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from notifier.alarms.codes import OF_ONE_MACHINE, Alarm, AlarmCode

FILE = "alarms.json"
PATIENCE_S = 180.0
"""Longer than any round of telling takes."""


class StandingAlarm(NamedTuple):
    """An alarm since it was raised, with the words that it had last."""

    alarm: Alarm
    raised_at: datetime

    @property
    def alarm_id(self) -> str:
        """The same from raised to over, whoever is told and however often it is tried; it names nobody."""
        seed = "\0".join((*self.alarm.key, self.raised_at.isoformat()))
        return hashlib.blake2b(seed.encode(), digest_size=12).hexdigest()


class Failure(NamedTuple):
    """A channel's last attempt, which failed."""

    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AlarmMemory:
    """`told`: by channel, the alarms that it was told of and has not heard to be over."""

    standing: tuple[StandingAlarm, ...] = ()
    told: Mapping[str, tuple[StandingAlarm, ...]] = field(default_factory=dict)
    failures: Mapping[str, Failure] = field(default_factory=dict)
    next_run_at: datetime | None = None
    """When `notifier schedule` said it would make its next run."""

    def now_standing(self, alarms: Iterable[Alarm], about: frozenset[AlarmCode], now: datetime) -> AlarmMemory:
        """The alarms of these codes as they are now; all others stand as they stood."""
        since = {one.alarm.key: one.raised_at for one in self.standing}
        found = {alarm.key: StandingAlarm(alarm, since.get(alarm.key, now)) for alarm in alarms}
        others = [one for one in self.standing if one.alarm.code not in about and one.alarm.key not in found]
        return replace(self, standing=tuple(sorted((*others, *found.values()), key=_in_order)))

    def raised_for(self, channel: str) -> tuple[StandingAlarm, ...]:
        """What stands, and the channel has not been told."""
        told = {one.alarm_id for one in self.told.get(channel, ())}
        return tuple(one for one in self.standing if one.alarm_id not in told)

    def over_for(self, channel: str) -> tuple[StandingAlarm, ...]:
        """What the channel was told of, and stands no more."""
        standing = {one.alarm_id for one in self.standing}
        return tuple(one for one in self.told.get(channel, ()) if one.alarm_id not in standing)

    def with_told(self, channel: str, raised: Iterable[StandingAlarm], over: Iterable[StandingAlarm]) -> AlarmMemory:
        """The channel has heard this."""
        gone = {one.alarm_id for one in over}
        kept = tuple(one for one in self.told.get(channel, ()) if one.alarm_id not in gone)
        return replace(self, told={**self.told, channel: (*kept, *raised)})

    def divided(self) -> tuple[AlarmMemory, AlarmMemory]:
        """What a machine says of itself, and what is the same for all that share a ledger."""
        own, shared = self._of(is_own=True), self._of(is_own=False)
        return replace(own, failures=self.failures), replace(shared, next_run_at=self.next_run_at)

    def _of(self, *, is_own: bool) -> AlarmMemory:
        def some(alarms: Iterable[StandingAlarm]) -> tuple[StandingAlarm, ...]:
            return tuple(one for one in alarms if (one.alarm.code in OF_ONE_MACHINE) == is_own)

        return AlarmMemory(some(self.standing), {place: some(told) for place, told in self.told.items()})

    def with_shared(self, shared: AlarmMemory) -> AlarmMemory:
        """Both again; what stands in both was raised when all know."""
        known = {one.alarm.key for one in shared.standing}
        standing = (*shared.standing, *(one for one in self.standing if one.alarm.key not in known))
        told = {
            place: tuple(
                {one.alarm_id: one for one in (*shared.told.get(place, ()), *self.told.get(place, ()))}.values()
            )
            for place in (*shared.told, *self.told)
        }
        next_run_at = shared.next_run_at or self.next_run_at
        return AlarmMemory(tuple(sorted(standing, key=_in_order)), told, self.failures, next_run_at)


def _in_order(one: StandingAlarm) -> tuple[datetime, bool]:
    """As they came; that somebody could not be told of them comes after what it is about."""
    return one.raised_at, one.alarm.code is AlarmCode.ALARM_NOT_SENT


class AlarmStore(Protocol):
    """Where it is kept what stands and who was told."""

    def read(self) -> AlarmMemory:
        """What was written last."""
        ...

    def write(self, memory: AlarmMemory) -> None:
        """In place of that."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Nobody else tells any meanwhile."""
        ...


class AlarmFile:
    """The memory of one installation on disk."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def read(self) -> AlarmMemory:
        """What was written last; nothing where there is no file, or one that nobody can read."""
        try:
            return memory_of(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return AlarmMemory()

    def write(self, memory: AlarmMemory) -> None:
        """Put it in place, whole or not at all. A disk that is full loses memory, and stops no alarm."""
        partial = self._path.with_suffix(f".{os.getpid()}.partial")
        with suppress(OSError):
            partial.touch(mode=0o600)
            partial.write_text(json.dumps(json_of(memory), ensure_ascii=False, indent=1), encoding="utf-8")
            partial.replace(self._path)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold back every other process that tells alarms of this installation; where no lock can be had, go on."""
        try:
            descriptor = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            yield
            return
        try:
            _lock(descriptor)
            yield
        finally:
            os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Not for ever: a process that was stopped in the middle must not silence all others."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.05)
    return None


def json_of(memory: AlarmMemory) -> dict[str, Any]:
    """As it is kept."""

    def lines(alarms: Iterable[StandingAlarm]) -> list[dict[str, Any]]:
        return [{"raised_at": one.raised_at.isoformat(), "alarm": _plain(one.alarm)} for one in alarms]

    return {
        "standing": lines(memory.standing),
        "told": {channel: lines(alarms) for channel, alarms in memory.told.items()},
        "failures": {name: {"why": one.why, "at": one.at.isoformat()} for name, one in memory.failures.items()},
        "next_run_at": memory.next_run_at.isoformat() if memory.next_run_at else None,
    }


def _plain(alarm: Alarm) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in alarm.as_json().items()
    }


def memory_of(read: dict[str, Any]) -> AlarmMemory:
    """From what was kept; codes of a newer version are left out."""

    def alarms(lines: list[dict[str, Any]]) -> tuple[StandingAlarm, ...]:
        return tuple(
            StandingAlarm(_alarm_of(one["alarm"]), datetime.fromisoformat(one["raised_at"]))
            for one in lines
            if one["alarm"]["code"] in tuple(AlarmCode)
        )

    next_run_at = read["next_run_at"]
    return AlarmMemory(
        standing=alarms(read["standing"]),
        told={channel: alarms(lines) for channel, lines in read["told"].items()},
        failures={
            name: Failure(one["why"], datetime.fromisoformat(one["at"])) for name, one in read["failures"].items()
        },
        next_run_at=datetime.fromisoformat(next_run_at) if next_run_at else None,
    )


def _alarm_of(read: dict[str, Any]) -> Alarm:
    known = {one.name for one in fields(Alarm)}
    until = read.get("until")
    kept = {name: value for name, value in read.items() if name in known} | {"notice": read.get("notice_id")}
    return Alarm(**kept | {"code": AlarmCode(read["code"]), "until": datetime.fromisoformat(until) if until else None})

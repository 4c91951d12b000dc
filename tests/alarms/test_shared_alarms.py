"""Two machines with one ledger: whoever finds an alarm tells it, and nobody hears it twice."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Thread

import pytest
from tests.databases import empty_database
from tests.scenes import Clock

from notifier.alarms import Alarm, AlarmCode
from notifier.alarms.dispatch import EVERYTHING, AlarmDispatch, AlarmEvent
from notifier.alarms.memory import AlarmFile
from notifier.errors import LedgerError
from notifier.ledger import Ledger
from notifier.ledger.states import RunOutcome
from notifier.usecases.alarms import mended_meanwhile, noted_alarms
from notifier.usecases.shared_alarms import SharedAlarms

HELD = Alarm(AlarmCode.HELD, "notice n1 is held", notice="n1")
FAILED = Alarm(AlarmCode.RUN_FAILED, "the run failed: the ledger is away")
BROKEN = Alarm(AlarmCode.CONFIG_BROKEN, "config.toml:1: not TOML")
LOOKED = frozenset({AlarmCode.HELD, AlarmCode.CONFIG_BROKEN})


@dataclass
class Pager:
    """The operator's, whichever machine calls."""

    heard: list[str] = field(default_factory=list)
    name = "webhook"
    destination = "pager"
    takes_many = False

    def send(self, events: Sequence[AlarmEvent], now: datetime) -> None:  # the protocol's signature
        time.sleep(0.05)
        self.heard += [f"{one.occasion} {one.standing.alarm.text}" for one in events]


@dataclass
class Machine:
    """With a folder of its own."""

    folder: Path
    url: str
    pager: Pager
    is_cut_off: bool = False

    def __post_init__(self) -> None:
        self.folder.mkdir()

    @property
    def store(self) -> SharedAlarms:
        return SharedAlarms(AlarmFile(self.folder), self._open)

    def update(self, *alarms: Alarm, about: frozenset[AlarmCode] = EVERYTHING) -> None:
        AlarmDispatch(self.store, (self.pager,), Clock().now).update(alarms, about)

    def standing(self) -> list[AlarmCode]:
        return [one.alarm.code for one in self.store.read().standing]

    def _open(self) -> AbstractContextManager[Ledger]:
        if self.is_cut_off:
            raise LedgerError("away")
        return Ledger.open(self.url)


@pytest.fixture
def machines(postgres_url: str, tmp_path: Path) -> tuple[Machine, Machine]:
    empty_database(postgres_url)
    pager = Pager()
    return Machine(tmp_path / "a", postgres_url, pager), Machine(tmp_path / "b", postgres_url, pager)


def test_what_both_find_is_told_once_and_once_that_it_is_over(machines: tuple[Machine, Machine]) -> None:
    together = [Thread(target=machine.update, args=(HELD,)) for machine in machines for _ in range(3)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    for machine in reversed(machines):
        machine.update()

    assert machines[0].pager.heard == ["raised notice n1 is held", "over notice n1 is held"]


def test_what_a_machine_says_of_itself_no_other_calls_over(machines: tuple[Machine, Machine]) -> None:
    one, other = machines
    for _ in range(2):
        one.update(HELD, BROKEN, about=LOOKED)
        other.update(HELD, about=LOOKED)
    assert one.pager.heard == ["raised notice n1 is held", "raised config.toml:1: not TOML"]
    assert (one.standing(), other.standing()) == ([AlarmCode.HELD, AlarmCode.CONFIG_BROKEN], [AlarmCode.HELD])

    one.update(HELD, about=LOOKED)
    assert one.pager.heard[2:] == ["over config.toml:1: not TOML"]


def test_while_the_ledger_is_away_a_machine_tells_by_its_own_file_and_goes_on_where_it_was_afterwards(
    machines: tuple[Machine, Machine],
) -> None:
    one, other = machines
    one.update(HELD)
    one.is_cut_off = True
    for _ in range(2):
        one.update(FAILED, about=frozenset({AlarmCode.RUN_FAILED}))
    other.update(HELD)
    one.is_cut_off = False
    one.update(HELD)
    other.update()

    assert one.pager.heard == [
        "raised notice n1 is held",
        "raised the run failed: the ledger is away",
        "over the run failed: the ledger is away",
        "over notice n1 is held",
    ]


def test_a_run_that_failed_here_is_over_once_another_machine_has_made_one(machines: tuple[Machine, Machine]) -> None:
    one, _ = machines
    one.update(FAILED)
    with Ledger.open(one.url) as ledger:
        assert mended_meanwhile(one.store.read(), ledger) == frozenset()
        assert FAILED in tuple(noted_alarms(one.store.read(), ledger, Clock().now()))
        later = Clock().now().replace(year=2030)
        ledger.runs.finish(ledger.runs.begin(later), later, outcome=RunOutcome.DONE)

        assert mended_meanwhile(one.store.read(), ledger) == {AlarmCode.RUN_FAILED}
        assert FAILED not in tuple(noted_alarms(one.store.read(), ledger, later))

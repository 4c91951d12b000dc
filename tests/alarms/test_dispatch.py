"""Who is told of an alarm, and when: once when it is raised, once when it is over, whatever breaks on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.scenes import Clock

from notifier.alarms import Alarm, AlarmCode
from notifier.alarms.dispatch import EVERYTHING, AlarmDispatch, AlarmEvent
from notifier.alarms.memory import FILE, AlarmFile

HELD = Alarm(AlarmCode.HELD, "notice n1 is held", notice="n1", count=75)
OTHER = Alarm(AlarmCode.HELD, "notice n2 is held", notice="n2")
CLOSE = Alarm(AlarmCode.CLOSE_CALL, "privacy waits for an editor's word", policy="privacy")


@dataclass
class Radio:
    """A channel that can be out of order."""

    name: str = "webhook"
    destination: str = "here"
    takes_many: bool = False
    is_down: bool = False
    attempts: int = 0
    heard: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def send(self, events: Sequence[AlarmEvent], now: datetime) -> None:  # the protocol's signature
        self.attempts += 1
        self.ids += [event.event_id for event in events]
        if self.is_down:
            raise OSError("anna@customer.example cannot be reached")
        self.heard += [f"{event.occasion} {event.standing.alarm.text}" for event in events]


@dataclass
class House:
    """One installation's dispatch; every call is a process of its own."""

    folder: Path
    clock: Clock
    channels: list[Radio]

    def update(self, *alarms: Alarm, about: frozenset[AlarmCode] = EVERYTHING, is_look: bool = False) -> list[str]:
        dispatch = AlarmDispatch(AlarmFile(self.folder), tuple(self.channels), self.clock.now)
        return [alarm.text for alarm in dispatch.update(alarms, about, is_look=is_look)]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, Clock(), [Radio()])


def test_an_alarm_is_told_once_when_raised_and_once_when_over(house: House) -> None:
    for _ in range(3):
        house.update(HELD, CLOSE)
    for _ in range(3):
        house.update(CLOSE)

    assert house.channels[0].heard == [
        "raised notice n1 is held",
        "raised privacy waits for an editor's word",
        "over notice n1 is held",
    ]


def test_other_figures_and_words_are_the_same_alarm(house: House) -> None:
    house.update(HELD)
    house.update(Alarm(AlarmCode.HELD, "notice n1 is held; 3 left", notice="n1", count=3))
    house.update()

    assert house.channels[0].heard == ["raised notice n1 is held", "over notice n1 is held"]


def test_two_things_that_differ_only_in_words_are_two_alarms(house: House) -> None:
    rows = [Alarm(AlarmCode.BAD_ROWS, f"customers.csv:{line}: email: missing") for line in (2, 9)]
    house.update(*rows)
    house.update(rows[0])

    assert len(house.channels[0].heard) == 3


def test_a_run_that_fails_otherwise_than_before_has_still_failed_once(house: House) -> None:
    for why in ("no disk", "no network"):
        house.update(Alarm(AlarmCode.RUN_FAILED, f"the run failed: {why}"))

    assert house.channels[0].heard == ["raised the run failed: no disk"]


def test_one_that_comes_again_is_told_again(house: House) -> None:
    for alarms in ([HELD], [], [HELD], []):
        house.update(*alarms)
        house.clock.sleep(60)

    assert [line.split()[0] for line in house.channels[0].heard] == ["raised", "over"] * 2
    assert len(set(house.channels[0].ids)) == 4


def test_a_channel_that_fails_is_named_and_tried_again_with_the_same_ids(house: House) -> None:
    radio = house.channels[0]
    radio.is_down = True
    first = house.update(HELD)
    house.clock.sleep(60)
    second = house.update(HELD)
    radio.is_down = False
    house.clock.sleep(60)

    assert (
        first
        == second
        == ["an alarm did not go out by alarms.webhook: (address) cannot be reached; each run tries again"]
    )
    assert house.update(HELD) == []
    assert radio.ids[0] == radio.ids[1] == radio.ids[2]
    assert radio.heard == ["raised notice n1 is held"]  # nothing of its own failure, which is over
    assert house.update(HELD) == []
    assert len(radio.heard) == 1


def test_the_others_hear_that_one_failed_and_that_it_works_again(house: House) -> None:
    mail = Radio("mail", takes_many=True)
    house.channels.append(mail)
    house.channels[0].is_down = True
    house.update(HELD)
    house.channels[0].is_down = False
    house.update(HELD)

    assert [line.split()[0] + " " + line.split()[1] for line in mail.heard] == [
        "raised notice",
        "raised an",
        "over an",
    ]


def test_of_two_addresses_the_one_that_hears_is_told_once_though_the_other_fails(house: House) -> None:
    house.channels[:] = [Radio("mail", "a", takes_many=True), Radio("mail", "b", takes_many=True, is_down=True)]
    for _ in range(3):
        assert len(house.update(HELD)) == 1
    house.channels[1].is_down = False
    assert house.update(HELD) == []

    assert [line for line in house.channels[0].heard if "n1" in line] == ["raised notice n1 is held"]
    assert house.channels[1].heard[0] == "raised notice n1 is held"


def test_what_nobody_could_be_told_of_is_no_news_once_it_is_over(house: House) -> None:
    house.channels[0].is_down = True
    house.update(HELD)
    house.channels[0].is_down = False
    house.update()

    assert house.channels[0].heard == []
    assert house.update() == []


def test_a_channel_that_is_new_or_leads_elsewhere_hears_what_stands(house: House) -> None:
    house.update(HELD)
    house.channels.append(Radio("command"))
    house.channels[0] = Radio(destination="elsewhere")
    house.update(HELD)

    assert [radio.heard for radio in house.channels] == [["raised notice n1 is held"]] * 2


def test_a_look_at_some_codes_leaves_the_others_standing(house: House) -> None:
    house.update(HELD, CLOSE)
    house.update(OTHER, about=frozenset({AlarmCode.HELD}))

    assert house.channels[0].heard[2:] == ["raised notice n2 is held", "over notice n1 is held"]


def test_between_the_runs_a_channel_that_failed_is_given_rest(house: House) -> None:
    radio = house.channels[0]
    radio.is_down = True
    house.update(HELD, is_look=True)
    house.clock.sleep(60)
    assert house.update(HELD, is_look=True)
    assert radio.attempts == 1

    house.clock.sleep(timedelta(minutes=15).total_seconds())
    radio.is_down = False
    assert house.update(HELD, is_look=True) == []
    assert radio.heard[0] == "raised notice n1 is held"


def test_a_process_that_lacks_the_secret_leaves_the_alarm_to_others(house: House) -> None:
    house.channels[0].is_down = True
    aside = AlarmDispatch(AlarmFile(house.folder), tuple(house.channels), house.clock.now, names_failures=False)

    assert aside.update([CLOSE], frozenset({AlarmCode.CLOSE_CALL})) == ()
    house.channels[0].is_down = False
    house.update(CLOSE)
    assert house.channels[0].heard == ["raised privacy waits for an editor's word"]


def test_a_memory_that_nobody_can_read_costs_a_repetition_and_no_alarm(house: House) -> None:
    house.update(HELD)
    (house.folder / FILE).write_text('{"standing": 7', encoding="utf-8")
    house.update(HELD)
    house.update(HELD)

    assert house.channels[0].heard == ["raised notice n1 is held"] * 2


def test_where_nothing_can_be_kept_alarms_go_out_all_the_same(house: House) -> None:
    house.folder = house.folder / "gone"
    house.update(HELD)

    assert house.channels[0].heard == ["raised notice n1 is held"]


def test_no_customers_address_leaves_the_house(house: House) -> None:
    house.update(Alarm(AlarmCode.BAD_ROWS, "roster.csv:7: <anna@customer.example> stands twice"))

    assert house.channels[0].heard == ["raised roster.csv:7: <(address)> stands twice"]
    assert "anna" not in (house.folder / FILE).read_text(encoding="utf-8")

"""One and many, as a person says them."""

from __future__ import annotations

from notifier.alarms import AlarmCode, alarm
from notifier.plurals import counted


def test_one_is_said_otherwise_than_many() -> None:
    assert [counted(count, "entry") for count in (0, 1, 2_000)] == ["0 entries", "1 entry", "2,000 entries"]
    assert [counted(count, "key") for count in (1, 2)] == ["1 key", "2 keys"]


def test_an_alarm_about_one_customer_reads_as_a_sentence() -> None:
    one, many = (alarm(AlarmCode.UNSENT, "it waits", notice="n", count=count, why="452").text for count in (1, 1_200))

    assert one == "notice n: 1 customer is still to be told; it waits: 452"
    assert many == "notice n: 1,200 customers are still to be told; it waits: 452"

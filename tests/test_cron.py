"""Cron expressions, as cron(5) reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.cron import next_time, read_cron

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
UTC_ZONE = ZoneInfo("UTC")


def times(expression: str, after: datetime, zone: ZoneInfo, count: int) -> list[str]:
    found = []
    for _ in range(count):
        moment = next_time(read_cron(expression), after, zone)
        assert moment is not None
        found.append(moment.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ"))
        after = moment
    return found


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0 9 * * sun", "0 9 * * 0"),
        ("0 9 * * SUN", "0 9 * * 7"),
        ("0 9 * * mon-fri", "0 9 * * 1,2,3,4,5"),
        ("0 9 * * fri-sun", "0 9 * * 5,6,0"),
        ("0 9 * * sun-tue", "0 9 * * 0,1,2"),
        ("0 9 * * 5-7", "0 9 * * 5,6,0"),
        ("0 9 * * */2", "0 9 * * 0,2,4,6"),
        ("*/20,5 8-10/2 1 jan,jul *", "0,5,20,40 8,10 1 1,7 *"),
        ("50/5 * * * *", "50,55 * * * *"),
        ("0 3-3/1 * * *", "0 3 * * *"),
        ("30 0-23 * * *", "30 * * * *"),
        ("@daily", "0 0 * * *"),
        ("@Weekly", "0 0 * * 0"),
    ],
)
def test_two_ways_to_write_the_same_times(written: str, meant: str) -> None:
    after = datetime(2026, 10, 20, tzinfo=UTC)

    assert times(written, after, BERLIN, 60) == times(meant, after, BERLIN, 60)


def test_a_day_of_the_month_and_a_weekday_mean_either_unless_one_begins_with_a_star() -> None:
    after = datetime(2026, 11, 29, tzinfo=UTC)

    assert times("0 9 1 * mon", after, UTC_ZONE, 3) == ["2026-11-30 09:00Z", "2026-12-01 09:00Z", "2026-12-07 09:00Z"]
    assert times("0 9 */2 * mon", after, UTC_ZONE, 2) == ["2026-12-07 09:00Z", "2026-12-21 09:00Z"]
    assert times("0 9 L * *", after, UTC_ZONE, 2) == ["2026-11-30 09:00Z", "2026-12-31 09:00Z"]


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("0 9 * *", "expected five fields"),
        ("0 0 9 * * *", "expected five fields"),
        ("60 9 * * *", 'minute: expected 0 to 59, .* got "60"'),
        ("0 9 0 * *", 'day-of-month: expected 1 to 31, .* got "0"'),
        ("0 0 30 2 *", 'never comes: "0 0 30 2 .*"'),
        ("0 9 * 13 *", 'month: expected 1 to 12 or jan…dec, .* got "13"'),
        ("0 9 * * monday", 'day-of-week: expected 0 to 7 or sun…sat, .* got "monday"'),
        ("0 17-9 * * *", 'hour: expected 0 to 23, .* a range "1-5" .* got "17-9"'),
        ("*/0 * * * *", r'minute: expected 0 to 59, .* a step "\*/2", got "\*/0"'),
        ("0 9 , * *", 'day-of-month: expected .* got ","'),
        ("@reboot", "expected five fields"),
    ],
)
def test_a_wrong_expression_says_which_field_and_what_it_may_hold(expression: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_cron(expression)


def test_weekday_mornings_leave_the_weekend_out() -> None:
    friday_noon = datetime(2026, 11, 20, 12, tzinfo=BERLIN)

    assert times("0 9 * * mon-fri", friday_noon, BERLIN, 2) == ["2026-11-23 08:00Z", "2026-11-24 08:00Z"]


def test_nine_in_the_morning_stays_nine_when_clocks_change() -> None:
    found = times("0 9 * * *", datetime(2027, 3, 27, 0, tzinfo=BERLIN), BERLIN, 2)

    assert found == ["2027-03-27 08:00Z", "2027-03-28 07:00Z"]


def test_a_time_that_does_not_exist_comes_an_hour_later_and_once() -> None:
    found = times("30 2 * * *", datetime(2027, 3, 13, 12, tzinfo=NEW_YORK), NEW_YORK, 2)

    assert found == ["2027-03-14 07:30Z", "2027-03-15 06:30Z"]


def test_a_time_that_comes_twice_when_clocks_go_back_is_used_once() -> None:
    found = times("30 1 * * *", datetime(2026, 10, 31, 12, tzinfo=NEW_YORK), NEW_YORK, 2)

    assert found == ["2026-11-01 05:30Z", "2026-11-02 06:30Z"]


def test_every_half_hour_stays_every_half_hour_when_clocks_go_back() -> None:
    found = times("*/30 * * * *", datetime(2026, 11, 1, 5, 0, tzinfo=UTC), NEW_YORK, 4)

    assert found == ["2026-11-01 05:30Z", "2026-11-01 06:00Z", "2026-11-01 06:30Z", "2026-11-01 07:00Z"]


def test_every_minute_of_an_hour_that_does_not_exist_comes_an_hour_later() -> None:
    assert times("0,59 2 14 3 *", datetime(2027, 3, 14, tzinfo=NEW_YORK), NEW_YORK, 2) == [
        "2027-03-14 07:00Z", "2027-03-14 07:59Z",
    ]  # fmt: skip


def test_the_29th_of_february_comes_in_a_leap_year() -> None:
    assert times("0 0 29 2 *", datetime(2026, 1, 1, tzinfo=UTC), UTC_ZONE, 1) == ["2028-02-29 00:00Z"]


@given(
    st.sampled_from(["0 9 * * mon-fri", "*/7 * * * *", "30 2 1 * 0", "0 */5 * 3,11 *"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001  # hypothesis adds the zone
    st.sampled_from([BERLIN, NEW_YORK, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_the_next_time_is_later_and_none_lies_between(expression: str, moment: datetime, zone: ZoneInfo) -> None:
    cron, after = read_cron(expression), moment.replace(tzinfo=UTC)
    found = next_time(cron, after, zone)

    assert found is not None
    assert found > after
    assert next_time(cron, found - timedelta(seconds=1), zone) == found


@given(st.lists(st.text("0159*,-/#L", min_size=1, max_size=3), min_size=5, max_size=5).map(" ".join))
def test_whatever_is_written_is_refused_or_has_its_times(expression: str) -> None:
    after = datetime(2026, 11, 1, tzinfo=UTC)
    try:
        cron = read_cron(expression)
    except ValueError:
        return
    found = next_time(cron, after, BERLIN)

    assert found is None or found > after

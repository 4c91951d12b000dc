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


def times(expression: str, after: datetime, zone: ZoneInfo, count: int) -> list[str]:
    found = []
    for _ in range(count):
        moment = next_time(read_cron(expression), after, zone)
        assert moment is not None
        found.append(moment.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ"))
        after = moment
    return found


def test_a_schedule_on_weekday_mornings() -> None:
    cron = read_cron("0 9 * * mon-fri")

    assert cron.minutes == {0}
    assert cron.hours == {9}
    assert cron.weekdays == {1, 2, 3, 4, 5}
    assert not cron.is_either


@pytest.mark.parametrize("sunday", ["0", "7", "sun", "SUN"])
def test_sunday_is_0_and_7_and_its_name(sunday: str) -> None:
    assert read_cron(f"0 9 * * {sunday}").weekdays == {0}


@pytest.mark.parametrize(
    ("field", "weekdays"),
    [("fri-sun", {5, 6, 0}), ("sun-tue", {0, 1, 2}), ("5-7", {5, 6, 0}), ("*/2", {0, 2, 4, 6}), ("1,3", {1, 3})],
)
def test_ranges_of_weekdays_run_as_cron_counts_them(field: str, weekdays: set[int]) -> None:
    assert read_cron(f"0 9 * * {field}").weekdays == weekdays


def test_a_day_of_the_month_and_a_weekday_mean_either() -> None:
    assert read_cron("0 9 1 * mon").is_either
    assert not read_cron("0 9 */2 * mon").is_either
    assert not read_cron("0 9 1 * *").is_either


def test_steps_lists_and_month_names() -> None:
    cron = read_cron("*/20,5 8-10/2 1 jan,jul *")

    assert cron.minutes == {0, 5, 20, 40}
    assert cron.hours == {8, 10}
    assert cron.months == {1, 7}


def test_a_start_with_a_step_runs_to_the_end() -> None:
    assert read_cron("50/5 * * * *").minutes == {50, 55}


def test_nicknames() -> None:
    assert read_cron("@daily") == read_cron("0 0 * * *")


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("0 9 * *", "expected five fields"),
        ("0 0 9 * * *", "expected five fields"),
        ("60 9 * * *", 'minute: expected 0 to 59, got "60"'),
        ("0 9 0 * *", 'day of month: expected 1 to 31, got "0"'),
        ("0 9 * * monday", 'day of week: expected 0 to 7 or sun…sat, got "monday"'),
        ("0 17-9 * * *", 'hour: "17-9" runs backwards'),
        ("*/0 * * * *", 'minute: expected a whole number above 0 after "/", got "\\*/0"'),
        ("0 9 L * *", 'day of month: expected 1 to 31, got "L"'),
        ("0 9 , * *", 'day of month: expected 1 to 31, got ""'),
        ("@reboot", "expected five fields"),
    ],
)
def test_a_wrong_expression_says_which_field_and_why(expression: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_cron(expression)


def test_weekday_mornings_leave_the_weekend_out() -> None:
    friday_noon = datetime(2026, 11, 20, 12, tzinfo=BERLIN)

    assert times("0 9 * * mon-fri", friday_noon, BERLIN, 2) == ["2026-11-23 08:00Z", "2026-11-24 08:00Z"]


def test_the_first_and_every_monday() -> None:
    found = times("0 9 1 * mon", datetime(2026, 11, 29, tzinfo=UTC), ZoneInfo("UTC"), 3)

    assert found == ["2026-11-30 09:00Z", "2026-12-01 09:00Z", "2026-12-07 09:00Z"]


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


def test_the_29th_of_february_comes_and_the_30th_never() -> None:
    after = datetime(2026, 1, 1, tzinfo=UTC)

    assert times("0 0 29 2 *", after, ZoneInfo("UTC"), 1) == ["2028-02-29 00:00Z"]
    assert next_time(read_cron("0 0 30 2 *"), after, UTC) is None


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

"""A cron expression, read as cron(5) reads it: 0 and 7 are Sunday; a day matches by its date or by its weekday."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import product

MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAY_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, 1)}
WEEKDAYS = {name: number for number, name in enumerate(WEEKDAY_NAMES)}
NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One of the five fields: what it is called, its least and greatest number, and the names that stand for some."""

    name: str
    least: int
    greatest: int
    words: dict[str, int]


FIELDS = (
    Field("minute", 0, 59, {}),
    Field("hour", 0, 23, {}),
    Field("day of month", 1, 31, {}),
    Field("month", 1, 12, MONTHS),
    Field("day of week", 0, 7, WEEKDAYS),
)


@dataclass(frozen=True, slots=True)
class Cron:
    """When to act: the numbers that each field allows, `weekdays` counted from Sunday = 0.

    `is_either`: a day matches by its date or by its weekday, since neither field begins with `*` (cron(5));
    otherwise it must match by both.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    is_either: bool


def read_cron(expression: str) -> Cron:
    """The expression's five fields (or a nickname such as `@daily`); ValueError says which field is wrong, and how."""
    parts = NICKNAMES.get(expression.strip().lower(), expression).split()
    if len(parts) != len(FIELDS):
        raise ValueError(
            f'expected five fields "minute hour day-of-month month day-of-week" or a nickname such as @daily, '
            f'got "{expression}"'
        )
    minutes, hours, days, months, weekdays = (
        _read_field(field, part) for field, part in zip(FIELDS, parts, strict=True)
    )
    return Cron(
        minutes=minutes,
        hours=hours,
        days=days,
        months=months,
        weekdays=frozenset(day % 7 for day in weekdays),
        is_either=not (parts[2].startswith("*") or parts[4].startswith("*")),
    )


def next_time(cron: Cron, after: datetime, zone: tzinfo) -> datetime | None:
    """The first time later than `after`, in `zone`; None where none comes within ten years (30 February).

    When clocks go forward, a time that does not exist comes an hour later; when they go back, a time comes once,
    unless every hour is asked for: then by real time (as cron(8) has it).
    """
    first_day = after.astimezone(zone).date()
    for day in (first_day + timedelta(days=number) for number in range(3660)):
        later = [moment for moment in _moments_on(day, cron, zone) if moment > after]
        if later:
            return min(later).astimezone(zone)
    return None


def _moments_on(day: date, cron: Cron, zone: tzinfo) -> Iterator[datetime]:
    if not _matches(day, cron):
        return
    folds = (0, 1) if len(cron.hours) == 24 else (0,)
    for hour, minute, fold in product(cron.hours, cron.minutes, folds):
        yield datetime.combine(day, time(hour, minute, fold=fold), zone).astimezone(UTC)


def _matches(day: date, cron: Cron) -> bool:
    by_date, by_weekday = day.day in cron.days, day.isoweekday() % 7 in cron.weekdays
    return day.month in cron.months and (by_date or by_weekday if cron.is_either else by_date and by_weekday)


def _read_field(field: Field, part: str) -> frozenset[int]:
    return frozenset().union(*(_read_range(field, piece) for piece in part.split(",")))


def _read_range(field: Field, piece: str) -> range:
    span, slash, step = piece.partition("/")
    if slash and not (step.isdecimal() and int(step) > 0):
        raise ValueError(f'{field.name}: expected a whole number above 0 after "/", got "{piece}"')
    first, last = _ends(field, span, has_step=bool(slash))
    if first > last:
        raise ValueError(f'{field.name}: "{piece}" runs backwards')
    return range(first, last + 1, int(step) if slash else 1)


def _ends(field: Field, span: str, *, has_step: bool) -> tuple[int, int]:
    if span == "*":
        return field.least, field.greatest
    first_word, dash, last_word = span.partition("-")
    first = _number(field, first_word)
    if not dash:
        return first, field.greatest if has_step else first
    last = _number(field, last_word)
    is_through_sunday = field.name == "day of week" and last == 0 and first > 0
    return first, 7 if is_through_sunday else last


def _number(field: Field, word: str) -> int:
    number = field.words.get(word.lower(), int(word) if word.isascii() and word.isdecimal() else -1)
    if not field.least <= number <= field.greatest:
        names = f" or {next(iter(field.words))}…{list(field.words)[-1]}" if field.words else ""
        raise ValueError(f'{field.name}: expected {field.least} to {field.greatest}{names}, got "{word}"')
    return number

"""A cron expression, read by cronsim as cron(5) reads it: a day matches by its date or by its weekday; `L` is the last.

Ours are the nicknames, `fri-sun`, errors that name the field and the mend, and what clocks that are put forward or
back mean (docs/decisions/cron-is-read-by-cronsim.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
FIELDS = {
    "minute": "0 to 59",
    "hour": "0 to 23",
    "day-of-month": "1 to 31",
    "month": "1 to 12 or jan…dec",
    "day-of-week": "0 to 7 or sun…sat",
}
"""What each may hold, by the names that cronsim's errors give them, in their order."""
_THROUGH_SUNDAY = re.compile(r"\b([1-6]|mon|tue|wed|thu|fri|sat)-(?:0|sun)\b", re.IGNORECASE)
_OF_ONE = re.compile(r"\b(\w+)-\1/[0-9]+")
"""A range of one with a step, which cronsim takes for a start without an end."""

LARGEST_SHIFT = timedelta(hours=1)
"""By so much clocks are put forward at most: what they showed so long ago may still come."""


@dataclass(frozen=True, slots=True)
class Cron:
    """When to act, as five fields that cronsim takes."""

    expression: str
    is_every_hour: bool


def read_cron(expression: str) -> Cron:
    """The expression's five fields (or a nickname such as `@daily`); ValueError says which field is wrong, and how."""
    from cronsim import CronSim, CronSimError

    parts = NICKNAMES.get(expression.strip().lower(), expression).split()
    if len(parts) != len(FIELDS):
        raise ValueError(
            f'expected five fields "minute hour day-of-month month day-of-week" or a nickname such as @daily, '
            f'got "{expression}"'
        )
    parts = [_OF_ONE.sub(r"\1", part) for part in parts]
    read = " ".join([*parts[:4], _THROUGH_SUNDAY.sub(r"\1-7", parts[4])])
    try:
        hours = CronSim(read, datetime(2000, 1, 1)).hours  # noqa: DTZ001  # any moment does
    except CronSimError as error:
        raise ValueError(_expected(str(error).removeprefix("Bad "), parts)) from error
    return Cron(read, len(hours) == 24)


def _expected(name: str, parts: list[str]) -> str:
    part = parts[list(FIELDS).index(name)]
    if name == "day-of-month" and part in ("30", "31"):
        return f'never comes: "{" ".join(parts)}"'
    return f'{name}: expected {FIELDS[name]}, a list "1,3", a range "1-5" or a step "*/2", got "{part}"'


def next_time(cron: Cron, after: datetime, zone: tzinfo) -> datetime | None:
    """The first time later than `after`, in `zone`; None where none comes within fifty years.

    When clocks go forward, a time that does not exist comes as much later; when they go back, a time comes once,
    unless every hour is asked for: then by real time (as cron(8) has it).
    """
    from cronsim import CronSim

    local = after.astimezone(zone)
    if cron.is_every_hour:
        minute, _, rest = cron.expression.split(maxsplit=2)
        return next(CronSim(f"{minute} * {rest}", local), None)
    for clock in CronSim(cron.expression, local.replace(tzinfo=None) - LARGEST_SHIFT):
        moment = clock.replace(tzinfo=zone).astimezone(UTC)
        if moment > after:
            return moment.astimezone(zone)
    return None

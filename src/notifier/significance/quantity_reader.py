"""Quantities as they are compared: `thirty (30) days`, `30-day` and `30 days` are one; `24 months` is `two years`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

UNITS = {
    unit: (base, times)
    for base, times, words in (
        ("min", 1, "minute minutes min mins minuten minuto minutos minuut"),
        ("min", 60, "hour hours hr hrs stunde stunden heure heures hora horas uur uren"),
        ("min", 1440, "day days tag tage tagen jour jours día días dag dagen"),
        ("min", 20160, "fortnight fortnights"),
        ("min", 10080, "week weeks woche wochen semaine semaines semana semanas weken"),
        ("second", 1, "second seconds sekunde sekunden seconde secondes segundo segundos seconden"),
        ("month", 1, "month months monat monate monaten monats mois mes meses maand maanden"),
        ("month", 3, "quarter quarters quartal quartale trimestre trimestres kwartaal"),
        ("month", 12, "year years jahr jahre jahren jahres an ans année années año años jaar jaren"),
        ("%", 1, "% percent prozent pourcent procent percentage"),
        ("eur", 1, "€ eur euro euros"),
        ("usd", 1, "$ usd dollar dollars"),
        ("gbp", 1, "£ gbp pound pounds"),
        ("jpy", 1, "¥ jpy yen"),
        ("inr", 1, "₹ inr rupee rupees"),
        ("chf", 1, "chf franken francs"),
        ("cent", 1, "cent cents pence"),
        ("gb", 1, "gb gigabyte gigabytes go"),
        ("mb", 1, "mb megabyte megabytes mo"),
        ("kb", 1, "kb kilobyte kilobytes"),
        ("tb", 1, "tb terabyte terabytes"),
    )
    for unit in words.split()
}
SIGNS = frozenset("$€£¥₹")
CODES = frozenset(("eur", "usd", "gbp", "chf", "jpy", "inr"))
TIME = re.compile(r"(\d{1,2})(?::(\d\d))?$")
HALVES = frozenset(("am", "pm", "a.m", "p.m"))
TIMES = {
    "million": 10**6, "millions": 10**6, "billion": 10**9, "billions": 10**9, "thousand": 1000, "hundred": 100,
    "million.": 10**6, "millionen": 10**6, "milliarde": 10**9, "milliarden": 10**9, "tausend": 1000,
    "milliard": 10**9, "milliards": 10**9, "mille": 1000, "millón": 10**6, "millones": 10**6, "mil": 1000,
    "miljoen": 10**6, "miljard": 10**9, "dozen": 12, "k": 1000, "m": 10**6, "bn": 10**9,
}  # fmt: skip
ARTICLES = {"en": ("a", "an", "per", "each", "every"),
            "de": ("ein", "eine", "einen", "einem", "einer", "eines", "pro", "je"),
            "fr": ("un", "une", "par", "chaque"), "es": ("un", "una", "por", "cada", "al"),
            "nl": ("een", "per")}  # fmt: skip
OFTEN = {
    "daily": "every 1440 min", "weekly": "every 10080 min", "hourly": "every 60 min", "monthly": "every 1 month",
    "quarterly": "every 3 month", "yearly": "every 12 month", "annually": "every 12 month", "annual": "every 12 month",
    "biannually": "twice 12 month", "biennially": "every 24 month", "fortnightly": "every 20160 min",
    "biweekly": "bi week", "bimonthly": "bi month", "once": "times 1", "twice": "times 2",
}  # fmt: skip
NUMBER = re.compile(r"\d+(?:[.,]\d+)*$")
HALF = {"half": 0.5}
NO_NUMBERS = frozenset(
    ("one", "second", "seconds", "un", "une", "uno", "una", "ein", "eine", "een", "und", "and", "zwo")
)


ISO = re.compile(r"(?:19|20)\d\d$")
DOTTED = re.compile(r"\d{1,2}([./])\d{1,2}\1(?:\d{4}|\d{2})$|(?:19|20)\d\d([./])\d{1,2}\2\d{1,2}$")
BETWEEN = frozenset(("of", "de", "del", "the", "den", ",", "."))
YEAR, DAY = re.compile(r"(?:19|20)\d\d$"), re.compile(r"(?:0?[1-9]|[12]\d|3[01])$")


def date_at(keys: Sequence[str], at: int, language: str) -> tuple[str, int] | None:
    """The written date that begins at a word, with or without its day or its year, and how many words it has."""
    key = keys[at]
    if DOTTED.match(key):
        return f"date {key}", 1
    if YEAR.match(key) and [k.strip() for k in keys[at + 1 : at + 4 : 2]] == ["-", "-"] and len(keys) > at + 4:
        return f"date {key}-{int(keys[at + 2])}-{int(keys[at + 4])}", 5
    months = _months(language)
    if key in months:
        return _date_from(keys, at, at + 1, months[key], "")
    if DAY.match(key):
        next_at = _skip(keys, at + 1)
        if next_at < len(keys) and keys[next_at] in months:
            return _date_from(keys, at, next_at + 1, months[keys[next_at]], str(int(key)))
    return None


def _date_from(keys: Sequence[str], at: int, end: int, month: int, day: str) -> tuple[str, int] | None:
    """A date of which the month ends at `end`: a day and a year may follow."""
    next_at = _skip(keys, end)
    if not day and next_at < len(keys) and DAY.match(keys[next_at]):
        day, end = str(int(keys[next_at])), next_at + 1
        next_at = _skip(keys, end)
    year = ""
    if next_at < len(keys) and YEAR.match(keys[next_at]):
        year, end = keys[next_at], next_at + 1
    return (f"date {year}-{month}-{day}", end - at) if day or year else None


def _skip(keys: Sequence[str], at: int) -> int:
    while at < len(keys) and keys[at] in BETWEEN:
        at += 1
    return at


@cache
def _months(language: str) -> dict[str, int]:
    from notifier.text.dates.calendar import TONGUES, month_numbers

    codes = [code for code in (language, "en") if code in TONGUES]
    return {name.lower().rstrip("."): number for code in codes for name, number in month_numbers(code).items()}


def quantity_at(keys: Sequence[str], at: int, language: str) -> tuple[str, int] | None:
    """The quantity that begins at a word, and how many words it has."""
    dated = date_at(keys, at, language)
    if dated is not None:
        return dated
    key = keys[at]
    if key in OFTEN and language == "en":
        return OFTEN[key], 1
    if key == "usa" and keys[at + 1 : at + 2] == ["$"]:
        dollars = quantity_at(keys, at + 1, language)
        return (dollars[0], dollars[1] + 1) if dollars else None
    clock = _clock(keys, at)
    if clock is not None:
        return clock
    if key == "half" and keys[at + 1 : at + 2] in (["a"], ["an"]) and at + 2 < len(keys) and keys[at + 2] in UNITS:
        base, times = UNITS[keys[at + 2]]
        return f"{_plain(times / 2)} {base}", 3
    if key in CODES and at + 1 < len(keys) and keys[at + 1][:1].isdigit():
        inner = _number(keys, at + 1, language)
        return (f"{_plain(inner[0])} {UNITS[key][0]}", inner[1] + 1) if inner and inner[0] == inner[0] else None
    if key in SIGNS:
        inner = _number(keys, at + 1, language) if at + 1 < len(keys) else None
        return (f"{_plain(inner[0])} {UNITS[key][0]}", inner[1] + 1) if inner and inner[0] == inner[0] else None
    if key in ARTICLES.get(language, ()) and at + 1 < len(keys) and keys[at + 1] in UNITS:
        base, times = UNITS[keys[at + 1]]
        every = "every " if key in ("per", "each", "every", "pro", "je", "par", "chaque", "por", "cada", "al") else ""
        return f"{every}{times} {base}", 2
    number = _number(keys, at, language)
    if number is None:
        return None
    value, used = number
    return _with_unit(keys, at, value, used)


def _clock(keys: Sequence[str], at: int) -> tuple[str, int] | None:
    """A time of day: 17:00, 5 pm, 5:30 p.m., noon."""
    key = keys[at]
    if key in ("noon", "midday", "midnight"):
        return ("time 12:00" if key != "midnight" else "time 0:00"), 1
    match = TIME.match(key)
    half = keys[at + 1] if at + 1 < len(keys) and keys[at + 1] in HALVES else ""
    if match is None or not (half or match[2]):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return f"time {hour}:{minute:02}", 2 if half else 1


def _with_unit(keys: Sequence[str], at: int, value: float, used: int) -> tuple[str, int]:
    if value != value:
        return keys[at], used
    end = at + used
    qualifier = ""
    if end < len(keys) and keys[end] in ("business", "working", "calendar", "consecutive"):
        qualifier, end = ("" if keys[end] == "calendar" else keys[end].replace("working", "business") + " "), end + 1
    if end + 1 < len(keys) and keys[end] == "usa" and keys[end + 1] in UNITS:
        end += 1
    if end < len(keys) and keys[end] in UNITS:
        base, times = UNITS[keys[end]]
        return f"{_plain(value * times)} {qualifier}{base}", end + 1 - at
    if end < len(keys) and keys[end] in ("am", "pm") and keys[at][:1].isdigit():
        return f"{keys[at]} {keys[end]}", end + 1 - at
    return _plain(value) if ":" not in keys[at] and "/" not in keys[at] else keys[at], used


def _number(keys: Sequence[str], at: int, language: str) -> tuple[float, int] | None:
    """A number in digits or letters, with a number in brackets that says the same: `thirty (30)`."""
    key = keys[at]
    if not key[:1].isdigit() and not _may_be_number(key, language):
        return None
    if key[0].isdigit():
        value = digits_value(key, language)
        if value is None:
            return (float("nan"), 1)
        used = 1
    else:
        found = _in_letters(keys, at, language)
        if found is None:
            return None
        value, used = found
    while at + used < len(keys) and keys[at + used] in TIMES and (used == 1 or key[0].isdigit()):
        value, used = value * TIMES[keys[at + used]], used + 1
    after = at + used
    if after + 2 < len(keys) and keys[after] == "(" and keys[after + 2] == ")":
        again = digits_value(keys[after + 1], language) if keys[after + 1][0].isdigit() else None
        if again == value:
            used += 3
    return value, used


@lru_cache(maxsize=4096)
def digits_value(key: str, language: str) -> float | None:
    """What digits with separators say; None for times, dates and section numbers."""
    if not NUMBER.match(key):
        return None
    thousands = "." if language in ("de", "es", "nl") else ","
    parts = re.split(r"[.,]", key)
    marks = re.findall(r"[.,]", key)
    if not marks:
        return float(key)
    if all(len(part) == 3 for part in parts[1:]) and len(set(marks)) == 1 and len(parts[0]) <= 3 and parts[0] != "0":
        if len(parts) > 2 or marks[0] == thousands or language == "fr":
            return float("".join(parts))
        return float(f"{parts[0]}.{parts[1]}")
    if len(marks) == 1:
        return float(f"{parts[0]}.{parts[1]}")
    if marks[-1] != marks[0]:
        return float("".join(parts[:-1]) + "." + parts[-1])
    return None


@lru_cache(maxsize=8192)
def _may_be_number(key: str, language: str) -> bool:
    if key in HALF or (key in TIMES and len(key) > 3):
        return True
    return _from_letters(key, language) is not None


def _in_letters(keys: Sequence[str], at: int, language: str) -> tuple[float, int] | None:
    best = None
    for length in range(min(6, len(keys) - at), 0, -1):
        if keys[at + length - 1] in ("and", "und", "y", "et", "en"):
            continue
        value = _from_letters(" ".join(keys[at : at + length]), language)
        if value is not None:
            best = (value, length)
            break
    return best


@lru_cache(maxsize=8192)
def _from_letters(words: str, language: str) -> float | None:
    if words in HALF:
        return HALF[words]
    if words == "one" or (words in TIMES and len(words) > 3):
        return float(TIMES.get(words, 1))
    if language not in ARTICLES or words in NO_NUMBERS or not words[:1].isalpha():
        return None
    from text_to_num import text2num

    try:
        return float(text2num(words, language))
    except ValueError:
        return None


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.6g}"

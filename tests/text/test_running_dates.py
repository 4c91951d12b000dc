"""Dates within a sentence: one day in whatever form is one date, and another day is another."""

from __future__ import annotations

import pytest

from notifier.significance.reading.written_words import tokens_of
from notifier.text.dates.running_dates import date_at


def said(text: str, language: str = "en") -> list[str]:
    words = tokens_of(text)
    found = (date_at(text, words, at, language) for at in range(len(words)))
    return [value for value, _ in filter(None, found)][:1]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("until 1 March 2024.", "en"),
        ("until March 1st, 2024", "en"),
        ("until the 1st of March, 2024", "en"),
        ("until 2024-03-01, and", "en"),
        ("until 2024.03.01", "en"),
        ("bis 1. März 2024", "de"),
        ("jusqu'au 1er mars 2024", "fr"),
        ("截至2024年3月1日", "zh"),
    ],
)
def test_a_day_is_one_date_however_it_is_written(text: str, language: str) -> None:
    assert said(text, language) == ["date 2024-3-1"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on 2 March 2024", "date 2024-3-2"),
        ("in March 2024", "date 2024-3-"),
        ("each 1 March", "date -3-1"),
        ("on 03/01/2024", "date 03/01/2024"),
        ("on 31 February 2024", "date 2024-2-31"),
    ],
)
def test_what_is_not_said_of_a_date_is_not_made_up(text: str, value: str) -> None:
    assert said(text) == [value]


def test_a_month_alone_is_a_date_and_a_number_alone_is_none() -> None:
    assert said("You may ask us within 30 days, in March or later.") == ["date -3-"]
    assert said("You may march on within 30 days.") == []

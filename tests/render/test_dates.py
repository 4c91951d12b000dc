"""Dates and names as readers of a language write them."""

from __future__ import annotations

from datetime import date

import pytest

from notifier.render.localised import day_and_month, joined, language_name, long_date


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("en", "1 May 2026", "1 May"),
        ("en-US", "May 1, 2026", "May 1"),
        ("de", "1. Mai 2026", "1. Mai"),
        ("de_AT", "1. Mai 2026", "1. Mai"),
        ("fr", "1er mai 2026", "1er mai"),
        ("fr-CA", "1er mai 2026", "1er mai"),
        ("en-ZZZ", "1 May 2026", "1 May"),
        ("klingon", "1 May 2026", "1 May"),
        ("", "1 May 2026", "1 May"),
    ],
)
def test_a_day_is_written_in_the_readers_way(language: str, long: str, short: str) -> None:
    assert long_date(date(2026, 5, 1), language) == long
    assert day_and_month(date(2026, 5, 1), language) == short


def test_only_the_first_of_a_french_month_is_an_ordinal() -> None:
    assert long_date(date(2026, 5, 11), "fr") == "11 mai 2026"


def test_names_are_joined_with_the_readers_own_and() -> None:
    assert joined(["A", "B", "C"], "de") == "A, B und C"
    assert joined(["A"], "fr") == "A"


def test_a_language_is_called_by_the_readers_name_for_it() -> None:
    assert language_name("pt-BR", "de") == "Portugiesisch"
    assert language_name("tlh-x", "en") == "Klingon"
    assert language_name("qqq", "en") == "qqq"

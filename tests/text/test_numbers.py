"""What number is this: in digits and in letters, with what it counts."""

from __future__ import annotations

import time
from collections import defaultdict
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.text.numbers import Quantity, QuantityKind, number_in_words, quantities

CASES = Path(__file__).parents[1] / "cases"
LANGUAGES = ("en", "de", "fr", "es", "nl")
SPELLED = [line.split("\t")[1:] for line in (CASES / "cardinals.tsv").read_text().splitlines()[1:]]
"""By number, its word in each of the languages."""
DAYS = {"en": "days", "de": "Tage", "fr": "jours", "es": "días", "nl": "dagen"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cardinal_is_read(language: str) -> None:
    words = [row[LANGUAGES.index(language)] for row in SPELLED]

    assert [number_in_words(word, language) for word in words] == list(range(1000))
    assert [number_in_words(word.upper(), language) for word in words] == list(range(1000))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cardinal_is_found_in_a_sentence(language: str) -> None:
    for number, row in enumerate(SPELLED):
        found = quantities(f"x {row[LANGUAGES.index(language)]} {DAYS[language]} x", language)

        assert [one.measure for one in found] == [(QuantityKind.DURATION, "second", Decimal(86400 * number))]


def _groups() -> dict[str, list[list[str]]]:
    groups: dict[str, list[list[str]]] = defaultdict(list)
    for line in (CASES / "same_numbers.txt").read_text().splitlines():
        if not line.startswith("#"):
            language, _, said = line.partition(": ")
            groups[language].append(said.split(" = "))
    return groups


def _measures(text: str, language: str) -> list[object]:
    return [one.measure for one in quantities(text, language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_says_the_same_is_read_alike_and_nothing_else_is(language: str) -> None:
    groups = _groups()[language]
    for group in groups:
        read = {said: _measures(f"We keep it for {said}, then not.", language) for said in group}

        assert all(len(measures) == 1 and measures == read[group[0]] for measures in read.values()), read

    firsts = [_measures(group[0], language) for group in groups]
    assert [pair for pair in combinations(range(len(groups)), 2) if firsts[pair[0]] == firsts[pair[1]]] == []


numbers = st.integers(0, 999)
written = st.sampled_from(["{digits}", "{words}", "{words} ({digits})", "{digits} ({words})"])


@given(numbers, numbers, written, written, st.sampled_from(LANGUAGES))
def test_two_numbers_read_alike_only_if_they_are_one(
    one: int, other: int, form: str, again: str, language: str
) -> None:
    texts = [
        shape.format(digits=number, words=SPELLED[number][LANGUAGES.index(language)]) + " " + DAYS[language]
        for number, shape in ((one, form), (other, again))
    ]

    assert (_measures(texts[0], language) == _measures(texts[1], language)) == (one == other)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("between 7 to 14 days", "7 = duration 604800, 14 days = duration 1209600"),
        ("$5–10 a month", "$5 = money 5, 10 = money 10, a month = rate 1"),
        ("five (9) days", "five = count 5, 9) days = duration 777600"),
        ("thirty forty", "thirty = count 30, forty = count 40"),
        (
            "1. We keep it (2) twice, see No. 5 and § 7.",
            "1 = reference 1, 2 = reference 2, 5 = reference 5, 7 = reference 7",
        ),
        ("no one, a third party, one of us, a second device, Web3", "second = ordinal 2, Web3 = version 0"),
        ("We are in 2024. 30 people. Days pass.", "2024 = date 2024, 30 = count 30"),
        ("2FA, 24/7, 1.2.3, 16:9", "2FA = version 0, 24/7 = version 0, 1.2.3 = version 0, 16:9 = version 0"),
        ("30\n\ndays", "30 = count 30"),
        ("aged 16 or one hundred and one", "16 = count 16, one hundred and one = count 101"),
    ],
)
def test_a_number_goes_as_far_as_it_goes(text: str, said: str) -> None:
    found = [f"{one.as_written} = {one.kind} {one.value}" for one in quantities(text, "en")]

    assert ", ".join(found) == said


def test_the_decimal_mark_is_the_languages() -> None:
    def value(text: str, language: str) -> Decimal:
        (one,) = quantities(text, language)
        return one.value

    assert value("1,500", "en") == value("1.500", "de") == value("1 500", "fr") == value("1,500", "es-MX") == 1500
    assert value("1.500", "en") == value("1,500", "de") == Decimal("1.5")


@given(st.text(), st.sampled_from([*LANGUAGES, "ja", "xx"]))
def test_every_number_stands_where_it_says(text: str, language: str) -> None:
    found: tuple[Quantity, ...] = quantities(text, language)

    assert all(text[one.start : one.end] == one.as_written for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert not found or not any(letter.isdecimal() for letter in text[found[-1].end :])


def test_reading_takes_time_that_grows_with_the_text() -> None:
    quantities("one", "en")
    began = time.process_time()
    for hostile in ("1 ", "one ", "one hundred ", "(1", "1,", "a ", "twenty-", "$", "1:", "thirty (", "per ", "½"):
        quantities(hostile * (20_000 // len(hostile)), "en")

    assert time.process_time() - began < 4

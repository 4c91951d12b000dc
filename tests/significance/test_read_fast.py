"""What is left out to read faster says nothing: the slow road finds no more."""

from __future__ import annotations

import re

import pytest

from notifier import compare
from notifier.significance.equivalence import restating
from notifier.significance.reading.quantity_values import PARTS, values_in
from notifier.significance.reading.written_words import tokens_of

SENTENCES = (
    "We re-sign contracts, can't keep 37signals' letters and don't share them with the US or U.S. partners (or us).",
    "Wir löschen Straßen-Daten binnen 30 Tagen; l’adresse d'un mois, Mo-Fr 9-17 Uhr, +41 44 668 18 00, ~~cannot~~.",
    "[x] pay $5 - $10 for 1,000 e-mails at 10:30; ✓ yes · 2nd year ≥ 3 %, a/b and ﬁnally ĳs.",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_has_the_same_words_with_and_without_an_address_behind_it(sentence: str) -> None:
    with_address = tokens_of(f"{sentence} x@y.example")

    assert with_address[-1].role == "email"
    assert with_address[:-1] == tokens_of(sentence)


@pytest.mark.parametrize("written", ["info@y.example", "first.last@y.example", "a-b@y.example", "3d@y.example"])
def test_an_address_is_one_word_whatever_it_begins_with(written: str) -> None:
    assert [(one.key, one.role) for one in tokens_of(f"Write to {written}.")][2:] == [(written, "email")]


@pytest.mark.parametrize(("written", "key"), [("US", "usa"), ("us", "us"), ("cannot", "can"), ("cant", "can")])
def test_a_word_that_is_another_when_it_is_looked_up_is_that_one(written: str, key: str) -> None:
    assert tokens_of(f"ask {written}")[1].key == key


@pytest.mark.parametrize(
    ("text", "language", "part"),
    [
        ("Half of your Fee is kept.", "en", 50), ("THREE QUARTERS OF it", "en", 75), ("a fifth of it", "en", 20),
        ("one tenth of it", "en", 10), ("a quarter of it", "en", 25), ("zur Hälfte", "de", 50),
        ("drei Viertel davon", "de", 75), ("zwei Drittel davon", "de", 67), ("la moitié", "fr", 50),
        ("trois quarts", "fr", 75), ("deux tiers", "fr", 67), ("la cuarta parte", "es", 25), ("la mitad", "es", 50),
        ("dos tercios", "es", 67), ("de helft", "nl", 50), ("driekwart", "nl", 75), ("twee derde", "nl", 67),
    ],
)  # fmt: skip
def test_a_part_of_a_whole_is_read(text: str, language: str, part: int) -> None:
    assert f"percent {part} %" in {value for value, _ in values_in(text, language).values()}


@pytest.mark.parametrize("language", PARTS)
def test_a_part_of_a_whole_is_known_by_letters_that_all_its_forms_have(language: str) -> None:
    for sign, pattern, _ in PARTS[language]:
        assert sign in pattern
        assert "|" not in re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)\??", "", pattern), pattern


def test_a_sentence_that_lacks_a_word_is_not_read_to_find_out_that_it_says_all() -> None:
    others = "".join(f" We show garage camera {number} to our drivers." for number in range(40))
    restating._said_by.cache_clear()

    compare(f"# Mail\n\nHello.{others}", f"# Mail\n\nHello. We show garage fingerprints to our drivers.{others}")

    assert restating._said_by.cache_info().misses == 0

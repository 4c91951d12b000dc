"""The same quantity, written otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.edits.operator import Edits, Operator, either, harmless
from tests.edits.operators.numbers import QUANTITY
from tests.edits.sentence import Sentence
from tests.edits.words import GERMAN_MONTHS_AS_YEARS, MONTHS_AS_YEARS, VALUES, WORDS, written

EURO_WORD = {"en": "euros", "de": "Euro", "fr": "euros", "es": "euros"}
PERCENT_WORD = {"en": "percent", "de": "Prozent", "fr": "pour cent", "es": "por ciento"}


Way = Callable[[str, str], Iterator[str]]
"""A text of a language → the same written otherwise."""


def same(kinds: tuple[str, ...], *ways: Way) -> Edits:
    """Each way of `ways` writes the text of a slot otherwise; both directions are edits."""

    def pairs(sentence: Sentence) -> Iterator[tuple[str, str]]:
        for at, slot in sentence.slots(*kinds) if sentence.form != "code" else ():
            for way in ways:
                for other in way(slot.options[0], sentence.language):
                    new = sentence.render({at: other})
                    yield from ((sentence.text, new), (new, sentence.text))

    return pairs


def as_word(text: str, language: str) -> Iterator[str]:
    """30 days → thirty days."""
    found = QUANTITY.match(text)
    word = found and found["digits"] and written(int(found["digits"]), language)
    if found and word:
        yield f"{word} {found['unit']}"


def as_digits(text: str, language: str) -> Iterator[str]:
    """thirty days → 30 days."""
    found = QUANTITY.match(text)
    if found and found["alone"] and found["alone"].lower() in VALUES[language]:
        yield f"{VALUES[language][found['alone'].lower()]} {found['unit']}"


def as_both(text: str, language: str) -> Iterator[str]:
    """30 days → thirty (30) days."""
    found = QUANTITY.match(text)
    if found is None or found["both"]:
        return
    number = int(found["digits"]) if found["digits"] else VALUES[language].get((found["alone"] or "").lower())
    if number in WORDS[language]:
        yield f"{WORDS[language][number]} ({number}) {found['unit']}"


def word_alone(text: str, language: str) -> Iterator[str]:
    """thirty (30) days → thirty days; → 30 days."""
    found = QUANTITY.match(text)
    if found and found["both"]:
        yield from (f"{found['word']} {found['unit']}", f"{found['both']} {found['unit']}")


def as_years(text: str, language: str) -> Iterator[str]:
    """24 months → two years."""
    found = QUANTITY.match(text)
    number = found and (int(found["digits"]) if found["digits"] else VALUES[language].get(found["alone"] or "", 0))
    if not found or not number or number % 12 or number == 12:
        return
    months = GERMAN_MONTHS_AS_YEARS if language == "de" else dict([MONTHS_AS_YEARS[language]])
    if found["unit"] in months:
        yield f"{WORDS[language][number // 12]} {months[found['unit']]}"


def count_as_word(text: str, language: str) -> Iterator[str]:
    """5 → five."""
    word = written(int(text), language) if text.isdigit() else None
    if word:
        yield word


def money_otherwise(text: str, language: str) -> Iterator[str]:
    """€5 → EUR 5, 5 euros; US$5 → $5."""
    amount = re.search(r"[\d.,  ]*\d", text)
    if not amount:
        return
    if "€" in text:
        yield from (f"{amount[0].strip()} {EURO_WORD[language]}", f"EUR {amount[0].strip()}")
    elif text.startswith("£"):
        yield f"GBP {amount[0]}"


def percent_otherwise(text: str, language: str) -> Iterator[str]:
    """2.9 % → 2.9%, 2.9 percent."""
    number = re.sub(r"[%\s]+$", "", text)
    if text.endswith("%"):
        yield f"{number} {PERCENT_WORD[language]}"
        yield f"{number}%" if text != f"{number}%" else f"{number} %"


def thousands_otherwise(text: str, language: str) -> Iterator[str]:
    """1,000 → 1000."""
    bare = re.sub(r"(?<=\d)[.,  ](?=\d{3}(?!\d))", "", text)
    if bare != text:
        yield bare


def hour_otherwise(text: str, language: str) -> Iterator[str]:
    """17:00 → 5 pm, 17.00."""
    found = re.fullmatch(r"(\d{1,2}):(\d\d)", text)
    if not found:
        return
    hour, minutes = int(found[1]), "" if found[2] == "00" else f":{found[2]}"
    if language == "en":
        yield f"{(hour - 1) % 12 + 1}{minutes} {'pm' if hour >= 12 else 'am'}"
    elif language == "fr":
        yield f"{hour} h {found[2]}" if minutes else f"{hour} h"
    else:
        yield f"{found[1]}.{found[2]}"


def range_otherwise(text: str, language: str) -> Iterator[str]:
    """1-2 → 1–2."""
    if re.search(r"\d-\d", text):
        yield re.sub(r"(\d)-(\d)", r"\1–\2", text)


def closer(text: str, language: str) -> Iterator[str]:
    """25 MB → 25MB."""
    if language == "en" and re.fullmatch(r"\d+ [A-Z]{2}", text):
        yield text.replace(" ", "")


PERIOD = same(("dur",), as_word, as_digits, as_both, word_alone)

OPERATORS: tuple[Operator, ...] = (
    harmless("notation", "number-otherwise", "30, thirty, thirty (30)", PERIOD),
    harmless("notation", "months-as-years", "24 months are two years", same(("dur",), as_years)),
    harmless("notation", "count-otherwise", "5 is five", same(("n",), count_as_word)),
    harmless("notation", "money-otherwise", "€5 is 5 euros", same(("money",), money_otherwise)),
    harmless("notation", "percent-otherwise", "2 % is 2 percent", same(("pct",), percent_otherwise)),
    harmless("notation", "thousands-otherwise", "1,000 is 1000", same(("money", "big"), thousands_otherwise)),
    harmless("notation", "hour-otherwise", "17:00 is 5 pm", same(("time",), hour_otherwise)),
    harmless("notation", "range-otherwise", "a dash for a hyphen", same(("range",), range_otherwise)),
    harmless("notation", "size-otherwise", "a space between number and unit", same(("size",), closer)),
    harmless("notation", "date-otherwise", "the same day", either("samedate")),
    harmless("notation", "quantity-otherwise", "the same quantity, as the author has it", either("samequant")),
)  # fmt: skip

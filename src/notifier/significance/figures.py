"""Numbers as a lawyer reads them: `thirty (30) days`, `30` and `30th` are one figure, 30 and 60 are two."""

from __future__ import annotations

import re
from collections.abc import Iterable

NUMBER_WORDS = {
    word: float(value)
    for value, words in {
        0: "zero null nul", 1: "one", 2: "two zwei deux dos twee", 3: "three drei trois tres drie",
        4: "four vier quatre cuatro", 5: "five fünf cinq cinco vijf", 6: "six sechs seis zes",
        7: "seven sieben sept siete zeven", 8: "eight acht huit ocho", 9: "nine neun neuf nueve negen",
        10: "ten zehn dix diez tien", 11: "eleven elf onze once", 12: "twelve zwölf douze doce twaalf",
        13: "thirteen dreizehn treize trece dertien", 14: "fourteen vierzehn quatorze catorce veertien",
        15: "fifteen fünfzehn quinze vijftien", 16: "sixteen sechzehn seize dieciséis zestien",
        18: "eighteen achtzehn dieciocho achttien", 20: "twenty zwanzig vingt veinte twintig",
        21: "twenty-one", 24: "twenty-four", 30: "thirty dreißig trente treinta dertig",
        36: "thirty-six", 45: "forty-five", 48: "forty-eight", 60: "sixty sechzig soixante sesenta zestig",
        72: "seventy-two", 90: "ninety neunzig noventa negentig", 100: "hundred hundert cent cien honderd",
        180: "one-hundred-eighty", 1000: "thousand tausend mille mil duizend",
    }.items()
    for word in words.split()
}  # fmt: skip
"""`a`, `un` and `ein` are left out: they are articles first."""
FIGURE = re.compile(r"(\d{1,3}(?:[.,\s]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)(st|nd|rd|th|er|º|ª)?(%|[a-z]{1,2})?$")
YEAR = re.compile(r"(?:19|20)\d\d$")


def figure(word: str) -> float | None:
    """What a word in lower case says as a number; None when it is none."""
    if not word[:1].isdigit():
        return NUMBER_WORDS.get(word)
    match = FIGURE.match(word)
    if match is None:
        return None
    digits = match[1]
    thousands = re.fullmatch(r"\d{1,3}(?:[.,\s]\d{3})+", digits)
    return float(re.sub(r"[.,\s]", "", digits)) if thousands else float(digits.replace(",", "."))


def figures(words: Iterable[str]) -> set[float]:
    """The numbers among words in lower case."""
    return {value for word in words if (value := figure(word)) is not None}


def is_year(word: str) -> bool:
    return YEAR.match(word) is not None

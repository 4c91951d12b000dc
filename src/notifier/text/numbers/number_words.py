"""Numbers in letters, in every language that rules are written for: each form of each number to 999, spelled out once.

A form is looked up, not parsed: so what is no number is never read as one, and `soixante-dix`, `septante`,
`einundzwanzig` and `veintiún` cost the same. Larger ones are forms joined by `thousand` and `million`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from itertools import product
from typing import NamedTuple

LANGUAGES = ("en", "de", "fr", "es", "nl")


class NumberWords(NamedTuple):
    """One language's numbers. Keys are in lower case, their words parted by one space, without `connectors`."""

    cardinals: Mapping[str, Decimal]
    ordinals: Mapping[str, int]
    scales: Mapping[str, int]
    """What multiplies the number before it, or stands for one of itself."""
    fractions: Mapping[str, int]
    """Denominators: `two thirds`."""
    halves: frozenset[str]
    """`half a year`, and behind a number: `two and a half`."""
    articles: frozenset[str]
    """Words for one that are an article first."""
    connectors: frozenset[str]
    inner: frozenset[str]
    """Every word that a number is made of."""


@cache
def number_words(language: str) -> NumberWords | None:
    """The numbers of a language tag's language; None where they are not known. Made when first asked for (3 ms)."""
    code = language[:2].lower()
    if code not in LANGUAGES:
        return None
    below_hundred = _BELOW_HUNDRED[code]()
    cardinals: dict[str, Decimal] = {
        word: Decimal(value) for word, value in (_with_hundreds(below_hundred, code) | _words(_MORE[code])).items()
    }
    cardinals |= {word: value + Decimal("0.5") for word, value in _with_half(code, below_hundred)}
    ordinals = dict(_ordinals(code, below_hundred))
    return NumberWords(
        cardinals,
        ordinals,
        _words(_SCALES[code]),
        _words(_FRACTIONS[code]),
        frozenset(_HALVES[code].split()),
        frozenset(_ARTICLES[code].split()),
        frozenset(_CONNECTORS[code].split()),
        frozenset(word for form in (*cardinals, *ordinals) for word in form.split(" ")),
    )


def _words(listed: str) -> dict[str, int]:
    """`0 zero nil 1 one` → each word with the number before it."""
    found: dict[str, int] = {}
    number = 0
    for word in listed.split():
        if word.isdigit():
            number = int(word)
        else:
            found[word.replace("_", " ")] = number
    return found


_UNITS = {
    "en": "1 one 2 two 3 three 4 four 5 five 6 six 7 seven 8 eight 9 nine",
    "de": "1 ein 2 zwei zwo 3 drei 4 vier 5 fünf fuenf 6 sechs 7 sieben 8 acht 9 neun",
    "fr": "1 un une 2 deux 3 trois 4 quatre 5 cinq 6 six 7 sept 8 huit 9 neuf",
    "es": "1 uno una un 2 dos 3 tres 4 cuatro 5 cinco 6 seis 7 siete 8 ocho 9 nueve",
    "nl": "1 een één 2 twee 3 drie 4 vier 5 vijf 6 zes 7 zeven 8 acht 9 negen",
}
_TEENS = {
    "en": "10 ten 11 eleven 12 twelve 13 thirteen 14 fourteen 15 fifteen 16 sixteen 17 seventeen 18 eighteen "
    "19 nineteen",
    "de": "10 zehn 11 elf 12 zwölf zwoelf 13 dreizehn 14 vierzehn 15 fünfzehn fuenfzehn 16 sechzehn 17 siebzehn "
    "18 achtzehn 19 neunzehn",
    "fr": "10 dix 11 onze 12 douze 13 treize 14 quatorze 15 quinze 16 seize 17 dix_sept 18 dix_huit 19 dix_neuf",
    "es": "10 diez 11 once 12 doce 13 trece 14 catorce 15 quince 16 dieciséis dieciseis 17 diecisiete 18 dieciocho "
    "19 diecinueve",
    "nl": "10 tien 11 elf 12 twaalf 13 dertien 14 veertien 15 vijftien 16 zestien 17 zeventien 18 achttien "
    "19 negentien",
}
_TENS = {
    "en": "20 twenty 30 thirty 40 forty fourty 50 fifty 60 sixty 70 seventy 80 eighty 90 ninety",
    "de": "20 zwanzig 30 dreißig dreissig 40 vierzig 50 fünfzig fuenfzig 60 sechzig 70 siebzig 80 achtzig 90 neunzig",
    "fr": "20 vingt 30 trente 40 quarante 50 cinquante 60 soixante 70 septante "
    "80 huitante octante quatre_vingt quatre_vingts 90 nonante",
    "es": "30 treinta 40 cuarenta 50 cincuenta 60 sesenta 70 setenta 80 ochenta 90 noventa",
    "nl": "20 twintig 30 dertig 40 veertig 50 vijftig 60 zestig 70 zeventig 80 tachtig 90 negentig",
}
_MORE = {
    "en": "0 zero nil",
    "de": "0 null 1 eins eine einen einem einer eines",
    "fr": "0 zéro zero",
    "es": "0 cero",
    "nl": "0 nul",
}
_ARTICLES = {"en": "a an", "de": "ein eine einen einem einer eines", "fr": "un une", "es": "un una", "nl": "een"}
_CONNECTORS = {"en": "and", "de": "und", "fr": "et", "es": "y", "nl": "en"}
_SCALES = {
    "en": "12 dozen 1000 thousand 1000000 million millions 1000000000 billion billions",
    "de": "12 dutzend 1000 tausend 1000000 million millionen mio 1000000000 milliarde milliarden mrd",
    "fr": "1000 mille 1000000 million millions 1000000000 milliard milliards",
    "es": "12 docena docenas 1000 mil 1000000 millón millones",
    "nl": "12 dozijn 1000 duizend 1000000 miljoen mln 1000000000 miljard mld",
}
_FRACTIONS = {
    "en": "2 half halves 3 third thirds 4 quarters fourth fourths 5 fifth fifths 8 eighths 10 tenth tenths",
    "de": "3 drittel 4 viertel 5 fünftel 10 zehntel",
    "fr": "3 tiers 4 quart quarts 5 cinquième cinquièmes 10 dixième dixièmes",
    "es": "3 tercio tercios 4 cuarto cuartos 5 quinto quintos 10 décimo décimos",
    "nl": "3 derde 4 kwart 5 vijfde 10 tiende",
}
_HALVES = {
    "en": "half",
    "de": "halb halbe halbes halber halben halbem",
    "fr": "demi demie",
    "es": "medio media",
    "nl": "half halve",
}
_SPANISH_HUNDREDS = "doscient trescient cuatrocient quinient seiscient setecient ochocient novecient"


def _hundreds(code: str) -> dict[str, int]:
    if code == "es":
        stems = enumerate(_SPANISH_HUNDREDS.split(), 2)
        return {"ciento": 100, "cien": 100} | {f"{stem}{end}": 100 * n for n, stem in stems for end in ("os", "as")}
    words = {"en": (" hundred",), "de": ("hundert",), "fr": (" cent", " cents"), "nl": ("honderd",)}[code]
    one = {word.strip(): 100 for word in words if word != " cents"}
    return one | {f"{unit}{word}": 100 * n for unit, n in _words(_UNITS[code]).items() for word in words}


def _simple(code: str) -> dict[str, int]:
    return _words(_UNITS[code]) | _words(_TEENS[code]) | _words(_TENS[code])


def _english() -> dict[str, int]:
    pairs = product(_words(_TENS["en"]).items(), _words(_UNITS["en"]).items())
    return _simple("en") | {f"{ten} {unit}": tens + units for (ten, tens), (unit, units) in pairs}


def _german() -> dict[str, int]:
    pairs = product(_words(_UNITS["de"]).items(), _words(_TENS["de"]).items())
    return _simple("de") | {f"{unit}und{ten}": tens + units for (unit, units), (ten, tens) in pairs}


def _dutch() -> dict[str, int]:
    """`tweeëntwintig`, `eenentwintig`: the trema where two vowels meet, and without it as keyboards have it."""
    pairs = product(_words(_UNITS["nl"]).items(), _words(_TENS["nl"]).items(), ("en", "ën"))
    return _simple("nl") | {f"{unit}{link}{ten}": tens + units for (unit, units), (ten, tens), link in pairs}


def _french() -> dict[str, int]:
    """From 60 and 80 on, the teens are added."""
    smaller = _words(_UNITS["fr"]) | _words(_TEENS["fr"])
    pairs = product(_words(_TENS["fr"]).items(), smaller.items())
    return _simple("fr") | {
        f"{ten} {small}": tens + units
        for (ten, tens), (small, units) in pairs
        if units < 10 or ten in ("soixante", "quatre vingt")
    }


def _spanish() -> dict[str, int]:
    """The twenties are one word, with and without their accents."""
    units = _words(_UNITS["es"])
    twenties = {f"veinti{unit}": 20 + number for unit, number in units.items()}
    twenties |= {"veinte": 20, "veintiún": 21, "veintidós": 22, "veintitrés": 23, "veintiséis": 26}
    pairs = product(_words(_TENS["es"]).items(), units.items())
    return _simple("es") | twenties | {f"{ten} {unit}": tens + number for (ten, tens), (unit, number) in pairs}


_BELOW_HUNDRED = {"en": _english, "de": _german, "fr": _french, "es": _spanish, "nl": _dutch}


def _with_hundreds(small: Mapping[str, int], code: str) -> dict[str, int]:
    """Written together in German and Dutch, with or without their `und`; apart in the others."""
    links = {"de": ("", "und", " "), "nl": ("", "en", " ")}.get(code, (" ",))
    found = dict(small)
    for word, hundred in _hundreds(code).items():
        found[word] = hundred
        found |= {f"{word}{link}{rest}": hundred + value for link in links for rest, value in small.items()}
    if code == "de":
        found |= {f"{word}s": value for word, value in found.items() if value % 100 == 1}
    return found


def _with_half(code: str, small: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """`zweieinhalb`, `tweeënhalf`: the whole number of each."""
    if code == "de":
        yield from (("anderthalb", 1), *((f"{word}einhalb", value) for word, value in small.items() if value < 10))
    if code == "nl":
        yield from (("anderhalf", 1), *((f"{word}{link}half", n) for word, n in small.items() for link in ("en", "ën")))


def _ordinals(code: str, cardinals: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """To the thirty-first, as days and items are counted."""
    yield from _words(_ODD_ORDINALS[code]).items()
    odd = set(_words(_ODD_ORDINALS[code]).values())
    for word, value in cardinals.items():
        if not 3 < value < 32 or (value in odd and code != "en"):
            continue
        if code == "en":
            yield from ((f"{word[: -len(end)]}{new}", value) for end, new in _ENGLISH_ORDINALS if word.endswith(end))
        elif code == "de":
            yield from ((f"{word}{'s' * (value > 19)}te{end}", value) for end in ("", "r", "n", "s", "m"))
        elif code == "nl":
            yield f"{word}{'ste' if value in (8, 20, 30, 31) or value > 19 else 'de'}", value
        elif code == "fr":
            yield f"{word.removesuffix('e')}ième", value


_ODD_ORDINALS = {
    "en": "1 first 2 second 3 third 5 fifth 8 eighth 9 ninth 12 twelfth",
    "de": "1 erste erster ersten erstes erstem 2 zweite zweiter zweiten zweites zweitem 7 siebte siebter siebten "
    "siebtes 8 achte achter achten achtes",
    "fr": "1 premier première 2 deuxième 5 cinquième 9 neuvième",
    "es": "1 primer primero primera 2 segundo segunda 4 cuarto cuarta 5 quinto quinta 6 sexto sexta 7 séptimo séptima "
    "8 octavo octava 9 noveno novena 10 décimo décima",
    "nl": "1 eerste 2 tweede",
}
"""German, Spanish and Dutch call other parties by their word for the third: it is left out."""
_ENGLISH_ORDINALS = (
    ("one", "first"), ("two", "second"), ("three", "third"), ("five", "fifth"), ("eight", "eighth"), ("nine", "ninth"),
    ("twelve", "twelfth"), ("y", "ieth"), ("four", "fourth"), ("six", "sixth"), ("seven", "seventh"), ("en", "enth"),
)  # fmt: skip

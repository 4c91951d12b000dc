"""What numbers count: units of time, data, length and money, by their words, each with what it is in its base unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import NamedTuple


class QuantityKind(StrEnum):
    """What a number says."""

    __hash__ = str.__hash__  # that of an enum is written in Python, and asked for at every look-up

    COUNT = "count"  #: So many of something.
    PERCENT = "percent"
    MONEY = "money"
    DURATION = "duration"  #: Base units: second, month, business day; a day is always 24 hours, a year 12 months.
    RATE = "rate"  #: How often: `monthly`, `per month`.
    SIZE = "size"  #: Of data, in bytes (or bits a second).
    MEASURE = "measure"  #: Length, weight, temperature: in the unit as written.
    TIME = "time"  #: Of day, in minutes since midnight.
    DATE = "date"  #: As 20180501; a month as 201805, a day of any year as 501, a year as 2018.
    ORDINAL = "ordinal"
    REFERENCE = "reference"  #: Of a section, article or item: where something stands, not how much it is.
    VERSION = "version"  #: Whatever else digits spell: its unit is how it is written.


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


class Unit(NamedTuple):
    """A unit of a kind: `factor` of its base unit."""

    kind: QuantityKind
    base: str
    factor: Decimal = Decimal(1)


_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "fortnight": 1209600}
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
_TIME_WORDS = {
    "second": "second seconds sec secs sekunde sekunden seconde secondes segundo segundos seconden",
    "minute": "minute minutes min mins minuten minuto minutos minuut minütig",
    "hour": "hour hours hr hrs h stunde stunden std heure heures hora horas uur uren stündig stündige",
    "day": "day days tag tage tagen tags jour jours día días dag dagen daags daagse",
    "week": "week weeks wk wks woche wochen semaine semaines semana semanas weken weekse",
    "fortnight": "fortnight fortnights quinzaine",
    "month": "month months mth mths mo monat monate monaten monats mois mes meses maand maanden maands maandse",
    "quarter": "quarter quarters quartal quartale quartalen quartals trimestre trimestres kwartaal kwartalen",
    "year": "year years yr yrs annum jahr jahre jahren jahres an ans année années año años jaar jaren jarig jarige",
    "decade": "decade decades jahrzehnt jahrzehnte jahrzehnten décennie décennies década décadas",
}
_GERMAN_ENDINGS = {"tägig": "day", "wöchig": "week", "monatig": "month", "jährig": "year"}
_ADVERBS = {
    "hour": "hourly stündlich",
    "day": "daily täglich quotidiennement quotidien quotidienne diario diaria diariamente dagelijks dagelijkse",
    "week": "weekly wöchentlich hebdomadaire semanal semanalmente wekelijks wekelijkse",
    "fortnight": "fortnightly",
    "month": "monthly monatlich mensuel mensuelle mensuellement mensual mensualmente maandelijks maandelijkse",
    "quarter": "quarterly vierteljährlich trimestriel trimestrielle trimestral trimestralmente",
    "year": "yearly annually annual jährlich annuel annuelle annuellement anual anualmente jaarlijks jaarlijkse",
}
EVERY = _words("per every each pro je jede jeden jedes jeder par chaque por cada elke elk iedere ieder")
"""Before a unit of time: how often."""
TIMES = _words("once twice times einmal zweimal mal fois vez veces keer eenmaal tweemaal")
BUSINESS = _words("""
    business working werktage werktagen werktag arbeitstage arbeitstagen arbeitstag bankarbeitstage ouvrables
    ouvrable ouvrés ouvré hábiles hábil laborables laborable werkdagen werkdag
""")
_BUSINESS_DAYS = frozenset(word for word in BUSINESS if "tag" in word or "dag" in word)
CALENDAR = _words("""
    calendar consecutive full whole calendaires consécutifs naturales consecutivos volle vollen
""")
"""They qualify days without making them others."""
_CALENDAR_DAYS = "kalendertag kalendertage kalendertagen kalenderdag kalenderdagen"
_PERCENT = "% percent pct prozent pourcent procent percentage vom_hundert"
_MONEY = {
    "USD": "$ us$ usd dollar dollars dólar dólares",
    "EUR": "€ eur euro euros",
    "GBP": "£ gbp pound pounds sterling pfund",
    "JPY": "¥ jpy yen",
    "CHF": "chf sfr franken francs franc",
    "CNY": "cn¥ cny rmb yuan",
    "INR": "₹ inr rs rupee rupees",
    "CAD": "c$ ca$ cad",
    "AUD": "a$ au$ aud",
    "NZD": "nz$ nzd",
    "HKD": "hk$ hkd",
    "SGD": "s$ sgd",
    "BRL": "r$ brl reais",
    "MXN": "mx$ mxn pesos peso",
    "RUB": "₽ rub руб",
    "KRW": "₩ krw won",
    "TRY": "₺ try",
    "UAH": "₴ uah",
    "PLN": "zł pln złoty złotych",
    "CZK": "kč czk",
    "SEK": "sek",
    "NOK": "nok",
    "DKK": "dkk",
    "kr": "kr kronor kroner",
    "cent": "cent cents ct ¢ pence céntimos centimes",
}
_BYTES = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_BYTE_WORDS = {"k": "kilo", "m": "mega", "g": "giga", "t": "tera", "p": "peta"}
_MEASURES = {
    "km": "km kilometer kilometers kilometre kilometres kilomètres kilómetros",
    "m": "meter meters metre metres mètre mètres metro metros",
    "cm": "cm centimeter centimeters centimetres",
    "mm": "mm",
    "mile": "mile miles mi meilen",
    "foot": "foot feet ft",
    "inch": "inch inches",
    "kg": "kg kilogram kilograms kilogramm",
    "g": "gram grams gramm grammes",
    "lb": "lb lbs",
    "px": "px pixel pixels",
    "hertz": "hz",
    "°C": "°c",
    "°F": "°f",
}


ONLY_IN = {"an": "fr", "tags": "de", "mes": "es", "mal": "de"}
"""Words that count something else in other languages: five tags are no five days."""
OCTETS = {"Ko": "kb", "Mo": "mb", "Go": "gb", "To": "tb"}
"""As the French write bytes; in lower case they are words."""
BITS = {"Kb": "kbit", "Mb": "mbit", "Gb": "gbit", "Tb": "tbit"}
"""Eight of them are a byte: `5 Gb` are no `5 GB`."""


@cache
def units() -> Mapping[str, Unit]:
    """Every unit by each of its words, in lower case."""
    return dict(_units())


def _units() -> Iterator[tuple[str, Unit]]:
    for name, words in _TIME_WORDS.items():
        yield from ((word, duration(name)) for word in words.split())
    for stem, name in _GERMAN_ENDINGS.items():
        yield from ((stem + end, duration(name)) for end in ("", "e", "en", "er", "es", "em"))
    yield from ((word, duration("day")) for word in _CALENDAR_DAYS.split())
    yield from (
        (word, Unit(QuantityKind.DURATION, "business day")) for word in BUSINESS if word[-1] != "s" and "ag" in word
    )
    yield from ((word, Unit(QuantityKind.PERCENT, "%")) for word in _PERCENT.split())
    yield "‰", Unit(QuantityKind.PERCENT, "%", Decimal("0.1"))
    for code, words in _MONEY.items():
        yield from ((word, Unit(QuantityKind.MONEY, code)) for word in words.split())
    yield from _sizes()
    for name, words in _MEASURES.items():
        yield from ((word, Unit(QuantityKind.MEASURE, name)) for word in words.split())


def duration(name: str) -> Unit:
    """A span of time, in seconds or months."""
    if name in _SECONDS:
        return Unit(QuantityKind.DURATION, "second", Decimal(_SECONDS[name]))
    return Unit(QuantityKind.DURATION, "month", Decimal(_MONTHS[name]))


def _sizes() -> Iterator[tuple[str, Unit]]:
    for prefix, power in _BYTES.items():
        size = Unit(QuantityKind.SIZE, "byte", Decimal(1000**power))
        bits = Unit(QuantityKind.SIZE, "bit/s", Decimal(1000**power))
        if prefix:
            yield f"{prefix}b", size
            yield f"{prefix}ib", Unit(QuantityKind.SIZE, "byte", Decimal(1024**power))
            yield f"{prefix}bps", bits
            yield f"{prefix}bit", Unit(QuantityKind.SIZE, "bit", Decimal(1000**power))
        word = _BYTE_WORDS.get(prefix, "")
        yield from ((f"{word}{end}", size) for end in ("byte", "bytes", "octet", "octets"))


@cache
def adverbs() -> Mapping[str, Unit]:
    """`monthly` and its like: the unit of time that each repeats by."""
    found = {word: duration(name) for name, words in _ADVERBS.items() for word in words.split()}
    return {
        word + end: unit for word, unit in found.items() for end in ("", *(_ENDINGS if word.endswith("lich") else ()))
    }


_ENDINGS = ("e", "en", "er", "es", "em")


def money_before(word: str) -> Unit | None:
    """The currency that stands before an amount: a sign, or a code in capitals."""
    unit = units().get(word.lower())
    is_code = word.isupper() or not word.isalpha() or word in ("Rs", "Fr")
    return unit if unit and unit.kind is QuantityKind.MONEY and is_code else None


REFERENCES = _words("""
    section sections sec secs article articles art arts clause clauses paragraph paragraphs para paras
    subsection annex appendix schedule exhibit chapter part no nos number § rule regulation directive law act
    iso rfc step page form title item artikel abs absatz nr ziffer ziff satz anlage anhang kapitel seite nummer
    lit buchstabe alinéa al chapitre annexe loi règlement n artículo artículos apartado anexo capítulo ley núm
    número lid bijlage hoofdstuk onderdeel punt nrs
""")
"""A number behind one of these says where something stands."""
VERSIONS = _words("version v ver tls ssl http release ios android fassung versión versie")

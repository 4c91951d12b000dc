"""Reads a text's numbers, word by word: what begins one, how far it goes, and what it counts."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from notifier.text.numbers.counted import currency_before, unit_behind, without_owner
from notifier.text.numbers.digits import PARTS, digits_value, fraction_value, time_value
from notifier.text.numbers.number_tokens import NumberTokens
from notifier.text.numbers.number_words import NumberWords, number_words
from notifier.text.numbers.spelled import SpelledNumbers
from notifier.text.numbers.units import (
    EVERY,
    REFERENCES,
    TIMES,
    VERSIONS,
    QuantityKind,
    Unit,
    adverbs,
    duration,
    money_before,
)


class NumberSpan(NamedTuple):
    """A number found: `value` in its base unit, which is `factor` times what was written."""

    kind: QuantityKind
    value: Decimal
    unit: str
    start: int
    end: int
    factor: Decimal = Decimal(1)

    @property
    def measure(self) -> tuple[QuantityKind, str, Decimal]:
        return self.kind, self.unit, self.value

    def counting(self, other: NumberSpan) -> NumberSpan:
        """This number, of what the other counts."""
        value = self.value * other.factor
        return self._replace(kind=other.kind, value=value, unit=other.unit, factor=other.factor)


_WHITE = re.compile(r"[\s*_~`]{0,6}")
_OPENED = re.compile(r"[\s*_]{0,4}[(\[]\s*")
_CLOSED = re.compile(r"\s*[)\]]")
_TO_REFERENCE = re.compile(r"[.:#]?[\s\xa0]*[(#]?")
_CLOCK = re.compile(r"\s?(?:(?P<half>[ap])\.?\s?m\b\.?|o['’]clock\b)", re.I)
_CLOCKS = {"de": re.compile(r"\s?uhr\b", re.I), "fr": re.compile(r"\s?h\s?(?P<minutes>\d\d)(?!\d)", re.I)}
_ENUMERATOR = re.compile(r"[\s*_(#>•-]*")
_PLACE = re.compile(r"\d+\.(?:\d*0|\d+)")
_BEFORE_DIGITS = VERSIONS | REFERENCES
_ORDINAL_ENDINGS = {
    "en": ("st", "nd", "rd", "th"), "fr": ("er", "ère", "re", "e", "ème", "eme"), "es": ("º", "ª", "er"),
    "nl": ("ste", "de", "e"), "it": ("º", "ª"), "pt": ("º", "ª"),
}  # fmt: skip
_SHORT_SCALES = {"k": 1000, "K": 1000, "M": 10**6, "bn": 10**9}
_ABBREVIATED_SCALES = frozenset(("mio", "mrd", "mln", "mld", "tsd"))
_EAST_ASIAN = "\u2e80"
"""From here on letters follow digits without a space."""
_HALF = Decimal("0.5")
_IN_BRACKETS_UP_TO = 20
"""A smaller number alone in brackets counts items: `(1) we …`."""
_NOT_ONE = frozenset(("no", "any", "each", "every", "which", "this", "that", "the", "another", "some"))
_NOT_ONE_BEFORE = frozenset(("another", "of", "or", "who"))
_COUNTED_BY_ARTICLES = (QuantityKind.DURATION, QuantityKind.MONEY)
_SHORTEST_COMPOUND = 7
_STEMS = {"t": "day", "w": "week", "m": "month", "j": "year", "s": "hour"}
_YEARS = range(1900, 2100)
_GERMAN_COMPOUND = re.compile(
    r"(?P<number>\w+?)(?P<unit>tage?s?|wochen|monats?|monate|jahres?|stunden"
    r"|(?:täg|wöch|monat|jähr|stünd)ig(?:e[nrsm]?)?)(?:frist|zeitraum|periode|vertrag|abo)?\w{0,3}"
)


def read_numbers(text: str, language: str) -> list[NumberSpan]:
    """Every number in a text, in order."""
    return _NumberReader(NumberTokens(text, language), number_words(language)).read()


_NO_WORDS = NumberWords({}, {}, {}, {}, frozenset(), frozenset(), frozenset(), frozenset())


@cache
def _starts(code: str) -> frozenset[str]:
    """The words that a number can begin with."""
    known = number_words(code)
    if known is None:
        return frozenset()
    return known.inner | known.halves | known.articles | known.scales.keys() | EVERY | adverbs().keys()


class _NumberReader:
    """`taken`: up to where the text is read already."""

    def __init__(self, tokens: NumberTokens, known: NumberWords | None) -> None:
        self.tokens, self.text = tokens, tokens.text
        self.words, self.places = tokens.words, tokens.places
        self.known = known or _NO_WORDS
        self.spelled = SpelledNumbers(tokens, self.known)
        self.taken = 0

    def read(self) -> list[NumberSpan]:
        found: list[NumberSpan] = []
        starts, is_compounding = _starts(self.tokens.code), self.tokens.code in ("de", "nl")
        for at, word in enumerate(self.words):
            span: NumberSpan | None = None
            if word[0].isdecimal() or word in PARTS:
                span = self._digits(at) if self.places[at][0] >= self.taken else None
            elif word in starts:
                span = self._letters(at) if self.places[at][0] >= self.taken else None
            elif is_compounding and len(word) > _SHORTEST_COMPOUND:
                span = self._compound(at)
            if span is not None:
                found.append(span)
                self.taken = span.end
        return found

    def _letters(self, at: int) -> NumberSpan | None:
        word, (start, end) = self.words[at], self.places[at]
        if word in adverbs():
            return _span(QuantityKind.RATE, Decimal(1), adverbs()[word], start, end)
        if word in EVERY:
            return self._rate(at)
        ordinal = self._ordinal(at)
        if ordinal is not None:
            return ordinal
        found = self.spelled.number_at(at)
        if word in self.known.articles or word == "one":
            return self._one(at) if found is None or found[1] == at + 1 else self._counted(at, *found)
        if found is None:
            return self._half_of(at) if word in self.known.halves else None
        return self._counted(at, *found)

    def _one(self, at: int) -> NumberSpan | None:
        """Articles count units of time and money, and what brackets behind them repeat; `one` is often a pronoun."""
        word, end = self.words[at], self.tokens.end(at)
        is_article = word != "one"
        part = self._fraction(Decimal(1), at + 1, end)
        if part is not None and not is_article:
            return part._replace(start=self.places[at][0])
        unit, _, _ = unit_behind(self.tokens, at + 1, end)
        if unit is not None and (not is_article or self._is_counted_by_article(at, unit)):
            is_rate = is_article and (self._is_behind_number(at) or (at > 0 and self.words[at - 1] in TIMES))
            return self._rate(at) if is_rate else self._counted(at, Decimal(1), at + 1)
        is_repeated = self._repeated(Decimal(1), at + 1, end)[1] > end
        is_pronoun = is_article or self.tokens.word(at + 1, end) in _NOT_ONE_BEFORE
        if not is_repeated and (is_pronoun or (at > 0 and self.words[at - 1] in _NOT_ONE)):
            return None
        return self._counted(at, Decimal(1), at + 1)

    def _is_counted_by_article(self, at: int, unit: Unit) -> bool:
        following = without_owner(self.words[at + 1])
        is_other = self.words[at] in ("a", "an") and following in ("second", "quarter")
        return unit.kind in _COUNTED_BY_ARTICLES and following.isalpha() and not is_other

    def _is_behind_number(self, at: int) -> bool:
        return self.taken > 0 and not self.text[self.taken : self.places[at][0]].strip(" \xa0/")

    def _rate(self, at: int) -> NumberSpan | None:
        unit, _, end = unit_behind(self.tokens, at + 1, self.tokens.end(at))
        if unit is None or unit.kind is not QuantityKind.DURATION:
            return None
        return _span(QuantityKind.RATE, Decimal(1), unit, self.places[at][0], end)

    def _ordinal(self, at: int) -> NumberSpan | None:
        for length in (2, 1):
            value = self.known.ordinals.get(" ".join(self.words[at : at + length]))
            if value is None or (length == 2 and not self.tokens.follows(at + 1)) or self._is_third_party(at):
                continue
            end = self.tokens.end(at + length - 1)
            return NumberSpan(QuantityKind.ORDINAL, Decimal(value), "", self.places[at][0], end)
        return None

    def _is_third_party(self, at: int) -> bool:
        return self.words[at] == "third" and self.tokens.word(at + 1, self.tokens.end(at)).startswith("part")

    def _half_of(self, at: int) -> NumberSpan | None:
        """`half a year`, `halbes Jahr`, `half of`."""
        start, end = self.places[at]
        after = at + 1
        if self.tokens.word(after, end) == "of":
            return NumberSpan(QuantityKind.COUNT, _HALF, "", start, end)
        if self.tokens.word(after, end) in self.known.articles:
            after, end = after + 1, self.tokens.end(after)
        unit, _, end = unit_behind(self.tokens, after, end)
        if unit is None or unit.kind is not QuantityKind.DURATION:
            return None
        return _span(QuantityKind.DURATION, _HALF, unit, start, end)

    def _compound(self, at: int) -> NumberSpan | None:
        """`Dreißigtagefrist`, `zweijährig`, `zweitausendfünfhundert`."""
        thousands = self.spelled.thousands_in(self.words[at])
        if thousands is not None:
            return self._counted(at, thousands, at + 1)
        found = _GERMAN_COMPOUND.fullmatch(self.words[at])
        value = self.known.cardinals.get(found["number"]) if found else None
        if found is None or value is None:
            return None
        return _span(QuantityKind.DURATION, value, duration(_STEMS[found["unit"][0]]), *self.places[at])

    def _digits(self, at: int) -> NumberSpan:
        start, end = self.places[at]
        name = self._name_before(at)
        clock = self._clock(at)
        if name is not None or clock is not None:
            return clock or self._literal(start if name is None else name, end)
        written = self.text[start:end]
        value = fraction_value(written) or digits_value(written, self.tokens.language)
        if value is None or self.tokens.before(at, _WHITE) in VERSIONS:
            return self._literal(start, end)
        behind = self.words[at + 1] if at + 1 < len(self.words) and self.places[at + 1][0] == end else ""
        if behind and behind in _ORDINAL_ENDINGS.get(self.tokens.code, ()):
            return NumberSpan(QuantityKind.ORDINAL, value, "", start, self.tokens.end(at + 1))
        if behind[:1].isalpha() and behind < _EAST_ASIAN and not self._is_suffix(at + 1):
            return self._literal(start, self.tokens.end(at + 1))
        return self._counted(at, value, at + 1)

    def _is_suffix(self, at: int) -> bool:
        """Whether letters right behind digits say what they count: `5GB`, `10k`, `16s`; `2FA` and `4G` are names."""
        written = self.tokens.written(at)
        return (
            written == "s"
            or self._short_scale(at) > 1
            or unit_behind(self.tokens, at, self.places[at][0])[0] is not None
        )

    def _short_scale(self, at: int) -> int:
        """`10k`; `$5M`, where without a currency it might be anything."""
        written = self.tokens.written(at)
        is_money = written != "M" or currency_before(self.tokens, at - 1, self.taken) is not None
        return _SHORT_SCALES.get(written, 1) if is_money else 1

    def _name_before(self, at: int) -> int | None:
        """Where a name begins of which these digits are a part: `B2`, `AES-256`; `v2` and `EUR5` are none."""
        if at == 0:
            return None
        (low, high), start = self.places[at - 1], self.places[at][0]
        before, gap = self.text[low:high], self.text[high:start]
        if not before[0].isalpha() or money_before(before) or before.lower() in _BEFORE_DIGITS:
            return None
        is_name = gap == "" or (gap in ("-", "‑", "‐") and before.isupper() and len(before) > 1)
        return max(low, self.taken) if is_name and before < _EAST_ASIAN else None

    def _literal(self, start: int, end: int) -> NumberSpan:
        """Digits that are no number: what they say is how they are written."""
        return NumberSpan(QuantityKind.VERSION, Decimal(0), self.text[start:end].lower(), start, end)

    def _clock(self, at: int) -> NumberSpan | None:
        """`17:30`, `5 p.m.`, `17 Uhr`, `17h30`."""
        start, end = self.places[at]
        said = _CLOCKS.get(self.tokens.code, _CLOCK).match(self.text, end)
        if said is None and ":" not in self.words[at]:
            return None
        hours, minutes, *_ = *re.split(r"[:.]", self.words[at]), "00"
        said_more = said.groupdict() if said else {}
        value = time_value(hours, said_more.get("minutes") or minutes, said_more.get("half") or "")
        return None if value is None else NumberSpan(QuantityKind.TIME, value, "", start, said.end() if said else end)

    def _counted(self, at: int, value: Decimal, after: int) -> NumberSpan:
        """A number with its scale, its repetition in brackets, and what it counts."""
        start, end = self.places[at][0], self.tokens.end(after - 1)
        part = self._fraction(value, after, end) if after > at and self.words[at][0].isalpha() else None
        if part is not None:
            return part._replace(start=start)
        currency = currency_before(self.tokens, at, self.taken)
        value, after, end = self._scaled(value, after, end)
        after, end = self._repeated(value, after, end)
        unit, ahead, unit_end = unit_behind(self.tokens, after, end)
        if currency is not None:
            is_said_twice = unit is not None and unit.kind is QuantityKind.MONEY
            return _span(QuantityKind.MONEY, value, currency[0], currency[1], unit_end if is_said_twice else end)
        if unit is not None:
            more, _, unit_end = self._with_half(Decimal(0), ahead, unit_end)
            return _span(unit.kind, value + more, unit, start, unit_end)
        kind, written = self._bare_kind(at, value, start, end), self.text[start:end]
        is_place = _PLACE.fullmatch(written) and (kind is QuantityKind.REFERENCE or written[-1] == "0")
        return NumberSpan(kind, value, written if is_place else "", start, end)

    def _fraction(self, value: Decimal, after: int, end: int) -> NumberSpan | None:
        """`two thirds`."""
        below = self.known.fractions.get(self.tokens.word(after, end))
        if below is None or value >= below or value % 1 or self._is_third_party(after):
            return None
        return NumberSpan(QuantityKind.COUNT, value / below, "", end, self.tokens.end(after))

    def _bare_kind(self, at: int, value: Decimal, start: int, end: int) -> QuantityKind:
        """What a number is that counts no unit."""
        if self.tokens.before(at, _TO_REFERENCE) in REFERENCES:
            return QuantityKind.REFERENCE
        written, behind = self.text[start:end], self.text[end : end + 1]
        if written.isdecimal() and len(written) == 4 and int(written) in _YEARS:
            return QuantityKind.DATE
        if self.text[start - 1 : start] == "(" and behind == ")" and value <= _IN_BRACKETS_UP_TO:
            return QuantityKind.REFERENCE
        is_first = written[0].isdecimal() and behind in (".", ")") and _ENUMERATOR.fullmatch(self.text, 0, start)
        return QuantityKind.REFERENCE if is_first else QuantityKind.COUNT

    def _scaled(self, value: Decimal, after: int, end: int) -> tuple[Decimal, int, int]:
        """`5 million`, `2 Mio.`, `10k`, `two and a half`."""
        value, after, end = self._with_half(value, after, end)
        while (word := self.tokens.word(after, end)) in self.known.scales:
            value, after, end = value * self.known.scales[word], after + 1, self.tokens.end(after)
            end += word in _ABBREVIATED_SCALES and self.text[end : end + 1] == "."
        if not word or self.places[after][0] != end:
            return value, after, end
        factor = self._short_scale(after)
        if factor > 1 or self.tokens.written(after) == "s":
            return value * factor, after + 1, self.tokens.end(after)
        return value, after, end

    def _with_half(self, value: Decimal, after: int, end: int) -> tuple[Decimal, int, int]:
        word = self.tokens.word(after, end)
        if word in PARTS:
            return value + (fraction_value(word) or 0), after + 1, self.tokens.end(after)
        if word not in self.known.connectors:
            return value, after, end
        ahead, high = after + 1, self.tokens.end(after)
        if self.tokens.word(ahead, high) in self.known.articles:
            ahead, high = ahead + 1, self.tokens.end(ahead)
        if self.tokens.word(ahead, high) not in self.known.halves:
            return value, after, end
        return value + _HALF, ahead + 1, self.tokens.end(ahead)

    def _repeated(self, value: Decimal, after: int, end: int) -> tuple[int, int]:
        """Behind the same number in brackets: `thirty (30)`, `30 (thirty)`."""
        opened = _OPENED.match(self.text, end)
        if opened is None or after >= len(self.words) or self.places[after][0] != opened.end():
            return after, end
        again, ahead = self.spelled.number_at(after) or (None, after + 1)
        if self.words[after][0].isdecimal():
            again = digits_value(self.words[after], self.tokens.language)
        closed = _CLOSED.match(self.text, self.tokens.end(ahead - 1))
        return (ahead, closed.end()) if closed and again == value else (after, end)


def _span(kind: QuantityKind, value: Decimal, unit: Unit, start: int, end: int) -> NumberSpan:
    return NumberSpan(kind, value * unit.factor, unit.base, start, end, unit.factor)

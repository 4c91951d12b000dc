"""Numbers in letters, where they stand in a text."""

from __future__ import annotations

from decimal import Decimal

from notifier.text.numbers.number_tokens import NumberTokens
from notifier.text.numbers.number_words import NumberWords

_MOST_WORDS = 8
"""Of a number below a thousand: `neuf cent quatre-vingt-dix-neuf` has six."""
_BARE_SCALES = frozenset(("mille", "mil", "tausend", "duizend"))
"""They stand for one of themselves: `mil días`."""
_THOUSAND = {"de": "tausend", "nl": "duizend"}
_COMES_BEHIND_A_COMMA = 100

Spelled = tuple[Decimal, int]
"""A value, and the place of the word behind it."""


class SpelledNumbers:
    """The numbers in letters of one text."""

    def __init__(self, tokens: NumberTokens, known: NumberWords) -> None:
        self.tokens, self.words, self.known = tokens, tokens.words, known

    def number_at(self, at: int) -> Spelled | None:
        """The number that begins at a word."""
        position, is_one = self._article(at)
        total, after, limit = Decimal(0), at, Decimal("Infinity")
        while True:
            form = (Decimal(1), at + 1) if is_one and position == at else self._form(position) or self._bare(position)
            if form is None:
                break
            value, ahead = form
            scale, ahead = self._scale_at(ahead, position)
            if value * scale >= limit:
                break
            total, after, limit = total + value * scale, ahead, scale
            if scale == 1 or not (self.tokens.follows(ahead) or self._follows_by_comma(ahead)):
                break
            position = ahead + (self.words[ahead] in self.known.connectors)
        return (total, after) if after > at else None

    def thousands_in(self, word: str) -> Decimal | None:
        """`zweitausendfünfhundert`, written in one."""
        link = _THOUSAND.get(self.tokens.code, "")
        if not link or link not in word:
            return None
        head, _, tail = word.partition(link)
        tail = tail if tail in self.known.cardinals else tail.removeprefix("und")
        thousands = self.known.cardinals.get(head) if head else Decimal(1)
        rest = self.known.cardinals.get(tail) if tail else Decimal(0)
        return None if thousands is None or rest is None else 1000 * thousands + rest

    def _article(self, at: int) -> tuple[int, bool]:
        """`a hundred` begins behind its article; in `a thousand` the article is the one."""
        following = self.words[at + 1] if at + 1 < len(self.words) else ""
        if at >= len(self.words) or self.words[at] not in self.known.articles:
            return at, False
        return at + (following == "hundred"), following in self.known.scales

    def _bare(self, at: int) -> Spelled | None:
        return (Decimal(1), at) if at < len(self.words) and self.words[at] in _BARE_SCALES else None

    def _scale_at(self, ahead: int, position: int) -> tuple[Decimal, int]:
        scale = Decimal(1)
        while ahead < len(self.words) and (ahead == position or self.tokens.follows(ahead)):
            factor = self.known.scales.get(self.words[ahead])
            if factor is None:
                break
            scale, ahead = scale * factor, ahead + 1
        return scale, ahead

    def _follows_by_comma(self, at: int) -> bool:
        """`two thousand, five hundred`."""
        if self.tokens.code != "en" or not self.tokens.text.startswith(", ", self.tokens.end(at - 1)):
            return False
        form = self._form(at)
        return form is not None and form[0] >= _COMES_BEHIND_A_COMMA

    def _form(self, at: int) -> Spelled | None:
        """The longest number below a thousand that begins at a word (German and Dutch: below a million)."""
        best, parts = None, ""
        for ahead in range(at, min(at + _MOST_WORDS, len(self.words))):
            word = self.words[ahead]
            if ahead > at and not self.tokens.follows(ahead):
                break
            if parts and word in self.known.connectors:
                continue
            if word not in self.known.inner:
                value = None if parts else self.thousands_in(word)
                return best if value is None else (value, ahead + 1)
            parts = f"{parts} {word}" if parts else word
            value = self.known.cardinals.get(parts)
            best = best if value is None else (value, ahead + 1)
        return best

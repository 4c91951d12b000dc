"""A sentence → its atoms: what it says, word by word, in a form in which what is written otherwise is the same.

Case, hyphens, contractions, American spelling, articles and inflection fall away; a number with its unit is one atom,
and so is a phrase of the lexicon. Each atom knows which kind of fact it is, and where it stands in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from notifier.significance.reading.lexicon import Lexicon
from notifier.significance.reading.plain_words import masked
from notifier.significance.reading.quantity_values import values_in
from notifier.significance.reading.word_forms import lemma, spelled
from notifier.significance.reading.written_words import Token, tokens_of
from notifier.text.dates.running_dates import date_at


class Kind(StrEnum):
    """What an atom is to a lawyer."""

    __hash__ = str.__hash__  # that of an enum is written in Python, and asked for at every look-up

    QUANTITY = "quantity"  #: A number with its unit.
    PARTY = "party"  #: Who does it, or whom it is done to.
    FORCE = "force"  #: Must, may, not, only, unless: how firmly it holds.
    DIRECTION = "direction"  #: Before or after, with or without, in or out.
    QUALIFIER = "qualifier"  #: A word that carries a promise: explicit, anonymous, prior.
    PLACE = "place"
    NAME = "name"  #: Somebody or something with a capital.
    CONTACT = "contact"  #: An e-mail address or a telephone number.
    LINK = "link"  #: The document behind a link.
    TERM = "term"  #: A word of a topic, or something that somebody does.
    WORD = "word"  #: Another word with a meaning of its own.
    OPAQUE = "opaque"  #: What nobody can read: another script, an image, a program.
    GLUE = "glue"  #: A word that binds nobody.
    SEPARATOR = "separator"  #: What parts members of an enumeration, and cells.


FACTS = frozenset(
    {
        Kind.QUANTITY,
        Kind.PARTY,
        Kind.FORCE,
        Kind.DIRECTION,
        Kind.QUALIFIER,
        Kind.PLACE,
        Kind.CONTACT,
        Kind.LINK,
        Kind.OPAQUE,
    }
)
"""Kinds of which no difference may go unexplained."""


class Atom(NamedTuple):
    """`value` is what it is compared by, `key` how it is written."""

    kind: Kind
    value: str
    key: str
    start: int
    end: int
    is_capital: bool = False

    @property
    def has_meaning(self) -> bool:
        return self.kind is not Kind.GLUE and self.kind is not Kind.SEPARATOR


MOSTLY = 0.6
OF_AGE = re.compile(r"[\s-]+(?:old|of age)\b", re.IGNORECASE)
ONCE = frozenset(("once", "einmal", "fois", "eens", "eenmaal"))
"""What a rate says by itself: `once a month`, `monthly`."""
SUBSCRIBER = 9
"""The last digits of a telephone number; those before them say how to dial it from afar."""
SINGULAR = frozenset(
    ("ist", "wird", "hat", "kann", "muss", "darf", "soll", "war", "gilt", "beträgt", "bleibt", "endet", "beginnt")
)
"""Verbs before which `Sie` is she, or a thing."""
POLITE = frozenset(("sie", "ihnen"))
"""German: who is addressed, with a capital; others, without."""
FIGURES = frozenset(("quantity", "number", "ordinal"))
RANGE = frozenset(("-", "\u2010", "\u2011", "\u2013", "\u2014", "to", "through", "bis", "à", "a", "al", "tot"))
"""Between two figures."""
NEGATED, FAR = 5, 9
"""Words among which the second half of a negation stands; `personne` may stand behind what is done to it."""
NOBODY = frozenset(("personne", "aucun", "aucune"))
RELATIONS = {"<": "less-than", "‹": "less-than", ">": "more-than", "›": "more-than", "≥": "at-least", "≤": "at-most"}
ITS = frozenset(("its", "his", "her", "their", "this", "that"))
SIGNS = {
    "tick": {**dict.fromkeys("✓✔✅☑", "yes"), **dict.fromkeys("✗✘✖❌☒", "not")},
    "signed": {"+": "plus", "-": "minus", "−": "minus"},
    "plus": {"+": "at-least"},
    "reckons": {"+": "plus", "*": "times", "×": "times", "÷": "divided", "−": "minus", "–": "minus", "-": "minus"},
}
"""What signs say: a tick in a cell, the sign of a number, `10+`."""
LATIN_TO = "\u024f"


def atoms_of(text: str, lexicon: Lexicon, *, is_row: bool = False) -> tuple[Atom, ...]:
    """The atoms of a sentence as it stands in the source; kept for the last few thousand."""
    return _atoms(text, lexicon.language, is_row)


@lru_cache(maxsize=4096)
def _atoms(text: str, language: str, is_row: bool) -> tuple[Atom, ...]:
    from notifier.significance.reading.lexicon import lexicon

    return tuple(_read(_with_quantities(tokens_of(text), masked(text), language), lexicon(language), is_row))


def _with_quantities(tokens: Sequence[Token], plain: str, language: str) -> list[Token]:
    """The tokens, with those of one number and its unit as one."""
    found: list[Token] = []
    values = values_in(plain, language)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        dated = date_at(plain, tokens, at, language) if token.role in ("word", "number", "ordinal") else None
        value, end = dated or values.get(token.start, ("", 0))
        if not value or token.role in ("struck", "phone"):
            found.append(token)
            at += 1
            continue
        if value.startswith("duration ") and value.endswith(" month") and (of_age := OF_AGE.match(plain, end)):
            value, end = str(int(value.split()[1]) // 12), of_age.end()  # `13 years of age`, `aged 13`
        if (
            found
            and value.startswith("rate ")
            and found[-1].key in ONCE
            and not plain[found[-1].end : token.start].strip()
        ):
            token = found.pop()  # `once a year` is yearly
        found.append(Token(plain[token.start : end].lower(), token.start, end, "quantity", value=value))
        while at < len(tokens) and tokens[at].start < end:
            at += 1
    return found


def _read(tokens: Sequence[Token], lexicon: Lexicon, is_row: bool) -> Iterator[Atom]:
    keys = _keys(tokens, lexicon)
    at, is_first = 0, True
    while at < len(keys):
        atom, used = _atom(tokens, keys, at, lexicon, is_row, is_first)
        if atom is not None:
            yield atom
            is_first = is_first and not atom.has_meaning
        at += used


def _keys(tokens: Sequence[Token], lexicon: Lexicon) -> list[str]:
    return [spelled(token.key, lexicon.language) if token.role == "word" else token.key for token in tokens]


def _atom(
    tokens: Sequence[Token], keys: Sequence[str], at: int, lexicon: Lexicon, is_row: bool, is_first: bool
) -> tuple[Atom | None, int]:
    token, key = tokens[at], keys[at]
    if (
        key in POLITE
        and lexicon.language == "de"
        and (not token.is_capital or not SINGULAR.isdisjoint(keys[at + 1 : at + 2]))
    ):
        return Atom(Kind.GLUE, key, key, token.start, token.end), 1
    if token.role == "quantity":
        return Atom(Kind.QUANTITY, token.value, key, token.start, token.end), 1
    if key in RANGE and _is_between_figures(tokens, at):
        return Atom(Kind.DIRECTION, "to", key, token.start, token.end), 1
    if token.role == "mark":
        kept = key not in "()" and (key != "|" or is_row)
        return (Atom(Kind.SEPARATOR, "," if key in ";·•" else key, key, token.start, token.end) if kept else None), 1
    if key in lexicon.lists.get("to", ()) and _is_someone(tokens, keys, at + 1, lexicon):
        return Atom(Kind.DIRECTION, "to", key, token.start, token.end), 1
    found = lexicon.meaning(keys, at) if token.role == "word" else None
    is_comparison = found is not None and found[1] == 1 and key in lexicon.lists.get("compares", ())
    if is_comparison and not _is_compared(tokens, keys, at + 1, lexicon):
        kind = Kind.DIRECTION if _is_placing(tokens, keys, at, lexicon) else Kind.GLUE
        return Atom(kind, key, key, token.start, token.end), 1
    if key in lexicon.lists.get("half_nots", ()) and (negated := _half_not(keys, at, lexicon)):
        return Atom(Kind.FORCE, negated, key, token.start, token.end), 1
    if found is not None:
        meaning, used = found
        return _meant(meaning, tokens, keys, at, used, lexicon), used
    return _single(token, key, lexicon, is_first), 1


def _is_between_figures(tokens: Sequence[Token], at: int) -> bool:
    """`9 to 17`, which is no list of two."""
    return 0 < at < len(tokens) - 1 and {tokens[at - 1].role, tokens[at + 1].role} <= FIGURES


def _is_someone(tokens: Sequence[Token], keys: Sequence[str], at: int, lexicon: Lexicon) -> bool:
    """Is what follows someone or somewhere: `to us`, and not `to provide`?"""
    if at >= len(keys) or tokens[at].role != "word":
        return False
    if keys[at] in lexicon.lists.get("articles", ()):
        return True
    meaning = lexicon.meaning(keys, at)
    if meaning is not None and meaning[0].startswith("party:"):
        return True
    is_name = tokens[at].is_capital and keys[at] not in lexicon.glue and not _is_title(tokens)
    return is_name or not lexicon.of(keys[at]).isdisjoint(("party", "place", "we", "you"))


def _is_title(tokens: Sequence[Token]) -> bool:
    """Is it written with capitals throughout, so that they say nothing?"""
    words = [token for token in tokens if token.role == "word"]
    return sum(token.is_capital for token in words) > MOSTLY * len(words)


def _is_compared(tokens: Sequence[Token], keys: Sequence[str], at: int, lexicon: Lexicon) -> bool:
    """Does a quantity or a limit follow: `above 5`, `below the limit`, and not `as said above`?"""
    if at >= len(keys):
        return False
    if tokens[at].role == "quantity":
        return True
    limits = lexicon.lists.get("limits", frozenset())
    return not limits.isdisjoint(keys[at : at + 3])


def _is_placing(tokens: Sequence[Token], keys: Sequence[str], at: int, lexicon: Lexicon) -> bool:
    """Does it say where or under what: `below deck`, `beyond our control`, and not `as said above`?"""
    if keys[at] not in lexicon.lists.get("places_at", ()) or at + 1 >= len(keys):
        return False
    behind = keys[at + 1]
    is_noun = tokens[at + 1].role == "word" and (behind not in lexicon.glue or behind in lexicon.lists["articles"])
    return (is_noun or behind in ITS) and (not at or keys[at - 1] not in lexicon.lists.get("refers", ()))


def _half_not(keys: Sequence[str], at: int, lexicon: Lexicon) -> str:
    """What French `ne` says: with `que` only, by itself (`ne peut`) not; with `pas` the other half says it."""
    near = keys[at + 1 : at + NEGATED]
    if not lexicon.lists["other_halves"].isdisjoint(near) or not NOBODY.isdisjoint(keys[at + 1 : at + FAR]):
        return ""
    return "not" if lexicon.lists["only_halves"].isdisjoint(near) else "only"


def _meant(meaning: str, tokens: Sequence[Token], keys: Sequence[str], at: int, used: int, lexicon: Lexicon) -> Atom:
    key = " ".join(keys[at : at + used])
    kind, value, is_name = _what_is_meant(meaning, key, lexicon.language)
    return Atom(kind, value, key, tokens[at].start, tokens[at + used - 1].end, is_name and tokens[at].is_capital)


@lru_cache(maxsize=16384)
def _what_is_meant(meaning: str, key: str, language: str) -> tuple[Kind, str, bool]:
    """Kind and value of a known word or phrase, and whether a capital says something of it."""
    from notifier.significance.reading.lexicon import lexicon

    words = lexicon(language)
    kind, _, value = meaning.partition(":")
    if kind != "same":
        return Kind(kind), value, True
    again = words.meaning(value.split(), 0)
    if value in words.lists.get("places_at", ()):
        return Kind.DIRECTION, value, False
    held = _held(value, words)
    if held is not None:
        return *held, False
    if again is not None and not again[0].startswith("same:"):
        return Kind(again[0].partition(":")[0]), again[0].partition(":")[2], False
    own = {_kind_of(word, words) for word in value.split()}
    kinds = own | {_kind_of(word, words) for word in key.split()} - {Kind.PARTY}
    return next((one for one in (Kind.PARTY, Kind.PLACE, Kind.TERM) if one in kinds), Kind.WORD), value, True


def _held(key: str, lexicon: Lexicon) -> tuple[Kind, str] | None:
    """The kind and value of a word that only holds others together."""
    for name in ("and", "or"):
        if key in lexicon.lists.get(name, ()):
            return Kind.SEPARATOR, name
    return (Kind.GLUE, key) if key in lexicon.glue or key in lexicon.lists.get("to", ()) else None


def _single(token: Token, key: str, lexicon: Lexicon, is_first: bool) -> Atom:
    start, end = token.start, token.end
    if token.role in ("struck", "box"):
        return Atom(Kind.FORCE, key, key, start, end)
    if token.role in SIGNS:
        return Atom(Kind.FORCE, SIGNS[token.role].get(key[0], key), key, start, end)
    if token.role == "relation":
        return Atom(Kind.FORCE, RELATIONS[key], key, start, end)
    if token.role == "image" or not (key.isascii() or all(one <= LATIN_TO or not one.isalpha() for one in key)):
        return Atom(Kind.OPAQUE, key, key, start, end)
    if token.role == "email":
        return Atom(Kind.CONTACT, key, key, start, end)
    if token.role == "phone":
        return Atom(Kind.CONTACT, "".join(filter(str.isdigit, key))[-SUBSCRIBER:], key, start, end)
    if token.role != "word":
        return Atom(Kind.QUANTITY if token.role in ("number", "ordinal") else Kind.WORD, key, key, start, end)
    kind, value, is_capital = _of_word(key, lexicon.language)
    if kind is Kind.WORD and token.is_capital and not is_first and lexicon.language != "de":
        kind = Kind.NAME
    return Atom(kind, value, key, start, end, token.is_capital if is_capital is None else is_capital)


@lru_cache(maxsize=16384)
def _of_word(key: str, language: str) -> tuple[Kind, str, bool | None]:
    """Kind and value of a word that no phrase holds, and whether it counts as written with a capital: None as it is."""
    from notifier.significance.reading.lexicon import lexicon

    words = lexicon(language)
    held = _held(key, words)
    if held is not None:
        return *held, False
    for length in range(len(key), 2, -1):
        meaning = words.beginnings.get(key[:length])
        if meaning is not None:
            return Kind(meaning.partition(":")[0]), lemma(key, language), None
    if "place" in words.of(key):
        return Kind.PLACE, key, True
    return _kind_of(key, words), lemma(key, language), None


def _kind_of(key: str, lexicon: Lexicon) -> Kind:
    marks = lexicon.of(key)
    if "party" in marks:
        return Kind.PARTY
    if "place" in marks:
        return Kind.PLACE
    if any(mark.startswith("topic.") or mark == "duty_verb" for mark in marks):
        return Kind.TERM
    return Kind.WORD

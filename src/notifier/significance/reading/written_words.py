"""A stretch of source → the words, numbers and marks that a reader reads, each with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from notifier.significance.reading.plain_words import masked

WITHOUT_ADDRESS = (
    r"(?P<word>(?:(?:non|un|sub|re|pre|anti|de|co|multi|inter|semi|mis|e)[\-‐‑](?=[^\W\d_]))?[^\W\d_]+(?:['’ʼ][^\W\d_]+|\.(?-i:[a-zß-ÿ])[^\W\d_]*|(?<=(?<![^\W\d_])[A-Za-z])\.[A-Za-z](?![^\W\d_]))*)"
    r"|(?P<phone>(?<![\w.,])(?:\+(?:[ .\-/()]{0,2}\d){8,15}|\(?0(?:[ .\-/()]{0,2}\d){8,14}"
    r"|(?:1[ \-.])?\(?\d{3}\)?[ \-.]{1,2}\d{3}[\-. ]\d{4})(?!\d))"
    r"|(?P<name>\d+(?-i:[a-zß-ÿ]){4,}(?![\d_]))"
    r"|(?P<number>\d+(?:[.,:/]\d+)*)(?P<suffix>(?:st|nd|rd|th|er|ème|e|º|ª)(?![^\W\d_]))?"
    r"|(?P<tick>[✓✔✅☑☒✗✘✖❌☐●○◯★☆]\ufe0f?)"
    r"|(?P<signed>(?:(?<![^\s(|~≈*])|(?<=UTC)|(?<=GMT))[+\-−](?=\d))"
    r"|(?P<plus>(?<=\d)\+(?!\d))"
    r"|(?P<relation>[<>‹›≥≤](?=\s*[\d$€£]))"
    r"|(?P<sign>[$€£¥₹%§])"
    r"|(?P<dash>(?<=\d)[ ]?[\-–—][ ]?(?=[\d$€£])"
    r"|(?<=day|mon|tue|wed|thu|fri|sat|sun|tag|ndi|rdi|edi|udi|nes|tes|les|ves)[ ]?[\-–—][ ]?"
    r"(?=(?:mon|tue|wed|thu|fri|sat|sun|don|fre|sam|son|lun|mer|jeu|ven|dim|jue|vie|dom|woe|vri|zat|zon)))"
    r"|(?P<reckons>(?<=\w[ ])[+*×÷−–-](?=[ ][\d$€£]))"
    r"|(?P<mark>[,;:|/·•()])"
    r"|(?P<box>\[[ xX]\](?=\s))"
    r"|(?P<strike>~~)"
)
"""Words come first, since most tokens are; nothing behind them begins with a letter."""
TOKEN = re.compile(WITHOUT_ADDRESS, re.IGNORECASE)
OTHER_WITH_HYPHEN = frozenset(
    ("resign", "release", "recover", "reform", "resent", "remark", "resort", "represent", "recreation", "recollect",
     "refuse", "redress", "retreat", "repress", "resolve", "resound", "react", "remove", "relay", "restrain",
     "coop")
)  # fmt: skip
"""Words that are others with a hyphen: who re-signs stays, who resigns goes."""
HYPHENS = str.maketrans("", "", "-‐‑")
STRIKE = re.compile(r"</?(?:del|s|strike)(?:\s[^<>]{0,300})?>|<[^<>]{1,300}line-through[^<>]{0,300}>", re.IGNORECASE)
IMAGE = re.compile(r"!\[[^\]]{0,300}\]\(([^()\s]+)|<(?:img|iframe|script|object|embed|video|audio)\b[^>]{0,500}>")
INPUT = re.compile(r"<input\b[^>]{0,300}\btype=[\"']?(?:checkbox|radio)\b[^>]{0,300}>", re.IGNORECASE)
CHECKED = re.compile(r"\schecked\b", re.IGNORECASE)
SET = re.compile(
    r"<(?:input|option|select|button|textarea)\b[^>]{0,300}?\b(selected|disabled|value=[\"'][^\"']{1,40}[\"'])",
    re.IGNORECASE,
)
"""How a field of a form is set before anybody touches it."""
POINTED_AT = re.compile(r"<(?!a\b)\w+\b[^>]{0,300}?\btitle=([\"'][^\"'>]{1,200}[\"'])", re.IGNORECASE)
TITLED = re.compile(r"\]\([^()\s]{1,500}\s+(\"[^\"\n]{0,200}\d[^\"\n]{0,200}\")\s*\)")
"""What a reader sees by pointing at it: of a link only where it says a number."""
NOTE = re.compile(r"(?<=[\w)%€$£.!?,;:\"”])(?:\\\*|[†‡]|\*(?=[\s.,;:)|]|$))|\[\^[^\]\s]{1,40}\](?!:)")
"""A mark that leads to a note below: `free* of charge`, `free[^1]`."""
CONDITION = re.compile(r"\{%-?\s*(?:if|unless|elsif|elif|else|case|when)\w*\b[^%{}]*%\}")
"""What a template shows to some and not to others."""
GENDERED = re.compile(
    r"(?<=[^\W\d_]{3})(?:[:*_]in(?:nen)?|/-?in(?:nen)?|[·•](?:rices?|trices?|euses?|es?|nes?|ères?|ives?)(?:[·•]s)?"
    r"|(?<=o)/a|(?<=os)/as)(?![^\W\d_])"
    r"|(?<=[^\W\d_]{3})(?:\((?:in|innen)\)|(?<=[a-zé])\(e\)|(?<=o)\(a\))(?=s?(?![^\W\d_]))"
)
"""What a word ends with that names women and all others, too: `Kund*innen`, `client·es`, `usuarios/as`."""
CONTRACTED = {"n't": "not", "'re": "are", "'ll": "will", "'ve": "have", "'d": "would", "'m": "am"}
IRREGULAR = {
    "can't": ("can", "not"),
    "won't": ("will", "not"),
    "cannot": ("can", "not"),
    "cant": ("can", "not"),
    "let's": ("let", "us"),
}
UNUSUAL = frozenset(IRREGULAR) | {"us", "usa"}
"""What is not looked up as it is written in small letters."""
ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'\w")


class Token(NamedTuple):
    """A word as it is looked up, with where it stands. `role` is the name of the group that found it."""

    key: str
    start: int
    end: int
    role: str
    is_capital: bool = False
    value: str = ""
    """Of a quantity: what it is compared by."""


def tokens_of(text: str) -> list[Token]:
    """The words, numbers and marks of a stretch of source; markup and link targets are no words."""
    plain = masked(GENDERED.sub(_blank, STRIKE.sub(_tildes, text) if "<" in text else text))
    shouts = text.isupper()  # `US` is the country and `us` is not; in capitals alone nobody can tell
    found: list[Token] = []
    is_struck = False
    for match in (_token_or_address() if "@" in plain else TOKEN).finditer(plain):
        role, lower = match.lastgroup or "", match[0].lower()
        if role == "word" and lower.isascii() and lower.isalpha() and lower not in UNUSUAL and not is_struck:
            found.append(Token(lower, *match.span(), role, match[0][0].isupper()))
            continue
        if role == "strike":
            is_struck = not is_struck
            continue
        for token in _split(match, role, shouts=shouts):
            found.append(Token(f"~{token.key}", token.start, token.end, "struck") if is_struck else token)
    found.extend(_opaque(text))
    return sorted(found, key=lambda token: token.start) if text != plain else found


@cache
def _token_or_address() -> re.Pattern[str]:
    return re.compile(r"(?P<email>[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+)|" + WITHOUT_ADDRESS, re.IGNORECASE)


def _tildes(match: re.Match[str]) -> str:
    return "~~".ljust(len(match[0]))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _opaque(text: str) -> Iterator[Token]:
    if "{%" in text:
        for match in CONDITION.finditer(text):
            yield Token(match[0], match.start(), match.end(), "struck")
    if "<" in text:
        for match in INPUT.finditer(text):
            yield Token("[x]" if CHECKED.search(match[0]) else "[ ]", match.start(), match.end(), "box")
        for match in (*SET.finditer(text), *POINTED_AT.finditer(text)):
            yield Token(match[1].lower(), match.start(), match.end(), "box")
    if '"' in text and "](" in text:
        for match in TITLED.finditer(text):
            yield Token(match[1].lower(), match.start(), match.end(), "box")
    for match in NOTE.finditer(text) if any(mark in text for mark in ("*", "†", "‡", "[^")) else ():
        if match[0] != "*" or text.count("*") == 1:
            yield Token("*", match.start(), match.end(), "box")
    if "![" in text or "<" in text:
        for match in IMAGE.finditer(text):
            yield Token(match[1] or match[0], match.start(), match.end(), "image")


def _split(match: re.Match[str], role: str, *, shouts: bool) -> Iterator[Token]:
    start, end = match.span()
    if role == "suffix":
        yield Token(match["number"], start, end, "ordinal")
        return
    if role == "name":  # 37signals: a name that begins with a number
        yield Token(match[0].lower(), start, end, "word", True)
        return
    if role != "word":
        yield Token("-" if role == "dash" else match[0].lower(), start, end, role)
        return
    written = match[0].replace("’", "'").replace("ʼ", "'").replace("ß", "ss")
    capital = written[0].isupper()
    if written in ("US", "U.S", "USA") and not shouts:
        yield Token("usa", start, end, "word", True)
        return
    lower = written.lower().translate(HYPHENS)
    if lower != written.lower() and is_other_with_hyphen(lower):
        lower = written.lower()
    if "'" not in lower and lower not in IRREGULAR:
        yield Token(lower.rstrip("."), start, end, "word", capital)
        return
    keys = _spelled_out(lower)
    if keys[0].endswith("'"):  # `d'un mois`: the number begins behind the mark
        behind = start + written.index("'") + 1
        yield Token(keys[0], start, behind, "word", capital)
        start, keys = behind, keys[1:]
    for key in keys:
        yield Token(key, start, end, "word", capital)


def is_other_with_hyphen(word: str) -> bool:
    """Is it, but for the ending of a verb, another word when its beginning is parted by a hyphen?"""
    stems = (word.removesuffix(ending) for ending in ("", "ing", "ed", "es", "s", "d"))
    return any(stem in OTHER_WITH_HYPHEN or f"{stem}e" in OTHER_WITH_HYPHEN for stem in stems)


def _spelled_out(lower: str) -> tuple[str, ...]:
    if lower in IRREGULAR:
        return IRREGULAR[lower]
    for ending, said in CONTRACTED.items():
        if lower.endswith(ending):
            return (lower[: -len(ending)], said)
    if ELISION.match(lower):
        elided, _, rest = lower.partition("'")
        return (elided + "'", rest)
    return (lower.removesuffix("'s"),)

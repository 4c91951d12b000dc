"""Text → words: Markdown, addresses of links and typography fall away, what a reader reads stays."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from html import unescape

MARKUP = re.compile(
    r"\]\([^()\n]{1,200}\.(?:pdf|docx?|md|html?)\)|\]\((?:<[^<>]*>|[^()\s]*(?:\([^()]*\)[^()\s]*)*)(?:\s+\"[^\"]*\")?\s*\)|\]\[[^\]]*\]|<https?://[^>\s]*>"
    r"|https?://[^\s<>()\]]+|<!--.*?-->|</?[a-zA-Z][^<>@]*>|\[\^[^\]\s]{1,40}\]:?|\{[:#%][^{}]*\}|\{\{[^{}]*\}\}|&(?:[a-z]{2,8}|#\d{2,5});",
    re.DOTALL,
)
ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});")
ANGLES = {ord("<"): "‹", ord(">"): "›"}
HIDDEN = re.compile(r"\[?\\?\[email\s+protected(?:\\?\]){0,2}|\bmailto:", re.IGNORECASE)
"""What a page says in the place of an address that it hides from machines, and what only they read."""
BARE = re.compile(r"[^\W_]+")
PARTING = {code: " " for code in range(128) if not chr(code).isalnum()}
"""What parts bare words, in ASCII; all else is looked up by `BARE`."""
DECORATION = re.compile(r"\((?:opens in (?:a )?new (?:window|tab)|external(?: link)?)\)", re.IGNORECASE)
"""What a page adds to a link for screen readers."""
_PLAIN = (
    r"[^\W\d_][^\W_]*(?:['\-&/][^\W_]+|\.[^\W\dA-Z_][^\W_]*)*"
    r"|\d+[^\W\d_]{3,}|\d+(?:[.,:/\-]\d+)*(?:T\d[\d:.]*Z?)?(?:(?:[kKMGT]?B|[a-zäöüßº]{1,2})(?![^\W_]))?%?|[$€£¥§]"
)
WORD = re.compile(_PLAIN)
WORD_OR_ADDRESS = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+|" + _PLAIN)
INITIALS = re.compile(r"\b([A-Z])\.(?=[A-Z]\b)")
"""`U.S.` is one word, and no end of a sentence."""
COUNTRY = re.compile(r"\bU\.S\.(?!A)")
LONG_NAMES = re.compile(
    r"\b(United States|United Kingdom|European Union|European Economic Area)\b(?: of America)?", re.IGNORECASE
)
SHORT_NAMES = {"tes": "USA", "dom": "UK", "ion": "EU", "rea": "EEA"}
"""By the last letters of the long name."""
DOLLARS = re.compile(r"\bUS ?\$|\bUSD ?(?=\d)")
RUN_TOGETHER = re.compile(r"(?=[A-Z][a-z]{2})(?<=[a-z]{3})")
"""`harmClimate`: a page lost the space between two words. `GitHub` looks the same, and is the same on both sides."""
CONTRACTIONS = {"n't": ("not",), "'re": ("are",), "'ll": ("will",), "'ve": ("have",), "'d": ("would",)}
ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu)'\w{2}")
"""French: `l'adresse`, `n'est`."""
IRREGULAR = {"can't": ("can", "not"), "won't": ("will", "not"), "cannot": ("can", "not")}


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a stretch of source, as written, quotes straightened and contractions spelled out.

    Remembered: most blocks of a text are those of the text before. `US` is the country, `us` is not.
    """
    plain = _without_markup(text if text.isascii() else unicodedata.normalize("NFC", text).replace("’", "'"))
    if "\\" in plain:
        plain = plain.replace("\\", "")
    if "(" in plain:
        plain = DECORATION.sub(" ", plain)
    if "United" in plain or "European" in plain:
        plain = LONG_NAMES.sub(lambda match: SHORT_NAMES[match[1][-3:].lower()], plain)
    if "$" in plain or "USD" in plain:
        plain = DOLLARS.sub("$", plain)
    if "." in plain:
        plain = INITIALS.sub(r"\1", COUNTRY.sub("USA ", plain))
    found = (WORD_OR_ADDRESS if "@" in plain else WORD).findall(plain)
    if "US" in found:
        found = ["USA" if word == "US" else word for word in found]
    if "'" not in plain and "/" not in plain and "cannot" not in plain:
        return tuple(found)
    return tuple(part for word in found for part in _parts_of(word))


def parted(text: str) -> str:
    """The text with spaces between words that run together."""
    return RUN_TOGETHER.sub(" ", text)


def masked(text: str) -> str:
    """The text with blanks for its markup, letter by letter: a stretch cut from it says only what a reader reads."""
    if _may_hold_markup(text):
        text = MARKUP.sub(_blanks, ENTITY.sub(_entity, text) if "&" in text else text)
    if "(" in text:
        text = DECORATION.sub(_blanks, text)
    return HIDDEN.sub(_blanks, text) if _holds_hidden(text) else text


def _entity(match: re.Match[str]) -> str:
    """The letter that an entity stands for, with blanks behind it; `<` and `>` as signs that open no tag."""
    return unescape(match[0])[:1].translate(ANGLES).ljust(len(match[0]))


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _parts_of(word: str) -> tuple[str, ...]:
    if "'" in word or word == "cannot":
        return _spelled_out(word)
    return _split(word) if "/" in word else (word,)


def _spelled_out(word: str) -> tuple[str, ...]:
    lower = word.lower()
    if lower in IRREGULAR:
        return IRREGULAR[lower]
    for ending, spelled in CONTRACTIONS.items():
        if lower.endswith(ending):
            return (word[: -len(ending)], *spelled)
    if ELISION.match(lower):
        return tuple(word.split("'", 1))
    return (word.removesuffix("'s"),)


def _split(word: str) -> tuple[str, ...]:
    """`he/she` are two words; `and/or`, numbers and addresses are one."""
    if "@" in word or word.lower() == "and/or" or word[0].isdigit():
        return (word,)
    return tuple(part for part in word.split("/") if part)


def plain_words(text: str) -> list[str]:
    """The bare words of a whole text in lower case, fast: hyphens and apostrophes part them."""
    plain = _without_markup(text.lower())
    return plain.translate(PARTING).split() if plain.isascii() else BARE.findall(plain)


def _without_markup(text: str) -> str:
    """Most stretches hold none, and looking for its signs is faster than looking for it."""
    if _may_hold_markup(text):
        text = MARKUP.sub(" ", text)
    return HIDDEN.sub(" ", text) if _holds_hidden(text) else text


def _may_hold_markup(text: str) -> bool:
    return "](" in text or "<" in text or "{" in text or "][" in text or "[^" in text or "&" in text or "http" in text


def _holds_hidden(text: str) -> bool:
    return "mailto:" in text or "[email" in text


def lowered(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word.lower() for word in words)


def words_in(list_of_words: str) -> list[str]:
    """The entries of a word list as we write them: parted by spaces."""
    return list_of_words.split()

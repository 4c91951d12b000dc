"""One word in two forms: British or American, with another ending; and what is no word at all."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from notifier.significance.reading.spanish_forms import bases_of

BRITISH = (
    (r"(?<=[a-z]{4})is(?=(?:e[drs]?|ing|ation|ations|ers)$)", "iz"),
    (r"(?<=[a-z]{3})ys(?=(?:e[drs]?|ing)$)", "yz"),
    (r"^(col|fav|hon|lab|rum|hum|flav|behavi|endeav|neighb|harb)our", r"\1or"),
    (r"^(cent|met|lit|fib|theat)re(s?)$", r"\1er\2"),
    (r"(?<=[a-z]{2}[aeiou])ll(?=(?:ed|ing|ation)$)", "l"),
    (r"logue(?=s?$)", "log"),
    (r"(licen|defen|offen|preten)ce(?=[sd]?$)", r"\1se"),
    (r"^programme(?=s?$)", "program"),
    (r"(judg|nowledg)e(?=ment)", r"\1"),
    (r"^(whil|among)st$", r"\1e"),
    (r"^towards$", "toward"),
)
MAYBE_BRITISH = re.compile("|".join(british for british, _ in BRITISH))
ALWAYS_IS = (
    "advertis", "advis", "revis", "exercis", "promis", "compromis", "surpris", "supervis", "premis", "otherwis",
    "enterpris", "disguis", "franchis", "merchandis", "televis", "improvis", "compris", "rais", "prais", "apprais",
    "devis", "despis", "circumcis", "excis", "incis", "demis", "chastis", "poison", "prison",
)  # fmt: skip
"""Words that Americans, too, write with an s."""
ENDINGS = {
    "en": (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", ""), ("ied", "y"),
           ("ed", ""), ("ing", "")),
    "de": (("en", ""), ("em", ""), ("er", ""), ("es", ""), ("e", ""), ("n", ""), ("s", "")),
    "fr": (("aux", "al"), ("ées", "é"), ("ée", "é"), ("és", "é"), ("es", ""), ("e", ""), ("s", ""), ("x", "")),
    "es": (("iones", "ión"), ("os", ""), ("as", ""), ("es", ""), ("o", ""), ("a", ""), ("s", ""), ("e", "")),
    "nl": (("en", ""), ("e", ""), ("s", ""), ("n", "")),
}  # fmt: skip
"""Endings, and what a word has instead of each."""
SHORT = re.compile(r"[^aeiou]+[aeiou][^aeiouwxy]")
"""What has lost an `e` before `-ed` and `-ing`, since its last letter is not doubled: `filing`, and not `getting`."""
STEM_MIN = {"en": 3, "de": 4, "fr": 4, "es": 4, "nl": 4}
FRENCH_NOW = (
    ("issons", ("ir",)), ("issez", ("ir",)), ("issent", ("ir",)), ("ons", ("er", "ir", "re")),
    ("ez", ("er", "ir", "re")), ("ent", ("er", "ir", "re")), ("e", ("er",)),
)  # fmt: skip
"""Endings of the French present, each with the infinitives that it may belong to."""
DOUBLE = re.compile(r"([aeou])\1(?=[^aeiou]$)")
VOICED = {"f": "v", "s": "z"}
"""What the last letter of a Dutch stem is in the infinitive: `geef`, `geven`."""
NO_PLURALS = frozenset(
    ("terms", "goods", "customs", "news", "means", "damages", "securities", "arms", "always", "process", "access",
     "business", "address", "less", "unless", "thing", "during", "need", "its", "this", "as", "us", "is", "was",
     "has", "does", "gas", "bus", "plus", "series", "species", "basis", "analysis", "virus", "status", "bonus",
     "indeed")
)  # fmt: skip
"""Words whose ending is none, or makes another word of them."""


@lru_cache(maxsize=16384)
def spelled(word: str, language: str) -> str:
    """A word in lower case as it is looked up: English as Americans spell it."""
    if language != "en" or len(word) < 5:
        return word
    if word.startswith(ALWAYS_IS) or not MAYBE_BRITISH.search(word):
        return word
    for british, american in BRITISH:
        word = re.sub(british, american, word)
    return word


@lru_cache(maxsize=16384)
def lemma(word: str, language: str) -> str:
    """A word without the ending that number, tense and case give it."""
    if word in NO_PLURALS or language not in ENDINGS or word.isdigit():
        return word
    for ending, instead in ENDINGS[language]:
        if word.endswith(ending) and len(word) - len(ending) >= STEM_MIN[language]:
            if language == "en":
                return _english(word[: len(word) - len(ending)], ending, instead)
            return word[: len(word) - len(ending)] + instead
    return word.removesuffix("e") if language == "en" and len(word) > 4 and not word.endswith("ee") else word


def dutch_infinitives(word: str) -> tuple[str, ...]:
    """The infinitives of which a Dutch verb may be the present or the order: `bewaart`, `geef`, `zet`.

    As endings are cut: `bewar`, since the infinitive has lost its own.
    """
    stem = word.removesuffix("t")
    short = DOUBLE.sub(r"\1", stem)
    voiced = short[:-1] + VOICED.get(short[-1:], short[-1:])
    return tuple(dict.fromkeys((stem, short, voiced, f"{word}{word[-1:]}", f"{stem}{stem[-1:]}")))


def french_infinitives(word: str) -> tuple[str, ...]:
    """The infinitives of which a French verb may be the present or the order: `effaçons`, `avertissez`."""
    for ending, infinitives in FRENCH_NOW:
        if word.endswith(ending):
            stem = word.removesuffix(ending).replace("ç", "c")
            stem = stem.removesuffix("e") if ending == "ons" and stem.endswith("ge") else stem  # `hébergeons`
            return tuple(stem.removesuffix("e" if one == "er" else "") + one for one in infinitives)
    return ()


def _english(stem: str, ending: str, instead: str) -> str:
    if ending == "s" and stem.endswith(("s", "u", "i")):
        return stem + ending
    if ending in ("ed", "ing"):
        if not re.search(r"[aeiouy]", stem):
            return stem + ending
        if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
            stem = stem[:-1]
        elif SHORT.fullmatch(stem):
            return stem + "e"
    whole = stem + instead
    is_cut = whole.endswith("xe") or (len(whole) > 4 and not whole.endswith("ee"))
    return whole.removesuffix("e") if is_cut else whole


@cache
def _dictionary(language: str) -> bytes:
    """The words of a language in order, a line each: `"word": how often,`, from film subtitles.

    Read as the package stores them: its own reader takes ten times as long to count and sum them all.
    """
    import gzip

    package = find_spec("spellchecker")
    assert package is not None  # noqa: S101 - it is required
    assert package.origin is not None  # noqa: S101 - and has a file
    stored = Path(package.origin).with_name("resources") / f"{language}.json.gz"
    return gzip.decompress(stored.read_bytes()).removeprefix(b"{\n").removesuffix(b"}")


def _entry(lines: bytes, at: int) -> bytes:
    """The word in the line of a place."""
    start = lines.rfind(b"\n", 0, at) + 1
    return lines[start + 1 : lines.rindex(b'"', start, lines.find(b"\n", at))]


def _is_listed(word: bytes, language: str) -> bool:
    lines = _dictionary(language)
    at = bisect_left(range(len(lines)), word, key=lambda place: _entry(lines, place))
    return at < len(lines) and _entry(lines, at) == word


@lru_cache(maxsize=16384)
def is_word(word: str, language: str) -> bool:
    """Does a dictionary of the language know the word? Without a dictionary every word is one."""
    if language not in ENDINGS:
        return True
    forms = bases_of(word) if language == "es" else (word,)
    return any(_is_listed(form.lower().encode(), language) for form in forms)

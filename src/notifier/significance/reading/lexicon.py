"""The rule words of each language, from `lexicons/*.toml`: topics, classes, facts, and what says the same.

An entry is a word, the beginning of one (`retain*`) or a phrase. The longest phrase that fits is taken. A language
without a file of its own has an empty lexicon: nothing in it is understood, so nothing in it is ever clearly minor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple

from notifier.significance.reading.spanish_forms import bases_of
from notifier.significance.reading.word_forms import dutch_infinitives, french_infinitives, lemma

LEXICONS = Path(__file__).parents[1] / "lexicons"
LANGUAGES = ("en", "de", "fr", "es", "nl")
PREFIX_MIN = 3
VERB_MIN = 4
NOW = ("a", "an", "e", "en", "amos", "emos", "imos")
"""Endings of the Spanish present."""
MOST_REMEMBERED = 50_000
"""Words of which the classes are kept; a text in no language at all has as many words as it likes."""
Phrases = Mapping[str, tuple[tuple[tuple[str, ...], bool, str], ...]]
"""First word → (the others, is the last one a beginning?, mark), the longest first."""


class MarkedWords(NamedTuple):
    """Words, beginnings of words and phrases, each with its topics and classes."""

    exact: Mapping[str, frozenset[str]]
    prefixes: Mapping[str, frozenset[str]]
    phrases: Phrases


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Word → its topics (`topic.retention`) and classes (`must`).

    Each part is made when it is first asked for: of most languages nobody asks for more than the small words, to tell
    which one a text is in.
    """

    language: str
    stored: Mapping[str, Any] = field(default_factory=dict)
    """As the language's file has it, with what all languages share; empty where there is no file."""
    _seen: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.stored

    @cached_property
    def marked(self) -> MarkedWords:
        """What bears a topic or class."""
        return _marked_words(self.stored) if self.stored else MarkedWords({}, {}, {})

    @property
    def exact(self) -> Mapping[str, frozenset[str]]:
        """Words that bear a topic or class as they are."""
        return self.marked.exact

    @cached_property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """`kind:value` and an entry that is this fact; of two with the same words the first counts."""
        return tuple(_facts(self.stored))

    @cached_property
    def _meant(self) -> tuple[tuple[str, str], ...]:
        return (*self.facts, *_alike(self.stored, {entry for _, entry in self.facts}))

    @cached_property
    def meanings(self) -> Phrases:
        """Phrases (of one word or more) that are a fact or say what another word says, as `kind:value`."""
        found: dict[str, list[tuple[tuple[str, ...], bool, str]]] = {}
        for meaning, entry in self._meant:
            if not entry.endswith("*"):
                first, *rest = entry.replace("-", " ").split() if " " in entry else [entry.replace("-", "")]
                found.setdefault(first, []).append((tuple(rest), False, meaning))
        return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in found.items()}

    @cached_property
    def meant_values(self) -> frozenset[str]:
        """What a word or phrase may be read as that is written otherwise."""
        return frozenset(meaning.partition(":")[2] for meaning, _ in self._meant)

    @cached_property
    def lemmas(self) -> Mapping[str, str]:
        """Words without their endings that say what another says."""
        known = {entry for meaning, entry in self._meant if not meaning.startswith("same:")}
        found: dict[str, str] = {}
        for meaning, entry in self._meant:
            if meaning.startswith("same:") and " " not in entry and entry not in known:
                found.setdefault(lemma(entry, self.language), meaning)
        return found

    @cached_property
    def beginnings(self) -> Mapping[str, str]:
        """Beginnings of words that are a fact, as `kind:value`."""
        return {entry[:-1]: meaning for meaning, entry in self._meant if entry.endswith("*")}

    @cached_property
    def deeds(self) -> frozenset[str]:
        """What somebody may do with data, money or accounts, without endings."""
        duties = self.stored.get("classes", {}).get("duty_verb", "")
        return frozenset(lemma(entry, self.language) for entry in entries(duties))

    @cached_property
    def lists(self) -> Mapping[str, frozenset[str]]:
        """What else a language has: `copula`, `articles`, …"""
        return {name: frozenset(entries(written)) for name, written in self.stored.get("words", {}).items()}

    @cached_property
    def glue(self) -> frozenset[str]:
        """Words that hold a sentence together and bind nobody."""
        return self.lists.get("glue", frozenset())

    @cached_property
    def function_words(self) -> frozenset[str]:
        return frozenset(word.replace(" ", "-") for word in self.lists.get("small", ()))

    @cached_property
    def small_words(self) -> frozenset[str]:
        """Words that every text in the language is full of."""
        held = self.lists["and"] | self.lists["or"] | self.lists["to"] | self.lists["by"]
        return self.glue | held | frozenset(word for word in self.function_words if "-" not in word)

    def of(self, word: str) -> frozenset[str]:
        """The topics and classes of one word in lower case."""
        found = self._seen.get(word)
        if found is None:
            found = self._look_up(folded(word))
            if len(self._seen) < MOST_REMEMBERED:
                self._seen[word] = found
        return found

    def _look_up(self, word: str) -> frozenset[str]:
        exact, prefixes, _ = self.marked
        marks = set(exact.get(word, ()))
        if lemma(word, self.language) in self.deeds:
            marks.add("duty_verb")
        for length in range(PREFIX_MIN, len(word) + 1):
            marks |= prefixes.get(word[:length], frozenset())
        if "-" in word and not marks:
            for part in word.split("-"):
                marks |= self._look_up(part)
        return frozenset(marks)

    def marks(self, words: Sequence[str]) -> Counter[str]:
        """How often each topic and class is named in a run of words in lower case."""
        marks: list[str] = []
        phrases = self.marked.phrases
        for index, word in enumerate(words):
            marks += self.of(word)
            if word in phrases:
                marks += [
                    mark for rest, is_prefix, mark in phrases[word] if _follows(words, index + 1, rest, is_prefix)
                ]
        return Counter(marks)

    def speaking(self, words: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The same one by one: a topic or class, and the word or phrase that names it, without its ending."""
        for index, word in enumerate(words):
            for mark in self.of(word):
                yield mark, lemma(word, self.language)
            for rest, is_prefix, mark in self.marked.phrases.get(word, ()):
                if _follows(words, index + 1, rest, is_prefix):
                    yield mark, " ".join((word, *rest))

    def opens(self, word: str, mark: str) -> bool:
        """Does a word or phrase of this topic or class begin with it?"""
        return mark in self.of(word) or any(one == mark for _, _, one in self.marked.phrases.get(word, ()))

    def meaning(self, words: Sequence[str], start: int) -> tuple[str, int] | None:
        """What the longest known phrase that begins here means, and how many words it has."""
        for rest, is_prefix, meaning in self.meanings.get(words[start], ()):
            if not rest or _follows(words, start + 1, rest, is_prefix):
                return meaning, len(rest) + 1
        if words[start] in self.glue:
            return None  # `bitte` is no form of `bitten`
        found = self.lemmas.get(lemma(words[start], self.language)) or self._of_infinitive(words[start])
        return (found, 1) if found else None

    def _of_infinitive(self, word: str) -> str | None:
        """What somebody does now, by the infinitive that the lexicon holds: `löscht`, `borran`."""
        if self.language == "de" and word.endswith("t") and len(word) > VERB_MIN:
            return self.lemmas.get(word[:-1]) or self.lemmas.get(word.removesuffix("et"))
        if self.language == "nl" and len(word) >= VERB_MIN:
            return next((self.lemmas[base] for base in dutch_infinitives(word) if base in self.lemmas), None)
        if self.language == "fr" and len(word) > VERB_MIN:
            return next((self.lemmas[base] for base in french_infinitives(word) if base in self.lemmas), None)
        if self.language == "es" and len(word) >= VERB_MIN and word.endswith(NOW):
            bases = (self.lemmas.get(lemma(base, "es")) for base in bases_of(word) if base.endswith(("ar", "er", "ir")))
            return next((found for found in bases if found), None)
        return None

    def are_synonyms(self, one: str, other: str) -> bool:
        """Do two words say the same?"""
        first, second = self.meaning((one,), 0), self.meaning((other,), 0)
        return first is not None and first == second


def _follows(words: Sequence[str], start: int, rest: tuple[str, ...], is_prefix: bool) -> bool:
    end = start + len(rest) - 1
    if len(words) <= end:
        return False
    last = words[end]
    if not (last.startswith(rest[-1]) if is_prefix else last == rest[-1]):
        return False
    return end == start or tuple(words[start:end]) == rest[:-1]


@cache
def lexicon(language: str) -> Lexicon:
    """The rule words of a language (`en-GB` reads `en`); an empty one where there is no file."""
    primary = language.lower().replace("_", "-").split("-")[0]
    if primary not in LANGUAGES:
        return Lexicon(primary)
    stored, common = _read(primary), _read("common")
    shared = {
        "classes": {**stored["classes"], **common["classes"]},
        "words": {**common["words"], **stored["words"]},
    }
    return Lexicon(primary, {**stored, **shared})


@cache
def other_small_words() -> Mapping[str, frozenset[str]]:
    """The small words of languages that have no lexicon."""
    return {language: frozenset(entries(written)) for language, written in _read("common")["small_words"].items()}


@cache
def other_nots() -> frozenset[str]:
    """What denies in languages that have no lexicon."""
    return frozenset(entries(_read("common")["words"]["nots"]))


class _TomlLoader(SourceFileLoader):
    """Reads TOML as Python reads a module: what it says is kept beside it as bytecode, until the file changes."""

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> CodeType:  # type: ignore[override]
        import tomllib

        return compile(f"stored = {tomllib.loads(bytes(data).decode())!r}", path, "exec", dont_inherit=True)


def _read(name: str) -> dict[str, Any]:
    module = ModuleType(name)
    _TomlLoader(name, str(LEXICONS / f"{name}.toml")).exec_module(module)
    stored: dict[str, Any] = module.stored
    return stored


def entries(written: str) -> list[str]:
    """The entries of a word list."""
    return [entry for part in folded(written).split(",") if (entry := " ".join(part.split()))]


def word_groups(stored: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    """Words, each with the list of those that are forms of it or say the same."""
    groups = stored["phrases"][name].split(";") if stored else ()
    for group in groups:
        canonical, _, written = group.partition(":")
        yield " ".join(canonical.split()), written


def folded(written: str) -> str:
    """With `ss` for `ß`, as capitals and the Swiss write it."""
    return written.replace("ß", "ss")


def _marked_words(stored: Mapping[str, Any]) -> MarkedWords:
    exact: dict[str, set[str]] = {}
    prefixes: dict[str, set[str]] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], bool, str]]] = {}
    for mark, entry in _marked(stored):
        stem, is_prefix = entry.rstrip("*"), entry.endswith("*")
        hyphened = stem.replace(" ", "-")
        (prefixes if is_prefix else exact).setdefault(hyphened, set()).add(mark)
        first, *rest = hyphened.split("-")
        if rest:
            phrases.setdefault(first, []).append((tuple(rest), is_prefix, mark))
    return MarkedWords(
        {word: frozenset(marks) for word, marks in exact.items()},
        {word: frozenset(marks) for word, marks in prefixes.items()},
        {first: tuple(found) for first, found in phrases.items()},
    )


def _marked(stored: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for topic, words in stored["topics"].items():
        yield from ((f"topic.{topic}", entry) for entry in entries(words))
    for name, words in stored["classes"].items():
        yield from ((name, entry) for entry in entries(words))
    yield from (("place", entry) for entry in entries(stored["words"]["places"]))


def _facts(stored: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for kind, values in stored.get("facts", {}).items():
        for value, written in values.items():
            for entry in entries(written):
                if entry not in seen:
                    seen.add(entry)
                    own = entry.rstrip("*") if value == "words" else value
                    yield f"{kind}:{own}", entry


def _alike(stored: Mapping[str, Any], seen: set[str]) -> Iterator[tuple[str, str]]:
    """What says the same as another word and is no fact, as `same:word` and an entry; what glues a sentence."""
    for entry in entries(stored["words"]["glue"]) if stored else ():
        if " " in entry:
            yield f"glue:{entry}", entry
    for canonical, written in (*word_groups(stored, "forms"), *word_groups(stored, "same")):
        for entry in (folded(canonical), *entries(written)):
            if entry not in seen:
                seen.add(entry)
                yield f"same:{canonical}", entry

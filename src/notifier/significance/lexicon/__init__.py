"""The rule words of each language: topics and word classes, looked up word by word.

A language without a table of its own is judged by numbers, names, links and size alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Protocol

MODULES = {"en": "english", "de": "german", "fr": "french", "es": "spanish", "nl": "dutch"}
PREFIX_MIN = 3


class Table(Protocol):
    """What a language's module holds: words by topic and by class, words that carry no meaning, synonyms."""

    TOPICS: dict[str, str]
    CLASSES: dict[str, str]
    SYNONYMS: tuple[str, ...]
    FUNCTION_WORDS: str
    PLACES: str


@dataclass(frozen=True)
class Lexicon:
    """Word → its topics (`topic.retention`) and classes (`must`)."""

    language: str
    exact: dict[str, frozenset[str]]
    prefixes: dict[str, frozenset[str]]
    phrases: dict[str, tuple[tuple[tuple[str, ...], bool, str], ...]]
    synonyms: dict[str, frozenset[int]]
    function_words: frozenset[str]
    _seen: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, word: str) -> frozenset[str]:
        """The topics and classes of one word in lower case."""
        found = self._seen.get(word)
        if found is None:
            found = self._look_up(word)
            if len(self._seen) < 50_000:
                self._seen[word] = found
        return found

    def _look_up(self, word: str) -> frozenset[str]:
        marks = set(self.exact.get(word, ()))
        for length in range(PREFIX_MIN, len(word) + 1):
            marks |= self.prefixes.get(word[:length], frozenset())
        if "-" in word and not marks:
            for part in word.split("-"):
                marks |= self._look_up(part)
        return frozenset(marks)

    def marks(self, words: Sequence[str]) -> Counter[str]:
        """How often each topic and class is named in a run of words in lower case."""
        marks: Counter[str] = Counter()
        for index, word in enumerate(words):
            for mark in self.of(word):
                marks[mark] += 1
            for rest, is_prefix, mark in self.phrases.get(word, ()):
                if _follows(words, index + 1, rest, is_prefix):
                    marks[mark] += 1
        return marks

    def are_synonyms(self, one: str, other: str) -> bool:
        return bool(self.synonyms.get(one, frozenset()) & self.synonyms.get(other, frozenset()))


def _follows(words: Sequence[str], start: int, rest: tuple[str, ...], is_prefix: bool) -> bool:
    if len(words) < start + len(rest):
        return False
    if tuple(words[start : start + len(rest) - 1]) != rest[:-1]:
        return False
    last = words[start + len(rest) - 1]
    return last.startswith(rest[-1]) if is_prefix else last == rest[-1]


@cache
def lexicon(language: str) -> Lexicon:
    """The rule words of a language (`en-GB` reads `en`); an empty one where there is no table."""
    primary = language.lower().replace("_", "-").split("-")[0]
    module = MODULES.get(primary)
    if module is None:
        return Lexicon(primary, {}, {}, {}, {}, frozenset())
    table: Table = import_module(f"notifier.significance.lexicon.{module}")
    return _compiled(primary, table)


def _compiled(language: str, table: Table) -> Lexicon:
    exact: dict[str, set[str]] = {}
    prefixes: dict[str, set[str]] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], bool, str]]] = {}
    for mark, word in _entries(table):
        stem, is_prefix = word.rstrip("*"), word.endswith("*")
        (prefixes if is_prefix else exact).setdefault(stem, set()).add(mark)
        first, *rest = stem.split("-")
        if rest:
            phrases.setdefault(first, []).append((tuple(rest), is_prefix, mark))
    synonyms: dict[str, set[int]] = {}
    for number, group in enumerate(table.SYNONYMS):
        for word in group.split():
            synonyms.setdefault(word, set()).add(number)
    return Lexicon(
        language,
        _frozen(exact),
        _frozen(prefixes),
        {first: tuple(found) for first, found in phrases.items()},
        {word: frozenset(numbers) for word, numbers in synonyms.items()},
        frozenset(table.FUNCTION_WORDS.split()),
    )


def _entries(table: Table) -> Iterable[tuple[str, str]]:
    for topic, words in table.TOPICS.items():
        yield from ((f"topic.{topic}", word) for word in words.split())
    for name, words in table.CLASSES.items():
        yield from ((name, word) for word in words.split())
    yield from (("place", word) for word in table.PLACES.split())


def _frozen(table: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {word: frozenset(marks) for word, marks in table.items()}

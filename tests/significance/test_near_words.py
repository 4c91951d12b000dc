"""Words that stand near each other in a dictionary and promise different things: nobody may call them the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifier import compare
from notifier.significance import Significance
from notifier.significance.facts.force import CONDITIONS, LIMITS, MODALS, NEGATIONS
from notifier.significance.reading.lexicon import lexicon

POLICY = {
    "en": "# Terms\n\n## Use\n\n{}\n\nOur servers stand in Ghent. We read all messages.\n",
    "de": "# Bedingungen\n\n## Nutzung\n\n{}\n\nUnsere Server stehen in Gent. Wir lesen alle Nachrichten.\n",
    "fr": "# Conditions\n\n## Usage\n\n{}\n\nNos serveurs sont à Gand. Nous lisons tous les messages.\n",
    "es": "# Condiciones\n\n## Uso\n\n{}\n\nNuestros servidores están en Gante. Leemos todos los mensajes.\n",
    "nl": "# Voorwaarden\n\n## Gebruik\n\n{}\n\nOnze servers staan in Gent. Wij lezen alle berichten.\n",
}
TABLE = Path(__file__).parents[1] / "cases" / "near_words.tsv"
"""A language, and two sentences, a line each."""


def near(language: str) -> list[tuple[str, str]]:
    """The pairs of a language, each both ways."""
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()]
    return [pair for code, one, other in rows if code == language for pair in ((one, other), (other, one))]


def is_clearly_minor(before: str, after: str, language: str) -> bool:
    found = compare(POLICY[language].format(before), POLICY[language].format(after), language=language)
    return (found.significance, found.certainty) == (Significance.MINOR, "clear")


@pytest.mark.parametrize("language", POLICY)
def test_near_words_are_not_the_same(language: str) -> None:
    assert [pair for pair in near(language) if is_clearly_minor(*pair, language)] == []


def test_every_word_of_force_is_one_that_a_rule_looks_at() -> None:
    values = {meaning for code in POLICY for meaning, _ in lexicon(code).facts if meaning.startswith("force:")}

    assert {value.removeprefix("force:") for value in values} <= NEGATIONS | MODALS | LIMITS | CONDITIONS

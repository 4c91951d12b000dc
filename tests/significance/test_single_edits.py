"""One short edit in a clean policy, which is what editors commit: none that weighs passes as clearly minor."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifier import compare
from notifier.significance import Certainty, Significance

CASES = Path(__file__).parents[1] / "cases" / "single_edits"
POLICIES = {
    "en": "# Terms of use\n\nThese terms apply between you and us when you use our service.\n\n{}\n\n## Contact\n\n"
    "Write to us if you have a question about these terms.\n",
    "de": "# Nutzungsbedingungen\n\nDiese Bedingungen gelten für Sie und uns, falls Sie den Dienst nutzen.\n\n{}\n"
    "\n## Kontakt\n\nSchreiben Sie uns, wenn Sie eine Frage zu diesen Bedingungen haben.\n",
    "fr": "# Conditions\n\nCes conditions s'appliquent entre vous et nous quand vous utilisez le service.\n\n{}\n"
    "\n## Contact\n\nÉcrivez-nous si vous avez une question sur ces conditions.\n",
    "es": "# Condiciones\n\nEstas condiciones se aplican entre usted y nosotros cuando usa el servicio.\n\n{}\n\n"
    "## Contacto\n\nEscríbanos si tiene una pregunta sobre estas condiciones.\n",
    "nl": "# Voorwaarden\n\nDeze voorwaarden gelten tussen u en ons als u de dienst gebruikt.\n\n{}\n\n## Contact\n\n"
    "Schrijf ons als u een vraag over deze voorwaarden heeft.\n",
}


CLEARLY = (Significance.SIGNIFICANT, Certainty.CLEAR)
CLOSE_AT_MOST = 0.15
"""Of the harmless ones; each costs an editor a minute."""


def call_of(old: str, new: str, language: str) -> tuple[Significance, Certainty]:
    verdict = compare(old, new, language=language)
    return verdict.significance, verdict.certainty


def is_waved_through(old: str, new: str, language: str) -> bool:
    return call_of(old, new, language) == (Significance.MINOR, Certainty.CLEAR)


def sentences(table: str) -> Iterator[tuple[str, str, str]]:
    """Each line a language, what a paragraph said, and what it says, each in its policy; `⏎` is a line break."""
    for line in (CASES / table).read_text("utf-8").splitlines():
        language, *sides = line.split("\t")
        old, new = (POLICIES[language].format(side.replace("⏎", "\n")) for side in sides)
        yield language, old, new


def edits() -> Iterator[tuple[str, str, str]]:
    for policy, table in tomllib.loads((CASES / "significant.toml").read_text("utf-8")).items():
        yield from ((policy, before, after) for before, after in table["edits"])


@pytest.mark.parametrize(("policy", "before", "after"), list(edits()))
def test_no_edit_that_weighs_is_waved_through(policy: str, before: str, after: str) -> None:
    old = (CASES / f"{policy}.md").read_text("utf-8")
    assert before in old

    assert not is_waved_through(old, old.replace(before, after, 1), policy.rpartition(".")[2])


def test_no_sentence_that_says_another_thing_is_waved_through() -> None:
    through = [(old, new) for code, old, new in sentences("sentences.tsv") if is_waved_through(old, new, code)]

    assert through == []


def test_what_anybody_would_call_significant_asks_nobody() -> None:
    asked = [(old, new) for code, old, new in sentences("clear.tsv") if call_of(old, new, code) != CLEARLY]

    assert asked == []


@pytest.mark.parametrize(
    ("language", "said", "denied"), [("sv", "säljer", "säljer inte"), ("el", "πουλάμε", "δεν πουλάμε")]
)
def test_a_not_that_went_is_plain_in_a_language_without_rule_words(language: str, said: str, denied: str) -> None:
    old, new = (f"# 1\n\nVi {verb} dina uppgifter till andra.\n" for verb in (denied, said))

    assert call_of(old, new, language) == CLEARLY


def test_what_anybody_would_call_minor_alarms_nobody_and_asks_seldom() -> None:
    cases = list(sentences("harmless.tsv"))
    calls = [call_of(old, new, code) for code, old, new in cases]

    assert CLEARLY not in calls
    assert calls.count((Significance.SIGNIFICANT, Certainty.CLOSE)) <= CLOSE_AT_MOST * len(cases)

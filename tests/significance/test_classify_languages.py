"""Policies that are not English: a change of substance is never waved through, in any language."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifier.diff import diff
from notifier.significance import Certainty, Classification, Significance, reading
from notifier.significance.classifier import classify
from notifier.significance.reading.lexicon import LANGUAGES
from notifier.text.markdown import parse

TEXTS = {
    "de": "# Datenschutz\n\nWir speichern Ihre Chats für 30 Tage.\n\nWir verkaufen Ihre Daten nicht an Dritte.\n\n"
    "Sie können der Verarbeitung widersprechen.\n\nDie Daten liegen in Deutschland.\n",
    "fr": "# Confidentialité\n\nNous conservons vos messages pendant 30 jours.\n\nNous ne vendons pas vos données "
    "à des tiers."
    "\n\nVous pouvez vous opposer au traitement.\n\nLes données restent en France.\n",
    "es": "# Privacidad\n\nConservamos sus mensajes durante 30 días.\n\nNosotros no vendemos sus datos a terceros.\n\n"
    "Usted puede oponerse al tratamiento.\n\nLos datos permanecen en España.\n",
    "nl": "# Privacy\n\nWij bewaren uw chats 30 dagen.\n\nWij verkopen uw gegevens niet aan derden.\n\n"
    "U kunt bezwaar maken tegen de verwerking.\n\nDe gegevens staan in Nederland.\n",
}


def test_every_lexicon_is_read() -> None:
    folder = Path(reading.__file__).parents[1] / "lexicons"

    assert {path.stem for path in folder.glob("*.toml")} == {*LANGUAGES, "common"}


def judged(language: str, old: str, new: str) -> Classification:
    text = TEXTS[language]
    assert old in text
    return classify(diff(parse(text), parse(text.replace(old, new))), language=language)


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("de", "30 Tage", "60 Tage"),
        ("de", "30 Tage", "30 Monate"),
        ("de", "Daten nicht an", "Daten an"),
        ("de", "können", "müssen"),
        ("de", "Deutschland", "Indien"),
        ("de", "Wir verkaufen", "Partner verkaufen"),
        ("fr", "30 jours", "60 jours"),
        ("fr", "30 jours", "30 mois"),
        ("fr", "ne vendons pas", "vendons"),
        ("fr", "pouvez", "devez"),
        ("fr", "France", "Inde"),
        ("es", "30 días", "60 días"),
        ("es", "30 días", "30 meses"),
        ("es", "no vendemos", "vendemos"),
        ("es", "puede", "debe"),
        ("es", "España", "India"),
        ("nl", "30 dagen", "60 dagen"),
        ("nl", "30 dagen", "30 maanden"),
        ("nl", "gegevens niet aan", "gegevens aan"),
        ("nl", "kunt", "moet"),
        ("nl", "Nederland", "India"),
    ],
)
def test_numbers_modals_negations_parties_periods_and_places_are_read(language: str, old: str, new: str) -> None:
    assert judged(language, old, new).significance is Significance.SIGNIFICANT


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("de", "speichern Ihre", "speichern grundsätzlich Ihre"),
        ("fr", "conservons vos", "conservons généralement vos"),
        ("es", "no vendemos", "normalmente no vendemos"),
        ("nl", "bewaren uw", "bewaren doorgaans uw"),
    ],
)
def test_a_statement_that_holds_less_firmly_now_is_not_waved_through(language: str, old: str, new: str) -> None:
    assert judged(language, old, new).significance is Significance.SIGNIFICANT


@pytest.mark.parametrize(
    ("language", "topic"), [("de", "retention"), ("fr", "retention"), ("es", "retention"), ("nl", "retention")]
)
def test_the_topic_is_known_in_the_policys_language(language: str, topic: str) -> None:
    reasons = judged(language, "30", "60").reasons

    assert topic in {reason.topic for reason in reasons}


def test_a_language_without_rule_words_is_never_called_minor_when_its_words_change() -> None:
    old, new = "# Polityka\n\nNie sprzedajemy danych.\n", "# Polityka\n\nSprzedajemy dane partnerom.\n"

    verdict = classify(diff(parse(old), parse(new)), language="pl")

    assert verdict.significance is Significance.SIGNIFICANT


def test_japanese_words_are_compared_too() -> None:
    old, new = "# 方針\n\n私たちはデータを三十日間保存します。\n", "# 方針\n\n私たちはデータを六十日間保存します。\n"

    assert classify(diff(parse(old), parse(new)), language="ja").significance is Significance.SIGNIFICANT


@pytest.mark.parametrize("language", ["de", "fr", "es", "nl", "pl"])
def test_layout_is_minor_in_any_language(language: str) -> None:
    text = TEXTS.get(language, TEXTS["de"])

    verdict = classify(diff(parse(text), parse(text.replace("30", "**30**"))), language=language)

    assert (verdict.significance, verdict.certainty) == (Significance.MINOR, Certainty.CLEAR)


def test_a_regional_language_reads_the_words_of_its_language() -> None:
    text = TEXTS["de"]

    verdict = classify(diff(parse(text), parse(text.replace("nicht ", ""))), language="de-AT")

    assert "sharing" in {reason.topic for reason in verdict.reasons}

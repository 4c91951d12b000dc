"""A policy in another language than the one it is judged in is named, with what to write where."""

from __future__ import annotations

import pytest

from notifier.policy.revision import PolicyText
from notifier.text.front_matter import FrontMatter
from notifier.usecases.language_findings import language_findings

FRENCH = "# Confidentialité\n\nNous collectons votre nom et votre adresse. Nous ne vendons jamais vos données à des tiers. Elles sont conservées pendant trois ans après la dernière commande.\n"  # noqa: E501
GERMAN = "# Datenschutz\n\nWir erheben Ihren Namen und Ihre Adresse. Wir geben Ihre Daten nicht an Dritte weiter, es sei denn, dass Sie zustimmen. Protokolle werden nach sieben Tagen gelöscht.\n"  # noqa: E501
ITALIAN = "# Informativa\n\nRaccogliamo il tuo nome e il tuo indirizzo. Non vendiamo i tuoi dati a terzi. Le conversazioni sono conservate per trenta giorni dopo la chiusura del profilo.\n"  # noqa: E501
RUSSIAN = "# Политика\n\nМы собираем ваше имя и ваш адрес. Мы никогда не продаём ваши данные третьим лицам. Чаты хранятся тридцать дней после закрытия учётной записи.\n"  # noqa: E501
ENGLISH = "# Privacy\n\nWe collect your name and your address. We never sell your data to anyone. Chats are kept for thirty days after you close the account, and are then deleted.\n"  # noqa: E501


def said(text: str, language: str, path: str) -> list[str]:
    policy = PolicyText(path, language, "", text, FrontMatter(), "")
    return [str(finding) for finding in language_findings([policy])]


def test_a_french_policy_judged_as_english_is_named_with_what_to_write() -> None:
    assert said(FRENCH, "en", "policies/privacy.md") == [
        "policies/privacy.md:1: it reads like French and is judged as English, so that every change of a word is a "
        'close call; write "language: fr" into its front matter, or language = "fr" under [policies] in config.toml'
    ]


def test_a_translation_is_named_by_its_file() -> None:
    [line] = said(GERMAN, "fr", "policies/privacy.fr.md")

    assert "reads like German" in line
    assert line.endswith("name the file privacy.de.md")


def test_a_language_without_rule_words_is_named_too() -> None:
    [line] = said(ITALIAN, "en", "policies/privacy.md")

    assert "reads like Italian" in line
    assert '"language: it"' in line


def test_where_nobody_can_tell_the_language_that_is_said() -> None:
    [line] = said(RUSSIAN, "en", "policies/privacy.md")

    assert "reads like a language that has no rule words" in line


@pytest.mark.parametrize(
    ("text", "language"), [(ENGLISH, "en"), (ENGLISH, "en-GB"), (GERMAN, "de"), (FRENCH, "fr"), (ITALIAN, "it")]
)
def test_a_policy_in_its_own_language_is_not_named(text: str, language: str) -> None:
    assert said(text, language, "policies/privacy.md") == []


def test_a_short_policy_that_is_mostly_names_of_things_is_in_its_language_too() -> None:
    text = (
        "# Datenschutzerklärung\n\nStand: 3. Mai 2024\n\nWir, die Acme Robotics GmbH, behalten Ihre Chats 30 Tage nach "
        "ihrem Ende.\n\n## Weitergabe\n\n- Wir geben personenbezogene Daten nur an Auftragsverarbeiter weiter.\n"
        "- Wir verkaufen sie nie.\n\n## Änderungen\n\nÜber wesentliche Änderungen informieren wir Sie vorher.\n"
    )

    assert said(text, "de", "policies/privacy.de.md") == []
    [line] = said(text, "en", "policies/privacy.md")
    assert "reads like German" in line


def test_a_text_of_a_few_words_is_in_any_language() -> None:
    assert said("# AGB\n\nWir sind da.\n", "en", "policies/terms.md") == []


def test_a_table_of_prices_is_in_no_language_that_could_be_told() -> None:
    text = "# Terms\n\nEffective date: March 1, 2026\n\n## Price\n\n| Plan | Price |\n|---|---|\n| Solo | 5 euros |\n| Crew | 9 euros |\n"  # noqa: E501

    assert said(text, "en", "policies/terms.md") == []

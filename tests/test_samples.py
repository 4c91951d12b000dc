"""The sample policies: what every new installation begins with."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from notifier.text.dates.posted_date import find_posted_date

POLICIES = Path(__file__).parents[1] / "policies"
LANGUAGES = {"privacy.md": "en", "terms.md": "en", "cookies.md": "en", "privacy.de.md": "de", "privacy.fr.md": "fr"}


def outline(name: str) -> list[str]:
    """Kinds of lines in order: headings by level, list items, table rows, paragraphs' lines."""
    return [re.match(r"#+|-|\d+\.|\||$|", line)[0] for line in (POLICIES / name).read_text().splitlines()]  # type: ignore[index]


@pytest.mark.parametrize(("name", "language"), LANGUAGES.items())
def test_each_bears_its_date_in_its_own_language(name: str, language: str) -> None:
    found = find_posted_date((POLICIES / name).read_text(), language=language)

    assert found is not None
    assert found.value == date(2026, 3, 3)


@pytest.mark.parametrize("name", ["privacy.de.md", "privacy.fr.md"])
def test_a_translation_has_every_section_list_and_table_of_the_controlling_text(name: str) -> None:
    own = [kind for kind in outline(name) if kind]

    assert own == [kind for kind in outline("privacy.md") if kind]


def test_the_samples_promise_what_is_kept() -> None:
    text = (POLICIES / "privacy.md").read_text()

    assert "at least 30 days after the posting" in text
    assert "we tell every customer by email" in text
    assert "check this page" not in text

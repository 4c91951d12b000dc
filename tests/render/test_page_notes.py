"""What a page says of itself before its text: what waits, where to read what changes, what two texts are compared."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from notifier.render.site.build import publish
from notifier.render.site.editions import PolicyHistory
from tests.render.histories import PRIVACY, TEMPLATES, posted, site
from tests.render.reading import elements, read


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy of which two changes were announced, one after the other."""
    folder = tmp_path_factory.mktemp("site")
    texts = (PRIVACY, PRIVACY.replace("30 days", "12 months"), PRIVACY.replace("30 days", "13 months"))
    days = ((date(2026, 3, 3),) * 2, (date(2026, 11, 1), date(2026, 12, 1)), (date(2026, 11, 22), date(2026, 12, 22)))
    steps = (
        posted("p", day, {"en": text}, effective=effective, is_significant=day.month > 3)
        for text, (day, effective) in zip(texts, days, strict=True)
    )
    publish(site(PolicyHistory("p", tuple(steps))), folder, templates=TEMPLATES)
    return folder


def page(out: Path, address: str) -> str:
    return (out / address / "index.html").read_text(encoding="utf-8")


def test_the_text_in_force_names_each_text_that_waits_and_links_what_changes(out: Path) -> None:
    shown = page(out, "p")

    assert "A new text applies from 1 December 2026. Until then the text on this page is in force." in read(shown)
    assert "A new text applies from 22 December 2026." in read(shown)
    for day in ("2026-11-01", "2026-11-22"):
        assert f'href="{day}/"' in shown
        assert f'href="changes/{day}/">See what changes' in shown


def test_a_text_that_waits_links_what_it_changes(out: Path) -> None:
    assert 'href="../changes/2026-11-22/">See what changes' in page(out, "p/2026-11-22")


def test_a_comparison_across_postings_is_called_otherwise_than_the_list_of_changes(out: Path) -> None:
    shown = read(page(out, "p/compare/2026-03-03..2026-11-22"))

    assert "Privacy Policy: Changes from 3 March 2026 to 22 November 2026" in shown
    assert "Changes to “Privacy Policy”" not in shown


def test_of_a_reworded_sentence_only_the_words_that_differ_are_marked(tmp_path: Path) -> None:
    after = PRIVACY.replace("only with processors that work for us.", "with processors that work for us and partners.")
    steps = (
        posted("p", date(2026, 3, n), {"en": text}, is_significant=n > 1) for n, text in enumerate((PRIVACY, after), 1)
    )
    publish(site(PolicyHistory("p", tuple(steps))), tmp_path, templates=TEMPLATES)

    reasons = page(tmp_path, "p/compare/2026-03-01..2026-03-02").partition('class="reasons"')[2].partition("</ul>")[0]
    assert (elements(reasons, "del"), elements(reasons, "ins")) == (["only"], ["and partners"])

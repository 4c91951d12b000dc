"""The HTML of a notice in a real browser: every width, light and dark, read without a mouse, asking nobody anything."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from notifier.render.message.mail_preview import draw_html
from tests.browser.conftest import LOOKS, show
from tests.render.notices import RETENTION, change, message_about, reason

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
ONLY_IN_WHOLE_PAGES = {"rules": {rule: {"enabled": False} for rule in ("region", "landmark-one-main")}}
"""A mail is shown inside the page of a mail program, which has the landmarks."""

SHARING = reason(
    "We share personal information only with processors that work for us.",
    "We share personal information only with processors that work for us and with advertising partners that help us "
    "measure campaigns.",
    section=("Privacy Policy", "Information sharing"),
    weight=2,
)
NEW_AND_GONE = (
    reason("", f"| `{'very_long_cookie_name' * 6}` | measures visits | 13 months |", section=("Cookies",)),
    reason("We never sell your data.", "", section=("Selling",)),
    reason("نحتفظ بالمحادثات لمدة 30 يومًا.", "نحتفظ بالمحادثات لمدة 12 شهرًا.", section=("الاحتفاظ",)),
)
LETTERS = {
    "one-policy": lambda: message_about(
        change(
            summary="We will share data with advertising partners and keep chats longer.", reasons=(SHARING, RETENTION)
        )
    ),
    "two-policies-german": lambda: message_about(
        change(title="Datenschutzerklärung", language="de"),
        change("terms", title="Terms of Service", is_fallback=True, reasons=(SHARING,)),
        language="de",
    ),
    "long-words-french": lambda: message_about(
        change(title="Politique de confidentialité", language="fr", reasons=NEW_AND_GONE), language="fr"
    ),
}


@pytest.fixture
def asked() -> list[str]:
    """Every address that the mail asked for."""
    return []


@pytest.fixture
def page(browser: Browser, asked: list[str], letter: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 768, "height": 900})
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(draw_html(LETTERS[letter](), name="Maximiliane Wolfeschlegelstein-Featherstonehaugh"))
    yield page
    page.close()


@pytest.mark.parametrize("letter", LETTERS)
def test_everybody_can_read_the_mail(page: Page, asked: list[str], letter: str) -> None:
    for width, look in LOOKS.items():
        show(page, f"mail-{letter}", width=width, look=look)
        if width != 768:
            found = Axe().run(page, options=ONLY_IN_WHOLE_PAGES)
            assert [violation["id"] for violation in found.response["violations"]] == [], found.generate_report()
    show(page, f"mail-{letter}", width=768, look="print")

    assert asked == []


@pytest.mark.parametrize("letter", LETTERS)
def test_every_link_is_reached_by_keyboard_in_reading_order(page: Page, letter: str) -> None:
    links = page.eval_on_selector_all("a", "links => links.map(link => link.href)")

    reached = []
    for _ in links:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.href"))

    assert len(links) >= 3
    assert reached == links


@pytest.mark.parametrize("letter", LETTERS)
def test_headings_go_down_one_level_at_a_time_and_the_changed_words_are_marked_without_colour(
    page: Page, letter: str
) -> None:
    levels = page.eval_on_selector_all("h1,h2,h3,h4", "found => found.map(heading => Number(heading.tagName[1]))")

    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for tag, line in (("del", "line-through"), ("ins", "underline")):
        drawn = page.eval_on_selector_all(tag, "found => found.map(it => getComputedStyle(it).textDecorationLine)")
        assert set(drawn) == {line}


@pytest.mark.parametrize("letter", ["one-policy"])
def test_on_paper_a_letter_begins_on_the_first_page_and_its_button_can_be_read(page: Page, letter: str) -> None:
    """A printer leaves backgrounds out; a column that is an inline block breaks nowhere, and left a page empty."""
    page.emulate_media(media="print")
    said = "(name) => getComputedStyle(document.querySelector(name)).{}"

    assert page.evaluate(said.format("display"), ".mj-column-per-100") == "block"
    assert page.evaluate(said.format("color"), ".named a") == "rgb(10, 88, 166)"

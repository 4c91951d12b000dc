"""The HTML of a notice in a real browser: every width, light and dark, read without a mouse, asking nobody anything."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.render.notices import RETENTION, change, message_about, reason

from notifier.notice.message import Message
from notifier.render.message.mail_preview import draw_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
SEEN = [*((width, look) for width in (320, 768, 1280) for look in ("light", "dark")), (768, "print")]
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
def message(letter: str) -> Message:
    return LETTERS[letter]()


def opened(browser: Browser, message: Message, *, width: int, look: str) -> tuple[Page, list[str]]:
    """The page, and every address it asked for."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.emulate_media(
        media="print" if look == "print" else "screen", color_scheme="dark" if look == "dark" else "light"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(draw_html(message, name="Maximiliane Wolfeschlegelstein-Featherstonehaugh"))
    return page, asked


@pytest.mark.parametrize(("width", "look"), SEEN)
@pytest.mark.parametrize("letter", LETTERS)
def test_everybody_can_read_the_mail(browser: Browser, letter: str, message: Message, width: int, look: str) -> None:
    page, asked = opened(browser, message, width=width, look=look)

    page.screenshot(path=SCREENSHOTS / f"mail-{letter}-{width}-{look}.png", full_page=True)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == []
    found = Axe().run(page, options=ONLY_IN_WHOLE_PAGES)
    assert [violation["id"] for violation in found.response["violations"]] == [], found.generate_report()
    page.close()


@pytest.mark.parametrize("letter", LETTERS)
def test_every_link_is_reached_by_keyboard_in_reading_order(browser: Browser, letter: str, message: Message) -> None:
    page, _ = opened(browser, message, width=768, look="light")
    links = page.eval_on_selector_all("a", "links => links.map(link => link.href)")

    reached = []
    for _ in links:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.href"))

    assert len(links) >= 3
    assert reached == links
    page.close()


@pytest.mark.parametrize("letter", LETTERS)
def test_headings_go_down_one_level_at_a_time_and_the_changed_words_are_marked_without_colour(
    browser: Browser, letter: str, message: Message
) -> None:
    page, _ = opened(browser, message, width=768, look="light")
    levels = page.eval_on_selector_all("h1,h2,h3,h4", "found => found.map(heading => Number(heading.tagName[1]))")

    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for tag, line in (("del", "line-through"), ("ins", "underline")):
        drawn = page.eval_on_selector_all(tag, "found => found.map(it => getComputedStyle(it).textDecorationLine)")
        assert set(drawn) == {line}
    page.close()

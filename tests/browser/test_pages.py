"""Every kind of posted page in a real browser: every width, light and dark, printed, by keyboard, asking nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from notifier.render.site.build import publish
from tests.browser.conftest import LOOKS, SCREENSHOTS, file_server, show
from tests.render.histories import TEMPLATES, hostile, lived, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
BENEATH = "some/sub-path"
"""Where the site is put on the server: links must work from any place."""
PAGES = {
    "days": "privacy/at/",
    "policies": "",
    "policies-german": "de/",
    "policy": "privacy/",
    "policy-waiting": "privacy/2026-11-22/",
    "policy-earlier": "privacy/2026-03-03/",
    "policy-german": "de/privacy/",
    "changes": "privacy/changes/",
    "redline": "privacy/changes/2026-11-22/",
    "redline-german": "de/privacy/changes/2026-06-01/",
    "redline-first": "privacy/changes/2026-03-03/",
    "compare": "privacy/compare/2026-03-03..2026-06-01/",
    "retired": "loyalty/",
    "moved": "terms/2026-10-03/",
    "taken-back": "use/2026-10-03/",
    "wide-table": "preise/",
    "wide-table-redline": "preise/changes/2026-11-03/",
    "arabic": "shuroot/",
    "arabic-redline": "shuroot/changes/2026-11-03/",
    "hostile": "hostile/2026-09-01/",
    "hostile-redline": "hostile/changes/2026-09-01/",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("www")
    publish(site(hostile(), *lived()), folder / BENEATH, templates=TEMPLATES)
    with file_server(folder) as found:
        yield f"{found}/{BENEATH}/"


@pytest.fixture
def asked() -> list[str]:
    """Every address that the pages of a test asked for."""
    return []


@pytest.fixture
def page(browser: Browser, asked: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_well_at_every_width_light_dark_and_on_paper(
    page: Page, asked: list[str], address: str, name: str
) -> None:
    """On A4 (718 pixels) nothing is cut off at the side, and what only a screen needs is not printed."""
    page.goto(address + PAGES[name])
    for width, look in LOOKS.items():
        show(page, f"page-{name}", width=width, look=look)
        if width != 768:
            violations = Axe().run(page).response["violations"]
            assert not violations, [(found["id"], found["nodes"][0]["html"]) for found in violations]
    show(page, f"page-{name}", width=718, look="print")

    assert not page.locator("header.top, footer.foot, .tools").first.is_visible()
    assert all(url.startswith(address) for url in asked), asked


def test_a_day_leads_to_its_text_on_a_static_host(page: Page, address: str) -> None:
    """A host sends `at/2026-06-30/` to the page of days with the day behind it; the form there asks the same way."""
    page.goto(f"{address}privacy/at/?on=2026-06-30/")
    page.wait_for_url(f"{address}privacy/2026-03-03/")
    page.goto(f"{address}privacy/at/")
    page.get_by_label("In force on").fill("2026-07-01")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(f"{address}privacy/2026-06-01/")
    page.goto(f"{address}privacy/at/?on=2020-01-01")
    assert page.get_by_text("Before 3 March 2026 none of these texts was in force.").is_visible()


def test_the_pages_are_whole_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGES["redline"])

    assert page.locator(".tools button").count() == 0
    assert page.locator("article ins").first.is_visible()
    assert page.locator("article del").first.is_visible()
    context.close()


@pytest.mark.parametrize("name", ["policies", "policy", "changes", "redline"])
def test_everything_that_can_be_used_is_reached_by_keyboard(page: Page, address: str, name: str) -> None:
    page.goto(address + PAGES[name])
    wanted = page.locator("a[href]:visible, button:visible, summary:visible, [tabindex='0']:visible").count()
    reached = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    reached -= {page.evaluate("[...document.querySelectorAll('*')].indexOf(document.body)")}

    assert wanted > 0
    assert len(reached) >= wanted


def test_the_first_key_leads_past_the_navigation(page: Page, address: str) -> None:
    page.goto(address + PAGES["policy"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "text"


def test_both_ends_of_a_move_are_one_click_apart(page: Page, address: str) -> None:
    page.goto(address + PAGES["redline"])
    page.locator(".moved-away a").first.click()
    assert page.url.endswith("#move-1-here")
    page.locator("#move-1-here").click()

    assert page.url.endswith("#move-1-from")


def test_a_word_is_told_as_removed_or_inserted_without_colour(page: Page, address: str) -> None:
    page.goto(address + PAGES["redline"])

    line = "getComputedStyle(document.querySelector('article {}')).textDecorationLine"
    assert page.evaluate(line.format("del")) == "line-through"
    assert page.evaluate(line.format("ins")) == "underline"
    assert "inserted: " in page.locator("article ins").first.text_content()  # type: ignore[operator]


def test_the_script_leads_from_change_to_change_and_sets_the_texts_side_by_side(page: Page, address: str) -> None:
    page.goto(address + PAGES["redline"])
    page.get_by_role("button", name="Next change").click()
    assert page.locator(".tools [role=status]").text_content() == "1 / 5"

    page.get_by_role("button", name="Side by side").click()
    old, new = page.locator(".pair article").all()
    assert old.is_visible()
    assert new.is_visible()
    assert old.locator("ins").count() == 0
    assert new.locator("del").count() == 0
    assert "processors that work for us. They may" in (old.text_content() or "")
    assert [one.locator(".side").text_content() for one in (old, new)] == ["Before", "From 22 December 2026"]
    page.screenshot(path=SCREENSHOTS / "page-redline-side-by-side.png", full_page=True)

    page.locator(".reasons h3 a").first.click()
    assert not old.is_visible()
    assert page.locator(":target").is_visible()


@pytest.mark.parametrize("name", ["wide-table", "wide-table-redline"])
def test_no_date_and_no_price_of_a_table_is_parted_on_a_screen_or_on_paper(page: Page, address: str, name: str) -> None:
    """A printed price was parted within its figures, and a date in a narrow column at its hyphens."""
    page.goto(address + PAGES[name])
    parted = """() => [...document.querySelectorAll("td")].filter(cell => {
      const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange();
      for (let node; (node = text.nextNode()); ) for (const found of node.data.matchAll(/[\\d.,-]+/g)) {
        range.setStart(node, found.index); range.setEnd(node, found.index + found[0].length);
        if (range.getClientRects().length > 1) return true;
      }
    }).map(cell => cell.textContent)"""
    for width, look in ((320, "light"), (1280, "light"), (718, "print")):
        show(page, f"page-{name}", width=width, look=look)
        assert page.evaluate(parted) == []


def test_a_number_struck_out_in_arabic_stands_apart_from_the_new_one_on_paper(page: Page, address: str) -> None:
    """Both were drawn as one number, from left to right: 2030."""
    page.goto(address + PAGES["arabic-redline"])
    page.emulate_media(media="print")
    box = "(name) => document.querySelector(`article ${name}`).getBoundingClientRect().toJSON()"

    assert page.evaluate(box, "ins")["right"] < page.evaluate(box, "del")["left"]


def test_a_hostile_policy_changes_nothing_about_the_page_around_it(page: Page, address: str) -> None:
    page.goto(address + PAGES["hostile"])

    assert page.title() != "owned"
    assert page.locator("header.top").is_visible()
    covered = page.get_by_text("covered")
    assert covered.evaluate("it => getComputedStyle(it).position") == "static"

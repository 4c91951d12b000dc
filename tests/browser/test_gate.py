"""`embed/gate.js` on a page of an application, in a real browser: it shows what changed, and takes a yes for it.

The application's own server holds the key; behind it stands what `notifier serve` serves.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from docs.gate_app import Twin, application

from tests.browser.conftest import show
from tests.web.shop import DEARER, PRIVACY, TEURER, open_shop

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser
GATE = Path(__file__).parents[2] / "embed" / "gate.js"
LONGER = '---\nsummary: "Messages are kept for 60 days."\n---\n\n' + PRIVACY.replace("30 days", "60 days")


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twin]:
    """The fee went up, which is to be accepted; messages are kept longer, which is to be acknowledged."""
    shop = open_shop(tmp_path_factory.mktemp("shop"))
    shop.post("Raise the fee, keep longer", terms=DEARER, terms_de=TEURER, privacy=LONGER)
    with shop.served() as url:
        yield Twin(url, shop.key())


@pytest.fixture
def signed_in(request: pytest.FixtureRequest, twin: Twin) -> Iterator[str]:
    """The application's address, for the person that the test names."""
    with application(twin, request.param) as url:
        yield url


@pytest.fixture
def faults() -> list[str]:
    """What the page said in its console: what its own policy of contents forbids among it."""
    return []


@pytest.fixture
def page(browser: Browser, faults: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url) if "127.0.0.1" not in request.url else None)
    yield page
    context.close()


def said(twin: Twin, person: str) -> list[dict[str, Any]]:
    return [one["receipt"] for one in json.loads(twin.history(person)[1])["acceptances"]]


def test_it_is_small() -> None:
    assert len(gzip.compress(GATE.read_bytes(), 9)) <= 4096


@pytest.mark.parametrize("signed_in", ["u-1"], indirect=True)
def test_it_reads_well_at_every_width_and_takes_a_yes_for_what_it_showed(
    page: Page, twin: Twin, signed_in: str, faults: list[str]
) -> None:
    first = hashlib.sha256(twin.ask("GET", "/terms/2026-03-01.md")[1]).hexdigest()
    known = {"policy": "terms", "posting": "2026-03-01", "text_sha256": first, "method": "checkbox"}
    assert twin.accept("u-1", known, "sign-up")[0] == 201
    page.goto(signed_in)
    gate = page.locator("dialog")
    gate.wait_for()
    for width, look in ((390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")):
        show(page, "gate", width=width, look=look)
        violations = Axe().run(page).response["violations"]
        assert not violations, [(found["id"], found["nodes"][0]["html"]) for found in violations]
    assert gate.get_by_role("heading").inner_text() == "Privacy Policy"
    assert "Messages are kept for 60 days." in gate.inner_text()
    read_out = page.locator(", ".join(f"#{one}" for one in gate.get_attribute("aria-describedby").split()))  # type: ignore[union-attr]
    summary, day = (one.inner_text() for one in read_out.all())
    assert (summary, day[:12]) == ("Messages are kept for 60 days.", "Applies from")

    gate.get_by_role("button", name="I have read it").click()
    page.get_by_role("heading", name="Changes to “Terms”").wait_for()
    lines = ["Changes to “Terms”", "The fee goes up to 20 euros a month."]
    lines += [gate.locator("p").nth(1).inner_text()]
    lines += [f"{link.inner_text()}: {link.evaluate('link => link.href')}" for link in gate.get_by_role("link").all()]
    gate.get_by_role("button", name="I accept").click()
    gate.wait_for(state="detached")

    _, privacy, terms = said(twin, "u-1")
    assert lines[3].startswith("Every change, word for word: http://127.0.0.1")
    assert (privacy["asked"], terms["asked"], terms["method"]) == ("acknowledge", "accept", "click")
    assert terms["context"]["shown_sha256"] == hashlib.sha256("\n".join([*lines, "I accept"]).encode()).hexdigest()
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert faults == []
    assert page.evaluate("document.activeElement.textContent") == "Write a message"
    receipt = json.loads(twin.history("u-1")[1])["acceptances"][-1]["page"]
    page.goto(receipt)
    for width, look in ((390, "light"), (1280, "dark")):
        show(page, "receipt", width=width, look=look)
        violations = Axe().run(page).response["violations"]
        assert not violations, [(found["id"], found["nodes"][0]["html"]) for found in violations]
    assert page.get_by_role("link", name="Keep it as a file").get_attribute("download") is not None
    page.goto(signed_in)
    page.wait_for_load_state("networkidle")
    assert gate.count() == 0


@pytest.mark.parametrize("signed_in", ["u-2"], indirect=True)
def test_by_keyboard_in_the_language_of_the_page_and_put_off(page: Page, twin: Twin, signed_in: str) -> None:
    page.goto(f"{signed_in}?language=de")
    gate = page.locator("dialog")
    gate.wait_for()
    assert gate.get_attribute("lang") == "de"
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="AGB").wait_for()
    page.get_by_role("button", name="Ich stimme zu").focus()
    page.keyboard.press("Enter")
    gate.wait_for(state="detached")

    assert [one["language"] for one in said(twin, "u-2")] == ["de"]


@pytest.mark.parametrize("signed_in", ["u-3"], indirect=True)
def test_what_applies_already_cannot_be_put_off_and_a_failure_is_said(page: Page, twin: Twin, signed_in: str) -> None:
    asked = []

    def due(route: Route) -> None:
        asked.append(route.request.url)
        told = route.fetch().json()
        told["policies"] = [one for one in told["policies"] if one["policy"] == "terms"]
        told["policies"][0]["asked"]["says"] |= {"is_due": True, "due": ""}
        route.fulfill(json=told)

    page.route("**/consent?*", due)
    page.goto(signed_in)
    gate = page.locator("dialog")
    gate.wait_for()
    assert gate.get_by_role("button").count() == 1
    for _ in range(3):
        page.keyboard.press("Escape")
    assert gate.is_visible()
    page.route("**/consent", lambda route: route.fulfill(status=503))
    gate.get_by_role("button").click()
    page.get_by_text("That did not work. Please try again.").wait_for()
    assert said(twin, "u-3") == []
    page.unroute("**/consent")
    page.route("**/consent", lambda route: route.fulfill(status=410), times=1)
    with page.expect_request("**/consent?*"):  # another text holds by now: it asks anew
        gate.get_by_role("button").dblclick()
    gate.get_by_role("button", name="I accept").wait_for()
    assert len(asked) == 2
    assert gate.count() == 1
    gate.get_by_role("button").click()
    gate.wait_for(state="detached")
    assert len(said(twin, "u-3")) == 1


@pytest.mark.parametrize("signed_in", ["u-3"], indirect=True)
def test_where_nobody_could_be_asked_the_page_hears_why(page: Page, signed_in: str) -> None:
    page.add_init_script("document.addEventListener('notifier:failed', event => { window.failed = event.detail })")
    for fails, status in ((lambda route: route.fulfill(status=401), 401), (lambda route: route.abort(), 0)):
        page.route("**/consent?*", fails, times=1)
        page.goto(signed_in)
        page.wait_for_function("window.failed")

        assert page.evaluate("window.failed.status") == status
        assert page.locator("dialog").count() == 0

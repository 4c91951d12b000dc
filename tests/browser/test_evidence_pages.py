"""The pages of evidence as a judge opens them from a folder: every width, light, dark and printed, asking nobody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.acceptance.stage import Stage
from tests.browser.conftest import SCREENSHOTS, show

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
LOOKS = ((390, "light"), (390, "dark"), (1280, "light"), (1280, "dark"), (794, "print"))


def test_the_pages_are_read_at_every_width_and_ask_nobody(browser: Browser, tmp_path: Path) -> None:
    stage = Stage(tmp_path / "chat").set_up()
    stage.run_as_of("2026-11-01T09:00:00+00:00")
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners that measure our campaigns.")
    stage.commit("Measure our campaigns", "Significance: significant")
    stage.run_as_of("2026-11-24T09:00:00+00:00")
    stage.notifier("evidence", "customer", "1", "--out", str(tmp_path / "ana"))
    [redline] = (tmp_path / "ana").glob("redlines/*/*.html")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    asked: list[str] = []
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.on("request", lambda request: asked.append(request.url))

    for name, file in (("evidence", tmp_path / "ana" / "index.html"), ("evidence-redline", redline)):
        page.goto(file.as_uri())
        for width, look in LOOKS:
            show(page, name, width=width, look=look)
            assert Axe().run(page).response["violations"] == []
    page.goto(redline.as_uri())
    page.get_by_role("link", name="Back to the evidence").click()
    assert page.title() == "What Ana was told"
    assert [url for url in asked if not url.startswith(tmp_path.as_uri())] == []

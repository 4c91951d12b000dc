"""A Chromium of the machine, driven by Playwright, and a plain file server for published pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        pytest.skip("NO BROWSER: install chromium, or nobody has seen the pages")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
WIDTHS = (320, 768, 1280)
LOOKS = {320: "light", 768: "light", 1280: "dark"}
"""How a page looks at each width; colours do not depend on it, so each is looked at once."""


def show(page: Page, name: str, *, width: int, look: str) -> None:
    """The page at a width, light, dark or in print; a picture of it is kept for people."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(
        media="print" if look == "print" else "screen", color_scheme="dark" if look == "dark" else "light"
    )
    page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{look}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"scrolls sideways at {width}"


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def file_server(folder: Path) -> Iterator[str]:
    """Any web server: the address of a folder on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

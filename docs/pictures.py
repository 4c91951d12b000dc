"""`make pictures`: every picture in the docs, made anew from what commands really print and a browser really shows.

Terminal pictures are SVG, pages and mail are photographed in Chromium. The stage is `build/pictures/`.
"""

from __future__ import annotations

import fcntl
import os
import pty
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING

from docs.stage import CHECKOUT, CUSTOMERS, EDITOR, SHARED_WITH_ADVERTISERS, Revised, Stage

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STAGE = Stage(CHECKOUT / "build" / "pictures")
IMAGES = CHECKOUT / "docs" / "images"
COLUMNS = 100
KEPT_LONGER = {
    "privacy.md": ("Chats are kept for 30 days after", "Chats are kept for 12 months after"),
    "privacy.de.md": ("nach ihrem Ende 30 Tage lang aufbewahrt", "nach ihrem Ende 12 Monate lang aufbewahrt"),
    "privacy.fr.md": ("Les discussions sont conservées 30 jours", "Les discussions sont conservées 12 mois"),
}
AND_SAID = {
    "privacy.md": " Chats will be kept for 12 months instead of 30 days.",
    "privacy.de.md": " Chats werden 12 Monate statt 30 Tage aufbewahrt.",
    "privacy.fr.md": " Les discussions seront conservées 12 mois au lieu de 30 jours.",
}
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="$ {command}">
<style>
.{unique_id}-matrix {{
  font: {char_height}px/{line_height}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
}}
{styles}
</style>
<defs>{lines}</defs>
<rect width="100%" height="100%" rx="8" fill="#1b1f24"/>
<g transform="translate({terminal_x}, 12)">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""
"""Rich's own frame fetches a font from elsewhere; this one asks nobody for anything."""


def main() -> None:
    set_the_stage()
    IMAGES.mkdir(exist_ok=True)
    picture("typo", "notifier", "preview", "privacy")
    STAGE.commit("Fix a spelling mistake")
    english, *translations = SHARED_WITH_ADVERTISERS
    change(english)
    picture("preview", "notifier", "preview", "privacy")
    picture("check", "notifier", "check")
    for translation in translations:
        change(translation)
    for revised in SHARED_WITH_ADVERTISERS:
        STAGE.summarise(revised.name, revised.summary + AND_SAID[revised.name])
    picture("letter", "notifier", "preview", "privacy", "--email", "--language", "en")
    STAGE.commit("Measure campaigns with partners, keep chats longer")
    picture("run", "notifier", "run", columns=140)
    picture("status", "notifier", "status", columns=136)
    photograph_mail_and_pages()


def set_the_stage() -> None:
    """An installation with adopted policies and twelve customers, and a word being spelt another way."""
    STAGE.set()
    STAGE.commit("Write down our policies")
    STAGE.notifier("customers", "import", str(CUSTOMERS))
    STAGE.notifier("run")
    STAGE.rewrite("privacy.md", "to recognise a device across", "to recognize a device across")


def picture(name: str, *command: str, columns: int = COLUMNS) -> None:
    """The command with what it prints to a terminal, as `docs/images/<name>.svg`."""
    from rich.console import Console
    from rich.text import Text

    shown = Text.from_ansi(f"\x1b[1m$ {' '.join(command)}\x1b[0m\n{on_a_terminal(*command, columns=columns)}")
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=columns, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print(shown)
    frame = SVG.replace("{command}", " ".join(command))
    (IMAGES / f"{name}.svg").write_text(console.export_svg(code_format=frame, unique_id=name))
    print(f"docs/images/{name}.svg")


def on_a_terminal(*command: str, columns: int) -> str:
    """What the command prints when its output is a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    told = {"TERM": "xterm-256color", "COLUMNS": str(columns)}
    with subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=STAGE.folder,
        env=os.environ | EDITOR | told,
        stdout=theirs,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(theirs)
        printed = b"".join(_chunks(ours))
        beside = process.stderr.read().decode() if process.stderr else ""
    os.close(ours)
    if process.returncode not in (0, 1) or not printed:
        raise SystemExit(f"{' '.join(command)}: {beside}")
    return printed.decode().replace("\r\n", "\n").rstrip()


def photograph_mail_and_pages() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no Chromium on this machine: the pictures of mail and pages stay as they are")
    site = STAGE.folder / "site"
    mail = STAGE.folder / "mail.html"
    mail.write_text(_english_letter())
    with _browser(chromium) as browser:
        photograph(browser, mail, "mail", width=760, height=900)
        photograph(browser, mail, "mail-phone-dark", width=360, height=780, scheme="dark")
        photograph(browser, site / "privacy" / "index.html", "page", width=1000, height=700)
        newest = max((site / "privacy" / "changes").glob("20*"))
        photograph(browser, newest / "index.html", "redline", width=1000, height=800)


def photograph(browser: Browser, page: Path, name: str, *, width: int, height: int, scheme: str = "light") -> None:
    tab = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    tab.goto(page.as_uri())
    tab.screenshot(path=IMAGES / f"{name}.png")
    tab.close()
    print(f"docs/images/{name}.png")


@contextmanager
def _browser(chromium: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield browser
        browser.close()


def _english_letter() -> str:
    """The HTML of the first message in English."""
    for path in STAGE.messages():
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("html",))
        if body and message["Content-Language"] == "en":
            return str(body.get_content())
    raise SystemExit("the run wrote no message in English")


def _chunks(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # Linux says so when the other end is closed
            return
        if not chunk:
            return
        yield chunk


def change(revised: Revised) -> None:
    """Share data with somebody new and keep chats longer, in one language."""
    STAGE.rewrite(revised.name, revised.before, revised.after)
    STAGE.rewrite(revised.name, *KEPT_LONGER[revised.name])


if __name__ == "__main__":
    main()

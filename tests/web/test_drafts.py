"""Drafts in a browser: built anew at each save, on this machine alone."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifier.errors import Refused
from notifier.usecases.preview_site import DraftSite
from notifier.web.draft_server import NEWS, Drafts, listen

PAGE = '<html><meta http-equiv="Content-Security-Policy" content="x"><h1>{}</h1></html>'


class Desk:
    """A source that is built into one page, or cannot be."""

    def __init__(self, folder: Path) -> None:
        self.source, self.out = folder / "source", folder / "out"
        self.source.mkdir()
        self.out.mkdir()
        self.drafts = Drafts(self.build, [self.source])

    def save(self, words: str) -> None:
        (self.source / "privacy.md").write_text(words)

    def build(self) -> DraftSite:
        words = (self.source / "privacy.md").read_text()
        if "[DATE]" in words:
            raise Refused("policies/privacy.md:3: [DATE] is no date")
        (self.out / "preview.html").write_text(PAGE.format(words))
        return DraftSite(self.out / "preview.html", ())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.save("We keep it 30 days")
    desk.drafts.rebuild()
    return desk


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    is_over = threading.Event()
    with listen(desk.drafts) as server:
        threads = [
            threading.Thread(target=server.serve_forever, args=(0.05,)),
            threading.Thread(target=desk.drafts.watch, args=(is_over,)),
        ]
        for thread in threads:
            thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        is_over.set()
        server.shutdown()
        for thread in threads:
            thread.join()


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        content: bytes = answer.read()
    return content.decode()


def test_a_save_is_built_and_the_browser_hears_of_it(desk: Desk, address: str) -> None:
    before = read(f"{address}/")
    saving = threading.Timer(0.1, desk.save, ["We keep it for 60 days"])
    saving.start()
    with urllib.request.urlopen(f"{address}{NEWS}?{desk.drafts.version}", timeout=10) as answer:
        assert answer.status == 200

    assert "30 days" in before
    assert NEWS in before
    assert 'http-equiv="Content-Security-Policy"' not in before
    assert "60 days" in read(f"{address}/preview.html")


def test_what_is_wrong_stands_in_place_of_the_page_until_it_is_mended(desk: Desk, address: str) -> None:
    desk.save("[DATE]")
    desk.drafts.wait_for_news(1)
    wrong = read(f"{address}/")
    desk.save("Mended")
    desk.drafts.wait_for_news(2)

    assert "[DATE] is no date" in wrong
    assert NEWS in wrong
    assert "Mended" in read(f"{address}/")


def test_only_this_machine_is_answered(desk: Desk) -> None:
    with listen(desk.drafts) as server:
        assert server.server_address[0] == "127.0.0.1"


def test_a_page_elsewhere_cannot_read_drafts_by_a_name_that_leads_here(address: str) -> None:
    asked = urllib.request.Request(f"{address}/", headers={"Host": "elsewhere.example"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(asked, timeout=10)

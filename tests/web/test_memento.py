"""A policy's pages through time, asked for over HTTP as an archive or a court's expert would (RFC 7089)."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.render.histories import TEMPLATES, hostile, site
from tests.web.test_pages import ask, serving

from notifier.render.site.build import publish


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("www") / "site"
    publish(site(hostile()), folder, templates=TEMPLATES)
    return folder


@pytest.fixture(scope="module")
def port(out: Path) -> Iterator[int]:
    with serving(out) as found:
        yield found


def links(header: str) -> dict[str, str]:
    """rel → where it leads."""
    return {rel: url for url, rel in re.findall(r'<([^>]*)>; rel="([^"]*)"', header)}


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("Tue, 03 Mar 2026 00:00:00 GMT", "2026-03-03/"),
        ("Mon, 02 Mar 2026 23:59:59 GMT", "2026-03-03/"),
        ("Sun, 31 May 2026 23:59:59 GMT", "2026-03-03/"),
        ("Mon, 06 Jul 2026 12:00:00 GMT", "2026-06-01/"),
        ("Sat, 01 Jan 2050 00:00:00 GMT", "2026-06-01/"),
    ],
)
def test_the_page_of_a_policy_leads_to_the_text_that_was_in_force_then(port: int, asked: str, text: str) -> None:
    status, headers, body = ask(port, "/privacy/", Accept_Datetime=asked)

    assert (status, headers["location"], body) == (302, text, b"")
    assert headers["vary"] == "Accept-Datetime"
    assert "memento-datetime" not in headers
    assert links(headers["link"])["original timegate"] == "./"
    assert links(headers["link"])["timemap"] == "timemap.link"


@pytest.mark.parametrize(
    "asked", ["yesterday", "", "2026-03-03", "Tue, 99 Mar 2026 00:00:00 GMT", "Tue, 3 Mar 2026 0:0:0"]
)
def test_a_date_that_is_none_is_refused(port: int, asked: str) -> None:
    assert ask(port, "/privacy/", Accept_Datetime=asked)[0] == 400


def test_without_a_date_it_is_the_page_and_says_that_there_are_other_days(port: int, out: Path) -> None:
    status, headers, body = ask(port, "/privacy/")

    assert (status, body) == (200, (out / "privacy/index.html").read_bytes())
    assert "Accept-Datetime" in headers["vary"]
    assert "timegate" in headers["link"]


def test_a_permanent_page_says_since_when_it_was_in_force_and_bears_the_hash_of_its_text(port: int, out: Path) -> None:
    status, headers, _ = ask(port, "/privacy/2026-03-03/")
    text = hashlib.sha256((out / "privacy/2026-03-03.md").read_bytes()).hexdigest()

    assert (status, headers["memento-datetime"]) == (200, "Tue, 03 Mar 2026 00:00:00 GMT")
    assert headers["etag"] == f'W/"{text}"'
    assert "Accept-Datetime" not in headers["vary"]
    assert links(headers["link"])["original timegate"] == "../"
    assert ask(port, "/privacy/2026-03-03.md")[1]["etag"] == f'"{text}"'


def test_a_text_that_is_not_in_force_yet_is_no_memento(port: int) -> None:
    _, headers, _ = ask(port, "/privacy/2026-11-22/")

    assert "memento-datetime" not in headers
    assert "original timegate" in links(headers["link"])


def test_a_page_that_says_something_new_of_the_same_text_is_sent_again(port: int, out: Path) -> None:
    known = ask(port, "/privacy/2026-03-03/")[1]
    conditions = {"If_None_Match": known["etag"], "If_Modified_Since": known["last-modified"]}

    assert ask(port, "/privacy/2026-03-03/", **conditions)[0] == 304
    os.utime(out / "privacy/2026-03-03/index.html", (2_000_000_000, 2_000_000_000))
    assert ask(port, "/privacy/2026-03-03/", **conditions)[0] == 200


def test_the_timemap_lists_every_text_that_was_in_force(port: int) -> None:
    status, headers, body = ask(port, "/privacy/timemap.link")
    listed = body.decode()

    assert (status, headers["content-type"]) == (200, "application/link-format")
    assert re.findall(r'rel="([a-z ]*memento)"; datetime="([^"]*)"', listed) == [
        ("first memento", "Tue, 03 Mar 2026 00:00:00 GMT"),
        ("last memento", "Wed, 01 Jul 2026 00:00:00 GMT"),
    ]
    assert 'rel="self"; type="application/link-format"; from="Tue, 03 Mar 2026' in listed
    assert listed.count("/privacy/") == 4
    assert ask(port, "/none/timemap.link")[0] == 404


def test_a_translation_and_a_policy_in_a_folder_have_their_own(port: int) -> None:
    for folder in ("/de/privacy/", "/legal/terms/"):
        assert ask(port, f"{folder}timemap.link")[0] == 200
        status, headers, _ = ask(port, folder, Accept_Datetime="Sat, 01 Jan 2050 00:00:00 GMT")
        assert status == 302
        assert ask(port, f"{folder}{headers['location']}")[1]["memento-datetime"]

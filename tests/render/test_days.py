"""Feeds, calendar and the page of days, as programs and readers without a server of ours meet them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import feedparser
import pytest

from notifier.render.site.build import publish
from notifier.render.site.editions import PolicyHistory
from notifier.render.site.lists.calendar import Event, calendar

from .histories import TEMPLATES, TERMS, hostile, posted, site


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    publish(site(hostile()), folder, templates=TEMPLATES)
    return folder


def test_each_policy_has_a_feed_of_its_own(out: Path) -> None:
    feed = feedparser.parse((out / "privacy/feed.xml").read_bytes())

    assert not feed.bozo
    assert feed.feed.title == "Changes of “Privacy Policy”"
    assert {entry.link.split("/")[4] for entry in feed.entries} == {"privacy"}
    assert (
        feedparser.parse((out / "de/privacy/feed.xml").read_bytes()).feed.title
        == "Änderungen an „Datenschutzerklärung“"
    )


def test_the_json_feed_says_what_the_atom_feed_says(out: Path) -> None:
    for folder in ("", "privacy/", "de/privacy/"):
        atom = feedparser.parse((out / folder / "feed.xml").read_bytes())
        told = json.loads((out / folder / "feed.json").read_text())

        assert told["version"] == "https://jsonfeed.org/version/1.1"
        assert told["feed_url"] == f"https://chat.example/legal/{folder}feed.json"
        assert [(one["id"], one["url"], one["title"]) for one in told["items"]] == [
            (entry.id, entry.link, entry.title) for entry in atom.entries
        ]
        assert all(one["content_text"] for one in told["items"])


def test_without_a_public_address_a_json_feed_claims_none(tmp_path: Path) -> None:
    publish(site(url=""), tmp_path, templates=TEMPLATES)
    assert "feed_url" not in json.loads((tmp_path / "feed.json").read_text())


def test_the_calendar_has_the_days_on_which_significant_texts_bind(out: Path) -> None:
    lines = (out / "effective.ics").read_bytes().decode().replace("\r\n ", "").split("\r\n")

    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20261222" in lines
    assert "SUMMARY:Privacy Policy: a new text comes into force" in lines
    assert "URL:https://chat.example/legal/privacy/changes/2026-11-22/" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len({x for x in lines if x.startswith("UID:")})


def test_a_new_policy_that_customers_are_told_of_is_in_the_feed_and_the_calendar(tmp_path: Path) -> None:
    new = posted("dpa", date(2026, 11, 22), {"en": TERMS}, effective=date(2026, 12, 22), is_adoption=True)
    for is_announced in (True, False):
        told = new._replace(posting=new.posting._replace(is_announced=is_announced))
        publish(site(PolicyHistory("dpa", (told,))), tmp_path, templates=TEMPLATES)

        links = {entry.link for entry in feedparser.parse((tmp_path / "significant.xml").read_bytes()).entries}
        assert ("https://chat.example/legal/dpa/2026-11-22/" in links) is is_announced
        assert ("2026:dpa/2026-11-22" in (tmp_path / "effective.ics").read_text()) is is_announced


def test_no_title_makes_lines_of_its_own_in_a_calendar() -> None:
    event = Event(
        "tag:x,2026:a", date(2026, 1, 1), date(2026, 2, 1), "A;\r\nURL:https://evil.example, \\ " + "ü" * 90, "", ""
    )
    made = calendar("C", [event])

    assert all(len(line.encode()) <= 75 for line in made.split("\r\n"))
    lines = made.replace("\r\n ", "").split("\r\n")
    assert [line for line in lines if line.startswith("URL")] == []
    assert f"SUMMARY:A\\; URL:https://evil.example\\, \\\\ {'ü' * 90}" in lines


def test_a_static_host_sends_any_day_to_the_page_of_days(out: Path) -> None:
    lines = (out / "_redirects").read_text().splitlines()

    assert "/legal/privacy/at/:day /legal/privacy/at/?on=:day 302" in lines
    assert "/legal/de/privacy/at/:day/ /legal/de/privacy/at/?on=:day 302" in lines
    for line in lines:
        assert (out / line.split()[1].removeprefix("/legal/").partition("?")[0] / "index.html").is_file()

"""A mistake in the words or shapes of letters and pages: what needs them waits, and nobody gets a letter to nowhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from notifier.shipped import TEMPLATES, shipped
from tests.acceptance.stage import Stage


@pytest.fixture
def own(stage: Stage) -> Stage:
    """With templates of its own, a typo in one policy, and a change in another that customers must be told of."""
    shutil.copytree(shipped(TEMPLATES), stage.root / TEMPLATES)
    stage.change("terms.md", "at least 16", "at least sixteen")
    stage.commit("Write the number out")
    stage.change("privacy.md", "30 days", "60 days")
    stage.commit("Keep chats longer", "Significance: significant")
    return stage


def spoil(path: Path, before: str, after: str) -> str:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    return text


def test_a_mistake_in_the_letters_words_keeps_back_what_must_be_told_and_nothing_else(own: Stage) -> None:
    words = own.root / TEMPLATES / "notice" / "words" / "de.toml"
    good = spoil(words, "{date}", "{dat}")

    dry = own.notifier("run", "--dry-run", "--json").json
    said = own.run_as_of("2026-11-24T09:00:00+00:00")

    assert (said.code, [one["policy"] for one in said.json["waiting"]], own.messages()) == (1, ["privacy"], [])
    assert [one["policy"] for one in said.json["posted"]] == ["terms"]
    assert [one["policy"] for one in dry["waiting"]] == ["privacy"]
    assert "de.toml:5: subject: has no value {dat}" in said.json["alarms"][0]["text"]
    assert "de.toml:5: subject: has no value {dat}" in own.notifier("status").out

    words.write_text(good)
    own.run_as_of("2026-11-24T10:00:00+00:00")
    assert set(own.told().values()) == {1}


def test_nobody_is_written_to_while_a_page_that_the_letter_links_to_cannot_be_made(own: Stage) -> None:
    template = own.root / TEMPLATES / "pages" / "policy.html.j2"
    good = spoil(template, "{%", "{% if %} {%")

    dry = own.notifier("run", "--dry-run", "--json").json
    assert own.run_as_of("2026-11-24T09:00:00+00:00").code != 0
    assert own.run_as_of("2026-11-24T09:10:00+00:00").code != 0
    assert own.messages() == []
    assert ["policy.html.j2" in one["why"] for one in dry["waiting"] if one["policy"] == "privacy"] == [True]
    assert "posted/privacy/2026-11-24" not in own.git("tag", "--list"), "found before anything is posted"

    template.write_text(good)
    own.run_as_of("2026-11-24T10:00:00+00:00")
    assert set(own.told().values()) == {1}

"""Addresses last: what a letter linked to years ago still answers, whatever became of the policy."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from starlette.requests import Request

from notifier import config as configs
from notifier.web.pages import pages_for
from tests.acceptance.stage import Stage
from tests.acceptance.test_taken_back import page
from tests.acceptance.test_translations import GERMAN
from tests.render.crawler import broken_links, published_in


def given_out(root: Path) -> list[str]:
    return sorted(path.relative_to(root / "site").as_posix() for path in (root / "site").rglob("index.html"))


def asked(stage: Stage, path: str) -> tuple[int, str]:
    """The status of an answer, and where it leads on."""
    pages = pages_for(configs.load(stage.root / "config.toml"))
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    answer = pages.respond(Request(scope))
    return answer.status_code, answer.headers.get("location", "")


def test_every_page_of_a_renamed_policy_keeps_its_old_address_and_names_the_new_one(stage: Stage) -> None:
    stage.change("privacy.md", "30 days", "60 days")
    stage.commit("Keep chats longer", "Significance: significant")
    stage.run_as_of("2026-11-24T09:00:00+00:00")
    before = given_out(stage.root)
    stage.git("mv", "policies/privacy.md", "policies/data.md")
    stage.commit("Call it what it is")

    same_day = stage.run_as_of("2026-11-24T12:00:00+00:00")
    again = stage.run_as_of("2026-11-24T15:00:00+00:00")

    assert (same_day.json["posted"], again.json["posted"]) == ([], [])
    assert set(before) <= set(given_out(stage.root))
    moved = page(stage, "privacy/changes/2026-11-24")
    assert "This page has moved" in moved
    site = stage.root / "site"
    assert 'href="../../../data/changes/2026-11-24/"' in (site / "privacy/changes/2026-11-24/index.html").read_text()
    assert (site / "privacy/2026-11-24.md").read_text() == (site / "data/2026-11-24.md").read_text()
    assert asked(stage, "/privacy/2026-11-24/") == (301, "../../data/2026-11-24/")
    assert asked(stage, "/privacy/at/2026-06-01/") == (301, "../../../data/at/2026-06-01/")
    assert asked(stage, "/data/2026-11-24/") == (200, "")
    static = (site / "_redirects").read_text().splitlines()
    assert "/legal/privacy/* /legal/data/:splat 301" in static
    assert static.index("/legal/privacy/at/:day /legal/data/at/?on=:day 302") < static.index(
        "/legal/privacy/* /legal/data/:splat 301"
    )
    stage.write("privacy.md", "---\nannounce: false\n---\n# Privacy\n\nRead our data policy.\n")
    stage.commit("Give the old name to another policy")
    stage.run_as_of("2026-12-01T09:00:00+00:00")
    assert "Read our data policy" in page(stage, "privacy")
    assert "Another text once had this address: Privacy Policy" in page(stage, "privacy")
    assert "Another text" not in page(stage, "privacy/2026-12-01") + page(stage, "privacy/2026-11-24")
    assert "privacy was once data, too" in stage.notifier("at", "privacy", "2026-12-01").out
    assert "/legal/privacy/*" not in (site / "_redirects").read_text()
    assert "This page has moved" in page(stage, "privacy/2026-11-24")


def test_a_policy_that_was_retired_keeps_its_history_under_a_page_that_says_so(stage: Stage) -> None:
    stage.write("terms.md", "---\nretired: 2026-12-15\n---\n" + stage.text("terms.md"))
    stage.commit("Close the service in December")
    asks = stage.run_as_of("2026-12-01T09:00:00+00:00")
    assert (asks.code, "Must customers be told?" in asks.json["waiting"][0]["why"]) == (1, True)
    said = stage.notifier("decide", "terms", "minor", "--because", "nobody uses it", "--by", "Lena <l@b.example>")
    assert said.code == 0, said.err
    assert stage.run_as_of("2026-12-02T09:00:00+00:00").code == 0
    assert "This policy no longer applies from 15 December 2026; until then it stays in force." in page(stage, "terms")

    stage.run_as_of("2026-12-16T09:00:00+00:00")

    gone = page(stage, "terms")
    assert "This policy has not applied since 15 December 2026. Its texts stay here for the record." in gone
    assert "in force from 3 March 2026 until 14 December 2026" in gone
    listed = json.loads((stage.root / "site/index.json").read_text())["policies"]
    [terms] = [one for one in listed if one["id"] == "terms"]
    assert (terms["in_force"], terms["retired_on"]) == (None, "2026-12-15")
    at = stage.notifier("at", "terms", "2026-12-20")
    assert (at.code, "it applies no longer since 2026-12-15" in at.out) == (1, True)
    assert stage.notifier("at", "terms", "2026-12-14").code == 0


def test_a_policy_whose_file_is_gone_keeps_its_pages(stage: Stage) -> None:
    before = given_out(stage.root)
    stage.git("rm", "-q", "policies/terms.md")
    stage.commit("Close the service")

    stage.run_as_of("2030-12-16T09:00:00+00:00")

    assert set(before) <= set(given_out(stage.root))
    today = datetime.now(UTC).date()
    assert f"This policy has not applied since {today.day} {today:%B %Y}." in page(stage, "terms")


def test_a_text_that_was_taken_for_another_language_keeps_its_addresses_once_it_says_its_own(fresh: Stage) -> None:
    stage = fresh
    taken_for_english = GERMAN.replace("Stand: 3. März 2026, gültig ab 3. März 2026", "Last updated: 3 March 2026")
    stage.write("datenschutz.md", taken_for_english)
    stage.commit("Put it there, and take it for English")
    stage.run_as_of("2026-11-01T09:00:00+00:00")
    before = given_out(stage.root)
    stage.write("datenschutz.md", f"---\nlanguage: de\n---\n{GERMAN}")
    stage.commit("Say that it is German", "Significance: minor")
    stage.run_as_of("2026-11-26T09:00:00+00:00")
    stage.notifier("decide", "datenschutz", "minor", "--because", "the same text", "--by", "Lena <l@b.example>")
    said = stage.run_as_of("2026-11-27T09:00:00+00:00")

    assert (len(said.json["posted"]), said.json["alarms"]) == (1, [])
    assert set(before) <= set(given_out(stage.root))
    assert "The same page has another address today: Datenschutzerklärung" in page(stage, "datenschutz/2026-03-03")
    assert asked(stage, "/datenschutz/2026-03-03/") == (301, "../../en/datenschutz/2026-03-03/")
    assert "Veröffentlicht am 27. November 2026" in page(stage, "datenschutz")
    assert broken_links(published_in(stage.root / "site")) == []


def test_a_policy_renamed_twice_and_back_keeps_every_address_that_it_ever_had(stage: Stage) -> None:
    for day, old, new in ((10, "terms", "rules"), (11, "rules", "conditions"), (12, "conditions", "terms")):
        stage.git("mv", f"policies/{old}.md", f"policies/{new}.md")
        stage.commit(f"Call it {new}")
        said = stage.run_as_of(f"2026-11-{day}T09:00:00+00:00")
        assert (said.code, said.json["posted"], said.json["alarms"]) == (0, [], [])

    for name in ("rules", "conditions"):
        assert "This page has moved" in page(stage, f"{name}/2026-03-03")
        assert asked(stage, f"/{name}/2026-03-03/") == (301, "../../terms/2026-03-03/")
        assert f"{name} is called terms today" in stage.notifier("at", name, "2026-04-01").out
    assert asked(stage, "/terms/") == (200, "")
    assert broken_links(published_in(stage.root / "site")) == []


def test_two_policies_that_take_each_others_names_stay_what_they_are(stage: Stage) -> None:
    stage.change("privacy.md", "30 days", "60 days")
    stage.commit("Keep chats longer", "Significance: significant")
    stage.run_as_of("2026-11-10T09:00:00+00:00")
    privacy, terms = stage.text("privacy.md"), stage.text("terms.md")
    stage.write("privacy.md", terms)
    stage.write("terms.md", privacy)
    said = stage.notifier("check")
    assert (said.code, "these are the words posted as terms" in said.out) == (1, True)
    stage.git("checkout", "-q", "--", "policies")

    for old, new in (("privacy", "between"), ("terms", "privacy"), ("between", "terms")):
        stage.git("mv", f"policies/{old}.md", f"policies/{new}.md")
        stage.commit(f"Call {old} {new}")
    for day in (11, 12):
        said = stage.run_as_of(f"2026-11-{day}T09:00:00+00:00")
        assert (said.code, said.json["posted"], said.json["alarms"]) == (0, [], [])

    assert "We keep chats for 60 days" in page(stage, "terms/2026-11-10")
    assert "at least 16 years old" in page(stage, "privacy")
    assert asked(stage, "/privacy/2026-11-10/") == (301, "../../terms/2026-11-10/")
    for name, was in (("terms", "privacy"), ("privacy", "terms")):
        title = {"terms": "Terms of Service", "privacy": "Privacy Policy"}[name]
        for at in ("", "/2026-03-03", "/changes/2026-03-03", "/changes", "/at"):
            assert f"Another text once had this address: {title}" in page(stage, f"{name}{at}"), at
        assert f'href="../../{was}/2026-03-03/"' in (stage.root / f"site/{name}/2026-03-03/index.html").read_text()
        assert f"{name} was once {was}, too" in stage.notifier("at", name, "2026-04-01").out
    assert "Another text" not in page(stage, "terms/2026-11-10")
    assert broken_links(published_in(stage.root / "site")) == []

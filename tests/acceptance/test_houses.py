"""Policies as houses lay them out: translations by their own habit, and an editor in a clone of her own."""

from __future__ import annotations

import pytest

from tests.acceptance.stage import PRIVACY, Stage
from tests.acceptance.test_taken_back import page
from tests.acceptance.test_translations import adopted

GERMAN = (
    PRIVACY.replace("Privacy Policy", "Datenschutzerklärung")
    .replace("*Last updated: 3 March 2026*", "*Stand: 3. März 2026*")
    .replace("We keep chats for 30 days after they end.", "Wir speichern Chats 30 Tage lang, nachdem sie enden.")
    .replace("We share personal information only with", "Wir geben personenbezogene Daten nur weiter an")
    .replace("processors that work for us.", "Auftragsverarbeiter, die für uns arbeiten.")
    .replace("We collect your name and your email address", "Wir erheben Ihren Namen und Ihre E-Mail-Adresse,")
    .replace("when you open an account.", "wenn Sie ein Konto eröffnen.")
)
DAY = "2026-11-24T09:00:00+00:00"


@pytest.mark.parametrize(
    ("habit", "german", "renamed"),
    [
        ("dash", "privacy-de.md", "data-de.md"),
        ("folder", "de/privacy.md", "de/data.md"),
        ("inside", "privacy/de.md", "data/de.md"),
    ],
)
def test_a_german_text_by_the_habit_of_the_house_is_judged_dated_told_and_renamed_as_german(
    fresh: Stage, habit: str, german: str, renamed: str
) -> None:
    fresh.configure("policies", f'layout = "{habit}"')
    fresh.write(german, GERMAN)
    fresh.commit("Translate")
    assert fresh.run_as_of("2026-11-01T09:00:00+00:00").json["waiting"] == []
    fresh.change("privacy.md", "30 days", "60 days")
    fresh.change(german, "30 Tage", "60 Tage")
    fresh.commit("Keep chats longer", "Significance: significant")
    fresh.run_as_of(DAY)

    assert "*Stand: 24. November 2026*" in fresh.text(german)
    assert "Wir speichern Chats 60 Tage lang" in page(fresh, "de/privacy/2026-11-24")
    subject, letter = fresh.last_letter_to("bruno@mail.example")
    assert subject == "Datenschutzerklärung: Änderungen ab 24. Dezember 2026"
    assert "noch nicht ins Deutsche übersetzt" not in letter

    fresh.path(renamed).parent.mkdir(exist_ok=True)
    fresh.git("mv", "policies/privacy.md", "policies/data.md")
    fresh.git("mv", f"policies/{german}", f"policies/{renamed}")
    fresh.commit("Call it what it is")
    again = fresh.run_as_of("2026-11-25T09:00:00+00:00")
    assert (again.json["posted"], again.json["waiting"], again.json["alarms"]) == ([], [], [])
    assert "This page has moved" in page(fresh, "privacy/2026-11-24")
    assert "Wir speichern Chats 60 Tage lang" in page(fresh, "de/data/2026-11-24")


def test_without_a_word_about_it_such_a_file_is_refused_by_name_and_never_read_as_english(fresh: Stage) -> None:
    fresh.write("de/privacy.md", GERMAN)
    fresh.commit("Translate")
    said = fresh.run_as_of("2026-11-01T09:00:00+00:00")

    [waits] = said.json["waiting"]
    assert "call it policies/privacy.de.md" in waits["why"]
    assert 'policies.layout = "folder"' in waits["why"]
    assert fresh.text("de/privacy.md") == GERMAN


def test_an_editors_clone_foresees_what_the_run_does(stage: Stage) -> None:
    laptop = Stage(stage.root.parent / "laptop")
    stage.git("clone", "-q", str(stage.root), str(laptop.root))
    (laptop.root / "config.toml").write_text((stage.root / "config.toml").read_text())
    for root in (stage, laptop):
        root.change("privacy.md", "30 days", "60 days")
        root.commit("Keep chats longer", "Significance: significant")
    [foreseen] = laptop.notifier("preview", "--json").json
    [done] = stage.run_as_of("2026-11-24T09:00:00+00:00").json["posted"]

    assert (foreseen["posted_as"], foreseen["waits"], foreseen["is_told"]) == (done["significance"], None, True)
    assert "judged by git alone" in laptop.notifier("preview").out


def test_a_posted_policy_that_the_config_leaves_out_waits_alone_and_keeps_its_tag_and_pages(stage: Stage) -> None:
    stage.change("terms.md", "at least 16", "at least 18")
    stage.commit("Raise the age", "Significance: significant")
    stage.run_as_of(DAY)
    stage.configure("policies", 'files = ["!terms.md"]')
    stage.change("privacy.md", "30 days", "60 days")
    stage.commit("Keep chats longer", "Significance: significant")

    report = stage.run_as_of("2026-11-25T09:00:00+00:00").json

    assert [one["policy"] for one in report["posted"]] == ["privacy"]
    assert stage.last_letter_to("ana@mail.example")[0].startswith("Changes to our Privacy Policy")
    [waits] = report["alarms"]
    assert (waits["code"], waits["policy"]) == ("not-posted", "terms")
    assert "policies/terms.md:1: policies.files leaves it out, and it was posted" in waits["text"]
    assert "at least 18" in page(stage, "terms/2026-11-24")
    assert "policies.files leaves it out" in stage.notifier("check").out


def test_a_translation_that_the_config_leaves_out_keeps_its_pages_and_is_missed_aloud(fresh: Stage) -> None:
    stage = adopted(fresh)
    given_out = (stage.root / "site/de/privacy/index.html").read_text()
    stage.configure("policies", 'files = ["!privacy.de.md"]')

    for day in ("2026-11-25", "2026-11-26"):
        report = stage.run_as_of(f"{day}T09:00:00+00:00")
        [missed] = report.json["alarms"]
        assert missed["code"] == "no-page"
        assert "de/privacy/" in missed["text"]
        assert report.code == 1

    assert (stage.root / "site/de/privacy/index.html").read_text() == given_out


def test_policies_that_are_sought_in_another_folder_than_they_were_posted_from_are_missed_aloud(stage: Stage) -> None:
    stage.git("mv", "policies", "legal")
    stage.configure("policies", 'path = "legal"')
    stage.git("commit", "-qm", "Move the folder")

    for verb in ("run", "status"):
        said = stage.notifier(verb)
        assert said.code != 0
        assert "holds no text of privacy in legal/" in said.out + said.err
        assert "set it back" in said.out + said.err
        assert "tag -d" not in said.out + said.err

"""A policy that goes, where customers must be told: its letter, its last day, its pages, and what comes back."""

from __future__ import annotations

import json

import time_machine

from tests.acceptance.stage import TERMS, Stage
from tests.acceptance.test_taken_back import answered, event_in, page
from tests.acceptance.test_translations import listed


def decided(stage: Stage, significance: str = "significant") -> None:
    said = stage.notifier("decide", "terms", significance, "--because", "they rely on it", "--by", "Lena <l@b.example>")
    assert said.code == 0, said.err


def removed(stage: Stage) -> None:
    stage.git("rm", "-q", "policies/terms.md")
    stage.commit("Close the service")
    decided(stage)


def test_a_policy_that_goes_applies_until_everybody_has_had_their_notice(stage: Stage) -> None:
    removed(stage)
    shown = stage.notifier("preview", "terms").out
    assert ("ENDS" in shown, "it applies until" in shown, "customers will be told: 3" in shown) == (True, True, True)
    stage.notifier("preview", "--site")
    drafted = (stage.root / ".notifier/preview/terms/index.html").read_text()
    assert "This policy no longer applies from" in drafted
    assert "it no longer applies from" in stage.notifier("preview", "--email", "--language", "en").out

    told = stage.run_as_of("2026-11-24T09:00:00+00:00")

    assert (told.code, told.json["notices"][0]["sent"], told.json["alarms"]) == (0, 3, [])
    assert told.json["posted"][0]["effective_on"] == "2026-12-24"
    subject, text = stage.last_letter_to("ana@mail.example")
    assert subject == "Terms of Service: it no longer applies from 24 December 2026"
    assert "It no longer applies from 24 December 2026; until then it stays in force." in text
    assert "new text" not in text
    assert stage.text("terms.md") == f"---\nretired: 2026-12-24\n---\n{TERMS}"
    assert stage.git("status", "--porcelain", "policies") == ""
    assert "This policy no longer applies from 24 December 2026; until then it stays in force." in page(stage, "terms")
    assert "Before: A new text" not in page(stage, "terms")
    assert "no longer applies from 24 December 2026" in page(stage, ".")
    assert "no longer applies from 24 December 2026" in page(stage, "terms/changes")
    calendar = (stage.root / "site/effective.ics").read_text()
    assert ("DTSTART;VALUE=DATE:20261224" in calendar, "a new text" in calendar) == (True, False)
    assert "until 2026-12-23" in stage.notifier("at", "terms", "2026-12-23").out
    assert stage.notifier("at", "terms", "2026-12-24").code == 1
    assert "2026-11-24   ends 2026-12-24   -" in stage.notifier("status").out
    assert "; it applies " in stage.notifier("preview", "terms").out

    stage.change("terms.md", "retired: 2026-12-24", "retired: 2026-12-01")
    stage.commit("End it sooner than we said")
    sooner = stage.run_as_of("2026-11-30T09:00:00+00:00")
    assert (sooner.code, "retires it 2026-12-01. Must customers be told?" in sooner.out) == (1, True)
    assert "This policy no longer applies from 24 December 2026" in page(stage, "terms")
    stage.git("rm", "-q", "policies/terms.md")
    stage.commit("It was told, so it can go")
    gone = stage.run_as_of("2026-12-01T09:00:00+00:00")
    assert (gone.code, gone.json["posted"], gone.json["waiting"]) == (0, [], [])
    assert "This policy no longer applies from 24 December 2026" in page(stage, "terms")
    stage.run_as_of("2026-12-25T09:00:00+00:00")
    assert "This policy has not applied since 24 December 2026." in page(stage, "terms")
    listed = json.loads((stage.root / "site/index.json").read_text())["policies"]
    [terms] = [one for one in listed if one["id"] == "terms"]
    assert (terms["in_force"], terms["retired_on"]) == (None, "2026-12-24")


def test_a_run_that_dies_while_it_brings_the_text_back_is_finished_by_the_next(stage: Stage) -> None:
    removed(stage)

    assert stage.killed_at("posting planned", "2026-11-24T09:00:00+00:00") != 0
    assert stage.killed_at("stamped", "2026-11-24T09:10:00+00:00") != 0
    last = stage.run_as_of("2026-11-24T09:20:00+00:00")

    assert last.code == 0, last.out + last.err
    assert set(stage.told().values()) == {1}
    assert stage.git("log", "--format=%s", "-2").splitlines() == ["Post terms, significant", "Close the service"]


def test_an_end_that_the_front_matter_names_says_what_comes_instead_and_leaves_time(stage: Stage) -> None:
    summary = 'summary: "From then on our Rules of the House say what holds."'
    stage.write("terms.md", f"---\nretired: 2026-12-01\n{summary}\n---\n{TERMS.replace('16', 'sixteen')}")
    checked = stage.notifier("check").out
    assert "it applies no longer from 2026-12-01" in checked
    assert "say whether customers must be told: notifier decide terms" in checked
    stage.commit("Close the service, and mend a word")
    asks = stage.run_as_of("2026-11-24T09:00:00+00:00")
    assert (asks.code, asks.json["posted"]) == (1, [])
    assert "Must customers be told?" in asks.json["waiting"][0]["why"]
    decided(stage)
    early = stage.run_as_of("2026-11-24T10:00:00+00:00")
    assert "write retired: 2026-12-24 or later" in early.json["waiting"][0]["why"]

    stage.change("terms.md", "retired: 2026-12-01", "retired: 2027-01-31")
    stage.commit("Leave them time")
    decided(stage)
    told = stage.run_as_of("2026-11-24T11:00:00+00:00")

    assert (told.code, told.json["notices"][0]["sent"]) == (0, 3)
    subject, text = stage.last_letter_to("bruno@mail.example")
    assert subject == "Terms of Service: gilt ab dem 31. Januar 2027 nicht mehr"
    assert "From then on our Rules of the House say what holds." in text
    assert stage.text("terms.md").startswith("---\nretired: 2027-01-31\n---\n")
    assert stage.date_line("terms.md") == "Last updated: March 3, 2026"


def test_an_end_that_was_told_and_does_not_come_is_taken_back_in_a_letter(stage: Stage) -> None:
    removed(stage)
    stage.run_as_of("2026-11-24T09:00:00+00:00")

    stage.write("terms.md", TERMS)
    stage.commit("Keep the service")
    told = stage.run_as_of("2026-11-30T09:00:00+00:00")

    assert (told.code, told.json["notices"][0]["sent"]) == (0, 3)
    subject, text = stage.last_letter_to("ana@mail.example")
    assert subject == "Terms of Service: the change announced on 24 November 2026 will not take effect"
    assert "nothing changes" in text
    event = event_in(stage)
    assert (event["DTSTART;VALUE=DATE"], event["STATUS"], event["SEQUENCE"]) == ("20261224", "CANCELLED", "31")
    assert "no longer applies" in event["SUMMARY"]
    after = stage.run_as_of("2026-12-25T09:00:00+00:00")
    assert (after.code, after.json["posted"]) == (0, [])
    assert "not applied" not in page(stage, "terms")
    said = "until 29 November 2026; the end announced for 24 December 2026 was taken back"
    for where in ("terms/changes", "terms/changes/2026-11-24", "terms/2026-11-24"):
        assert said in page(stage, where)


def test_a_policy_that_comes_back_after_its_end_is_told_as_new(stage: Stage) -> None:
    removed(stage)
    stage.run_as_of("2026-11-24T09:00:00+00:00")
    stage.run_as_of("2026-12-25T09:00:00+00:00")

    stage.write("terms.md", TERMS)
    stage.commit("Open the service again")
    told = stage.run_as_of("2027-01-10T09:00:00+00:00")

    assert (told.code, told.json["notices"][0]["sent"]) == (0, 3)
    subject, _ = stage.last_letter_to("ana@mail.example")
    assert subject == "New: Terms of Service, from 9 February 2027"
    assert "is in force" not in page(stage, "terms")
    assert "This text applies from 9 February 2027." in page(stage, "terms")
    assert "in force from 24 November 2026 until 23 December 2026" in page(stage, "terms/2026-11-24")
    gap = stage.notifier("at", "terms", "2027-01-20")
    assert (gap.code, "it ended on 2026-12-24, and comes back on 2027-02-09" in gap.out) == (1, True)
    assert "in force until" not in stage.notifier("at", "terms", "2026-12-23").out
    stage.run_as_of("2027-02-10T09:00:00+00:00")
    for day, tag in (("2026-12-23", "posted/terms/2026-11-24"), ("2027-01-20", None)):
        proof = stage.root / f"proof-{day}"
        with time_machine.travel("2027-02-10T10:00:00+00:00"):
            made = stage.notifier("evidence", "customer", "1", "--policy", "terms", "--at", day, "--out", str(proof))
        assert made.code == 0, made.err
        assert [one["tag"] for one in json.loads((proof / "facts.json").read_text())["in_force"]] == [tag]
    assert "in force since 9 February 2027" in page(stage, "terms")
    assert "until 23 December 2026" in page(stage, "terms/changes")


def test_an_end_that_nobody_must_be_told_of_is_said_on_the_page_alone(stage: Stage) -> None:
    stage.git("rm", "-q", "policies/terms.md")
    stage.commit("Close the service")
    decided(stage, "minor")

    said = stage.run_as_of("2026-11-24T09:00:00+00:00")

    assert (said.code, said.json["posted"], stage.messages()) == (0, [], [])
    assert not stage.path("terms.md").exists()


def test_a_policy_that_was_gone_for_a_while_without_a_word_tells_of_the_days_without_it(stage: Stage) -> None:
    stage.commit_on("2026-11-10T12:00:00+00:00", "Close the service", remove="terms.md")
    decided(stage, "minor")
    stage.run_as_of("2026-11-11T09:00:00+00:00")
    assert "This policy has not applied since 10 November 2026." in page(stage, "terms")
    stage.write("terms.md", TERMS)
    stage.commit_on("2026-11-24T08:00:00+00:00", "Open the service again")

    shown = stage.notifier("preview", "terms")
    assert shown.code == 0
    back = stage.run_as_of("2026-11-24T09:00:00+00:00")

    assert [(one["significance"], one["effective_on"]) for one in back.json["posted"]] == [("minor", "2026-11-24")]
    assert (back.code, stage.messages()) == (0, [])
    gap = stage.notifier("at", "terms", "2026-11-15")
    assert (gap.code, "it ended on 2026-11-10, and comes back on 2026-11-24" in gap.out) == (1, True)
    asked = answered(stage, "/terms/at/2026-11-15/")
    assert "one was until 9 November 2026, the next is from 24 November 2026." in asked
    assert stage.notifier("at", "terms", "2026-11-09").code == 0
    assert "in force from 3 March 2026 until 9 November 2026" in page(stage, "terms/2026-03-03")
    assert "in force since 24 November 2026" in page(stage, "terms")
    assert "24 November 2026" in (stage.root / "site/terms/feed.xml").read_text()
    days = [one["in_force"] for one in listed(stage.root)["terms/"]["postings"]]  # type: ignore[attr-defined]
    assert days == [{"from": "2026-03-03", "until": "2026-11-09"}, {"from": "2026-11-24", "until": None}]
    again = stage.run_as_of("2026-11-25T09:00:00+00:00")
    assert (again.code, again.json["posted"], again.json["alarms"]) == (0, [], [])


def test_a_day_on_which_a_policy_ended_stays_on_record_when_its_front_matter_says_it_no_longer(stage: Stage) -> None:
    stage.write("terms.md", f"---\nretired: 2026-11-10\nannounce: false\n---\n{TERMS}")
    stage.commit("Close the service")
    stage.run_as_of("2026-11-05T09:00:00+00:00")
    stage.run_as_of("2026-11-11T09:00:00+00:00")
    assert "This policy has not applied since 10 November 2026." in page(stage, "terms")

    stage.write("terms.md", TERMS)
    stage.commit("Open the service again")
    back = stage.run_as_of("2026-11-24T09:00:00+00:00")

    assert [one["effective_on"] for one in back.json["posted"]] == ["2026-11-24"]
    assert "until 9 November 2026" in page(stage, "terms/changes")
    assert stage.notifier("at", "terms", "2026-11-15").code == 1
    stage.write("terms.md", f"---\nretired: 2026-12-20\nannounce: false\n---\n{TERMS}")
    stage.commit("Close the service again")
    stage.run_as_of("2026-11-25T09:00:00+00:00")
    stage.write("terms.md", stage.text("terms.md").replace("retired: 2026-12-20\n", ""))
    stage.commit("Keep it: that day had not come")
    assert stage.run_as_of("2026-11-26T09:00:00+00:00").json["posted"] == []


def test_an_end_lacks_no_translation_and_leads_each_reader_to_their_own_text(stage: Stage) -> None:
    stage.write(
        "terms.de.md", "# Nutzungsbedingungen\n\nStand: 3. März 2026\n\nSie müssen mindestens 16 Jahre alt sein.\n"
    )
    stage.commit("Put the terms into German")
    stage.run_as_of("2026-11-23T09:00:00+00:00")
    stage.change("terms.md", "# Terms", "---\nretired: 2026-12-31\n---\n# Terms")
    stage.commit("End the terms")
    decided(stage)

    assert stage.run_as_of("2026-11-24T09:00:00+00:00").code == 0

    subject, text = stage.last_letter_to("bruno@mail.example")
    assert (subject, "übersetzt" in text) == ("Nutzungsbedingungen: gilt ab dem 31. Dezember 2026 nicht mehr", False)
    assert "https://chat.example/legal/de/terms/2026-11-24/" in text
    assert "Nutzungsbedingungen" in page(stage, "de/terms/2026-11-24")

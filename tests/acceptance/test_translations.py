"""A translation that does not follow says so, keeps its own date, and catches up."""

from __future__ import annotations

import json
import re
from pathlib import Path

import time_machine

from notifier.text.front_matter import drop_used_up
from tests.acceptance.stage import PRIVACY, Stage
from tests.acceptance.test_taken_back import answered, page

GERMAN = (
    PRIVACY.replace("Privacy Policy", "Datenschutzerklärung")
    .replace("*Last updated: 3 March 2026*", "*Stand: 3. März 2026, gültig ab 3. März 2026*")
    .replace("We keep chats for 30 days after they end.", "Wir speichern Chats 30 Tage lang.")
)
LINK = re.compile(r"https://chat\.example/legal/(\S*)")
DAY = "2026-11-24T09:00:00+00:00"


def adopted(fresh: Stage) -> Stage:
    fresh.write("privacy.de.md", GERMAN)
    fresh.commit("Translate")
    fresh.run_as_of("2026-11-01T09:00:00+00:00")
    return fresh


def keep_longer(stage: Stage) -> None:
    stage.change("privacy.md", "30 days", "12 months")
    stage.commit("Keep chats longer", "Significance: significant")


def listed(root: Path) -> dict[str, dict[str, object]]:
    told = json.loads((root / "site" / "index.json").read_text())
    return {policy["page"]: policy for policy in told["policies"]}


def test_a_translation_left_behind_keeps_its_date_and_says_in_its_language_since_when(fresh: Stage) -> None:
    stage = adopted(fresh)
    keep_longer(stage)

    stage.run_as_of(DAY)

    assert stage.text("privacy.de.md") == GERMAN
    german = page(stage, "de/privacy")
    assert (
        "Der maßgebliche Text (Englisch) wurde am 24. November 2026 geändert. Die Änderung gilt ab dem 24. Dezember"
        in german
    )
    assert "gilt ab dem 24. Dezember 2026 Wir" not in german
    overview = page(stage, "de")
    assert "am 24. November 2026 geändert. Die Änderung gilt ab dem 24. Dezember" in overview
    assert "Terms of Service Englisch" in overview
    assert '../../privacy/2026-11-24/"' in (stage.root / "site/de/privacy/index.html").read_text()
    behind = listed(stage.root)["de/privacy/"]["behind"]
    assert isinstance(behind, dict)
    assert (behind["since"], behind["effective_on"], behind["page"]) == ("2026-11-24", "2026-12-24", "privacy/")
    assert listed(stage.root)["privacy/"]["behind"] is None
    assert "from 24 December 2026. Not translated yet: German." in (stage.root / "site/feed.xml").read_text()
    at = stage.notifier("at", "privacy", "2026-12-24", "--language", "de").out
    assert "lacks     the change posted on 2026-11-24, which applies from 2026-12-24" in at
    assert "lacks" not in stage.notifier("at", "privacy", "2026-12-23", "--language", "de").out
    assert "noch nicht ins Deutsche übersetzt" in stage.letter_to("bruno@mail.example")
    assert "left behind: policies/privacy.md changed since" in stage.notifier("check").out
    stage.run_as_of("2026-12-26T09:00:00+00:00")
    assert "Übersetzung des Textes, der vom 3. März 2026 bis zum 23. Dezember 2026 galt" in page(stage, "de/privacy")


def test_who_follows_the_feed_of_a_translation_hears_of_each_change_that_it_lacks(fresh: Stage) -> None:
    stage = adopted(fresh)
    keep_longer(stage)
    stage.run_as_of(DAY)
    stage.change("privacy.md", "only with processors", "with processors and advertisers")
    stage.commit("Share more", "Significance: significant")
    stage.run_as_of("2026-12-01T09:00:00+00:00")

    told = json.loads((stage.root / "site/de/privacy/feed.json").read_text())["items"]

    assert [item["url"].removeprefix("https://chat.example/legal/") for item in told] == [
        "privacy/changes/2026-12-01/",
        "privacy/changes/2026-11-24/",
        "de/privacy/2026-03-03/",
    ]
    assert "am 1. Dezember 2026 geändert. Die Änderung gilt ab dem 31. Dezember 2026; in dieser" in str(told[0])
    assert "am 24. November 2026 geändert" in str(told[1])
    atom = (stage.root / "site/de/privacy/feed.xml").read_text()
    assert "<updated>2026-12-01T00:00:00Z</updated>" in atom.partition("<entry>")[0]
    stage.change("privacy.md", "with processors and advertisers", "only with processors")
    stage.commit("Take it back")
    stage.run_as_of("2026-12-05T09:00:00+00:00")
    assert "1. Dezember" not in (stage.root / "site/de/privacy/feed.xml").read_text()


def test_a_reader_of_german_is_told_what_a_slip_mended_in_german_would_hide(fresh: Stage) -> None:
    german = (
        "# Datenschutz\n\n*Stand: 3. März 2026*\n\nHier steht, was wir mit Ihren Chats tun und was nicht.\n\n"
        "Wir speichern sie 30 Tage lang, und sie gehören nur Ihnen.\n"
    )
    fresh.write("privacy.de.md", german)
    fresh.commit("Translate")
    fresh.run_as_of("2026-11-01T09:00:00+00:00")
    stage = fresh
    stage.change("privacy.de.md", "30 Tage", "dreißig Tage")
    keep_longer(stage)

    assert "left behind: policies/privacy.md changed" in stage.notifier("check").out
    stage.run_as_of(DAY)

    letter = stage.letter_to("bruno@mail.example")
    assert "noch nicht ins Deutsche übersetzt" in letter
    assert "We keep chats for 12 months" in letter
    assert "Die Änderung gilt ab dem 24. Dezember" in page(stage, "de/privacy")


def test_a_translation_that_catches_up_asks_a_person_rather_than_telling_everybody_again(fresh: Stage) -> None:
    stage = adopted(fresh)
    keep_longer(stage)
    stage.run_as_of(DAY)
    stage.change("privacy.de.md", "30 Tage", "12 Monate")
    assert re.search(r"privacy\.de\.md:\d+: a close call", stage.notifier("check").out)
    stage.commit("Translate the change")

    waits = stage.run_as_of("2026-11-25T09:00:00+00:00")
    assert (waits.json["posted"], waits.json["notices"]) == ([], [])
    assert "decide" in waits.json["waiting"][0]["why"]
    said = stage.notifier(
        "decide", "privacy", "minor", "--because", "the same change in German", "--by", "Lena <l@b.example>"
    )
    assert said.code == 0, said.err
    done = stage.run_as_of("2026-11-26T09:00:00+00:00")

    assert (done.json["posted"][0]["significance"], done.json["notices"]) == ("minor", [])
    assert "fehlt sie noch" not in page(stage, "de/privacy")
    assert listed(stage.root)["de/privacy/"]["behind"] is None
    assert "wesentlich Veröffentlicht am 26. November 2026" in page(stage, "de/privacy/changes/2026-11-26")
    assert "Bisher Wir speichern Chats 30 Tage lang." in page(stage, "de/privacy/changes/2026-11-26")
    assert "gültig ab 24. Dezember 2026" in stage.text("privacy.de.md")
    assert stage.date_line() == "*Last updated: 24 November 2026*"
    assert "26 November 2026" not in page(stage, "privacy") + page(stage, "privacy/changes")
    [privacy] = stage.notifier("preview", "privacy", "--json").json
    assert privacy["state"].startswith("posted 2026-11-24 as significant (significant by Erin Editor)")
    assert "; a translation alone was posted 2026-11-26 as minor" in privacy["state"]
    [status] = [one for one in stage.notifier("status", "--json").json["policies"] if one["policy"] == "privacy"]
    assert (status["posted_on"], status["effective_on"]) == ("2026-11-24", "2026-12-24")
    assert "Posted on 24 November 2026" in page(stage, "privacy/2026-11-26")
    stage.run_as_of("2026-12-26T09:00:00+00:00")
    assert "in force since 24 December 2026" in page(stage, "privacy")
    assert "the text posted on 2026-11-24" in stage.notifier("at", "privacy", "2026-12-26").out
    assert "until" not in stage.notifier("at", "privacy", "2026-12-26").out


def test_a_translation_that_comes_late_says_since_when_what_it_translates_is_in_force(fresh: Stage) -> None:
    stage = adopted(fresh)
    keep_longer(stage)
    stage.run_as_of(DAY)
    stage.run_as_of("2026-12-25T09:00:00+00:00")
    stage.change("privacy.de.md", "30 Tage", "12 Monate")
    stage.commit("Translate the change")
    stage.run_as_of("2027-01-07T09:00:00+00:00")
    stage.notifier("decide", "privacy", "minor", "--because", "the same in German", "--by", "Lena <l@b.example>")
    stage.run_as_of("2027-01-08T09:00:00+00:00")

    said = "Übersetzung des Textes, der seit dem 24. Dezember 2026 gilt, veröffentlicht am 8. Januar 2027"
    assert said in page(stage, "de/privacy")
    assert said in page(stage, "de/privacy/changes")
    assert said in (stage.root / "site/de/privacy/feed.xml").read_text()
    assert "gilt seit dem 8. Januar" not in page(stage, "de/privacy") + page(stage, "de")
    assert "Übersetzung des Textes, der vom 3. März 2026 bis zum 23. Dezember 2026 galt" in page(
        stage, "de/privacy/changes"
    )
    days = listed(stage.root)["de/privacy/"]["postings"][0]["in_force"]  # type: ignore[index]
    assert days == {"from": "2026-03-03", "until": "2026-12-23"}
    before, meanwhile = (answered(stage, f"/de/privacy/at/{day}/") for day in ("2026-12-20", "2026-12-30"))
    assert ("20. Dezember 2026" in before, "in dieser" in before) == (True, False)
    assert "am 24. November 2026 geändert. Die Änderung gilt ab dem 24. Dezember 2026; in dieser" in meanwhile
    assert "30. Dezember" not in meanwhile
    at = stage.notifier("at", "privacy", "2027-01-09", "--language", "de").out
    assert "in force  from 2026-12-24" in at
    assert "late      this translation was posted on 2027-01-08" in at
    newest = listed(stage.root)["de/privacy/"]["postings"][-1]  # type: ignore[index]
    assert (newest["translates"], newest["posted_on"]) == ("2026-11-24", "2027-01-08")
    stage.change("privacy.md", "12 months", "24 months")
    stage.change("privacy.de.md", "12 Monate", "24 Monate")
    stage.commit("Longer still", "Significance: significant")
    stage.run_as_of("2027-01-10T09:00:00+00:00")
    stage.run_as_of("2027-02-10T09:00:00+00:00")
    ended = page(stage, "de/privacy/2027-01-08")
    assert "Übersetzung des Textes, der vom 24. Dezember 2026 bis zum 8. Februar 2027 galt" in ended


def test_a_language_that_comes_anew_says_since_when_what_it_translates_is_in_force(stage: Stage) -> None:
    translated_later(stage)

    said = "Übersetzung des Textes, der seit dem 3. März 2026 gilt, veröffentlicht am 2. November 2026"
    assert said in page(stage, "de/privacy")
    assert "late " in stage.notifier("at", "privacy", "2026-11-03", "--language", "de").out


def test_a_language_that_came_while_a_text_waited_was_never_in_force_once_that_is_taken_back(stage: Stage) -> None:
    keep_longer(stage)
    stage.run_as_of("2026-11-10T09:00:00+00:00")
    stage.write("privacy.de.md", GERMAN.replace("30 Tage", "12 Monate"))
    stage.commit("Translate")
    stage.run_as_of("2026-11-11T09:00:00+00:00")
    assert "gilt ab dem 10. Dezember 2026" in page(stage, "de/privacy")
    with time_machine.travel("2026-11-12T08:00:00+00:00"):
        said = stage.notifier("withdraw", "privacy/2026-11-10", "--because", "it stays as it is")
    assert (said.code, "tells customers that it does not come" in said.out) == (0, True)

    told = stage.run_as_of("2026-11-12T09:00:00+00:00")

    assert told.json["notices"][0]["sent"] == 3
    german = page(stage, "de/privacy")
    assert "Angekündigt und am 12. November 2026 zurückgenommen: galt nie." in german
    assert "am 12. November 2026 geändert. Die Änderung gilt ab dem 12. November 2026; in dieser" in german
    assert "ab dem 10. Dezember" not in german + page(stage, "de") + page(stage, "de/privacy/changes")
    of_german = listed(stage.root)["de/privacy/"]
    assert (of_german["in_force"], of_german["waiting"]) == (None, None)
    assert listed(stage.root)["privacy/"]["in_force"] == "2026-11-12"


def test_with_posting_translations_wait_a_significant_change_waits_for_its_translations(fresh: Stage) -> None:
    stage = adopted(fresh)
    stage.configure("posting", 'translations = "wait"')
    keep_longer(stage)

    waits = stage.run_as_of(DAY)
    assert waits.code == 1
    assert "policies/privacy.de.md did not follow the controlling text" in waits.json["waiting"][0]["why"]
    stage.change("privacy.de.md", "30 Tage", "12 Monate")
    stage.commit("Translate", "Significance: significant")

    assert stage.run_as_of(DAY).json["posted"][0]["tag"] == "posted/privacy/2026-11-24"


def test_each_reader_gets_the_summary_in_their_language_and_it_is_used_up(fresh: Stage) -> None:
    stage = adopted(fresh)
    summary = "---\nsummary:\n  en: We keep chats longer.\n  de: Wir speichern Chats länger.\n---\n"
    stage.write("privacy.md", summary + stage.text("privacy.md").replace("30 days", "12 months"))
    stage.commit("Keep chats longer", "Significance: significant")

    stage.run_as_of(DAY)

    assert "In short: We keep chats longer." in stage.letter_to("ana@mail.example")
    assert "Kurz gesagt: Wir speichern Chats länger." in stage.letter_to("bruno@mail.example")
    assert stage.text("privacy.md") == drop_used_up(stage.text("privacy.md"))
    assert not stage.text("privacy.md").startswith("---")
    stage.write("privacy.md", summary + stage.text("privacy.md").replace("12 months", "24 months"))  # by an old commit
    assert "its summary was told already, of what was posted 2026-11-24" in stage.notifier("check").out
    stage.commit("Keep chats longer still", "Significance: significant")
    waits = stage.run_as_of("2026-11-25T09:00:00+00:00")
    assert (waits.code, waits.json["posted"]) == (1, [])
    assert "say what changes now, or leave it out" in waits.json["waiting"][0]["why"]


def test_a_change_of_a_translation_alone_is_told_as_that_and_quoted_in_it(fresh: Stage) -> None:
    stage = adopted(fresh)
    stage.change("privacy.de.md", "30 Tage", "12 Monate")
    stage.commit("Say it in German", "Significance: significant")

    stage.run_as_of(DAY)

    letter = stage.letter_to("ana@mail.example")
    assert (
        "The change is in the translation into German, which we quote; the text that prevails is unchanged." in letter
    )
    assert "https://chat.example/legal/de/privacy/changes/2026-11-24/" in letter
    assert "not translated into English" not in letter
    assert "Geändert wird die Übersetzung" not in stage.letter_to("bruno@mail.example")


def translated_later(stage: Stage) -> Stage:
    """German comes after the first run, so that what customers were last told had no German text."""
    stage.write("privacy.de.md", GERMAN)
    stage.commit("Translate")
    assert stage.run_as_of("2026-11-02T09:00:00+00:00").json["posted"][0]["significance"] == "minor"
    return stage


def test_a_change_of_weight_in_a_language_that_came_later_is_told(stage: Stage) -> None:
    translated_later(stage)
    stage.change("privacy.de.md", "30 Tage", "12 Monate")
    stage.commit("Länger speichern")

    told = stage.run_as_of(DAY)

    assert (told.json["posted"][0]["significance"], told.json["notices"][0]["sent"]) == ("significant", 3)


def test_a_language_that_came_later_is_quoted_and_its_redline_is_there(stage: Stage) -> None:
    translated_later(stage)
    stage.change("privacy.de.md", "30 Tage", "12 Monate")
    keep_longer(stage)
    stage.run_as_of(DAY)

    _, text = stage.last_letter_to("bruno@mail.example")

    assert "Wir speichern Chats 12 Monate lang." in text
    assert "nicht ins Deutsche übersetzt" not in text
    for letter in stage.messages():
        for link in LINK.findall(str(letter.get_body(("plain",)))):
            assert (stage.root / "site" / link / "index.html").is_file(), link


def test_a_new_policy_is_told_and_linked_in_each_language_that_it_has(stage: Stage) -> None:
    stage.write(
        "cookies.md", "---\nannounce: true\n---\n# Cookies\n\nLast updated: March 3, 2026\n\nWe set one cookie.\n"
    )
    stage.write("cookies.de.md", "# Cookies bei uns\n\nStand: 3. März 2026\n\nWir setzen ein Cookie.\n")
    stage.commit("Say what cookies we set")

    stage.run_as_of("2026-11-24T09:00:00+00:00")

    _, german = stage.last_letter_to("bruno@mail.example")
    assert "Wir haben" not in german
    assert "wir führen einen neuen Text ein: Cookies bei uns." in german
    assert ("übersetzt" in german, "noch nicht auf Deutsch" in german) == (False, False)
    assert "https://chat.example/legal/de/cookies/2026-11-24/" in german
    _, french = stage.last_letter_to("chloe@mail.example")
    assert "Malheureusement pas encore disponible en français" in french
    assert "https://chat.example/legal/cookies/2026-11-24/" in french

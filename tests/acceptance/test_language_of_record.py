"""The config says another language or habit of naming than when texts were posted: they stay what they were."""

from __future__ import annotations

from tests.acceptance.stage import PRIVACY, Stage
from tests.acceptance.test_addresses import given_out
from tests.acceptance.test_taken_back import page
from tests.acceptance.test_translations import listed
from tests.render.crawler import broken_links, published_in

WORDS = """\
# Datenschutzerklärung

*Stand: 3. März 2026*

Harbour Chat betreibt einen Dienst für Chats und erklärt hier, was wir mit Ihren Daten tun und was nicht.

## Weitergabe

Wir geben Ihre Daten nur an Dienstleister weiter, die für uns arbeiten.

## Speicherung

Wir speichern Chats 30 Tage lang, nachdem sie beendet sind.
"""


def german_too(stage: Stage) -> None:
    stage.write("privacy.de.md", WORDS)
    stage.commit("Translate")
    stage.run_as_of("2026-11-01T09:00:00+00:00")


def test_a_company_that_makes_german_its_first_language_keeps_every_english_page(fresh: Stage) -> None:
    stage = fresh
    german_too(stage)
    stage.change("privacy.md", "30 days", "60 days")
    stage.change("privacy.de.md", "30 Tage", "60 Tage")
    stage.commit("Keep chats longer", "Significance: significant")
    stage.run_as_of("2026-11-10T09:00:00+00:00")
    before, there = given_out(stage.root), page(stage, "privacy/changes/2026-11-10")
    stage.configure("policies", 'language = "de"')

    said = stage.run_as_of("2026-11-11T09:00:00+00:00")

    terms, privacy = (
        next(one for one in said.json["waiting"] if one["policy"] == name) for name in ("terms", "privacy")
    )
    assert "write language: de into its front matter, or language: en if that is not meant" in terms["why"]
    assert "rename or remove one of them" in privacy["why"]  # privacy.md and privacy.de.md are both German now
    assert page(stage, "privacy/changes/2026-11-10") == there

    stage.git("mv", "policies/privacy.md", "policies/privacy.en.md")
    stage.git("mv", "policies/privacy.de.md", "policies/privacy.md")
    stage.commit("Let the German text count")
    assert "policies.language reads it as de" in stage.notifier("check").out
    stage.write("privacy.md", f"---\nlanguage: de\n---\n{stage.text('privacy.md')}")
    stage.commit("Say so")
    asks = stage.run_as_of("2026-11-12T09:00:00+00:00")
    assert (asks.json["posted"], "decide" in str(asks.json["waiting"])) == ([], True)
    said = stage.notifier(
        "decide", "privacy", "significant", "--because", "German counts", "--by", "Lena <l@b.example>"
    )
    assert said.code == 0, said.err
    done = stage.run_as_of("2026-11-13T09:00:00+00:00")

    letters = {who: stage.last_letter_to(f"{who}@mail.example")[1] for who in ("ana", "bruno", "chloe")}
    assert "from 13 December 2026. From then on the text in German prevails; before that it was" in letters["ana"]
    assert "Von da an ist der Text auf Deutsch maßgeblich, der bis dahin eine Übersetzung war." in letters["bruno"]
    assert "le texte en allemand qui fait foi ; auparavant, il était une traduction" in letters["chloe"]
    assert ("In short" in letters["ana"], "not translated" in letters["ana"]) == (False, False)
    assert "does not have it yet" not in page(stage, "en/privacy")
    assert "prevails" not in page(stage, "en/privacy")  # of the text that counts until the 13th of December
    assert ([one["policy"] for one in done.json["posted"]], done.json["alarms"]) == (["privacy"], [])
    assert set(before) <= set(given_out(stage.root))
    assert "Wir speichern Chats 30 Tage lang" in page(stage, "privacy")
    assert "Ab dem 10. Dezember 2026 gilt ein neuer Text." in page(stage, "privacy")
    assert "Diese Übersetzung" not in page(stage, "privacy")
    assert "We keep chats for 30 days" in page(stage, "en/privacy")
    assert listed(stage.root)["privacy/"]["language"] == "de"
    assert broken_links(published_in(stage.root / "site")) == []
    assert {row["policy"] for row in stage.notifier("log", "privacy", "--json").json} == {"privacy"}
    at = stage.notifier("at", "privacy", "2026-11-11", "--language", "en")
    assert "We keep chats" in stage.notifier("at", "privacy", "2026-11-11", "--text").out
    assert at.code == 0
    stage.run_as_of("2026-12-14T09:00:00+00:00")
    assert "The German text prevails" in page(stage, "en/privacy")
    assert "prevails" not in page(stage, "en/privacy/2026-03-03")


def test_a_text_that_only_the_config_calls_otherwise_waits_with_its_next_change(stage: Stage) -> None:
    before = page(stage, "privacy")
    stage.configure("policies", 'language = "fr"')
    quiet = stage.run_as_of("2026-11-11T09:00:00+00:00")
    assert (quiet.code, quiet.json["posted"], page(stage, "privacy")) == (0, [], before)
    assert "policies.language reads it as fr" in quiet.json["waiting"][0]["why"]
    assert stage.notifier("check").code == 0

    stage.change("privacy.md", "explains here what", "explains  here, what")
    assert "or language: en if that is not meant" in stage.notifier("check").out
    stage.commit("Say it plainer")
    stopped = stage.run_as_of("2026-11-12T09:00:00+00:00")
    assert (stopped.code, stopped.json["posted"]) == (1, [])

    stage.write("privacy.md", f"---\nlanguage: en\n---\n{stage.text('privacy.md')}")
    stage.commit("It is English")
    assert [one["policy"] for one in stage.run_as_of("2026-11-13T09:00:00+00:00").json["posted"]] == ["privacy"]
    assert "Posted on 13 November 2026" in page(stage, "privacy")


def test_german_texts_taken_for_english_are_german_once_the_config_says_so(fresh: Stage) -> None:
    stage = fresh
    stage.write("privacy.md", WORDS.replace("Stand: 3. März 2026", "Last updated: 3 March 2026"))
    stage.git("rm", "-q", "policies/terms.md")
    stage.commit("Take it for English")
    stage.run_as_of("2026-11-01T09:00:00+00:00")
    before = given_out(stage.root)
    assert "Last updated" in page(stage, "privacy")

    stage.configure("policies", 'language = "de"')
    said = stage.run_as_of("2026-11-02T09:00:00+00:00")

    assert (said.code, said.json["posted"], said.json["waiting"], said.json["alarms"]) == (0, [], [], [])
    assert given_out(stage.root) == before
    assert "Veröffentlicht am 3. März 2026" in page(stage, "privacy")


def test_translations_named_by_another_habit_keep_their_pages(fresh: Stage) -> None:
    stage = fresh
    stage.configure("policies", 'layout = "dash"')
    stage.write("privacy-de.md", WORDS)
    stage.commit("Translate")
    stage.run_as_of("2026-11-01T09:00:00+00:00")
    before = given_out(stage.root)
    assert "de/privacy/index.html" in before
    config = stage.root / "config.toml"
    config.write_text(config.read_text().replace('layout = "dash"', 'layout = "suffix"'))
    stage.git("mv", "policies/privacy-de.md", "policies/privacy.de.md")
    stage.commit("Name it as others do")

    said = stage.run_as_of("2026-11-02T09:00:00+00:00")

    assert (said.code, said.json["posted"], said.json["alarms"]) == (0, [], [])
    assert given_out(stage.root) == before
    assert "!!" not in stage.notifier("verify").out
    assert PRIVACY.split("\n")[0].removeprefix("# ") in page(stage, "privacy")

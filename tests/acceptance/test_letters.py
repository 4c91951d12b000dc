"""Each customer's letter in their own language, as far as there is one."""

from __future__ import annotations

import shutil

from notifier.shipped import templates_for
from tests.acceptance.stage import PRIVACY, Stage

DAY = "2026-11-24T09:00:00+00:00"
GERMAN = PRIVACY.replace("Privacy Policy", "Datenschutzerklärung").replace("Last updated: 3 March", "Stand: 3. März")


def share_with_advertisers(stage: Stage) -> None:
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners that measure our campaigns.")
    stage.commit("Measure our campaigns", "Significance: significant")


def test_a_change_not_translated_yet_is_told_under_the_policys_name_in_the_readers_language(fresh: Stage) -> None:
    fresh.write("privacy.de.md", GERMAN)
    fresh.commit("Translate")
    fresh.run_as_of("2026-11-01T09:00:00+00:00")
    share_with_advertisers(fresh)

    fresh.run_as_of(DAY)

    letter = fresh.letter_to("bruno@mail.example")
    assert "wir ändern diesen Text: Datenschutzerklärung." in letter
    assert "noch nicht ins Deutsche übersetzt: Datenschutzerklärung. Wir zitieren deshalb das Original." in letter
    assert "Ab 24. Dezember: We share personal information" in letter


def test_a_language_that_the_operator_adds_is_one_more_file(stage: Stage) -> None:
    templates = stage.root / "templates"
    shutil.copytree(templates_for(stage.root), templates)
    words = (templates / "notice" / "words" / "en.toml").read_text()
    (templates / "notice" / "words" / "ca.toml").write_text(words.replace("Hello", "Bon dia"))
    (stage.root / "roster.csv").write_text("id,email,name,language\n4,dora@mail.example,Dora,ca\n")
    stage.notifier("customers", "import", "roster.csv")
    share_with_advertisers(stage)

    stage.run_as_of(DAY)

    assert stage.letter_to("dora@mail.example").startswith("Bon dia Dora,")


def test_a_template_with_a_mistake_keeps_back_what_must_be_told(stage: Stage) -> None:
    shutil.copytree(templates_for(stage.root), stage.root / "templates")
    (stage.root / "templates" / "notice" / "text.txt.j2").write_text("Hello\n{{ message.sumary }}\n")
    share_with_advertisers(stage)
    before = (stage.git("rev-parse", "HEAD"), stage.tags())

    said = stage.notifier("run")

    assert said.code == 1
    assert "templates/notice/text.txt.j2:2: " in said.out
    assert "sumary" in said.out
    assert (stage.git("rev-parse", "HEAD"), stage.tags()) == before
    assert stage.messages() == []


def test_marketing_in_a_summary_holds_its_policy_before_anything_is_posted(stage: Stage) -> None:
    stage.write("privacy.md", f'---\nsummary: "Upgrade now!"\n---\n\n{stage.text("privacy.md")}')
    share_with_advertisers(stage)
    before = stage.tags()

    said = stage.notifier("run")

    assert said.code == 1
    assert 'privacy.md:2: "Upgrade now" in the summary is marketing' in said.out
    assert stage.tags() == before

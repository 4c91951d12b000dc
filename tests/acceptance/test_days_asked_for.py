"""Days that an editor asks for: when a revision is posted, when it binds; and what is said of one posting alone."""

from __future__ import annotations

from tests.acceptance.stage import Stage
from tests.acceptance.test_taken_back import page


def ask_for(stage: Stage, lines: str) -> None:
    stage.write("privacy.md", f"---\n{lines}\n---\n" + stage.text("privacy.md").replace("30 days", "60 days"))
    stage.commit("Keep chats longer", "Significance: significant")


def test_a_day_before_the_notice_period_ends_is_refused_with_both_days(stage: Stage) -> None:
    ask_for(stage, "effective: 2026-12-01")

    said = stage.run_as_of("2026-11-24T09:00:00+00:00")

    assert (said.code, said.json["posted"]) == (1, [])
    why = said.json["waiting"][0]["why"]
    assert "effective: 2026-12-01 is too early: posted 2026-11-24, it binds from 2026-12-24" in why
    assert stage.messages() == []
    checked = stage.notifier("check")
    assert (checked.code, "effective: 2026-12-01 is too early" in checked.out) == (1, True)


def test_a_later_day_is_kept_and_leaves_the_file_once_used(stage: Stage) -> None:
    ask_for(stage, "effective: 2027-01-15\nsummary: We keep chats longer.")

    said = stage.run_as_of("2026-11-24T09:00:00+00:00")

    assert said.json["posted"][0]["effective_on"] == "2027-01-15"
    assert "---" not in stage.text("privacy.md")
    assert "applies from 15 January 2027" in stage.letter_to("ana@mail.example")


def test_a_merged_revision_is_kept_until_the_day_on_which_to_post_it(stage: Stage) -> None:
    ask_for(stage, "post_on: 2099-12-07")

    early = stage.run_as_of("2099-12-06T23:00:00+00:00")
    assert (early.code, early.json["posted"]) == (0, [])
    assert early.json["waiting"][0]["why"] == "its front matter says post_on: 2099-12-07"
    assert "post_on: 2099-12-07" in stage.notifier("status").out
    previewed = stage.notifier("preview", "privacy", "--json").json[0]
    assert (previewed["posted_on"], previewed["effective_on"]) == ("2099-12-07", "2100-01-06")
    told = stage.notifier("preview", "privacy").out
    assert "\nposted 2099-12-07 at the earliest: in force 2100-01-06 (notice of 30 days)" in told
    done = stage.run_as_of("2099-12-07T00:10:00+00:00")

    assert done.json["posted"][0]["posted_on"] == "2099-12-07"
    assert "post_on" not in stage.text("privacy.md")


def test_a_new_policy_has_a_letter_of_its_own_and_its_summary_is_used_up(stage: Stage) -> None:
    text = "# Data processing\n\nWe process for you.\n"
    stage.write("dpa.md", f"---\nannounce: true\nsummary: We have a data processing agreement now.\n---\n\n{text}")
    before = stage.notifier("preview", "dpa").out.replace("working tree", "")
    assert "consent: acknowledge: customers are asked to acknowledge it (proposed)" in before
    stage.commit("Add it")
    assert stage.notifier("preview", "dpa").out.replace("working tree", "") == before

    stage.run_as_of("2026-11-24T09:00:00+00:00")

    letter = stage.letter_to("ana@mail.example")
    assert "We are introducing a new text: Data processing. It applies from 24 December 2026." in letter
    assert "In short: We have a data processing agreement now." in letter
    assert "earlier" not in letter
    assert "summary" not in stage.text("dpa.md")
    assert "Last updated: November 24, 2026" in stage.text("dpa.md")
    assert "Read the text in force today" not in page(stage, "dpa")
    assert "/dpa/2026-11-24/" in (stage.root / "site" / "significant.xml").read_text()
    again = stage.run_as_of("2026-11-25T09:00:00+00:00")
    assert (again.json["posted"], again.json["notices"], again.code) == ([], [], 0)

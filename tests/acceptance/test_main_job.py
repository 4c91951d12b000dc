"""The promise, kept from end to end: posted on the page, dated, and everybody told once of what is significant."""

from __future__ import annotations

import shutil

import pytest

from tests.acceptance.stage import Stage

DAY = "2026-11-24T09:00:00+00:00"
NEXT_DAY = "2026-11-25T09:00:00+00:00"


def share_with_advertisers(stage: Stage) -> str:
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners that measure our campaigns.")
    return stage.commit("Measure our campaigns", "Significance: significant")


def test_the_first_run_takes_what_is_there_as_posted_and_mails_nobody(fresh: Stage) -> None:
    before = (fresh.text("privacy.md"), fresh.text("terms.md"), fresh.git("rev-parse", "HEAD"))

    said = fresh.run_as_of(DAY)

    assert said.code == 0
    assert (fresh.text("privacy.md"), fresh.text("terms.md"), fresh.git("rev-parse", "HEAD")) == before
    assert fresh.tags() == ["posted/privacy/2026-03-03", "posted/terms/2026-03-03"]
    assert fresh.messages() == []


def test_a_spelling_fix_is_posted_and_dated_and_nobody_is_mailed(stage: Stage) -> None:
    stage.change("privacy.md", "explains here", "explanes here")
    stage.commit("Break a word")
    stage.run_as_of("2026-11-10T09:00:00+00:00")
    stage.change("privacy.md", "explanes here", "explains here")
    revision = stage.commit("Fix a spelling mistake")

    said = stage.run_as_of(DAY)

    assert said.code == 0, said.err
    [posted] = said.json["posted"]
    assert posted["revision"] == revision
    assert (posted["policy"], posted["significance"]) == ("privacy", "minor")
    assert posted["posted_on"] == posted["effective_on"] == "2026-11-24"
    assert stage.date_line() == "*Last updated: 24 November 2026*"
    assert stage.messages() == []


def test_a_new_kind_of_recipient_is_told_to_every_customer_once(stage: Stage) -> None:
    share_with_advertisers(stage)

    said = stage.run_as_of(DAY)

    assert said.code == 0, said.err
    assert said.json["posted"][0]["significance"] == "significant"
    assert said.json["posted"][0]["effective_on"] == "2026-12-24"
    [notice] = said.json["notices"]
    assert notice["policies"] == ["privacy"]
    assert (notice["audience"], notice["sent"], notice["suppressed"], notice["failed"]) == (3, 3, 0, 0)
    assert stage.told() == {"ana@mail.example": 1, "bruno@mail.example": 1, "chloe@mail.example": 1}
    assert "advertising partners" in stage.letter_to("ana@mail.example")


def test_the_next_run_tells_nobody_twice(stage: Stage) -> None:
    share_with_advertisers(stage)
    stage.run_as_of(DAY)

    said = stage.run_as_of(NEXT_DAY)

    assert (said.json["posted"], said.json["notices"], said.json["waiting"]) == ([], [], [])
    assert set(stage.told().values()) == {1}


def test_several_significant_postings_of_one_run_are_one_message(stage: Stage) -> None:
    share_with_advertisers(stage)
    stage.change("terms.md", "at least 16", "at least 18")
    stage.commit("Raise the age", "Significance: significant")

    said = stage.run_as_of(DAY)

    [notice] = said.json["notices"]
    assert notice["policies"] == ["privacy", "terms"]
    assert set(stage.told().values()) == {1}


def test_customers_outside_the_audience_are_not_written_to(stage: Stage) -> None:
    stage.write(
        "terms.md", "---\naudience: [chat]\n---\n\n" + stage.text("terms.md").replace("at least 16", "at least 18")
    )
    stage.commit("Raise the age", "Significance: significant")

    assert stage.run_as_of(DAY).code == 1
    assert stage.told() == {}, "fewer would be told than before: a person is asked first"
    [notice] = stage.notifier("notice", "list", "--json").json
    assert stage.notifier("notice", "approve", notice["notice_id"], "--because", "chat alone").code == 0
    stage.run_as_of(DAY)

    assert stage.told() == {"ana@mail.example": 1}


def test_a_stamp_is_no_revision_and_history_is_read_back_from_tags_alone(stage: Stage) -> None:
    share_with_advertisers(stage)
    stage.run_as_of(DAY)
    (stage.root / ".notifier" / "ledger.db").unlink()

    said = stage.run_as_of(NEXT_DAY)

    assert said.json["posted"] == []
    assert stage.messages()
    assert set(stage.told().values()) == {1}
    subjects = [entry["subject"] for entry in stage.notifier("log", "privacy", "--json").json]
    assert subjects == ["Measure our campaigns", "Write down our policies"]


def test_an_editors_uncommitted_work_is_left_alone_and_the_policy_waits(stage: Stage) -> None:
    share_with_advertisers(stage)
    stage.change("privacy.md", "30 days", "40 days")
    work_in_progress = stage.text("privacy.md")

    said = stage.run_as_of(DAY)

    assert said.code == 1
    assert [wait["policy"] for wait in said.json["waiting"]] == ["privacy"]
    assert "policies/privacy.md" in said.json["waiting"][0]["why"]
    assert stage.text("privacy.md") == work_in_progress
    assert stage.messages() == []


def test_a_page_says_at_once_that_a_notice_which_ended_late_has_moved_the_day(stage: Stage) -> None:
    stage.run_as_of(DAY)
    stage.configure("notice", 'approval = "manual"')
    share_with_advertisers(stage)
    stage.run_as_of(DAY)
    stage.notifier("notice", "approve", "2026-11-24-privacy", "--because", "read")
    page = stage.root / "site" / "privacy" / "2026-11-24" / "index.html"
    assert "24 December 2026" in page.read_text()

    said = stage.run_as_of("2026-11-27T09:00:00+00:00")

    assert [one["code"] for one in said.json["alarms"]] == ["ended-late"]
    assert "27 December 2026" in page.read_text()
    assert "24 December 2026" not in page.read_text()


@pytest.mark.parametrize("becomes", ["nothing", "a link", "a folder elsewhere"])
def test_a_folder_of_policies_that_went_from_the_checkout_is_an_alarm(stage: Stage, becomes: str) -> None:
    stage.run_as_of(DAY)
    folder = stage.root / "policies"
    folder.rename(stage.root / "legal")
    if becomes == "a link":
        folder.symlink_to("legal")
    if becomes == "nothing":
        shutil.rmtree(stage.root / "legal")

    for said in (stage.run_as_of(NEXT_DAY), stage.notifier("status", "--json")):
        assert said.code == 1
        assert [(one["code"], one["policy"]) for one in said.json["alarms"]] == [
            ("not-posted", "privacy"),
            ("not-posted", "terms"),
        ]
        assert "put it back: git checkout -- policies" in said.json["alarms"][0]["text"]


def test_an_edit_that_nobody_commits_is_an_alarm_where_it_holds_up_what_was_committed(stage: Stage) -> None:
    stage.run_as_of(DAY)
    stage.change("privacy.md", "30 days", "40 days")
    at_work = stage.run_as_of(DAY)
    stage.git("stash", "-q")
    share_with_advertisers(stage)
    stage.git("stash", "pop", "-q")

    held_up, status = stage.run_as_of(NEXT_DAY), stage.notifier("status", "--json")

    assert (at_work.code, at_work.json["alarms"]) == (0, [])
    for said in (held_up, status):
        assert said.code == 1
        assert [(one["code"], one["policy"]) for one in said.json["alarms"]] == [("not-posted", "privacy")]
        assert "uncommitted edits in policies/privacy.md" in said.json["alarms"][0]["text"]


def test_a_policy_that_appears_later_is_new_and_told_of_only_if_it_asks(stage: Stage) -> None:
    stage.write("cookies.md", "---\nannounce: false\n---\n\n# Cookies\n\nWe set one cookie.\n")
    stage.write(
        "dpa.md",
        "---\nannounce: true\nsummary: We have a data processing agreement now.\n---\n\n"
        "# Data processing\n\nWe process for you.\n",
    )
    stage.commit("Add two policies")

    said = stage.run_as_of(DAY)

    assert {posted["policy"] for posted in said.json["posted"]} == {"cookies", "dpa"}
    assert not any(posted["adopted"] for posted in said.json["posted"])
    [notice] = said.json["notices"]
    assert notice["policies"] == ["dpa"]
    assert set(stage.told().values()) == {1}


def test_a_close_call_waits_for_a_word_and_then_goes_out_as_significant(stage: Stage) -> None:
    stage.change("privacy.md", "and explains here what", "and explains here, in German: Wir erläutern hier, was und")
    stage.write("privacy.md", stage.text("privacy.md").replace("We keep chats", "Flibber gromsk nalder wipt chats"))
    stage.commit("Say something that nobody can judge")

    first = stage.run_as_of(DAY)
    assert first.json["posted"] == []
    assert first.json["waiting"][0]["policy"] == "privacy"
    assert first.code == 1
    assert "notifier decide" in first.json["waiting"][0]["why"]
    assert stage.messages() == []

    still = stage.run_as_of("2026-11-27T08:59:00+00:00")
    assert still.json["posted"] == []
    waited_out = stage.run_as_of("2026-11-27T09:00:00+00:00")
    assert waited_out.json["posted"][0]["significance"] == "significant"
    assert set(stage.told().values()) == {1}


def test_a_decision_settles_a_close_call_without_mail(stage: Stage) -> None:
    stage.write("privacy.md", stage.text("privacy.md").replace("We keep chats", "Flibber gromsk nalder wipt chats"))
    revision = stage.commit("Say something that nobody can judge")
    assert stage.run_as_of(DAY).json["waiting"]

    decided = stage.notifier("decide", revision[:10], "minor", "--because", "a joke of ours")
    assert decided.code == 0, decided.err
    said = stage.run_as_of(DAY)

    assert said.json["posted"][0]["significance"] == "minor"
    assert stage.messages() == []
    assert "a joke of ours" in stage.git("tag", "-n20", "--list", said.json["posted"][0]["tag"])


def test_steps_that_are_minor_one_by_one_but_not_together_are_told(stage: Stage) -> None:
    for before, after in (("30 days", "31 days"), ("31 days", "32 days")):
        stage.change("privacy.md", before, after)
        stage.commit("A small step")
    assert stage.notifier("decide", "privacy", "minor", "--because", "small steps").code == 0
    assert stage.run_as_of(DAY).json["posted"][0]["significance"] == "minor"
    stage.change("privacy.md", "32 days", "33 days")
    stage.commit("And another")

    said = stage.run_as_of(NEXT_DAY)

    assert said.json["posted"][0]["significance"] == "significant"
    text = stage.letter_to("ana@mail.example")
    assert "30 days" in text
    assert "33 days" in text
    page = "privacy/compare/2026-03-03..2026-11-25/"
    assert f"https://chat.example/legal/{page}" in text
    assert (stage.root / "site" / page / "index.html").is_file()


def test_what_is_reverted_before_anyone_was_told_is_nothing(stage: Stage) -> None:
    share_with_advertisers(stage)
    stage.git("revert", "--no-edit", "HEAD")

    said = stage.run_as_of(DAY)

    assert (said.json["posted"], said.json["notices"]) == ([], [])
    assert stage.date_line() == "*Last updated: 3 March 2026*"


def test_a_dry_run_changes_nothing(stage: Stage) -> None:
    share_with_advertisers(stage)
    before = (stage.git("rev-parse", "HEAD"), stage.tags(), stage.text("privacy.md"))

    said = stage.notifier("run", "--dry-run", "--json")

    assert said.json["posted"][0]["significance"] == "significant"
    assert (stage.git("rev-parse", "HEAD"), stage.tags(), stage.text("privacy.md")) == before
    assert stage.messages() == []


def test_what_is_reverted_while_its_notice_waits_for_approval_is_never_told(stage: Stage) -> None:
    stage.configure("notice", 'approval = "manual"')
    share_with_advertisers(stage)
    first = stage.run_as_of(DAY)
    assert first.json["alarms"][0]["code"] == "awaiting-approval"
    stage.git("revert", "--no-edit", "HEAD~1")

    said = stage.run_as_of(NEXT_DAY)

    assert said.code == 0, said.out
    assert said.json["posted"][0]["significance"] == "minor"
    [notice] = stage.notifier("notice", "list", "--json").json
    assert notice["state"] == "cancelled"
    assert stage.messages() == []


def test_a_revision_that_overtakes_a_waiting_notice_is_told_together_with_it(stage: Stage) -> None:
    stage.configure("notice", 'approval = "manual"')
    share_with_advertisers(stage)
    stage.change("terms.md", "at least 16", "at least 18")
    stage.commit("Raise the age", "Significance: significant")
    stage.run_as_of(DAY)
    stage.change("privacy.md", "30 days", "60 days")
    stage.commit("Keep chats longer", "Significance: significant")

    stage.run_as_of(NEXT_DAY)
    first, second = stage.notifier("notice", "list", "--json").json
    stage.notifier("notice", "approve", second["id"])
    stage.run_as_of(NEXT_DAY)

    assert (first["state"], first["accepted"]) == ("cancelled", 0)
    assert set(second["policies"]) == {"privacy", "terms"}
    assert set(stage.told().values()) == {1}
    text = stage.letter_to("ana@mail.example")
    assert all(words in text for words in ("advertising partners", "60 days", "18 years"))

"""`notifier explain`: an auditor asks why, and what was done."""

from __future__ import annotations

from tests.acceptance.stage import Stage


def test_the_whole_chain_of_a_revision_is_told(stage: Stage) -> None:
    stage.change("privacy.md", "30 days", "60 days")
    revision = stage.commit("Keep chats longer", "Significance: significant")
    stage.run_as_of("2026-11-24T09:00:00+00:00")

    [told] = stage.notifier("explain", revision, "--json").json

    assert (told["policy"], told["subject"], told["trailer"]) == ("privacy", "Keep chats longer", "significant")
    assert told["reasons"][0]["section"] == ["Privacy Policy", "Retention"]
    assert told["tag"] == "posted/privacy/2026-11-24"
    assert told["effective_on"] == "2026-12-24"
    assert (told["notice"], told["recipients"]) == ("2026-11-24-privacy", 3)
    in_words = stage.notifier("explain", revision).out
    assert "30 days" in in_words
    assert "2026-11-24-privacy, finished: 3 recipients" in in_words


def test_a_commit_that_changed_no_policy_is_said_to_be_none(stage: Stage) -> None:
    (stage.root / "notes.txt").write_text("a note")
    stage.git("add", "notes.txt")
    stage.git("commit", "-q", "-m", "A note")

    said = stage.notifier("explain", "HEAD")

    assert said.code == 2
    assert said.err == "HEAD: no revision of a policy landed there; `notifier log` shows those that did\n"

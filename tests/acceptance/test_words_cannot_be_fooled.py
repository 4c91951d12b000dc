"""What is judged is what is read, whose word counts, and whose files are whose: the reviewer's walk goes on.

The installation is the one of `test_record_cannot_be_fooled`; each chapter tries to get something past readers, past
whoever approves, or onto the machine.
"""

from __future__ import annotations

import pytest

from tests.acceptance.test_record_cannot_be_fooled import Attacked, base, stage

__all__ = ["base", "stage"]
SHARING = "We share personal information only with processors that work for us."


def verdict(stage: Attacked) -> str:
    """How what stands in the working tree is judged, or that it is refused."""
    said = stage.notifier("preview", "privacy", "--json")
    return str(said.json[0]["significance"]) if said.code in (0, 1) and said.out.startswith("[") else "refused"


# 3. What is judged is what is read


@pytest.mark.parametrize(
    "hidden",
    [
        f"<!-- {SHARING} -->",
        f"<script>\n{SHARING}",
        f"<style>{SHARING}</style>",
        f'<div title="{SHARING}"></div>',
        f"~~{SHARING}~~",
        f"[{SHARING}]: /x",
        f'[x]: /x "{SHARING}"',
        f'<p hidden="">{SHARING}</p>',
        f"<? {SHARING} ?>",
    ],
)
def test_a_sentence_that_no_reader_sees_any_more_is_gone(stage: Attacked, hidden: str) -> None:
    stage.change("privacy.md", SHARING, hidden)

    assert verdict(stage) in ("significant", "refused")


def test_a_date_in_a_sentence_is_text_and_the_two_dates_are_two(stage: Attacked) -> None:
    stage.change(
        "terms.md", "Last updated: March 3, 2026", "Effective Date: March 3, 2026\n\nLast updated: March 3, 2026"
    )
    stage.change("terms.md", "You may use", "These terms replace those of 1 May 2024. You may use")
    stage.commit("Say since when", "Significance: significant")

    stage.goes_on(10)

    text = stage.text("terms.md")
    assert "replace those of 1 May 2024" in text
    assert "Effective Date: December 20, 2026" in text
    assert "Last updated: November 20, 2026" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n", "LFS"),
        ("# Privacy\n\n<<<<<<< HEAD\nWe keep it.\n=======\nWe sell it.\n>>>>>>> draft\n", "conflict"),
        ("# Privacy\n\nWe keep\0 it.\n", "a zero byte"),
        ("<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>\n", "HTML"),
        ("", "empty"),
    ],
)
def test_a_text_that_is_none_is_refused_by_name_and_posted_by_nobody(stage: Attacked, text: str, said: str) -> None:
    stage.write("privacy.md", text)
    checked = stage.notifier("check")
    stage.commit("Tidy up")

    assert (checked.code, said.lower() in checked.out.lower()) == (1, True), checked
    assert stage.notifier("run").code == 1
    assert stage.mails == 10


# 4. Whose word counts


def test_a_claim_that_a_change_is_minor_delays_it_and_hides_nothing(stage: Attacked) -> None:
    stage.change("privacy.md", "60 days", "600 days")
    claim = ("Significance: minor", "Significance-Reason: wording", "Approved-by: Lena Legal <lena@chat.example>")
    stage.commit("Tidy up", *claim)

    said = stage.notifier("run")

    assert (said.code, "a claim of Erin Editor" in said.out + said.err) == (1, True), said
    assert "claim" in stage.notifier("check", "--from", "HEAD~1", "--format", "github").out
    assert stage.mails == 10


def test_a_word_that_is_misspelt_is_refused_by_name_and_one_in_a_squash_is_heard(stage: Attacked) -> None:
    stage.change("privacy.md", "explains here", "explains below")
    stage.commit("Tidy up\n\n* one commit\n\nSignificance: significant\n\n* another commit")
    stage.goes_on(10)
    stage.change("privacy.md", "explains below", "explains here")
    stage.commit("Back", "Signifcance: minor")

    said = stage.notifier("run")

    assert (said.code, "Signifcance" in said.out + said.err) == (1, True), said


@pytest.mark.parametrize(
    "words",
    [
        "Renew at www.evil.example",
        "Ask help@evil.example",
        "Log in at chat.example.evil.co",
        "{{ secret }}",
        "a\u202eb",
    ],
)
def test_words_that_reach_everybody_lead_nowhere_else(stage: Attacked, words: str) -> None:
    stage.write("terms.md", f'---\nsummary: "{words}"\n---\n' + stage.text("terms.md").replace("16", "18"))
    checked = stage.notifier("check")
    stage.commit("Raise the age", "Significance: significant")

    assert (checked.code, "the summary reaches every customer" in checked.out) == (1, True), checked
    assert stage.notifier("run").code == 1
    assert stage.mails == 10


# 5. Nothing of ours lies where others can write


def test_state_that_git_tracks_is_refused_by_name(stage: Attacked) -> None:
    stage.git("add", "--force", ".notifier/ledger.db")
    stage.git("commit", "-q", "-m", "Here is a better ledger")

    said = stage.notifier("run")

    assert (said.code, ".notifier/ledger.db: git tracks a file where Notifier keeps its own" in said.err) == (2, True)


def test_nothing_that_a_contributor_could_leave_in_git_runs_on_this_machine(stage: Attacked) -> None:
    pwned = stage.root.with_name("pwned")
    for key in ("core.fsmonitor", "core.sshCommand", "core.editor", "diff.external", "core.pager", "gpg.program"):
        stage.git("config", key, f"touch {pwned}; false")
    for hook in ("post-commit", "pre-commit", "reference-transaction", "post-index-change"):
        path = stage.root / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {pwned}\n")
        path.chmod(0o755)
    stage.change("terms.md", "at least 16", "at least 18")
    stage.git(
        "-c",
        "core.fsmonitor=",
        "-c",
        "core.hooksPath=/dev/null",
        "commit",
        "-qam",
        "Raise\n\nSignificance: significant",
    )

    stage.goes_on(10)

    assert not pwned.exists()


def test_what_holds_addresses_is_the_owners_and_pages_are_everybodys(stage: Attacked) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in (stage.root / ".notifier").glob("*")}

    assert (stage.root / ".notifier").stat().st_mode & 0o777 == 0o700
    assert {mode for name, mode in modes.items() if name.startswith(("ledger.db", "high-water", "config"))} == {0o600}
    letter = next((stage.root / ".notifier").glob("outbox/*/*.eml"))
    assert letter.stat().st_mode & 0o077 == 0
    assert (stage.root / "site/privacy/index.html").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("name", ["feed.xml.md", "assets.md", "privacy/changes.md", "privacy/2026-11-10.md"])
def test_a_page_that_would_take_the_place_of_another_is_refused_alone(stage: Attacked, name: str) -> None:
    stage.write(name, "---\nannounce: false\n---\n# All is well\n\nNothing changed.\n")
    stage.raise_the_age()
    checked = stage.notifier("check")

    assert (checked.code, "no policy can have this name" in checked.out) == (1, True), checked
    assert stage.notifier("run").code == 1
    assert stage.mails == 20

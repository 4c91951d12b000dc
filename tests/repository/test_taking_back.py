"""Taking back a commit: git's own ways back work over what Notifier set, once `hook install` told git how to merge."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from notifier.repository.merge_driver import install_driver, remove_driver
from notifier.text.dates.posted_date import set_posted_date
from notifier.text.front_matter import drop_used_up

OLD = """\
# Privacy Policy
Last updated: March 1, 2026

We keep chats for 30 days.

We share nothing.
"""
SAID = '---\nsummary: "We keep chats longer."\n---\n\n'


@dataclass(frozen=True)
class Desk:
    """An editor's checkout."""

    root: Path

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        identity = ("-c", "user.name=Erin", "-c", "user.email=erin@chat.example")
        return subprocess.run(
            ["git", *identity, *arguments], cwd=self.root, check=False, capture_output=True, text=True
        )

    def commit(self, text: str, subject: str, name: str = "privacy.md") -> str:
        path = self.root / "policies" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject)
        return self.git("rev-parse", "HEAD").stdout.strip()

    def text(self, name: str = "privacy.md") -> str:
        return (self.root / "policies" / name).read_text()


def stamped(text: str, day: str = "2026-11-22", language: str = "en") -> str:
    """As a posting leaves it: with its date, and without what was said for one notice."""
    return drop_used_up(set_posted_date(text, date.fromisoformat(day), language=language))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.git("init", "-q", "-b", "main")
    desk.commit(OLD, "Begin")
    install_driver(tmp_path, [sys.executable, "-m", "notifier", "hook", "merge"], "policies", "en", "suffix")
    return desk


def test_an_editors_own_commit_is_reverted_over_its_stamp(desk: Desk) -> None:
    longer = SAID + OLD.replace("30 days", "60 days").replace("# Privacy Policy", "# Our Privacy Policy")
    commit_id = desk.commit(longer, "Keep chats longer")
    desk.commit(stamped(longer), "Post privacy, significant")
    done = desk.git("revert", "--no-edit", commit_id)

    assert done.returncode == 0, done.stdout + done.stderr
    assert desk.text() == stamped(OLD)


def test_without_the_driver_the_same_is_a_conflict(desk: Desk) -> None:
    remove_driver(desk.root)
    longer = SAID + OLD.replace("30 days", "60 days").replace("# Privacy Policy", "# Our Privacy Policy")
    commit_id = desk.commit(longer, "Keep chats longer")
    desk.commit(stamped(longer), "Post privacy, significant")

    assert desk.git("revert", "--no-edit", commit_id).returncode != 0


def test_two_postings_later_it_still_reverts_and_the_later_change_stays(desk: Desk) -> None:
    longer = SAID + OLD.replace("30 days", "60 days")
    commit_id = desk.commit(longer, "Keep chats longer")
    posted = stamped(longer)
    desk.commit(posted, "Post privacy, significant")
    more = posted.replace("We share nothing.", "We share statistics.")
    desk.commit(more, "Share statistics")
    desk.commit(more.replace("November 22", "November 29"), "Post privacy, significant")
    done = desk.git("revert", "--no-edit", commit_id)

    assert done.returncode == 0, done.stdout + done.stderr
    assert desk.text() == stamped(OLD, "2026-11-29").replace("nothing", "statistics")


def test_a_revert_taken_back_brings_the_change_again(desk: Desk) -> None:
    longer = OLD.replace("30 days", "60 days")
    commit_id = desk.commit(longer, "Keep chats longer")
    desk.commit(stamped(longer), "Post privacy, significant")
    desk.git("revert", "--no-edit", commit_id)
    desk.commit(desk.text().replace("November 22", "November 29"), "Post privacy, significant")
    done = desk.git("revert", "--no-edit", "HEAD~1")

    assert done.returncode == 0, done.stdout + done.stderr
    assert desk.text() == stamped(longer, "2026-11-29")


def test_a_branch_that_was_begun_before_a_posting_merges_and_keeps_its_summary(desk: Desk) -> None:
    desk.git("switch", "-q", "-c", "draft")
    draft = SAID + OLD.replace("We share nothing.", "We share statistics.")
    desk.commit(draft, "Share statistics")
    desk.git("switch", "-q", "main")
    desk.commit(stamped(OLD.replace("30 days", "thirty days")), "Post privacy, minor")
    done = desk.git("merge", "-q", "--no-edit", "draft")

    assert done.returncode == 0, done.stdout + done.stderr
    assert desk.text() == draft.replace("March 1", "November 22").replace("30 days", "thirty days")


def test_a_translation_keeps_the_date_in_its_own_words(desk: Desk) -> None:
    german = "# Datenschutz\nStand: 1. März 2026\n\nWir bewahren Chats 30 Tage auf.\n"
    desk.commit(german, "Add German", "privacy.de.md")
    longer = german.replace("30 Tage", "60 Tage").replace("# Datenschutz", "# Unser Datenschutz")
    commit_id = desk.commit(longer, "Länger", "privacy.de.md")
    desk.commit(stamped(longer, language="de"), "Post privacy, significant", "privacy.de.md")
    done = desk.git("revert", "--no-edit", commit_id)

    assert done.returncode == 0, done.stdout + done.stderr
    assert desk.text("privacy.de.md") == german.replace("1. März", "22. November")


def test_what_two_people_wrote_differently_is_still_a_conflict_for_a_person(desk: Desk) -> None:
    commit_id = desk.commit(OLD.replace("30 days", "60 days"), "Longer")
    desk.commit(stamped(OLD.replace("30 days", "90 days")), "Longer still")
    done = desk.git("revert", "--no-edit", commit_id)

    assert done.returncode != 0
    assert "<<<<<<< " in desk.text()
    assert desk.text().count("Last updated: November 22, 2026") == 1


def test_what_it_told_git_can_be_taken_back(desk: Desk) -> None:
    attributes = desk.root / ".git/info/attributes"
    attributes.write_text(f"*.png -diff\n{attributes.read_text()}")
    remove_driver(desk.root)

    assert attributes.read_text() == "*.png -diff\n"
    assert desk.git("config", "merge.notifier.driver").stdout == ""

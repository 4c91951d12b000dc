"""`notifier publish`: the posted pages, on demand."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Editor, Notifier

POLICY = "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep chats for 30 days.\n"


@pytest.fixture
def posted(notifier: Notifier, editor: Editor) -> Editor:
    editor.commit(POLICY, "Write the policy")
    assert notifier("run").code == 0
    return editor


def test_pages_are_written_where_they_are_wanted(notifier: Notifier, posted: Editor) -> None:
    told = notifier("publish", posted.root / "elsewhere", "--json").json

    assert told["folder"] == str(posted.root / "elsewhere")
    assert told["written"] > 0
    assert "30 days" in (posted.root / "elsewhere" / "privacy" / "index.html").read_text(encoding="utf-8")


def test_what_has_not_changed_is_not_written_again(notifier: Notifier, posted: Editor) -> None:
    told = notifier("publish", "--json").json

    assert told["written"] == 0
    assert told["kept"] > 0


def test_what_is_committed_and_not_posted_is_on_no_page(notifier: Notifier, posted: Editor) -> None:
    posted.commit(POLICY.replace("30", "90"), "Keep longer", on="2026-03-02")
    notifier("publish")

    assert "90 days" not in (posted.root / "site" / "privacy" / "index.html").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_named(notifier: Notifier, posted: Editor) -> None:
    (posted.root / "taken").write_text("a file", encoding="utf-8")
    answer = notifier("publish", posted.root / "taken" / "site")

    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert "taken" in answer.err

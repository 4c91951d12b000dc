"""`notifier run`: its last line is true."""

from __future__ import annotations

from tests.cli.conftest import Editor, Notifier


def test_a_policy_that_was_deleted_is_never_called_told(editor: Editor, notifier: Notifier) -> None:
    editor.commit("# Privacy\n\nUpdated March 1, 2026.\n\nWe keep chats for 30 days.\n", "Write")
    editor.commit("# Terms\n\nUpdated March 1, 2026.\n\nBe kind.\n", "Write", name="policies/terms.md")
    notifier("run")
    editor.git("rm", "-q", "policies/terms.md")
    editor.git("commit", "-q", "-m", "Drop the terms")

    answer = notifier("run")

    assert "terms   is gone" in answer.out
    assert "everybody has been told" not in answer.out

"""A draft's branch has every tag of the real one: only what the ledger keeps shows that another one is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Configure, Editor, Notifier

POLICY = "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep chats for 30 days.\n"
ROSTER = "email,language\nana@mail.example,en\n"


@pytest.fixture
def drafted(notifier: Notifier, editor: Editor, configure: Configure) -> Editor:
    """Posted from `main`; a draft that keeps everything longer waits on `draft`, and a second config names that."""
    (editor.root / "roster.csv").write_text(ROSTER)
    notifier("customers", "import", editor.root / "roster.csv")
    configure('[repository]\nbranch = "main"\n')
    editor.commit(POLICY, "Write the policy")
    assert notifier("run").code == 0
    editor.git("checkout", "-q", "-b", "draft")
    editor.commit(POLICY.replace("30", "90"), "Keep them longer, perhaps")
    editor.git("checkout", "-q", "main")
    configure('[repository]\nbranch = "draft"\n')
    return editor


def letters(root: Path) -> int:
    return len(list((root / ".notifier" / "outbox").rglob("*.eml")))


def test_a_config_that_names_another_branch_posts_and_mails_nothing_of_it(
    notifier: Notifier, drafted: Editor, configure: Configure
) -> None:
    for verb in (("run",), ("run", "--dry-run"), ("status",), ("publish",)):
        said = notifier(*verb)
        assert (said.code, "from the branch main, and here draft would be posted" in said.out) == (1, True), verb
    assert letters(drafted.root) == 0
    assert "Notifier" not in drafted.git("log", "-1", "--format=%an", "draft")

    configure('[repository]\nbranch = "main"\n')
    assert notifier("run").code == 0
    assert notifier("status").code == 0


def test_who_means_the_other_branch_says_so_by_recover(
    notifier: Notifier, drafted: Editor, configure: Configure
) -> None:
    said = notifier("recover")

    assert said.code == 0
    assert said.out.startswith("runs publish draft from now on, and main no more\n")
    assert notifier("run").code == 0
    assert letters(drafted.root) == 1
    configure('[repository]\nbranch = "main"\n')
    assert "from the branch draft, and here main would be posted" in notifier("status").out


def test_a_branch_of_which_more_differs_is_taken_by_no_recover(notifier: Notifier, drafted: Editor) -> None:
    drafted.git("tag", "--delete", "posted/privacy/2026-03-01")

    said = notifier("recover")

    assert said.code == 1
    assert "here draft would be posted" in said.out
    assert "from now on, and main no more" not in said.out


def test_a_branch_named_wrongly_before_anything_was_posted_is_mended_in_the_config_alone(
    notifier: Notifier, editor: Editor, configure: Configure
) -> None:
    editor.git("branch", "-q", "draft")
    configure('[repository]\nbranch = "draft"\n')
    notifier("run")
    editor.commit(POLICY, "Write the policy")
    configure('[repository]\nbranch = "main"\n')

    assert notifier("run").code == 0

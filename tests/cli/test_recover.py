"""Where git and the ledger tell different stories every verb says so, no page changes, and `recover` is the way on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Editor, Notifier

POLICY = "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep chats for 30 days.\n"
ROSTER = "email,language\nana@mail.example,en\n"


@pytest.fixture
def posted(notifier: Notifier, editor: Editor) -> Editor:
    """Adopted, then posted as significant; the one customer was told."""
    (editor.root / "roster.csv").write_text(ROSTER)
    notifier("customers", "import", editor.root / "roster.csv")
    editor.commit(POLICY, "Write the policy")
    assert notifier("run").code == 0
    editor.commit(POLICY.replace("30", "60"), "Keep longer")
    assert notifier("run").code == 0
    return editor


def newest(editor: Editor) -> str:
    return next(tag for tag in editor.git("tag", "--list", "posted/*").split() if "2026-03-01" not in tag)


def told(editor: Editor, tag: str) -> str:
    return editor.git("tag", "--list", "--format=%(contents)", tag)


def pages(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted((root / "site").rglob("*")) if path.is_file()}


def moved(editor: Editor, tag: str) -> None:
    editor.git("tag", "--annotate", "--force", "-m", told(editor, tag), tag, "HEAD~1")


def lightweight(editor: Editor, tag: str) -> None:
    editor.git("tag", "--force", tag, f"{tag}^{{commit}}")


def deleted(editor: Editor, tag: str) -> None:
    editor.git("tag", "--delete", tag)


def retold(editor: Editor, tag: str) -> None:
    other = told(editor, tag).replace("Notifier-Effective: 20", "Notifier-Effective: 21")
    editor.git("tag", "--annotate", "--force", "-m", other, tag, f"{tag}^{{commit}}")


@pytest.mark.parametrize("harm", [moved, lightweight, deleted, retold])
def test_a_harmed_tag_is_told_by_every_verb_changes_no_page_and_is_put_back(
    notifier: Notifier, posted: Editor, harm: object
) -> None:
    tag, before = newest(posted), pages(posted.root)
    stamp = posted.git("rev-parse", f"{tag}^{{commit}}")
    assert callable(harm)
    harm(posted, tag)

    for verb in (("run",), ("status",), ("publish",), ("run", "--dry-run")):
        said = notifier(*verb)
        assert (said.code, tag in said.out) == (1, True), verb
        assert "notifier recover" in said.out
    looked = notifier("doctor")
    assert looked.code == 1
    assert "git and the ledger differ" in looked.out
    assert pages(posted.root) == before

    assert notifier("recover").code == 0
    assert posted.git("rev-parse", f"{tag}^{{commit}}") == stamp
    assert notifier("run").code == 0
    assert pages(posted.root) == before


def test_a_forged_tag_is_told_with_what_gives_it_away_and_is_never_believed(notifier: Notifier, posted: Editor) -> None:
    forged = "posted/privacy/2031-01-01"
    tag = newest(posted)
    said = told(posted, tag).replace(tag, forged)
    posted.git("checkout", "--quiet", "-b", "draft")
    posted.commit(POLICY.replace("30", "90"), "Slip it in")
    posted.git("tag", "--annotate", "-m", said, forged, "HEAD")
    posted.git("checkout", "--quiet", "main")
    posted.git("branch", "--quiet", "-D", "draft")

    assert notifier("recover").code == 1
    shown = notifier("status")

    assert shown.code == 1
    assert f"git tag -d {forged}" in shown.out
    assert "2031" not in shown.out.split("alarm")[0]
    posted.git("tag", "--delete", forged)
    assert notifier("run").code == 0


def test_history_that_was_rewritten_is_an_alarm_and_not_a_dead_end(notifier: Notifier, posted: Editor) -> None:
    tag = newest(posted)
    posted.git("commit", "--quiet", "--amend", "-m", "Something else")

    shown = notifier("status")
    assert shown.code == 1
    assert f"git merge -s ours {posted.git('rev-parse', tag + '^{commit}')[:12]}" in shown.out
    assert notifier("run", "--json").json["posted"] == []

    posted.git("merge", "--quiet", "-s", "ours", "--no-edit", tag)
    assert notifier("run").code == 0


def test_policies_that_moved_are_an_alarm_and_status_still_answers(notifier: Notifier, posted: Editor) -> None:
    posted.git("mv", "policies", "legal")
    posted.git("commit", "--quiet", "-m", "Move")

    for verb in ("run", "status"):
        said = notifier(verb)
        assert said.code == 1
        assert "policies: is not on main" in said.out
        assert "deleted" not in said.out

"""Both records set back to the same earlier day agree; others show it, and nobody is told twice without a word."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import Editor, Notifier
from tests.cli.test_recover import _copy as copy_ledger
from tests.cli.test_recover import keep_longer, ledger_of, lose, mails, newest, posted  # noqa: F401  # a fixture


@pytest.fixture
def set_back(notifier: Notifier, posted: Editor, tmp_path: Path) -> Editor:  # noqa: F811
    """A second change was posted and told; then git and the ledger came back as they were before it."""
    copy, head = tmp_path / "copy.db", posted.git("rev-parse", "HEAD")
    copy_ledger(notifier, copy, posted)
    before = set(posted.git("tag", "--list").split())
    keep_longer(posted)
    assert notifier("run").code == 0
    assert mails(posted) == 2
    posted.git("reset", "--quiet", "--hard", head)
    posted.git("tag", "--delete", *sorted(set(posted.git("tag", "--list").split()) - before))
    lose(posted, copy)
    return posted


def _made_by_no_text(editor: Editor) -> list[Path]:
    site = editor.root / "site"
    _, names = json.loads((site / ".manifest.json").read_text())["units"]["orphaned pages"]
    return [site / name for name in names]


def test_records_set_back_together_are_noticed_and_the_next_notice_waits(notifier: Notifier, set_back: Editor) -> None:
    keep_longer(set_back)

    for verb in ("run", "status", "doctor", "publish"):
        said = notifier(verb)
        assert (said.code, "the ledger is an older copy" in said.out) == (1, True), verb
    assert (notifier("recover").code, mails(set_back)) == (1, 2)

    assert notifier("recover", "--no-newer-copy").code == 0
    said = notifier("run")
    assert (said.code, mails(set_back)) == (1, 2)
    assert "customers may have been told of privacy before" in said.out
    waiting = notifier("notice", "list", "--json").json[-1]["id"]
    assert notifier("notice", "approve", waiting, "--because", "nobody has it in their mailbox").code == 0
    assert notifier("run").code == 0
    assert mails(set_back) == 3


def test_a_notice_that_waited_in_the_copy_says_to_whoever_approves_it_that_it_may_have_gone_out(
    notifier: Notifier,
    posted: Editor,  # noqa: F811
    tmp_path: Path,
) -> None:
    config = posted.root / "config.toml"
    config.write_text(f'{config.read_text()}\n[notice]\napproval = "manual"\n')
    keep_longer(posted)
    assert notifier("run").code == 1
    waiting, before = notifier("notice", "list", "--json").json[-1]["id"], posted.git("tag", "--list").split()
    copy_ledger(notifier, tmp_path / "copy.db", posted)
    assert notifier("notice", "approve", waiting).code == 0
    assert (notifier("run").code, mails(posted)) == (0, 2)
    posted.git("tag", "--delete", *sorted({*posted.git("tag", "--list").split()} - {*before}))
    lose(posted, tmp_path / "copy.db")

    assert notifier("recover", "--no-newer-copy").code == 0

    said = notifier("notice", "approve", waiting)
    assert (said.code, "customers may have been told of privacy before" in said.err) == (2, True)
    assert (notifier("run").code, mails(posted)) == (1, 2)
    assert notifier("notice", "approve", waiting, "--because", "nobody has it in their mailbox").code == 0
    assert (notifier("run").code, mails(posted)) == (0, 3)


def test_where_the_mark_was_set_back_too_the_pages_show_it(notifier: Notifier, set_back: Editor) -> None:
    (set_back.root / ".notifier" / "high-water.json").unlink()
    assert notifier("recover", "--no-newer-copy").code == 0  # of the ledger alone, say
    assert notifier("status").code == 0
    shown = set_back.root / "site" / ".manifest.json"
    shown.touch()

    said = notifier("run")

    assert said.code == 1
    assert "neither git nor the ledger knows that it was posted" in said.out
    assert notifier("recover", "--no-newer-copy").code == 0
    assert "was given out, and no text makes it any more" in notifier("run").out
    for page in _made_by_no_text(set_back):
        page.unlink()
    assert notifier("run").code == 0


def test_a_ledger_that_was_copied_without_its_log_is_asked_about(
    notifier: Notifier,
    posted: Editor,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = tmp_path_factory.mktemp("new") / "machine"
    subprocess.run(["git", "clone", "--quiet", "--branch", "main", posted.root, there], check=True)
    shutil.copyfile(posted.root / "config.toml", there / "config.toml")
    (there / ".notifier").mkdir()
    shutil.copyfile(ledger_of(posted), there / ".notifier" / "ledger.db")
    monkeypatch.chdir(there)
    moved = Editor(there)
    keep_longer(moved)

    said = notifier("run")

    assert said.code == 1
    assert "a copy without ledger.db-wal lacks what stood there" in said.out
    assert newest(moved) == newest(posted)
    assert notifier("recover", "--no-newer-copy").code == 0
    assert "were set back" in notifier("run").out


def test_a_whole_installation_that_is_moved_asks_nothing(
    notifier: Notifier,
    posted: Editor,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = tmp_path_factory.mktemp("new") / "machine"
    shutil.copytree(posted.root, there)
    monkeypatch.chdir(there)
    keep_longer(Editor(there))

    assert notifier("run").code == 0
    assert mails(Editor(there)) == 2

"""What the shell offers at a press of Tab, and that a press of Tab changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from tests.cli.conftest import Editor
from tests.scenes import NOTICE, announced, people

from notifier.cli import notifier as program
from notifier.ledger import Ledger
from notifier.notice.delivery import Customer


def offered(*words: str, beginning: str = "") -> list[str]:
    found = ShellComplete(program, {}, "notifier", "_NOTIFIER_COMPLETE").get_completions(list(words), beginning)
    return [one.value for one in found]


@pytest.fixture
def installation(editor: Editor) -> Path:
    editor.commit("# Privacy\n", "Write")
    editor.commit("# Datenschutz\n", "Write", name="policies/privacy.de.md")
    editor.commit("# DPA\n", "Write", name="policies/legal/dpa.md")
    with Ledger.open(f"sqlite:///{editor.root}/.notifier/ledger.db") as ledger:
        announced(ledger, [*people(3), Customer("a-00112233445566778899", "someone@mail.example")])
    return editor.root


@pytest.mark.usefixtures("installation")
def test_policies_notices_and_customers_own_ids_are_offered() -> None:
    assert offered("log") == ["legal/dpa", "privacy"]
    assert offered("preview", beginning="pri") == ["privacy"]
    assert offered("at", beginning="legal") == ["legal/dpa"]
    assert offered("notice", "show") == [NOTICE]
    assert offered("notice", "cancel", beginning="2025") == []
    assert offered("customers", "show", beginning="c") == ["c0", "c1", "c2"]
    assert offered("customers", "forget") == ["c0", "c1", "c2"]


def test_tab_makes_no_ledger_and_complains_of_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert offered("notice", "show") == []
    assert not (root / ".notifier").exists()
    (root / "config.toml").write_text("[mail")
    assert offered("customers", "show") == []
    assert offered("log") == []

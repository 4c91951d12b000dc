"""What a run costs where starting a process is dear: git is asked a few times, however many policies there are; and
what it asks the ledger where there is nothing to do."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from tests.cli.conftest import Editor, Notifier

TEXT = "# {0}\n\nUpdated March 1, 2026.\n\nWe keep {0} for 30 days.\n"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many git processes were started since the last time this was asked."""
    commands: list[str] = []
    start = subprocess.Popen.__init__

    def counted(self: Any, command: Any, *rest: Any, **named: Any) -> None:
        commands.append(command[0])
        start(self, command, *rest, **named)

    def since() -> int:
        count = commands.count("git")
        commands.clear()
        return count

    monkeypatch.setattr(subprocess.Popen, "__init__", counted)
    return since


def test_a_run_starts_as_many_git_processes_for_ten_policies_as_for_one(
    editor: Editor, notifier: Notifier, started: Callable[[], int]
) -> None:
    editor.commit(TEXT.format("privacy"), "Write")
    assert notifier("run").code == 0
    started()
    assert notifier("run").code == 0
    for_one = started()
    for number in range(9):
        editor.commit(f"---\nannounce: false\n---\n\n{TEXT.format(number)}", "Add", name=f"policies/p{number}.md")
    assert notifier("run").code == 0
    started()

    assert notifier("run").code == 0

    assert started() == for_one <= 16  # two ask what git has seen of the journal, one which filters are to be off


def test_a_posting_costs_as_many_again_as_a_run_with_nothing_to_do(
    adopted: Editor, notifier: Notifier, started: Callable[[], int]
) -> None:
    adopted.commit(TEXT.format("chats").replace("30", "60"), "Longer\n\nSignificance: significant")
    started()

    assert "posted" in notifier("run").out

    assert started() <= 31


def test_a_run_with_nothing_to_do_asks_the_ledger_little(adopted: Editor, notifier: Notifier) -> None:
    asked: list[str] = []

    def count(*said: Any) -> None:
        asked.append(said[2])

    assert notifier("run").code == 0
    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    try:
        assert notifier("run").code == 0
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", count)

    assert len(asked) <= 120

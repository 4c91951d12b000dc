"""Git as a fresh machine has it: no settings of whoever runs the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.sandbox import Sandbox, sandbox


@pytest.fixture(autouse=True)
def _no_git_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    """A checkout with one policy in one commit."""
    made = sandbox(tmp_path / "work")
    made.commit("Add the policy", {"policies/privacy.md": "# Privacy\n\nUpdated May 1, 2014.\n\nWe keep chats.\n"})
    return made

"""`notifier init`: a whole installation from nothing, and nothing lost of what is there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import Notifier

from notifier.config import load


@pytest.fixture(autouse=True)
def no_identity(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Git knows nobody, as on a fresh machine."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def test_an_installation_is_made_from_nothing(notifier: Notifier, tmp_path: Path) -> None:
    answer = notifier("init", tmp_path / "legal")
    root = tmp_path / "legal"

    assert answer.code == 0
    assert "made   config.toml, policies, templates, .gitignore" in answer.out
    assert "notifier run" in answer.out
    config = load(root / "config.toml", {})
    assert config.policies_dir.is_dir()
    assert config.repository.branch == git(root, "symbolic-ref", "--short", "HEAD")
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "log", "--format=%an <%ae>") == "Notifier <notifier@localhost>"
    assert {"config.toml", "policies/privacy.md"} <= set(git(root, "ls-files").splitlines())


def test_the_ledger_and_the_outbox_never_go_into_git(notifier: Notifier, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.bak\n", encoding="utf-8")
    notifier("init", tmp_path)
    (tmp_path / ".notifier" / "ledger.db").write_bytes(b"")

    assert git(tmp_path, "status", "--porcelain") == ""
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "*.bak\n"


def test_what_is_there_stays_as_it_is(notifier: Notifier, tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "ours.md").write_text("# Ours\n", encoding="utf-8")
    (tmp_path / "config.toml").write_text('[mail]\nfrom = "a@mail.example"\n', encoding="utf-8")
    answer = notifier("init", tmp_path, "--json")

    assert answer.json["kept"] == ["config.toml", "policies"]
    assert [path.name for path in (tmp_path / "policies").iterdir()] == ["ours.md"]
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") == '[mail]\nfrom = "a@mail.example"\n'


def test_init_twice_changes_nothing(notifier: Notifier, tmp_path: Path) -> None:
    first = notifier("init", tmp_path, "--json").json["commit"]
    second = notifier("init", tmp_path, "--json").json

    assert (second["made"], second["commit"]) == ([], None)
    assert git(tmp_path, "rev-parse", "HEAD") == first


def test_inside_a_repository_with_commits_the_commit_is_left_to_its_people(notifier: Notifier, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "live")
    git(tmp_path, "-c", "user.name=Ana", "-c", "user.email=ana@chat.example", "commit", "--allow-empty", "-qm", "Begin")
    answer = notifier("init", tmp_path / "legal")

    assert "commit what is new" in answer.out
    assert git(tmp_path, "log", "--format=%s") == "Begin"
    assert not (tmp_path / "legal" / ".git").exists()


def test_the_first_commit_bears_the_name_that_git_knows(
    notifier: Notifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gitconfig").write_text("[user]\nname = Ana\nemail = ana@chat.example\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    notifier("init", tmp_path / "legal")

    assert git(tmp_path / "legal", "log", "--format=%an") == "Ana"


def test_a_file_in_the_way_is_named(notifier: Notifier, tmp_path: Path) -> None:
    (tmp_path / "legal").write_text("", encoding="utf-8")
    answer = notifier("init", tmp_path / "legal")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"{tmp_path}/legal")

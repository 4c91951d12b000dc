"""On a real terminal: colours, their absence, and progress bars; on none, nothing of it."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import LEAST_CONFIG
from tests.processes import started

BEFORE = "# Privacy Policy\n\nWe keep chats for 30 days after they end.\n"


def on_a_terminal(*arguments: str, cwd: Path, **environ: str) -> str:
    """What a person sees: standard output and standard error on one terminal of 100 columns."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment |= {"TERM": "xterm-256color", "COLUMNS": "100", **environ}
    process = started(*arguments, cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    seen = b""
    while chunk := _read(ours):
        seen += chunk
    os.close(ours)
    process.wait()
    return seen.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how a terminal says that nobody writes to it any more
        return b""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(LEAST_CONFIG, encoding="utf-8")
    (tmp_path / "old.md").write_text(BEFORE, encoding="utf-8")
    (tmp_path / "new.md").write_text(BEFORE.replace("30", "90"), encoding="utf-8")
    rows = "".join(f"reader{number}@mail.example\n" for number in range(3000))
    (tmp_path / "roster.csv").write_text("email\n" + rows, encoding="utf-8")
    return tmp_path


def test_a_redline_is_coloured_and_its_marks_stay(folder: Path) -> None:
    seen = on_a_terminal("diff", "old.md", "new.md", cwd=folder)

    assert "\x1b[" in seen
    assert "[-30-]" in seen
    assert "[+90+]" in seen


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_whoever_wants_no_colour_gets_none(folder: Path, environ: dict[str, str]) -> None:
    assert "\x1b[" not in on_a_terminal("diff", "old.md", "new.md", cwd=folder, **environ)


def test_long_work_shows_a_bar_and_leaves_none_behind(folder: Path) -> None:
    seen = on_a_terminal("customers", "import", "roster.csv", cwd=folder)

    assert "importing" in seen
    assert "3001" in seen
    assert seen.rstrip().endswith("roster.csv: 3,000 new, 0 changed, 0 as before, 0 bad rows")


def test_without_a_terminal_there_is_no_bar(folder: Path) -> None:
    process = started("customers", "import", "roster.csv", cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    told, said = process.communicate()

    assert (process.returncode, said) == (0, "")
    assert told.startswith("roster.csv: 3,000 new")

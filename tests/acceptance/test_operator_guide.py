"""`docs/operator.md` is true: its commands are run in order on a new machine; every other one it names can be said."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from notifier.cli import exit_code, notifier
from tests.acceptance.stage import PRIVACY, ROSTER
from tests.acceptance.test_editor_guide import SUPPOSED

GUIDE = (Path(__file__).parents[2] / "docs/operator.md").read_text()
BLOCK = re.compile(r"^ *```(?P<kind>sh|diff)\n(?P<body>.*?)^ *```", re.M | re.S)
INLINE = re.compile(r"`(notifier [a-z][^`]*)`")
OF_THE_SYSTEM = ("python3", "/opt/notifier/bin/pip", "ln", "systemctl", "journalctl")
"""Tried where a machine allows it: `tests/test_wheel.py`, `tests/test_deploy.py`."""

ON_A_SERVER = "sudo -u postgres "
"""How a block begins that wants a database server: `tests/deploy/test_first_worker.py` follows it."""


def newest_notice(capfd: pytest.CaptureFixture[str]) -> str:
    capfd.readouterr()
    exit_code(["notice", "list", "--json"])
    return str(json.loads(capfd.readouterr().out)[-1]["id"])


def test_every_command_of_the_guide_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("NAME", "Olga Operator"), ("EMAIL", "olga@chat.example")):
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "privacy.md").write_text(PRIVACY.replace("30 days after they end.", "30 days."))
    (tmp_path / "customers.csv").write_text(ROSTER)
    said = []
    for block in BLOCK.finditer(GUIDE):
        lines = [line.strip() for line in block["body"].splitlines()]
        if lines[0].startswith(ON_A_SERVER):
            continue
        if block["kind"] == "diff":
            change(lines)
            continue
        for line in lines:
            follow(line, monkeypatch, capfd)
            said.append(f"$ {line}\n{capfd.readouterr().out}")
    told = " ".join("\n".join(said).split())

    assert "adopted as of 2026-03-03" in told
    assert "would be posted" in told
    assert "Ana" in told
    assert "waits for approval" in told
    assert "3 recipients accepted 3" in told.replace("·", " ").replace(",", " ")
    letters = [path.read_text() for path in Path(".notifier/outbox").rglob("*.eml")]
    assert sum("<you@example.com>" not in letter for letter in letters) == 3


def follow(line: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Do what one line says; it ends as the guide says it does."""
    line = line.replace("/srv/notifier", "~/srv").replace("~/", f"{os.environ['HOME']}/")
    words = shlex.split(line, comments=True)
    if words[0] in OF_THE_SYSTEM:
        return
    if words[0] == "cd":
        monkeypatch.chdir(words[1])
        return
    supposed = SUPPOSED.search(line)
    words = [newest_notice(capfd) if word == "ID" else word for word in words]
    shell = ["sh", "-c", line]
    code = exit_code(words[1:]) if words[0] == "notifier" else subprocess.run(shell, check=False).returncode
    assert code == int(supposed[1] if supposed else 0), line


def change(lines: list[str]) -> None:
    """Make the change in the policy, or the config, whose words it takes away."""
    gone, come = ("\n".join(line[2:] for line in lines if line[:1] == sign) for sign in "-+")
    [path] = [path for path in (Path("policies/privacy.md"), Path("config.toml")) if gone in path.read_text()]
    path.write_text(path.read_text().replace(gone, come, 1))


def named_commands() -> Iterator[str]:
    for found in INLINE.finditer(GUIDE):
        yield " ".join(found[1].replace("…", "x").split())


def test_every_command_that_it_names_is_one() -> None:
    lines = sorted(set(named_commands()))
    for line in lines:
        words = shlex.split(line)[1:]
        command: click.Command = notifier
        while words and isinstance(command, click.Group):
            found = command.get_command(click.Context(command), words[0])
            assert found is not None, line
            command, words = found, words[1:]
        options = {name for one in command.params for name in one.opts}
        assert {word for word in words if word.startswith("--")} <= options, line
    assert len(lines) > 25

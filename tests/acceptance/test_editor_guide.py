"""`docs/editor.md` is true: its commands are run in order, its changes made, in an installation of samples."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from notifier.cli import exit_code

GUIDE = (Path(__file__).parents[2] / "docs/editor.md").read_text()
STEP = re.compile(r"^```(?P<kind>sh|diff)\n(?P<body>.*?)^```", re.M | re.S)
POLICIES = ("policies/privacy.md", "policies/terms.md")
SUPPOSED = re.compile(r"#\s*exit code (\d)")


@dataclass(frozen=True)
class Step:
    """A block of the guide: commands, or a change of a policy."""

    kind: str
    lines: tuple[str, ...]


def steps() -> Iterator[Step]:
    for found in STEP.finditer(GUIDE):
        yield Step(found["kind"], tuple(found["body"].splitlines()))


@pytest.mark.processes
def test_every_command_of_the_guide_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("NAME", "Erin Editor"), ("EMAIL", "erin@chat.example")):
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    monkeypatch.chdir(tmp_path)
    said = []
    for step in steps():
        if step.kind == "diff":
            change(step.lines)
            continue
        for line in step.lines:
            follow(line, monkeypatch)
            said.append(f"$ {line}\n{capfd.readouterr().out}")
    told = "\n".join(said)

    assert "posted without a notice" in told
    assert "customers will be told: 2" in told
    assert "Ana" in told
    assert "waits for an editor's word" in told
    in_a_line = " ".join(told.split())
    assert re.search(r"posted without a notice; minor by [^:]+: to mend is to put right", in_a_line)
    assert "changed by hand" not in told


def follow(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what one line says; it ends as the guide says it does."""
    words = shlex.split(line, comments=True)
    if words[0] == "cd":
        monkeypatch.chdir(Path.cwd() / words[1])
        return
    if words[:2] == ["notifier", "import"]:
        document(Path(words[2]))
    supposed = SUPPOSED.search(line)
    if words[0] == "notifier":
        code = exit_code(words[1:])
    else:
        code = subprocess.run(["sh", "-c", line], check=False, env=os.environ).returncode
    assert code == int(supposed[1] if supposed else 0), line


def document(path: Path) -> None:
    """A Word file, as the guide's reader has one."""
    pypandoc = pytest.importorskip("pypandoc", reason="the extra policy-notifier[import] is not installed")
    command = [pypandoc.get_pandoc_path(), "--from", "markdown", "-o", str(path)]
    subprocess.run(command, input=b"# Imprint\n\nHarbour Chat, 1 Sample Street.\n", check=True, capture_output=True)


def change(lines: tuple[str, ...]) -> None:
    """Make the change in the policy whose words it takes away; what only adds stands at the top of the first one."""
    gone, come = ("\n".join(line[2:] for line in lines if line[:1] == sign) for sign in "-+")
    if not gone:
        path = Path(POLICIES[0])
        path.write_text(f"{come}\n{path.read_text()}")
        return
    [path] = [Path(name) for name in POLICIES if gone in Path(name).read_text()]
    path.write_text(path.read_text().replace(gone, come, 1))

"""The guide's way to a first worker, line by line, on a database server that knows nothing of Notifier yet."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.stage import CONFIG
from tests.deploy.said_of_the_program import ROOT

GUIDE = (ROOT / "docs/operator.md").read_text(encoding="utf-8")
LINES = re.search(r"```sh\n(sudo -u postgres createuser.*?)```", GUIDE, re.DOTALL)
BY_HAND = {"sudo -u postgres ": "", " --pwprompt": ""}
"""Whoever is asked for a password at a terminal is not a test."""
needs_tools = pytest.mark.skipif(shutil.which("createdb") is None, reason="NOT RUN: no createuser and createdb")


@needs_tools
@pytest.mark.processes
def test_the_guide_leads_from_a_bare_server_to_a_worker_that_waits_for_work(tmp_path: Path, postgres_url: str) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    socket = postgres_url.partition("?host=")[2]
    env = {**os.environ, "PGHOST": socket, "PGUSER": "postgres", "PYTHONPATH": str(ROOT / "src")}
    assert LINES is not None
    try:
        for line in LINES[1].splitlines():
            words = line.partition("#")[0].strip()
            if words.startswith("export "):
                name, _, value = words.removeprefix("export ").partition("=")
                env[name] = value.replace(":PASSWORD@database/", "@/") + f"?host={socket}"
            elif words == "notifier worker":
                wait_for_a_worker(tmp_path, env)
            else:
                for said, done in BY_HAND.items():
                    words = words.replace(said, done)
                command = words.replace("notifier ", f"{sys.executable} -m notifier ", words.startswith("notifier "))
                finished = subprocess.run(command.split(), cwd=tmp_path, env=env, capture_output=True, text=True)
                known = (
                    1 if words == "notifier doctor" else 0
                )  # a worker's machine has no repository, and doctor says so
                assert finished.returncode == known, (words, finished.stdout, finished.stderr)
    finally:
        for command in (["dropdb", "--force", "notifier"], ["dropuser", "notifier"]):
            subprocess.run([*command, "--if-exists"], env=env, check=True)


def wait_for_a_worker(folder: Path, env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "notifier", "worker"]
    with subprocess.Popen(command, cwd=folder, env=env, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stderr is not None
        assert "sending what has begun" in worker.stderr.readline()
        worker.terminate()
        assert worker.wait(20) == 0

"""`docs/proof.md` is true: its commands are run in order, where Ana was told on the day that it names."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.acceptance.stage import Stage

GUIDE = (Path(__file__).parents[2] / "docs/proof.md").read_text()
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)


def test_every_command_of_the_guide_does_what_it_says(stage: Stage) -> None:
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners that measure our campaigns.")
    stage.commit("Measure our campaigns", "Significance: significant")
    stage.run_as_of("2026-11-24T09:00:00+00:00")
    lines = [line for block in BLOCK.findall(GUIDE) for line in block.splitlines()]

    for line in lines:
        words = line.partition("#")[0].split()
        if words[0] == "notifier":
            assert stage.notifier(*words[1:]).code == 0, line
        else:
            subprocess.run(["sh", "-c", line], cwd=stage.root, check=True, capture_output=True)
    assert len(lines) >= 9
    steps = [step["step"] for step in stage.notifier("verify", "ana", "--json").json["steps"]]
    assert [step for step in steps if f"| {step} |" not in GUIDE] == []

"""`docs/proof.md` is true: its commands are run in order, where Ana was told on the day that it names."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tests.acceptance.stage import Stage
from tests.standins.time_stamps import time_stamp_authority

GUIDE = (Path(__file__).parents[2] / "docs/proof.md").read_text()
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)
HEAD, STAMP = "1f21cacc…", "anchors/36.tsr"
"""What the guide writes for the stamp of its own example."""


def test_every_command_of_the_guide_does_what_it_says(stage: Stage, tmp_path: Path) -> None:
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners that measure our campaigns.")
    stage.commit("Measure our campaigns", "Significance: significant")
    stage.run_as_of("2026-11-24T09:00:00+00:00")
    (tmp_path / "authority").mkdir()
    with time_stamp_authority(tmp_path / "authority") as authority, (stage.root / "config.toml").open("a") as config:
        (stage.root / "tsa-root.pem").write_bytes(authority.root.read_bytes())
        config.write(f'\n[proof]\nanchor = "{authority.url}"\nanchor_ca = "tsa-root.pem"\n')
        config.flush()
        assert stage.notifier("anchor").code == 0
    lines = [line for block in BLOCK.findall(GUIDE) for line in block.splitlines()]

    for line in lines:
        words = line.partition("#")[0].split()
        if words[0] == "notifier":
            assert stage.notifier(*words[1:]).code == 0, line
        else:
            subprocess.run(["sh", "-c", as_here(line, stage)], cwd=stage.root, check=True, capture_output=True)
    assert len(lines) >= 9
    assert any(HEAD in line for line in lines)
    assert any(STAMP in line for line in lines)
    steps = [step["step"] for step in stage.notifier("verify", "ana", "--json").json["steps"]]
    assert [step for step in steps if f"| {step} |" not in GUIDE] == []


def as_here(line: str, stage: Stage) -> str:
    """With the hash and the file of this folder's own stamp."""
    if HEAD not in line and STAMP not in line:
        return line
    (one,) = json.loads((stage.root / "ana/facts.json").read_text())["anchors"]
    return line.replace(HEAD, one["hash"]).replace(STAMP, one["file"])

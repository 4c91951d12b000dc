"""Storage that fails under a run: nothing is half done, and the next run on a sound machine tells everybody once."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.acceptance.stage import Stage
from tests.called import Said

DAY = "2026-11-24T09:00:00+00:00"
ON_READ_ONLY = "mount --bind {0} {0} && mount -o remount,ro,bind {0} && exec {1} -m notifier run"
WITH_FEW_FILES = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_NOFILE, ({0}, {0})); "
RUN = "sys.argv = ['notifier', 'run']; runpy.run_module('notifier', run_name='__main__')"


def land(stage: Stage) -> None:
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners.")
    stage.commit("Measure our campaigns", "Significance: significant")


def can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


def done(stage: Stage, command: list[str]) -> Said:
    told = subprocess.run(command, cwd=stage.root, capture_output=True, text=True, check=False)
    return Said(told.returncode, told.stdout, told.stderr)


@pytest.mark.skipif(not can_mount(), reason="no mount namespaces here: a read-only ledger is NOT TESTED")
def test_a_ledger_on_a_read_only_disk_is_refused_and_nothing_is_sent(stage: Stage) -> None:
    land(stage)
    head = stage.git("rev-parse", "HEAD")
    state = stage.root / ".notifier"

    said = done(stage, ["unshare", "-m", "sh", "-c", ON_READ_ONLY.format(state, sys.executable)])

    assert said.code == 2, said.err
    assert len(said.err.splitlines()) == 1
    assert ".notifier" in said.err
    assert (stage.git("rev-parse", "HEAD"), stage.messages()) == (head, [])
    assert stage.run_as_of(DAY).code == 0
    assert set(stage.told().values()) == {1}


@pytest.mark.parametrize("files", [8, 14, 20, 26])
def test_a_run_that_is_out_of_file_descriptors_loses_nobody(stage: Stage, files: int) -> None:
    land(stage)

    said = done(stage, [sys.executable, "-c", WITH_FEW_FILES.format(files) + RUN])
    assert said.code in (0, 1, 2), said.err

    assert stage.run_as_of(DAY).code == 0
    assert set(stage.told().values()) == {1}
    assert len(stage.told()) == 3
    assert stage.notifier("run").code == 0
    assert stage.notifier("status", "--json").json["alarms"] == []

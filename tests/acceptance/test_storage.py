"""Storage that fails under a run: nothing is half done, and the next run on a sound machine tells everybody once."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from functools import partial

import pytest

from tests.acceptance.stage import Stage
from tests.called import Said
from tests.processes import started

ON_READ_ONLY = "mount --bind {0} {0} && mount -o remount,ro,bind {0} && exec {1} -m notifier {2}"


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

    said = done(stage, ["unshare", "-m", "sh", "-c", ON_READ_ONLY.format(state, sys.executable, "run")])

    assert said.code == 2, said.err
    assert len(said.err.splitlines()) == 1
    assert ".notifier" in said.err
    assert (stage.git("rev-parse", "HEAD"), stage.messages()) == (head, [])
    assert stage.notifier("run").code == 0
    assert set(stage.told().values()) == {1}


@pytest.mark.skipif(not can_mount(), reason="no mount namespaces here: a read-only .git is NOT TESTED")
def test_the_doctor_says_where_git_cannot_be_written(stage: Stage) -> None:
    git = stage.root / ".git"
    said = done(stage, ["unshare", "-m", "sh", "-c", ON_READ_ONLY.format(git, sys.executable, "doctor")])

    assert (said.code, f"{git}: read-only file system: nothing can be posted" in said.out) == (1, True), said.out


@pytest.mark.parametrize("files", [8, 14, 20, 26])
def test_a_run_that_is_out_of_file_descriptors_loses_nobody(stage: Stage, files: int) -> None:
    land(stage)

    few = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (files, files))
    with started("run", cwd=stage.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, first=few) as run:
        said = run.communicate()[1]
    assert run.returncode in (0, 1, 2), said

    assert stage.notifier("run").code == 0
    assert set(stage.told().values()) == {1}
    assert len(stage.told()) == 3
    assert stage.notifier("run").code == 0
    assert stage.notifier("status", "--json").json["alarms"] == []

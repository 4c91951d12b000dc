"""A disk that is full says so while somebody can still read it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from notifier.alarms import AlarmCode
from notifier.bootstrap import open_ledger
from notifier.cli import exit_code
from notifier.config import load
from notifier.errors import LedgerError
from notifier.ledger import Ledger
from notifier.usecases.disk import LEAST_FREE, disk_alarms

CONFIG = '[mail]\nfrom = "Harbour Chat <privacy@chat.example>"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG)
    return tmp_path


@pytest.mark.parametrize(
    ("left", "said"), [(0, "is full"), (12 * 1024 * 1024, "has only 12 MB left"), (LEAST_FREE - 1, "has only 127 MB")]
)
def test_a_disk_with_next_to_no_room_is_an_alarm_once(root: Path, left: int, said: str) -> None:
    [alarm] = disk_alarms(load(root / "config.toml"), free=lambda _: left)

    assert alarm.code is AlarmCode.DISK_FULL
    assert said in alarm.text


def test_a_disk_with_room_is_none(root: Path) -> None:
    assert list(disk_alarms(load(root / "config.toml"), free=lambda _: LEAST_FREE)) == []


@pytest.mark.processes
def test_status_and_run_say_so_and_it_goes_out_until_there_is_room(
    root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with (root / "config.toml").open("a") as config:
        config.write('[alarms]\ncommand = ["sh", "-c", "cat >>told; echo >>told"]\n')
    monkeypatch.chdir(root)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    (root / "policies").mkdir()
    (root / "policies/privacy.md").write_text("# Privacy\n\nLast updated: May 1, 2014\n")
    identity = ("-c", "user.name=E", "-c", "user.email=e@x.example")
    for command in (("init", "-q", "-b", "main"), ("add", "."), (*identity, "commit", "-qm", "Add")):
        subprocess.run(["git", *command], cwd=root, check=True, capture_output=True)

    for verb in ("status", "run"):
        assert exit_code([verb]) == 1
        assert "is full: a run could not write down what it did" in capfd.readouterr().out
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=LEAST_FREE))
    assert exit_code(["run"]) == 0

    told = [json.loads(line) for line in (root / "told").read_text().splitlines()]
    assert [one["type"] for one in told if one["data"]["code"] == "disk-full"] == ["alarm.raised", "alarm.over"]


def test_a_ledger_that_cannot_be_written_for_want_of_room_says_whose_disk_is_full(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_ledger(load(root / "config.toml")) as ledger:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
        with pytest.raises(LedgerError, match=f"the disk of {root / '.notifier'} is full: make room there"):
            fill(ledger)


def fill(ledger: Ledger) -> None:
    with ledger.database.write() as rows:
        rows.exec_driver_sql("CREATE TABLE filler (x)")
        rows.exec_driver_sql("PRAGMA max_page_count = 1")
        rows.exec_driver_sql("INSERT INTO filler VALUES (zeroblob(100000))")

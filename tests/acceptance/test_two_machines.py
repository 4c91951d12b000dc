"""Two machines run at the same moment, with one remote repository and one ledger: everybody is told once."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from notifier.ledger import Ledger
from notifier.notice.delivery import NoticeState
from tests import databases
from tests.acceptance.stage import CONFIG, PRIVACY, ROSTER, Stage
from tests.processes import started

MACHINES = ("one", "other")


def machine(folder: Path, remote: Path, outbox: Path) -> Stage:
    """An installation that works in a clone of its own of the remote."""
    stage = Stage(folder)
    subprocess.run(["git", "clone", "-q", remote, folder], check=True)
    (folder / "roster.csv").write_text(ROSTER)
    mail, rest = CONFIG.split("\n\n", 1)
    tables = f'[repository]\nbranch = "main"\nremote = "{remote}"\n\n[mail.outbox]\npath = "{outbox}"\n'
    (folder / "config.toml").write_text(f"{mail}\n\n{rest}\n{tables}")
    return stage


def run_at_once(machines: list[Stage]) -> list[int]:
    out = subprocess.DEVNULL
    runs = [started("run", cwd=one.root, stdout=out, stderr=out) for one in machines]
    return [one.wait(timeout=120) for one in runs]


def test_two_runs_at_once_tell_everybody_once_and_withdraw_nothing(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote, desk, outbox = tmp_path / "remote.git", Stage(tmp_path / "desk"), tmp_path / "outbox"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", remote], check=True)
    desk.root.mkdir()
    desk.git("init", "-q", "-b", "main")
    desk.git("remote", "add", "origin", str(remote))
    desk.write("privacy.md", PRIVACY)
    desk.commit("Write it")
    desk.git("push", "-q", "origin", "main")
    machines = [machine(tmp_path / name, remote, outbox) for name in MACHINES]
    databases.empty_database(postgres_url)
    monkeypatch.setenv("NOTIFIER_LEDGER_URL", postgres_url)
    machines[0].notifier("customers", "import", "roster.csv")
    assert machines[0].notifier("run").code == 0

    for days in (60, 90):
        desk.git("pull", "-q", "--rebase", "origin", "main")
        desk.write("privacy.md", re.sub(r"chats for \d+ days", f"chats for {days} days", desk.text("privacy.md")))
        desk.commit("Keep chats longer", "Significance: significant")
        desk.git("push", "-q", "origin", "main")

        codes = run_at_once(machines)

        assert 0 in codes, codes
        for one in machines:  # whoever found the other at work does the rest
            assert one.notifier("run").code == 0
        with Ledger.open(postgres_url) as ledger:
            notices = ledger.notices.all()
            assert {one.state for one in notices} == {NoticeState.FINISHED}
            assert ledger.deliveries.check_counts() == ()
        told = Counter(path.read_text().split("\nTo: ")[1].splitlines()[0] for path in outbox.glob("*/*.eml"))
        assert set(told.values()) == {len(notices)}
        assert len(told) == 3

"""`notifier schedule` as a real process over a real installation: a stop leaves nothing half done."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.conftest import LEAST_CONFIG, Editor, Notifier
from tests.processes import started

from notifier.scheduler import Run, Schedule, Times

POLICY = "# Privacy Policy\n\nLast updated: March 1, 2026\n\n## Sharing\n\nWe share personal information with nobody.\n"
CONFIG = LEAST_CONFIG + 'rate_per_second = 40\n[page]\nurl = "https://chat.example/legal"\n'
CUSTOMERS = 160


@pytest.fixture
def due(notifier: Notifier, editor: Editor) -> Editor:
    """A policy adopted, a significant revision of it landed, and a run missed long ago."""
    (editor.root / "config.toml").write_text(CONFIG, encoding="utf-8")
    editor.commit(POLICY, "Write the policy")
    assert notifier("run").code == 0
    roster = "email\n" + "".join(f"reader{number}@mail.example\n" for number in range(CUSTOMERS))
    (editor.root / "roster.csv").write_text(roster, encoding="utf-8")
    assert notifier("customers", "import", "roster.csv").code == 0
    trailer = "\n\nSignificance: significant"
    editor.commit(POLICY.replace("nobody", "advertisers"), f"Share with advertisers{trailer}", on="2026-03-02")
    with closing(sqlite3.connect(editor.root / ".notifier" / "ledger.db")) as ledger, ledger:
        ledger.execute("UPDATE run SET started_at = '2026-03-01 00:00:00'")
    return editor


def letters(root: Path) -> list[Path]:
    return list((root / ".notifier" / "outbox").rglob("*.eml"))


def test_a_stop_while_sending_ends_soon_and_the_next_run_sends_the_rest_once(notifier: Notifier, due: Editor) -> None:
    process = started("schedule", stderr=subprocess.PIPE)
    guard = threading.Timer(120, process.kill)
    guard.start()
    try:
        while len(letters(due.root)) == 0 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    finally:
        guard.cancel()
        process.kill()

    sent = len(letters(due.root))
    assert process.returncode == 0, said
    assert json.loads(said.splitlines()[-1])["action"] == "process.stopped"
    assert 0 < sent < CUSTOMERS
    assert notifier("run").code == 0
    assert len(letters(due.root)) == CUSTOMERS
    (notice,) = notifier("status", "--json").json["notices"]
    assert (notice["accepted"], notice["in_doubt"], notice["possible_duplicates"]) == (CUSTOMERS, 0, 0)


def test_a_config_that_changes_counts_from_the_next_step(
    notifier: Notifier, due: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The schedule stands; only when its steps come is played here."""
    steps: list[Callable[[Callable[[], bool]], None]] = []

    def played(_schedule: Schedule, _last_run_at: datetime | None) -> bool:
        config = due.root / "config.toml"
        config.write_text(CONFIG + '[notice]\napproval = "manual"\n', encoding="utf-8")
        for step in steps:
            step(lambda: False)
        return True

    def kept(
        schedule: Schedule, times: Callable[[], Times], run: Run, tell: object, *, go_on: Run, **_: object
    ) -> None:
        steps[:] = [run, go_on]

    monkeypatch.setattr(Schedule, "__init__", kept)
    monkeypatch.setattr(Schedule, "run_until_stopped", played)

    assert notifier("schedule").code == 0
    assert letters(due.root) == []
    assert [notice["state"] for notice in notifier("status", "--json").json["notices"]] == ["awaiting_approval"]


def test_the_next_run_is_told_for_machines(notifier: Notifier, editor: Editor) -> None:
    config = LEAST_CONFIG + '[schedule]\ncron = "30 6 * * sun"\ntimezone = "Europe/Berlin"\n'
    (editor.root / "config.toml").write_text(config, encoding="utf-8")
    told = notifier("schedule", "--json").json
    next_run_at = datetime.fromisoformat(told["next_run_at"])

    assert (told["cron"], told["timezone"], told["last_run_at"]) == ("30 6 * * sun", "Europe/Berlin", None)
    assert (next_run_at.isoweekday(), next_run_at.hour, next_run_at.minute) == (7, 6, 30)
    assert next_run_at > datetime.now(UTC)


def test_a_wrong_schedule_is_refused_before_anything_starts(notifier: Notifier, root: Path) -> None:
    (root / "config.toml").write_text(LEAST_CONFIG + '[schedule]\ncron = "0 9 30 2 *"\n', encoding="utf-8")
    answer = notifier("schedule")

    assert (answer.code, answer.err) == (2, 'config.toml: schedule.cron: never comes: "0 9 30 2 *"\n')

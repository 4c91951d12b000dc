"""`notifier log`, on real git histories."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import Editor, MadeOnce, Notifier

from notifier.policy.editor_word import Approvals
from notifier.policy.revision import Commit
from notifier.repository import Repository
from notifier.significance import Classification
from notifier.usecases import log as log_room
from notifier.usecases import verdict_cache
from notifier.usecases.log import log

BEFORE = "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep chats for 30 days after they end.\n"
LONGER = BEFORE.replace("30 days", "90 days")
SPELLED = LONGER.replace("after they end", "after they've ended")


@pytest.fixture
def history(editor: Editor, made_once: MadeOnce) -> Editor:

    def make() -> None:
        editor.commit(BEFORE, "Write the policy", on="2026-03-01")
        editor.commit(
            "# Cookies\n\nWe set one cookie.\n", "Tell of cookies", name="policies/cookies.md", on="2026-03-02"
        )
        editor.commit(LONGER, "Keep chats longer", on="2026-03-03")

    made_once(make)
    return editor


def test_every_revision_is_listed_newest_first_with_its_significance(notifier: Notifier, history: Editor) -> None:
    longer, cookies, first = notifier("log", "--json").json

    assert (longer["policy"], longer["subject"], longer["author"]) == ("privacy", "Keep chats longer", "Erin")
    assert longer["significance"] == "significant"
    assert longer["reasons"][0]["topic"] == "retention"
    assert longer["revision"] == history.git("rev-parse", "HEAD")
    assert longer["landed_at"].startswith("2026-03-03T12:00:00")
    assert (cookies["policy"], cookies["significance"], cookies["reasons"]) == ("cookies", None, [])
    assert (first["policy"], first["significance"]) == ("privacy", None)


def test_only_the_policies_named_are_listed(notifier: Notifier, history: Editor) -> None:
    assert [one["policy"] for one in notifier("log", "cookies", "--json").json] == ["cookies"]


def test_a_policy_that_never_was_is_told_apart_from_one_without_revisions(notifier: Notifier, history: Editor) -> None:
    answer = notifier("log", "cokies")

    assert (answer.code, answer.err) == (2, "cokies: no such policy; did you mean cookies?\n")


def test_a_folder_in_which_no_policy_ever_stood_is_no_empty_history(notifier: Notifier, history: Editor) -> None:
    answer = notifier("log", "--policies", "polices")

    assert answer.code == 2
    assert "--policies polices: no policy ever stood there" in answer.err


def test_a_repository_that_never_used_notifier_can_be_read(notifier: Notifier, history: Editor) -> None:
    (history.root / "config.toml").unlink()
    listed = notifier("log", "--policies", "policies")

    assert listed.code == 0
    assert [line.split()[2] for line in listed.out.splitlines()[1:]] == ["significant", "first", "first"]


def test_a_list_may_end_early(notifier: Notifier, history: Editor) -> None:
    assert len(notifier("log", "--json", "-n", "1").json) == 1


def test_an_editors_word_counts_and_is_shown(notifier: Notifier, history: Editor) -> None:
    history.commit(
        SPELLED, "Reword\n\nSignificance: significant\nSignificance-Reason: a promise to the regulator", on="2026-03-04"
    )
    newest = notifier("log", "--json").json[0]

    assert (newest["significance"], newest["certainty"]) == ("significant", "clear")
    assert newest["editor"]["because"] == "a promise to the regulator"
    assert "editor's word" in notifier("log").out.splitlines()[1]


def test_a_repository_without_policies_has_an_empty_list(notifier: Notifier, editor: Editor) -> None:
    assert notifier("log", "--json").json == []


@pytest.mark.processes
def test_outside_a_repository_the_answer_is_one_line(notifier: Notifier, root: Path) -> None:
    answer = notifier("log")

    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert "not a git repository" in answer.err


def test_other_processes_reach_the_same_verdicts_in_the_same_order(
    history: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        history.commit(LONGER.replace("90", str(100 + number)), f"Step {number}", on=f"2026-04-0{number + 1}")
    monkeypatch.setattr(log_room, "INLINE", 2)
    monkeypatch.setattr(log_room, "FIRST_STRETCH", 4)
    monkeypatch.setattr(log_room, "BATCH", 3)
    monkeypatch.setattr(log_room, "UNDER_WAY", 1)
    with Repository.open(history.root) as repository:
        here, elsewhere = (
            list(log(repository.changes(), repository.reader(), approvals=_nobodys, workers=workers))
            for workers in (1, 2)
        )

    assert len(here) == 11
    assert elsewhere == here


def test_what_was_judged_once_is_told_again_without_judging(
    notifier: Notifier, history: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = notifier("log", "--json").json
    monkeypatch.setattr(log_room, "_verdicts", _nobody_judges)

    assert notifier("log", "--json").json == first


def test_another_judgement_believes_nothing_of_what_was_kept(
    notifier: Notifier, history: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    notifier("log")
    monkeypatch.setattr(verdict_cache, "judgement_id", lambda: "of another version")
    monkeypatch.setattr(log_room, "_verdicts", _nobody_judges)

    assert "AssertionError" in notifier("log").err


def test_a_damaged_verdict_is_judged_anew(notifier: Notifier, history: Editor) -> None:
    first = notifier("log", "--json").json
    kept = history.root / ".git" / verdict_cache.FILE_NAME
    with closing(sqlite3.connect(kept)) as verdicts, verdicts:
        verdicts.execute("UPDATE verdict SET said = x'00'")
    assert notifier("log", "--json").json == first

    kept.write_bytes(b"no database")
    assert notifier("log", "--json").json == first


@pytest.mark.processes
def test_processes_that_judge_end_with_a_log_that_was_killed() -> None:
    program = (
        "import os, time; from contextlib import ExitStack; from notifier.usecases.log import _started\n"
        "if __name__ == '__main__':\n"
        "    pool = _started(2, ExitStack())\n"
        "    both = [pool.submit(time.sleep, 0.5) for _ in range(2)]\n"
        "    print(pool.submit(os.getpid).result(), flush=True); time.sleep(60)"
    )
    killed = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None
    worker = Path("/proc", killed.stdout.readline().strip())
    was_there = worker.exists()
    killed.kill()
    killed.wait()
    for _ in range(200):
        if not worker.exists():
            break
        time.sleep(0.05)

    assert was_there
    assert not worker.exists()


def _nobody_judges(*_: object) -> list[Classification | None]:
    raise AssertionError("judged anew")


def _nobodys(_commits: Sequence[Commit]) -> Approvals:
    return Approvals()

"""The reviewer's walk through the record, where others use it too: a remote, a program that has the ledger open,
customers who join, files that an editor leaves beside the policies.

The installation is the one of `test_record_cannot_be_fooled`.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.acceptance.test_record_cannot_be_fooled import TOLD, Attacked, base, stage

__all__ = ["base", "stage"]


def test_a_tag_that_the_remote_lost_is_missed_and_given_back_to_it(stage: Attacked) -> None:
    remote = stage.root.with_name("remote.git")
    stage.git("clone", "-q", "--bare", str(stage.root), str(remote))
    config = (stage.root / "config.toml").read_text()
    stage.write_to("config.toml", config.replace("[repository]\n", f'[repository]\nremote = "file://{remote}"\n'))
    stage.goes_on(0)
    stage.git("--git-dir", str(remote), "tag", "-d", TOLD)

    stage.stops(f"{TOLD}: the ledger has it on")

    assert stage.notifier("recover").code == 0
    assert TOLD in stage.git("--git-dir", str(remote), "tag", "--list")
    stage.goes_on(0)


def test_a_copy_of_the_ledger_without_its_log_tells_nobody_twice(stage: Attacked) -> None:
    stage.raise_the_age()
    ledger, copy = stage.root / ".notifier" / "ledger.db", stage.root.with_name("copy.db")
    with closing(sqlite3.connect(ledger)) as somebody:  # who keeps SQLite from writing its log into the file
        somebody.execute("SELECT count(*) FROM run").fetchall()
        stage.goes_on(10)
        shutil.copyfile(ledger, copy)
    for path in ledger.parent.glob("ledger.db*"):
        path.unlink()
    shutil.copyfile(copy, ledger)

    stage.stops("the two records differ")
    assert stage.notifier("recover").code == 0
    stage.goes_on(0)


def test_who_joins_while_a_period_runs_is_named_and_can_be_told(stage: Attacked) -> None:
    stage.raise_the_age()
    stage.goes_on(10)
    roster = (stage.root / "roster.csv").read_text()
    stage.write_to("roster.csv", f"{roster}99,late@mail.example,en,\n")

    said = "notice 2026-11-20-terms has not reached 1 customer who joined its audience since"
    assert said in stage.notifier("run").out
    assert stage.notifier("notice", "extend", "2026-11-20-terms").code == 0
    stage.goes_on(1)
    assert said not in stage.notifier("run").out


@pytest.mark.parametrize("name", ["README.md", "terms-of-use.MD", "cookies.markdown"])
def test_a_file_that_may_be_no_policy_is_named_before_it_is_published(stage: Attacked, name: str) -> None:
    stage.write(name, "# Something\n\nWe follow you everywhere.\n")
    checked = stage.notifier("check")
    stage.commit("Leave a file")
    ran = stage.notifier("run")

    assert (checked.code, name in checked.out) == (1, True), checked
    assert (ran.code, stage.mails) == (1, 10), ran


def test_a_policy_that_became_a_submodule_waits_alone(stage: Attacked) -> None:
    """Of a submodule the repository has the id of a commit that is elsewhere: there is nothing to read."""
    (stage.root / "policies" / "terms.md").unlink()
    (stage.root / "policies" / "terms.md").mkdir()
    stage.git("update-index", "--cacheinfo", f"160000,{'1' * 40},policies/terms.md")
    stage.git("commit", "-q", "-m", "Keep the terms elsewhere")
    stage.change("privacy.md", "60 days", "90 days")
    stage.git("commit", "-q", "-m", "Keep longer still\n\nSignificance: significant", "--", "policies/privacy.md")

    said = stage.notifier("run")

    assert (said.code, "terms is not posted: policies/terms.md:1: a link" in said.out) == (1, True), said
    assert stage.mails == 20
    assert stage.notifier("status").code == 1

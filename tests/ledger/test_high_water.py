"""A copy of the ledger from before is told by what it lacks, however much is written into it afterwards."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from notifier.errors import LedgerError
from notifier.ledger import Ledger
from notifier.ledger.evidence.high_water import FILE
from tests.scenes import NOON, NOTICE, frozen, people


def copied(source: Path, target: Path) -> Path:
    with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
        one.backup(other)
    return target


def test_a_ledger_from_the_middle_of_a_notice_is_known_by_the_batches_that_it_lacks(tmp_path: Path) -> None:
    path, mark = tmp_path / "ledger.db", tmp_path / FILE
    with Ledger.open(f"sqlite:///{path}", mark) as ledger:
        frozen(ledger, people(20), batch_size=10)
        first, second = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=2)
        ledger.attempts.record_accepted(first, NOON)
        ledger.high_water.keep()
        copy = copied(path, tmp_path / "copy.db")
        ledger.attempts.record_accepted(second, NOON)

    assert mark.stat().st_mode & 0o777 == 0o600
    with Ledger.open(f"sqlite:///{path}", mark) as ledger:
        assert ledger.high_water.fault() == ""
    with Ledger.open(f"sqlite:///{copy}", mark) as ledger:
        assert ledger.in_doubt.mark_unfinished(NOON) == 1
        ledger.notices.hold(NOTICE, "Ann", NOON)
        ledger.notices.resume(NOTICE, "Ann", NOON)
    with Ledger.open(f"sqlite:///{copy}", mark) as ledger:
        assert "an older copy" in ledger.high_water.fault()
        ledger.recovered.send_again(NOTICE, "Ann", NOON)
        assert ledger.deliveries.counts(NOTICE).possible_duplicates == 10
        ledger.high_water.accept("Ann", NOON, "no other", is_told_by_git=False)
        assert ledger.high_water.fault() == ""


def test_another_ledger_beside_it_takes_nothing_from_the_mark(tmp_path: Path) -> None:
    mark = tmp_path / FILE
    for name in ("one", "other", "one"):
        with Ledger.open(f"sqlite:///{tmp_path / name}", mark) as ledger:
            assert ledger.high_water.fault() == ""
            ledger.runs.begin(NOON)


def test_a_mark_that_cannot_be_written_is_named_rather_than_asked_for_again(tmp_path: Path) -> None:
    mark = tmp_path / FILE
    with Ledger.open(f"sqlite:///{tmp_path / 'one'}", mark) as ledger:
        ledger.runs.begin(NOON)
    mark.unlink()
    mark.mkdir()
    with Ledger.open(f"sqlite:///{tmp_path / 'one'}", mark) as ledger:
        assert "does not know it" in ledger.high_water.fault()
        with pytest.raises(LedgerError, match=r"high-water\.json: cannot be written; move away what is there"):
            ledger.high_water.accept("Ann", NOON, "no other", is_told_by_git=False)


def test_a_copy_that_lacks_no_more_than_a_word_of_the_roster_is_an_older_one(tmp_path: Path) -> None:
    """No posting, no letter and no line of the audit trail tells of it."""
    path, mark = tmp_path / "ledger.db", tmp_path / FILE
    with Ledger.open(f"sqlite:///{path}", mark) as ledger:
        ledger.roster.import_customers(people(3))
        ledger.high_water.keep()
        copy = copied(path, tmp_path / "copy.db")
        ledger.roster.import_customers(people(1, language="de"))

    with Ledger.open(f"sqlite:///{copy}", mark) as ledger:
        assert "an older copy" in ledger.high_water.fault()

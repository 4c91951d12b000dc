"""A copy of a ledger is one file, whatever the ledger is in, and comes back row for row with its journal."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from notifier.errors import Refused
from notifier.ledger import Ledger
from notifier.ledger.evidence.ledger_copy import check_copy, copy_ledger, put_back
from notifier.ledger.journal.verification import examine_journal
from notifier.ledger.schema import metadata
from notifier.ledger.states import RunOutcome
from notifier.usecases.receipt_key import open_signer
from tests.ledger.test_verification import lived_in
from tests.scenes import NOON


def everything(ledger: Ledger) -> dict[str, list[tuple[object, ...]]]:
    with ledger.database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


def test_a_ledger_comes_back_as_it_was_and_goes_on(ledger: Ledger, tmp_path: Path) -> None:
    lived_in(ledger)
    copy, before = tmp_path / "copy", everything(ledger)
    copy_ledger(ledger.database, copy)
    check_copy(copy)
    ledger.runs.begin(NOON)
    ledger.roster.forget("c2", NOON)

    put_back(ledger.database, copy)

    assert everything(ledger) == before
    ledger.runs.begin(NOON)
    ledger.roster.forget("c2", NOON)
    assert examine_journal(ledger.database.read).misfits == ()
    with Ledger.open(f"sqlite:///{copy}") as other:
        assert everything(other) == before
        assert examine_journal(other.database.read).misfits == ()


def test_what_is_no_ledger_is_no_copy_of_one(tmp_path: Path) -> None:
    for name, content in {"empty": b"", "text": b"not a ledger " * 100}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Refused, match="no copy of a ledger"):
            check_copy(tmp_path / name)


def test_a_copy_that_is_made_while_others_write_is_of_one_moment(
    ledger: Ledger, ledger_url: str, tmp_path: Path
) -> None:
    lived_in(ledger)
    is_over = threading.Event()

    def go_on() -> None:
        with Ledger.open(ledger_url) as other:
            while not is_over.is_set():
                other.runs.finish(other.runs.begin(NOON), NOON, outcome=RunOutcome.DONE)

    writing = threading.Thread(target=go_on)
    writing.start()
    try:
        for number in range(3):
            before = ledger.journal.head().number
            copy_ledger(ledger.database, tmp_path / f"copy-{number}")
            while ledger.journal.head().number <= before + 1:
                time.sleep(0.01)
    finally:
        is_over.set()
        writing.join()

    heads = []
    for number in range(3):
        with Ledger.open(f"sqlite:///{tmp_path / f'copy-{number}'}") as copy:
            assert examine_journal(copy.database.read).misfits == ()
            heads.append(copy.journal.head().number)
    assert heads == sorted(set(heads)), "it went on meanwhile"


def test_a_copy_holds_no_key_that_signs_and_none_is_missed(ledger: Ledger, tmp_path: Path) -> None:
    """What an old key signed is checked by its public half; where the key is gone, another is made."""
    first = open_signer(tmp_path, ledger, NOON)
    key_id, signature = first("what was accepted")
    copy_ledger(ledger.database, tmp_path / "copy")
    secret = (tmp_path / ".notifier" / "receipts.key").read_bytes().strip()
    (tmp_path / ".notifier" / "receipts.key").unlink()

    put_back(ledger.database, tmp_path / "copy")
    second = open_signer(tmp_path, ledger, NOON)

    assert secret not in (tmp_path / "copy").read_bytes()
    assert second.key_id != key_id
    assert dict(ledger.receipt_keys.all()).keys() == {key_id, second.key_id}
    assert signature

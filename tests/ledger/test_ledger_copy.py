"""A copy of a ledger is one file, whatever the ledger is in, and comes back row for row with its journal."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from notifier.errors import Refused
from notifier.ledger import Ledger
from notifier.ledger.evidence.ledger_copy import check_copy, copy_ledger, put_back
from notifier.ledger.journal.verification import examine_journal
from notifier.ledger.schema import metadata
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

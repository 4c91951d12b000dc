"""The journal stands or falls with what it tells of, and nobody gets between two entries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import sqlalchemy as sa

from notifier.errors import LedgerError
from notifier.ledger import Ledger
from notifier.ledger.journal import append, touched_rows
from notifier.ledger.journal.verification import examine_journal
from notifier.ledger.schema import journal_head
from notifier.notice.delivery import SuppressionReason
from notifier.proof.entry import BEFORE_ALL, EntryKind
from tests.scenes import NOON, people


def test_entries_follow_each_other_from_the_first(ledger: Ledger) -> None:
    head = ledger.journal.head()
    with ledger.database.write() as connection:
        first = append(connection, EntryKind.DECIDED, {"who": "anna"}, NOON)
        second = append(connection, EntryKind.DECIDED, {"who": "ben"}, NOON)

    assert (first.previous, second.previous) == (head.hash, first.hash)
    assert tuple(ledger.journal.entries(first.number)) == (first, second)
    assert ledger.journal.entry(second.number) == second
    assert ledger.journal.entry(second.number + 1) is None
    assert ledger.journal.head() == second.head


def test_what_was_rolled_back_left_no_entry(ledger: Ledger) -> None:
    head = ledger.journal.head()
    with pytest.raises(LedgerError), ledger.database.write() as connection:
        append(connection, EntryKind.DECIDED, {"who": "anna"}, NOON) and connection.execute(sa.text("nonsense"))

    assert ledger.journal.head() == head


def test_who_writes_for_long_is_noted_all_the_same(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection's list of touched rows is made anew now and then, and begins empty after each transaction."""
    monkeypatch.setattr(touched_rows, "NEW_EVERY", 3)
    for n in range(7):
        ledger.roster.suppress(f"nobody{n}@example.com", SuppressionReason.MANUAL, NOON)
        ledger.roster.import_customers(people(n + 1))
        with suppress(RuntimeError), ledger.database.write() as connection:
            connection.exec_driver_sql("DELETE FROM suppression")
            raise RuntimeError

    told = [len(one.facts["rows"]["suppression"]) for one in ledger.journal.entries() if one.kind == "suppressed"]
    assert told == [1] * 7
    assert examine_journal(ledger.database.read).misfits == ()


def test_many_who_write_at_once_make_one_chain(ledger: Ledger) -> None:
    def write(n: int) -> None:
        with ledger.database.write() as connection:
            append(connection, EntryKind.EVENTS, {"n": n}, NOON)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))

    previous = BEFORE_ALL
    for entry in ledger.journal.entries():
        assert (entry.number, entry.previous) == (previous.number + 1, previous.hash)
        assert entry.fits
        previous = entry.head
    assert previous == ledger.journal.head()


def test_a_journal_without_its_head_is_not_begun_anew(ledger: Ledger) -> None:
    with ledger.database.write() as connection:
        append(connection, EntryKind.DECIDED, {"who": "anna"}, NOON)
        connection.execute(sa.delete(journal_head))

    with pytest.raises(LedgerError, match="head is gone"), ledger.database.write() as connection:
        append(connection, EntryKind.DECIDED, {"who": "ben"}, NOON)

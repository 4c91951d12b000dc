"""Entries of the journal name others far back: the way from one to another is short, and none names a false one."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from notifier.ledger import Ledger
from notifier.ledger.journal import append
from notifier.ledger.journal.verification import examine_journal
from notifier.ledger.schema import journal, journal_head
from notifier.proof.canonical_json import Json, canonical
from notifier.proof.entry import EntryKind, Head, following, instant, links_of
from tests.scenes import NOON


def with_entries(ledger: Ledger, many: int) -> None:
    with ledger.database.write() as connection:
        for number in range(many):
            append(connection, EntryKind.DECIDED, {"n": number}, NOON)


def test_the_way_from_one_entry_to_another_is_some_hundred_long_however_far_they_lie_apart() -> None:
    def way(later: int, earlier: int) -> int:
        steps = 0
        while later > earlier:
            later = min([one for one in links_of(later) if one >= earlier], default=later - 1)
            steps += 1
        return steps

    assert max(way(later, 33) for later in (5_000, 1_048_575, 40_000_000)) < 250


def test_each_entry_that_names_others_names_those_of_the_journal(ledger: Ledger) -> None:
    with_entries(ledger, 1_100)
    by_number = {entry.number: entry for entry in ledger.journal.entries()}
    linked = {number: entry for number, entry in by_number.items() if entry.kind is EntryKind.LINKED}

    assert list(linked) == list(range(64, len(by_number) + 1, 32))
    for number, entry in linked.items():
        assert entry.facts == {"links": {str(one): by_number[one].hash for one in links_of(number)}}
    assert examine_journal(ledger.database.read).misfits == ()


@pytest.mark.parametrize("false", [{"links": {"992": "0" * 64}}, {"links": {}}, {"rows": {"notice": []}}])
def test_a_link_to_an_entry_that_never_was_is_found_though_every_hash_after_it_was_made_anew(
    ledger: Ledger, false: Json
) -> None:
    with_entries(ledger, 1_000)
    entries = list(ledger.journal.entries())
    with ledger.database.bare() as connection:
        head = entries[1022].head
        for entry in entries[1023:]:
            written = canonical(false) if entry.number == 1024 else entry.written
            made = following(head, entry.kind, written, entry.at)
            head = made.head
            values = {"facts": made.written, "previous": made.previous, "hash": made.hash}
            connection.execute(sa.update(journal).where(journal.c.number == made.number).values(values))
        connection.execute(sa.update(journal_head).values(number=head.number, hash=head.hash))

    assert [str(one.entry) for one in examine_journal(ledger.database.read).misfits] == ["1024"]


def test_a_journal_that_an_older_notifier_began_goes_on_with_links(ledger: Ledger) -> None:
    head, rows = Head(0, "0" * 64), list[dict[str, object]]()
    for _ in range(100):
        entry = following(head, EntryKind.BEGUN, "{}", NOON)
        head = entry.head
        said = {"number": entry.number, "kind": "begun", "at": instant(NOON), "facts": "{}"}
        rows.append({**said, "previous": entry.previous, "hash": entry.hash})
    with ledger.database.bare() as connection:
        connection.execute(sa.delete(journal))
        connection.execute(journal.insert(), rows)
        connection.execute(sa.delete(journal_head))
        connection.execute(journal_head.insert().values(line=1, number=head.number, hash=head.hash))
    with_entries(ledger, 60)

    kinds = {entry.number: entry.kind for entry in ledger.journal.entries()}
    assert (kinds[96], kinds[128], kinds[160]) == (EntryKind.BEGUN, EntryKind.LINKED, EntryKind.LINKED)
    assert not [one for one in examine_journal(ledger.database.read).misfits if one.entry]


def test_a_stamp_and_links_are_no_news_that_asks_for_another_stamp(ledger: Ledger) -> None:
    with_entries(ledger, 40)
    with_entries(ledger, 62 - ledger.journal.head().number)
    stamped = ledger.journal.head().number
    with ledger.database.write() as connection:
        append(connection, EntryKind.ANCHORED, {}, NOON)

    assert ledger.journal.entry(ledger.journal.head().number).kind is EntryKind.LINKED  # type: ignore[union-attr]
    assert not ledger.journal.goes_on_after(stamped)
    with_entries(ledger, 1)
    assert ledger.journal.goes_on_after(stamped)

"""A list that finds the roster empty is brought in without looking each row up, and nobody can tell afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from notifier.ledger import Ledger, roster
from notifier.ledger.by_set import first_list
from notifier.ledger.by_set.first_list import FirstList
from notifier.ledger.journal import roster_sum
from notifier.ledger.schema import customer
from notifier.notice.customer_csv import customer_id_of
from notifier.notice.delivery import Customer
from tests.databases import empty_database
from tests.ledger.test_other_hands import by_hand

PAID = frozenset({"paid"})
OWN = [Customer(f"c{n}", f"Person{n}@example.com", f"Straße \\{n}\t", "de", PAID) for n in range(250)]
MADE = [Customer(customer_id_of(f"person{n}@example.com"), f"person{n}@example.com") for n in range(250)]
ODD = [
    Customer(f'"{n}\\', f"o'{n}@exämple.com", f'\x01\x1f\x7f\n"{chr(0x80 + n)}\u2028😀', since=date(1 + 37 * n, 2, 28))
    for n in range(250)
]
OTHERS = [one._replace(customer_id=f"d{one.customer_id}") for one in OWN]
LISTS = {
    "with ids": OWN,
    "without": MADE,
    "of odd letters": ODD,
    "an id twice, far apart": [*OWN, OWN[3]._replace(name="Moved"), OWN[4]],
    "an id twice, side by side": [OWN[0], OWN[0]._replace(name="Moved"), *OWN],
    "mailboxes that several share": [*OWN, *OTHERS[:30]],
    "an address whose id comes later": [*MADE, Customer("c7", "Person7@example.com")],
    "an id whose address comes alone later": [
        *OWN,
        Customer(customer_id_of("Person7@example.com"), "PERSON7@example.com"),
    ],
    "both kinds in turns": [one for pair in zip(OWN, MADE, strict=True) for one in pair],
}


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster, "CHUNK", 40)


def on_the_roster(ledger: Ledger) -> list[Customer]:
    return list(ledger.roster.customers())


@pytest.mark.parametrize("name", LISTS)
def test_it_comes_out_as_if_each_row_had_been_looked_up(
    name: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, found = ledger.roster.import_customers(LISTS[name]), on_the_roster(ledger)
    assert ledger.held_rows.roster_fault() == ""
    assert ledger.roster.import_customers(LISTS[name]).added == 0
    with ledger.database.write() as connection:
        connection.execute(sa.delete(customer))
    monkeypatch.setattr(FirstList, "take", lambda *_, **__: None)

    assert (ledger.roster.import_customers(LISTS[name]), on_the_roster(ledger)) == (counts, found)


@pytest.mark.parametrize("whole_at", [None, datetime(2026, 3, 1, tzinfo=UTC)])
def test_the_database_need_not_add_up_whose_numbers_were_foreseen(
    whole_at: datetime | None, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    added_up = list[Any]()
    monkeypatch.setattr(first_list, "add_up", added_up.append)

    ledger.roster.import_customers(OWN, whole_at=whole_at)

    assert added_up == []
    assert ledger.held_rows.roster_fault() == ""


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("hand", "is_found"),
    [
        ("SELECT nextval(pg_get_serial_sequence('customer', 'number'))", False),
        (
            "CREATE FUNCTION moved() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN NEW.email = 'me@example.com'; RETURN NEW; END $$; "
            "CREATE TRIGGER moved BEFORE INSERT ON customer FOR EACH ROW EXECUTE FUNCTION moved()",
            True,
        ),
    ],
)
def test_a_number_that_is_drawn_in_between_is_nobody_and_a_row_that_is_changed_on_its_way_is_found(
    hand: str, postgres_url: str, *, is_found: bool
) -> None:
    empty_database(postgres_url)
    with Ledger.open(postgres_url) as ledger:

        def people() -> Iterator[Customer]:
            yield from OWN[:100]
            by_hand(ledger, hand)
            yield from OWN[100:]

        try:
            ledger.roster.import_customers(people())
            assert bool(ledger.held_rows.roster_fault()) is is_found
        finally:
            by_hand(ledger, "DROP FUNCTION IF EXISTS moved CASCADE")


@pytest.mark.postgresql
def test_who_joined_is_added_up_without_reading_the_roster(postgres_url: str) -> None:
    empty_database(postgres_url)
    with Ledger.open(postgres_url) as ledger:
        ledger.roster.import_customers([Customer(f"c{n}", f"person{n}@example.com") for n in range(5_000)])
        with ledger.database.read() as connection:
            assert roster_sum.add_up(connection, 4_990).rows == 10
            read = connection.exec_driver_sql(
                "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'customer'"
            )
            assert read.scalar() == 0


@pytest.mark.postgresql
@pytest.mark.parametrize(("other_list", "people"), [(OWN, 250), (MADE, 250), (OTHERS, 500)])
def test_two_machines_that_bring_in_lists_at_once_have_everybody_once(
    postgres_url: str, other_list: list[Customer], people: int
) -> None:
    empty_database(postgres_url)
    with Ledger.open(postgres_url) as one, Ledger.open(postgres_url) as other, ThreadPoolExecutor(2) as machines:
        here, there = (
            machines.submit(ledger.roster.import_customers, said) for ledger, said in ((one, OWN), (other, other_list))
        )
        assert here.result().added + there.result().added == people
        assert len({each.email.lower() for each in on_the_roster(one)}) == 250

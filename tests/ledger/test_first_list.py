"""A list that finds the roster empty is brought in without looking each row up, and nobody can tell afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from notifier.ledger import Ledger, roster
from notifier.ledger.by_set.first_list import FirstList
from notifier.ledger.schema import customer
from notifier.notice.customer_csv import customer_id_of
from notifier.notice.delivery import Customer
from tests.databases import empty_database

PAID = frozenset({"paid"})
OWN = [Customer(f"c{n}", f"Person{n}@example.com", f"Straße \\{n}\t", "de", PAID) for n in range(250)]
MADE = [Customer(customer_id_of(f"person{n}@example.com"), f"person{n}@example.com") for n in range(250)]
OTHERS = [one._replace(customer_id=f"d{one.customer_id}") for one in OWN]
LISTS = {
    "with ids": OWN,
    "without": MADE,
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
    assert ledger.roster.import_customers(LISTS[name]).added == 0
    with ledger.database.write() as connection:
        connection.execute(sa.delete(customer))
    monkeypatch.setattr(FirstList, "take", lambda *_, **__: None)

    assert (ledger.roster.import_customers(LISTS[name]), on_the_roster(ledger)) == (counts, found)


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

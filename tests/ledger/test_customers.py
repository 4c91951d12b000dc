"""The roster: one person, one row, and none when they ask for it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import sqlalchemy as sa

from notifier.errors import Refused
from notifier.ledger import Ledger
from notifier.ledger.schema import metadata
from notifier.ledger.types import ImportCounts
from notifier.notice.delivery import Customer, DeliveryStatus, SuppressionReason
from tests.scenes import NOON, event, frozen, people


def test_an_import_says_what_it_added_changed_and_left_alone(ledger: Ledger) -> None:
    assert ledger.roster.import_customers(people(3)) == ImportCounts(added=3, changed=0, unchanged=0)

    again = [*people(2), Customer("c2", "person2@example.com", "Married Name", "de"), Customer("new", "n@example.com")]

    assert ledger.roster.import_customers(again) == ImportCounts(added=1, changed=1, unchanged=2)
    assert ledger.roster.customer("c2") == again[2]


def test_a_customer_known_by_address_is_found_whatever_the_case(ledger: Ledger) -> None:
    ledger.roster.import_customers([Customer("c1", "Straße@Example.com")])

    assert ledger.roster.customer("STRAßE@EXAMPLE.COM") == Customer("c1", "Straße@Example.com")


def test_a_customer_who_moves_to_another_address_stays_one_customer(ledger: Ledger) -> None:
    ledger.roster.import_customers(people(1))
    ledger.roster.import_customers([Customer("c0", "new@example.com")])

    assert [customer.email for customer in ledger.roster.customers()] == ["new@example.com"]


def test_the_roster_is_read_back_in_the_order_it_came(ledger: Ledger) -> None:
    everyone = people(40, tags=frozenset({"paid", "eu"}))
    ledger.roster.import_customers(everyone)

    assert list(ledger.roster.customers()) == everyone


def test_progress_is_told_while_importing(ledger: Ledger) -> None:
    told: list[int] = []
    ledger.roster.import_customers(people(24_500), told.append)

    assert told == [10_000, 20_000, 24_500]


def test_readers_are_counted_by_the_language_that_serves_them(ledger: Ledger) -> None:
    ledger.roster.import_customers(
        [Customer(str(n), f"{n}@example.com", language=code) for n, code in enumerate(["de", "de-AT", "fr", ""])]
    )

    assert ledger.roster.count(languages=("en", "de"), otherwise="en") == {"de": 2, "en": 2}


def test_whoever_is_in_no_audience_is_not_counted(ledger: Ledger) -> None:
    ledger.roster.import_customers([Customer("a", "a@x.org", tags=frozenset({"paid"})), Customer("b", "b@x.org")])

    groups = ledger.roster.reader_groups({"dpa": frozenset({"paid"}), "api": frozenset({"beta"})})

    assert groups == {("", ("dpa",)): 1}


def test_a_forgotten_customer_is_nowhere_in_the_ledger(ledger: Ledger) -> None:
    notice_id = frozen(ledger, people(3))
    claim = ledger.batches.claim(notice_id, NOON, mailer="memory", limit=1)[0]
    ledger.attempts.record_accepted(claim, NOON)
    key = claim.recipients[1][1]
    bounce = event(
        DeliveryStatus.BOUNCED,
        key,
        attempt_id=claim.attempt_id,
        suppression=SuppressionReason.HARD_BOUNCE,
        reason="550 5.1.1 <person1@example.com>: no such user",
    )
    ledger.events.record([bounce], NOON)

    assert ledger.roster.forget("person1@example.com", NOON, by="anna") == 3

    assert "person1" not in _everything(ledger).casefold()
    assert "Person 1" not in _everything(ledger)
    assert ledger.deliveries.counts(notice_id).bounced == 1
    assert ledger.deliveries.check_counts() == ()
    assert [entry.who for entry in ledger.audit.entries()][-1] == "anna"


def test_a_customer_forgotten_before_their_turn_is_not_written_to(ledger: Ledger) -> None:
    notice_id = frozen(ledger, people(3))
    ledger.roster.forget("c1", NOON)

    claim = ledger.batches.claim(notice_id, NOON, mailer="memory", limit=1)[0]

    assert [email for _, _, email, _ in claim.recipients] == ["person0@example.com", "person2@example.com"]
    assert ledger.deliveries.counts(notice_id).suppressed == 1


def test_forgetting_somebody_unknown_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="no such customer"):
        ledger.roster.forget("nobody@example.com", NOON)


def test_the_list_of_suppressed_addresses_names_none_and_is_under_a_key_of_this_ledgers_own(ledger: Ledger) -> None:
    ledger.roster.suppress("Someone@Example.com", SuppressionReason.MANUAL, NOON)

    with ledger.database.read() as connection:
        (row,) = connection.exec_driver_sql("SELECT * FROM suppression").all()
    plain = hashlib.sha256(b"someone@example.com").hexdigest()
    assert "someone" not in str(tuple(row)).lower()
    assert plain not in str(tuple(row))


def test_a_suppressed_address_stays_so_until_it_is_lifted(ledger: Ledger) -> None:
    ledger.roster.suppress("Someone@Example.com", SuppressionReason.MANUAL, NOON)
    ledger.roster.suppress("someone@example.com", SuppressionReason.MANUAL, NOON)

    assert ledger.roster.suppressed("someone@EXAMPLE.com") == (SuppressionReason.MANUAL,)
    assert ledger.roster.unsuppress("SOMEONE@example.com") == 1
    assert ledger.roster.suppressed("someone@example.com") == ()


def _everything(ledger: Ledger) -> str:
    """Every value in every table."""
    with ledger.database.read() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(sa.select(table))]
    return "\n".join(map(str, rows))


def test_a_forgotten_address_does_not_linger_in_the_file(sqlite_url: str, tmp_path: Path) -> None:
    with Ledger.open(sqlite_url) as ledger:
        ledger.roster.import_customers([Customer(f"c{n}", f"somebody-{n}@mail.example") for n in range(500)])
        ledger.roster.forget("somebody-250@mail.example", NOON)

    left = b"".join(path.read_bytes() for path in tmp_path.glob("ledger.db*"))
    assert b"somebody-251@mail.example" in left
    assert b"somebody-250@mail.example" not in left

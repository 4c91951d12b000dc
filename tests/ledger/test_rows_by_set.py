"""What is done by the million is done by set, and comes out the same whichever database does it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from notifier.errors import LedgerError, Refused
from notifier.ledger import Ledger
from notifier.ledger.by_set.departures import Leaving
from notifier.ledger.by_set.rows_on_disk import RowsOnDisk
from notifier.ledger.journal.verification import examine_journal
from notifier.ledger.schema import batch, customer, delivery, journal, reader_group
from notifier.ledger.states import SHARED_ADDRESS
from notifier.notice.customer_csv import customer_id_of
from notifier.notice.delivery import Customer, DeliveryStatus, SuppressionReason
from notifier.proof.entry import EntryKind
from notifier.usecases.roster_file import open_roster
from tests.databases import empty_database
from tests.scenes import NOON, NOTICE, announced, event, frozen, message, people

PAID = frozenset({"paid"})
AUDIENCES = {"privacy": frozenset[str](), "dpa": PAID}
MESSAGES = [message(code, *said) for code in ("en", "de") for said in (("dpa", "privacy"), ("privacy",))]


def roster() -> Iterator[Customer]:
    """Languages, tags, mailboxes that some share in other letters, addresses beyond ASCII."""
    for n in range(400):
        address = f"Person{n % 350}@example.com" if n % 3 else f"person{n % 350}@Example.com"
        code = ("en", "de", "de-CH", "fr", "")[n % 5]
        yield Customer(f"c{n:03}", address, f"Straße {n}", code, PAID if n % 4 == 0 else frozenset({"eu"}))
    yield Customer("c-ä", "müller@example.com", "", "de", PAID)


@contextmanager
def frozen_on(url: str) -> Iterator[Ledger]:
    with Ledger.open(url) as ledger:
        for email in ("PERSON7@example.com", "person8@example.com", "müller@example.com"):
            ledger.roster.suppress(email, SuppressionReason.MANUAL, NOON)
        announced(ledger, roster(), messages=MESSAGES, audiences=AUDIENCES)
        ledger.notices.start(NOTICE, NOON)
        ledger.recipients.freeze(NOTICE, NOON, batch_size=30, chunk=130)
        yield ledger


def as_frozen(ledger: Ledger) -> tuple[object, ...]:
    """All that freezing decides; not the keys and salts, which are chance."""
    columns = [one for one in delivery.columns if one.name not in ("delivery_key", "salt")]
    with ledger.database.read() as connection:
        tables = [
            [tuple(row) for row in connection.execute(sa.select(*columns).order_by(*delivery.primary_key))],
            [tuple(row) for row in connection.execute(sa.select(batch).order_by(*batch.primary_key))],
            sorted(tuple(row) for row in connection.execute(sa.select(reader_group))),
        ]
        written = sa.select(journal.c.number).where(journal.c.kind == EntryKind.RECIPIENTS)
        (entry,) = connection.execute(written).scalars()
    said = ledger.journal.entry(entry)
    assert said is not None
    trees = [(one["message_no"], one["first"], one["last"]) for one in said.facts["trees"]]
    return (*tables, trees, said.facts["held_back"])


def test_one_roster_freezes_alike_on_both_databases(sqlite_url: str, postgres_url: str) -> None:
    empty_database(postgres_url)

    with frozen_on(sqlite_url) as one, frozen_on(postgres_url) as other:
        here, there = as_frozen(one), as_frozen(other)
        clean = [examine_journal(each.database.read).misfits for each in (one, other)]

    for mine, theirs in zip(here, there, strict=True):
        assert mine == theirs
    assert len(here[0]) == 401  # type: ignore[arg-type]
    assert {row[7] for row in here[0]} == {None, "manual", SHARED_ADDRESS}  # type: ignore[attr-defined]
    assert clean == [(), ()]


def partitions(url: str) -> set[str]:
    query = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'delivery'::regclass"
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return {row[0] for row in connection.execute(query)}


def finish(ledger: Ledger) -> int:
    """Everybody was written to; the notice's row."""
    while claims := ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1):
        ledger.attempts.record_accepted(claims[0], NOON)
    assert ledger.notices.finish(NOTICE, NOON)
    with ledger.database.read() as connection:
        return int(connection.execute(sa.select(delivery.c.notice_no).limit(1)).scalar_one())


def test_the_recipients_of_a_notice_that_is_over_go_with_their_partition(postgres_url: str) -> None:
    empty_database(postgres_url)
    with Ledger.open(postgres_url) as ledger:
        frozen(ledger, people(20))
        number = finish(ledger)
        before = ledger.deliveries.counts(NOTICE)
        assert f"delivery_{number}" in partitions(postgres_url)

        assert ledger.retention.retire(NOTICE, NOON) == 20

        assert f"delivery_{number}" not in partitions(postgres_url)
        assert ledger.deliveries.counts(NOTICE) == before
        assert examine_journal(ledger.database.read).misfits == ()


def test_where_somebody_reads_the_rows_go_and_the_partition_stays(postgres_url: str) -> None:
    empty_database(postgres_url)
    with Ledger.open(postgres_url) as ledger:
        frozen(ledger, people(20))
        number = finish(ledger)
        with ledger.database.read() as reading:
            reading.execute(sa.select(delivery).limit(1)).all()

            assert ledger.retention.retire(NOTICE, NOON) == 20

        assert f"delivery_{number}" in partitions(postgres_url)
        assert examine_journal(ledger.database.read).misfits == ()


def test_the_recipients_of_a_notice_that_goes_out_stay(ledger: Ledger) -> None:
    frozen(ledger, people(3))

    with pytest.raises(Refused, match="is sending"):
        ledger.retention.retire(NOTICE, NOON)


def test_two_accounts_that_share_the_mailbox_of_one_known_by_it_are_two_customers(ledger: Ledger) -> None:
    """The first of them is the one who was known by the address alone; nobody is lost until the next list."""
    ledger.roster.import_customers([Customer(customer_id_of("anna@example.com"), "anna@example.com")])

    counts = ledger.roster.import_customers([Customer("x", "Anna@example.com"), Customer("y", "anna@Example.com")])

    assert (counts.added, counts.changed) == (1, 1)
    assert [one.customer_id for one in ledger.roster.customers()] == ["x", "y"]


def test_a_list_that_says_an_id_twice_with_the_same_words_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("id,email\n1,a@x.org\n1,a@x.org\n1,b@x.org\n2,b@x.org\n")
    with open_roster(tmp_path / "roster.csv") as reading:
        found = [one.email for one in reading.customers()]

    assert found == ["a@x.org", "b@x.org"]
    assert [bad.line for bad in reading.bad_rows] == [4]
    assert "the same id as in line 2" in reading.bad_rows[0].reason


def lists() -> Iterator[list[Customer]]:
    """One after another, as a company might send them: without ids, then with some, moved, retagged, sharing, gone."""
    known = [Customer(customer_id_of(f"p{n}@x.org"), f"p{n}@x.org", f"P {n}", "en", PAID) for n in range(12)]
    yield known
    yield [Customer(f"c{n}", f"P{n // 2}@x.org", f"P {n}", "de" if n % 3 else "en", frozenset()) for n in range(10)]
    yield [*known[3:9], *(Customer(f"c{n}", f"moved{n}@x.org", tags=frozenset({"eu"})) for n in range(0, 10, 2))]
    yield [Customer(f"c{n}", f"p{n}@x.org", tags=PAID) for n in range(8)]


def roster_of(url: str) -> list[tuple[object, ...]]:
    with Ledger.open(url) as ledger:
        for day, some in enumerate(lists()):
            is_whole = day % 2 == 1
            ledger.roster.import_customers(some, whole_at=NOON if is_whole else None, whose=Leaving.ANYBODY)
        with ledger.database.read() as connection:
            return [tuple(row) for row in connection.execute(sa.select(customer).order_by(customer.c.number))]


def test_one_list_after_another_makes_the_same_roster_on_both_databases(sqlite_url: str, postgres_url: str) -> None:
    empty_database(postgres_url)

    here, there = roster_of(sqlite_url), roster_of(postgres_url)

    assert here == there
    assert len(here) > 12
    assert any(row[-4] is not None for row in here)


def test_two_takers_of_events_about_the_same_people_wait_for_each_other(postgres_url: str) -> None:
    """Whatever order each request has them in: neither is refused, and the higher status stands."""
    empty_database(postgres_url)
    with Ledger.open(postgres_url) as ledger:
        frozen(ledger, people(300))
        finish(ledger)
        with ledger.database.read() as connection:
            keys = list(connection.execute(sa.select(delivery.c.delivery_key).order_by(delivery.c.seq)).scalars())

        def take(turn: int) -> None:
            status = (DeliveryStatus.PROCESSED, DeliveryStatus.DELIVERED)[turn % 2]
            ledger.events.record([event(status, key) for key in keys[:: 1 if turn % 4 < 2 else -1]], NOON)

        with ThreadPoolExecutor(2) as takers:
            list(takers.map(take, range(4)))

        with ledger.database.read() as connection:
            found = connection.execute(sa.select(delivery.c.status, sa.func.count()).group_by(delivery.c.status)).all()
        assert [tuple(row) for row in found] == [("delivered", 300)]
        assert examine_journal(ledger.database.read).misfits == ()


@pytest.mark.parametrize("turn", [1, -1], ids=["in the order of their ids", "in another"])
def test_a_row_of_a_list_is_known_again_however_many_came_between(turn: int) -> None:
    rows = [(line, Customer(f"c{line}", f"person{line}@example.com")) for line in range(2, 2_002)][::turn]
    third = next(one for line, one in rows if line == 5)
    other = Customer("c17", "somebody.else@example.com")
    with closing(RowsOnDisk(at_once=300)) as firsts:
        before = [firsts.before(rows[start : start + 100]) for start in range(0, 2_000, 100)]

        assert not any(before)
        assert firsts.before([(3_000, third), (3_001, other), (3_002, Customer("new", "new@example.com"))]) == {
            3_000: (5, True),
            3_001: (17, False),
        }
        assert firsts.before([(3_003, Customer("new", "new@example.com"))]) == {3_003: (3_002, True)}


@pytest.mark.parametrize(
    "texts",
    [
        [
            "plain",
            "",
            "NULL",
            "null",
            None,
            " ",
            'say "no"',
            "back\\slash",
            "\\",
            '"',
            "{a,b}",
            "a\nb\tc",
            "müller 日本",
        ],
        [],
        [None, None],
        ["one"],
        [DeliveryStatus.BOUNCED, None],
    ],
)
def test_a_list_of_texts_comes_to_postgresql_as_it_is(postgres_url: str, texts: list[str | None]) -> None:
    with Ledger.open(postgres_url) as ledger, ledger.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT unnest(%s::text[]), cardinality(%s::int[])", (texts, [1, 2])).all()

    assert [row[0] for row in rows] == texts
    assert {row[1] for row in rows} <= {2}


def test_what_no_text_can_hold_is_refused_among_many(postgres_url: str) -> None:
    with Ledger.open(postgres_url) as ledger, pytest.raises(LedgerError), ledger.database.read() as connection:
        connection.exec_driver_sql("SELECT unnest(%s::text[])", (["a", "b\0c"],))


AS_ONE_BY_SMTP: dict[str, Callable[[Ledger], object]] = {
    "counting": lambda ledger: ledger.deliveries.counts(NOTICE),
    "asking who was asked": lambda ledger: ledger.deliveries.unasked(NOTICE),
    "cancelling": lambda ledger: ledger.notices.cancel(NOTICE, "Ann", NOON, "a mistake"),
    "sending again": lambda ledger: ledger.recovered.send_again(NOTICE, "Ann", NOON),
    "trying again": lambda ledger: ledger.batches.retry_not_reached(NOTICE, "Ann", NOON),
    "writing to who moved": lambda ledger: claimed_once_they_moved(ledger),
    "exporting": lambda ledger: list(ledger.retention.recipients(NOTICE)),
    "forgetting": lambda ledger: ledger.roster.forget("c7", NOON),
}
"""What looks at all batches of a notice, of which SMTP makes one for each recipient."""


def claimed_once_they_moved(ledger: Ledger) -> object:
    moved = [one._replace(email=f"new-{one.email}") for one in people(9)]
    ledger.roster.import_customers(moved)
    return ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)


@pytest.mark.parametrize("doing", AS_ONE_BY_SMTP)
def test_no_recipient_is_laid_beside_every_batch(postgres_url: str, doing: str) -> None:
    empty_database(postgres_url)
    asked: list[tuple[str, object]] = []

    with Ledger.open(postgres_url) as ledger:
        frozen(ledger, people(3_000), batch_size=1)
        with ledger.database.write() as connection:
            connection.exec_driver_sql("ANALYZE batch, delivery, customer")
        with noted(asked):
            AS_ONE_BY_SMTP[doing](ledger)

    with psycopg.connect(postgres_url.replace("+psycopg", "")) as server:
        plans = ["\n".join(row[0] for row in server.execute(f"EXPLAIN {said}", given)) for said, given in asked]  # type: ignore[call-overload]
    assert any("batch" in plan for plan in plans)
    assert [plan for plan in plans if re.search(r"Join Filter:.*\bseq\b", plan)] == []


ABOUT_BATCHES = re.compile(r"(SELECT|UPDATE|INSERT|DELETE)\b(?!.*\btouched\b).*\bbatch\b", re.DOTALL)


@contextmanager
def noted(asked: list[tuple[str, object]]) -> Iterator[None]:
    """Each statement of this time that a server has a plan for, with what it is given."""

    def note(*said: object) -> None:
        _, _, statement, given, _, is_many = said
        if not is_many and ABOUT_BATCHES.match(str(statement)):
            asked.append((str(statement), given))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


def test_a_notice_of_many_letters_is_called_off_at_once(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        frozen(ledger, people(6_000), batch_size=1)
        started = time.process_time()

        assert ledger.notices.cancel(NOTICE, "Ann", NOON, "a mistake") == 6_000

        assert time.process_time() - started < 0.8

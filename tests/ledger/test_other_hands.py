"""Somebody with the database's password changes who is told: it is found out before anything leaves."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Any

import psycopg
import pytest

from notifier.errors import Refused
from notifier.ledger import Ledger
from notifier.ledger.by_set.departures import Leaving
from notifier.ledger.evidence.claimed_people import FrozenPeople
from notifier.ledger.journal.beginning import begin_journal
from notifier.ledger.journal.verification import examine_journal
from notifier.notice.delivery import Customer, NoticeState, SuppressionReason
from notifier.usecases.deliver import deliver
from tests.databases import empty_tables
from tests.mailers import MemoryMailer
from tests.scenes import NOON, NOTICE, RULES, Clock, announced, frozen, people

AMONG_THE_ROSTER = (
    "DELETE FROM customer WHERE customer_id = 'c3'",
    "UPDATE customer SET email = 'x@evil.example', email_key = 'x@evil.example' WHERE customer_id = 'c4'",
    "UPDATE customer SET tags = '[\"none\"]' WHERE customer_id = 'c5'",
    "UPDATE customer SET language = 'de' WHERE customer_id = 'c6'",
    "UPDATE customer SET left_at = '2026-01-01 00:00:00' WHERE customer_id = 'c7'",
    "UPDATE customer SET since = '2027-01-01' WHERE customer_id = 'c8'",
    "UPDATE secret SET value = 'ab' WHERE name = 'suppressions'",
    "DELETE FROM roster_sum",
    "UPDATE roster_sum SET rows = 7",
    "UPDATE roster_sum SET salt = 'none', total = 'none'",
)
AMONG_THE_FROZEN = (
    "UPDATE delivery SET email = 'x@evil.example' WHERE seq = 17",
    "UPDATE delivery SET name = 'Somebody' WHERE seq = 17",
    "UPDATE delivery SET customer_id = 'c3' WHERE seq = 17",
    "UPDATE delivery SET email = 'x@evil.example', salt = NULL, leaf = NULL WHERE seq = 17",
    "DELETE FROM delivery WHERE seq = 17",
)
SWAPPED = (
    "UPDATE delivery SET email = (SELECT email FROM kept WHERE kept.seq = 304 - delivery.seq) WHERE seq IN (151, 153)"
)
"""Two of one batch, each with the other's address."""
SET_BACK_WITH_ATTEMPTS = (
    ("UPDATE batch SET state = 'pending' WHERE batch_no = 1", "UPDATE attempt SET outcome = 'not_sent'"),
    ("UPDATE batch SET state = 'pending', attempts = 0, fence = 0 WHERE batch_no = 1", "DELETE FROM attempt"),
    (
        "UPDATE batch SET state = 'accepted', attempts = 1, fence = 1 WHERE batch_no = 3",
        "INSERT INTO attempt (attempt_id, notice_no, batch_no, n, message_no, first_seq, last_seq, recipients, mailer, "
        "created_at, outcome, finished_at) SELECT 'forged', notice_no, 3, n, message_no, 21, 30, 10, mailer, "
        "created_at, outcome, finished_at FROM attempt WHERE batch_no = 1",
    ),
)
"""Well done: the batch and its attempts tell one story."""
SET_BACK = (
    "UPDATE batch SET state = 'pending', fence = 0, attempts = 0 WHERE batch_no = 1",
    "UPDATE batch SET state = 'pending' WHERE batch_no = 2",
)


def by_hand(ledger: Ledger, statement: str) -> None:
    """From a connection that is none of ours."""
    if ledger.database.is_sqlite:
        with closing(sqlite3.connect(ledger.database.path)) as file, file:
            file.execute(statement)
        return
    with psycopg.connect(ledger.database.url.set(drivername="postgresql").render_as_string(hide_password=False)) as one:
        one.execute(statement.encode())


def send(ledger: Ledger) -> int:
    mailer = MemoryMailer(batch_size=10)
    deliver(ledger, mailer, RULES, Clock().environment())
    return sum(mailer.accepted.values())


def test_the_roster_is_as_notifier_left_it_whatever_notifier_did(ledger: Ledger) -> None:
    ledger.roster.import_customers(people(30), whole_at=NOON)
    ledger.roster.suppress("person2@example.com", SuppressionReason.MANUAL, NOON)
    ledger.roster.import_customers([*people(20), *people(3, tags=frozenset({"chat"}))], whole_at=NOON)
    ledger.roster.import_customers(people(25, language="de"), whole_at=NOON, whose=Leaving.ANYBODY)
    ledger.roster.forget("c2", NOON)
    announced(ledger)
    with suppress(RuntimeError), ledger.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM customer")
        raise RuntimeError

    assert ledger.held_rows.roster_fault() == ""
    assert examine_journal(ledger.database.read).misfits == ()


def test_another_hand_in_the_roster_is_found_until_a_person_takes_it_on(ledger: Ledger) -> None:
    ledger.roster.import_customers(people(30))
    ledger.roster.suppress("person2@example.com", SuppressionReason.MANUAL, NOON)
    for statement in AMONG_THE_ROSTER:
        by_hand(ledger, statement)
        ledger.roster.import_customers(people(1, language="de"))  # a write of ours in between takes nothing on
        ledger.roster.import_customers(people(1))

        assert ledger.held_rows.roster_fault(), statement
        assert len(examine_journal(ledger.database.read).misfits) == 1

        ledger.held_rows.take_roster_on("Ana", NOON, "I did it")
        assert ledger.held_rows.roster_fault() == ""
    assert examine_journal(ledger.database.read).misfits == ()


def test_whichever_thread_looks_at_what_is_held_others_may_go_on(ledger: Ledger) -> None:
    """A worker looks whenever it thinks of it, and whenever a job calls it: two threads, one after the other."""
    announced(ledger)
    with ThreadPoolExecutor(1) as called:
        assert called.submit(ledger.held_rows.edits).result() == ()
    assert ledger.held_rows.edits() == ()


def test_what_the_journal_says_of_the_roster_says_nothing_of_who_went(ledger: Ledger) -> None:
    """The sums of before and after would differ by the hash of one person, which whoever knows them can make."""
    ledger.roster.import_customers(people(3))
    seals = []
    for _ in range(2):
        ledger.roster.import_customers(people(1, language="de"))
        ledger.roster.import_customers(people(1))
        seals.append(list(ledger.journal.entries())[-1].facts["roster"]["seal"])

    assert len(set(seals)) == 2, "the same roster, another salt"


def test_nobody_is_written_to_who_was_not_frozen(ledger: Ledger) -> None:
    frozen(ledger, people(30))
    by_hand(ledger, "CREATE TABLE kept AS SELECT * FROM delivery WHERE seq = 17")
    for statement in AMONG_THE_FROZEN:
        by_hand(ledger, statement)
        mailer = MemoryMailer(batch_size=10)

        (report,) = deliver(ledger, mailer, RULES, Clock().environment()).notices

        assert (sum(mailer.accepted.values()), report.notice.state) == (0, NoticeState.HELD), statement
        assert "is not as entry" in (report.notice.why or "")
        by_hand(ledger, "DELETE FROM delivery WHERE seq = 17")
        by_hand(ledger, "INSERT INTO delivery SELECT * FROM kept")
        ledger.notices.resume(NOTICE, "Ana", NOON)
    by_hand(ledger, "DROP TABLE kept")
    assert send(ledger) == 30


def test_a_batch_of_which_everybody_was_taken_out_stops_the_notice(ledger: Ledger) -> None:
    frozen(ledger, people(1_200), batch_size=150)
    by_hand(ledger, "CREATE TABLE kept AS SELECT * FROM delivery WHERE seq > 1050")
    by_hand(ledger, "DELETE FROM delivery WHERE seq > 1050")
    mailer = MemoryMailer(batch_size=150)

    (report,) = deliver(ledger, mailer, RULES, Clock().environment()).notices

    assert (report.notice.state, "is not as entry" in (report.notice.why or "")) == (NoticeState.HELD, True)
    by_hand(ledger, "INSERT INTO delivery SELECT * FROM kept")
    by_hand(ledger, "DROP TABLE kept")
    ledger.notices.resume(NOTICE, "Ana", NOON)
    assert sum(mailer.accepted.values()) + send(ledger) == 1_200


def test_a_batch_that_is_as_it_was_cut_is_held_to_one_hash_and_any_other_to_its_leaves(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen(ledger, people(320), batch_size=100)
    looked_at = list[int]()
    block = FrozenPeople.block

    def noted(mine: FrozenPeople, *more: Any) -> list[bytes]:
        looked_at.append(more[-1])
        return block(mine, *more)

    monkeypatch.setattr(FrozenPeople, "block", noted)
    for statement in (
        SWAPPED,
        "UPDATE delivery SET email = 'x@evil.example' WHERE seq = 317",
        "UPDATE delivery SET customer_id = 'c3' WHERE seq = 317",
        "UPDATE delivery SET name = name || '\x1f' WHERE seq = 317",
    ):
        by_hand(ledger, "CREATE TABLE kept AS SELECT * FROM delivery")
        by_hand(ledger, statement)
        mailer = MemoryMailer(batch_size=100)

        (report,) = deliver(ledger, mailer, RULES, Clock().environment()).notices

        assert "x@evil.example" not in mailer.accepted
        assert (report.notice.state, "is not as entry" in (report.notice.why or "")) == (NoticeState.HELD, True)
        by_hand(ledger, "DELETE FROM delivery")
        by_hand(ledger, "INSERT INTO delivery SELECT * FROM kept")
        by_hand(ledger, "DROP TABLE kept")
        ledger.notices.resume(NOTICE, "Ana", NOON)
    looked_at.clear()
    deliver(ledger, MemoryMailer(batch_size=100), RULES, Clock().environment())

    assert looked_at == []
    assert ledger.notices.get(NOTICE).state == NoticeState.FINISHED


def test_in_a_batch_that_is_as_it_was_cut_everybody_gets_their_own_letter_and_who_is_held_back_none(
    ledger: Ledger,
) -> None:
    everybody = [one._replace(name=f"Zoë 🙂 {one.customer_id}") for one in people(250)]
    everybody[5] = everybody[5]._replace(email=everybody[4].email)
    announced(ledger, everybody)
    ledger.roster.suppress("person2@example.com", SuppressionReason.MANUAL, NOON)
    ledger.notices.start(NOTICE, NOON)
    ledger.recipients.freeze(NOTICE, NOON, batch_size=100)
    ledger.roster.suppress("person120@example.com", SuppressionReason.MANUAL, NOON)
    ledger.roster.forget("c249", NOON)

    claims = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=9)

    told = [(seq, email, name) for claim in claims for seq, _, email, name in claim.recipients]
    held_back = {everybody[n] for n in (2, 5, 120, 249)}
    assert told == [(seq, one.email, one.name) for seq, one in enumerate(everybody, 1) if one not in held_back]
    assert all(key.startswith(f"{seq:08x}") for claim in claims for seq, key, *_ in claim.recipients)


def test_an_address_that_the_roster_still_has_is_put_back(ledger: Ledger) -> None:
    frozen(ledger, people(30))
    ledger.roster.import_customers(people(5, language="de")[:3])
    by_hand(ledger, AMONG_THE_FROZEN[0])
    by_hand(ledger, "UPDATE delivery SET name = 'Somebody' WHERE seq = 4")

    put_back = ledger.frozen_rows.put_back("Ana", NOON)

    assert [line.split(":")[1] for line in put_back] == [
        " recipient 4 of its message 0 was another",
        " recipient 17 of its message 0 was another",
    ]
    assert send(ledger) == 30
    assert examine_journal(ledger.database.read).misfits == ()


def test_nobody_gets_it_twice_because_another_hand_set_a_batch_back(ledger: Ledger) -> None:
    frozen(ledger, people(30))
    claims = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=2)
    for one in claims:
        ledger.attempts.record_accepted(one, NOON)
    for statement in SET_BACK:
        by_hand(ledger, statement)
        mailer = MemoryMailer(batch_size=10)

        (report,) = deliver(ledger, mailer, RULES, Clock().environment()).notices

        assert sum(mailer.accepted.values()) == 0
        assert "is not as the journal has it last: another hand was there" in (report.notice.why or "")
        by_hand(ledger, "UPDATE batch SET state = 'accepted' WHERE batch_no < 3")
        ledger.notices.resume(NOTICE, "Ana", NOON)
    assert send(ledger) == 10


def test_a_batch_that_was_edited_with_all_its_attempts_is_found_and_put_back(ledger: Ledger) -> None:
    frozen(ledger, people(30))
    for one in ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=2):
        ledger.attempts.record_accepted(one, NOON)
    assert ledger.held_rows.edits() == ()
    ledger.close()  # and goes on, as a backup has it
    for statements in SET_BACK_WITH_ATTEMPTS:
        for statement in statements:
            by_hand(ledger, statement)

        assert {one.source for one in ledger.held_rows.edits()} == {"batch", "attempt"}
        assert ledger.held_rows.notices() == {NOTICE}, "nothing of it leaves in the next run"
        assert len(ledger.held_rows.put_back("Ana", NOON)) in (2, 3)
        assert ledger.held_rows.edits() == ()
        assert examine_journal(ledger.database.read).misfits == ()
    assert send(ledger) == 10


def test_a_batch_that_is_edited_with_all_its_attempts_before_the_next_claim_leaves_no_second_time(
    ledger: Ledger, ledger_url: str
) -> None:
    """After the run has looked, by whoever claims next: the process that sent it, or another one."""
    frozen(ledger, people(30))
    with Ledger.open(ledger_url) as other:
        for claimant in (ledger, other):
            (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)
            ledger.attempts.record_accepted(claim, NOON)
            for statement in SET_BACK_WITH_ATTEMPTS[1]:
                by_hand(ledger, statement)

            assert claimant.batches.claim(NOTICE, NOON, mailer="memory", limit=3) == ()

            stopped = ledger.notices.get(NOTICE)
            assert "batch 1 is not as the journal has it last" in (stopped.why or "")
            ledger.held_rows.put_back("Ana", NOON)
            ledger.notices.resume(NOTICE, "Ana", NOON)
        assert send(other) == 10


def test_who_is_elsewhere_by_now_is_frozen_anew_from_no_batch_that_another_hand_set_back(ledger: Ledger) -> None:
    frozen(ledger, people(30))
    (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)
    ledger.attempts.record_accepted(claim, NOON)
    moved = Customer("c15", "elsewhere@example.com", name="Person 15")
    ledger.roster.import_customers([Customer("c3", "away@example.com", name="Person 3"), moved])
    for statement in SET_BACK_WITH_ATTEMPTS[1]:
        by_hand(ledger, statement)

    assert (send(ledger), ledger.notices.get(NOTICE).state) == (0, NoticeState.HELD)


def test_a_notice_that_was_half_sent_when_its_ledger_began_a_journal_goes_on(ledger: Ledger) -> None:
    frozen(ledger, people(30))
    (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)
    ledger.attempts.record_accepted(claim, NOON)
    with ledger.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM journal")
        connection.exec_driver_sql("DELETE FROM journal_head")
        begin_journal(connection, NOON)

    assert ledger.held_rows.edits() == ()
    assert send(ledger) == 20


def test_no_notice_ends_by_a_batch_that_another_hand_had_taken(ledger: Ledger) -> None:
    """Written while it was being sent, after the run had looked; with attempt and all."""
    frozen(ledger, people(30))
    for one in ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=2):
        ledger.attempts.record_accepted(one, NOON)
    for statement in SET_BACK_WITH_ATTEMPTS[2]:
        by_hand(ledger, statement)

    assert send(ledger) == 0
    stopped = ledger.notices.get(NOTICE)
    assert (stopped.state, "batch 3 of notice" in (stopped.why or "")) == (NoticeState.HELD, True)
    ledger.held_rows.put_back("Ana", NOON)
    ledger.notices.resume(NOTICE, "Ana", NOON)
    assert send(ledger) == 10
    assert ledger.notices.get(NOTICE).state is NoticeState.FINISHED


def test_a_notice_that_was_cut_short_in_freezing_is_held_where_the_roster_was_changed(ledger: Ledger) -> None:
    announced(ledger, people(30))
    ledger.notices.start(NOTICE, NOON)
    by_hand(ledger, AMONG_THE_ROSTER[0])
    mailer = MemoryMailer(batch_size=10)

    (report,) = deliver(ledger, mailer, RULES, Clock().environment()).notices

    assert (mailer.accepted, report.notice.state) == ({}, NoticeState.HELD)
    assert "29 rows, 30 then" in (report.waiting_for or "")


def test_who_was_forgotten_and_who_was_retried_are_nobody_else(ledger: Ledger) -> None:
    frozen(ledger, people(2_100), batch_size=700)
    ledger.roster.forget("c17", NOON)
    ledger.roster.forget("c1500", NOON)
    mailer = MemoryMailer(batch_size=700)
    deliver(ledger, mailer, RULES, Clock().environment())
    assert (sum(mailer.accepted.values()), ledger.notices.get(NOTICE).state) == (2_098, NoticeState.FINISHED)

    ledger.roster.import_customers([*people(2_101)[2_100:]])
    ledger.extensions.extend(NOTICE, "Ana", NOON)
    deliver(ledger, mailer, RULES, Clock().environment())

    assert sum(mailer.accepted.values()) == 2_099
    with pytest.raises(Refused, match="nobody"):
        ledger.extensions.extend(NOTICE, "Ana", NOON)


def test_a_ledger_that_was_replaced_is_looked_at_anew(ledger: Ledger) -> None:
    """A process that goes on over a restored copy remembers blocks of a notice that has the same number."""
    frozen(ledger, people(3))
    assert send(ledger) == 3
    empty_tables(ledger)
    frozen(ledger, people(30))

    assert send(ledger) == 30

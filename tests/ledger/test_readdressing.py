"""Between freezing and sending lie hours where a provider is away: who moves or leaves meanwhile is written to as the
roster has them when it goes on, and nobody twice."""

from __future__ import annotations

import os
import signal
from collections import Counter
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from notifier.errors import Unavailable
from notifier.ledger import Ledger
from notifier.ledger.by_set.departures import Leaving
from notifier.ledger.evidence.ledger_move import move_rows
from notifier.ledger.journal.verification import examine_journal
from notifier.ledger.schema import delivery
from notifier.ledger.states import FROZEN_ANEW, LEFT_ROSTER, SHARED_ADDRESS
from notifier.notice.delivery import Customer, DeliveryStatus, NoticeState
from notifier.usecases.deliver import deliver
from tests.databases import empty_database
from tests.ledger.test_other_hands import by_hand
from tests.mailers import MemoryMailer, refuse
from tests.processes import Kill, in_child
from tests.scenes import NOON, NOTICE, RULES, Clock, announced, event, frozen, message, people

LATER = NOON + timedelta(hours=5)
TOMORROW = NOON + timedelta(days=1)


def change(ledger: Ledger, *customers: Customer) -> None:
    """The company's whole list has just these now."""
    ledger.roster.import_customers(customers, whole_at=LATER, whose=Leaving.ANYBODY)


def goes_on(ledger: Ledger, mailer: MemoryMailer | None = None, at: datetime = LATER) -> Counter[str]:
    """What the next pass writes to whom; everything adds up afterwards, and the journal holds."""
    mailer = mailer or MemoryMailer(batch_size=3)
    deliver(ledger, mailer, RULES, Clock(at).environment())
    holds(ledger)
    return mailer.accepted


def holds(ledger: Ledger) -> None:
    assert ledger.deliveries.check_counts() == ()
    assert examine_journal(ledger.database.read).misfits == ()


def stands(ledger: Ledger, customer_id: str) -> tuple[str, str | None]:
    (one,) = ledger.deliveries.of_customer(customer_id)
    return one.status.value, one.reason


@pytest.fixture
def away(ledger: Ledger) -> Ledger:
    """Seven are frozen, three a batch, and the provider has been away since."""
    announced(ledger, people(7))
    down = MemoryMailer(batch_size=3, faults=[refuse(Unavailable("no route to host"))] * 20)
    deliver(ledger, down, RULES, Clock().environment())
    assert ledger.deliveries.counts(NOTICE).queued == 7
    assert not down.accepted
    return ledger


def test_who_moved_gets_the_letter_at_the_new_address_alone_and_who_left_none(away: Ledger) -> None:
    first, second, *others, last = people(7)
    change(away, first, second._replace(email="new@example.com", name="New Name"), *others)

    assert goes_on(away) == dict.fromkeys(("new@example.com", *(one.email for one in (first, *others))), 1)

    assert stands(away, "c1") == ("accepted", None)
    assert stands(away, last.customer_id) == ("suppressed", LEFT_ROSTER)
    counts = away.deliveries.counts(NOTICE)
    assert (counts.recipients, counts.accepted, counts.suppressed) == (7, 6, 1)
    assert away.recipients.frozen() == {NOTICE: 7}
    assert away.readers.by_message(NOTICE) == (7,)
    listed = {one.customer_id: one.email for one in away.readers.all(NOTICE)}
    assert listed["c1"] == "new@example.com"
    assert len(listed) == len(list(away.readers.all(NOTICE))) == 7
    assert away.deliveries.unreached(NOTICE) == 0
    assert away.notices.get(NOTICE).state is NoticeState.FINISHED
    details = [one.detail for one in away.audit.entries(NOTICE) if "frozen" in one.what]
    assert details == ["7 recipients", "anew, as the roster has them now: 1; 1 left it"]


@pytest.mark.parametrize(("mended", "told"), [(True, 7), (False, 4)])
def test_a_list_that_was_cut_short_while_letters_wait_stops_the_notice_until_somebody_has_looked(
    away: Ledger, mended: bool, told: int
) -> None:
    change(away, *people(7)[:4])
    before = goes_on(away)
    assert before == {one.email: 1 for one in people(7)[:3]}  # a batch of which nobody left
    stopped = away.notices.get(NOTICE)
    assert (stopped.state, stopped.why) == (
        NoticeState.HELD,
        "3 of its 7 recipients left the roster since 2026-11-01 12:00 UTC: was a list cut short?",
    )
    if mended:
        change(away, *people(7))
    away.notices.resume(NOTICE, "operator", TOMORROW)

    after = goes_on(away, at=TOMORROW + timedelta(hours=1))

    assert before + after == {one.email: 1 for one in people(7)[:told]}

    assert away.notices.get(NOTICE).state is NoticeState.FINISHED
    assert away.deliveries.counts(NOTICE).suppressed == 7 - told


@pytest.mark.parametrize("is_resumed", [False, True])
def test_no_clock_that_is_behind_hides_that_a_list_was_cut_short(away: Ledger, is_resumed: bool) -> None:
    """Nor does a word on something else; and two halves are one whole."""
    if is_resumed:
        away.notices.hold(NOTICE, "operator", TOMORROW, "lunch")
        away.notices.resume(NOTICE, "operator", TOMORROW)
    earlier = NOON - timedelta(days=1)
    away.roster.import_customers(people(7)[1:], whole_at=earlier, whose=Leaving.ANYBODY)
    assert not goes_on(away, MemoryMailer(batch_size=3, faults=[refuse(Unavailable("away"))] * 9))
    assert (away.notices.get(NOTICE).state, stands(away, "c0")[1]) == (NoticeState.SENDING, LEFT_ROSTER)
    away.roster.import_customers(people(7)[2:], whole_at=earlier, whose=Leaving.ANYBODY)

    assert not goes_on(away, at=TOMORROW)

    assert "2 of its 7 recipients left the roster since" in (away.notices.get(NOTICE).why or "")


def test_a_list_that_gives_everybody_one_address_stops_the_notice_until_somebody_has_looked(away: Ledger) -> None:
    change(away, *(one._replace(email="filled@down.example") for one in people(7)))
    assert not goes_on(away)
    stopped = away.notices.get(NOTICE)
    assert stopped.state is NoticeState.HELD
    assert stopped.why == "7 of 7 customers have one and the same address, and get one letter: is that column right?"

    away.notices.resume(NOTICE, "operator", TOMORROW)

    assert goes_on(away, at=TOMORROW) == {"filled@down.example": 1}


def test_everybody_moved_and_moved_again(away: Ledger) -> None:
    change(away, *(one._replace(email=f"once-{one.email}") for one in people(7)))
    down = MemoryMailer(batch_size=3, faults=[refuse(Unavailable("still away"))] * 20)
    assert not goes_on(away, down)
    change(away, *(one._replace(email=f"twice-{one.email}") for one in people(7)))

    assert goes_on(away, at=TOMORROW) == {f"twice-person{n}@example.com": 1 for n in range(7)}
    assert away.deliveries.counts(NOTICE).recipients == 7


def test_nothing_is_frozen_anew_where_nobody_moved(away: Ledger) -> None:
    change(away, *people(7), Customer("joined", "joined@example.com"))

    assert goes_on(away) == {f"person{n}@example.com": 1 for n in range(7)}
    assert away.readers.by_message(NOTICE) == (7,)
    assert len([one for one in away.audit.entries(NOTICE) if "frozen" in one.what]) == 1


def test_a_letter_that_may_have_left_stays_one_letter(ledger: Ledger) -> None:
    frozen(ledger, people(4), batch_size=2)
    (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)
    ledger.attempts.record_in_doubt(claim, NOON, "no answer")
    change(ledger, *(one._replace(email=f"new-{one.email}") for one in people(4)))

    (other,) = ledger.batches.claim(NOTICE, LATER, mailer="memory", limit=5)
    assert [email for *_, email, _ in other.recipients] == ["new-person2@example.com", "new-person3@example.com"]
    ledger.in_doubt.resend_all(NOTICE, "anna", LATER)

    (again,) = ledger.batches.claim(NOTICE, LATER, mailer="memory", limit=5)
    assert [email for *_, email, _ in again.recipients] == ["person0@example.com", "person1@example.com"]
    assert ledger.deliveries.counts(NOTICE).possible_duplicates == 2
    holds(ledger)


def test_what_was_under_way_and_never_left_is_looked_at_again(ledger: Ledger) -> None:
    frozen(ledger, people(2), batch_size=2)
    (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)
    change(ledger, people(2)[0], people(2)[1]._replace(email="new@example.com"))
    ledger.attempts.record_not_sent(claim, NOON, "refused", not_before=LATER)

    (first,) = ledger.batches.claim(NOTICE, LATER, mailer="memory", limit=1)
    (second,) = ledger.batches.claim(NOTICE, LATER, mailer="memory", limit=1)
    assert [one[2] for one in (*first.recipients, *second.recipients)] == ["person0@example.com", "new@example.com"]


@pytest.mark.parametrize("who", ["first", "other", "both", "in"])
def test_one_mailbox_of_two_that_part_or_meet(ledger: Ledger, who: str) -> None:
    """The one whose letter told both moves, the one who was told by it, both together, or somebody moves in."""
    one, other, third = (Customer(f"c{n}", "shared@example.com", f"Person {n}") for n in range(3))
    third = third._replace(email="alone@example.com")
    frozen(ledger, [one, other, third])
    assert stands(ledger, "c1")[1] == f"{SHARED_ADDRESS}: queued"
    moved = {
        "first": (one._replace(email="new@example.com"), other, third),
        "other": (one, other._replace(email="new@example.com"), third),
        "both": (one._replace(email="new@example.com"), other._replace(email="new@example.com"), third),
        "in": (one, other, third._replace(email="Shared@example.com")),
    }[who]
    change(ledger, *moved)

    got = goes_on(ledger)

    assert {email.lower() for email in got} == {person.email.lower() for person in moved}
    assert set(got.values()) == {1}
    assert ledger.deliveries.unreached(NOTICE) == 0
    assert all("accepted" in " ".join(filter(None, stands(ledger, f"c{n}"))) for n in range(3))


def test_where_audiences_differ_who_moves_keeps_their_own_letter(ledger: Ledger) -> None:
    audiences = {"privacy": frozenset[str](), "terms": frozenset({"pro"})}
    both = Customer("c0", "one@example.com", tags=frozenset({"pro"}))
    messages = [message("en", "privacy"), message("en", "privacy", "terms")]
    frozen(ledger, [both, Customer("c1", "two@example.com")], messages=messages, audiences=audiences)
    change(ledger, both._replace(email="new@example.com", tags=frozenset()), Customer("c1", "two@example.com"))

    mailer = MemoryMailer()
    goes_on(ledger, mailer)
    policies = {one.email: sent.message.policies for sent in mailer.envelopes for one in sent.addressees}
    assert policies == {"new@example.com": ("privacy", "terms"), "two@example.com": ("privacy",)}


def test_who_came_back_after_it_went_out_is_not_reached_until_a_retry(away: Ledger) -> None:
    change(away, *people(6))
    goes_on(away)
    assert away.deliveries.unreached(NOTICE) == 0

    change(away, *people(6), people(7)[6]._replace(email="back@example.com"))
    assert away.deliveries.unreached(NOTICE) == 1
    assert away.batches.retry_not_reached(NOTICE, "anna", LATER) == 1
    assert goes_on(away) == {"back@example.com": 1}
    assert away.deliveries.unreached(NOTICE) == 0


def test_a_retry_writes_to_the_mended_address_and_the_evidence_shows_both(ledger: Ledger) -> None:
    frozen(ledger, people(3))
    (first,) = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)
    ledger.attempts.record_accepted(first, NOON)
    keys = {email: key for _, key, email, _ in first.recipients}
    bounced = [
        event(DeliveryStatus.BOUNCED, keys[f"person{n}@example.com"], attempt_id=first.attempt_id) for n in (0, 1)
    ]
    ledger.events.record(bounced, NOON)
    ledger.notices.finish(NOTICE, NOON)
    change(ledger, people(1)[0]._replace(email="mended@example.com"), people(3)[2])

    assert ledger.batches.retry_not_reached(NOTICE, "anna", LATER) == 1  # who left is written to no more

    assert goes_on(ledger) == {"mended@example.com": 1}
    assert stands(ledger, "c0") == ("accepted", None)
    told = [
        (one.delivery["email"], one.delivery.get("reason")) for one in ledger.told.of_customer("c0") if one.delivery
    ]
    assert told == [("person0@example.com", FROZEN_ANEW), ("mended@example.com", None)]
    late = event(DeliveryStatus.COMPLAINED, keys["person0@example.com"], event_id="late")
    ledger.events.record([late], LATER)
    assert ledger.deliveries.counts(NOTICE).recipients == 3
    holds(ledger)


def test_who_changes_a_frozen_address_is_found_out_all_the_same(away: Ledger) -> None:
    by_hand(away, "UPDATE delivery SET email = 'thief@example.com' WHERE seq = 2")
    change(away, *people(6), people(7)[6]._replace(email="new@example.com"))

    mailer = MemoryMailer(batch_size=3)
    deliver(away, mailer, RULES, Clock(LATER).environment())
    assert not mailer.accepted
    assert "another hand" in str(away.notices.get(NOTICE).why)


def test_who_changes_an_address_on_the_roster_gets_no_letter(away: Ledger) -> None:
    change(away, *people(6), people(7)[6]._replace(email="new@example.com"))
    by_hand(away, "UPDATE customer SET email = 'thief@example.com' WHERE customer_id = 'c1'")

    mailer = MemoryMailer(batch_size=3)
    deliver(away, mailer, RULES, Clock(LATER).environment())
    assert not mailer.accepted
    assert "roster" in str(away.notices.get(NOTICE).why)


KILLED = {
    "before they are taken out": Kill("notifier.ledger.sending.readdressing:_hold"),
    "with the new rows written": Kill("notifier.ledger.sending.readdressing:insert_deliveries", "after"),
    "with the new batches cut": Kill("notifier.ledger.sending.readdressing:cut_batches", "after"),
    "with them frozen anew, before the claim": Kill("notifier.ledger.sending.batches:freeze_anew", "after"),
    "after the claim": Kill("notifier.ledger.sending.batches:_take", "after"),
}


@pytest.mark.parametrize("kill", KILLED.values(), ids=KILLED)
def test_killed_in_between_the_next_run_writes_to_everybody_once(either_url: str, kill: Kill) -> None:
    with Ledger.open(either_url) as ledger:
        frozen(ledger, people(7), batch_size=3)
        change(ledger, *(one._replace(email=f"new-{one.email}") for one in people(7)))

    def send() -> None:
        with Ledger.open(either_url) as ledger:
            deliver(ledger, MemoryMailer(batch_size=3), RULES, Clock(LATER).environment())
            os._exit(0)

    assert in_child(send, kills=[kill]) == -signal.SIGKILL
    with Ledger.open(either_url) as ledger:
        holds(ledger)
        assert goes_on(ledger) == {f"new-person{n}@example.com": 1 for n in range(7)}


def test_a_person_who_is_forgotten_is_so_at_each_address(away: Ledger) -> None:
    change(away, *people(6), people(7)[6]._replace(email="new@example.com"))
    goes_on(away)

    away.roster.forget("c6", TOMORROW)

    named = sa.select(sa.func.count()).where(delivery.c.email.in_(["new@example.com", "person6@example.com"]))
    with away.database.read() as connection:
        assert connection.execute(named).scalar_one() == 0
    holds(away)
    assert away.deliveries.counts(NOTICE).recipients == 7


def test_when_their_time_is_over_the_counts_stay_without_anybody_s_rows(away: Ledger) -> None:
    change(away, *people(5), people(7)[5]._replace(email="new@example.com"))
    goes_on(away)
    before = away.deliveries.counts(NOTICE)
    assert (before.recipients, before.suppressed) == (7, 1)

    away.retention.retire(NOTICE, TOMORROW)

    assert away.deliveries.counts(NOTICE) == before
    with away.database.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(delivery)).scalar_one() == 0
    holds(away)


def test_a_ledger_moves_with_those_who_were_frozen_anew_and_goes_on_there(sqlite_url: str, postgres_url: str) -> None:
    """One moved before the ledger did, another after it; the last batch waits meanwhile."""
    empty_database(postgres_url)
    first, second, *others = people(7)
    second = second._replace(email="second@new.example")
    with Ledger.open(sqlite_url) as ledger:
        frozen(ledger, people(7), batch_size=3)
        change(ledger, first, second, *others)
        (claim,) = ledger.batches.claim(NOTICE, LATER, mailer="memory", limit=1)
        ledger.attempts.record_accepted(claim, LATER)
        with Ledger.open(postgres_url) as there:
            move_rows(ledger.database, there.database, postgres_url)
    last = others.pop()._replace(email="last@new.example")
    with Ledger.open(postgres_url) as there:
        change(there, first, second, *others, last)

        sent = goes_on(there)

        written = [email for *_, email, _ in claim.recipients]
        assert sorted([*written, *sent.elements()]) == sorted(one.email for one in (first, second, *others, last))
        assert there.notices.get(NOTICE).state is NoticeState.FINISHED

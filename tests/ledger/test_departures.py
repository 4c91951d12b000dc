"""Who left the company's list, who joined it, and notices that a ledger lost: on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifier.errors import Refused
from notifier.ledger import Ledger
from notifier.ledger.by_set.departures import RosterLoss
from notifier.ledger.sending.extensions import Extended
from notifier.ledger.states import SHARED_ADDRESS
from notifier.notice.delivery import Customer, NoticeState
from notifier.notice.message import Notice
from tests.scenes import NOON, NOTICE, frozen, message, people, posted, significant_posting


def test_who_is_not_in_the_companys_list_any_more_has_left_and_comes_back_with_it(ledger: Ledger) -> None:
    ledger.roster.import_customers(people(5), whole_at=NOON)

    counts = ledger.roster.import_customers(people(3), whole_at=NOON + timedelta(days=1))

    assert (counts.unchanged, counts.left) == (3, 2)
    assert len(list(ledger.roster.customers())) == 3
    assert ledger.departures.since(NOON).lost == 2
    assert ledger.roster.import_customers(people(5), whole_at=NOON + timedelta(days=2)).left == 0
    assert len(list(ledger.roster.customers())) == 5


def test_a_list_that_is_not_whole_and_an_import_by_hand_take_nobody_away(ledger: Ledger) -> None:
    ledger.roster.import_customers(people(5), whole_at=NOON)

    ledger.roster.import_customers(people(3))
    ledger.roster.import_customers(people(3), whole_at=NOON, is_whole=lambda: False)

    assert len(list(ledger.roster.customers())) == 5


def test_the_lost_are_counted_by_person_and_new_ones_make_up_for_none(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    ledger.roster.import_customers(people(10), whole_at=NOON)

    ledger.roster.import_customers([*people(30)[12:], *people(6)], whole_at=NOON + timedelta(days=1))

    loss = ledger.departures.since_last_notice()
    assert (loss.before, loss.lost) == (10, 4)


def test_before_the_first_notice_a_list_that_shrank_is_counted_from_the_first_one(ledger: Ledger) -> None:
    ledger.roster.import_customers(people(10), whole_at=NOON)
    ledger.roster.import_customers(people(8), whole_at=NOON + timedelta(days=1))
    few = ledger.departures.since_last_notice()
    ledger.roster.import_customers(people(2), whole_at=NOON + timedelta(days=2))

    assert (few.before, few.lost, few.is_strange()) == (10, 2, False)
    assert few.is_strange(leaving=3)
    assert ledger.departures.since_last_notice().is_strange()


def test_a_period_is_over_by_the_companys_calendar_and_not_by_greenwich(ledger: Ledger) -> None:
    frozen(ledger, people(3))
    ledger.roster.import_customers(people(5))
    last_evening = datetime(2026, 12, 1, 20, tzinfo=UTC)  # of the day on which it takes effect; in Tokyo it is the next

    with pytest.raises(Refused, match="its period ended 2026-12-01"):
        ledger.extensions.extend(NOTICE, "Ann", last_evening.astimezone(ZoneInfo("Asia/Tokyo")))

    assert ledger.extensions.extend(NOTICE, "Ann", last_evening).told == 2


def test_a_notice_is_extended_to_those_who_joined_and_to_nobody_twice(ledger: Ledger) -> None:
    frozen(ledger, people(3))
    with pytest.raises(Refused, match="nobody in its audience has joined"):
        ledger.extensions.extend(NOTICE, "Ann", NOON)
    ledger.roster.import_customers(people(5))

    assert ledger.extensions.extend(NOTICE, "Ann", NOON).told == 2
    assert ledger.recipients.freeze(NOTICE, NOON, batch_size=2) == 5

    assert ledger.deliveries.counts(NOTICE).recipients == 5
    assert ledger.recipients.frozen() == {NOTICE: 5}
    assert ledger.extensions.joined_since(NOTICE) == 0
    assert ledger.deliveries.check_counts() == ()


def test_who_was_missing_in_the_list_for_a_day_is_said_to_be_untold_and_told(ledger: Ledger) -> None:
    """The list of one morning lacked a fifth: fewer than anybody asks about. The next one had everybody again."""
    day = timedelta(days=1)
    ledger.roster.import_customers(people(10), whole_at=NOON - 2 * day)
    ledger.roster.import_customers(people(8), whole_at=NOON)
    frozen(ledger, [])

    ledger.roster.import_customers(people(10), whole_at=NOON + day)

    assert ledger.extensions.joined(NOTICE) == Extended(told=2, later=0, unknown=0)
    ledger.roster.import_customers(people(9), whole_at=NOON - day)  # by a clock that is behind
    ledger.roster.import_customers([*people(10), Customer("new", "new@example.com")], whole_at=NOON + day)
    assert ledger.extensions.joined(NOTICE) == Extended(told=3, later=0, unknown=1)
    ledger.roster.import_customers(people(10), whole_at=NOON + day)
    assert ledger.departures.since_last_notice() == RosterLoss(f"notice {NOTICE}", before=8, lost=0)
    assert ledger.extensions.extend(NOTICE, "Ann", NOON + day).told == 2
    ledger.recipients.freeze(NOTICE, NOON + day, batch_size=2)
    assert len({one.customer_id for one in ledger.readers.all(NOTICE)}) == 10
    assert ledger.deliveries.check_counts() == ()
    assert ledger.held_rows.roster_fault() == ""


def test_who_lacked_a_tag_for_a_day_is_said_to_be_untold_and_told(ledger: Ledger) -> None:
    chat = frozenset({"chat"})
    ledger.roster.import_customers(people(4, tags=chat))
    ledger.roster.import_customers(people(1))
    frozen(ledger, [], audiences={"privacy": chat})

    ledger.roster.import_customers([*people(1, tags=chat), Customer("guest", "guest@example.com")])

    assert ledger.extensions.extend(NOTICE, "Ann", NOON) == Extended(told=1, later=0, unknown=1)
    ledger.recipients.freeze(NOTICE, NOON, batch_size=10)
    assert {one.customer_id for one in ledger.readers.all(NOTICE)} == {"c0", "c1", "c2", "c3"}
    assert ledger.extensions.joined_since(NOTICE) == 0
    assert ledger.deliveries.check_counts() == ()


def test_who_has_a_letter_and_gets_the_tag_of_another_policy_that_it_tells_of_is_told_of_that(ledger: Ledger) -> None:
    chat = frozenset({"chat"})
    ledger.roster.import_customers([*people(3), Customer("guest", "guest@example.com")])
    one, both = message("en", "privacy"), message("en", "privacy", "terms")
    letters = [one._replace(subject="One"), both._replace(subject="Both")]
    frozen(ledger, [], audiences={"privacy": frozenset[str](), "terms": chat}, messages=letters)

    ledger.roster.import_customers([*people(2, tags=chat), Customer("later", "person0@example.com", tags=chat)])

    assert ledger.extensions.extend(NOTICE, "Ann", NOON).told == 3
    ledger.recipients.freeze(NOTICE, NOON, batch_size=10)
    told = {one: list(ledger.told.of_customer(one)) for one in ("c0", "c1", "c2", "later")}
    subjects = {one: [each.messages[0]["subject"] for each in those] for one, those in told.items()}
    assert subjects == {"c0": ["One", "Both"], "c1": ["One", "Both"], "c2": ["One"], "later": ["Both"]}
    held_back = told["c0"][1].delivery or {}
    assert SHARED_ADDRESS in held_back["reason"]  # that mailbox hears of it by the one who is new there
    assert ledger.extensions.joined_since(NOTICE) == 0
    with pytest.raises(Refused, match="nobody in its audience has joined"):
        ledger.extensions.extend(NOTICE, "Ann", NOON)
    assert ledger.deliveries.check_counts() == ()


def test_who_had_it_left_and_came_back_after_another_is_not_told_of_it_twice(ledger: Ledger) -> None:
    day = timedelta(days=1)
    ledger.roster.import_customers(people(5), whole_at=NOON - 2 * day)
    frozen(ledger, [])
    ledger.roster.import_customers(people(4), whole_at=NOON)
    other = Notice("another", (posted(ledger, significant_posting("terms")),), NOON)
    everyone, deadline = {"terms": frozenset[str]()}, NOON + 2 * day
    ledger.notices.add(
        other, [message("en", "terms")], audiences=everyone, language="en", send_after=NOON, deadline=deadline
    )
    ledger.notices.start("another", NOON + day)
    ledger.recipients.freeze("another", NOON + day, batch_size=10)

    ledger.roster.import_customers(people(5), whole_at=NOON + 2 * day)

    assert ledger.extensions.joined_since(NOTICE) == 0
    assert ledger.extensions.joined_since("another") == 1


def test_nobody_who_joins_is_told_of_what_was_taken_back(ledger: Ledger) -> None:
    """Neither that a text comes which does not, nor that what they never heard of does not come."""
    kept = posted(ledger, significant_posting(day=date(2026, 10, 1)))
    frozen(ledger, people(3))
    ledger.roster.import_customers(people(5))
    assert ledger.extensions.joined_since(NOTICE) == 2

    posted(ledger, significant_posting(day=date(2026, 11, 2))._replace(restores=kept.tag))

    assert ledger.extensions.joined_since(NOTICE) == 0
    with pytest.raises(Refused, match="was taken back"):
        ledger.extensions.extend(NOTICE, "Ann", NOON)


def test_a_notice_is_not_extended_to_those_who_became_customers_after_it_was_posted(ledger: Ledger) -> None:
    frozen(ledger, people(1))
    (posted,) = {one.posted_on for one in ledger.postings.all()}
    days = {"before": posted, "after": posted + timedelta(days=1), "unsaid": None}
    ledger.roster.import_customers(Customer(one, f"{one}@x.org", since=day) for one, day in days.items())

    assert ledger.extensions.extend(NOTICE, "Ann", NOON) == Extended(told=2, later=1, unknown=1)
    ledger.recipients.freeze(NOTICE, NOON, batch_size=2)

    assert {one.customer_id for one in ledger.readers.all(NOTICE)} == {"c0", "before", "unsaid"}
    assert ledger.extensions.joined_since(NOTICE) == 0
    assert ledger.deliveries.check_counts() == ()


def test_a_notice_that_ended_before_this_copy_was_made_writes_to_nobody_more(ledger: Ledger) -> None:
    frozen(ledger, people(3))

    ledger.recovered.end(NOTICE, NoticeState.FINISHED, "Ann", NOON, "git says so")

    assert ledger.notices.get(NOTICE).state is NoticeState.FINISHED
    assert ledger.deliveries.counts(NOTICE).queued == 0
    assert ledger.notices.due(NOON) == ()
    assert NOTICE in ledger.recovered.settled()
    assert ledger.deliveries.check_counts() == ()


@pytest.mark.parametrize(("at_each", "mailboxes", "others", "is_asked"), [(5, 6, 0, True), (5, 1, 19, True),
    (5, 2, 40, False), (4, 8, 0, False)])  # fmt: skip
def test_a_column_that_was_filled_down_from_each_row_that_has_one_is_asked_about(
    ledger: Ledger, at_each: int, mailboxes: int, others: int, is_asked: bool
) -> None:
    """Of six mailboxes with a sixth of all customers each none is a crowd by itself; together they are everybody."""
    shared = [Customer(f"{box}-{n}", f"box{box}@example.com") for box in range(mailboxes) for n in range(at_each)]
    ledger.roster.import_customers([*shared, *people(others)])

    assert bool(ledger.departures.crowd()) is is_asked
    if mailboxes == 6:
        assert ledger.departures.crowd().startswith("30 of 30 customers have one of 6 addresses, 5 and more at each,")

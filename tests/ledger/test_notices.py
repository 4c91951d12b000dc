"""Notices: added whole, moved only as allowed, and never other than what was frozen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import pytest
import sqlalchemy as sa

from notifier.errors import LedgerError, Refused
from notifier.ledger import Ledger
from notifier.ledger.schema import message as message_table
from notifier.ledger.types import NoticeCounts
from notifier.notice.delivery import NoticeState
from notifier.notice.message import Message, Notice
from notifier.policy.timeline import Telling
from tests.scenes import NOON, NOTICE, announced, frozen, message, people, posted, significant_posting


def test_a_notice_is_read_back_with_its_postings_and_messages(ledger: Ledger) -> None:
    announced(ledger, messages=[message("en"), message("de")])

    notice = ledger.notices.get(NOTICE)

    assert notice.state is NoticeState.SCHEDULED
    assert notice.policies == ("privacy",)
    assert notice.tags == ("posted/privacy/2026-11-01",)
    assert notice.effective_on == significant_posting().effective_on
    assert ledger.notices.messages(NOTICE) == (message("en"), message("de"))
    assert ledger.postings.facts()[notice.tags[0]].telling is Telling.WAITING


def test_a_notice_without_a_message_that_everybody_could_get_is_not_added(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="needs a message in en"):
        announced(ledger, messages=[message("de")])

    assert ledger.notices.all() == ()


def test_the_same_posting_is_never_announced_twice(ledger: Ledger) -> None:
    announced(ledger)

    with pytest.raises(LedgerError, match="announced already"):
        _add_again(ledger, "second")

    assert [notice.notice_id for notice in ledger.notices.all()] == [NOTICE]


def test_a_taken_id_is_counted_up(ledger: Ledger) -> None:
    assert ledger.notices.next_id(NOTICE) == NOTICE
    announced(ledger)
    assert ledger.notices.next_id(NOTICE) == f"{NOTICE}-2"


def test_a_notice_takes_the_place_of_one_that_was_overtaken_at_once_or_not_at_all(ledger: Ledger) -> None:
    announced(ledger, audiences={"privacy": frozenset(), "terms": frozenset()})
    later = posted(ledger, significant_posting()._replace(tag="posted/privacy/2026-11-02"))
    terms = significant_posting("terms")
    successor = Notice("second", (later, terms), NOON)
    replacing = {"replaces": [NOTICE], "settles": [significant_posting().tag]}
    with pytest.raises(LedgerError, match="needs a message"):
        _add(ledger, successor, message("de"), **replacing)
    assert ledger.notices.get(NOTICE).state is NoticeState.SCHEDULED

    _add(ledger, successor, message("en", "privacy", "terms"), **replacing)

    assert ledger.notices.get(NOTICE).state is NoticeState.CANCELLED
    facts = ledger.postings.facts()
    telling = [facts[tag].telling for tag in (significant_posting().tag, later.tag, terms.tag)]
    assert telling == [Telling.NOT_NEEDED, Telling.WAITING, Telling.WAITING]


def test_a_notice_that_has_begun_to_go_out_is_never_replaced(ledger: Ledger) -> None:
    announced(ledger)
    ledger.notices.start(NOTICE, NOON)

    with pytest.raises(Refused, match="reached somebody"):
        ledger.notices.withdraw([NOTICE], [significant_posting().tag], NOON)

    assert ledger.postings.facts()[significant_posting().tag].telling is Telling.TOLD


def test_a_message_that_was_changed_after_freezing_is_not_sent(ledger: Ledger) -> None:
    announced(ledger)
    with ledger.database.write() as connection:
        connection.execute(sa.update(message_table).values(text="Something else"))

    with pytest.raises(LedgerError, match="not what was frozen"):
        ledger.notices.messages(NOTICE)


def test_a_notice_that_needs_approval_waits_for_it(ledger: Ledger) -> None:
    announced(ledger, state=NoticeState.AWAITING_APPROVAL)
    assert ledger.notices.due(NOON) == ()

    ledger.notices.approve(NOTICE, "anna", NOON)

    assert ledger.notices.due(NOON) == (NOTICE,)
    assert ledger.notices.get(NOTICE).approved_by == "anna"
    with pytest.raises(Refused, match="can be approved only while awaiting_approval"):
        ledger.notices.approve(NOTICE, "ben", NOON)


def test_a_notice_on_hold_hours_is_not_due_before_they_are_over(ledger: Ledger) -> None:
    announced(ledger, send_after=NOON + timedelta(hours=2))

    assert not ledger.notices.start(NOTICE, NOON)
    assert ledger.notices.start(NOTICE, NOON + timedelta(hours=2))


def test_a_held_notice_gives_out_nothing_until_resumed(ledger: Ledger) -> None:
    frozen(ledger, people(3))
    ledger.notices.hold(NOTICE, "anna", NOON, "wrong link")
    assert ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1) == ()
    assert ledger.notices.get(NOTICE).why == "wrong link"

    ledger.notices.resume(NOTICE, "anna", NOON)

    assert len(ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)) == 1
    with pytest.raises(Refused, match="not held"):
        ledger.notices.resume(NOTICE, "anna", NOON)


def test_a_cancelled_notice_leaves_exact_counts(ledger: Ledger) -> None:
    frozen(ledger, people(25))
    done, under_way = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=2)
    ledger.attempts.record_accepted(done, NOON)

    assert ledger.notices.cancel(NOTICE, "anna", NOON) == 5
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=25, accepted=10, queued=10, cancelled=5)

    ledger.attempts.record_not_sent(under_way, NOON, "refused", not_before=NOON)
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=25, accepted=10, cancelled=15)
    assert ledger.deliveries.check_counts() == ()
    with pytest.raises(Refused, match="cancelled already"):
        ledger.notices.cancel(NOTICE, "anna", NOON)


def test_every_move_of_a_notice_is_on_the_audit_trail(ledger: Ledger) -> None:
    announced(ledger, people(1), state=NoticeState.AWAITING_APPROVAL)
    ledger.notices.approve(NOTICE, "anna", NOON)
    ledger.notices.start(NOTICE, NOON)
    ledger.recipients.freeze(NOTICE, NOON, batch_size=10)
    ledger.notices.hold(NOTICE, "ben", NOON, "a typo")
    ledger.notices.resume(NOTICE, "ben", NOON)
    ledger.notices.cancel(NOTICE, "anna", NOON)

    trail = [(entry.who, entry.what) for entry in ledger.audit.entries(NOTICE)]

    assert trail == [
        ("notifier", "added"),
        ("anna", "approved"),
        ("notifier", "sending started"),
        ("notifier", "recipients frozen"),
        ("ben", "held"),
        ("ben", "resumed"),
        ("anna", "cancelled"),
    ]


def test_a_notice_is_finished_only_when_nothing_is_open(ledger: Ledger) -> None:
    frozen(ledger, people(3))
    assert not ledger.notices.finish(NOTICE, NOON)

    claim = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)[0]
    ledger.attempts.record_in_doubt(claim, NOON, "no answer")
    assert not ledger.notices.finish(NOTICE, NOON)

    assert ledger.in_doubt.settle(NOTICE, "anna", NOON, were_accepted=True, because="asked the provider") == 3
    assert ledger.notices.finish(NOTICE, NOON)
    assert ledger.notices.get(NOTICE).state is NoticeState.FINISHED


def test_an_unknown_notice_is_refused_by_name(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="no notice 'nothing'"):
        ledger.deliveries.counts("nothing")


def test_a_notice_is_overdue_once_its_deadline_lies_behind_it(ledger: Ledger) -> None:
    announced(ledger)
    notice = ledger.notices.get(NOTICE)

    assert not notice.is_overdue(notice.deadline)
    assert notice.is_overdue(notice.deadline + timedelta(seconds=1))


def _add_again(ledger: Ledger, notice_id: str) -> None:
    _add(ledger, Notice(notice_id, (posted(ledger),), NOON), message())


def _add(ledger: Ledger, added: Notice, one: Message, **replacing: Collection[str]) -> None:
    ledger.notices.add(
        added,
        [one],
        audiences={posting.policy_id: frozenset() for posting in added.postings},
        language="en",
        send_after=NOON,
        deadline=NOON,
        replaces=replacing.get("replaces", ()),
        settles=replacing.get("settles", ()),
    )

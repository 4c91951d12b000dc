"""Freezing: everybody in the audience exactly once, in their language, whatever happens meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.errors import LedgerError
from notifier.ledger import Ledger
from notifier.ledger.by_set import cut_batches
from notifier.ledger.by_set.departures import Leaving
from notifier.ledger.schema import delivery
from notifier.ledger.schema import message as message_table
from notifier.ledger.types import NoticeCounts
from notifier.notice.delivery import Customer, SuppressionReason, language_for, message_for, policies_for
from tests.cluster.processes import until
from tests.databases import empty_database
from tests.ledger.test_other_hands import by_hand
from tests.scenes import NOON, NOTICE, announced, frozen, message, people

PAID = frozenset({"paid"})
AUDIENCES = {"privacy": frozenset[str](), "dpa": PAID}
BETWEEN_CHUNKS = (
    "UPDATE reader_group SET message_no = NULL",
    "UPDATE reader_group SET message_no = 1",
    "UPDATE delivery SET email = 'x@evil.example' WHERE seq = 7",
    "UPDATE delivery SET status = 'suppressed', reason = 'manual' WHERE seq = 7",
    "DELETE FROM delivery WHERE seq = 10",
    "DELETE FROM delivery",
)
MESSAGES = (
    message("en", "dpa", "privacy"),
    message("en", "privacy"),
    message("de", "dpa", "privacy"),
    message("de", "privacy"),
)


def test_each_reader_gets_their_language_and_the_policies_that_concern_them(ledger: Ledger) -> None:
    roster = [
        Customer("en-paid", "1@x.org", language="en", tags=PAID),
        Customer("de-free", "2@x.org", language="de-CH"),
        Customer("fr-free", "3@x.org", language="fr"),
        Customer("de-paid", "4@x.org", language="de", tags=PAID | {"eu"}),
    ]
    frozen(ledger, roster, messages=MESSAGES, audiences=AUDIENCES)

    assert _messages_of(ledger) == {
        "en-paid": ("en", '["dpa", "privacy"]'),
        "de-free": ("de", '["privacy"]'),
        "fr-free": ("en", '["privacy"]'),
        "de-paid": ("de", '["dpa", "privacy"]'),
    }


def test_whoever_is_in_no_audience_is_not_frozen(ledger: Ledger) -> None:
    roster = [Customer("paid", "1@x.org", tags=PAID), Customer("free", "2@x.org")]
    frozen(ledger, roster, audiences={"dpa": PAID})

    assert list(_messages_of(ledger)) == ["paid"]


def test_a_suppressed_recipient_is_frozen_with_the_reason(ledger: Ledger) -> None:
    ledger.roster.suppress("PERSON1@example.com", SuppressionReason.MANUAL, NOON)
    frozen(ledger, people(3))

    (left_out,) = ledger.readers.all(NOTICE, only_missed=True)

    assert (left_out.customer_id, left_out.reason) == ("c1", "manual")
    assert ledger.deliveries.counts(NOTICE).recipients == 3
    assert ledger.deliveries.counts(NOTICE).suppressed == 1


@pytest.mark.parametrize("reason", [SuppressionReason.HARD_BOUNCE, SuppressionReason.COMPLAINT])
def test_bounces_and_complaints_do_not_keep_a_mandatory_notice_from_anybody(
    ledger: Ledger, reason: SuppressionReason
) -> None:
    ledger.roster.suppress("person1@example.com", reason, NOON)
    frozen(ledger, people(3))

    assert ledger.deliveries.counts(NOTICE).queued == 3


def test_an_address_that_two_customers_share_is_written_to_once(ledger: Ledger) -> None:
    ledger.roster.import_customers(people(2))
    ledger.roster.import_customers([Customer("c1", "Person0@Example.com", language="en")])
    frozen(ledger, [])

    (left_out,) = ledger.readers.all(NOTICE, only_missed=True)

    assert left_out.customer_id == "c1"
    assert "same address" in str(left_out.reason)
    assert ledger.deliveries.counts(NOTICE).queued == 1


def test_a_shared_address_counts_only_where_the_other_is_a_recipient_too(ledger: Ledger) -> None:
    ledger.roster.import_customers([Customer("free", "a@x.org"), Customer("paid", "b@x.org", tags=PAID)])
    ledger.roster.import_customers([Customer("paid", "a@x.org", tags=PAID)])
    frozen(ledger, [], audiences={"dpa": PAID})

    assert ledger.deliveries.counts(NOTICE).queued == 1


def test_one_letter_to_a_mailbox_covers_what_concerns_any_of_its_accounts(ledger: Ledger) -> None:
    roster = [
        Customer("free", "a@x.org"),
        Customer("paid", "a@x.org", tags=PAID),
        Customer("more", "a@x.org", tags=PAID),
    ]
    both = [message("en", "dpa", "privacy"), message("en", "privacy")]
    frozen(ledger, roster, messages=both, audiences={"dpa": PAID, "privacy": frozenset()})

    (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=5)
    ledger.attempts.record_accepted(claim, NOON)

    assert (claim.message_no, len(claim.recipients)) == (0, 1)
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=3, accepted=1, suppressed=2)
    assert {policies for _, policies in _messages_of(ledger).values()} == {'["dpa", "privacy"]'}
    (fate,) = ledger.deliveries.of_customer("more")
    assert (fate.reason, fate.accepted_at) == ("another recipient of this notice has the same address: accepted", NOON)
    assert ledger.deliveries.unreached(NOTICE) == 0
    assert ledger.deliveries.check_counts() == ()


def test_a_mailbox_that_reads_two_languages_and_two_policies_hears_of_both_in_one_letter(ledger: Ledger) -> None:
    roster = [Customer("free", "a@x.org", language="en"), Customer("paid", "a@x.org", language="de", tags=PAID)]
    variants = [message(language, *told) for language in ("en", "de") for told in (("privacy",), ("dpa", "privacy"))]
    frozen(ledger, roster, messages=variants, audiences={"dpa": PAID, "privacy": frozenset()})

    assert _messages_of(ledger) == dict.fromkeys(("free", "paid"), ("en", '["dpa", "privacy"]'))
    assert [one.customer_id for one in ledger.readers.all(NOTICE, only_missed=True)] == ["paid"]
    assert ledger.deliveries.counts(NOTICE).queued == 1


def test_an_account_that_joins_a_mailbox_later_gets_a_letter_for_what_it_has_not_heard(ledger: Ledger) -> None:
    variants = [message("en", "dpa", "privacy"), message("en", "privacy")]
    frozen(ledger, [Customer("free", "a@x.org")], messages=variants, audiences={"dpa": PAID, "privacy": frozenset()})
    ledger.roster.import_customers([Customer("same", "a@x.org"), Customer("paid", "a@x.org", tags=PAID)])

    assert ledger.extensions.extend(NOTICE, "Ann", NOON).told == 2
    ledger.recipients.freeze(NOTICE, NOON, batch_size=10)

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=3, queued=2, suppressed=1)
    assert [one.customer_id for one in ledger.readers.all(NOTICE, only_missed=True)] == ["same"]


def test_who_is_told_of_nothing_keeps_nobody_at_the_same_mailbox_from_a_letter(ledger: Ledger) -> None:
    frozen(ledger, [Customer("other", "b@x.org")])
    late, old = date(2040, 1, 1), date(2020, 1, 1)
    ledger.roster.import_customers([Customer("new", "a@x.org", since=late), Customer("old", "a@x.org", since=old)])

    ledger.extensions.extend(NOTICE, "Ann", NOON)
    ledger.recipients.freeze(NOTICE, NOON, batch_size=10)

    assert ledger.deliveries.counts(NOTICE).queued == 2
    assert {"other", "old"} == set(_messages_of(ledger))


def test_freezing_again_changes_nothing(ledger: Ledger) -> None:
    frozen(ledger, people(25))
    before = _messages_of(ledger)
    ledger.roster.import_customers(people(30))

    assert ledger.recipients.freeze(NOTICE, NOON, batch_size=10) == 25
    assert _messages_of(ledger) == before


def test_batches_hold_one_message_each_and_no_more_than_their_size(ledger: Ledger) -> None:
    roster = [Customer(str(n), f"{n}@x.org", language="de" if n % 3 else "en") for n in range(50)]
    frozen(ledger, roster, messages=[message("en"), message("de")], batch_size=7)

    claims = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=100)

    assert max(len(claim.recipients) for claim in claims) == 7
    assert sum(len(claim.recipients) for claim in claims) == 50
    assert len(claims) == 3 + 5


def test_the_sender_sees_nothing_before_everybody_is_frozen(ledger: Ledger) -> None:
    announced(ledger, people(10))
    ledger.notices.start(NOTICE, NOON)
    ledger.recipients._freeze_chunk(NOTICE, 4, 0)

    assert ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1) == ()
    assert ledger.recipients.freeze(NOTICE, NOON, batch_size=5) == 10


def test_a_notice_that_is_not_being_sent_freezes_nobody(ledger: Ledger) -> None:
    announced(ledger, people(3))

    with pytest.raises(LedgerError, match="is scheduled"):
        ledger.recipients.freeze(NOTICE, NOON, batch_size=5)


def test_delivery_keys_say_nothing_and_are_all_different(ledger: Ledger) -> None:
    frozen(ledger, people(500))
    with ledger.database.read() as connection:
        keys = list(connection.execute(sa.select(delivery.c.delivery_key)).scalars())

    assert len(set(keys)) == 500
    assert {len(key) for key in keys} == {22}


@settings(max_examples=25, deadline=None)
@given(
    languages=st.lists(st.sampled_from(["en", "de", "de-AT", "fr", ""]), max_size=30),
    paid=st.sets(st.integers(0, 29)),
    chunk=st.integers(1, 12),
    batch_size=st.integers(1, 9),
)
def test_everybody_in_the_audience_is_frozen_exactly_once(
    sqlite_template: Path, languages: list[str], paid: set[int], chunk: int, batch_size: int
) -> None:
    roster = [
        Customer(str(n), f"{n}@x.org", language=code, tags=PAID if n in paid else frozenset())
        for n, code in enumerate(languages)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        path.write_bytes(sqlite_template.read_bytes())
        with Ledger.open(f"sqlite:///{path}") as ledger:
            announced(ledger, roster, messages=MESSAGES, audiences=AUDIENCES)
            ledger.notices.start(NOTICE, NOON)
            ledger.recipients.freeze(NOTICE, NOON, batch_size=batch_size, chunk=chunk)
            claims = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1000)

            written_to = Counter(email for claim in claims for _, _, email, _ in claim.recipients)
            assert written_to == Counter(customer.email for customer in roster)
            assert ledger.deliveries.check_counts() == ()


@pytest.mark.processes
def test_a_run_killed_while_freezing_begins_again_and_nobody_is_in_it_twice(ledger_url: str) -> None:
    with Ledger.open(ledger_url) as ledger:
        announced(ledger, people(300))
        ledger.notices.start(NOTICE, NOON)
    program = (
        "import os, signal, sys\nfrom datetime import UTC, datetime\nfrom notifier.ledger import Ledger\n"
        "def tell(done):\n    if done >= 120: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"Ledger.open({ledger_url!r}).recipients.freeze({NOTICE!r}, datetime.now(UTC),"
        " batch_size=10, on_progress=tell, chunk=40)"
    )
    killed = subprocess.run([sys.executable, "-c", program], check=False, env=os.environ)
    assert killed.returncode == -signal.SIGKILL

    with Ledger.open(ledger_url) as ledger:
        assert ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1) == ()
        assert ledger.recipients.freeze(NOTICE, NOON, batch_size=10, chunk=40) == 300
        assert ledger.deliveries.check_counts() == ()


def test_what_another_hand_writes_while_recipients_are_frozen_leaves_nobody_out(ledger: Ledger) -> None:
    announced(ledger, people(30), messages=[message("en"), message("de")])
    ledger.notices.start(NOTICE, NOON)
    for statement in BETWEEN_CHUNKS:
        ledger.recipients._freeze_chunk(NOTICE, 10, 0)  # and is killed
        by_hand(ledger, statement)
        assert ledger.recipients.freeze(NOTICE, NOON, batch_size=10, chunk=10) == 30, statement
        assert _messages_of(ledger) == {f"c{n}": ("en", '["privacy"]') for n in range(30)}, statement
        assert ledger.deliveries.check_counts() == (), statement
        again = "UPDATE notice SET frozen_at = NULL, frozen_up_to = 0, roster_size = NULL"
        for each in (again, "DELETE FROM batch", "DELETE FROM delivery", "UPDATE message SET recipients = 0"):
            by_hand(ledger, each)

    edits = iter((BETWEEN_CHUNKS[0], "UPDATE notice SET frozen_up_to = 30"))
    with pytest.raises(LedgerError, match="another hand set frozen_up_to"):
        ledger.recipients.freeze(
            NOTICE, NOON, batch_size=10, chunk=10, on_progress=lambda _: by_hand(ledger, next(edits))
        )


@pytest.mark.postgresql
def test_a_machine_that_was_cut_off_while_freezing_and_the_next_one_leave_nobody_out(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its connection it lost the lock, and goes on with another one while the next machine begins again."""
    empty_database(postgres_url)
    goes_on, sizes_of = Event(), cut_batches.sizes_of
    with Ledger.open(postgres_url) as ledger, ThreadPoolExecutor(1) as cut_off:
        announced(ledger, people(30))
        ledger.notices.start(NOTICE, NOON)
        freeze = partial(ledger.recipients.freeze, NOTICE, NOON, batch_size=10)
        first = cut_off.submit(freeze, on_progress=lambda _: goes_on.wait(30) and None)
        until(lambda: sum(ledger.recipients.frozen().values()) == 30)

        def while_it_looks(connection: sa.Connection, number: int) -> dict[int, int]:
            if not goes_on.is_set():
                goes_on.set()
                wait([first], timeout=1)
            return sizes_of(connection, number)

        monkeypatch.setattr(cut_batches, "sizes_of", while_it_looks)
        assert freeze() == 30
        assert first.exception() is None or isinstance(first.exception(), LedgerError)
        assert ledger.deliveries.check_counts() == ()
        assert len(_messages_of(ledger)) == 30


def test_an_extension_that_was_killed_while_freezing_begins_again_after_those_who_were_told(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    ledger.roster.import_customers(people(30))
    ledger.extensions.extend(NOTICE, "Ana", NOON)
    ledger.recipients._freeze_chunk(NOTICE, 10, 10)  # and is killed
    by_hand(ledger, "DELETE FROM delivery WHERE seq > 10")

    assert ledger.recipients.freeze(NOTICE, NOON, batch_size=10, chunk=10) == 30
    assert ledger.deliveries.check_counts() == ()


def test_an_extension_that_was_killed_leaves_nobody_out_where_who_was_told_is_back_with_a_later_number(
    ledger: Ledger,
) -> None:
    frozen(ledger, people(10))
    ledger.roster.import_customers(people(10)[1:], whole_at=NOON, whose=Leaving.ANYBODY)
    ledger.roster.import_customers(people(30)[1:], whole_at=NOON)
    ledger.roster.import_customers(people(30), whole_at=NOON)
    ledger.extensions.extend(NOTICE, "Ana", NOON)
    ledger.recipients._freeze_chunk(NOTICE, 10, 10)  # and is killed

    assert ledger.recipients.freeze(NOTICE, NOON, batch_size=10, chunk=10) == 30
    assert ledger.deliveries.check_counts() == ()


def test_a_language_falls_back_to_its_base_and_then_to_the_controlling_one() -> None:
    assert language_for("de-AT", ["en", "de"], "en") == "de"
    assert language_for("DE_ch", ["en", "de"], "en") == "de"
    assert language_for("pt-BR", ["en", "pt-BR", "pt"], "en") == "pt-BR"
    assert language_for("", ["en", "de"], "en") == "en"


def test_an_empty_audience_is_everyone() -> None:
    assert policies_for(frozenset(), AUDIENCES) == ("privacy",)
    assert policies_for(PAID, AUDIENCES) == ("dpa", "privacy")
    assert policies_for(frozenset(tag.upper() for tag in PAID), AUDIENCES) == ("dpa", "privacy")


def test_whoever_joins_between_composing_and_freezing_gets_a_message_that_covers_their_policies() -> None:
    only_together = (message("en", "dpa", "privacy"), message("de", "privacy"))

    assert message_for("en", frozenset(), only_together, AUDIENCES, "en") == 0
    assert message_for("de", PAID, only_together, AUDIENCES, "en") == 0
    assert message_for("de", frozenset(), only_together, AUDIENCES, "en") == 1


def _messages_of(ledger: Ledger) -> dict[str, tuple[str, str]]:
    """customer id → (language, policies) of the message they get."""
    joined = sa.and_(
        message_table.c.notice_no == delivery.c.notice_no, message_table.c.message_no == delivery.c.message_no
    )
    query = sa.select(delivery.c.customer_id, message_table.c.language, message_table.c.policies).join(
        message_table, joined
    )
    with ledger.database.read() as connection:
        return {row.customer_id: (row.language, row.policies) for row in connection.execute(query)}

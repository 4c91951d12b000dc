"""A batch's row is gone from the ledger, by whosever hand: nobody says that its people were told."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from notifier.alarms import AlarmCode
from notifier.config import load
from notifier.ledger import Ledger
from notifier.ledger.schema import batch
from notifier.notice.delivery import NoticeState
from notifier.usecases.alarms import notice_alarms
from notifier.usecases.deliver import deliver
from tests.acceptance.stage import CONFIG
from tests.mailers import MemoryMailer
from tests.scenes import NOON, NOTICE, RULES, Clock, frozen, people


def test_a_notice_that_had_ended_before_the_row_went_is_an_alarm_too(ledger: Ledger, tmp_path: Path) -> None:
    frozen(ledger, people(30))
    deliver(ledger, MemoryMailer(batch_size=10), RULES, Clock().environment())
    with ledger.database.write() as connection:
        connection.execute(sa.delete(batch).where(batch.c.batch_no == 3))
    (tmp_path / "config.toml").write_text(CONFIG)
    config = load(tmp_path / "config.toml")

    found = [one.text for one in notice_alarms(config, ledger, NOON) if one.code is AlarmCode.COUNTS_DIFFER]

    assert found == [f"notice {NOTICE} has ended, and 10 of its recipients are in no batch: nobody told them"]


def test_who_is_in_no_batch_any_more_is_still_to_be_told_and_the_notice_does_not_end(ledger: Ledger) -> None:
    frozen(ledger, people(30))
    with ledger.database.write() as connection:
        connection.execute(sa.delete(batch).where(batch.c.batch_no == 3))
    mailer = MemoryMailer(batch_size=10)

    deliver(ledger, mailer, RULES, Clock().environment())

    counts = ledger.deliveries.counts(NOTICE)
    assert (mailer.accepted.total(), counts.accepted, counts.queued) == (20, 20, 10)
    assert ledger.notices.get(NOTICE).state is NoticeState.SENDING
    assert f"notice {NOTICE}: batches hold 20 deliveries of 30" in ledger.deliveries.check_counts(unfinished_only=True)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE batch SET state = 'accepted' WHERE batch_no = 3",
        "UPDATE delivery SET status = 'delivered' WHERE seq = 25",
        "UPDATE batch SET state = 'cancelled' WHERE batch_no = 3",
        "UPDATE delivery SET status = 'cancelled' WHERE seq = 25",
        "DELETE FROM delivery WHERE seq > 20",  # held, for nobody is left of a batch who could be held to the journal
    ],
)
def test_who_was_told_by_another_hand_alone_keeps_the_notice_from_ending(ledger: Ledger, harm: str) -> None:
    frozen(ledger, people(30))
    (first,) = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)
    ledger.attempts.record_accepted(first, NOON)
    with ledger.database.bare() as connection:
        connection.exec_driver_sql(harm)

    for _ in range(2):
        deliver(ledger, MemoryMailer(batch_size=10), RULES, Clock().environment())

    is_held = harm.startswith("DELETE")
    assert ledger.notices.get(NOTICE).state is (NoticeState.HELD if is_held else NoticeState.SENDING)
    assert ledger.deliveries.check_counts(unfinished_only=True)

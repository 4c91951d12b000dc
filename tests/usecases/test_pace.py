"""How fast a notice goes out, and when the rest will have: only said while anything leaves."""

from __future__ import annotations

from datetime import timedelta

from notifier.ledger import Ledger
from notifier.usecases.status import notice_standings
from tests.scenes import NOON, frozen, people


def test_while_nothing_leaves_nobody_is_told_when_the_rest_will(ledger: Ledger) -> None:
    notice_id = frozen(ledger, people(40))
    sent_at = NOON + timedelta(seconds=5)
    (claim,) = ledger.batches.claim(notice_id, sent_at, mailer="memory", limit=1)
    ledger.attempts.record_accepted(claim, sent_at)

    (going,) = notice_standings(ledger, NOON + timedelta(seconds=10))
    (stopped,) = notice_standings(ledger, NOON + timedelta(minutes=10))

    assert (going.speed, going.seconds_left) == (1.0, 30.0)
    assert (stopped.speed, stopped.seconds_left, stopped.counts.queued) == (None, None, 30)

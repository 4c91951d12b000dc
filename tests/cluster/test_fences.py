"""A claim is a number: who comes with an old one writes down what became of the attempt, and moves nothing else."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from notifier.errors import Busy, LedgerError
from notifier.ledger import Ledger
from notifier.ledger.cluster import locks
from notifier.ledger.schema import attempt, batch
from notifier.ledger.sending.batches import Tenure
from notifier.ledger.states import BatchState
from notifier.ledger.types import Claim, NoticeCounts
from notifier.notice.delivery import NoticeState
from tests import databases
from tests.processes import let_leases_end
from tests.scenes import NOON, NOTICE, frozen, people

WORKER = Tenure("one:1", timedelta(minutes=5))


@pytest.fixture
def ledger(postgres_url: str) -> Iterator[Ledger]:
    databases.empty_database(postgres_url)
    with Ledger.open(postgres_url) as opened:
        yield opened


def claim(ledger: Ledger) -> Claim:
    return ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1, tenure=WORKER)[0]


def overtaken(ledger: Ledger) -> tuple[Claim, Claim]:
    """Of one batch: the claim of a worker that slept past its lease, and the claim of who was given it again."""
    frozen(ledger, people(10))
    old = claim(ledger)
    let_leases_end(ledger)
    assert ledger.in_doubt.mark_unfinished(NOON) == 1
    (doubtful,) = ledger.in_doubt.batches()
    ledger.in_doubt.resend(doubtful, NOON, who="notifier", why="policy")
    return old, claim(ledger)


def test_a_claim_whose_lease_runs_is_left_alone(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    claim(ledger)

    assert ledger.in_doubt.mark_unfinished(NOON) == 0
    assert ledger.in_doubt.batches() == ()


def test_a_lease_that_has_ended_leaves_doubt_and_nobody_gets_the_batch_before_that_is_settled(
    ledger: Ledger,
) -> None:
    frozen(ledger, people(10))
    claim(ledger)
    let_leases_end(ledger)

    assert ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1, tenure=WORKER) == ()
    ledger.in_doubt.mark_unfinished(NOON)
    assert ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1, tenure=WORKER) == ()
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=10, in_doubt=10)


def test_a_slow_worker_still_settles_what_nobody_has_taken_since(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    slow = claim(ledger)
    let_leases_end(ledger)
    ledger.in_doubt.mark_unfinished(NOON)

    ledger.attempts.record_accepted(slow, NOON)

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=10, accepted=10)


LATE = ("accepted", "not sent", "in doubt", "rejected", "refused", "too large", "nothing left")


@pytest.mark.parametrize("late", LATE)
def test_what_an_overtaken_worker_says_stands_on_its_attempt_and_moves_nothing(ledger: Ledger, late: str) -> None:
    old, new = overtaken(ledger)
    before = ledger.deliveries.counts(NOTICE)

    _say(ledger, old, late)

    with ledger.database.read() as connection:
        row = connection.execute(sa.select(batch)).one()
        outcome = connection.execute(
            sa.select(attempt.c.outcome).where(attempt.c.attempt_id == old.attempt_id)
        ).scalar()
    assert (row.state, row.fence, row.owner) == (BatchState.SENDING, new.fence, "one:1")
    assert ledger.deliveries.counts(NOTICE) == before
    assert outcome != "intent"
    ledger.attempts.record_accepted(new, NOON)
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=10, accepted=10, possible_duplicates=10)


def test_what_is_known_as_taken_is_not_sent_again_though_somebody_raised_its_fence_by_hand(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    mine = claim(ledger)
    with ledger.database.write() as connection:
        connection.execute(sa.update(batch).values(fence=batch.c.fence + 5))
    ledger.attempts.record_accepted(mine, NOON)
    let_leases_end(ledger)

    assert ledger.in_doubt.mark_unfinished(NOON) == 1

    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=10, accepted=10)


def _say(ledger: Ledger, old: Claim, late: str) -> None:
    attempts = ledger.attempts
    says = {
        "accepted": lambda: attempts.record_accepted(old, NOON),
        "not sent": lambda: attempts.record_not_sent(old, NOON, "reset", not_before=NOON),
        "in doubt": lambda: attempts.record_in_doubt(old, NOON, "timeout"),
        "rejected": lambda: attempts.record_rejected_items(old, NOON, "bad", [0]),
        "refused": lambda: attempts.record_refused(old, NOON, "no", not_before=NOON),
        "too large": lambda: attempts.record_rejected_request(old, NOON, "too large", True),
        "nothing left": lambda: attempts.take_back(old, NOON),
    }
    says[late]()


def test_eight_who_claim_at_once_never_get_the_same_batch(ledger: Ledger) -> None:
    frozen(ledger, people(2_000))
    taken: Counter[int] = Counter()
    lock = threading.Lock()

    def work() -> None:
        while claims := ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=2, tenure=WORKER):
            for one in claims:
                ledger.attempts.record_accepted(one, NOON)
            with lock:
                taken.update(one.batch_no for one in claims)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert taken == Counter(range(1, 201))
    assert ledger.deliveries.counts(NOTICE) == NoticeCounts(recipients=2_000, accepted=2_000)
    assert ledger.journal.tail_fault() == ""


def test_of_many_who_ask_at_once_one_gets_the_first_batch(ledger: Ledger) -> None:
    frozen(ledger, people(100))
    found: list[Claim] = []

    def ask() -> None:
        found.extend(ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1, tenure=WORKER, is_canary=True))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(found) == 1


def test_who_cancels_while_others_claim_cancels_nobody_who_is_being_written_to(ledger: Ledger) -> None:
    frozen(ledger, people(1_000))
    sent: set[str] = set()

    def work() -> None:
        while claims := ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1, tenure=WORKER):
            sent.update(key for _, key, *_ in claims[0].recipients)
            ledger.attempts.record_accepted(claims[0], NOON)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    time.sleep(0.1)
    spared = ledger.notices.cancel(NOTICE, "anna", NOON)
    for one in threads:
        one.join()

    counts = ledger.deliveries.counts(NOTICE)
    assert (counts.accepted, counts.cancelled) == (len(sent), spared)
    assert counts.accepted + counts.cancelled == 1_000
    assert ledger.notices.get(NOTICE).state is NoticeState.CANCELLED
    assert ledger.deliveries.check_counts() == ()


def test_what_was_held_between_claim_and_first_byte_may_not_leave(ledger: Ledger) -> None:
    frozen(ledger, people(10))
    one = claim(ledger)
    assert ledger.batches.holds(one, 60)
    assert not ledger.batches.holds(one, 600), "its lease would end while the request is under way"

    ledger.notices.hold(NOTICE, "anna", NOON)

    assert not ledger.batches.holds(one, 60)


def test_one_bucket_for_all_whose_clocks_are_the_databases(postgres_url: str, ledger: Ledger) -> None:
    """Twelve ask at once for ten a second each; in the first moment one second's worth is given out, and no more."""
    with Ledger.open(postgres_url) as other:
        waits: list[float] = []

        def ask(who: Ledger) -> None:
            waits.append(who.rate_limits.take("memory", 5, who.now(), per_second=10, burst=10))

        threads = [threading.Thread(target=ask, args=(who,)) for who in (ledger, other) * 6]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert sum(wait == 0 for wait in waits) <= 3


def test_the_lock_of_a_machine_that_says_nothing_is_freed_and_it_is_told_so(
    postgres_url: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of one that is stopped in the middle of a run: the network still says that it is there."""
    monkeypatch.setattr(locks, "SILENT_S", 1.5)
    with Ledger.open(postgres_url) as other:
        monkeypatch.setattr(locks, "SPEAK_EVERY_S", 0.2)
        with ledger.run_lock():
            time.sleep(2)
            ledger.check_run_lock()
            with pytest.raises(Busy):
                other.run_lock().__enter__()
        monkeypatch.setattr(locks, "SPEAK_EVERY_S", 60.0)
        with ledger.run_lock():
            time.sleep(2)
            with other.run_lock(), pytest.raises(LedgerError):
                ledger.check_run_lock()
